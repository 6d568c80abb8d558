"""Substituting fixed columns and tightening bounds before a model goes to CP-SAT.

Most columns of a restricted model follow from the few that are free; finding
that out here, in arrays, is much cheaper than handing them over.
"""

from __future__ import annotations

from dataclasses import dataclass

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


def restrict(arrays: Arrays, lower: Integers, upper: Integers) -> Restricted:
    """The model within column bounds ``lower``..``upper``, as small as tightening makes it."""
    lower, upper = lower.copy(), upper.copy()
    part = _tightened(arrays, lower, upper)
    if part.impossible:
        return part
    return _substituted(arrays, lower, upper, _settle_idle(part, lower, upper))


def unrestricted(arrays: Arrays) -> Restricted:
    """The model as it is, as small as tightening makes it."""
    return restrict(arrays, arrays.lower.astype(np.int64), arrays.upper.astype(np.int64))


def whatever_the_costs(arrays: Arrays) -> Restricted:
    """The same, but for columns that stand in no row: which bound is cheaper is not yet known."""
    return _tightened(arrays, arrays.lower.astype(np.int64), arrays.upper.astype(np.int64))


def _tightened(arrays: Arrays, lower: Integers, upper: Integers) -> Restricted:
    """The model within ``lower``..``upper``, which are tightened in place."""
    free = np.flatnonzero(lower < upper)
    impossible = bool(np.any(lower > upper))
    for _ in range(MOST_ROUNDS):
        part = _substituted(arrays, lower, upper, free)
        if impossible or part.impossible or not _tighten(part, lower, upper):
            break
        impossible = bool(np.any(lower > upper))
        free = free[lower[free] < upper[free]]
    else:
        part = _substituted(arrays, lower, upper, free)
    return _impossible(part) if impossible else part


def holding(arrays: Arrays, wanted: Integers) -> Restricted:
    """The model with its first columns held to ``wanted``, except where that is UNKNOWN."""
    bounds = []
    for side in (arrays.lower, arrays.upper):
        bound = side.astype(np.int64)
        bound[: len(wanted)] = np.where(wanted == UNKNOWN, bound[: len(wanted)], wanted)
        bounds.append(bound)
    return restrict(arrays, *bounds)


def _settle_idle(part: Restricted, lower: Integers, upper: Integers) -> Integers:
    """Fix free columns that stand in no row at their cheaper bound; returns those still free."""
    idle = np.bincount(part.matrix.indices, minlength=len(part.free)) == 0
    columns = part.free[idle]
    value = np.where(part.cost[idle] < 0, upper[columns], lower[columns])
    lower[columns] = upper[columns] = value
    return np.asarray(part.free[~idle], dtype=np.int64)


def _impossible(part: Restricted) -> Restricted:
    return Restricted(**{**vars(part), "impossible": True})


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


def _tighten(part: Restricted, lower: Integers, upper: Integers) -> bool:
    """Tighten the whole ``lower`` and ``upper`` by every row of ``part``; True if any column
    became fixed (or impossible)."""
    matrix = part.matrix
    if matrix.nnz == 0:
        return False
    low, high = _activity(matrix, part.lower, part.upper)
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    columns, factor = matrix.indices, matrix.data
    at_low = np.where(factor > 0, part.lower[columns], part.upper[columns])
    at_high = np.where(factor > 0, part.upper[columns], part.lower[columns])
    most = (part.row_upper[rows] - low[rows]) / factor + at_low
    least = (part.row_lower[rows] - high[rows]) / factor + at_high
    up, down = factor > 0, factor < 0
    new_upper, new_lower = part.upper.astype(np.float64), part.lower.astype(np.float64)
    np.minimum.at(new_upper, columns[up], np.floor(most[up] + TOLERANCE))
    np.minimum.at(new_upper, columns[down], np.floor(least[down] + TOLERANCE))
    np.maximum.at(new_lower, columns[up], np.ceil(least[up] - TOLERANCE))
    np.maximum.at(new_lower, columns[down], np.ceil(most[down] - TOLERANCE))
    lower[part.free] = new_lower.astype(np.int64)
    upper[part.free] = new_upper.astype(np.int64)
    return bool(np.any(new_lower >= new_upper))
