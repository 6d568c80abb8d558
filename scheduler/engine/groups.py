"""Groups of residents to solve together: who, how many, where they may look and for how long.

It knows the structure, the standing and what relaxations used; no rule and no solver.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from scheduler.engine.guide import Guide
from scheduler.engine.moves import Ended
from scheduler.engine.neighbourhoods import Neighbourhoods
from scheduler.engine.searches import Answer
from scheduler.engine.standing import Standing
from scheduler.engine.structure import Structure
from scheduler.model.linear import Floats, Integers

#: Seconds (or work) of one group (fewer around an open place: another group may be luckier), and
#: residents in it at first, at least and at most.
GROUP_SECONDS, OPEN_SECONDS = 3.0, 1.5
GROUP, LEAST_GROUP, MOST_GROUP = 16, 4, 120
FIRST_SIZES = {"weeks": 60}
#: Residents around an open place (measured on 200 residents in two-week blocks, from three
#: standings with 10 to 16 open places: all closed by one thread in 5 s with 8, in 13 s with 16, in
#: 6 s with 6; growing does not help).
OPEN_GROUP = 8
#: How groups grow and shrink with being solved to their end or not.
GROWTH, SHRINKAGE = 1.08, 0.9
#: How many weeks around an open place a group may look beyond what relaxations use (measured:
#: the week itself closes most, twice as fast as the whole year; some need more).
MARGINS = (0, 0, 0, 1, 2, 4)
#: How often a group is one that the last relaxation would move: while places are open, and after.
AROUND_OPEN, AROUND = 0.5, 0.8
#: How often one of the other groups decides some weeks of many, not the year of a few (measured on
#: 200 residents in two-week blocks, from two first schedules: settings near this one were about 40
#: lower after 40 s than none, of 150 still to win).
SOME_WEEKS = 0.7


@dataclass(frozen=True)
class Group:
    """``residents`` (indices) with their ``columns``, the column bounds they may use, the
    seconds (or work) it may take, and the missed ``row`` it is about."""

    kind: str
    residents: Integers
    columns: Integers
    upper: Integers
    seconds: float
    row: int | None = None


class Groups:
    """Draws groups for all threads of one search; sizes follow what is solved to its end."""

    def __init__(self, structure: Structure, guide: Guide) -> None:
        self._structure = structure
        self._guide = guide
        self._sizes: dict[str, float] = {}
        self._busy: set[int] = set()

    def size(self, kind: str) -> int:
        """How many residents a group of this kind has now."""
        return min(int(self._size(kind)), len(self._structure.residents))

    def _size(self, kind: str) -> float:
        first = OPEN_GROUP if kind.startswith("open") else FIRST_SIZES.get(kind, GROUP)
        return self._sizes.get(kind, first)

    def draw(
        self,
        standing: Standing,
        missed: Integers,
        view: Floats | None,
        distance: Floats | None,
        random: np.random.Generator,
    ) -> Group | None:
        """The next group; None where all who could help are in other threads' groups.

        ``missed`` are rows, ``view`` is what a relaxation says of every column,
        ``distance`` how far that is from each resident's standing.
        """
        drawn = Neighbourhoods(self._structure, random)
        if distance is not None and random.random() < (AROUND_OPEN if len(missed) else AROUND):
            residents = drawn.around(distance, self.size("around"))
            return self._group("around", residents, self._near(standing, view, random))
        if not len(missed) and random.random() < SOME_WEEKS:
            return self._some_weeks(standing, drawn)
        if not len(missed):
            residents = drawn.anyone(standing, self.size("anyone"))
            return self._group("anyone", residents, self._support(standing, view))
        return self._around_place(standing, int(random.choice(missed)), view, drawn, random)

    def _around_place(
        self,
        standing: Standing,
        row: int,
        view: Floats | None,
        drawn: Neighbourhoods,
        random: np.random.Generator,
    ) -> Group | None:
        """People who can close a missed ``row``, free in its weeks."""
        margin = int(random.choice(MARGINS))
        kind = f"open {margin}"
        residents, free = drawn.open(standing, row, self.size(kind), margin, self._busy)
        if not len(residents):
            return None
        upper = self._support(standing, view)
        upper[free] = self._structure.arrays.upper[free].astype(np.int64)
        return replace(self._group(kind, residents, upper), seconds=OPEN_SECONDS, row=row)

    def _some_weeks(self, standing: Standing, drawn: Neighbourhoods) -> Group:
        """Some weeks of many residents' years, where they may do anything."""
        guided = self._structure.chosen.guided
        residents, free = drawn.weeks(standing, self.size("weeks"))
        on = standing.values[guided] >= 0.5
        on[np.isin(guided, free)] = True
        return self._group("weeks", residents, self._guide.only(on))

    def ended(self, group: Group, ended: Ended) -> None:
        """Learn from how it went; its residents are free for other groups."""
        self._busy.difference_update(group.residents.tolist())
        done = ended.answer in (Answer.OPTIMAL, Answer.INFEASIBLE)
        most = MOST_GROUP if group.row is None else OPEN_GROUP
        size = self._size(group.kind) * (GROWTH if done else SHRINKAGE)
        self._sizes[group.kind] = min(most, max(LEAST_GROUP, size))

    def _group(self, kind: str, residents: Integers, upper: Integers) -> Group:
        self._busy.update(residents.tolist())
        columns = np.concatenate([self._structure.columns_of[int(one)] for one in residents])
        return Group(kind, residents, columns, upper, GROUP_SECONDS)

    def _near(
        self, standing: Standing, view: Floats | None, random: np.random.Generator
    ) -> Integers:
        """Only between the standing and the relaxation, or wherever relaxations point."""
        if view is not None and random.random() < 0.5:
            return self._guide.crossing(standing.values, view)
        return self._support(standing, view)

    def _support(self, standing: Standing, view: Floats | None) -> Integers:
        return self._guide.upper(standing.values, view)
