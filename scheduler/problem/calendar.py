"""The academic year as dated weeks and parts; knows nothing of residents or rotations.

A *week* is a calendar week of the academic year (the first and last may be
short).  Where the boundary of some grid falls inside a week, that week is split
there into *parts*.  A part is the atom of every schedule; amounts are counted
in days.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

DAYS_IN_WEEK = 7
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Week:
    """One week of the year; ``index`` counts from 0, ``number`` (shown to people) from 1."""

    index: int
    first: date
    last: date

    @property
    def number(self) -> int:
        return self.index + 1

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def is_full(self) -> bool:
        return self.days == DAYS_IN_WEEK


@dataclass(frozen=True, slots=True)
class Part:
    """A run of days inside one week that no grid divides further."""

    index: int
    week: int
    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Calendar:
    """The weeks of an academic year and the parts they are split into, in order of date."""

    weeks: tuple[Week, ...]
    parts: tuple[Part, ...]

    @property
    def first(self) -> date:
        return self.weeks[0].first

    @property
    def last(self) -> date:
        return self.weeks[-1].last

    @cached_property
    def parts_of_week(self) -> tuple[tuple[int, ...], ...]:
        """For each week index, the indices of its parts."""
        found: list[list[int]] = [[] for _ in self.weeks]
        for part in self.parts:
            found[part.week].append(part.index)
        return tuple(map(tuple, found))

    @cached_property
    def part_days(self) -> tuple[int, ...]:
        """Days in each part."""
        return tuple(part.days for part in self.parts)

    def part_at(self, day: date) -> int | None:
        """Index of the part that holds ``day``; None outside the year."""
        for part in self.parts:
            if part.first <= day <= part.last:
                return part.index
        return None

    def parts_between(self, first: date, last: date) -> tuple[int, ...]:
        """Indices of all parts that share at least one day with ``first``..``last``."""
        return tuple(p.index for p in self.parts if p.first <= last and p.last >= first)

    def weeks_between(self, first: date, last: date) -> tuple[int, ...]:
        """Indices of all weeks that share at least one day with ``first``..``last``."""
        return tuple(w.index for w in self.weeks if w.first <= last and w.last >= first)


def weeks_of_year(first: date, last: date, week_starts: int) -> tuple[Week, ...]:
    """Cut ``first``..``last`` into weeks that begin on weekday ``week_starts`` (Monday is 0)."""
    weeks: list[Week] = []
    start = first
    while start <= last:
        to_next = (week_starts - start.weekday() - 1) % DAYS_IN_WEEK
        end = min(last, start + timedelta(days=to_next))
        weeks.append(Week(len(weeks), start, end))
        start = end + ONE_DAY
    return tuple(weeks)


def build_calendar(weeks: tuple[Week, ...], boundaries: Iterable[date] = ()) -> Calendar:
    """Split ``weeks`` at every boundary (the first day of a block) that falls inside one."""
    cuts = sorted(set(boundaries))
    parts: list[Part] = []
    for week in weeks:
        starts = [week.first, *(day for day in cuts if week.first < day <= week.last)]
        ends = [day - ONE_DAY for day in starts[1:]] + [week.last]
        for start, end in zip(starts, ends, strict=True):
            parts.append(Part(len(parts), week.index, start, end))
    return Calendar(weeks, tuple(parts))
