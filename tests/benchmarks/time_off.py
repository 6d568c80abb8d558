"""Leave, vacation and holidays of the hidden roster, spread so that no week holds too many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from scheduler.problem.calendar import Calendar
from scheduler.problem.holiday import Holiday
from tests.benchmarks.roster import Column, Units, stretches

#: Weeks of vacation in each half-year, in one piece where that fits.
EACH_HALF = 2
#: Weeks from the year's start without vacation, and least weeks between two pieces.
BLACKOUT, APART = 2, 2
#: One of so many residents is on leave for some weeks.
LEAVE_ONE_IN, LEAVE_WEEKS = 40, 4

#: For each holiday, who is off.
Off = Mapping[str, frozenset[str]]


@dataclass
class TimeOff:
    """Places leave and vacation into the light weeks of residents' columns."""

    units: Units
    calendar: Calendar
    holidays: Sequence[Holiday]
    rng: Random

    def leave(self, columns: Sequence[Column]) -> None:
        """A few residents are on leave while they are on nothing that must be staffed."""
        everyone = [column for column in columns if not column.visiting]
        for column in self.rng.sample(everyone, len(everyone) // LEAVE_ONE_IN):
            runs = stretches(column, self.units, self.calendar)
            long = [run for run in runs if len(run) >= LEAVE_WEEKS and run[0] > BLACKOUT]
            others = [run for run in runs if len(run) >= EACH_HALF]
            if long and len(others) > 3:
                column.leave = set(self.rng.choice(long)[:LEAVE_WEEKS])

    def vacation(self, columns: Sequence[Column]) -> int:
        """Everyone's vacation, where fewest are away so far; most people away in one week."""
        away: Counter[int] = Counter()
        half = len(self.calendar.weeks) // 2
        for column in (one for one in columns if not one.visiting):
            last = len(self.calendar.weeks)
            for weeks in (range(BLACKOUT, half), range(half, last)):
                self._take(column, weeks, EACH_HALF, away)
            for _ in range(2 * EACH_HALF - len(column.vacation)):
                self._take(column, range(BLACKOUT, last), 1, away)
            if len(column.vacation) != 2 * EACH_HALF:
                raise ValueError(f"no room for the vacation of {column.id}")
        return max(away.values())

    def _take(self, column: Column, weeks: range, length: int, away: Counter[int]) -> None:
        """One piece of ``length`` somewhere in ``weeks``, else pieces of one week."""
        pieces = list(self._places(column, weeks, length))
        if pieces:
            best = min(pieces, key=lambda p: (max(away[w] for w in p), self.rng.random()))
            column.vacation.update(best)
            away.update(best)
        elif length > 1:
            for _ in range(length):
                self._take(column, weeks, 1, away)

    def _places(self, column: Column, weeks: range, length: int) -> Iterator[list[int]]:
        """Runs of ``length`` weeks free for vacation."""
        for run in stretches(column, self.units, self.calendar):
            free = [week for week in run if week in weeks and week not in column.leave]
            for first in range(len(free) - length + 1):
                piece = free[first : first + length]
                together = piece[-1] - piece[0] == length - 1
                if together and self._is_apart(column, piece) and self._leaves_one(column, piece):
                    yield piece

    def _is_apart(self, column: Column, piece: list[int]) -> bool:
        return all(abs(week - other) > APART for week in piece for other in column.vacation)

    def _leaves_one(self, column: Column, piece: list[int]) -> bool:
        """Whether some holiday is left in which the resident can be off."""
        gone = column.vacation | column.leave | set(piece)
        return any(not gone & holiday_weeks(one, self.calendar) for one in self.holidays)


def holiday_weeks(holiday: Holiday, calendar: Calendar) -> set[int]:
    """The weeks that a holiday touches."""
    return {calendar.parts[part].week for part in holiday.parts}


def holidays_off(columns: Sequence[Column], holidays: Sequence[Holiday], calendar: Calendar) -> Off:
    """Everyone is off in one of the holidays, half of each service in each."""
    found: dict[str, set[str]] = {holiday.name: set() for holiday in holidays}
    taken: Counter[tuple[str, str]] = Counter()
    for column in (one for one in columns if not one.visiting):
        gone = column.vacation | column.leave
        free = [h for h in holidays if not gone & holiday_weeks(h, calendar)]
        own = {h.name: column.unit + column.code_at(h.parts[0]) for h in free}
        best = min(free, key=lambda h: taken[h.name, own[h.name]])
        found[best.name].add(column.id)
        taken[best.name, own[best.name]] += 1
    return {name: frozenset(who) for name, who in found.items()}
