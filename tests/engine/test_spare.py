"""Nobody is named as backup whom no rule needs, and dropping a name breaks and costs nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from scheduler.engine.incumbent import satisfies
from scheduler.engine.settings import Settings
from scheduler.engine.solve import solve
from scheduler.model.linear import Integers
from scheduler.model.spare import without_spare_names
from scheduler.model.year import YearModel
from scheduler.problem.problem import Problem
from scheduler.rules.example import Example, Person, bind, example_problem
from scheduler.rules.keep import Keep
from tests.rules.variants import build_rule

WEEKS = 6
MINIMUM = {"rule": "jeopardy", "named_from": "clinic", "minimum": 1}
SENIORS = {"rule": "jeopardy", "who": {"pgy": 2}, "named_from": "clinic", "minimum": 1}


def _clinic(*rules: Mapping[str, Any]) -> Problem:
    """Four people who may all be in clinic all the time; A and B are seniors."""
    example = Example(
        "clinic",
        rules[0],
        {name: " ".join(["CLINIC"] * WEEKS) for name in "ABCD"},
        residents={name: Person(pgy=2) for name in "AB"},
        rotations=("CLINIC",),
    )
    return example_problem(example, tuple(build_rule(rule) for rule in rules))


def _all_named(problem: Problem) -> tuple[YearModel, Integers]:
    """A solution in which everybody works, and everybody is named in every week."""
    year = YearModel(problem)
    values = np.zeros(len(year.linear.lower), dtype=np.int64)
    for grids in year.grids:
        for block in grids[0].blocks:
            values[block.choices["CLINIC"]] = 1
    values[list(year.backups.columns.values())] = 1
    return year, values


def _left(problem: Problem) -> list[tuple[int, int]]:
    year, values = _all_named(problem)
    arrays = year.linear.arrays()
    assert satisfies(arrays, values)
    found = without_spare_names(arrays, values, year.backups.columns)
    assert satisfies(arrays, found)
    assert arrays.cost @ found <= arrays.cost @ values
    return [key for key, column in year.backups.columns.items() if found[column]]


def test_only_as_many_are_left_as_are_needed() -> None:
    """One a week, and the weeks go round."""
    left = _left(_clinic(MINIMUM))
    assert sorted(week for _, week in left) == list(range(WEEKS))
    assert max(Counter(resident for resident, _ in left).values()) <= 2


def test_whom_a_second_rule_needs_stays() -> None:
    """A senior counts for both rules, so the senior is the one who stays."""
    left = _left(_clinic(SENIORS, {**MINIMUM, "minimum": 2}))
    assert set(Counter(week for _, week in left).values()) == {2}
    for week in range(WEEKS):
        assert any(resident < 2 for resident, there in left if there == week)


def test_exactly_so_many_are_not_touched() -> None:
    """Whoever an exact number counts is needed."""
    assert len(_left(_clinic({**SENIORS, "minimum": None, "exactly": 2}))) == 2 * WEEKS


@pytest.mark.parametrize("keep", [True, False])
def test_a_solved_schedule_names_no_more_than_needed(keep: bool) -> None:
    """A solve names one a week; with a rule that keeps what was, the names that were there too."""
    problem = _clinic(MINIMUM)
    first = solve(problem, Settings(time_limit=20)).schedule
    assert first is not None
    assert sorted(week for _, week in first.backups) == list(range(WEEKS))
    more = replace(first, backups=frozenset((r, w) for r in range(4) for w in range(WEEKS)))
    rules = [bind(Keep(name="kept", weight=2), problem)] if keep else []
    later = replace(problem, rules=(*problem.rules, *rules), earlier=more)
    again = solve(later, Settings(time_limit=20), start=more).schedule
    assert again is not None
    assert len(again.backups) == (4 * WEEKS if keep else WEEKS)
