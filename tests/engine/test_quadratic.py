"""The quadratic program: values, and duals with the sign of what a bound costs."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from scheduler.engine.quadratic import Quadratic, solve_quadratic


def _solved(**changed: object) -> tuple[np.ndarray, np.ndarray] | None:
    """x + y^2 with x + y between bounds; x free of curvature, from 0 to 10."""
    given = {
        "cost": np.array([1.0, 0.0]),
        "curvature": np.array([0.0, 2.0]),
        "matrix": csr_matrix(np.array([[1.0, 1.0]])),
        "row_lower": np.array([3.0]),
        "row_upper": np.array([np.inf]),
        "lower": np.array([0.0, -np.inf]),
        "upper": np.array([10.0, np.inf]),
    }
    return solve_quadratic(Quadratic(**(given | changed)))  # type: ignore[arg-type]


@pytest.mark.parametrize("most", [np.inf, 3.0])
def test_a_row_that_must_be_met(most: float) -> None:
    """At least three, and exactly three: y grows until it costs as much as x, 1 a unit."""
    found = _solved(row_upper=np.array([most]))
    assert found is not None
    values, duals = found
    assert values == pytest.approx([2.5, 0.5], abs=1e-4)
    assert duals == pytest.approx([1.0], abs=1e-4)


def test_a_row_that_must_not_be_passed() -> None:
    """At most -1: y pays twice its amount, and a unit more of room would save that."""
    found = _solved(row_lower=np.array([-np.inf]), row_upper=np.array([-1.0]))
    assert found is not None
    values, duals = found
    assert values == pytest.approx([0.0, -1.0], abs=1e-4)
    assert duals == pytest.approx([-2.0], abs=1e-4)


def test_no_answer_is_told() -> None:
    """Twenty of x and y cannot be had where both end at 2."""
    assert _solved(row_lower=np.array([20.0]), upper=np.array([2.0, 2.0])) is None
