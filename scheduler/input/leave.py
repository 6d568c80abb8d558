"""Leave, and cover for it, from its table; knows no rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from scheduler.input.cells import LAST_YEARS, listed, note_outside, span, whole
from scheduler.input.faults import Faults, quoted
from scheduler.input.history import days_of
from scheduler.input.names import Names
from scheduler.input.tables import Columns, Row
from scheduler.input.taken import taken
from scheduler.problem.calendar import Calendar
from scheduler.problem.resident import Resident

COLUMNS = Columns(
    ("id", "from", "to"), ("kind", "vacation_weeks", "credit", "covered_by", "comment")
)

_MOST_WEEKS = 60


@dataclass
class _Leave:
    """All leave of one resident."""

    spans: list[tuple[date, date]] = field(default_factory=list)
    vacation_weeks: int = 0
    credit: dict[str, int] = field(default_factory=dict)
    covers: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class LeaveReader:
    """Reads leave against a year; ``weekdays`` of a week make it a week of leave."""

    calendar: Calendar
    names: Names
    weekdays: int
    faults: Faults

    def apply(self, rows: Iterable[Row], residents: list[Resident]) -> list[Resident]:
        """The residents with their leave, what it deducts and counts for, and whom they cover."""
        found = {resident.id: _Leave() for resident in residents}
        good = [(row, dates) for row in rows if (dates := self._read(row, found)) is not None]
        weeks = {who: self._weeks(leave.spans) for who, leave in found.items()}
        for row, (first, last) in good:
            self._cover(row, first, last, weeks[row["id"]], found)
        return [self._applied(one, found[one.id], weeks[one.id]) for one in residents]

    def _read(self, row: Row, found: dict[str, _Leave]) -> tuple[date, date] | None:
        """Add one line to what is ``found``; its dates, or None where it has none."""
        if not self.names.known_id(row, self.faults):
            return None
        leave = found[row["id"]]
        leave.vacation_weeks += whole(row, "vacation_weeks", 0, _MOST_WEEKS, self.faults) or 0
        self._credit(row, leave)
        dates = span(row, self.faults)
        if dates is None:
            return None
        if not self.calendar.weeks_between(*dates):
            said = f"{dates[0]}..{dates[1]}"
            note_outside(said, row.place, self.calendar, self.faults, LAST_YEARS)
            return None
        leave.spans.append(dates)
        return dates

    def _credit(self, row: Row, leave: _Leave) -> None:
        for piece in listed(row["credit"]):
            name, _, weeks = piece.partition(":")
            days = days_of(weeks)
            if days is None:
                what = f"credit {quoted(piece)} is not a rotation and weeks"
                self.faults.add(row.place, what, "write it as CLINIC:2")
            elif not self.names.knows(name):
                self.names.note_rotation(name, row.place, "credit ", self.faults)
            else:
                leave.credit[name] = leave.credit.get(name, 0) + days

    def _weeks(self, spans: list[tuple[date, date]]) -> set[int]:
        return {week.index for week in taken(spans, self.calendar.weeks, self.weekdays)}

    def _cover(
        self, row: Row, first: date, last: date, weeks: set[int], found: dict[str, _Leave]
    ) -> None:
        """Whoever covers does so in the weeks that this line's dates touch."""
        touched = weeks.intersection(self.calendar.weeks_between(first, last))
        for other in listed(row["covered_by"]):
            if other not in found:
                self.names.note_id(other, row, "covered_by", self.faults)
            elif other == row["id"]:
                what = f"{quoted(other)} cannot cover their own leave"
                self.faults.add(row.place, what, "name someone else")
            else:
                found[other].covers |= self._parts(touched)

    def _parts(self, weeks: Iterable[int]) -> frozenset[int]:
        return frozenset(p for week in weeks for p in self.calendar.parts_of_week[week])

    def _applied(self, resident: Resident, leave: _Leave, weeks: set[int]) -> Resident:
        away = self._parts(weeks) & resident.present
        return replace(
            resident,
            leave=away,
            leave_vacation_weeks=leave.vacation_weeks,
            credit=leave.credit,
            covers=frozenset(leave.covers) & (resident.present - away),
        )
