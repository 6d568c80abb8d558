"""A linear model in arrays: integer columns, ranged rows, integer coefficients.

It knows nothing of residents, and no solver: the engine translates it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain, repeat
from math import gcd

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

#: A bound that never binds; far above any amount of days in a year's schedule.
UNBOUNDED = 1 << 40

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


class Sum:
    """A linear expression: column index -> integer coefficient, and a constant."""

    __slots__ = ("constant", "terms")

    def __init__(self, terms: dict[int, int] | None = None, constant: int = 0) -> None:
        self.terms: dict[int, int] = terms if terms is not None else {}
        self.constant = constant

    @classmethod
    def of(cls, sums: Iterable[Sum]) -> Sum:
        """The sum of all ``sums``."""
        total = cls()
        for one in sums:
            total.add(one)
        return total

    @classmethod
    def weighted(cls, sums: Iterable[tuple[Sum, int]]) -> Sum:
        """The sum of all that ``sums`` give, each as often as they say."""
        total = cls()
        for one, times in sums:
            total.add(one, times)
        return total

    def add(self, other: Sum, times: int = 1) -> Sum:
        """Add ``times`` x ``other`` to this sum, in place."""
        terms, more = self.terms, other.terms
        if times == 1 and terms.keys().isdisjoint(more):  # nearly always, and far faster
            terms.update(more)
        else:
            for column, coefficient in more.items():
                terms[column] = terms.get(column, 0) + times * coefficient
        self.constant += times * other.constant
        return self

    def count(self, columns: Iterable[int], times: int = 1) -> Sum:
        """Add ``times`` x each of ``columns`` to this sum, in place."""
        terms = self.terms
        for column in columns:
            terms[column] = terms.get(column, 0) + times
        return self

    def copy(self) -> Sum:
        return Sum(dict(self.terms), self.constant)

    def __bool__(self) -> bool:
        return bool(self.terms) or self.constant != 0


@dataclass(frozen=True)
class Arrays:
    """A model as arrays: minimise ``cost`` x subject to row and column bounds."""

    cost: Floats
    lower: Floats
    upper: Floats
    matrix: csr_matrix
    row_lower: Floats
    row_upper: Floats

    @property
    def columns(self) -> int:
        return len(self.cost)


@dataclass
class LinearModel:
    """Columns and rows as they are posted; equal rows are kept once.

    ``totals`` are columns that one row keeps below a sum, and other rows above
    something that is rounded: their upper bounds are worth tightening.
    """

    lower: list[int] = field(default_factory=list)
    upper: list[int] = field(default_factory=list)
    cost: list[int] = field(default_factory=list)
    row_columns: list[Sequence[int]] = field(default_factory=list)
    row_coefficients: list[Sequence[int]] = field(default_factory=list)
    row_lower: list[int] = field(default_factory=list)
    row_upper: list[int] = field(default_factory=list)
    infeasible: list[str] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    _seen: set[tuple[object, ...]] = field(default_factory=set)

    def column(self, lower: int, upper: int, cost: int = 0) -> int:
        """Add an integer column; returns its index."""
        self.lower.append(lower)
        self.upper.append(upper)
        self.cost.append(cost)
        return len(self.lower) - 1

    def columns(self, count: int, lower: int, upper: int) -> range:
        """Add so many integer columns with the same bounds; returns their indices."""
        first = len(self.lower)
        self.lower.extend(repeat(lower, count))
        self.upper.extend(repeat(upper, count))
        self.cost.extend(repeat(0, count))
        return range(first, first + count)

    def row(self, total: Sum, lower: int = -UNBOUNDED, upper: int = UNBOUNDED) -> None:
        """Require ``lower <= total <= upper``; rows without columns must hold by themselves."""
        terms = total.terms
        if 0 in terms.values():
            terms = {c: k for c, k in terms.items() if k}
        columns, coefficients = tuple(terms), tuple(terms.values())
        # An unbounded side stays exactly unbounded: no constant may move it.
        lower = lower - total.constant if lower > -UNBOUNDED else -UNBOUNDED
        upper = upper - total.constant if upper < UNBOUNDED else UNBOUNDED
        if not columns:
            if lower > 0 or upper < 0:
                self.infeasible.append(f"a row without columns: {lower} <= 0 <= {upper}")
            return
        divisor = gcd(*coefficients)
        if divisor > 1:
            coefficients = tuple([k // divisor for k in coefficients])
            lower = lower if lower <= -UNBOUNDED else -(-lower // divisor)
            upper = upper if upper >= UNBOUNDED else upper // divisor
        key = (columns, coefficients, lower, upper)
        if key in self._seen:
            return
        self._seen.add(key)
        self.row_columns.append(columns)
        self.row_coefficients.append(coefficients)
        self.row_lower.append(lower)
        self.row_upper.append(upper)

    def forget_rows(self) -> None:
        """Drop the rows once they stand in arrays; a year's rows are millions of small objects."""
        for kept in (self.row_columns, self.row_coefficients, self.row_lower, self.row_upper):
            kept.clear()
        self._seen.clear()

    def arrays(self) -> Arrays:
        """This model as floating-point arrays (infinite where unbounded)."""
        lengths = list(map(len, self.row_columns))
        pointers = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
        entries = pointers[-1]
        flat = np.fromiter(chain.from_iterable(self.row_columns), np.int64, entries)
        data = np.fromiter(chain.from_iterable(self.row_coefficients), np.float64, entries)
        shape = (len(lengths), len(self.lower))
        return Arrays(
            cost=np.array(self.cost, dtype=np.float64),
            lower=_bounded(self.lower),
            upper=_bounded(self.upper),
            matrix=csr_matrix((data, flat, pointers), shape=shape),
            row_lower=_bounded(self.row_lower),
            row_upper=_bounded(self.row_upper),
        )


def _bounded(values: list[int]) -> Floats:
    """``values`` as floats, with the never-binding bounds made infinite."""
    array = np.array(values, dtype=np.float64)
    array[array >= UNBOUNDED] = np.inf
    array[array <= -UNBOUNDED] = -np.inf
    return array
