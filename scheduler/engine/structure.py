"""Whose each column of a model is, and which rows couple several residents.

It knows arrays and owners; no rule and no solver.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from scheduler.engine.columns import NOBODY, Decisions
from scheduler.model.linear import Arrays, Integers

Mask = npt.NDArray[np.bool_]

#: The smallest owner of a row or column that has none.
NONE_YET = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Structure:
    """``owner`` of every column (helpers included where their rows tell; NOBODY: shared), and
    the ``coupling`` rows: those of several residents, or with shared columns.

    ``sharper`` is the same model with further columns and rows for its bound, after its own.
    """

    arrays: Arrays
    chosen: Decisions
    owner: Integers
    coupling: Mask
    sharper: Arrays

    @cached_property
    def columns_of(self) -> dict[int, Integers]:
        """Every resident's columns, by resident index."""
        return grouped(self.owner)

    @cached_property
    def residents(self) -> Integers:
        """The residents who have decisions, by index."""
        return np.unique(self.owner[self.chosen.guided])

    @cached_property
    def of_sharper(self) -> Structure:
        """The structure of the sharper model."""
        if self.sharper is self.arrays:
            return self
        more = np.full(self.sharper.columns - self.arrays.columns, NOBODY)
        owner = _spread(self.sharper.matrix, np.concatenate([self.owner, more]))
        # What is nobody's stays so, or the two models would not fall apart alike.
        owner[: len(self.owner)] = self.owner
        coupling = _coupling(self.sharper.matrix, owner)
        return Structure(self.sharper, self.chosen, owner, coupling, self.sharper)

    @cached_property
    def is_guided(self) -> Mask:
        mask = np.zeros(self.arrays.columns, dtype=bool)
        mask[self.chosen.guided] = True
        return mask

    @cached_property
    def week_of(self) -> Integers:
        """The week index each decision begins in; -1 for all other columns."""
        weeks = np.full(self.arrays.columns, -1, dtype=np.int64)
        weeks[self.chosen.guided] = self.chosen.week
        return weeks

    @cached_property
    def loose(self) -> Integers:
        """Columns that follow from others in the rows they share: shared helpers, and slack
        that stands in one row only."""
        degree = np.bincount(self.arrays.matrix.indices, minlength=self.arrays.columns)
        slack = (degree == 1) & ~self.is_guided
        return np.flatnonzero(slack | (self.owner == NOBODY))

    @cached_property
    def is_loose(self) -> Mask:
        mask = np.zeros(self.arrays.columns, dtype=bool)
        mask[self.loose] = True
        return mask


def structure_of(arrays: Arrays, chosen: Decisions, sharper: Arrays | None = None) -> Structure:
    """Find the owners of all columns and the rows that couple residents."""
    owner = _spread(arrays.matrix, chosen.owner)
    return Structure(arrays, chosen, owner, _coupling(arrays.matrix, owner), sharper or arrays)


def _coupling(matrix: csr_matrix, owner: Integers) -> Mask:
    """The rows of several residents, or with columns of nobody."""
    low, high = _range(matrix, owner)
    shared = np.zeros(matrix.shape[0], dtype=bool)
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    shared[rows[owner[matrix.indices] == NOBODY]] = True
    return np.asarray(shared | (low != high))


def _spread(matrix: csr_matrix, owner: Integers) -> Integers:
    """Give helper columns to the one resident in whose own rows they stand, chain by chain."""
    owner = owner.copy()
    by_column = matrix.T.tocsr()
    while True:
        low, high = _range(matrix, owner)
        of_row = np.where((low == high) & (low < NONE_YET), low, NOBODY)
        low, high = _range(by_column, of_row)
        taken = (owner == NOBODY) & (low == high) & (low < NONE_YET)
        if not taken.any():
            return owner
        owner[taken] = low[taken]


def _range(matrix: csr_matrix, owner: Integers) -> tuple[Integers, Integers]:
    """Smallest and largest owner in each row, NOBODY left out; both NONE_YET without any."""
    found = owner[matrix.indices]
    filled = np.flatnonzero(np.diff(matrix.indptr))
    starts = matrix.indptr[filled]
    low = np.full(matrix.shape[0], NONE_YET, dtype=np.int64)
    high = low.copy()
    low[filled] = np.minimum.reduceat(np.where(found == NOBODY, NONE_YET, found), starts)
    top = np.maximum.reduceat(found, starts)
    high[filled] = np.where(low[filled] == NONE_YET, NONE_YET, top)
    return low, high


def grouped(owner: Integers) -> dict[int, Integers]:
    """Indices by owner, NOBODY left out."""
    order = np.argsort(owner, kind="stable")
    values, starts = np.unique(owner[order], return_index=True)
    pieces = np.split(order, starts)[1:]
    return {int(v): piece for v, piece in zip(values, pieces, strict=True) if v != NOBODY}
