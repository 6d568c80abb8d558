"""Which week of vacation is somebody's first, second ...: what the relaxation mixes up otherwise.

A relaxation is content where half of a year's vacations are far apart if those of the
other half lie in between.  Told apart by their number, the weeks of one half cannot fill
the gaps of the other.  So many columns are for relaxations only (see ``Extension``).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from scheduler.model.extension import Extension
from scheduler.model.linear import Sum

#: Up to so many weeks of vacation are told apart: each is a column for every week of the year.
MOST = 6


@dataclass(frozen=True)
class _Gap:
    resident: int
    taken: dict[int, Sum]
    apart: int
    missed: Sum | None


class VacationOrders:
    """Collects what rules say of everybody's vacation, and states it by the order of weeks.

    Residents are indices; ``weeks`` are indices of weeks that may be vacation.
    """

    def __init__(self, extension: Extension) -> None:
        self._extension = extension
        self._limits: dict[int, list[tuple[frozenset[int], int]]] = defaultdict(list)
        self._granted: dict[int, list[tuple[tuple[int, ...], Sum]]] = defaultdict(list)
        self._gaps: list[_Gap] = []

    def at_most(self, resident: int, weeks: Collection[int], most: int) -> None:
        """No more than ``most`` of ``weeks`` are vacation."""
        self._limits[resident].append((frozenset(weeks), most))

    def granted(self, resident: int, weeks: Sequence[int], column: Sum) -> None:
        """Where ``column`` is 1, all of ``weeks`` are vacation."""
        self._granted[resident].append((tuple(sorted(set(weeks))), column))

    def apart(self, resident: int, taken: dict[int, Sum], apart: int, missed: Sum | None) -> None:
        """Between two weeks of vacation lie at most ``apart`` others, or as many more as are
        ``missed`` (None: no more)."""
        self._gaps.append(_Gap(resident, taken, apart, missed))

    def finish(self) -> None:
        """State it, where it is known how many weeks there are to tell apart."""
        orders: dict[tuple[int, tuple[int, ...]], _Order | None] = {}
        for gap in self._gaps:
            weeks = tuple(sorted(gap.taken))
            key = gap.resident, weeks
            if key not in orders:
                orders[key] = self._order(gap, weeks)
            order = orders[key]
            if order is not None:
                order.post_apart(gap.apart, gap.missed)

    def _order(self, gap: _Gap, weeks: tuple[int, ...]) -> _Order | None:
        limits = [most for those, most in self._limits[gap.resident] if those.issuperset(weeks)]
        most = min(limits, default=0)
        if not 2 <= most <= min(MOST, len(weeks)):
            return None
        order = _Order(self._extension, gap.taken, weeks, most)
        for those, column in self._granted[gap.resident]:
            order.post_granted(those, column)
        return order


class _Order:
    """``reached``: by number and place in ``weeks``, 1 if so many are vacation up to there."""

    def __init__(
        self, extension: Extension, taken: dict[int, Sum], weeks: tuple[int, ...], most: int
    ) -> None:
        self._extension = extension
        self._weeks = weeks
        self._most = most
        self._place = {week: place for place, week in enumerate(weeks)}
        self._columns = {
            (number, place): extension.column()
            for number in range(most)
            for place in range(number, len(weeks))
        }
        for place, week in enumerate(weeks):
            each = [self._is(number, place) for number in range(most)]
            for one in each:
                extension.row(one, lower=0)
            extension.row(Sum.of(each).add(taken[week], -1), lower=0, upper=0)
            for number in range(1, most):
                before = self.reached(number - 1, place - 1)
                extension.row(before.add(self.reached(number, place), -1), lower=0)

    def reached(self, number: int, place: int) -> Sum:
        """1 if more than ``number`` weeks up to ``place`` are vacation; a fresh sum."""
        column = self._columns.get((number, place))
        return Sum() if column is None else column.copy()

    def _is(self, number: int, place: int) -> Sum:
        """1 if the week at ``place`` is vacation, and so many are before it."""
        return self.reached(number, place).add(self.reached(number, place - 1), -1)

    def post_granted(self, weeks: tuple[int, ...], column: Sum) -> None:
        """Weeks in a row are some number and those that follow it; one alone is seen already."""
        in_a_row = all(later == week + 1 for week, later in pairwise(weeks))
        if len(weeks) < 2 or not in_a_row or any(week not in self._place for week in weeks):
            return
        first, last = self._place[weeks[0]], self._place[weeks[-1]]
        some = Sum()
        for number in range(self._most - len(weeks) + 1):
            here = self._extension.column()
            some.add(here)
            for one in (self._is(number, first), self._is(number + len(weeks) - 1, last)):
                self._extension.row(one.add(here, -1), lower=0)
        self._extension.row(some.add(column, -1), lower=0)

    def post_apart(self, apart: int, missed: Sum | None) -> None:
        """Each week by which one is farther than ``apart`` from the next counts as missed: one
        that has been reached, where the next, if there is one, comes only later than that."""
        excess = Sum()
        for number in range(self._most - 1):
            for (here, there), times in self._far(apart).items():
                following = self.reached(number + 1, len(self._weeks) - 1)
                late = self.reached(number, here).add(self.reached(number + 1, there), -1)
                late.add(following)
                if missed is not None:
                    far = self._extension.column()
                    excess.add(far, times)
                    late.add(far, -1)
                self._extension.row(late, upper=1)
        if missed is not None:
            self._extension.row(missed.copy().add(excess, -1), lower=0)

    def _far(self, apart: int) -> Counter[tuple[int, int]]:
        """Places of the latest weeks up to some week, and up to the last that is not too far from
        it; and for how many weeks these are the same."""
        weeks = self._weeks
        return Counter(
            (bisect_right(weeks, week) - 1, bisect_right(weeks, week + apart + 1) - 1)
            for week in range(weeks[0], weeks[-1] - apart - 1)
        )
