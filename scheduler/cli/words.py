"""What solve, check and diagnose say on the terminal, and the facts a workbook keeps of a run."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import PurePath
from typing import TYPE_CHECKING

import click

from scheduler import __version__
from scheduler.engine.outcome import Outcome, Status
from scheduler.engine.settings import Settings
from scheduler.rules.words import counted, dated_weeks
from scheduler.workbook.facts import InputFile, RunFacts
from scheduler.workbook.yardstick import yardstick

if TYPE_CHECKING:
    from scheduler.audit.audit import AuditReport
    from scheduler.audit.violation import Violation
    from scheduler.input.loaded import Loaded
    from scheduler.problem.problem import Problem
    from scheduler.schedule.schedule import Schedule
    from scheduler.workbook.earlier import Started

#: What times are where no clock decides.
_WORK = "yes: what else would be seconds is work, a unit of which is about a second of one core"
_UNIT = "work unit"
#: Shortages and findings listed before the rest is counted.
LISTED = 20


def run_facts(
    loaded: Loaded,
    outcome: Outcome,
    settings: Settings,
    status: str,
    searched: float,
    started: Started | None = None,
) -> RunFacts:
    """What the workbook's About sheet tells of this run, whose search ended at ``searched``."""
    file, filled = ("", False) if started is None else (started.file, started.fill)
    unit, units = (_UNIT, f"{_UNIT}s") if settings.deterministic else ("second", "s")
    return RunFacts(
        status=status,
        cost=outcome.cost,
        bound=outcome.bound,
        at_stake=outcome.at_stake,
        gap=outcome.gap,
        seed=settings.seed,
        workers=settings.workers,
        seconds=outcome.seconds,
        versions=_versions(),
        inputs=tuple(_inputs(loaded, file)),
        settings={
            "time limit": f"{settings.time_limit:g} {units}",
            "gap asked for": f"{settings.gap:.2%}",
            **({"filled cells": f"those of {file} bind (--fill)"} if filled else {}),
            **({"deterministic": _WORK} if settings.deterministic else {}),
        },
        progress=tuple((step.seconds, step.cost, step.bound) for step in outcome.progress),
        searched=_work_done(outcome) if settings.deterministic else searched,
        unit=unit,
        previous=file,
        fill=filled,
        earlier=None if started is None else started.was,
        declined=loaded.declined,
        written=datetime.now(),
    )


def _work_done(outcome: Outcome) -> float:
    return sum(outcome.seconds.get(name, 0.0) for name in ("build", "search"))


