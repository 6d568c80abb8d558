"""Neighbourhoods: whose years to solve again together, around where the search stands.

It knows the structure and the standing; no rule and no solver.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt

from scheduler.engine.columns import NOBODY
from scheduler.engine.standing import Standing
from scheduler.engine.structure import Structure
from scheduler.model.linear import Floats, Integers

#: Weeks that are decided together for many residents.
WIDTH = 8
#: Share of a group around an open place that can fill it.
ABLE = 0.9


class Neighbourhoods:
    """Draws sets of residents of four kinds.

    ``around``: those for whom a relaxation disagrees with the standing, most first.
    ``open``: people who could fill or leave a place that is missed, and others.
    ``anyone``: residents, those who pay for something now more often.
    ``weeks``: the same, with some consecutive weeks.
    """

    def __init__(self, structure: Structure, random: np.random.Generator) -> None:
        self._structure = structure
        self._random = random

    def around(self, distance: Floats, size: int) -> Integers:
        """The ``size`` residents with most ``distance``; anyone where they are fewer."""
        residents = self._structure.residents
        order = residents[np.argsort(-distance[residents], kind="stable")]
        far = order[distance[order] > 0.5][:size]
        others = np.setdiff1d(residents, far)
        some = self._random.permutation(others)[: max(0, size - len(far))]
        return np.concatenate([far, some])

    def open(
        self, standing: Standing, row: int, size: int, margin: int, busy: Collection[int] = ()
    ) -> tuple[Integers, Integers]:
        """Residents most of whom can change the missed ``row``, none of them ``busy``.

        Those who can mend it come first, where they are few: of a place with one
        too many, whoever is there.  What all of them decide in its weeks, and in
        ``margin`` weeks around these, comes with them.
        """
        arrays, owner = self._structure.arrays, self._structure.owner
        columns = arrays.matrix.indices[arrays.matrix.indptr[row] : arrays.matrix.indptr[row + 1]]
        mending = self._some_of(owner[standing.mending(row)], max(1, size // 2), busy)
        able = self._some_of(owner[columns], max(1, round(size * ABLE)) - len(mending), busy)
        some = np.union1d(mending, able)
        others = self._some_of(self._structure.residents, size - len(some), busy)
        residents = np.union1d(some, others)
        return residents, self._in_weeks_of(columns, residents, margin)

    def _some_of(self, residents: Integers, count: int, busy: Collection[int]) -> Integers:
        """At most ``count`` of these residents, none of them ``busy``."""
        free = np.setdiff1d(residents, [NOBODY, *busy])
        return np.asarray(self._random.permutation(free)[: max(0, count)], dtype=np.int64)

    def _in_weeks_of(self, columns: Integers, residents: Integers, margin: int) -> Integers:
        """What ``residents`` decide in the weeks of ``columns``, sometimes just around them."""
        weeks = self._structure.week_of[columns]
        weeks = weeks[weeks >= 0]
        if not len(weeks):
            return columns
        guided, week = self._structure.chosen.guided, self._structure.chosen.week
        inside = (week >= weeks.min() - margin) & (week <= weeks.max() + margin)
        inside &= np.isin(self._structure.owner[guided], residents)
        return np.asarray(guided[inside], dtype=np.int64)

    def anyone(self, standing: Standing, size: int) -> Integers:
        """Residents drawn by what their years cost now."""
        residents = self._structure.residents
        paying = self._paying(standing)
        weight = 1.0 + 3.0 * paying / max(1.0, float(paying.max(initial=0.0)))
        count = min(size, len(residents))
        chances = weight / weight.sum()
        return self._random.choice(residents, size=count, replace=False, p=chances)

    def weeks(self, standing: Standing, size: int) -> tuple[Integers, Integers]:
        """Residents as of ``anyone``, and what they decide in WIDTH consecutive weeks."""
        residents = self.anyone(standing, size)
        guided, week = self._structure.chosen.guided, self._structure.chosen.week
        first = int(self._random.integers(1 - WIDTH // 2, max(2, int(week.max()) + 1 - WIDTH // 2)))
        inside = (week >= first) & (week < first + WIDTH)
        inside &= np.isin(self._structure.owner[guided], residents)
        return residents, np.asarray(guided[inside], dtype=np.int64)

    def _paying(self, standing: Standing) -> npt.NDArray[np.float64]:
        """What each resident's own columns cost now, where that is a cost."""
        structure = self._structure
        costs = np.maximum(structure.arrays.cost * standing.values, 0)
        owned = structure.owner != NOBODY
        size = int(structure.residents.max(initial=0)) + 1
        totals = np.bincount(structure.owner[owned], costs[owned], size)
        return np.asarray(totals[structure.residents], dtype=np.float64)
