"""All schedules of a tiny problem, cell by cell; knows the form of a schedule, not the model.

Where there are too many, a seeded sample is drawn from three strata: anything
at all, schedules of a plausible form, and neighbours of a given schedule.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, combinations, product
from math import prod
from random import Random
from typing import Generic, TypeVar

from scheduler.problem.grid import Block, Grid
from scheduler.problem.holiday import HolidayStatus
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.problem.rotation import AWAY, LEAVE, VACATION
from scheduler.rules.backups import Grants, backup_grants
from scheduler.rules.duties import possible_duties
from scheduler.schedule.schedule import HolidayDuty, Schedule

#: Schedules judged of one problem; more of them can be asked for from outside.
MOST = int(os.environ.get("SCHEDULES_PER_PROBLEM", "400"))

#: Weeks of vacation of a plausible year at most, unless more are asked for.
MOST_WEEKS_AWAY = 4

Row = tuple[str, ...]
Year = tuple[str, Row]  # a grid's name and the cells
T = TypeVar("T")


class Space(Generic[T]):
    """A list too long to write down: its length, and its member at any index."""

    def __init__(self, size: int, at: Callable[[int], T]) -> None:
        self.size = size
        self.at = at

    @classmethod
    def listed(cls, items: Sequence[T]) -> Space[T]:
        return cls(len(items), items.__getitem__)

    @classmethod
    def chained(cls, spaces: Sequence[Space[T]]) -> Space[T]:
        """One after the other."""

        def at(index: int) -> T:
            for space in spaces:
                if index < space.size:
                    return space.at(index)
                index -= space.size
            raise IndexError(index)

        return cls(sum(space.size for space in spaces), at)

    @classmethod
    def crossed(cls, spaces: Sequence[Space[T]]) -> Space[tuple[T, ...]]:
        """One member of each, in every combination."""

        def at(index: int) -> tuple[T, ...]:
            members = []
            for space in spaces:
                index, here = divmod(index, space.size)
                members.append(space.at(here))
            return tuple(members)

        return Space(prod(space.size for space in spaces), at)

    def sample(self, most: int, random: Random) -> Iterator[T]:
        """Everything, or ``most`` different members."""
        few = self.size <= most
        chosen = range(self.size) if few else _distinct(self.size, most, random)
        return map(self.at, chosen)


def _distinct(size: int, most: int, random: Random) -> list[int]:
    found: dict[int, None] = {}
    while len(found) < most:
        found[random.randrange(size)] = None
    return list(found)


# -- the cells of one resident ----------------------------------------------------------


def _fixed(resident: Resident, part: int) -> str | None:
    """AWAY or LEAVE where the input decides the cell."""
    if part not in resident.present:
        return AWAY
    return LEAVE if part in resident.leave else None


def _any_blocks(problem: Problem, resident: Resident, block: Block) -> list[Row]:
    """Every rotation with every subset of the parts on vacation, and the wholly vacated block."""
    fixed = [_fixed(resident, part) for part in block.parts]
    open_parts = [i for i, code in enumerate(fixed) if code is None]
    rows: dict[Row, None] = {}
    for away in range(len(open_parts) + 1):
        for vacant in combinations(open_parts, away):
            for code in problem.rotations:
                filled = [VACATION if i in vacant else c or code for i, c in enumerate(fixed)]
                rows[tuple(filled)] = None
    return list(rows)


def any_years(problem: Problem, resident: Resident) -> Space[Year]:
    """Every filling of every candidate grid, allowed or not."""
    return Space.chained(
        [
            _named(grid, [Space.listed(_any_blocks(problem, resident, b)) for b in grid.blocks])
            for grid in problem.candidate_grids(resident)
        ]
    )


def _named(grid: Grid, blocks: Sequence[Space[Row]]) -> Space[Year]:
    crossed = Space.crossed(blocks)

    def at(index: int) -> Year:
        return grid.name, sum(crossed.at(index), ())

    return Space(crossed.size, at)


def plausible_years(
    problem: Problem, resident: Resident, most_away: int = MOST_WEEKS_AWAY
) -> Space[Year]:
    """Whole weeks of vacation that some rule grants, in rotations that allow it.

    Assigned blocks are as assigned.
    """
    weeks = _free_weeks(problem, resident)
    return Space.chained(
        [
            _plausible_grid(problem, resident, grid, away)
            for grid in problem.candidate_grids(resident)
            for count in range(min(len(weeks), most_away) + 1)
            for away in combinations(weeks, count)
        ]
    )


def _plausible_grid(
    problem: Problem, resident: Resident, grid: Grid, away: Sequence[int]
) -> Space[Year]:
    blocks = [_plausible_block(problem, resident, block, away) for block in grid.blocks]
    return _named(grid, [Space.listed(rows) for rows in blocks])


def _free_weeks(problem: Problem, resident: Resident) -> list[int]:
    granted: set[int] = set()
    for bound in problem.rules:
        if resident.index in bound.residents:
            granted |= bound.rule.vacation_weeks(bound.scope(problem), resident)
    return [
        week
        for week, parts in enumerate(problem.calendar.parts_of_week)
        if week in granted and all(part in resident.available for part in parts)
    ]


def _plausible_block(
    problem: Problem, resident: Resident, block: Block, away: Sequence[int]
) -> list[Row]:
    week_of = problem.calendar.parts
    vacant = {part for part in block.parts if week_of[part].week in away}
    codes = [block.assigned] if block.assigned else list(problem.rotations)
    if vacant:
        codes = [code for code in codes if problem.rotations[code].vacation]
    rows = {
        tuple(
            VACATION if part in vacant else _fixed(resident, part) or code for part in block.parts
        ): None
        for code in codes
    }
    return list(rows)


# -- whole schedules --------------------------------------------------------------------


def any_duties(problem: Problem) -> Space[tuple[HolidayDuty, ...]]:
    """Every duty of every resident in every holiday, the residents within the holidays."""
    every = [
        HolidayDuty(HolidayStatus.ON_SERVICE),
        HolidayDuty(HolidayStatus.OFF),
        *(HolidayDuty(HolidayStatus.PULLED, code) for code in problem.rotations),
    ]
    return Space.crossed([Space.listed(every)] * len(problem.residents) * len(problem.holidays))


def plausible_duties(problem: Problem) -> Space[tuple[HolidayDuty, ...]]:
    """Every duty that some rule grants, in the order of :func:`any_duties`."""
    granted = possible_duties(problem)
    own = HolidayDuty(HolidayStatus.ON_SERVICE)
    keys = product(problem.holidays, problem.residents)
    duties = [granted.get((resident.index, holiday.name), ()) for holiday, resident in keys]
    return Space.crossed([Space.listed([own, *sorted(some, key=str)]) for some in duties])


def build_schedule(
    problem: Problem, years: Sequence[Year], duties: Sequence[HolidayDuty]
) -> Schedule:
    """A schedule from each resident's year and the duties (residents within holidays)."""
    keys = product(problem.holidays, problem.residents)
    found = {}
    for (holiday, resident), duty in zip(keys, duties, strict=True):
        own = years[resident.index][1][holiday.parts[0]] if holiday.parts else ""
        on_service = duty.status == HolidayStatus.ON_SERVICE
        found[resident.index, holiday.name] = HolidayDuty(duty.status, own) if on_service else duty
    return Schedule(tuple(row for _, row in years), tuple(name for name, _ in years), found)


