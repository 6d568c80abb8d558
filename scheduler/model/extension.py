"""More columns and rows that only relaxations get: what a model says already, said more tightly.

Every answer of the model goes with some values of these columns, at its own cost; so
nothing is lost, and a bound that counts them holds.  Whoever searches for schedules is
spared them (an extended formulation, in the literature's words).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.sparse import csr_matrix, hstack, vstack

from scheduler.model.linear import UNBOUNDED, Arrays, Sum


class Extension:
    """Its own columns are 0 to 1, cost nothing, and count down from -1 in sums, so that the
    model may still grow."""

    def __init__(self) -> None:
        self._columns = 0
        self._rows: list[tuple[dict[int, int], float, float]] = []

    def column(self) -> Sum:
        """A fresh column of this extension, as a sum."""
        self._columns += 1
        return Sum({-self._columns: 1})

    def row(self, total: Sum, lower: int = -UNBOUNDED, upper: int = UNBOUNDED) -> None:
        """Require ``lower <= total <= upper``; ``total`` may hold columns of the model too."""
        low = lower - total.constant if lower > -UNBOUNDED else -np.inf
        high = upper - total.constant if upper < UNBOUNDED else np.inf
        terms = {column: k for column, k in total.terms.items() if k}
        if terms:
            self._rows.append((terms, low, high))

    def onto(self, arrays: Arrays) -> Arrays:
        """``arrays`` of the model with this extension's columns and rows after its own."""
        if not self._rows:
            return arrays
        size = arrays.columns + self._columns
        lengths = [len(terms) for terms, _, _ in self._rows]
        entries = sum(lengths)
        flat = (column for terms, _, _ in self._rows for column in terms)
        columns = np.fromiter(flat, np.int64, entries)
        columns = np.where(columns < 0, arrays.columns - 1 - columns, columns)
        factors = (k for terms, _, _ in self._rows for k in terms.values())
        data = np.fromiter(factors, np.float64, entries)
        pointers = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
        rows = csr_matrix((data, columns, pointers), shape=(len(lengths), size))
        without = csr_matrix((arrays.matrix.shape[0], self._columns))
        return replace(
            arrays,
            cost=np.concatenate([arrays.cost, np.zeros(self._columns)]),
            lower=np.concatenate([arrays.lower, np.zeros(self._columns)]),
            upper=np.concatenate([arrays.upper, np.ones(self._columns)]),
            matrix=vstack([hstack([arrays.matrix, without]), rows]).tocsr(),
            row_lower=np.concatenate([arrays.row_lower, [low for _, low, _ in self._rows]]),
            row_upper=np.concatenate([arrays.row_upper, [high for _, _, high in self._rows]]),
        )
