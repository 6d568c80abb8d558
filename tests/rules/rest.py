"""The columns of a model that no schedule decides (slacks, helpers), minimised exactly.

They fall into groups that share no row; a group's cost depends on the decided
columns only through the sums those leave in its rows, so equal sums are
answered once.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from ortools.sat.python import cp_model
from scipy.sparse import bmat, csr_matrix
from scipy.sparse.csgraph import connected_components

from scheduler.model.linear import UNBOUNDED, LinearModel

Integers = npt.NDArray[np.int64]
Bounds = tuple[Integers, Integers]

#: Branches after which a group is left to CP-SAT.
MOST_BRANCHES = 40


def matrix_of(linear: LinearModel) -> csr_matrix:
    """The rows of a model as an integer matrix."""
    pointers = np.cumsum([0, *map(len, linear.row_columns)])
    columns = [c for row in linear.row_columns for c in row]
    coefficients = [k for row in linear.row_coefficients for k in row]
    shape = (len(linear.row_columns), len(linear.lower))
    return csr_matrix((np.array(coefficients, dtype=np.int64), columns, pointers), shape=shape)


def minimum_of(linear: LinearModel, presolve: bool = True) -> tuple[int | None, list[int]]:
    """The least cost of a model and the values that have it, by CP-SAT; None if infeasible.

    Without ``presolve`` small models of which most is fixed are solved in half the time.
    """
    model = cp_model.CpModel()
    bounds = zip(linear.lower, linear.upper, strict=True)
    columns = [model.new_int_var(low, high, "") for low, high in bounds]
    rows = zip(linear.row_columns, linear.row_coefficients, strict=True)
    limits = zip(linear.row_lower, linear.row_upper, strict=True)
    for (row, coefficients), (low, high) in zip(rows, limits, strict=True):
        total = cp_model.LinearExpr.weighted_sum([columns[c] for c in row], coefficients)
        model.add_linear_constraint(total, low, high)
    model.minimize(cp_model.LinearExpr.weighted_sum(columns, linear.cost))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.cp_model_presolve = presolve
    solver.parameters.max_time_in_seconds = 60
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return None, []
    assert status == cp_model.OPTIMAL, solver.status_name(status)
    values = list(solver.response_proto.solution)
    return int(np.dot(linear.cost, values)), values


def groups_of(linear: LinearModel, matrix: csr_matrix, columns: Integers) -> Iterator[Group]:
    """The groups that ``columns`` fall into; no row has columns of two of them."""
    open_rows = np.flatnonzero(np.diff(matrix[:, columns].tocsr().indptr))
    rest = matrix[open_rows][:, columns].tocsr()
    count, labels = connected_components(bmat([[None, rest], [rest.T, None]]), directed=False)
    row_labels, column_labels = labels[: len(open_rows)], labels[len(open_rows) :]
    for label in range(count):
        rows, own = open_rows[row_labels == label], columns[column_labels == label]
        yield Group(linear, matrix[rows][:, own].tocsr(), rows, own)


class Group:
    """Columns that share rows among themselves, and with decided columns only."""

    def __init__(
        self, linear: LinearModel, matrix: csr_matrix, rows: Integers, columns: Integers
    ) -> None:
        self.rows = rows
        self._matrix = matrix
        self._row_lower = np.array(linear.row_lower, dtype=np.int64)[rows]
        self._row_upper = np.array(linear.row_upper, dtype=np.int64)[rows]
        self._lower = np.array(linear.lower, dtype=np.int64)[columns]
        self._upper = np.array(linear.upper, dtype=np.int64)[columns]
        self._cost = np.array(linear.cost, dtype=np.int64)[columns]
        self._row = np.repeat(np.arange(len(rows)), np.diff(matrix.indptr))
        self._known: dict[bytes, int | None] = {}

    def least_cost(self, used: Integers) -> int | None:
        """The least cost where the decided columns already use ``used`` of each row."""
        here = used[self.rows]
        key = here.tobytes()
        if key not in self._known:
            self._known[key] = self._minimise(self._row_lower - here, self._row_upper - here)
        return self._known[key]

    def _minimise(self, row_lower: Integers, row_upper: Integers) -> int | None:
        """By branching where that is short, else by CP-SAT."""
        best: int | None = None
        waiting = [(self._lower, self._upper)]
        for _ in range(MOST_BRANCHES):
            if not waiting:
                return best
            lower, upper = self._narrowed(row_lower, row_upper, *waiting.pop())
            if (lower > upper).any():
                continue
            # Every column at its cheapest end is a lower bound, and the answer where it fits.
            cheap = np.where(self._cost < 0, upper, lower)
            cost = int(self._cost @ cheap)
            if best is not None and cost >= best:
                continue
            if self._holds(row_lower, row_upper, cheap) or self._holds(
                row_lower, row_upper, np.where(self._cost > 0, lower, upper)
            ):
                best = cost
            else:
                waiting += _halves(lower, upper)
        return self._search(row_lower, row_upper)

    def _holds(self, row_lower: Integers, row_upper: Integers, values: Integers) -> bool:
        total = self._matrix @ values
        return bool(((row_lower <= total) & (total <= row_upper)).all())

    def _narrowed(
        self, row_lower: Integers, row_upper: Integers, lower: Integers, upper: Integers
    ) -> Bounds:
        """Column bounds as far as the rows, one by one, imply them."""
        lower, upper = lower.copy(), upper.copy()
        row, column, factor = self._row, self._matrix.indices, self._matrix.data
        rising = factor > 0
        while True:
            before = lower.sum() - upper.sum()
            ends = factor * lower[column], factor * upper[column]
            low, high = np.minimum(*ends), np.maximum(*ends)
            most = (row_upper - self._row_sums(low))[row] + low
            least = (row_lower - self._row_sums(high))[row] + high
            from_below = np.where(rising, -(-least // factor), -(-most // factor))
            from_above = np.where(rising, most // factor, least // factor)
            np.maximum.at(lower, column, from_below)
            np.minimum.at(upper, column, from_above)
            if lower.sum() - upper.sum() == before or (lower > upper).any():
                return lower, upper

    def _row_sums(self, values: Integers) -> Integers:
        sums = np.zeros(len(self.rows), dtype=np.int64)
        np.add.at(sums, self._row, values)
        return sums

    def _search(self, row_lower: Integers, row_upper: Integers) -> int | None:
        pieces = [slice(a, b) for a, b in pairwise(self._matrix.indptr.tolist())]
        small = LinearModel(
            lower=self._lower.tolist(),
            upper=self._upper.tolist(),
            cost=self._cost.tolist(),
            row_columns=[self._matrix.indices[piece].tolist() for piece in pieces],
            row_coefficients=[self._matrix.data[piece].tolist() for piece in pieces],
            row_lower=np.maximum(row_lower, -UNBOUNDED).tolist(),
            row_upper=np.minimum(row_upper, UNBOUNDED).tolist(),
        )
        return minimum_of(small)[0]


def _halves(lower: Integers, upper: Integers) -> list[Bounds]:
    """The bounds cut in two at the first column that is still open."""
    column = int(np.flatnonzero(lower < upper)[0])
    middle = (lower[column] + upper[column]) // 2
    below, above = upper.copy(), lower.copy()
    below[column], above[column] = middle, middle + 1
    return [(above, upper), (lower, below)]
