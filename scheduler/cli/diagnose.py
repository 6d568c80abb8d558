"""``scheduler diagnose``: why no schedule exists, in numbers and names."""

from __future__ import annotations

import time
from pathlib import Path

import click

from scheduler.cli.exits import Exit, tell_bad_input, tell_interrupted
from scheduler.cli.search import search
from scheduler.cli.session import load, program_argument

_SECONDS = 60.0


@click.command("diagnose")
@program_argument
@click.option(
    "--time-limit",
    type=click.FloatRange(min=1),
    default=_SECONDS,
    show_default=True,
    metavar="SECONDS",
    help="For the search with every rule relaxed.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help="Seed of every random draw.",
)
def command(program: Path, time_limit: float, seed: int) -> int:
    """Count supply against demand, then relax every rule of PROGRAM and say which give.

    Exit 0 where a schedule that keeps every hard rule was found, else 1.
    """
    from scheduler.audit.audit import audit
    from scheduler.cli.words import tell_giving, tell_nothing_found, tell_shortages
    from scheduler.engine.outcome import Clock
    from scheduler.engine.settings import Settings, default_workers
    from scheduler.input.faults import BadInput

    try:
        loaded = load(program)
    except BadInput as error:
        return tell_bad_input(error.lines, "nothing was diagnosed.")
    tell_shortages(loaded.problem)
    settings = Settings(time_limit, gap=0.0, seed=seed, workers=default_workers())
    clock = Clock(started=time.monotonic(), limit=time_limit)
    found = search(loaded.problem, settings, clock, relaxed=True)
    if found.schedule is None and found.interrupted:
        return tell_interrupted()
    if found.schedule is None:
        tell_nothing_found(loaded.problem)
        return Exit.NO
    report = audit(loaded.problem, found.schedule)
    if not report.hard_violations:
        click.echo("A schedule that keeps every hard rule exists; 'scheduler solve' writes it.")
        return Exit.DONE
    tell_giving(loaded.problem, report, found)
    return Exit.NO
