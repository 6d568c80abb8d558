"""The relaxation counts wide columns in other units; nobody else may notice."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from scheduler.engine.relaxation import WIDE, dual_bound, solve_relaxation
from scheduler.model.linear import Arrays, Floats


def _totals(wide: float) -> Arrays:
    """Four choices with a price, a total of their days in ``-wide .. wide``, and what it is
    above nine."""
    return Arrays(
        cost=np.array([-4.0, -3.0, -5.0, -1.0, 0.0, 2.0]),
        lower=np.array([0.0, 0.0, 0.0, 0.0, -wide, 0.0]),
        upper=np.array([1.0, 1.0, 1.0, 1.0, wide, 3 * wide]),
        matrix=csr_matrix(
            np.array([[7.0, 5.0, 9.0, 6.0, -1.0, 0.0], [0.0, 0.0, 0.0, 0.0, -1.0, 1.0]])
        ),
        row_lower=np.array([0.0, -9.0]),
        row_upper=np.array([0.0, np.inf]),
    )


def _optimum(arrays: Arrays) -> float:
    dense = arrays.matrix.toarray()
    found = linprog(
        arrays.cost,
        A_eq=dense[:1],
        b_eq=arrays.row_lower[:1],
        A_ub=-dense[1:],
        b_ub=-arrays.row_lower[1:],
        bounds=np.column_stack([arrays.lower, arrays.upper]),
    )
    return float(found.fun)


@pytest.mark.parametrize("wide", [WIDE / 4, 40 * WIDE])
def test_bound_and_values_are_in_the_models_units(wide: float) -> None:
    arrays = _totals(wide)
    found = solve_relaxation(arrays, tolerance=1e-8)
    optimum = _optimum(arrays)
    assert found.bound == pytest.approx(optimum, abs=1e-3)
    assert found.bound <= optimum + 1e-9
    assert float(arrays.cost @ found.values) == pytest.approx(optimum, abs=1e-2)
    assert _missed(arrays, found.values) < 1e-2
    bound, reduced = dual_bound(arrays, found.duals)
    assert bound == found.bound
    assert np.array_equal(reduced, found.reduced_costs)


def test_where_it_ended_is_a_place_to_begin() -> None:
    """No step is needed from an optimum."""
    arrays = _totals(40 * WIDE)
    found = solve_relaxation(arrays, tolerance=1e-6)
    again = solve_relaxation(arrays, tolerance=1e-5, start=found)
    assert found.work > 0
    assert again.work < found.work
    assert again.bound == pytest.approx(found.bound, abs=1e-2)


def _missed(arrays: Arrays, values: Floats) -> float:
    activity = arrays.matrix @ values
    low = np.maximum(arrays.row_lower - activity, 0.0)
    return float((low + np.maximum(activity - arrays.row_upper, 0.0)).sum())
