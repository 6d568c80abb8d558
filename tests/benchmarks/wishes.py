"""Wishes of the generated residents: popular weeks, electives, a holiday; a few approved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from scheduler.problem.calendar import Calendar
from scheduler.problem.holiday import Holiday
from tests.benchmarks.roster import Column

Row = dict[str, str]

#: How often a week is wished for (others 1): winter holidays, spring break, June weddings, August.
_POPULAR = {25: 6, 26: 6, 37: 4, 38: 3, 48: 3, 49: 3, 5: 3, 6: 3, 7: 4, 8: 4, 21: 3}
#: One of so many residents has a vacation approved already, or a block fixed by hand.
APPROVED_ONE_IN = 25


@dataclass
class Wishes:
    """Draws the wishes of one resident after another."""

    calendar: Calendar
    holidays: Sequence[Holiday]
    electives: Sequence[str]
    hard: Sequence[str]
    rng: Random

    def of(self, column: Column) -> Iterator[Row]:
        """All wishes of a resident: two vacations, perhaps a day and a holiday, rotations."""
        yield from self._vacation(column, "vacation 1", (2, 2, 1), range(3, 26))
        yield from self._vacation(column, "vacation 2", (2, 1), range(26, 51))
        if self.rng.random() < 0.5:
            ranked = self.rng.sample(list(self.holidays), len(self.holidays))
            for priority, holiday in enumerate(ranked, 1):
                row = self._row(column, "holiday", priority, "holiday")
                yield row | {"what": holiday.name}
        if self.rng.random() < 0.15:
            yield self._weekend(column)
        yield from self._elective(column)
        yield self._avoid(column)

    def _row(self, column: Column, choice: str, priority: int, kind: str) -> Row:
        return {"id": column.id, "choice": choice, "priority": str(priority), "type": kind}

    def _weeks(self, first: int, last: int) -> Row:
        """Dates of the weeks ``first`` to ``last`` (indices, the last one included)."""
        weeks = self.calendar.weeks
        return {"from": str(weeks[first].first), "to": str(weeks[last].last)}

    def _vacation(
        self, column: Column, choice: str, lengths: Sequence[int], weeks: range
    ) -> Iterator[Row]:
        popular = [_POPULAR.get(week, 1) for week in weeks]
        firsts: list[int] = []
        while len(firsts) < len(lengths):
            (first,) = self.rng.choices(weeks, popular)
            firsts += [first] if first not in firsts else []
        for priority, (first, length) in enumerate(zip(firsts, lengths, strict=True), 1):
            last = min(first + length, len(self.calendar.weeks)) - 1
            yield self._row(column, choice, priority, "vacation") | self._weeks(first, last)

    def _weekend(self, column: Column) -> Row:
        sunday = self.rng.choice(self.calendar.weeks[4:-4]).last
        days = {"from": str(sunday - timedelta(days=1)), "to": str(sunday)}
        return self._row(column, "free weekend", 1, "date") | days

    def _elective(self, column: Column) -> Iterator[Row]:
        """An elective, best in one of two quarters, else at any time."""
        what = {"what": self.rng.choice(self.electives)}
        blocks = [block for block in column.grid.blocks if block.assigned is None]
        for priority, block in enumerate(self.rng.sample(blocks, 2), 1):
            first, last = (self.calendar.parts[block.parts[i]] for i in (0, -1))
            dates = {"from": str(first.first), "to": str(last.last)}
            yield self._row(column, "elective", priority, "rotation") | what | dates
        yield self._row(column, "elective", 3, "rotation") | what

    def _avoid(self, column: Column) -> Row:
        first = self.rng.randrange(2, len(self.calendar.weeks) - 4)
        what = {"what": self.rng.choice(self.hard)}
        return self._row(column, "not then", 1, "avoid") | what | self._weeks(first, first + 3)

    # -- what a person has settled, as in the hidden roster -----------------------------

    def approved(self, columns: Sequence[Column]) -> Iterator[Row]:
        """The first vacation of some residents, as the roster has it."""
        for column in self.rng.sample(columns, len(columns) // APPROVED_ONE_IN):
            first = min(column.vacation)
            last = first + (first + 1 in column.vacation)
            row = self._row(column, "settled", 1, "vacation") | {"status": "approved"}
            yield row | self._weeks(first, last)

    def locks(self, columns: Sequence[Column]) -> Iterator[Row]:
        """One block of some residents, as the roster has it."""
        for column in self.rng.sample(columns, len(columns) // APPROVED_ONE_IN):
            block = self.rng.choice(column.grid.blocks)
            parts = [self.calendar.parts[part] for part in block.parts]
            gone = column.vacation | column.leave
            if block.assigned is None and not any(part.week in gone for part in parts):
                dates = {"from": str(parts[0].first), "to": str(parts[-1].last)}
                yield {"id": column.id, "code": column.codes[block.index]} | dates
