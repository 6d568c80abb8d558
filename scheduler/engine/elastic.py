"""A model whose coupling rows may be missed at a price: where a search can always stand.

A row that couples several residents (a service's staffing, a cap) gets slack
columns.  An answer without slack is an answer of the model itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_matrix, hstack

from scheduler.engine.columns import NOBODY
from scheduler.model.linear import Arrays, Floats, Integers

#: Price of one missed unit, as a multiple of the dearest column.
PRICE = 5.0
#: Most units one row may be missed by.
MOST_MISSED = 1_000.0


@dataclass(frozen=True)
class Elastic:
    """``arrays`` with slack columns behind the ``columns`` of the model itself.

    ``coupling`` are the rows that have slack; ``owner`` names the resident each
    column belongs to, helpers included where their rows tell.
    """

    arrays: Arrays
    columns: int
    coupling: Integers
    slack_rows: Integers
    owner: Integers

    def missed(self, values: Integers) -> int:
        """Units of coupling rows that ``values`` miss."""
        return int(values[self.columns :].sum())

    def missed_rows(self, values: Integers) -> Integers:
        """The coupling rows that ``values`` miss."""
        return self.slack_rows[values[self.columns :] > 0]

    @cached_property
    def plain_upper(self) -> Integers:
        """Column upper bounds in which no row may be missed."""
        upper = self.arrays.upper.astype(np.int64)
        upper[self.columns :] = 0
        return upper


def elastic(arrays: Arrays, owner: Integers) -> Elastic:
    """Give every row that couples residents a slack column on each bounded side."""
    matrix = arrays.matrix.tocsr()
    owner = spread_owner(matrix, owner)
    coupling = np.flatnonzero(row_owner(matrix, owner) == NOBODY)
    low = coupling[np.isfinite(arrays.row_lower[coupling])]
    high = coupling[np.isfinite(arrays.row_upper[coupling])]
    slack_rows = np.concatenate([low, high])
    signs = np.concatenate([np.ones(len(low)), -np.ones(len(high))])
    count = len(slack_rows)
    slack = csr_matrix((signs, (slack_rows, np.arange(count))), shape=(matrix.shape[0], count))
    price = PRICE * float(np.max(arrays.cost, initial=1.0))
    return Elastic(
        arrays=Arrays(
            cost=_with(arrays.cost, price, count),
            lower=_with(arrays.lower, 0.0, count),
            upper=_with(arrays.upper, MOST_MISSED, count),
            matrix=hstack([matrix, slack]).tocsr(),
            row_lower=arrays.row_lower,
            row_upper=arrays.row_upper,
        ),
        columns=arrays.columns,
        coupling=coupling,
        slack_rows=slack_rows,
        owner=np.concatenate([owner, np.full(count, NOBODY)]),
    )


def _with(values: Floats, value: float, count: int) -> Floats:
    return np.concatenate([values, np.full(count, value)])


def row_owner(matrix: csr_matrix, owner: Integers) -> Integers:
    """The one resident whose columns each row has; NOBODY where there are several or none."""
    found = owner[matrix.indices]
    filled = np.flatnonzero(np.diff(matrix.indptr))
    starts = matrix.indptr[filled]
    first = np.minimum.reduceat(np.where(found == NOBODY, np.iinfo(np.int64).max, found), starts)
    last = np.maximum.reduceat(found, starts)
    result = np.full(matrix.shape[0], NOBODY, dtype=np.int64)
    result[filled] = np.where(first == last, last, NOBODY)
    return result


def spread_owner(matrix: csr_matrix, owner: Integers) -> Integers:
    """Give helper columns to the resident whose rows alone they stand in, chain by chain."""
    owner = owner.copy()
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    while True:
        of_row = row_owner(matrix, owner)[rows]
        taken = (of_row != NOBODY) & (owner[matrix.indices] == NOBODY)
        if not taken.any():
            return owner
        owner[matrix.indices[taken]] = of_row[taken]
