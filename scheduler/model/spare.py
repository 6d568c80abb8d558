"""Names of backup that nothing asks for: a solver may name more people than any rule needs.

It knows no rule: a name is spare where no row of the model and no cost keeps it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from scheduler.model.linear import Arrays, Integers

#: Rows are sums of integers; a float this close to its bound is at it.
_CLOSE = 1e-6


def without_spare_names(
    arrays: Arrays, values: Integers, named: Mapping[tuple[int, int], int]
) -> Integers:
    """``values`` with fewest names: no row is newly missed and no cost rises.

    ``named`` is the column of every (resident index, week index).  Where one of
    several in a week is spare, the one who is named most often goes.
    """
    chosen = {key: column for key, column in named.items() if values[column]}
    if not chosen:
        return values
    names = _Names(arrays, values.copy())
    often = Counter(resident for resident, _ in chosen)
    for _, at_week in sorted(_by_week(chosen).items()):
        while spare := [key for key in at_week if names.is_spare(chosen[key])]:
            gone = max(spare, key=lambda key: (often[key[0]], key[0]))
            names.drop(chosen[gone])
            at_week.remove(gone)
            often[gone[0]] -= 1
    return names.values


def _by_week(chosen: Mapping[tuple[int, int], int]) -> dict[int, list[tuple[int, int]]]:
    found: dict[int, list[tuple[int, int]]] = {}
    for key in chosen:
        found.setdefault(key[1], []).append(key)
    return found


class _Names:
    """A solution from which single columns are lowered from 1 to 0."""

    def __init__(self, arrays: Arrays, values: Integers) -> None:
        self.values = values
        self._arrays = arrays
        self._by_column = arrays.matrix.tocsc()
        self._rows: npt.NDArray[np.float64] = arrays.matrix @ values

    def is_spare(self, column: int) -> bool:
        """Whether everything holds, and costs no more, without this column."""
        if self._arrays.lower[column] > 0 or self._arrays.cost[column] < 0:
            return False
        rows, coefficients = self._entries(column)
        left = self._rows[rows] - coefficients
        low, high = self._arrays.row_lower[rows], self._arrays.row_upper[rows]
        return bool(np.all(left >= low - _CLOSE) and np.all(left <= high + _CLOSE))

    def drop(self, column: int) -> None:
        rows, coefficients = self._entries(column)
        self._rows[rows] -= coefficients
        self.values[column] = 0

    def _entries(self, column: int) -> tuple[Integers, npt.NDArray[np.float64]]:
        one = slice(self._by_column.indptr[column], self._by_column.indptr[column + 1])
        return self._by_column.indices[one], self._by_column.data[one]
