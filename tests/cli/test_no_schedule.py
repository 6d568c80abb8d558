"""``solve`` and ``diagnose`` where no schedule exists."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from scheduler.audit.audit import audit
from scheduler.cli.words import tell_giving, tell_nothing_found
from scheduler.engine.outcome import Outcome, Status
from scheduler.input.load import load_program
from scheduler.problem.problem import Problem
from scheduler.schedule.schedule import Schedule
from tests.cli.command import TINY, change, copy_tiny, one_more_icu_team, scheduler
from tests.cli.conftest import Run


def test_impossible_program_is_explained_in_numbers(tmp_path: Path) -> None:
    """Exit 1, the shortage counted, the rule that gives named, and -o untouched."""
    program, mine = copy_tiny(tmp_path), tmp_path / "mine.xlsx"
    one_more_icu_team(program)
    mine.write_bytes(b"mine")
    done = scheduler("solve", program, "-o", mine, "--force", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert "No schedule keeps every hard rule." in done.stdout
    assert "ICU needs 104 person-weeks of PGY1 residents" in done.stdout
    assert "icu-intern: missed by" in done.stdout
    assert "was not written; --best-effort writes" in done.stdout
    assert "Looking for the rules that must give" in done.stderr
    assert mine.read_bytes() == b"mine"


def test_rule_that_closes_a_service_is_named(tmp_path: Path) -> None:
    """Blocks of four weeks, nights of two: all three verbs blame the limit that no block fits."""
    program = copy_tiny(tmp_path)
    change(program / "program.yaml", "two_week: {blocks: {weeks: 2}}", "all: {blocks: {weeks: 4}}")
    closed = "NIGHT is closed to 9 people, and to 1 more in some blocks, by 'nights-running'"
    done = scheduler("validate", program, cwd=tmp_path)
    assert done.returncode == 0
    assert "window: no stay that it allows is made of blocks of 4 weeks: NIGHT" in done.stderr
    assert f"SHORT by 50: {closed}" in done.stdout
    for command in (("solve", program, "-o", "s.xlsx"), ("diagnose", program)):
        done = scheduler(*command, cwd=tmp_path)
        assert done.returncode == 1, done.stderr
        assert f"can give at most 2 (50 short): {closed}" in done.stdout
    assert not (tmp_path / "s.xlsx").exists()


def test_lock_against_a_hard_rule_is_counted_and_named(tmp_path: Path) -> None:
    """Nothing is left for the locked weeks, which counting sees; the search names the rules."""
    program = copy_tiny(tmp_path)
    with (program / "locks.csv").open("a", encoding="utf-8") as table:
        table.write("T01,2026-06-29,2026-07-12,NIGHT\n")
    done = scheduler("solve", program, "-o", "s.xlsx", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert "no service is open to them in weeks 1-2 (2026-06-29 to 2026-07-12)" in done.stdout
    assert "interns-no-nights-in-july" in done.stdout or "lock T01" in done.stdout
    assert not (tmp_path / "s.xlsx").exists()


def test_contradiction_that_no_count_shows(tmp_path: Path) -> None:
    """A couple wants a week together where one of their level may be away; both rules are named."""
    program = copy_tiny(tmp_path)
    change(
        program / "program.yaml",
        "settings: {time_limit: 30}",
        """\
  - {rule: together, name: couple, residents: [T01, T02], vacation: 1}
  - {rule: vacation, name: interns-away, who: {pgy: 1}, at_once: 1}

settings: {time_limit: 30}""",
    )
    done = scheduler("solve", program, "-o", "s.xlsx", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert "Counted one by one, every service has enough people over the year." in done.stdout
    assert "the least that is missed" in done.stdout
    assert "couple: missed by 1" in done.stdout or "interns-away: missed by 1" in done.stdout
    assert "was not written" in done.stdout
    assert not (tmp_path / "s.xlsx").exists()


def test_best_effort_exits_1_and_reports(least_bad: Run) -> None:
    """The least bad schedule is written, and still the answer is no."""
    assert least_bad.done.returncode == 1
    assert "NOT VALID" in least_bad.done.stdout
    assert least_bad.report["status"] == "infeasible"
    assert least_bad.report["hard_violations"] > 0
    assert (least_bad.report["cost"], least_bad.report["gap"]) == (None, None)


def test_best_effort_workbook_is_headed_not_valid(least_bad: Run) -> None:
    """The first thing read says NOT VALID, and OPEN rows hold the places nobody fills."""
    sheet = openpyxl.load_workbook(least_bad.workbook)["Schedule"]
    assert "NOT VALID" in str(sheet["A1"].value)
    open_rows = [row for row in sheet.iter_rows(values_only=True) if row[0] == "OPEN"]
    assert open_rows
    assert "ICU" in open_rows[0]


def test_check_of_the_least_bad_schedule_fails(least_bad: Run) -> None:
    """What the tool wrote it can read back, OPEN rows and all."""
    done = scheduler("check", least_bad.program, least_bad.workbook, cwd=least_bad.program)
    assert done.returncode == 1, done.stderr
    assert "icu-intern: ICU in week" in done.stdout


def test_diagnose_names_what_gives(least_bad: Run) -> None:
    """``diagnose`` counts, then names the rules that must give; exit 1."""
    done = scheduler("diagnose", least_bad.program, cwd=least_bad.program)
    assert done.returncode == 1, done.stderr
    assert "ICU needs 104 person-weeks" in done.stdout
    assert "icu-intern: missed by" in done.stdout


def test_diagnose_of_a_possible_program(tmp_path: Path) -> None:
    """Where a schedule exists, ``diagnose`` says so; exit 0."""
    done = scheduler("diagnose", TINY, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "A schedule that keeps every hard rule exists" in done.stdout


def _of_two_grids(people: int) -> Problem:
    """The tiny program, in which some people may have either of two grids."""
    problem = load_program(TINY).problem
    (name,) = problem.grids
    grids = {name: problem.grids[name], "other": replace(problem.grids[name], name="other")}
    either = [replace(one, grids=(name, "other")) for one in problem.residents[:people]]
    residents = (*either, *problem.residents[people:])
    return replace(problem, grids=grids, residents=residents)


@pytest.mark.parametrize(("people", "said"), [(0, ""), (1, "1 resident"), (3, "3 residents")])
def test_a_search_too_short_says_what_to_try(
    people: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing proven, nothing found: more time, softer rules, and fewer grids to choose from."""
    tell_nothing_found(_of_two_grids(people))
    told = capsys.readouterr().out
    assert "nothing was found in time" in told
    assert "What to try next:" in told
    assert "--time-limit" in told
    assert "a weight for hard rules" in told
    assert ("one grid for everybody" in told) == bool(people)
    assert said in told


def test_advice_follows_only_what_is_not_proven(capsys: pytest.CaptureFixture[str]) -> None:
    """The least that is missed, as far as was found: what to try; proven: the rules alone."""
    problem = _of_two_grids(0)
    nobody = Schedule(
        tuple(("",) * len(problem.calendar.parts) for _ in problem.residents),
        tuple(one.grids[0] for one in problem.residents),
    )
    report = audit(problem, nobody)
    for status in (Status.FEASIBLE, Status.OPTIMAL):
        tell_giving(problem, report, Outcome(status, nobody, 1, 0, 0, (), {}))
        told = capsys.readouterr().out
        assert "missed by" in told
        assert ("What to try next:" in told) == (status == Status.FEASIBLE)
