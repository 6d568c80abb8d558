"""Restricting a model, against every whole value within its bounds."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from scheduler.engine.restrict import (
    Restricted,
    holding,
    restrict,
    unrestricted,
    whatever_the_costs,
)
from scheduler.model.encode import UNKNOWN
from scheduler.model.linear import Arrays, Integers

SEEDS = range(200)


def _drawn(seed: int) -> Arrays:
    """A few columns and rows, some of them without one side, some impossible."""
    random = np.random.default_rng(seed)
    columns, rows = random.integers(1, 6), random.integers(1, 6)
    there = random.random((rows, columns)) < 0.6
    matrix = random.integers(-3, 4, (rows, columns)) * there
    lower = random.integers(-2, 2, columns)
    lower[0] = max(0, lower[0])  # held at -1 would mean UNKNOWN
    row_lower = random.integers(-6, 2, rows).astype(float)
    row_upper = row_lower + random.integers(0, 9, rows)
    row_lower[random.random(rows) < 0.3] = -np.inf
    row_upper[random.random(rows) < 0.3] = np.inf
    return Arrays(
        cost=random.integers(-3, 4, columns).astype(float),
        lower=lower.astype(float),
        upper=(lower + random.integers(0, 4, columns)).astype(float),
        matrix=csr_matrix(matrix.astype(float)),
        row_lower=row_lower,
        row_upper=row_upper,
    )


def _every(lower: Integers, upper: Integers) -> Integers:
    """Every whole value within the bounds, one a row."""
    ranges = [range(int(low), int(high) + 1) for low, high in zip(lower, upper, strict=True)]
    every = list(product(*ranges))
    return np.array(every, dtype=np.int64).reshape(len(every), len(ranges))


def _solutions(arrays: Arrays) -> set[tuple[int, ...]]:
    values = _every(arrays.lower.astype(int), arrays.upper.astype(int))
    activity = values @ arrays.matrix.toarray().T
    kept = np.all((activity >= arrays.row_lower) & (activity <= arrays.row_upper), axis=1)
    return {tuple(one) for one in values[kept].tolist()}


def _restricted_solutions(part: Restricted) -> set[tuple[int, ...]]:
    if part.impossible:
        return set()
    values = _every(part.lower, part.upper)
    activity = values @ part.matrix.toarray().T
    kept = np.all((activity >= part.row_lower) & (activity <= part.row_upper), axis=1)
    return {tuple(part.whole(one).tolist()) for one in values[kept]}


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_the_costs_no_solution_is_lost_and_none_is_new(seed: int) -> None:
    arrays = _drawn(seed)
    assert _restricted_solutions(whatever_the_costs(arrays)) == _solutions(arrays)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_cheapest_solution_stays_and_costs_the_same(seed: int) -> None:
    arrays = _drawn(seed)
    part, solutions = unrestricted(arrays), _solutions(arrays)
    left = _restricted_solutions(part)
    assert left <= solutions
    costs = [float(arrays.cost @ one) for one in solutions]
    assert min((float(arrays.cost @ one) for one in left), default=None) == min(costs, default=None)
    for one in left:
        own = np.array(one)[part.free]
        assert part.cost @ own + part.offset == arrays.cost @ np.array(one)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_held_stands_in_every_solution(seed: int) -> None:
    arrays = _drawn(seed)
    first = int(arrays.lower[0])
    wanted = np.array([first, *[UNKNOWN] * (arrays.columns - 1)])
    left = _restricted_solutions(holding(arrays, wanted))
    solutions = {one for one in _solutions(arrays) if one[0] == first}
    assert left <= solutions
    assert bool(left) == bool(solutions)


def test_columns_that_follow_are_not_handed_over() -> None:
    arrays = Arrays(
        cost=np.zeros(3),
        lower=np.zeros(3),
        upper=np.array([1.0, 1.0, 5.0]),
        matrix=csr_matrix(np.array([[1.0, 1.0, 0.0], [0.0, 3.0, -1.0]])),
        row_lower=np.array([2.0, 0.0]),
        row_upper=np.array([2.0, 0.0]),
    )
    part = unrestricted(arrays)
    assert len(part.free) == 0
    assert part.start.tolist() == [1, 1, 3]


def test_what_no_bound_allows_is_impossible() -> None:
    arrays = Arrays(
        cost=np.zeros(1),
        lower=np.zeros(1),
        upper=np.ones(1),
        matrix=csr_matrix(np.array([[2.0]])),
        row_lower=np.array([3.0]),
        row_upper=np.array([np.inf]),
    )
    assert unrestricted(arrays).impossible


def test_bounds_that_cross_are_impossible_though_no_row_says_so() -> None:
    arrays = _drawn(0)
    lower, upper = np.zeros(arrays.columns, dtype=np.int64), np.full(arrays.columns, 1)
    upper[0] = -1
    free = replace(arrays, row_lower=arrays.row_lower - np.inf, row_upper=arrays.row_upper + np.inf)
    assert restrict(free, lower, upper).impossible
