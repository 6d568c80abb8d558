"""Substituting fixed columns and tightening bounds before a model goes to CP-SAT.

Most columns of a restricted model follow from the few that are free; finding
that out here, in arrays, is much cheaper than handing them over.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_matrix

from scheduler.model.encode import UNKNOWN
from scheduler.model.linear import Arrays, Floats, Integers

#: Rounding allowed in row activities.
TOLERANCE = 1e-6
#: Rounds of bound tightening; later ones find little.
MOST_ROUNDS = 8


@dataclass(frozen=True)
class Restricted:
    """A model with its fixed columns substituted; ``free`` maps its columns to the whole's.

    ``start`` holds the values of all fixed columns (0 where free).
    """

    free: Integers
    start: Integers
    cost: Integers
    lower: Integers
    upper: Integers
    matrix: csr_matrix
    row_lower: Floats
    row_upper: Floats
    offset: int
    impossible: bool

    def whole(self, values: Integers) -> Integers:
        """Values of all columns, from those of the free ones."""
        result = self.start.copy()
        result[self.free] = values
        return result


def part_of(arrays: Arrays, rows: Integers, columns: Integers) -> Arrays:
    """Some ``columns`` as a model of their own, in which only ``rows`` bind."""
    return Arrays(
        cost=arrays.cost[columns],
        lower=arrays.lower[columns],
        upper=arrays.upper[columns],
        matrix=arrays.matrix[rows][:, columns].tocsr(),
        row_lower=arrays.row_lower[rows],
        row_upper=arrays.row_upper[rows],
    )


def restrict(arrays: Arrays, lower: Integers, upper: Integers) -> Restricted:
    """The model within column bounds ``lower``..``upper``, as small as tightening makes it."""
    lower, upper = lower.copy(), upper.copy()
    part = _tightened(arrays, lower, upper)
    return part if part.impossible else _without_idle(part)


def unrestricted(arrays: Arrays) -> Restricted:
    """The model as it is, as small as tightening makes it."""
    return restrict(arrays, arrays.lower.astype(np.int64), arrays.upper.astype(np.int64))


def whatever_the_costs(arrays: Arrays) -> Restricted:
    """The same, but for columns that stand in no row: which bound is cheaper is not yet known."""
    return _tightened(arrays, arrays.lower.astype(np.int64), arrays.upper.astype(np.int64))


def _tightened(arrays: Arrays, lower: Integers, upper: Integers) -> Restricted:
    """The model within ``lower``..``upper``, which are tightened in place."""
    free = np.flatnonzero(lower < upper)
    part = _substituted(arrays, lower, upper, free)
    if np.any(lower > upper):
        return _impossible(part)
    if part.impossible or not part.matrix.nnz:
        return part
    entries = _Entries.of(part)
    low, high = part.lower.astype(np.float64), part.upper.astype(np.float64)
    for _ in range(MOST_ROUNDS):
        if not entries.tighten(low, high):
            break
    lower[free], upper[free] = low.astype(np.int64), high.astype(np.int64)
    if np.any(low > high):
        return _impossible(part)
    return _substituted(arrays, lower, upper, free[low < high])


def holding(arrays: Arrays, wanted: Integers) -> Restricted:
    """The model with its first columns held to ``wanted``, except where that is UNKNOWN."""
    bounds = []
    for side in (arrays.lower, arrays.upper):
        bound = side.astype(np.int64)
        bound[: len(wanted)] = np.where(wanted == UNKNOWN, bound[: len(wanted)], wanted)
        bounds.append(bound)
    return restrict(arrays, *bounds)


def _without_idle(part: Restricted) -> Restricted:
    """Free columns that stand in no row are fixed at their cheaper bound."""
    idle = np.bincount(part.matrix.indices, minlength=len(part.free)) == 0
    value = np.where(part.cost < 0, part.upper, part.lower)[idle]
    start = part.start.copy()
    start[part.free[idle]] = value
    return replace(
        part,
        free=part.free[~idle],
        start=start,
        cost=part.cost[~idle],
        lower=part.lower[~idle],
        upper=part.upper[~idle],
        matrix=part.matrix[:, ~idle],
        offset=part.offset + int(part.cost[idle] @ value),
    )


def _impossible(part: Restricted) -> Restricted:
    return replace(part, impossible=True)


def _substituted(arrays: Arrays, lower: Integers, upper: Integers, free: Integers) -> Restricted:
    start = lower.copy()
    start[free] = 0
    used = arrays.matrix @ start.astype(np.float64)
    matrix = arrays.matrix[:, free].tocsr()
    row_lower, row_upper = arrays.row_lower - used, arrays.row_upper - used
    low, high = _activity(matrix, lower[free], upper[free])
    impossible = bool(np.any((high < row_lower - TOLERANCE) | (low > row_upper + TOLERANCE)))
    keep = np.flatnonzero((low < row_lower - TOLERANCE) | (high > row_upper + TOLERANCE))
    cost = np.rint(arrays.cost).astype(np.int64)
    return Restricted(
        free=free,
        start=start,
        cost=cost[free],
        lower=lower[free],
        upper=upper[free],
        matrix=matrix[keep],
        row_lower=row_lower[keep],
        row_upper=row_upper[keep],
        offset=int(cost @ start),
        impossible=impossible,
    )


def _activity(matrix: csr_matrix, lower: Integers, upper: Integers) -> tuple[Floats, Floats]:
    """Smallest and largest value of each row over the column bounds."""
    positive = matrix.maximum(0)
    negative = matrix.minimum(0)
    low = positive @ lower + negative @ upper
    high = positive @ upper + negative @ lower
    return np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)


@dataclass(frozen=True)
class _Entries:
    """What stands in a model's rows, one array element a coefficient."""

    rows: Integers
    columns: Integers
    factor: Floats
    row_lower: Floats
    row_upper: Floats

    @classmethod
    def of(cls, part: Restricted) -> _Entries:
        matrix = part.matrix
        rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
        return cls(rows, matrix.indices, matrix.data, part.row_lower, part.row_upper)

    def tighten(self, lower: Floats, upper: Floats) -> bool:
        """Tighten the columns' bounds by every row; True if any became fixed and none
        impossible."""
        columns, factor = self.columns, self.factor
        at_low = np.where(factor > 0, lower[columns], upper[columns])
        at_high = np.where(factor > 0, upper[columns], lower[columns])
        above = self.row_upper - self._sums(factor * at_low)
        below = self._sums(factor * at_high) - self.row_lower
        if np.any(above < -TOLERANCE) or np.any(below < -TOLERANCE):
            lower[:], upper[:] = 1.0, 0.0
            return False
        free = lower < upper
        span = factor * (at_high - at_low)
        self._move(np.flatnonzero(span > above[self.rows]), above, at_low, 1.0, lower, upper)
        self._move(np.flatnonzero(span > below[self.rows]), -below, at_high, -1.0, lower, upper)
        return bool(np.any(free & (lower >= upper)) and not np.any(lower > upper))

    def _sums(self, amounts: Floats) -> Floats:
        sums = np.bincount(self.rows, amounts, len(self.row_lower))
        return np.asarray(sums, dtype=np.float64)

    def _move(
        self, some: Integers, room: Floats, start: Floats, side: float, lower: Floats, upper: Floats
    ) -> None:
        """Only ``some`` coefficients move a bound: those whose column has more ways to go from its
        ``start`` than its row has ``room``."""
        columns, factor = self.columns[some], self.factor[some]
        limit = room[self.rows[some]] / factor + start[some]
        up = factor * side > 0
        np.minimum.at(upper, columns[up], np.floor(limit[up] + TOLERANCE))
        np.maximum.at(lower, columns[~up], np.ceil(limit[~up] - TOLERANCE))
