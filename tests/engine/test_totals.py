"""Bounds of totals: valid, and tight enough that a fair share is rounded in the relaxation too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from scheduler.engine.relaxation import rounded_bound, solve_relaxation
from scheduler.engine.totals import bounded_totals
from scheduler.model.linear import Arrays
from scheduler.model.year import YearModel
from scheduler.problem.problem import Problem
from scheduler.rules.example import Example, Person, example_problem
from tests.rules.judges import best_cost
from tests.rules.random_problems import random_problem
from tests.rules.variants import build_rule

NEVER = {"rule": "eligibility", "never": "NIGHT", "who": {"pgy": 2}}
STAFFED = (
    {"rule": "coverage", "rotations": "NIGHT", "exactly": 1, "name": "night"},
    {"rule": "coverage", "rotations": "WARD", "minimum": 1, "name": "ward"},
    {"rule": "requirement", "rotations": ["WARD", "NIGHT"], "maximum": 14, "name": "heavy"},
)


def _hospital(balance: Mapping[str, Any], off_nights: int) -> Problem:
    """Six residents, eight blocks of two weeks; the last ``off_nights`` of them never on nights."""
    names = "ABCDEF"
    example = Example(
        "uneven nights",
        balance,
        {name: " ".join(["WARD"] * 16) for name in names},
        block_weeks=2,
        residents={name: Person(pgy=2) for name in names[len(names) - off_nights :]},
        rotations=("WARD", "NIGHT", "CLINIC"),
    )
    return example_problem(example, tuple(map(build_rule, (balance, *STAFFED, NEVER))))


@pytest.mark.parametrize("off_nights", [0, 2, 4])
@pytest.mark.parametrize("share", [None, 16])
def test_relaxation_of_balance_is_the_optimum(off_nights: int, share: int | None) -> None:
    """Where few can do the nights, the relaxation says what the spread costs, to the unit."""
    rule: dict[str, Any] = {"rule": "balance", "burden": "nights", "weight": 1}
    year = YearModel(_hospital(rule if share is None else {**rule, "share": share}, off_nights))
    arrays = bounded_totals(year.linear.arrays(), year.linear.totals)
    bound = rounded_bound(solve_relaxation(arrays, tolerance=1e-7).bound) + year.offset
    best, _ = best_cost(year)
    assert best is not None
    assert bound == best
    assert (best > 0) == (off_nights == 4)


def test_without_the_bound_the_relaxation_is_lower() -> None:
    """The bound of the total is what makes the difference."""
    rule = {"rule": "balance", "burden": "nights", "weight": 1}
    year = YearModel(_hospital(rule, 4))
    plain = solve_relaxation(year.linear.arrays(), tolerance=1e-7).bound
    arrays = bounded_totals(year.linear.arrays(), year.linear.totals)
    assert solve_relaxation(arrays, tolerance=1e-7).bound > plain + 1


def _largest(year: YearModel, column: int) -> int | None:
    """The largest value that ``column`` takes in any answer of the model."""
    year.linear.cost[:] = [0] * len(year.linear.cost)
    year.linear.cost[column] = -1
    best, _ = best_cost(year)
    return None if best is None else year.offset - best


@pytest.mark.parametrize("seed", range(12))
def test_bounds_cut_off_no_answer(seed: int) -> None:
    """Whatever else a problem asks, no total or share exceeds its new bound."""
    problem, _ = random_problem(seed, 1000)
    everyone = tuple(range(len(problem.residents)))
    rules = [build_rule({"rule": "balance", "burden": b, "weight": 1}) for b in ("nights", "icu")]
    bound = [replace(problem.rules[0], rule=rule, residents=everyone) for rule in rules]
    year = YearModel(replace(problem, rules=(*problem.rules, *bound)))
    arrays = bounded_totals(year.linear.arrays(), year.linear.totals)
    for column in np.flatnonzero(arrays.upper < _upper(year)):
        largest = _largest(year, int(column))
        assert largest is None or largest <= arrays.upper[column]


def _upper(year: YearModel) -> Any:
    arrays: Arrays = year.linear.arrays()
    return arrays.upper
