"""How a solve ends without a valid schedule: which rules must give, and the least bad schedule."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from scheduler.cli.exits import Exit, tell_interrupted
from scheduler.cli.output import write_report, write_schedule
from scheduler.cli.search import search

if TYPE_CHECKING:
    from scheduler.audit.audit import AuditReport
    from scheduler.cli.asked import Asked
    from scheduler.engine.outcome import Clock, Outcome
    from scheduler.input.loaded import Loaded
    from scheduler.schedule.schedule import Schedule

#: Seconds allowed for the least bad schedule once no valid one was found (in ``solve --help``).
LEAST_BAD_SECONDS = 45.0


def no_schedule(
    asked: Asked,
    loaded: Loaded,
    outcome: Outcome,
    clock: Clock,
    finish: Callable[[Outcome], int],
) -> int:
    """Say why, in numbers and names; with --best-effort write the least bad schedule.  The exit
    code; that of ``finish``, should the search for the least bad one find a valid one after all.
    """
    from scheduler.audit.audit import audit
    from scheduler.cli import words

    if outcome.interrupted:
        return tell_interrupted()
    words.tell_no_schedule(outcome)
    if asked.started is not None:
        words.tell_conflicts(asked.started)
    words.tell_shortages(loaded.problem)
    found = _least_bad(asked, loaded)
    if found.schedule is None and found.interrupted:
        return tell_interrupted()
    report = None if found.schedule is None else audit(loaded.problem, found.schedule)
    if found.schedule is not None and report is not None:
        if not report.hard_violations:
            return finish(_found_after_all(outcome, found, report.cost))
        words.tell_giving(loaded.problem, report, found)
        _write_least_bad(asked, loaded, outcome, found.schedule, report, clock)
    else:
        words.tell_nothing_found(loaded.problem)
    _report(asked, loaded, outcome, report, clock)
    return Exit.NO


def _least_bad(asked: Asked, loaded: Loaded) -> Outcome:
    """Relax every rule and minimise what is missed."""
    from scheduler.engine.outcome import Clock

    gc.unfreeze()  # the first model goes before a second is made
    gc.collect()
    click.echo(
        "Looking for the rules that must give, and how little is missed then "
        f"(at most {LEAST_BAD_SECONDS:g} s).",
        err=True,
    )
    extra = Clock(started=time.monotonic(), limit=LEAST_BAD_SECONDS)
    settings = replace(asked.settings, gap=0.0)
    return search(loaded.problem, settings, extra, asked.start, relaxed=True)


def _found_after_all(outcome: Outcome, found: Outcome, cost: int) -> Outcome:
    """The relaxed search kept every rule: a valid schedule, whatever the first search said."""
    from scheduler.engine.outcome import Status

    click.echo("The search for the rules that must give found a schedule that breaks none of them.")
    click.echo("It looked at no wishes; with more time (--time-limit) 'solve' finds a better one.")
    bound = None if outcome.status == Status.INFEASIBLE else outcome.bound
    return replace(outcome, status=Status.FEASIBLE, schedule=found.schedule, cost=cost, bound=bound)


def not_divided(
    asked: Asked, loaded: Loaded, outcome: Outcome, report: AuditReport, clock: Clock
) -> int:
    """The year is valid, but its people cannot be divided into teams as hard rules ask.  Say so;
    with --best-effort write it.  The exit code."""
    from scheduler.cli.words import tell_not_divided

    assert outcome.schedule is not None
    tell_not_divided(loaded.problem, outcome.schedule, report)
    _write_least_bad(asked, loaded, outcome, outcome.schedule, report, clock)
    _report(asked, loaded, replace(outcome, cost=None), report, clock)
    return Exit.NO


def _write_least_bad(
    asked: Asked,
    loaded: Loaded,
    outcome: Outcome,
    schedule: Schedule,
    report: AuditReport,
    clock: Clock,
) -> None:
    if not asked.best_effort:
        click.echo(f"{asked.output} was not written; --best-effort writes the least bad schedule.")
        return
    nothing = replace(outcome, cost=None, bound=None)
    output, _ = write_schedule(asked, loaded, nothing, schedule, report, clock, "NOT VALID")
    click.echo(f"{output}: the least bad schedule found, NOT VALID.")


def _report(
    asked: Asked, loaded: Loaded, outcome: Outcome, report: AuditReport | None, clock: Clock
) -> None:
    seconds = {**outcome.seconds, "total": round(clock.now(), 2)}
    write_report(asked, loaded, outcome, report, seconds)
