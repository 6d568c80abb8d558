"""The academic year's weeks from its dates; knows no grids."""

from __future__ import annotations

from datetime import date, timedelta

from scheduler.input.document import WEEKDAYS, Year
from scheduler.problem.calendar import DAYS_IN_WEEK, Week, weeks_of_year


def year_weeks(year: Year) -> tuple[Week, ...]:
    """The weeks of the year; the first is short where the year starts inside a week."""
    first_weekday = year.starts.weekday()
    week_starts = WEEKDAYS.index(year.week_starts) if year.week_starts else first_weekday
    return weeks_of_year(year.starts, _last(year, week_starts), week_starts)


def _last(year: Year, week_starts: int) -> date:
    if year.ends is not None:
        return year.ends
    assert year.weeks is not None
    into_week = (year.starts.weekday() - week_starts) % DAYS_IN_WEEK
    return year.starts + timedelta(days=DAYS_IN_WEEK * year.weeks - into_week - 1)
