"""The hours rule: expected weekly hours, averaged over any so many weeks, stay within a limit."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import ClassVar, Literal

from pydantic import Field

from scheduler.audit.violation import Violation
from scheduler.model.block import BlockModel, GridModel
from scheduler.model.linear import Sum
from scheduler.model.year import YearModel
from scheduler.problem.calendar import DAYS_IN_WEEK
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.rules.base import Rule, Scope
from scheduler.rules.example import Example, Person
from scheduler.rules.words import counted, dated_weeks, sentence, weeks_of
from scheduler.schedule.schedule import Schedule

#: Hours of a week.
MOST_HOURS = 168


class Hours(Rule):
    """Nobody is expected to work more hours a week than the limit, averaged over some weeks.

    Each rotation states its expected ``hours`` a week; they are spread evenly over
    its days.  In every window of ``in_any`` weeks that lies inside the year (or
    inside ``when``), beginning with each week in turn, the average of the days
    worked may not be above ``maximum``.

    Days of vacation, leave and absence are left out on both sides: the days that
    remain must keep the limit among themselves, so that no week off makes room
    for longer weeks beside it.  What somebody works elsewhere while away is not
    known.  Days on a rotation that states no hours (0) are left out as well: a
    number that is missing makes no room either.  A holiday changes nothing here.

    These are expected hours, not hours worked: the rule shows that a schedule
    leaves room to keep a duty-hour limit, never that the limit was kept.

    The amount is the hours above the limit in a window, summed over the windows;
    in each of them begun hours count whole.
    """

    unit: ClassVar[str] = "hour"

    rule: Literal["hours"] = "hours"
    maximum: int = Field(ge=1, le=MOST_HOURS, description="most hours a week on average")
    in_any: int = Field(ge=1, le=53, description="weeks over which hours are averaged")

    def sentence(self) -> str:
        return sentence(
            self.who.words(),
            f"are expected to work at most {counted(self.maximum, 'hour')} a week,",
            f"averaged over any {counted(self.in_any, 'week')}",
            self.when.words(),
        )

    def _beyond(self, problem: Problem) -> dict[int, frozenset[str]]:
        """Hours a week above the limit (or, negative, below it) with the codes that have them.

        Empty where no rotation is above: then no average can be.
        """
        found: dict[int, set[str]] = {}
        for code, rotation in problem.rotations.items():
            if rotation.hours:
                found.setdefault(rotation.hours - self.maximum, set()).add(code)
        if max(found, default=0) <= 0:
            return {}
        return {hours: frozenset(codes) for hours, codes in found.items() if hours}

    def worked_sets(self, scope: Scope, resident: Resident) -> Iterable[frozenset[str]]:
        return self._beyond(scope.problem).values()

    # -- the model ---------------------------------------------------------------------------

    def post(self, year: YearModel, scope: Scope) -> None:
        beyond = self._beyond(scope.problem)
        for resident in scope.residents if beyond else ():
            for grid in year.grid_models(resident):
                blocks = list(_read(year, scope, resident, grid, beyond))
                for weeks in _runs(scope):
                    starts = range(len(weeks) + 1 - self.in_any)
                    windows = [_window(blocks, weeks[s : s + self.in_any]) for s in starts]
                    # Where rules give, or cost, every window is charged by itself.
                    strict = self.hard and not year.relaxed
                    for window in _not_implied(windows) if strict else windows:
                        self._post_window(year, grid, window)

    def _post_window(self, year: YearModel, grid: GridModel, window: list[_Piece]) -> None:
        """One block alone, two blocks step by step, or more in one sum.

        With two blocks, hours a and b above the limit are charged max(0, a + b):
        as many steps t as lie below a and above -b.  In each step both hold or
        one does not, and nothing tighter can be said of two choices.
        """
        if len(window) == 1:
            year.at_most(window[0].total(least=1), 0, self, DAYS_IN_WEEK)
        elif len(window) == 2 and all(piece.in_hours for piece in window):
            for step, both in _steps(*(_states(year, grid, piece) for piece in window)):
                total = Sum().add(both, step).add(grid.chosen, -step)
                year.at_most(total, 0, self)
        elif window:
            year.at_most(_total(window), 0, self, DAYS_IN_WEEK)

    # -- the audit ---------------------------------------------------------------------------

    def audit(self, schedule: Schedule, scope: Scope) -> Iterator[Violation]:
        calendar = scope.problem.calendar
        for resident in scope.residents:
            for first in range(len(calendar.weeks) + 1 - self.in_any):
                asked = [
                    [part for part in calendar.parts_of_week[week] if part in scope.part_set]
                    for week in range(first, first + self.in_any)
                ]
                if all(asked):
                    parts = [part for week in asked for part in week]
                    yield from self._judge(schedule, scope, resident, parts)

    def _judge(
        self, schedule: Schedule, scope: Scope, resident: Resident, parts: list[int]
    ) -> Iterator[Violation]:
        problem, days, hours = scope.problem, 0, 0
        for part in parts:
            rotation = problem.rotations.get(schedule.cells[resident.index][part])
            if rotation is not None and rotation.hours > 0:
                days += problem.calendar.parts[part].days
                hours += problem.calendar.parts[part].days * rotation.hours
        beyond = hours - self.maximum * days
        if beyond > 0:
            everything = sum(problem.calendar.parts[part].days for part in parts)
            counted_in = f" ({weeks_of(days)} counted)" if days < everything else ""
            yield self.violation(
                -(-beyond // DAYS_IN_WEEK),
                f"{resident.name} is expected to work {_average(hours, days)} hours a week in "
                f"{dated_weeks(problem.calendar, parts)}{counted_in}, at most {self.maximum}",
                resident,
                parts,
            )

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "at most 75 hours a week, averaged over any two",
            {"rule": "hours", "maximum": 75, "in_any": 2},
            {"A": "ICU WARD ICU CLINIC", "B": "ICU WARD ICU ICU"},
            finds=(
                "B is expected to work 80 hours a week in weeks 3-4 "
                "(2026-07-13 to 2026-07-26), at most 75",
            ),
            amounts=(10,),
            rotations=("ICU", "WARD", "CLINIC"),
        ),
        Example(
            "a week of vacation makes no room for a longer week",
            {"rule": "hours", "maximum": 60, "in_any": 4},
            {"A": "WARD WARD CLINIC CLINIC", "B": "WARD WARD CLINIC VAC"},
            finds=(
                "B is expected to work 61.7 hours a week in weeks 1-4 "
                "(2026-06-29 to 2026-07-26) (3 weeks counted), at most 60",
            ),
            amounts=(5,),
            block_weeks=2,
            others=({"rule": "vacation", "minimum": 0, "maximum": 2},),
        ),
        Example(
            "leave, absence and a rotation without hours count on neither side",
            {"rule": "hours", "maximum": 70, "in_any": 3, "weight": 2},
            {"A": "ICU LEAVE WARD AWAY", "B": "WARD RSCH ICU CLINIC"},
            finds=(
                "A is expected to work 75 hours a week in weeks 1-3 "
                "(2026-06-29 to 2026-07-19) (2 weeks counted), at most 70",
                "B is expected to work 75 hours a week in weeks 1-3 "
                "(2026-06-29 to 2026-07-19) (2 weeks counted), at most 70",
            ),
            amounts=(10, 10),
            rotations=("ICU", "WARD", "RSCH", "CLINIC"),
            residents={"A": Person(leave=(2,), away=(4,))},
        ),
        Example(
            "where no rotation is above the limit, no average is",
            {"rule": "hours", "maximum": 80, "in_any": 2},
            {"A": "ICU ICU ICU", "B": "ICU WARD ICU"},
            rotations=("ICU", "WARD"),
        ),
    )


def _average(hours: int, days: int) -> str:
    """Hours a week, rounded up to a tenth, so that what is above a limit is shown above it."""
    whole, tenth = divmod(-(-10 * hours // days), 10)
    return f"{whole}.{tenth}" if tenth else str(whole)


# -- windows of the model ---------------------------------------------------------------------


def _runs(scope: Scope) -> Iterator[list[int]]:
    """The weeks of ``when`` in runs without a hole."""
    parts = scope.problem.calendar.parts
    weeks = sorted({parts[part].week for part in scope.parts})
    for _, run in groupby(enumerate(weeks), key=lambda item: item[1] - item[0]):
        yield [week for _, week in run]


@dataclass(frozen=True)
class _Level:
    """The rotations of a block that are so many hours above the limit.

    ``on`` is 1 if the block takes one of them, ``worked`` maps a week to 1 if it
    does and the week is no vacation, ``away`` to 1 if it does and the week is.
    """

    hours: int
    on: Sum
    worked: Mapping[int, Sum]
    away: Mapping[int, Sum]


@dataclass(frozen=True)
class _Piece:
    """A block, or the part of it in a window: ``days`` by week; ``weeks`` are the block's own."""

    days: Mapping[int, int]
    weeks: int
    levels: tuple[_Level, ...]

    def within(self, weeks: Collection[int]) -> _Piece:
        return replace(self, days={week: self.days[week] for week in weeks if week in self.days})

    @property
    def in_hours(self) -> bool:
        """Whether it is made of whole weeks, so that amounts are whole hours."""
        return all(length == DAYS_IN_WEEK for length in self.days.values())

    def total(self, least: int = -MOST_HOURS) -> Sum:
        """Day-hours above the limit, of the rotations at least ``least`` above it."""
        total = Sum()
        for level in self.levels:
            for week, length in self.days.items() if level.hours >= least else ():
                total.add(level.worked[week], level.hours * length)
        return total


