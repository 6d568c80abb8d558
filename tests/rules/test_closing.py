"""What limits are said to close, no schedule takes; and what is counted short, none can mend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from scheduler.diagnosis.counting import shortages
from scheduler.problem.problem import Problem
from scheduler.rules.closing import Closing, closings
from scheduler.rules.example import FIRST_DAY, Example, Person, example_problem
from scheduler.rules.possible import Possible
from scheduler.schedule.schedule import Schedule
from tests.rules.exhaustive import Schedules
from tests.rules.judges import audit_verdict
from tests.rules.random_problems import random_problem
from tests.rules.variants import build_rule, reshaped, shapes

Options = Mapping[str, Any]

WEEKS = 5
SOME_VACATION: Options = {"rule": "vacation", "minimum": 0, "maximum": WEEKS}
LIMITED = ["WARD", "CLINIC"]  # one without vacation, one with

#: Limits that fit some blocks of one to three weeks, and not others.
LIMITS: tuple[Options, ...] = (
    {"rule": "window", "maximum": 1},
    {"rule": "window", "maximum": 2},
    {"rule": "window", "maximum": 1, "when": {"weeks": "1-2, 4"}},
    {"rule": "window", "maximum": 1, "in_any": 2},
    {"rule": "window", "maximum": 2, "in_any": 4},
    {"rule": "stay", "maximum": 1},
    {"rule": "stay", "maximum": 2, "together": True},
    {"rule": "stay", "minimum": 6},
    {"rule": "stay", "minimum": 3, "when": {"weeks": "2-3"}},
    {"rule": "stay", "minimum": 2, "maximum": 2},
    {"rule": "stay", "lengths": [1, 3]},
)

#: Limits that close nothing, though blocks look too long: no window of nine weeks lies inside the
#: year, and a stay of two weeks is long enough with a block of vacation after it.
MENDED: tuple[Options, ...] = (
    {"rule": "window", "maximum": 1, "in_any": 9},
    {"rule": "stay", "minimum": 3, "maximum": 3, "together": True},
)

#: Rules that run short where a limit closes what they ask for.
ASKING: tuple[Options, ...] = (
    {"rule": "coverage", "rotations": "WARD", "minimum": 1, "when": {"weeks": "2-3"}},
    {"rule": "coverage", "rotations": LIMITED, "minimum": 1},
    {"rule": "eligibility", "only": LIMITED},
    {"rule": "eligibility", "only": "WARD"},
    {"rule": "eligibility", "only": "CLINIC", "when": {"weeks": "1-4"}},
)

#: Schedules that are looked at of each problem.
FEW = 250
MOST = 1000


def _problems(limit: Options, *more: Options) -> Iterator[Problem]:
    """One resident with the limit, in blocks of all kinds, with leave and without."""
    for leave, weeks in product(((), (2,), (3, 4)), (1, 2)):
        example = Example(
            "closing",
            {**limit, "rotations": LIMITED},
            {"A": " ".join(["WARD"] * WEEKS)},
            block_weeks=weeks,
            residents={"A": Person(leave=leave)},
            rotations=("WARD", "CLINIC", "ELEC"),
        )
        rules = map(build_rule, (example.rule, SOME_VACATION, *more))
        problem = example_problem(example, tuple(rules))
        yield _in_midweek(problem)
        yield from (one for _, one in shapes(problem))


def _in_midweek(problem: Problem) -> Problem:
    """Blocks of two weeks that begin on Fridays, as those of a month may: one week is whole."""
    days = (0, 4, 18, 32)
    return reshaped(problem, {"late": [(FIRST_DAY + timedelta(days=one), None) for one in days]})


def _closed(problem: Problem) -> list[Closing]:
    return list(closings(problem, Possible(problem)))


def _takes(schedule: Schedule, one: Closing) -> bool:
    """Whether the resident works on a closed code in the block that it is closed in."""
    row = schedule.cells[one.resident.index]
    here = schedule.grids[one.resident.index] == one.grid.name
    return here and not one.codes.isdisjoint(row[part] for part in one.block.parts)


@pytest.mark.parametrize("limit", (*LIMITS, *MENDED), ids=str)
def test_no_schedule_takes_what_is_closed(limit: Options) -> None:
    """In blocks of every length, on rotations with vacation and without, beside leave."""
    for problem in _problems(limit):
        closed = _closed(problem)
        for schedule in Schedules(problem, FEW) if closed else ():
            if audit_verdict(problem, schedule) is not None:
                assert [one for one in closed if _takes(schedule, one)] == []


@pytest.mark.parametrize("limit", (*LIMITS, *MENDED), ids=str)
def test_no_schedule_mends_what_is_counted_short(limit: Options) -> None:
    """``solve`` searches nothing where a count is short, whatever made it so."""
    for asking in ASKING:
        for problem in _problems(limit, asking):
            if short := shortages(problem):
                allowed = (audit_verdict(problem, one) for one in Schedules(problem, FEW))
                assert all(cost is None for cost in allowed), str(short[0])


@pytest.mark.parametrize("seed", range(60))
def test_no_schedule_mends_a_random_shortage(seed: int) -> None:
    """The same of problems with any rules."""
    problem, schedules = random_problem(seed, MOST)
    closed = _closed(problem)
    if shortages(problem) or closed:
        allowed = [one for one in schedules if audit_verdict(problem, one) is not None]
        assert not (allowed and shortages(problem))
        assert not any(_takes(schedule, one) for schedule in allowed for one in closed)


@pytest.mark.parametrize("limit", (*LIMITS, *MENDED), ids=str)
def test_something_is_closed_and_something_is_not(limit: Options) -> None:
    """The comparison is not empty."""
    found = [len(_closed(problem)) for problem in _problems(limit)]
    assert any(found) == (limit in LIMITS)
    assert not all(found) or limit.get("minimum") == WEEKS + 1


def test_what_closes_is_named_where_it_makes_a_shortage() -> None:
    """Limits of both kinds, in counts of services and of the weeks of one person."""
    problems = (one for both in product(LIMITS, ASKING) for one in _problems(*both))
    said = {str(short) for problem in problems for short in shortages(problem)}
    for kind, begins in product(("window", "stay"), ("WARD needs", "A: no service")):
        assert any(f"by '{kind}'" in one for one in said if one.startswith(begins)), (kind, begins)
