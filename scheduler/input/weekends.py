"""Which weekends a week of vacation takes in; knows no residents and no wishes."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from scheduler.problem.calendar import ONE_DAY, Calendar, Week

_SATURDAY = 5


class Weekends(StrEnum):
    """A program's custom: which weekends belong to a week of vacation.

    ``own`` are those of the calendar week.  The weekend ``before`` ends just before the
    week's first weekday, the one ``after`` begins just after its last.
    """

    OWN = "own"
    BEFORE = "before"
    AFTER = "after"
    BOTH = "both"
    NONE = "none"


def vacation_days(week: Week, weekends: Weekends) -> tuple[date, date]:
    """First and last day that vacation in ``week`` frees."""
    first, last = week.first, week.last
    if weekends is Weekends.OWN:
        return first, last
    while _is_weekend(first) and first < last:
        first += ONE_DAY
    while _is_weekend(last) and first < last:
        last -= ONE_DAY
    if weekends in (Weekends.BEFORE, Weekends.BOTH):
        while _is_weekend(first - ONE_DAY):
            first -= ONE_DAY
    if weekends in (Weekends.AFTER, Weekends.BOTH):
        while _is_weekend(last + ONE_DAY):
            last += ONE_DAY
    return first, last


def freed_by(
    calendar: Calendar, dates: tuple[date, date], weekends: Weekends
) -> tuple[tuple[int, tuple[int, ...]], ...]:
    """For the days of ``dates``: their parts, and the weeks whose vacation frees them."""
    spans = [vacation_days(week, weekends) for week in calendar.weeks]
    found: dict[tuple[int, tuple[int, ...]], None] = {}
    for number in range((dates[1] - dates[0]).days + 1):
        day = dates[0] + timedelta(days=number)
        part = calendar.part_at(day)
        weeks = tuple(i for i, (first, last) in enumerate(spans) if first <= day <= last)
        if part is not None:
            found[part, weeks] = None
    return tuple(found)


def _is_weekend(day: date) -> bool:
    return day.weekday() >= _SATURDAY
