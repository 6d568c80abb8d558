"""Small example grids that pass or fail a rule, and the tiny problem each stands for.

They are at once the manual, the audit's test, the model's test and the snapshot
of the message.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from scheduler.problem.burden import Burden, Duty, Wishes
from scheduler.problem.calendar import build_calendar, weeks_of_year
from scheduler.problem.grid import Block, Grid
from scheduler.problem.holiday import Holiday, HolidayStatus
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident, levels_of
from scheduler.problem.rotation import AWAY, LEAVE, Rotation, Team
from scheduler.problem.wish import Choice
from scheduler.rules.base import BoundRule, Rule
from scheduler.schedule.schedule import HolidayDuty, Schedule

#: The first Monday of the example year; examples name dates after it.
FIRST_DAY = date(2026, 6, 29)


def _firm(*names: str) -> Mapping[str, frozenset[str]]:
    return {"firm": frozenset(names)}


EXAMPLE_ROTATIONS = {
    "WARD": Rotation("WARD", "Ward", frozenset({"ward", "inpatient"}), hours=70),
    "ICU": Rotation("ICU", "Intensive care", frozenset({"icu", "inpatient"}), hours=80),
    "NIGHT": Rotation("NIGHT", "Night float", frozenset({"night", "inpatient"}), nights=6),
    "CLINIC": Rotation(
        "CLINIC",
        "Continuity clinic",
        frozenset({"outpatient", "clinic"}),
        hours=45,
        outpatient=100,
        vacation=True,
        releasable=True,
        pullable=True,
    ),
    "ELEC": Rotation(
        "ELEC",
        "Elective",
        frozenset({"elective"}),
        hours=50,
        outpatient=50,
        vacation=True,
        releasable=True,
        pullable=True,
    ),
    "RSCH": Rotation(
        "RSCH",
        "Research",
        frozenset({"research", "nonclinical"}),
        vacation=True,
        releasable=True,
        pullable=True,
    ),
    "NORTH": Rotation(
        "NORTH", "North ward", frozenset({"ward", "inpatient"}), groups=_firm("north")
    ),
    "SOUTH": Rotation(
        "SOUTH", "South ward", frozenset({"ward", "inpatient"}), groups=_firm("south")
    ),
    "BACK": Rotation("BACK", "Backup", frozenset({"backup"}), hours=40, pullable=True),
    "FLOOR": Rotation(
        "FLOOR",
        "A floor with two teams",
        frozenset({"inpatient"}),
        vacation=True,
        teams=(
            Team("Red", groups=_firm("north"), size={1: 2}),
            Team("Blue", groups=_firm("south"), size={1: 1}),
        ),
    ),
    "EAST": Rotation(
        "EAST",
        "East clinic",
        frozenset({"outpatient"}),
        vacation=True,
        groups=_firm("east", "south"),
    ),
}


#: What the examples call burdens.
EXAMPLE_BURDENS = (
    Burden("nights", "Nights", "night", rates={"NIGHT": 6}),
    Burden("icu", "Intensive care", "week", rates={"ICU": 1}),
    Burden("backup", "Backup", "week", rates={"ELEC": 1, "RSCH": 1}),
    Burden("holidays", "Holidays worked", "holiday", duty=Duty.WORKED),
    Burden("pulls", "Pulls", "pull", duty=Duty.PULLED),
    Burden("denied", "Wishes denied", "choice", wishes=Wishes.DENIED),
)


@dataclass(frozen=True)
class Person:
    """A resident of an example; ``leave``, ``away`` and ``covers`` are week numbers from 1.

    From week ``promoted`` on the resident is in the next year of training.
    ``carried`` is in sevenths of the burdens' units.
    """

    pgy: int = 1
    track: str = "categorical"
    visitor: bool = False
    groups: Mapping[str, str] = field(default_factory=dict)
    leave: tuple[int, ...] = ()
    away: tuple[int, ...] = ()
    history: Mapping[str, int] = field(default_factory=dict)
    credit: Mapping[str, int] = field(default_factory=dict)
    leave_vacation_weeks: int = 0
    worked_holidays: frozenset[str] = frozenset()
    covers: tuple[int, ...] = ()
    counts: int = 100
    promoted: int | None = None
    earlier_leave: int = 0
    earlier_stays: Mapping[str, int] = field(default_factory=dict)
    carried: Mapping[str, int] = field(default_factory=dict)
    grid: str = "blocks"


@dataclass(frozen=True)
class Example:
    """A rule, a few residents, a filled grid, and what the audit says of it.

    ``grid`` gives each resident's week cells separated by blanks.  ``finds`` are
    the audit's messages (none: the grid passes).  ``block_weeks`` is the length
    of a block in weeks; ``pattern`` overrides it with (weeks, assigned code)
    pairs.  ``others`` are further rules of the tiny program (a vacation rule,
    so that VAC can be placed, say).  ``holidays`` maps a name to week numbers;
    ``duties`` maps (resident, holiday) to 'off', 'on service' or 'pulled CODE'.
    ``earlier`` is the schedule this one starts from, written as ``grid``, with the
    duties it lists in ``earlier_duties``.  ``teams`` gives residents' teams week by
    week as ``grid`` does, a dot where they are on none, ``backups`` the week numbers
    in which they are named as backup; ``earlier_teams`` and ``earlier_backups`` say
    the same of the earlier schedule (no ``earlier_backups``: it says nothing of them).
    """

    title: str
    rule: Mapping[str, Any]
    grid: Mapping[str, str]
    finds: tuple[str, ...] = ()
    amounts: tuple[int, ...] = ()
    block_weeks: int = 1
    pattern: tuple[tuple[int, str | None], ...] = ()
    residents: Mapping[str, Person] = field(default_factory=dict)
    rotations: tuple[str, ...] = ("WARD", "CLINIC")
    others: tuple[Mapping[str, Any], ...] = ()
    holidays: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    duties: Mapping[tuple[str, str], str] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    earlier: Mapping[str, str] = field(default_factory=dict)
    earlier_duties: Mapping[tuple[str, str], str] = field(default_factory=dict)
    teams: Mapping[str, str] = field(default_factory=dict)
    backups: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    earlier_teams: Mapping[str, str] = field(default_factory=dict)
    earlier_backups: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


def _grid(example: Example, weeks: int) -> Grid:
    pattern = example.pattern or ((example.block_weeks, None),)
    blocks: list[Block] = []
    start = 0
    while start < weeks:
        length, assigned = pattern[len(blocks) % len(pattern)]
        stop = min(weeks, start + length)
        blocks.append(Block(len(blocks), tuple(range(start, stop)), assigned))
        start = stop
    return Grid("blocks", tuple(blocks))


def _resident(index: int, name: str, person: Person, weeks: int) -> Resident:
    present = frozenset(range(weeks)) - {w - 1 for w in person.away}
    return Resident(
        index=index,
        id=name,
        name=name,
        pgy=person.pgy,
        track=person.track,
        visitor=person.visitor,
        groups=person.groups,
        grids=(person.grid,),
        present=present,
        leave=frozenset(w - 1 for w in person.leave),
        leave_vacation_weeks=person.leave_vacation_weeks,
        history=person.history,
        credit=person.credit,
        worked_holidays=person.worked_holidays,
        covers=frozenset(w - 1 for w in person.covers),
        counts=person.counts,
        earlier_leave=person.earlier_leave,
        earlier_stays=person.earlier_stays,
        levels=levels_of(person.pgy, present, person.promoted and person.promoted - 1),
        carried=person.carried,
    )


def _holiday(name: str, numbers: tuple[int, ...]) -> Holiday:
    days = [FIRST_DAY + timedelta(weeks=number - 1) for number in numbers]
    ranges = tuple((day, day + timedelta(days=3)) for day in days)
    return Holiday(name, name.title(), ranges, tuple(number - 1 for number in numbers))


def bind(rule: Rule, problem: Problem) -> BoundRule:
    """``rule`` bound to everyone it selects in ``problem``."""
    parts = rule.when.parts(problem.calendar)
    if not rule.by_date or not rule.counts_people:
        chosen = tuple(r.index for r in problem.residents if rule.who.matches(r, rule.visitors))
        return BoundRule(rule, chosen, parts)
    meant = {one.index: rule.who.parts_of(one, rule.visitors) for one in problem.residents}
    dated = {i: here for i, here in meant.items() if problem.residents[i].levels and here}
    return BoundRule(rule, tuple(i for i, here in meant.items() if here), parts, "", dated)


def example_problem(example: Example, rules: tuple[Rule, ...]) -> Problem:
    """The tiny problem an example stands for, with ``rules`` (its own and the others)."""
    weeks = len(next(iter(example.grid.values())).split())
    last = FIRST_DAY + timedelta(days=7 * weeks - 1)
    calendar = build_calendar(weeks_of_year(FIRST_DAY, last, 0))
    people = [(name, example.residents.get(name, Person())) for name in example.grid]
    bare = Problem(
        name=example.title,
        calendar=calendar,
        rotations={code: EXAMPLE_ROTATIONS[code] for code in example.rotations},
        grids={"blocks": _grid(example, weeks)},
        residents=tuple(_resident(i, n, p, weeks) for i, (n, p) in enumerate(people)),
        holidays=tuple(_holiday(name, numbers) for name, numbers in example.holidays.items()),
        choices=example.choices,
        groupings=("firm", "cohort", "department"),
        burdens={burden.name: burden for burden in EXAMPLE_BURDENS},
    )
    bare = replace(bare, earlier=_earlier(example, bare) if example.earlier else None)
    return replace(bare, rules=tuple(bind(rule, bare) for rule in rules))


def example_schedule(example: Example, problem: Problem) -> Schedule:
    """The filled grid of an example; a dot stands for an empty cell."""
    cells = _cells(example.grid, problem)
    duties = {}
    for holiday in problem.holidays:
        for resident in problem.residents:
            duty = _duty(example.duties.get((resident.id, holiday.name), "on service"))
            if duty.status == HolidayStatus.ON_SERVICE:
                duty = replace(duty, service=cells[resident.index][holiday.parts[0]])
            duties[resident.index, holiday.name] = duty
    grids = tuple(resident.grids[0] for resident in problem.residents)
    teams, backups = _teams(example.teams, problem), _backups(example.backups, problem)
    return Schedule(cells, grids, duties, teams, backups)


def _earlier(example: Example, problem: Problem) -> Schedule:
    """The schedule an example starts from."""
    duties = {
        (problem.resident_by_id[who].index, holiday): _duty(said)
        for (who, holiday), said in example.earlier_duties.items()
    }
    return Schedule(
        cells=_cells(example.earlier, problem),
        grids=tuple(resident.grids[0] for resident in problem.residents),
        duties=duties,
        teams=_teams(example.earlier_teams, problem),
        backups=_backups(example.earlier_backups, problem),
        backups_open=not example.earlier_backups,
    )


def _teams(rows: Mapping[str, str], problem: Problem) -> dict[tuple[int, int], str]:
    return {
        (problem.resident_by_id[name].index, week): team
        for name, row in rows.items()
        for week, team in enumerate(row.split())
        if team != "."
    }


def _backups(weeks: Mapping[str, tuple[int, ...]], problem: Problem) -> frozenset[tuple[int, int]]:
    return frozenset(
        (problem.resident_by_id[name].index, number - 1)
        for name, numbers in weeks.items()
        for number in numbers
    )


def _cells(grid: Mapping[str, str], problem: Problem) -> tuple[tuple[str, ...], ...]:
    rows = (grid[resident.id].split() for resident in problem.residents)
    return tuple(tuple("" if code == "." else code for code in row) for row in rows)


def _duty(said: str) -> HolidayDuty:
    status, _, service = said.partition(" ") if said.startswith("pulled") else (said, "", "")
    return HolidayDuty(HolidayStatus(status), service)


__all__ = ["AWAY", "LEAVE", "Example", "Person", "bind", "example_problem", "example_schedule"]