@dataclass(frozen=True)
class Schedules:
    """The schedules of a problem, all or sampled; ``near`` is one to take neighbours of."""

    problem: Problem
    most: int = MOST
    near: Schedule | None = None
    seed: int = 0

    @cached_property
    def _random(self) -> Random:
        return Random(f"{self.seed} {self.problem.name}")

    def _space(
        self,
        years: Callable[[Problem, Resident], Space[Year]],
        duties: Space[tuple[HolidayDuty, ...]],
    ) -> Space[Schedule]:
        problem = self.problem
        rows = Space.crossed([years(problem, resident) for resident in problem.residents])

        def at(index: int) -> Schedule:
            cells, duty = divmod(index, duties.size)
            return build_schedule(problem, rows.at(cells), duties.at(duty))

        return Space(rows.size * duties.size, at)

    @cached_property
    def anything(self) -> Space[Schedule]:
        """Every schedule there is, most of them not allowed."""
        return self._space(any_years, any_duties(self.problem))

    @cached_property
    def plausible(self) -> Space[Schedule]:
        """Every schedule of a form that may be allowed."""
        return self._space(plausible_years, plausible_duties(self.problem))

    def __iter__(self) -> Iterator[Schedule]:
        """All schedules, or ``most``, each with teams and backup people where there are any.

        Of these a few are drawn for every schedule, and more for the given one.
        """
        grants = backup_grants(self.problem)
        if not self.problem.teams and not grants:
            yield from self._years()
            return
        again = [self.near] * (self.most // 4) if self.near is not None else []
        for schedule in chain(self._years(), again):
            changed = with_backups(self.problem, schedule, grants, self._random)
            yield divided(self.problem, changed, self._random)

    def _years(self) -> Iterator[Schedule]:
        """All schedules, or ``most``: a quarter any, a quarter neighbours, half plausible."""
        if self.anything.size <= self.most:
            yield from self.anything.sample(self.most, self._random)
            return
        near = list(self._neighbours(self.most // 4))
        yield from near
        yield from self.anything.sample(self.most // 4, self._random)
        rest = self.plausible.sample(self.most - self.most // 4 - len(near), self._random)
        yield from (fitting_duties(self.problem, schedule) for schedule in rest)

    def _neighbours(self, most: int) -> Iterator[Schedule]:
        """The given schedule, then with one or two blocks, or a duty, filled otherwise."""
        if self.near is None:
            return
        yield self.near
        for _ in range(most - 1):
            changed = self.near
            for _ in range(self._random.randint(1, 2)):
                changed = changed_block(self.problem, changed, self._random)
            if self.problem.holidays and self._random.random() < 0.5:
                changed = changed_duty(self.problem, changed, self._random)
            yield changed


def changed_block(problem: Problem, schedule: Schedule, random: Random) -> Schedule:
    """``schedule`` with one block of one resident filled in some other way."""
    resident = random.choice(problem.residents)
    block = random.choice(problem.grids[schedule.grids[resident.index]].blocks)
    filling = random.choice(_any_blocks(problem, resident, block))
    row = list(schedule.cells[resident.index])
    for part, code in zip(block.parts, filling, strict=True):
        row[part] = code
    return with_row(problem, schedule, resident, tuple(row))


def with_row(problem: Problem, schedule: Schedule, resident: Resident, row: Row) -> Schedule:
    """``schedule`` with other cells for one resident; duties follow the cells."""
    years = list(zip(schedule.grids, schedule.cells, strict=True))
    years[resident.index] = (schedule.grids[resident.index], row)
    keys = product(problem.holidays, problem.residents)
    duties = [schedule.duties[one.index, holiday.name] for holiday, one in keys]
    built = build_schedule(problem, years, duties)
    return replace(built, teams=schedule.teams, backups=schedule.backups)


def fitting_duties(problem: Problem, schedule: Schedule) -> Schedule:
    """``schedule`` with people on their own service where their cells allow nothing else."""
    duties = {}
    for (index, name), duty in schedule.duties.items():
        cells = [schedule.cells[index][part] for part in problem.holiday_by_name[name].parts]
        rotations = [problem.rotations.get(code) for code in cells]
        fits = all(
            one is not None and (one.pullable or duty.status == HolidayStatus.OFF)
            for one in rotations
        )
        own = HolidayDuty(HolidayStatus.ON_SERVICE, cells[0] if cells else "")
        duties[index, name] = duty if fits else own
    return replace(schedule, duties=duties)


def with_backups(problem: Problem, schedule: Schedule, grants: Grants, random: Random) -> Schedule:
    """``schedule`` with some people named as backup: mostly those who can be, a few spoilt."""
    able = possible_backups(problem, schedule, grants)
    share = random.choice((0.0, 0.3, 0.6, 1.0))
    named = {key for key in able if random.random() < share}
    if random.random() < 0.4:
        named = (set(schedule.backups) & set(able)) ^ set(random.sample(able, min(1, len(able))))
    if random.random() < 0.15:
        weeks = len(problem.calendar.weeks)
        named ^= {(random.randrange(len(schedule.cells)), random.randrange(weeks))}
    return replace(schedule, backups=frozenset(named))


def possible_backups(problem: Problem, schedule: Schedule, grants: Grants) -> list[tuple[int, int]]:
    """The resident and week indices whose cells allow that they are named."""
    return [
        (index, week)
        for (index, week), codes in sorted(grants.items())
        if all(schedule.cells[index][p] in codes for p in problem.calendar.parts_of_week[week])
    ]


def divided(problem: Problem, schedule: Schedule, random: Random) -> Schedule:
    """``schedule`` divided into teams: known ones mostly kept, the others drawn, a few spoilt."""
    if not problem.teams:
        return schedule
    teams: dict[tuple[int, int], str] = {}
    for index, row in enumerate(schedule.cells):
        usual = {code: random.choice(teams).name for code, teams in problem.teams.items()}
        keeps = random.random() < 0.6
        for part, code in enumerate(row):
            if code in problem.teams:
                if random.random() < 0.05:
                    usual[code] = random.choice(problem.teams[code]).name
                known = schedule.teams.get((index, part), "") if keeps else ""
                teams[index, part] = known or usual[code]
    if random.random() < 0.15:
        key = random.randrange(len(schedule.cells)), random.randrange(len(schedule.cells[0]))
        spoilt = random.choice([*(t.name for one in problem.teams.values() for t in one), "", "?"])
        teams[key] = spoilt
    return replace(schedule, teams={key: name for key, name in teams.items() if name})


def changed_duty(problem: Problem, schedule: Schedule, random: Random) -> Schedule:
    """``schedule`` with one resident's duty in one holiday drawn anew."""
    key = random.choice(sorted(schedule.duties))
    status = random.choice(list(HolidayStatus))
    code = random.choice(list(problem.rotations)) if status == HolidayStatus.PULLED else ""
    duties = {**schedule.duties, key: HolidayDuty(status, code)}
    changed = replace(schedule, duties=duties)
    return with_row(problem, changed, problem.residents[0], schedule.cells[0])
