"""How rules speak of weeks, names, dates and percentages; knows no rule and no solver."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import pairwise

from scheduler.problem.calendar import DAYS_IN_WEEK, Calendar


def counted(number: int, noun: str) -> str:
    """'1 week', '3 weeks'."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def weeks_of(days: int) -> str:
    """A number of days in words: '3 weeks', '4 days', '2 weeks 3 days'."""
    weeks, rest = divmod(days, DAYS_IN_WEEK)
    if not rest:
        return counted(weeks, "week")
    return f"{counted(weeks, 'week')} {counted(rest, 'day')}" if weeks else counted(rest, "day")


def either(names: Iterable[str]) -> str:
    """'WARD', 'WARD or ICU', 'WARD, ICU or NIGHT'."""
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last


def every(names: Iterable[str]) -> str:
    """'A', 'A and B', 'A, B and C'."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def limits(least: int | None, most: int | None, noun: str) -> str:
    """'exactly 2 weeks', 'at least 2 weeks', '2 to 4 weeks'."""
    if least is None:
        return f"at most {counted(most or 0, noun)}"
    if most is None:
        return f"at least {counted(least, noun)}"
    return f"exactly {counted(most, noun)}" if least == most else f"{least} to {most} {noun}s"


def dated_weeks(calendar: Calendar, parts: Collection[int]) -> str:
    """'week 2 (2026-07-06)' or 'weeks 2-4 (2026-07-06 to 2026-07-26)' of the year."""
    shown = [calendar.parts[part] for part in sorted(parts)]
    numbers = sorted({part.week + 1 for part in shown})
    if len(numbers) == 1:
        return f"week {numbers[0]} ({shown[0].first})"
    return f"weeks {ranges(numbers)} ({shown[0].first} to {shown[-1].last})"


def ranges(numbers: list[int]) -> str:
    """'1-3, 7' for the sorted numbers 1, 2, 3, 7."""
    breaks = [i for i, (one, after) in enumerate(pairwise(numbers), 1) if after > one + 1]
    bounds = pairwise([0, *breaks, len(numbers)])
    runs = [(numbers[start], numbers[stop - 1]) for start, stop in bounds]
    return ", ".join(f"{one}-{last}" if last > one else str(one) for one, last in runs)


def sentence(*words: str) -> str:
    """The words that are not empty as one text that begins with a capital letter."""
    text = " ".join(word for word in words if word)
    return text[:1].upper() + text[1:]
