"""Where the search stands: a value for every column, and how far each coupling row is missed.

Every resident's own rows hold; rows that couple residents may be missed until
the search has closed them.  Threads take pieces out, solve them, and put them back.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_matrix, csr_matrix

from scheduler.engine.structure import Mask, Structure
from scheduler.model.linear import Floats, Integers

#: Rounding allowed in row activities.
TOLERANCE = 1e-6


@dataclass(frozen=True)
class Piece:
    """Some columns with every row they stand in.

    ``current`` are the columns' values, ``rest`` is what all other columns add
    to each row, ``open_rows`` marks the rows that may be missed at a price.
    """

    columns: Integers
    rows: Integers
    matrix: csr_matrix
    current: Floats
    rest: Floats
    open_rows: Mask


class Standing:
    """Values of all columns, shared by threads; ``prices``: of a missed unit of each row."""

    def __init__(self, structure: Structure, values: Floats, price: float) -> None:
        arrays = structure.arrays
        self.structure = structure
        self.prices = np.full(arrays.matrix.shape[0], price)
        self._arrays = arrays
        self._by_column = arrays.matrix.tocsc()
        self._coupling = np.flatnonzero(structure.coupling)
        self._loose = structure.loose
        self._loose_rows = arrays.matrix[:, self._loose].tocsr()
        self._lock = threading.Lock()
        #: Once nothing is missed, nothing may be missed again.
        self.valid = False
        self.values = values.astype(np.float64)
        self._activity = np.asarray(arrays.matrix @ self.values)

    # -- what stands now -------------------------------------------------------------------

    def missed_rows(self) -> Integers:
        """The coupling rows that are missed."""
        amount = self._amounts(self._coupling, self._activity[self._coupling])
        return np.asarray(self._coupling[amount > TOLERANCE], dtype=np.int64)

    def mending(self, row: int) -> Integers:
        """The columns of a missed ``row`` that can move so that it is missed by less."""
        matrix = self._arrays.matrix
        here = slice(matrix.indptr[row], matrix.indptr[row + 1])
        columns, factor = matrix.indices[here], matrix.data[here]
        short = self._activity[row] < self._arrays.row_lower[row]
        rising = (factor > 0) == short
        values = self.values[columns]
        room = np.where(
            rising, self._arrays.upper[columns] - values, values - self._arrays.lower[columns]
        )
        return np.asarray(columns[room > TOLERANCE], dtype=np.int64)

    def missed(self) -> int:
        """Units by which coupling rows are missed, in all."""
        amount = self._amounts(self._coupling, self._activity[self._coupling])
        return round(float(amount.sum()))

    def distance(self, values: Floats) -> Floats:
        """How far each resident's decisions are from ``values`` (of all columns), by index."""
        guided, residents = self.structure.chosen.guided, self.structure.residents
        apart = np.abs(values[guided] - self.values[guided])
        size = int(residents.max(initial=0)) + 1
        owners = self.structure.owner[guided]
        return np.asarray(np.bincount(owners, apart, size), dtype=np.float64)

    def cost(self) -> int:
        """Cost of the values, misses left out."""
        return round(float(self._arrays.cost @ self.values))

    def snapshot(self) -> Integers:
        """The values now, as integers."""
        with self._lock:
            return np.rint(self.values).astype(np.int64)

    def place(self, columns: Integers, values: Floats) -> None:
        """Put ``values`` there, whatever they miss."""
        with self._lock:
            self.values[columns] = values
            self._activity = np.asarray(self._arrays.matrix @ self.values)

    def reprice(self, price: float) -> None:
        """One price for a missed unit of any row."""
        self.prices = np.full(len(self.prices), price)

    def press(self, row: int, factor: float, most: float) -> None:
        """Make a missed unit of ``row`` dearer: the miss moves to where it is cheaper, and
        perhaps easier to close."""
        self.prices[row] = min(most, factor * self.prices[row])

    # -- pieces ----------------------------------------------------------------------------

    def piece(self, columns: Integers) -> Piece:
        """Take out ``columns`` and the loose columns that must be able to follow them."""
        columns = self._with_loose(columns)
        matrix = self._by_column[:, columns]
        rows = _distinct(matrix.indices, len(self._activity))
        index = np.empty(len(self._activity), dtype=np.int64)
        index[rows] = np.arange(len(rows))
        shape = (len(rows), len(columns))
        local = csc_matrix((matrix.data, index[matrix.indices], matrix.indptr), shape=shape).tocsr()
        with self._lock:
            current = self.values[columns]
            rest = self._activity[rows] - local @ current
        return Piece(columns, rows, local, current, rest, self.structure.coupling[rows])

    def take(self, piece: Piece, values: Floats) -> bool:
        """Put a solved piece back if it is no worse as things stand now; whether it was."""
        moved = values - piece.current
        with self._lock:
            if not np.array_equal(self.values[piece.columns], piece.current):
                return False
            before = self._activity[piece.rows]
            after = before + piece.matrix @ moved
            if not self._better(piece, moved, before, after):
                return False
            self.values[piece.columns] = values
            self._activity[piece.rows] = after
            return True

    def put(self, piece: Piece, values: Floats) -> None:
        """Put a piece back as it is now, whatever it misses."""
        with self._lock:
            moved = values - self.values[piece.columns]
            self.values[piece.columns] = values
            self._activity[piece.rows] += piece.matrix @ moved

    def _better(self, piece: Piece, moved: Floats, before: Floats, after: Floats) -> bool:
        """No dearer with misses priced; and where rows are kept, they stay kept by others too."""
        rows = piece.rows
        own = ~piece.open_rows
        if np.any(self._amounts(rows[own], after[own]) > TOLERANCE):
            return False
        missed = self._amounts(rows, after) - self._amounts(rows, before)
        if self.valid and missed.sum() > TOLERANCE:
            return False
        change = float(self._arrays.cost[piece.columns] @ moved + self.prices[rows] @ missed)
        return change <= TOLERANCE

    def _amounts(self, rows: Integers, activity: Floats) -> Floats:
        low = np.maximum(self._arrays.row_lower[rows] - activity, 0.0)
        return np.asarray(low + np.maximum(activity - self._arrays.row_upper[rows], 0.0))

    def _with_loose(self, columns: Integers) -> Integers:
        """``columns`` and the loose ones in their rows, through any chain of loose columns."""
        if not len(self._loose):
            return columns
        found = np.zeros(self._arrays.columns, dtype=bool)
        found[columns] = True
        frontier = columns
        while len(frontier):
            rows = _distinct(self._by_column[:, frontier].indices, len(self._activity))
            near = self._loose[_distinct(self._loose_rows[rows].indices, len(self._loose))]
            frontier = near[~found[near]]
            found[frontier] = True
        return np.flatnonzero(found)


def _distinct(indices: Integers, size: int) -> Integers:
    """Each of these indices below ``size`` once, in order."""
    there = np.zeros(size, dtype=bool)
    there[indices] = True
    return np.flatnonzero(there)
