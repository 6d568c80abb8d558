"""The audit of the division into teams as a form: everyone on one team, for a whole stay.

It knows no rule by name, only where rules let somebody change teams.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from scheduler.audit.stays import read_stays
from scheduler.audit.violation import Violation
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.rules.words import dated_weeks
from scheduler.schedule.schedule import Schedule


def audit_teams(problem: Problem, schedule: Schedule) -> Iterator[Violation]:
    """Findings about people without a team, with a team too many, or that changes within a stay."""
    for (index, part), team in schedule.teams.items():
        known = problem.teams.get(schedule.cells[index][part], ())
        if team not in {one.name for one in known}:
            resident = problem.residents[index]
            service = f"no team of {schedule.cells[index][part]}" if known else "no team then"
            yield _found(problem, resident, [part], f"is on {team}, {service},")
    for resident in problem.residents if problem.teams else ():
        row = schedule.cells[resident.index]
        for service in sorted(problem.teams.keys() & set(row)):
            missing = [
                part
                for part, code in enumerate(row)
                if code == service and (resident.index, part) not in schedule.teams
            ]
            if missing:
                yield _found(problem, resident, missing, f"is on no team of {service}")
            yield from _changes(problem, schedule, resident, service)


def _changes(
    problem: Problem, schedule: Schedule, resident: Resident, service: str
) -> Iterator[Violation]:
    for stay in _stays(problem, schedule, resident, service):
        listed = [
            (p, schedule.teams[resident.index, p]) for p in stay if _has(schedule, resident, p)
        ]
        for (before, one), (part, other) in pairwise(listed):
            between = range(before + 1, part + 1)
            if one != other and _bounds(problem, resident).isdisjoint(between):
                change = f"goes from {one} to {other} of {service} within one stay"
                yield _found(problem, resident, [part], change)


def _has(schedule: Schedule, resident: Resident, part: int) -> bool:
    return (resident.index, part) in schedule.teams


def _stays(
    problem: Problem, schedule: Schedule, resident: Resident, service: str
) -> Iterator[list[int]]:
    """The parts worked on ``service``, stay by stay; a block that the grid assigns is one."""
    row = schedule.cells[resident.index]
    everything = frozenset(range(len(row)))
    for stay in read_stays(problem, schedule, resident, {service}, everything):
        yield [part for part in stay.parts if row[part] == service]
    for block in problem.grids[schedule.grids[resident.index]].blocks:
        if block.assigned:
            yield [part for part in block.parts if row[part] == service]


def _bounds(problem: Problem, resident: Resident) -> set[int]:
    """Parts at whose beginning some rule lets the resident change teams."""
    found: set[int] = set()
    for bound in problem.rules:
        if resident.index in bound.residents:
            found |= bound.rule.team_bounds(bound.scope(problem), resident)
    return found


def _found(problem: Problem, resident: Resident, parts: list[int], message: str) -> Violation:
    text = f"{resident.name} {message} in {dated_weeks(problem.calendar, parts)}"
    return Violation("grid", "grid", 1, text, resident.index, tuple(parts))
