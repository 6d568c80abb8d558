"""Neighbourhoods: which columns to free around the best answer, the rest kept as it is.

It knows arrays, owners and weeks of columns; no rule and no solver.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scheduler.engine.columns import NOBODY, Decisions
from scheduler.engine.elastic import Elastic
from scheduler.model.linear import Integers

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Neighbourhood:
    """Column bounds that free some decisions around an answer, and what kind it is."""

    kind: str
    lower: Integers
    upper: Integers


class Neighbourhoods:
    """Draws neighbourhoods of three kinds.

    ``places``: people who could fill or leave places that are missed, and others.
    ``people``: residents, those who pay for something now more often.
    ``weeks``: everybody, in a stretch of the year.
    """

    def __init__(self, model: Elastic, chosen: Decisions, seed: int) -> None:
        self._model = model
        self._guided = chosen.guided
        self._week = chosen.week
        self._guided_owner = model.owner[chosen.guided]
        self._residents = np.unique(self._guided_owner)
        self._random = np.random.default_rng(seed)
        pattern = model.arrays.matrix.copy()
        pattern.data = np.ones_like(pattern.data)
        self._rows = pattern.tocsr()
        self._columns = pattern.T.tocsr()
        self._helper = np.ones(model.arrays.columns, dtype=bool)
        self._helper[chosen.guided] = False

    def draw(self, values: Integers, upper: Integers, size: int) -> Neighbourhood:
        """Free about ``size`` residents' years, or as much in weeks, within ``upper``."""
        missed = self._model.missed_rows(values)
        if len(missed):
            kind, freed = "places", self._places(missed, size)
        elif self._random.random() < 0.6:
            kind, freed = "people", self._people(values, size)
        else:
            kind, freed = "weeks", self._weeks(size)
        free = np.zeros(len(values), dtype=bool)
        free[freed] = True
        free |= self._helpers_of(free)
        lower = np.where(free, self._model.arrays.lower, values).astype(np.int64)
        return Neighbourhood(kind, lower, np.where(free, np.maximum(upper, values), values))

    def _places(self, missed: Integers, size: int) -> Integers:
        row = self._random.choice(missed)
        columns = self._rows.indices[self._rows.indptr[row] : self._rows.indptr[row + 1]]
        able = np.unique(self._model.owner[columns])
        able = able[able != NOBODY]
        some = self._random.permutation(able)[: max(1, size * 2 // 3)]
        others = self._random.permutation(self._residents)[: max(1, size // 3)]
        return self._of(np.union1d(some, others))

    def _people(self, values: Integers, size: int) -> Integers:
        paying = self._paying(values)
        weight = 1.0 + 3.0 * paying / max(1.0, float(paying.max(initial=0.0)))
        picked = self._random.choice(
            self._residents,
            size=min(size, len(self._residents)),
            replace=False,
            p=weight / weight.sum(),
        )
        return self._of(picked)

    def _weeks(self, size: int) -> Integers:
        total = int(self._week.max(initial=0)) + 1
        length = max(4, total * size // max(1, len(self._residents)))
        first = int(self._random.integers(0, max(1, total - length + 1)))
        inside = (self._week >= first) & (self._week < first + length)
        return np.asarray(self._guided[inside], dtype=np.int64)

    def _of(self, residents: Integers) -> Integers:
        return np.asarray(self._guided[np.isin(self._guided_owner, residents)], dtype=np.int64)

    def _paying(self, values: Integers) -> npt.NDArray[np.float64]:
        """What each resident's own helper columns cost now."""
        costs = self._model.arrays.cost * values
        owned = self._model.owner != NOBODY
        size = int(self._residents.max(initial=0)) + 1
        totals = np.bincount(self._model.owner[owned], np.maximum(costs[owned], 0), size)
        return np.asarray(totals[self._residents], dtype=np.float64)

    def _helpers_of(self, free: Mask) -> Mask:
        """Helper and slack columns that the free columns may move, through any chain of rows."""
        found = np.zeros_like(free)
        frontier = free
        while True:
            rows = self._rows @ frontier.astype(np.float64) > 0
            columns = self._columns @ rows.astype(np.float64) > 0
            frontier = columns & self._helper & ~found
            if not frontier.any():
                return found
            found |= frontier
