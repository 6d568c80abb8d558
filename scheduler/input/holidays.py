"""Holidays with dates given, or looked up in a published calendar for the year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any

from scheduler.input.checked import checked
from scheduler.input.document import HolidayEntry, NamedDay
from scheduler.input.faults import Faults, did_you_mean, quoted
from scheduler.input.policy import Documents, Merged
from scheduler.input.yaml_file import Path
from scheduler.problem.calendar import ONE_DAY, Calendar
from scheduler.problem.holiday import Holiday

#: The language in which days of a calendar are named.
_LANGUAGE = "en_US"

Range = tuple[date, date]

#: Ways to say when a holiday is: one of a program takes the place of its policy's.
_INSTEAD = {
    "dates": ("calendar", "day", "days", "before", "after"),
    "days": ("dates", "day", "before", "after"),
    "day": ("dates", "days"),
}


def read_holidays(documents: Documents, calendar: Calendar, faults: Faults) -> list[Holiday]:
    """The holidays of the program and its policies, in the order in which they begin."""
    found = []
    for name, where in documents.merged("holidays", instead=_INSTEAD).items():
        entry = checked(HolidayEntry, where.options, where, faults)
        ranges = [] if entry is None else _ranges(entry, where, calendar, faults)
        if ranges:
            title = entry.name if entry and entry.name else name
            found.append(Holiday(name, title, tuple(ranges), _parts(ranges, calendar)))
    return sorted(found, key=lambda holiday: holiday.ranges)


def _parts(ranges: Iterable[Range], calendar: Calendar) -> tuple[int, ...]:
    return tuple(sorted({p for a, b in ranges for p in calendar.parts_between(a, b)}))


def _ranges(entry: HolidayEntry, where: Merged, calendar: Calendar, faults: Faults) -> list[Range]:
    if entry.dates is not None:
        ranges = []
        for index, dates in enumerate(entry.dates):
            if calendar.first <= dates.first and dates.last <= calendar.last:
                ranges.append((dates.first, dates.last))
            else:
                path: Path = ("dates", index)
                dated = f"{dates.first}..{dates.last}"
                what = f"{where.label(path)}{dated} is outside the academic year"
                year = f"the year is {calendar.first}..{calendar.last}"
                faults.add(where.place(path), what, year)
        return _joined(ranges)
    return _joined(_looked_up(entry, where, calendar, faults))


def _looked_up(
    entry: HolidayEntry, where: Merged, calendar: Calendar, faults: Faults
) -> Iterator[Range]:
    assert entry.calendar is not None
    years = range(calendar.first.year, calendar.last.year + 1)
    published = published_days(entry.calendar, tuple(years))
    if published is None:
        what = f"{where.label(('calendar',))}there is no calendar {quoted(entry.calendar)}"
        todo = did_you_mean(entry.calendar, calendars()) or "name a country, such as US or IL"
        faults.add(where.place(("calendar",)), what, todo)
        return
    for index, named in enumerate(entry.named_days()):
        path: Path = ("day",) if entry.day is not None else ("days", index, "day")
        if named.day not in published:
            what = f"{where.label(path)}{entry.calendar} has no day {quoted(named.day)}"
            faults.add(where.place(path), what, did_you_mean(named.day, published))
            continue
        inside = [day for day in published[named.day] if calendar.first <= day <= calendar.last]
        if not inside:
            year = f"{calendar.first}..{calendar.last}"
            what = f"{where.label(path)}there is no {quoted(named.day)} in {year}"
            faults.add(where.place(path), what, "give its 'dates'")
        yield from (_widened(day, named, calendar) for day in inside)


def _widened(day: date, named: NamedDay, calendar: Calendar) -> Range:
    first = max(calendar.first, day - timedelta(days=named.before))
    return first, min(calendar.last, day + timedelta(days=named.after))


def _joined(ranges: Iterable[Range]) -> list[Range]:
    """Ranges in order of date, those that touch made one."""
    joined: list[Range] = []
    for first, last in sorted(ranges):
        if joined and first <= joined[-1][1] + ONE_DAY:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


@cache
def calendars() -> tuple[str, ...]:
    """The calendars that can be named: two-letter codes of countries."""
    import holidays  # noqa: PLC0415 - a quarter of a second that most programs need not wait

    return tuple(sorted(holidays.list_supported_countries(include_aliases=False)))


@cache
def published_days(country: str, years: tuple[int, ...]) -> dict[str, list[date]] | None:
    """The days of a country's calendar by name; None where there is no such calendar.

    Rosh Hashanah and the like are named on their days, not on the eve before.
    """
    import holidays  # noqa: PLC0415 - see above

    if country not in calendars():
        return None
    kind: Any = getattr(holidays, country)
    language = _LANGUAGE if _LANGUAGE in kind.supported_languages else kind.default_language
    found: dict[str, list[date]] = {}
    published = holidays.country_holidays(
        country,
        years=years,
        observed=False,
        language=language,
        categories=kind.supported_categories,
    )
    for day, names in sorted(published.items()):
        for name in names.split("; "):
            found.setdefault(name, []).append(day)
    return found
