"""Residents and visitors from their tables; knows no grids, leave or history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from scheduler.input.cells import but_for_case, day, listed, needed, note_outside, ranges, whole
from scheduler.input.faults import Faults, Place, did_you_mean, quoted
from scheduler.input.names import DEPARTMENT, Names
from scheduler.input.tables import Columns, Row
from scheduler.problem.calendar import ONE_DAY, Calendar
from scheduler.problem.resident import WHOLE, Resident, levels_of

#: Highest year of training a table may name.
HIGHEST_PGY = 10

#: What to do about a table of people whose dates are last year's.
_UPDATE = "bring the people and their dates up to date"
#: How people get one more column.
_GROUPING = "name it under 'groupings:' in the program if people are grouped by it"


@dataclass(frozen=True)
class Person:
    """A line of residents or visitors as read; ``windows`` are dates (none: the whole year)."""

    place: Place
    id: str
    name: str
    pgy: int
    track: str
    visitor: bool
    groups: Mapping[str, str]
    grids: tuple[str, ...]
    windows: tuple[tuple[date, date], ...]
    worked_holidays: tuple[str, ...]
    counts: int = WHOLE
    promoted: date | None = None

    def boundaries(self) -> Iterable[date]:
        """First days of presence and of absence."""
        for first, last in self.windows:
            yield first
            yield last + ONE_DAY
        if self.promoted is not None:
            yield self.promoted

    def bare(self, index: int) -> Resident:
        """This person without presence, grids, leave or history."""
        return Resident(
            index=index,
            id=self.id,
            name=self.name,
            pgy=self.pgy,
            track=self.track,
            visitor=self.visitor,
            groups=self.groups,
            worked_holidays=frozenset(self.worked_holidays),
            counts=self.counts,
        )

    def resident(self, index: int, calendar: Calendar, grids: tuple[str, ...]) -> Resident:
        """This person in a year, without leave or history.

        Who is promoted inside it has the level of its greater part.
        """
        present = self._present(calendar)
        first = None if self.promoted is None else calendar.part_at(self.promoted)
        levels = levels_of(self.pgy, present, first)
        days = {pgy: sum(calendar.part_days[p] for p in parts) for pgy, parts in levels}
        main = max(days, key=days.__getitem__, default=self.pgy)
        return replace(self.bare(index), pgy=main, present=present, grids=grids, levels=levels)

    def check(self, names: Names, calendar: Calendar, faults: Faults) -> None:
        """Faults that need the year: unknown holidays, presence outside it."""
        for holiday in self.worked_holidays:
            if holiday not in names.holidays | names.holidays_off:
                what = f"worked_holidays {quoted(holiday)} is not a holiday of this program"
                faults.add(self.place, what, did_you_mean(holiday, names.holidays))
        for first, last in self.windows:
            if last < calendar.first or first > calendar.last:
                said = f"present {first}..{last}"
                note_outside(said, self.place, calendar, faults, _UPDATE)
        if self.promoted is not None and calendar.part_at(self.promoted) is None:
            year = f"{calendar.first}..{calendar.last}"
            what = f"promoted {self.promoted} is outside the academic year {year}"
            faults.add(self.place, what, "correct the date, or the pgy")

    def _present(self, calendar: Calendar) -> frozenset[int]:
        if not self.windows:
            return frozenset(range(len(calendar.parts)))
        return frozenset(
            part.index
            for part in calendar.parts
            if any(first <= part.first and part.last <= last for first, last in self.windows)
        )


def promotions(people: Iterable[Person], residents: Iterable[Resident]) -> Iterable[str]:
    """For people: which level the sums over the year use where somebody has two."""
    for person, resident in zip(people, residents, strict=True):
        if person.promoted is not None:
            yield (
                f"{person.place}: {person.id} is PGY{person.pgy} until {person.promoted} and "
                f"PGY{person.pgy + 1} from then on; what is owed over the year is that of "
                f"PGY{resident.pgy}"
            )


def holidays_gone(people: Iterable[Person], names: Names) -> Iterable[str]:
    """For people: last year's holidays that are switched off this year, a line for each."""
    for holiday in sorted(names.holidays_off):
        worked = [person for person in people if holiday in person.worked_holidays]
        if worked:
            more = f" (and {len(worked) - 1} more)" if worked[1:] else ""
            yield (
                f"{worked[0].place}: {worked[0].id}{more} worked {quoted(holiday)} last year, "
                "which is switched off this year; it gives no priority"
            )


def person_columns(groupings: tuple[str, ...], visitor: bool) -> Columns:
    """The columns of residents.csv or visitors.csv in a program with ``groupings``."""
    if visitor:
        visitors = ("id", "name", "pgy", DEPARTMENT, "present")
        return Columns(visitors, ("grid", "counts", "promoted", *groupings), _GROUPING)
    residents = ("id", "name", "pgy", "track", *groupings)
    optional = ("grid", "present", "worked_holidays", "counts", "promoted")
    return Columns(residents, optional, _GROUPING)


@dataclass(frozen=True)
class PeopleReader:
    """Reads people against the tracks, departments, groupings and holidays of a program."""

    tracks: Mapping[str, str]
    departments: Mapping[str, str]
    groupings: tuple[str, ...]
    holidays: frozenset[str]
    faults: Faults

    def read(self, residents: Iterable[Row], visitors: Iterable[Row]) -> list[Person]:
        """Everyone, residents first; lines without an id, and double ids, are left out."""
        found: dict[str, Person] = {}
        for rows, visitor in ((residents, False), (visitors, True)):
            for row in rows:
                person = self._person(row, visitor)
                if person.id in found:
                    first = found[person.id].place
                    what = f"id {quoted(person.id)} is given twice (first in {first})"
                    self.faults.add(row.place, what, "give each person an id of their own")
                elif person.id:
                    found[person.id] = person
        return list(found.values())

    def _person(self, row: Row, visitor: bool) -> Person:
        column = DEPARTMENT if visitor else "track"
        track = needed(row, column, self.faults)
        known = self.departments if visitor else self.tracks
        if track and track not in known:
            what = f"{column} {quoted(track)} is not a {column} of this program"
            self.faults.add(row.place, what, did_you_mean(track, known))
        groups = {name: row[name] for name in self.groupings if row[name]}
        needed(row, "pgy", self.faults)
        counts = whole(row, "counts", 0, WHOLE, self.faults)
        return Person(
            place=row.place,
            id=needed(row, "id", self.faults),
            name=row["name"] or row["id"],
            pgy=whole(row, "pgy", 1, HIGHEST_PGY, self.faults) or 1,
            track=track,
            visitor=visitor,
            groups={**groups, DEPARTMENT: track} if visitor else groups,
            grids=tuple(listed(row["grid"])),
            windows=tuple(ranges(row, "present", self.faults)),
            worked_holidays=tuple(
                but_for_case(name, self.holidays) for name in listed(row["worked_holidays"])
            ),
            counts=WHOLE if counts is None else counts,
            promoted=day(row, "promoted", self.faults),
        )
