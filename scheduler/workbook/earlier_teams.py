"""What the sheet Teams of an earlier workbook adds to a problem: its locks, as rules that bind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scheduler.input.faults import BadInput, Fault
from scheduler.problem.problem import Problem
from scheduler.rules.base import BoundRule
from scheduler.rules.select import When, Who
from scheduler.rules.team import TeamRule
from scheduler.rules.words import dated_weeks
from scheduler.schedule.schedule import Schedule
from scheduler.workbook.read import ReadBack

#: Resident index, service and team, with the parts locked to it.
Locks = Mapping[tuple[int, str, str], list[int]]


def team_locks(problem: Problem, back: ReadBack) -> list[BoundRule]:
    """A hard rule for each person, service and team that only the workbook locks."""
    return [
        BoundRule(
            TeamRule(
                name=f"locks of {back.file}",
                who=Who(resident=[problem.residents[index].id], visitors="also"),
                when=When(weeks=sorted({problem.calendar.parts[p].week + 1 for p in parts})),
                rotations=[service],
                be=[team],
            ),
            (index,),
            tuple(parts),
        )
        for (index, service, team), parts in _grouped(back, _said(problem)).items()
    ]


def possible_teams(problem: Problem, schedule: Schedule) -> Iterator[tuple[tuple[int, int], str]]:
    """The teams of ``schedule`` that the program's locks let be: nobody is charged for others."""
    said = _said(problem)
    for (index, part), team in schedule.teams.items():
        if team in said.get((index, part, schedule.cells[index][part]), (team,)):
            yield (index, part), team


def team_lock_notes(problem: Problem, back: ReadBack) -> Iterator[str]:
    """A line for each lock that only the workbook knows."""
    for (index, service, team), parts in _grouped(back, _said(problem)).items():
        name, when = problem.residents[index].name, dated_weeks(problem.calendar, parts)
        yield (
            f"{back.file}: {name} is locked to {team} of {service} in {when} on its sheet "
            "Teams, not by the program"
        )


def _said(problem: Problem) -> dict[tuple[int, int, str], frozenset[str]]:
    """The teams that the program's hard rules leave, by resident, part and service."""
    found: dict[tuple[int, int, str], frozenset[str]] = {}
    for bound in problem.rules:
        rule = bound.rule
        if isinstance(rule, TeamRule) and rule.hard and rule.be is not None:
            services = [code for code in problem.teams if rule.is_about(problem.rotations[code])]
            for index, part in ((i, p) for i in bound.residents for p in bound.parts):
                for code in services:
                    key, names = (index, part, code), frozenset(rule.be)
                    found[key] = found.get(key, names) & names
    return found


def _grouped(back: ReadBack, said: Mapping[tuple[int, int, str], frozenset[str]]) -> Locks:
    found: dict[tuple[int, str, str], list[int]] = {}
    for (index, part), team in sorted(back.team_locks.items()):
        service = back.schedule.cells[index][part]
        if said.get((index, part, service)) != frozenset({team}):
            found.setdefault((index, service, team), []).append(part)
    return found


def stop_where_teams_clash(problem: Problem, back: ReadBack) -> None:
    """Raises BadInput where the workbook locks somebody to another team than the program does."""
    said = _said(problem)
    wrong: dict[tuple[int, str, str], list[int]] = {}
    for (index, part), team in sorted(back.team_locks.items()):
        names = said.get((index, part, back.schedule.cells[index][part]))
        if names is not None and team not in names:
            wrong.setdefault((index, team, " or ".join(sorted(names))), []).append(part)
    faults = [
        Fault(
            f"{back.file}, sheet Teams",
            None,
            None,
            f"{problem.residents[index].name} is locked to {team} in "
            f"{dated_weeks(problem.calendar, parts)}, and the program locks them to {names}",
            "change one of them",
        )
        for (index, team, names), parts in wrong.items()
    ]
    if faults:
        raise BadInput(faults)
