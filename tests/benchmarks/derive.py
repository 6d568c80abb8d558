"""The numbers of a generated program, read off its hidden roster, so that it can be solved.

Tight programs leave exactly the room the roster uses; loose ones somewhat more.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil
from typing import Any

from scheduler.problem.calendar import DAYS_IN_WEEK, Calendar
from scheduler.problem.holiday import Holiday
from tests.benchmarks.roster import Column, Filler, Units
from tests.benchmarks.services import AMBULATORY_BLOCK, CLINIC_WEEK, PGY
from tests.benchmarks.time_off import Off

#: What a loose program adds: a share of places and of vacation room, and weeks.
LESS_STAFF, MORE_STAFF, MORE_VACATION, MORE_GAP = 0.12, 0.25, 0.3, 2

Entry = dict[str, Any]
Group = tuple[str, str]


@dataclass(frozen=True)
class Derived:
    """Everything that rules are read off from; ``away`` is the most on vacation by group."""

    columns: Sequence[Column]
    units: Units
    calendar: Calendar
    holidays: Sequence[Holiday]
    off: Off
    away: Mapping[Group, int]
    tight: bool

    def rules(self) -> list[Entry]:
        """All rules of the program itself."""
        return [
            *self._coverage(),
            *self._rooms(),
            *(rule for group, own in self._groups() for rule in self._of_group(group, own)),
            *self._holiday_services(),
        ]

    def _groups(self) -> Iterator[tuple[Group, list[Column]]]:
        found: dict[Group, list[Column]] = defaultdict(list)
        for column in self.columns:
            if not column.visiting:
                found[column.unit, column.team].append(column)
        yield from sorted(found.items())

    # -- services -----------------------------------------------------------------------

    def _counts(self, team: str, code: str) -> list[int]:
        """People of ``team`` on ``code``, part by part."""
        own = [column for column in self.columns if column.team == team]
        parts = range(len(self.calendar.parts))
        return [sum(column.code_at(part) == code for column in own) for part in parts]

    def _coverage(self) -> Iterator[Entry]:
        for team in PGY:
            for code in self.units.service:
                counts = self._counts(team, code)
                if max(counts, default=0):
                    who = {"pgy": list(PGY[team]), "visitors": "also"}
                    name = f"places-{code}-{team}"
                    limits = self._places(min(counts), max(counts))
                    yield {"rule": "coverage", "name": name, "rotations": code, "who": who} | limits

    def _places(self, low: int, high: int) -> Entry:
        if not self.tight:
            low = max(min(low, 1), low - ceil(LESS_STAFF * low))
            high += max(1, round(MORE_STAFF * high))
        return {"exactly": low} if low == high else {"minimum": low, "maximum": high}

    def _rooms(self) -> Iterator[Entry]:
        """Electives, and clinic weeks that a grid gives, have room for so many, away or not."""
        taken: Counter[tuple[str, int]] = Counter()
        for column in self.columns:
            for block, code in zip(column.grid.blocks, column.codes, strict=True):
                if code not in self.units.service and code != AMBULATORY_BLOCK:
                    taken.update((code, part) for part in block.parts)
        most: dict[str, int] = {}
        for (code, _), number in taken.items():
            most[code] = max(most.get(code, 0), number)
        for code, number in sorted(most.items()):
            more = 0 if self.tight else max(1, round(MORE_STAFF * number))
            limit = {"maximum": number + more, "count": "assigned"}
            yield {"rule": "coverage", "name": f"room-{code}", "rotations": code} | limit

    def _holiday_services(self) -> Iterator[Entry]:
        for holiday in self.holidays:
            there = [c for c in self.columns if c.id not in self.off[holiday.name]]
            for team in PGY:
                for code in self.units.service:
                    low = min(
                        sum(c.team == team and c.code_at(part) == code for c in there)
                        for part in holiday.parts
                    )
                    low = low if self.tight else low - ceil(LESS_STAFF * low)
                    if low:
                        who = {"pgy": list(PGY[team]), "visitors": "also"}
                        name = f"{holiday.name}-{code}-{team}"
                        what = {"holidays": holiday.name, "service": code, "minimum": low}
                        yield {"rule": "holiday", "name": name, "who": who} | what

    # -- each resident of a group -------------------------------------------------------

    def _of_group(self, group: Group, columns: list[Column]) -> Iterator[Entry]:
        unit, team = group
        who: Entry = {"pgy": list(PGY[team])} | ({"program": unit} if unit else {})
        label = f"{unit}{team}"
        yield from self._weeks(label, who, columns)
        most = self.away[group]
        most = most if self.tight else ceil((1 + MORE_VACATION) * most)
        yield {"rule": "vacation", "name": f"room-vacation-{label}", "who": who, "at_once": most}
        gap = max(self._longest_gap(column) for column in columns)
        gap += 0 if self.tight else MORE_GAP
        kind = {"rule": "gap", "rotations": "clinic", "maximum": gap}
        yield {"name": f"clinic-gap-{label}", "who": who} | kind
        nights = self._nights(columns)
        if nights:
            kind = {"rule": "window", "rotations": "night", "maximum": nights}
            yield {"name": f"nights-running-{label}", "who": who} | kind

    def _weeks(self, label: str, who: Entry, columns: list[Column]) -> Iterator[Entry]:
        """Weeks of a year on each service, in clinic and on electives."""
        block = max(len(b.parts) for b in columns[0].grid.blocks) * (not self.tight)
        for name, codes in self._counted(columns):
            days = [self._days(column, codes) for column in columns]
            low = max(0, min(days) // DAYS_IN_WEEK - block)
            high = -(-max(days) // DAYS_IN_WEEK) + block
            limits = {"rotations": name, "minimum": low, "maximum": high}
            yield {"rule": "requirement", "name": f"weeks-{name}-{label}", "who": who} | limits

    def _counted(self, columns: list[Column]) -> Iterator[tuple[str, Collection[str]]]:
        used = {code for column in columns for code in column.codes}
        for code in sorted(used & set(self.units.service)):
            yield code, {code}
        yield AMBULATORY_BLOCK, {AMBULATORY_BLOCK}
        yield "elective", used - set(self.units.service) - {AMBULATORY_BLOCK, CLINIC_WEEK}

    def _days(self, column: Column, codes: Collection[str]) -> int:
        """Days worked on ``codes``."""
        gone = column.vacation | column.leave
        return sum(
            part.days
            for part in self.calendar.parts
            if part.week not in gone and column.code_at(part.index) in codes
        )

    def _longest_gap(self, column: Column) -> int:
        """Most weeks running without clinic; a block wholly on vacation is none."""
        runs = groupby(self._clinic_weeks(column))
        return max((len(list(run)) for state, run in runs if state is False), default=0)

    def _clinic_weeks(self, column: Column) -> Iterator[bool | None]:
        """Week by week whether it is one of clinic; None on leave, where counting starts anew."""
        week_of = self.calendar.parts
        for week, parts in enumerate(self.calendar.parts_of_week):
            blocks = [column.grid.blocks[column.grid.block_at[part]] for part in parts]
            clinic = [
                column.codes[b.index] in (AMBULATORY_BLOCK, CLINIC_WEEK)
                and not all(week_of[part].week in column.vacation for part in b.parts)
                for b in blocks
            ]
            yield None if week in column.leave else any(clinic)

    def _nights(self, columns: list[Column]) -> int:
        """Whole weeks of the longest run of nights."""
        filler = Filler(columns, self.units, self.calendar)
        return max(filler.runs(column)[1] for column in columns) // DAYS_IN_WEEK