def _read(
    year: YearModel,
    scope: Scope,
    resident: Resident,
    grid: GridModel,
    beyond: Mapping[int, frozenset[str]],
) -> Iterator[_Piece]:
    """The whole blocks, as far as they count."""
    everywhere = year.days_in_blocks(grid.grid, resident.available)
    counting = year.days_in_blocks(grid.grid, resident.available & scope.part_set)
    for block, days, there in zip(grid.blocks, counting, everywhere, strict=True):
        yield _Piece(days, len(there), _levels(block, days, beyond))


def _levels(
    block: BlockModel, days: Mapping[int, int], beyond: Mapping[int, frozenset[str]]
) -> tuple[_Level, ...]:
    """The rotations of a block by the hours they are beyond the limit."""
    levels = []
    for hours, codes in beyond.items():
        on = block.on(codes)
        worked = {week: block.worked(week, codes) for week in days} if on else {}
        away = {week: Sum().add(on).add(one, -1) for week, one in worked.items()}
        away = {week: one for week, one in away.items() if any(one.terms.values())}
        levels += [_Level(hours, on, worked, away)] if on else []
    return tuple(levels)


def _window(blocks: list[_Piece], weeks: list[int]) -> list[_Piece]:
    """The pieces of a window that may add anything; none where nothing is above the limit."""
    touched = [
        block for block in blocks if block.levels and not block.days.keys().isdisjoint(weeks)
    ]
    heavy = any(level.hours > 0 for block in touched for level in block.levels)
    return [block.within(weeks) for block in touched] if heavy else []


