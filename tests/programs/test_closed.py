"""Counting knows what the limits of rules close, and names the rule that makes a service short."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from scheduler.diagnosis.counting import Count, Counting, shortages
from scheduler.input.load import load_program
from scheduler.problem.problem import Problem
from tests.programs.small import ROTATIONS, residents, write_program

YEAR = """\
year: {{starts: 2026-06-29, weeks: 12}}
tracks: {{categorical: {{name: Categorical}}}}
grids: {{four: {{who: {{pgy: 1}}, {0}}}, other: {{who: {{pgy: 2}}, {1}}}}}
"""
FOUR = "blocks: {weeks: 4}"
NIGHT = "  - {rule: coverage, rotations: NIGHT, exactly: 1}\n"
WARD = "  - {rule: coverage, rotations: WARD, minimum: 1}\n"
SHORT = "  - {rule: window, name: short-nights, rotations: NIGHT, maximum: 2}\n"
STAYS = "  - {rule: stay, name: short-stays, rotations: [NIGHT, WARD], maximum: 3}\n"
VACATION = "  - {rule: vacation, minimum: 0, maximum: 12}\n"


def _problem(
    folder: Path, *rules: str, seniors: str = FOUR, on_leave: Iterable[str] = ()
) -> Problem:
    """Two interns in blocks of four weeks, and a senior."""
    program = f"{YEAR.format(FOUR, seniors)}{ROTATIONS}rules:\n{''.join(rules)}"
    people = residents("R1,1", "R2,1", "R3,2")
    leave = "\n".join(["id,from,to,kind", *on_leave])
    write_program(folder, program, residents=people, leave=leave)
    return load_program(folder).problem


def _said(problem: Problem) -> list[str]:
    return [str(one) for one in shortages(problem)]


def test_service_closed_to_everybody(tmp_path: Path) -> None:
    """Nobody has a block of two weeks: nothing can be given, and the rule is named."""
    assert _said(_problem(tmp_path, NIGHT, SHORT)) == [
        "NIGHT needs 12 person-weeks of residents; the 0 who may do it can give at most 0 "
        "(12 short): NIGHT is closed to 3 people by 'short-nights'"
    ]


def test_service_closed_to_some(tmp_path: Path) -> None:
    """Whose blocks fit gives all their weeks; where that is enough nothing is told."""
    problem = _problem(tmp_path, NIGHT, SHORT, seniors="blocks: {weeks: 2}")
    (count,) = Counting(problem).services()
    assert (count.needs, count.can_give, count.people, count.why) == (12, 12, 1, "")
    assert [(one.people, one.partly) for one in count.closed] == [(2, 0)]
    assert _said(problem) == []


def test_service_closed_in_some_blocks(tmp_path: Path) -> None:
    """Only the weeks of blocks that fit are counted."""
    cycle = "cycle: [{weeks: 4}, {weeks: 2}]"
    assert _said(_problem(tmp_path, NIGHT, SHORT, seniors=cycle)) == [
        "NIGHT needs 12 person-weeks of residents; the 1 who may do it can give at most 4 "
        "(8 short): NIGHT is closed to 2 people, and to 1 more in some blocks, by 'short-nights'"
    ]


def test_several_services_of_the_same_people(tmp_path: Path) -> None:
    """The rule closes two services at once, each by itself and both together."""
    closed = "closed to 2 people by 'short-stays'"
    found = Counting(_problem(tmp_path, NIGHT, WARD, STAYS, seniors="blocks: {weeks: 2}"))
    (both,) = found.together()
    assert isinstance(both, Count)
    assert (both.needs, both.can_give, both.why) == (24, 12, f": NIGHT and WARD are {closed}")
    assert [one.short for one in found.services()] == [0, 0]


def test_rule_with_a_weight_closes_nothing(tmp_path: Path) -> None:
    """What may be missed at a cost is no proof of a shortage."""
    assert _said(_problem(tmp_path, NIGHT, SHORT.replace("}", ", weight: 1}"))) == []


def test_person_excluded_anyhow_is_not_counted_as_closed_out(tmp_path: Path) -> None:
    """The senior may not work at night whatever the limit; the interns are closed out by it."""
    never = "  - {rule: eligibility, who: {pgy: 2}, never: NIGHT}\n"
    (said,) = _said(_problem(tmp_path, NIGHT, SHORT, never))
    assert said.endswith("(12 short): NIGHT is closed to 2 people by 'short-nights'")


def _alone(only: str) -> str:
    return f"  - {{rule: eligibility, who: {{resident: R1}}, only: {only}}}\n"


def test_blocks_that_a_limit_leaves_empty(tmp_path: Path) -> None:
    """Nothing else is open to somebody in all of the year; the rule is named."""
    assert _said(_problem(tmp_path, _alone("NIGHT"), SHORT)) == [
        "Name R1: no service is open to them in weeks 1-12 (2026-06-29 to 2026-09-20): "
        "NIGHT is closed by 'short-nights'"
    ]


def test_year_that_a_limit_leaves_too_short(tmp_path: Path) -> None:
    """What else is open to somebody takes eight weeks of twelve; the rule is named."""
    most = "  - {rule: requirement, rotations: ELEC, maximum: 8}\n"
    assert _said(_problem(tmp_path, _alone("[NIGHT, ELEC]"), SHORT, most)) == [
        "Name R1: here for 12 weeks; the services open to them take at most 8, vacation 0 "
        "(4 left with nothing to do): NIGHT is closed by 'short-nights'"
    ]


def test_block_closed_to_work_may_be_vacation(tmp_path: Path) -> None:
    """A stay of CLINIC is too long there, but a block wholly on vacation is none."""
    short = "  - {rule: stay, rotations: CLINIC, maximum: 3}\n"
    assert _said(_problem(tmp_path, _alone("CLINIC"), short, VACATION)) == []


@pytest.mark.parametrize(
    ("rule", "on_leave"),
    [
        ("stay, rotations: NIGHT, minimum: 6, maximum: 6", ["R1,2026-07-27,2026-08-23,parental"]),
        ("stay, rotations: CLINIC, lengths: [2, 6]", []),
        ("window, rotations: NIGHT, maximum: 3, in_any: 13", []),
    ],
)
def test_limits_that_leave_a_way_close_nothing(
    tmp_path: Path, rule: str, on_leave: list[str]
) -> None:
    """A block of leave or vacation makes up a stay; a window longer than the year is none."""
    service = "CLINIC" if "CLINIC" in rule else "NIGHT"
    need = f"  - {{rule: coverage, rotations: {service}, minimum: 1, when: {{weeks: 1-4}}}}\n"
    problem = _problem(tmp_path, need, VACATION, f"  - {{rule: {rule}}}\n", on_leave=on_leave)
    assert _said(problem) == []
