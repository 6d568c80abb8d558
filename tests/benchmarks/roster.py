"""A hidden roster: a whole year that keeps every rule the generator then derives from it.

All columns of a team and cohort walk along one circle of places, each one step
behind the next, so every place is filled in every block.  Switches that keep
each person's blocks and each week's staffing then break up the pattern.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from random import Random

from scheduler.problem.calendar import Calendar
from scheduler.problem.grid import Grid
from tests.benchmarks.services import (
    AMBULATORY,
    AMBULATORY_BLOCK,
    CLINIC_WEEK,
    SERVICES,
    circle,
    interleaved,
    places,
)

#: Stands for some elective until each has a name.
ELECTIVE = "elective"
#: Switches tried for each block of each column.
SWITCHES = 3
#: Longest runs in days: of heavy work, of nights, without clinic.
Runs = tuple[int, ...]


@dataclass
class Column:
    """A place in the program for a year: a resident, or visitors one after the other.

    ``codes`` are by block of ``grid``; ``vacation`` and ``leave`` are week indices.
    """

    id: str
    unit: str
    shape: str
    team: str
    pgy: int
    cohort: str
    visiting: bool
    grid: Grid
    codes: list[str] = field(default_factory=list)
    vacation: set[int] = field(default_factory=set)
    leave: set[int] = field(default_factory=set)

    def code_at(self, part: int) -> str:
        """The rotation of the block at ``part``, whatever lies over it."""
        return self.codes[self.grid.block_at[part]]


class Units:
    """The services of all programs of a campus: which codes they have, and with which tags."""

    def __init__(self, units: Iterable[str]) -> None:
        self.names = tuple(units)
        self.service = {s.of(unit): s for s in SERVICES for unit in self.names}

    def keep(self, used: Collection[str]) -> None:
        """Forget the services that nobody is on."""
        self.service = {code: s for code, s in self.service.items() if code in used}

    def is_light(self, code: str) -> bool:
        """Whether vacation and leave may lie over ``code``."""
        return code not in self.service and code != CLINIC_WEEK

    def has(self, code: str, tag: str) -> bool:
        return code in self.service and tag in self.service[code].tags


def block_days(grid: Grid, calendar: Calendar) -> list[int]:
    """Days in each block."""
    return [sum(calendar.part_days[part] for part in block.parts) for block in grid.blocks]


class Filler:
    """Fills the columns of one unit and team."""

    def __init__(self, columns: Sequence[Column], units: Units, calendar: Calendar) -> None:
        self._columns = columns
        self._units = units
        self._days = {c.grid.name: block_days(c.grid, calendar) for c in columns}
        self._cohorts: dict[str, list[Column]] = defaultdict(list)
        for column in columns:
            self._cohorts[column.cohort].append(column)

    def fill(self, size: int, rng: Random) -> None:
        """Walk the circles, then switch at random as far as no run becomes too long."""
        first = self._columns[0]
        number = len(self._cohorts)
        wanted = places(first.team, len(self._columns), size, number)
        for cohort in self._cohorts.values():
            heavy = [(s.of(first.unit), n // number) for s, n in wanted.items()]
            self._walk(cohort, interleaved(heavy))
        for cohort in self._cohorts.values():
            self._switch(cohort, rng)

    def _walk(self, columns: list[Column], heavy: list[str]) -> None:
        free = len(columns) - len(heavy)
        clinic = max(1, round(AMBULATORY * free))
        light = interleaved([(AMBULATORY_BLOCK, clinic), (ELECTIVE, free - clinic)])
        slots = circle(heavy, light)
        for number, column in enumerate(columns):
            step = number
            for block in column.grid.blocks:
                column.codes.append(block.assigned or slots[step % len(slots)])
                step += block.assigned is None

    def _switch(self, columns: list[Column], rng: Random) -> None:
        """Two columns change places in two blocks: everyone's blocks and every week's stay."""
        blocks = [b.index for b in columns[0].grid.blocks if b.assigned is None]
        longest = [self.runs(column) for column in columns]
        limit = tuple(map(max, zip(*longest, strict=True)))
        if len(columns) < 2:
            return
        for _ in range(SWITCHES * len(columns) * len(blocks)):
            pair = rng.sample(columns, 2)
            block = rng.choice(blocks)
            others = self._others(pair, block, blocks)
            if others:
                self._try(pair, (block, rng.choice(others)), limit)

    def _others(self, pair: list[Column], block: int, blocks: list[int]) -> list[int]:
        """The blocks in which the two have, the other way round, what they have in ``block``."""
        one, two = pair
        here, there = one.codes[block], two.codes[block]
        if here == there:
            return []
        return [b for b in blocks if one.codes[b] == there and two.codes[b] == here]

    def _try(self, pair: list[Column], blocks: Sequence[int], limit: Runs) -> None:
        self._exchange(pair, blocks)
        if any(a > b for one in pair for a, b in zip(self.runs(one), limit, strict=True)):
            self._exchange(pair, blocks)

    def _exchange(self, pair: list[Column], blocks: Sequence[int]) -> None:
        one, two = pair
        for b in blocks:
            one.codes[b], two.codes[b] = two.codes[b], one.codes[b]

    def runs(self, column: Column) -> Runs:
        """The longest runs of a column in days."""
        units, codes = self._units, column.codes
        days = self._days[column.grid.name]
        kinds = (
            [units.has(code, "heavy") for code in codes],
            [units.has(code, "night") for code in codes],
            [code not in (AMBULATORY_BLOCK, CLINIC_WEEK) for code in codes],
        )
        return tuple(_longest(kind, days) for kind in kinds)


def _longest(kind: Sequence[bool], days: Sequence[int]) -> int:
    """Days of the longest run of blocks of the kind."""
    best = run = 0
    for inside, length in zip(kind, days, strict=True):
        run = run + length if inside else 0
        best = max(best, run)
    return best


def name_electives(columns: Sequence[Column], codes: Sequence[str], rng: Random) -> None:
    """Give every elective block a name: seldom the same twice, and rooms filled evenly."""
    taken: Counter[tuple[str, int]] = Counter()
    for column in columns:
        own: Counter[str] = Counter()
        for block in column.grid.blocks:
            if column.codes[block.index] != ELECTIVE:
                continue
            code = min(
                codes, key=lambda c: (own[c], sum(taken[c, p] for p in block.parts), rng.random())
            )
            own[code] += 1
            taken.update((code, part) for part in block.parts)
            column.codes[block.index] = code


def stretches(column: Column, units: Units, calendar: Calendar) -> list[list[int]]:
    """Runs of whole weeks in which vacation may lie over everything."""
    light = [
        all(units.is_light(column.code_at(part)) for part in parts) and week.is_full
        for parts, week in zip(calendar.parts_of_week, calendar.weeks, strict=True)
    ]
    runs = groupby(range(len(light)), key=lambda week: light[week])
    return [list(weeks) for inside, weeks in runs if inside]
