"""Holidays off owed against the people who must stay, counted before anything is solved."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.diagnosis.counting import shortages
from scheduler.diagnosis.holidays import holiday_rooms
from scheduler.engine.settings import Settings
from scheduler.engine.solve import solve
from scheduler.input.load import load_program
from tests.cli.command import scheduler
from tests.programs.small import ROTATIONS, residents, write_program
from tests.rules.judges import audit_verdict
from tests.rules.random_problems import random_problem

YEAR = """\
year: {starts: 2026-06-29, weeks: 6}
tracks: {categorical: {name: Categorical}}
departments: {surgery: {name: Surgery}}
grids: {weekly: {blocks: {weeks: 1}}}
holidays:
  first: {name: First, dates: [{from: 2026-07-04, to: 2026-07-05}]}
  second: {name: Second, dates: [{from: 2026-07-25, to: 2026-07-26}]}
"""
ONE_OFF = "  - {rule: holiday, name: one-off, off: 1}\n"
NINE = tuple(f"R{n},{1 + n % 3},categorical" for n in range(9))
WARD = "  - {{rule: holiday, service: WARD, minimum: {}}}\n"
ICU = "  - {{rule: holiday, service: ICU, minimum: {}}}\n"
INTERNS = "  - {{rule: holiday, service: WARD, who: {{pgy: 1}}, minimum: {}}}\n"


def _folder(
    folder: Path, *rules: str, people: tuple[str, ...] = NINE, visitors: str = "", leave: str = ""
) -> Path:
    tables = {"residents": residents(*people)}
    if visitors:
        tables["visitors"] = f"id,name,pgy,department,present\n{visitors}"
    if leave:
        tables["leave"] = f"id,from,to\n{leave}"
    return write_program(folder, f"{YEAR}{ROTATIONS}rules:\n{''.join(rules)}", **tables)


def _short(folder: Path, *rules: str, visitors: str = "", leave: str = "") -> list[str]:
    """Holidays for which there is no room; a schedule exists where there is some for all."""
    problem = load_program(_folder(folder, *rules, visitors=visitors, leave=leave)).problem
    found = [str(one) for one in holiday_rooms(problem) if one.short]
    assert [str(one) for one in shortages(problem)] == found
    outcome = solve(problem, Settings(time_limit=10, gap=1.0, workers=1))
    assert (outcome.schedule is None) == bool(found)
    return found


def test_who_must_stay_twice_cannot_all_be_off_once(tmp_path: Path) -> None:
    """Five of nine stay each time: four and four are off, one is not."""
    assert _short(tmp_path, ONE_OFF, WARD.format(3), ICU.format(2)) == [
        "Holidays of residents: 9 holidays off owed in all; 5 of 9 must stay at First and "
        "5 of 9 must stay at Second, so there is room for 8 (1 too many)"
    ]
    assert _short(tmp_path, ONE_OFF, WARD.format(2), ICU.format(2)) == []


def test_levels_are_counted_by_themselves(tmp_path: Path) -> None:
    """Two of three interns stay each time, though there are seniors enough."""
    assert _short(tmp_path, ONE_OFF, INTERNS.format(2)) == [
        "Holidays of PGY1 residents: 3 holidays off owed in all; 2 of 3 must stay at First and "
        "2 of 3 must stay at Second, so there is room for 2 (1 too many)"
    ]
    assert _short(tmp_path, ONE_OFF, INTERNS.format(1)) == []


def test_visitors_stay_for_residents(tmp_path: Path) -> None:
    """Two visitors serve where the rule counts them too."""
    rules = ONE_OFF, WARD.format(3), ICU.format("2, who: {visitors: also}")
    visitors = "V1,Vi,2,surgery,2026-06-29..2026-08-09\n"
    assert _short(tmp_path, *rules, visitors=visitors) == []


def test_who_is_on_leave_is_owed_nothing_and_stays_for_nobody(tmp_path: Path) -> None:
    """Someone on leave in one holiday is owed the other; in both, nothing."""
    rules = ONE_OFF, WARD.format(3), ICU.format(1)
    assert _short(tmp_path, *rules) == []
    leave = "R0,2026-06-29,2026-07-12\nR1,2026-06-29,2026-07-12\n"
    assert _short(tmp_path, *rules, leave=leave) == [
        "Holidays of residents: 9 holidays off owed in all; 4 of 7 must stay at First and "
        "4 of 9 must stay at Second, so there is room for 8 (1 too many)"
    ]
    assert _short(tmp_path, *rules, leave="R0,2026-06-29,2026-08-09\n") == []


def test_two_rules_about_one_service_do_not_count_anybody_twice(tmp_path: Path) -> None:
    """Two interns among four on the ward are four people."""
    assert _short(tmp_path, ONE_OFF, WARD.format(4), INTERNS.format(1)) == []


def test_validate_says_so(tmp_path: Path) -> None:
    """Under a heading of its own."""
    done = scheduler("validate", _folder(tmp_path, ONE_OFF, WARD.format(5)), cwd=tmp_path)
    assert "More holidays off owed than can be given:" in done.stdout
    assert "5 of 9 must stay at First" in done.stdout


@pytest.mark.parametrize("seed", range(60))
def test_where_a_schedule_is_allowed_nothing_is_short(seed: int) -> None:
    """On random tiny problems the count is never a false alarm."""
    problem, schedules = random_problem(seed, 300)
    if any(one.short for one in holiday_rooms(problem)):
        assert all(audit_verdict(problem, one) is None for one in schedules)
