"""Which weeks (or parts) some dates take, by the number of their weekdays; knows no residents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar

from scheduler.problem.calendar import Part, Week

#: Weekdays from Monday on that are not the weekend.
_WORKING_DAYS = 5

S = TypeVar("S", Week, Part)
Range = tuple[date, date]


def taken(ranges: Sequence[Range], stretches: Iterable[S], weekdays: int) -> list[S]:
    """The stretches of which the ``ranges`` together hold at least so many weekdays.

    A short stretch is taken when all its weekdays are held, one without any
    weekday when all its days are.
    """
    if not ranges:
        return []
    begin, end = min(first for first, _ in ranges), max(last for _, last in ranges)
    return [
        one
        for one in stretches
        if one.first <= end
        and one.last >= begin
        and any(first <= one.last and last >= one.first for first, last in ranges)
        and _is_taken(ranges, one, weekdays)
    ]


def _is_taken(ranges: Sequence[Range], stretch: Week | Part, weekdays: int) -> bool:
    start = stretch.first.toordinal()
    dates = [date.fromordinal(start + i) for i in range(stretch.days)]
    counted = [day for day in dates if day.weekday() < _WORKING_DAYS]
    held = [day for day in dates if any(first <= day <= last for first, last in ranges)]
    if not counted:
        return held == dates
    return sum(day in held for day in counted) >= min(weekdays, len(counted))