def _versions() -> dict[str, str]:
    found = {"scheduler": __version__}
    for name in ("ortools", "numpy", "openpyxl", "XlsxWriter"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def _inputs(loaded: Loaded, started_from: str) -> list[InputFile]:
    return [
        InputFile(
            PurePath(name).name, "started from" if name == started_from else _role(name), digest
        )
        for name, digest in loaded.problem.sources.items()
    ]


def _role(name: str) -> str:
    return (
        "table" if PurePath(name).suffix.lower() not in (".yaml", ".yml") else "program or policy"
    )


def outcome_words(
    problem: Problem, outcome: Outcome, report: AuditReport, started: Started | None = None
) -> str:
    """Cost, bound and gap in words, with a yardstick."""
    facts = RunFacts(
        cost=outcome.cost,
        bound=outcome.bound,
        at_stake=outcome.at_stake,
        gap=outcome.gap,
        previous="" if started is None else started.file,
        fill=started is not None and started.fill,
    )
    said = [facts.cost_words(), _team_words(report), yardstick(problem), facts.gap_words()]
    return " ".join(filter(None, said))


def _team_words(report: AuditReport) -> str:
    """What of the cost is the division into teams, which the bound knows nothing of."""
    teams = sum(rule.cost for rule in report.rules if rule.kind == "team")
    if not teams:
        return ""
    return f"{teams} of it is for teams, which divide the finished year; the bound leaves them out."


def tell_no_schedule(outcome: Outcome) -> None:
    """Whether there is none, or none was found in time."""
    if outcome.status == Status.INFEASIBLE:
        click.echo("No schedule keeps every hard rule.")
    else:
        click.echo("No schedule was found in the time given; it is not proven that none exists,")
        click.echo("and more time (--time-limit) may find one.")


def tell_not_divided(problem: Problem, schedule: Schedule, report: AuditReport) -> None:
    """Which rules about teams the least bad division misses, and who is there then."""
    click.echo("The year itself is valid, but its people cannot be divided into teams as asked.")
    click.echo("Give a rule about teams a weight or wider numbers, or bring other people to the")
    click.echo("service then (a rule 'coverage' with 'who'). The least that is missed:")
    found, told = report.hard_violations, set()
    for one in found[:LISTED]:
        click.echo(f"  {one.rule}: {one.message} [amount {one.amount}]")
        there = _on_service(problem, schedule, one)
        if there and there not in told:
            told.add(there)
            click.echo(f"      {there}")
    if len(found) > LISTED:
        click.echo(f"  and {len(found) - LISTED} more")


def _on_service(problem: Problem, schedule: Schedule, found: Violation) -> str:
    """'on FLOOR in week 1 (2026-06-29): firm north 2 PGY1; firm south 1 PGY1, 1 PGY2'."""
    if not found.parts:
        return ""
    part = found.parts[0]
    service = found.service
    if not service and found.resident is not None:
        service = schedule.cells[found.resident][part]
    if service not in problem.teams:
        return ""
    names = sorted({name for team in problem.teams[service] for name in team.groups})
    people: dict[str, Counter[int]] = defaultdict(Counter)
    for person, row in zip(problem.residents, schedule.cells, strict=True):
        if row[part] == service:
            whose = [f"{name} {person.groups.get(name) or 'none'}" for name in names]
            people[", ".join(whose)][person.pgy_at(part)] += 1
    said = (
        f"{whose} {', '.join(f'{n} PGY{pgy}' for pgy, n in sorted(levels.items()))}".strip()
        for whose, levels in sorted(people.items())
    )
    return f"on {service} in {dated_weeks(problem.calendar, [part])}: {'; '.join(said)}"


def tell_shortages(problem: Problem) -> None:
    """Every count in which more is needed than can be given."""
    from scheduler.diagnosis.counting import shortages

    found = shortages(problem)
    for one in found[:LISTED]:
        click.echo(f"  {one}")
    if not found:
        click.echo("  Counted one by one, every service has enough people over the year.")


def tell_conflicts(started: Started) -> None:
    """What the filled cells of an earlier workbook break by themselves."""
    if started.fill:
        click.echo(f"Every filled cell of {started.file} binds (--fill).")
    if started.conflicts:
        click.echo("Whatever the empty cells become, the filled ones break these rules:")
    for line in started.conflicts[:LISTED]:
        click.echo(f"  {line}")
    if len(started.conflicts) > LISTED:
        click.echo(f"  ... and {len(started.conflicts) - LISTED} more")


def tell_giving(problem: Problem, report: AuditReport, found: Outcome) -> None:
    """Which rules give, and by how much."""
    from scheduler.diagnosis.giving import giving

    rules = giving(report)
    if not rules:
        click.echo("The search with every rule relaxed found a schedule that keeps them all;")
        click.echo("give the search more time with --time-limit.")
        return
    sure = "proven" if found.status == Status.OPTIMAL else "as far as was found; it may be less"
    click.echo(f"When every rule may give, the least that is missed ({sure}):")
    for rule in rules:
        for line in rule.lines():
            click.echo(f"  {line}")
    if found.status != Status.OPTIMAL:
        _tell_what_next(problem)


def tell_nothing_found(problem: Problem) -> None:
    """That not even the least bad schedule was found, and what to try."""
    click.echo("Even with every rule relaxed nothing was found in time.")
    _tell_what_next(problem)


def _tell_what_next(problem: Problem) -> None:
    """What helps where the time was too short to say whether rules contradict each other."""
    click.echo("Whether rules contradict each other is not known yet. What to try next:")
    click.echo("  - more time (--time-limit)")
    click.echo("  - a weight for hard rules that may be missed, or wider numbers in them")
    choosing = sum(len(problem.candidate_grids(one)) > 1 for one in problem.residents)
    if choosing:
        people = counted(choosing, "resident")
        click.echo(f"  - one grid for everybody (column 'grid'): {people} may have several, and to")
        click.echo("    choose among them is much harder than to fill one")
