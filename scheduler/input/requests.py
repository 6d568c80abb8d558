"""Wishes from the table of requests: choices with ranked alternatives; knows no rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from scheduler.input.cells import but_for_case, inside_year, listed, needed, one_of, span, whole
from scheduler.input.faults import Faults, Place, did_you_mean, quoted
from scheduler.input.names import Names
from scheduler.input.tables import Columns, Row
from scheduler.input.taken import taken
from scheduler.input.weekends import Weekends, freed_by
from scheduler.problem.calendar import DAYS_IN_WEEK, Calendar
from scheduler.problem.wish import Alternative, Choice, Lane, WishKind, WishStatus
from scheduler.rules.words import counted, weeks_of

COLUMNS = Columns(
    ("id", "choice", "priority", "type"),
    ("what", "from", "to", "weeks", "status", "comment", "with"),
)

_LOWEST_PRIORITY = 99
_MOST_WEEKS = 53
_TIME_OFF = frozenset({WishKind.VACATION, WishKind.DATE, WishKind.HOLIDAY})
_APPROVED = (WishStatus.APPROVED, WishStatus.LOCKED)


@dataclass(frozen=True)
class _Line:
    """One line of the table as read."""

    row: Row
    status: WishStatus
    alternative: Alternative

    @property
    def lane(self) -> Lane:
        return Lane.TIME_OFF if self.alternative.kind in _TIME_OFF else Lane.ROTATIONS


@dataclass(frozen=True)
class Requests:
    """The choices that count, in the order of the table, and those that were declined.

    ``asked`` are the lanes in which each resident (by index) asked for anything;
    ``places`` say where an alternative stands, by resident, choice and priority.
    """

    choices: tuple[Choice, ...] = ()
    declined: tuple[Choice, ...] = ()
    asked: frozenset[tuple[int, Lane]] = frozenset()
    places: Mapping[tuple[int, str, int], Place] = field(default_factory=dict)


@dataclass(frozen=True)
class RequestReader:
    """Reads wishes against a year; ``weekdays`` of a week mean that week.

    ``indices`` are those of residents by id.
    """

    calendar: Calendar
    names: Names
    weekdays: int
    faults: Faults
    indices: Mapping[str, int]
    weekends: Weekends = Weekends.OWN
    warnings: list[str] = field(default_factory=list)

    def read(self, rows: Iterable[Row]) -> Requests:
        """All choices; one is protected where a person approved an alternative of it."""
        grouped: dict[tuple[int, str], list[_Line]] = {}
        for row in rows:
            if self.names.known_id(row, self.faults):
                line = self._line(row)
                if line is not None:
                    who = self.indices[row["id"]]
                    grouped.setdefault((who, row["choice"]), []).append(line)
        choices: list[Choice] = []
        declined: list[Choice] = []
        for (who, name), lines in grouped.items():
            self._check(name, lines)
            self._split(who, name, lines, choices, declined)
        return Requests(
            tuple(choices),
            tuple(declined),
            frozenset((who, line.lane) for (who, _), lines in grouped.items() for line in lines),
            {
                (who, name, line.alternative.priority): line.row.place
                for (who, name), lines in grouped.items()
                for line in lines
            },
        )

    def choice(self, name: str, rows: Iterable[Row]) -> Choice | None:
        """One choice of nobody yet, from lines without id; None (and faults) if one is faulty."""
        lines = [self._line(row) for row in rows]
        whole = [line for line in lines if line is not None]
        if len(whole) < len(lines):
            return None
        before = len(self.faults)
        self._check(name, whole)
        return _choice(-1, name, whole[0].lane, whole) if len(self.faults) == before else None

    def _split(
        self,
        resident: int,
        name: str,
        lines: list[_Line],
        choices: list[Choice],
        declined: list[Choice],
    ) -> None:
        """One choice of what is open or approved, one of what was declined."""
        refused = [line for line in lines if line.status == WishStatus.DECLINED]
        wanted = [line for line in lines if line.status != WishStatus.DECLINED]
        approved = [line for line in wanted if line.status in _APPROVED]
        if wanted:
            lane = Lane.PROTECTED if approved else wanted[0].lane
            choices.append(_choice(resident, name, lane, approved or wanted))
        if refused:
            declined.append(_choice(resident, name, refused[0].lane, refused))

    def _check(self, name: str, lines: list[_Line]) -> None:
        """A choice stays in one lane; alternatives of one priority are equally wanted."""
        for line in lines:
            if line.lane != lines[0].lane:
                what = f"choice {quoted(name)} of {line.row['id']} mixes time off and rotations"
                self.faults.add(line.row.place, what, "make it a choice of its own")

    def _line(self, row: Row) -> _Line | None:
        before = len(self.faults)
        needed(row, "choice", self.faults)
        kind = one_of(row, "type", list(WishKind), "", self.faults)
        if kind == "":
            needed(row, "type", self.faults)
        status = one_of(row, "status", list(WishStatus), WishStatus.SUBMITTED, self.faults)
        needed(row, "priority", self.faults)
        priority = whole(row, "priority", 1, _LOWEST_PRIORITY, self.faults)
        if len(self.faults) > before:
            return None
        assert kind and status and priority
        alternative = self._alternative(row, WishKind(kind), priority)
        if len(self.faults) > before or alternative is None:
            return None
        return _Line(row, WishStatus(status), alternative)

    def _alternative(self, row: Row, kind: WishKind, priority: int) -> Alternative | None:
        dates = self._dates(row, kind)
        rotations = self._rotations(row, kind)
        at_least = self._at_least(row, kind, dates)
        if kind in (WishKind.VACATION, WishKind.DATE) and dates is None:
            return None
        return Alternative(
            priority=priority,
            kind=kind,
            weeks=self._weeks(row, dates) if kind is WishKind.VACATION and dates else (),
            parts=self._parts(kind, dates) if dates else (),
            rotations=rotations,
            holiday=self._holiday(row, kind),
            asked=_asked(row, kind, dates, at_least),
            comment=row["comment"],
            freed_by=self._freed_by(kind, dates),
            partner=self._partner(row, kind),
            at_least=at_least,
        )

    def _freed_by(
        self, kind: WishKind, dates: tuple[date, date] | None
    ) -> tuple[tuple[int, tuple[int, ...]], ...]:
        """Where weekends are not those of the calendar week: what frees each day wished for."""
        if kind is not WishKind.DATE or dates is None or self.weekends is Weekends.OWN:
            return ()
        return freed_by(self.calendar, dates, self.weekends)

    def _dates(self, row: Row, kind: WishKind) -> tuple[date, date] | None:
        """The dates of a wish; rotations may be wished for at any time, holidays have none."""
        given = bool(row["from"] or row["to"])
        if kind is WishKind.HOLIDAY:
            if given:
                todo = "leave from and to blank, or ask for dates by type 'date'"
                self.faults.add(row.place, "a holiday has its own dates", todo)
            return None
        if not given and kind in (WishKind.ROTATION, WishKind.AVOID):
            return None
        dates = span(row, self.faults)
        if dates is None or not inside_year(row, *dates, self.calendar, self.faults):
            return None
        return dates

    def _rotations(self, row: Row, kind: WishKind) -> frozenset[str]:
        if kind not in (WishKind.ROTATION, WishKind.AVOID):
            return frozenset()
        names = listed(needed(row, "what", self.faults))
        for name in names:
            if not self.names.knows(name):
                self.names.note_rotation(name, row.place, "what ", self.faults)
        return self.names.rotations(names)

    def _holiday(self, row: Row, kind: WishKind) -> str:
        if kind is not WishKind.HOLIDAY:
            return ""
        name = but_for_case(needed(row, "what", self.faults), self.names.holidays)
        if name and name not in self.names.holidays:
            what = f"what {quoted(name)} is not a holiday of this program"
            self.faults.add(row.place, what, did_you_mean(name, self.names.holidays))
        return name

    def _at_least(self, row: Row, kind: WishKind, dates: tuple[date, date] | None) -> int:
        """Weeks of a rotation, whenever between the dates (or in the year); 0: all of them."""
        if not row["weeks"]:
            return 0
        if kind is not WishKind.ROTATION:
            what = f"weeks {quoted(row['weeks'])}: a number of weeks goes with type rotation only"
            self.faults.add(row.place, what, "leave it blank")
            return 0
        weeks = whole(row, "weeks", 1, _MOST_WEEKS, self.faults) or 0
        if dates is not None and (days := (dates[1] - dates[0]).days + 1) < weeks * DAYS_IN_WEEK:
            what = f"{counted(weeks, 'week')} do not fit into {weeks_of(days)}"
            self.faults.add(row.place, what, "ask for fewer weeks, or give later dates")
        return weeks

    def _weeks(self, row: Row, dates: tuple[date, date]) -> tuple[int, ...]:
        """The weeks a vacation wish means; a vacation week has seven days."""
        weeks = taken([dates], self.calendar.weeks, self.weekdays)
        if not weeks:
            what = f"{dates[0]}..{dates[1]} holds no week for a vacation"
            todo = "give a whole week, or ask for single days by type 'date'"
            self.faults.add(row.place, what, todo)
        for week in weeks:
            if not week.is_full:
                what = f"week {week.number} ({week.first}..{week.last}) is too short for a vacation"
                self.faults.add(row.place, what, "choose a week of seven days")
        return tuple(week.index for week in weeks)

    def _parts(self, kind: WishKind, dates: tuple[date, date]) -> tuple[int, ...]:
        """Parts meant: those taken for a rotation; all touched for days, or a rotation avoided."""
        if kind is WishKind.ROTATION:
            parts = taken([dates], self.calendar.parts, self.weekdays)
            if parts:
                return tuple(part.index for part in parts)
        return () if kind is WishKind.VACATION else self.calendar.parts_between(*dates)

    def _partner(self, row: Row, kind: WishKind) -> int | None:
        """The index of the resident who must get the same."""
        other = row["with"]
        if not other:
            return None
        if kind not in (WishKind.VACATION, WishKind.HOLIDAY):
            todo = "only vacation and holidays are shared; leave it blank"
            self.faults.add(row.place, f"with {quoted(other)}: a {kind} is nobody else's", todo)
        elif other == row["id"]:
            what = f"with {quoted(other)} is the resident's own id"
            self.faults.add(row.place, what, "name the other one")
        elif other not in self.names.ids:
            self.names.note_id(other, row, "with", self.faults)
        else:
            return self.indices[other]
        return None


def _choice(resident: int, name: str, lane: Lane, lines: list[_Line]) -> Choice:
    ranked = sorted((line.alternative for line in lines), key=lambda one: one.priority)
    return Choice(resident, lane, name, lines[0].status, tuple(ranked))


def _asked(row: Row, kind: WishKind, dates: tuple[date, date] | None, weeks: int) -> str:
    """The wish in words: 'vacation 2026-07-06..2026-07-12', 'rotation MICU'.

    'rotation MICU, 2 weeks in 2026-09-01..2026-11-30' where it may be any two weeks.
    """
    when = "" if dates is None else "..".join(dict.fromkeys(map(str, dates)))
    words = " ".join(word for word in (str(kind), row["what"]) if word)
    some = f", {counted(weeks, 'week')}{' in' * bool(when)}" if weeks else ""
    return f"{words}{some} {when}".rstrip()
