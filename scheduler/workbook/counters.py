"""Counters: what one person's row adds up to, as live formulas with that person's limits.

A tally is a number of weeks on some codes in some parts; a ratio is one tally
over another; stays are counted by where they begin.  Limits come from the rules (``owed.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar, Protocol

from scheduler.problem.calendar import DAYS_IN_WEEK, Calendar
from scheduler.workbook.book import Formula
from scheduler.workbook.coverage import criterion

NO_LIMIT = 9999.0
#: The sides a limit may have; the soft ones only cost.
SIDES = ("least", "most", "soft least", "soft most")
_NO_LIMITS = {"least": 0.0, "most": NO_LIMIT, "soft least": 0.0, "soft most": NO_LIMIT}
_ALL = 100
#: Ratios are compared after rounding, so that 18 of 45 weeks is 40 percent everywhere.
_DIGITS = 6


@dataclass(frozen=True)
class Tally:
    """Weeks on codes; ``weights`` are (code, percent) pairs, ``parts`` those that count.

    ``held`` tallies count held cells (``held.py``) instead of the cells themselves.
    """

    weights: tuple[tuple[str, int], ...]
    parts: tuple[int, ...]
    held: bool = False

    @classmethod
    def of(cls, codes: Iterable[str], parts: Iterable[int], held: bool = False) -> Tally:
        return cls(tuple((code, _ALL) for code in sorted(codes)), tuple(sorted(parts)), held)

    def value(self, calendar: Calendar, row: Sequence[str]) -> float:
        """The weeks in one person's ``row`` of codes."""
        weights, days = dict(self.weights), calendar.part_days
        total = sum(days[p] * weights[row[p]] for p in self.parts if row[p] in weights)
        return _whole(total / _ALL / DAYS_IN_WEEK)

    def formula(self, ranges: Sequence[tuple[str, str]], value: float) -> Formula:
        """``ranges`` are (cells, days) of each run of parts.

        Where every part is a week, ``days`` is empty and the cells are simply counted.
        """
        total = "+".join(_weighted(ranges, code, percent) for code, percent in self.weights)
        total = total or "0"
        divided = f"=({total})/{DAYS_IN_WEEK}" if any(days for _, days in ranges) else f"={total}"
        return Formula(divided, value)


@dataclass(frozen=True)
class Ratio:
    """One tally over another, between 0 and 1; 0 where there is nothing below."""

    top: Tally
    bottom: Tally
    held: ClassVar[bool] = False

    def value(self, calendar: Calendar, row: Sequence[str]) -> float:
        below = self.bottom.value(calendar, row)
        return round(self.top.value(calendar, row) / below, _DIGITS) if below else 0

    @staticmethod
    def formula(top: str, bottom: str, value: float) -> Formula:
        """``top`` and ``bottom`` are the cells of the two tallies."""
        return Formula(f"=IF({bottom}>0,ROUND({top}/{bottom},{_DIGITS}),0)", value)


@dataclass(frozen=True)
class Stays:
    """The number of stays, each rotation by itself, in the blocks that ``parts`` touch.

    It is read from the standing cells of ``standing.py``.  Stays on the codes ``allowing``
    vacation go on behind blocks of it.
    """

    codes: tuple[str, ...]
    parts: tuple[int, ...]
    allowing: tuple[str, ...] = ()
    held: ClassVar[bool] = False


Count = Tally | Ratio | Stays


@dataclass
class Counter:
    """A column of counts; ``limits`` maps (resident index, side) to weeks or a ratio."""

    count: Count
    title: str
    limits: dict[tuple[int, str], float] = field(default_factory=dict)

    def tighten(self, resident: int, least: float | None, most: float | None, hard: bool) -> None:
        """Take one more rule's limits for ``resident``."""
        low, high = ("least", "most") if hard else ("soft least", "soft most")
        if least is not None and least > 0:
            self.limits[resident, low] = max(least, self.limit(resident, low))
        if most is not None:
            self.limits[resident, high] = min(most, self.limit(resident, high))

    def limit(self, resident: int, side: str) -> float:
        return self.limits.get((resident, side), _NO_LIMITS[side])

    @cached_property
    def sides(self) -> tuple[str, ...]:
        """The sides on which anybody has a limit, once all are known."""
        used = {side for _, side in self.limits}
        return tuple(side for side in SIDES if side in used)

    def word(self, resident: int, value: float) -> str:
        """'' where the limits are kept, else what is said beside the person."""
        missed = [side for side in self.sides if self._misses(resident, side, value)]
        return "".join(self.words()[side] for side in missed)

    def words(self) -> dict[str, str]:
        """What is said where the limit on a side is missed (joined, without the first comma)."""
        return {
            "least": f", {self.title} SHORT",
            "most": f", {self.title} OVER",
            "soft least": f", {self.title} low",
            "soft most": f", {self.title} high",
        }

    def _misses(self, resident: int, side: str, value: float) -> bool:
        limit = self.limit(resident, side)
        return value < limit if side.endswith("least") else value > limit


def _whole(value: float) -> float:
    return int(value) if value == int(value) else value


def _weighted(ranges: Sequence[tuple[str, str]], code: str, percent: int) -> str:
    wanted = criterion(code)
    counts = "+".join(
        f"SUMIF({cells},{wanted},{days})" if days else f"COUNTIF({cells},{wanted})"
        for cells, days in ranges
    )
    return counts if percent == _ALL else f"{percent / _ALL:g}*({counts})"


class Countable(Protocol):
    """Whatever asks for a counter and limits it: see ``owed.py``."""

    @property
    def resident(self) -> int: ...
    @property
    def count(self) -> Count: ...
    @property
    def title(self) -> str: ...
    @property
    def hard(self) -> bool: ...

    def this_year(self) -> tuple[float | None, float | None]:
        """Least and most of the counter itself, this year."""


def counters(owed: Iterable[Countable]) -> tuple[Counter, ...]:
    """One counter for every different count, with everybody's limits."""
    found: dict[Count, Counter] = {}
    for one in owed:
        for tally in (one.count.top, one.count.bottom) if isinstance(one.count, Ratio) else ():
            found.setdefault(tally, Counter(tally, ""))
        counter = found.setdefault(one.count, Counter(one.count, one.title))
        counter.title = counter.title or one.title
        least, most = one.this_year()
        counter.tighten(one.resident, least, most, one.hard)
    return tuple(found.values())