def _states(year: YearModel, grid: GridModel, piece: _Piece) -> dict[int, Sum]:
    """Each amount in day-hours that a piece of whole weeks can add, with 1 if it is that much."""
    found: dict[int, Sum] = {}
    for level in piece.levels:
        for absent, state in enumerate(_by_weeks_absent(year, piece, level)):
            amount = level.hours * (len(piece.days) - absent) * DAYS_IN_WEEK
            found.setdefault(amount, Sum()).add(state)
    rest = Sum().add(grid.chosen).add(_sum(found.values()), -1)
    found.setdefault(0, Sum()).add(rest)
    return found


def _by_weeks_absent(year: YearModel, piece: _Piece, level: _Level) -> Iterator[Sum]:
    """1 if the block is of the level and none, one, two ... weeks of the piece are on vacation."""
    away = [level.away[week] for week in piece.days if week in level.away]
    absent = _sum(away)
    if len(away) < 2 or piece.weeks == 2:  # of two weeks one is worked
        yield Sum().add(level.on).add(absent, -1)
        yield from [absent] if away else []
        return
    # So many weeks or more: each implies the one before.
    reached = [level.on, *(year.helper() for _ in away), Sum()]
    year.define(absent.add(_sum(reached[1:]), -1), 0, 0)
    for fewer, more in pairwise(reached):
        state = Sum().add(fewer).add(more, -1)
        year.define(state, lower=0)
        yield state


def _steps(first: Mapping[int, Sum], second: Mapping[int, Sum]) -> Iterator[tuple[int, Sum]]:
    """Steps between amounts: hours in the step, and how many of the two blocks reach it."""
    bounds = sorted({*first, *(-amount for amount in second)})
    for low, high in pairwise(bounds):
        one = _sum(state for amount, state in first.items() if amount >= high)
        other = _sum(state for amount, state in second.items() if amount >= -low)
        if one and other:
            yield (high - low) // DAYS_IN_WEEK, one.add(other)


def _sum(sums: Iterable[Sum]) -> Sum:
    total = Sum()
    for one in sums:
        total.add(one)
    return total


def _total(window: list[_Piece]) -> Sum:
    return _sum(piece.total() for piece in window)


def _not_implied(windows: list[list[_Piece]]) -> Iterator[list[_Piece]]:
    """The windows, without those halfway between their neighbours, whose rows imply theirs."""
    totals = [_total(window) for window in windows]
    for index, window in enumerate(windows):
        if 0 < index < len(windows) - 1 and window:
            twice = Sum().add(totals[index], 2)
            twice.add(totals[index - 1], -1).add(totals[index + 1], -1)
            if not any(twice.terms.values()):
                continue
        yield window
