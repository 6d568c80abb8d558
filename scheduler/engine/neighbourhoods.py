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

#: Share of a group around an open place that can fill it.
ABLE = 0.9


class Neighbourhoods:
    """Draws sets of residents of three kinds.

    ``around``: those for whom a relaxation disagrees with the standing, most first.
    ``open``: people who could fill or leave a place that is missed, and others.
    ``anyone``: residents, those who pay for something now more often.
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
        self, row: int, size: int, margin: int, busy: Collection[int] = ()
    ) -> tuple[Integers, Integers]:
        """Residents most of whom can change the missed ``row``, none of them ``busy``.

        What they decide in its weeks, and in ``margin`` weeks around these, comes with them.
        """
        arrays, owner = self._structure.arrays, self._structure.owner
        columns = arrays.matrix.indices[arrays.matrix.indptr[row] : arrays.matrix.indptr[row + 1]]
        able = np.unique(owner[columns])
        able = np.setdiff1d(able, [NOBODY, *busy])
        some = self._random.permutation(able)[: max(1, round(size * ABLE))]
        idle = np.setdiff1d(self._structure.residents, [*busy])
        others = self._random.permutation(idle)[: size - len(some)]
        residents = np.union1d(some, others)
        return residents, self._in_weeks_of(columns, residents, margin)

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

    def _paying(self, standing: Standing) -> npt.NDArray[np.float64]:
        """What each resident's own columns cost now, where that is a cost."""
        structure = self._structure
        costs = np.maximum(structure.arrays.cost * standing.values, 0)
        owned = structure.owner != NOBODY
        size = int(structure.residents.max(initial=0)) + 1
        totals = np.bincount(structure.owner[owned], costs[owned], size)
        return np.asarray(totals[structure.residents], dtype=np.float64)
