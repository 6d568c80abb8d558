"""The translation to CP-SAT and back, number by number."""

from __future__ import annotations

import numpy as np
import pytest
from ortools.sat.python import cp_model
from scipy.sparse import csr_matrix

from scheduler.engine import translation
from scheduler.engine.cpsat import search
from scheduler.engine.restrict import Restricted
from scheduler.engine.searches import Answer, Limits
from scheduler.model.linear import Integers


def _part() -> Restricted:
    """Minimise x - 2y + z with 2x + y = 7, y - z >= -3 and three kinds of bounds."""
    matrix = csr_matrix(np.array([[2, 1, 0], [0, 1, -1]], dtype=np.float64))
    return Restricted(
        free=np.array([0, 2, 3]),
        start=np.array([0, 9, 0, 0]),
        cost=np.array([1, -2, 1]),
        lower=np.array([0, -5, -4]),
        upper=np.array([5, 5, 1]),
        matrix=matrix,
        row_lower=np.array([7.0, -3.0]),
        row_upper=np.array([7.0, np.inf]),
        offset=100,
        impossible=False,
    )


def test_the_model_for_cp_sat_says_what_the_arrays_say() -> None:
    proto = translation.model_of(_part(), np.array([1, 9, 5, 0])).proto
    assert [list(one.domain) for one in proto.variables] == [[0, 5], [-5, 5], [-4, 1]]
    rows = [one.linear for one in proto.constraints]
    assert [list(one.vars) for one in rows] == [[0, 1], [1, 2]]
    assert [list(one.coeffs) for one in rows] == [[2, 1], [1, -1]]
    assert [list(one.domain) for one in rows] == [[7, 7], [-3, translation.INFINITE]]
    assert (list(proto.objective.vars), list(proto.objective.coeffs)) == ([0, 1, 2], [1, -2, 1])
    assert list(proto.solution_hint.values) == [1, 5, 0]


def test_equal_bounds_are_columns_of_their_own() -> None:
    proto = translation.model_of(_part(), None).proto
    again = translation.model_of(_part(), None).proto
    proto.variables[0].domain.clear()
    assert list(again.variables[0].domain) == [0, 5]
    assert list(translation.model_of(_part(), None).proto.variables[0].domain) == [0, 5]


def test_a_solution_comes_back_whole() -> None:
    told: list[tuple[int, list[int]]] = []

    def report(cost: int, values: Integers) -> bool:
        told.append((cost, values.tolist()))
        return False

    found = search(_part(), Limits(seconds=30.0, workers=1), report)
    assert found.answer is Answer.OPTIMAL and found.values is not None
    assert (found.cost, found.values.tolist()) == (100 + 1 - 10 - 4, [1, 9, 5, -4])
    assert told[-1] == (found.cost, found.values.tolist())


@pytest.mark.parametrize("values", [[], [7], [0, -1, 1 << 40, -(1 << 40)], list(range(-500, 900))])
def test_numbers_are_read_as_they_are(values: list[int]) -> None:
    listed = cp_model.CpModel().proto.solution_hint.values
    listed.extend(values)
    read = translation._whole_numbers(listed)
    assert (read.dtype, read.tolist()) == (np.dtype(np.int64), values)


def test_numbers_whose_text_is_cut_short_are_read_one_by_one() -> None:
    class Cut(list[int]):
        def __str__(self) -> str:
            return "[1, 2]"

    assert translation._whole_numbers(Cut([1, 2, 3])).tolist() == [1, 2, 3]
