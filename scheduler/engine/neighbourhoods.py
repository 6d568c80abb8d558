"""Neighbourhoods: whose years to solve again together, around where the search stands.

It knows the structure and the standing; no rule and no solver.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scheduler.engine.columns import NOBODY
from scheduler.engine.standing import Standing
from scheduler.engine.structure import Structure
from scheduler.model.linear import Floats, Integers

#: Share of a group around an open place that can fill it, and how many weeks around it they
#: may look beyond what relaxations use (measured: closes twice as fast as anywhere in the year).
ABLE, MARGINS = 0.9, (0, 0, 0, 1, 2)


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

    def open(self, missed: Integers, size: int) -> tuple[Integers, Integers]:
        """Residents most of whom can change one missed row; their decisions in its weeks."""
        arrays, owner = self._structure.arrays, self._structure.owner
        row = self._random.choice(missed)
        columns = arrays.matrix.indices[arrays.matrix.indptr[row] : arrays.matrix.indptr[row + 1]]
        able = np.unique(owner[columns])
        able = able[able != NOBODY]
        some = self._random.permutation(able)[: max(1, round(size * ABLE))]
        others = self._random.permutation(self._structure.residents)[: size - len(some)]
        residents = np.union1d(some, others)
        return residents, self._in_weeks_of(columns, residents)

    def _in_weeks_of(self, columns: Integers, residents: Integers) -> Integers:
        """What ``residents`` decide in the weeks of ``columns``, sometimes just around them."""
        weeks = self._structure.week_of[columns]
        weeks = weeks[weeks >= 0]
        if not len(weeks):
            return columns
        guided, week = self._structure.chosen.guided, self._structure.chosen.week
        margin = self._random.choice(MARGINS)
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
