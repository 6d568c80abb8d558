"""Single cells of a table read as dates, numbers and lists; knows no table's meaning."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date

from scheduler.input.document import EARLIEST, LATEST
from scheduler.input.faults import Faults, Place, did_you_mean, quoted
from scheduler.input.tables import Row
from scheduler.problem.calendar import Calendar

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_WHOLE = re.compile(r"[0-9]{1,6}\Z")
_RANGE_MARK = ".."
#: What to do about a table of things that happened last year.
LAST_YEARS = "bring this table up to date, or leave only its first line"


def as_date(text: str) -> date | None:
    """An ISO date of our time; None where ``text`` is none."""
    if not _ISO_DATE.match(text):
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if EARLIEST <= found <= LATEST else None


def listed(text: str) -> list[str]:
    """The names in a cell, separated by semicolons, commas or blanks."""
    return [name for name in re.split(r"[;,\s]+", text) if name]


def listed_titles(text: str) -> list[str]:
    """The names in a cell, separated by semicolons only (they may hold blanks)."""
    return [name.strip() for name in text.split(";") if name.strip()]


def but_for_case(name: str, known: Collection[str]) -> str:
    """The known name that ``name`` is but for upper and lower case, if one is; else itself."""
    alike = [one for one in known if one.casefold() == name.casefold()]
    return alike[0] if name not in known and len(alike) == 1 else name


def day(row: Row, column: str, faults: Faults) -> date | None:
    """The date in a cell; None where it is blank or (with a fault) no date."""
    text = row[column]
    found = as_date(text)
    if text and found is None:
        faults.add(row.place, f"{column} {quoted(text)} is not a date", "write it as 2026-07-31")
    return found


def whole(row: Row, column: str, least: int, most: int, faults: Faults) -> int | None:
    """The whole number in a cell; None where it is blank or (with a fault) something else."""
    text = row[column]
    if not text:
        return None
    number = int(text) if _WHOLE.match(text) else -1
    if least <= number <= most:
        return number
    faults.add(
        row.place,
        f"{column} {quoted(text)} is not a whole number from {least} to {most}",
        "correct it",
    )
    return None


def one_of(row: Row, column: str, known: Iterable[str], default: str, faults: Faults) -> str | None:
    """The word in a cell if it is ``known``; ``default`` where it is blank."""
    text = row[column].casefold()
    if not text:
        return default
    names = list(known)
    if text in names:
        return text
    what = f"{column} {quoted(row[column])} is not one of {', '.join(names)}"
    close = did_you_mean(text, names)
    faults.add(row.place, what, close if close.startswith("did") else "correct it")
    return None


def needed(row: Row, column: str, faults: Faults) -> str:
    """The text of a cell that must not be blank."""
    text = row[column]
    if not text:
        faults.add(row.place, f"{column} is blank", "fill it in")
    return text


def ranges(row: Row, column: str, faults: Faults) -> list[tuple[date, date]]:
    """Date ranges such as '2026-07-01..2026-09-30; 2027-01-01..'; an open end is far away."""
    found = []
    for piece in listed_titles(row[column]):
        first, mark, last = (one.strip() for one in piece.partition(_RANGE_MARK))
        start, end = as_date(first), as_date(last if mark else first)
        if mark and bool(first) != bool(last):
            start, end = (start or EARLIEST, end) if last else (start, LATEST)
        if start is None or end is None:
            what = f"{column} {quoted(piece)} is not a range of dates"
            faults.add(row.place, what, "write it as 2026-07-01..2026-09-30")
        elif in_order(row, start, end, faults, f"{column} "):
            found.append((start, end))
    return found


def in_order(row: Row, first: date, last: date, faults: Faults, label: str = "") -> bool:
    """Whether a range's dates are in order; a fault where they are not."""
    if first <= last:
        return True
    faults.add(row.place, f"{label}from {first} is after to {last}", "exchange them")
    return False


def span(row: Row, faults: Faults) -> tuple[date, date] | None:
    """The dates in columns ``from`` and ``to``; a blank ``to`` means a single day."""
    before = len(faults)
    first, last = day(row, "from", faults), day(row, "to", faults)
    if first is None:
        if len(faults) == before:
            faults.add(row.place, "from is blank", "fill it in")
        return None
    if row["to"] and last is None:
        return None
    last = last or first
    return (first, last) if in_order(row, first, last, faults) else None


def inside_year(row: Row, first: date, last: date, calendar: Calendar, faults: Faults) -> bool:
    """Whether both dates lie in the academic year; a fault where they do not."""
    outside = [d for d in (first, last) if not calendar.first <= d <= calendar.last]
    for one in dict.fromkeys(outside):
        note_outside(str(one), row.place, calendar, faults, LAST_YEARS)
    return not outside


def note_outside(
    said: str, place: Place, calendar: Calendar, faults: Faults, last_years: str
) -> None:
    """A fault for dates outside the academic year; ``last_years`` is what to do about many."""
    year = f"the academic year {calendar.first}..{calendar.last}"
    many = f"have dates outside {year}; if the year was moved on, {last_years}"
    correct = "correct the dates" if _RANGE_MARK in said else "correct the date"
    faults.add(place, f"{said} is outside {year}", correct, many)
