"""Groups of residents to solve together: who, how many, where they may look and for how long.

It knows the structure, the standing and what relaxations used; no rule and no solver.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scheduler.engine.cpsat import Answer
from scheduler.engine.guide import Guide
from scheduler.engine.moves import Ended
from scheduler.engine.neighbourhoods import Neighbourhoods
from scheduler.engine.relaxation import Relaxation
from scheduler.engine.standing import Standing
from scheduler.engine.structure import Structure
from scheduler.model.linear import Floats, Integers

#: Seconds (or work) of one group (fewer around an open place: another group may be luckier), and
#: residents in it at first, at least and at most.
GROUP_SECONDS, OPEN_SECONDS = 3.0, 1.5
GROUP, LEAST_GROUP, MOST_GROUP = 16, 4, 120
#: How groups grow and shrink with being solved to their end or not.
GROWTH, SHRINKAGE = 1.08, 0.9
#: How many weeks around an open place a group may look beyond what relaxations use (measured:
#: the week itself closes most, twice as fast as the whole year; some need more), and the work
#: beyond which such groups do not grow: they find more by being many.
MARGINS, QUICK = (0, 0, 0, 1, 2, 4), 0.15
#: How often a group is one that the last relaxation would move: while places are open, and after.
AROUND_OPEN, AROUND = 0.5, 0.8


@dataclass(frozen=True)
class Group:
    """``residents`` (indices) with their ``columns``, the column bounds they may use, and the
    seconds (or work) it may take."""

    kind: str
    residents: Integers
    columns: Integers
    upper: Integers
    seconds: float


class Groups:
    """Draws groups for all threads of one search; sizes follow what is solved to its end."""

    def __init__(self, structure: Structure, guide: Guide) -> None:
        self._structure = structure
        self._guide = guide
        self._sizes: dict[str, float] = {}
        self._busy: set[int] = set()

    def size(self, kind: str) -> int:
        """How many residents a group of this kind has now."""
        return min(int(self._sizes.get(kind, GROUP)), len(self._structure.residents))

    def draw(
        self,
        standing: Standing,
        missed: Integers,
        view: Relaxation | None,
        distance: Floats | None,
        random: np.random.Generator,
    ) -> Group | None:
        """The next group; None where all who could help are in other threads' groups.

        ``missed`` are rows, ``distance`` says how far the ``view`` is from each
        resident's standing.
        """
        drawn = Neighbourhoods(self._structure, random)
        if distance is not None and random.random() < (AROUND_OPEN if len(missed) else AROUND):
            residents = drawn.around(distance, self.size("around"))
            return self._group("around", residents, self._near(standing, view, random))
        if not len(missed):
            residents = drawn.anyone(standing, self.size("anyone"))
            return self._group("anyone", residents, self._support(standing, view))
        margin = int(random.choice(MARGINS))
        kind = f"open {margin}"
        row = int(random.choice(missed))
        residents, free = drawn.open(row, self.size(kind), margin, self._busy)
        if not len(residents):
            return None
        upper = self._support(standing, view)
        upper[free] = self._structure.arrays.upper[free].astype(np.int64)
        return self._group(kind, residents, upper, OPEN_SECONDS)

    def ended(self, group: Group, ended: Ended) -> None:
        """Learn from how it went; its residents are free for other groups."""
        self._busy.difference_update(group.residents.tolist())
        done = ended.answer in (Answer.OPTIMAL, Answer.INFEASIBLE)
        if done and group.seconds < GROUP_SECONDS and ended.work >= QUICK:
            return
        size = self._sizes.get(group.kind, GROUP) * (GROWTH if done else SHRINKAGE)
        self._sizes[group.kind] = min(MOST_GROUP, max(LEAST_GROUP, size))

    def _group(
        self, kind: str, residents: Integers, upper: Integers, seconds: float = GROUP_SECONDS
    ) -> Group:
        self._busy.update(residents.tolist())
        columns = np.concatenate([self._structure.columns_of[int(one)] for one in residents])
        return Group(kind, residents, columns, upper, seconds)

    def _near(
        self, standing: Standing, view: Relaxation | None, random: np.random.Generator
    ) -> Integers:
        """Only between the standing and the relaxation, or wherever relaxations point."""
        if view is not None and random.random() < 0.5:
            return self._guide.crossing(standing.values, view.values)
        return self._support(standing, view)

    def _support(self, standing: Standing, view: Relaxation | None) -> Integers:
        return self._guide.upper(standing.values, None if view is None else view.values)
