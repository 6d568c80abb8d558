"""What a miss costs is not hidden from the relaxation by room that others leave."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from scheduler.model.charges import Charges
from scheduler.model.linear import LinearModel, Sum

PRICE = 3


def _charged(days: tuple[int, ...], most: int, unit: int, back: tuple[int, ...]) -> LinearModel:
    """Columns that take so many days each and that give so many back, at most ``most`` in all."""
    linear = LinearModel()
    taken, given = linear.columns(len(days), 0, 1), linear.columns(len(back), 0, 1)
    terms = dict(zip((*taken, *given), [-k for k in days] + list(back), strict=True))
    Charges(linear).miss(Sum(terms), -most, unit, PRICE)
    return linear


def _cheapest(linear: LinearModel, chosen: tuple[int, ...]) -> int:
    """The least cost where the first columns are as ``chosen``, exactly."""
    arrays, count = linear.arrays(), len(chosen)
    found = milp(
        arrays.cost,
        integrality=np.ones(arrays.columns),
        bounds=Bounds(
            np.concatenate([chosen, arrays.lower[count:]]),
            np.concatenate([chosen, arrays.upper[count:]]),
        ),
        constraints=LinearConstraint(arrays.matrix, arrays.row_lower, arrays.row_upper),
    )
    assert found.success
    return round(found.fun)


@pytest.mark.parametrize("back", [(), (7,), (14, 3)])
@pytest.mark.parametrize("unit", [1, 7])
@pytest.mark.parametrize("most", [0, 5, 7, 21, 28])
@pytest.mark.parametrize("days", [(35, 28, 7), (30, 31), (10, 9, 8), (14, 14)])
def test_every_choice_costs_what_it_misses(
    days: tuple[int, ...], most: int, unit: int, back: tuple[int, ...]
) -> None:
    """Whatever columns are chosen: every begun unit once, no more and no less."""
    for chosen in product((0, 1), repeat=len(days) + len(back)):
        linear = _charged(days, most, unit, back)
        cost = _cheapest(linear, chosen)
        taken = sum(k * x for k, x in zip([*days, *(-k for k in back)], chosen, strict=True))
        assert cost == PRICE * max(0, math.ceil((taken - most) / unit))


def test_a_part_of_a_long_block_costs_its_part() -> None:
    """Half of either of two months of nights costs what one week too many does, half and half."""
    linear = _charged((35, 35, 7, 7), 28, 7, ())
    arrays = linear.arrays()
    half = {0: 0.5, 1: 0.5, 2: 0.0, 3: 0.0}
    bounds = [
        (half.get(c, low), half.get(c, high))
        for c, (low, high) in enumerate(zip(arrays.lower, arrays.upper, strict=True))
    ]
    found = linprog(
        arrays.cost, A_ub=-arrays.matrix, b_ub=-np.asarray(arrays.row_lower), bounds=bounds
    )
    assert found.fun == pytest.approx(PRICE)
