"""``scheduler solve``: the main job."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scheduler.cli import main as cli_main
from scheduler.cli.asked import Asked
from scheduler.cli.exits import Exit, OurBug, remember, tell_bad_input, tell_fault
from scheduler.cli.no_schedule import LEAST_BAD_SECONDS, no_schedule, not_divided
from scheduler.cli.output import check_targets, write_report, write_schedule
from scheduler.cli.search import search
from scheduler.cli.session import load, program_argument, start

if TYPE_CHECKING:
    from scheduler.audit.audit import AuditReport
    from scheduler.engine.outcome import Clock, Outcome
    from scheduler.input.loaded import Loaded


@click.command("solve")
@program_argument
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, help="The workbook to write."
)
@click.option(
    "--time-limit",
    type=click.FloatRange(min=1),
    metavar="SECONDS",
    help="From the command's start to the end of the search; writing comes after.  Where no "
    f"schedule was found, up to {LEAST_BAD_SECONDS:g} s more are for finding which rules must "
    "give.  [default: the program's setting, else 120]",
)
@click.option(
    "--gap",
    type=click.FloatRange(0, 1),
    metavar="FRACTION",
    help="Stop when no schedule can win more than this share of what is at stake.  "
    "[default: the program's setting, else 0.002]",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help="Seed of every random draw.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    help="Search threads.  [default: one a core, at most 8; with --deterministic one]",
)
@click.option(
    "--deterministic",
    is_flag=True,
    help="Decide nothing by the clock: the same schedule on every run on the same machine and "
    "versions.  --time-limit then limits work, in units of about a second of one core.",
)
@click.option(
    "--from",
    "from_path",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A workbook to start from: its locks and half-decided cells bind, every other changed "
    "week costs what the rules 'keep' of the program say.  [default where none does: 2 a week]",
)
@click.option(
    "--fill",
    is_flag=True,
    help="With --from: every filled cell binds, only empty cells are decided.",
)
@click.option(
    "--best-effort",
    is_flag=True,
    help="When no valid schedule exists, write the least bad one, headed NOT VALID (exit 1).",
)
@click.option(
    "--public",
    is_flag=True,
    help="Write the workbook meant for everyone, and only that: no requests, reasons, fairness "
    "or locks; VAC and LEAVE read OFF.  It cannot be checked or started from.  --json then "
    "leaves out rules and fairness too.",
)
@click.option(
    "--force", is_flag=True, help="Replace the workbook if it exists; a dated copy of it stays."
)
@click.option(
    "--json",
    "json_path",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Also write the result as JSON; an earlier report of that name is replaced, whole.",
)
def command(
    program: Path,
    output: Path,
    time_limit: float | None,
    gap: float | None,
    seed: int,
    workers: int | None,
    deterministic: bool,
    from_path: Path | None,
    fill: bool,
    best_effort: bool,
    public: bool,
    force: bool,
    json_path: Path | None,
) -> int:
    """Make the year's schedule of PROGRAM and write it as an Excel workbook.

    An interrupt (Ctrl-C) after the first schedule writes the best so far.
    """
    from scheduler.engine.outcome import Clock
    from scheduler.engine.settings import GAP, TIME_LIMIT, Settings, default_workers
    from scheduler.input.faults import BadInput
    from scheduler.workbook.target import TargetError

    if fill and from_path is None:
        raise click.UsageError("--fill needs --from FILE, the workbook whose empty cells to fill")
    if deterministic and workers not in (None, 1):
        raise click.UsageError("--deterministic has one thread; leave out --workers")
    remember(seed=str(seed))
    try:
        check_targets(output, json_path, force)
        loaded = load(program)
        started = start(loaded, from_path, fill)
    except BadInput as error:
        return tell_bad_input(error.lines, "nothing was solved.")
    except TargetError as error:
        return tell_bad_input([str(error)], "nothing was solved.")
    settings = Settings(
        time_limit=time_limit or loaded.settings.time_limit or TIME_LIMIT,
        gap=gap if gap is not None else _or(loaded.settings.gap, GAP),
        seed=seed,
        workers=1 if deterministic else workers or default_workers(),
        deterministic=deterministic,
    )
    asked = Asked(program, output, settings, best_effort, force, json_path, public, started)
    if started is not None:
        loaded = replace(loaded, problem=started.problem)
    clock = Clock(started=cli_main.STARTED, limit=settings.time_limit)
    counted_out = _counted_out(asked, loaded, clock)
    outcome = counted_out or search(loaded.problem, settings, clock, asked.start)
    finish = partial(_finish, asked, loaded, clock)
    if outcome.schedule is None:
        return no_schedule(asked, loaded, outcome, clock, finish)
    return finish(outcome)


def _counted_out(asked: Asked, loaded: Loaded, clock: Clock) -> Outcome | None:
    """Where counting, or filled cells that bind, prove that there is no schedule: no search."""
    from scheduler.diagnosis.counting import shortages
    from scheduler.engine.outcome import Outcome, Status
    from scheduler.engine.stake import at_stake

    conflicts = asked.started is not None and asked.started.conflicts
    if not conflicts and not shortages(loaded.problem):
        return None
    seconds = {"build": 0.0, "bound": round(clock.now(), 2), "search": 0.0}
    stake = at_stake(loaded.problem)
    return Outcome(Status.INFEASIBLE, None, None, None, stake, (), seconds)


def _or(value: float | None, default: float) -> float:
    return default if value is None else value


def _finish(asked: Asked, loaded: Loaded, clock: Clock, outcome: Outcome) -> int:
    """Audit, write and tell a schedule that the engine holds for valid."""
    from scheduler.audit.audit import audit

    assert outcome.schedule is not None
    report = audit(loaded.problem, outcome.schedule)
    if not outcome.divided:
        if any(one.kind == "team" for one in report.hard_violations):
            if outcome.fault is not None:
                raise outcome.fault
            return not_divided(asked, loaded, outcome, report, clock)
        outcome = replace(outcome, divided=True, cost=report.cost)
    _trust(outcome, report)
    outcome = _as_audited(outcome, report)
    assert outcome.schedule is not None
    output, seconds = write_schedule(
        asked, loaded, outcome, outcome.schedule, report, clock, "valid"
    )
    write_report(asked, loaded, outcome, report, seconds)
    from scheduler.cli.words import outcome_words

    kind = " (public copy)" if asked.public else ""
    click.echo(f"{output}{kind}: every hard rule holds.")
    click.echo(outcome_words(loaded.problem, outcome, report, asked.started))
    if asked.started is not None:
        click.echo(asked.started.changes(outcome.schedule, report))
    return Exit.DONE if outcome.fault is None else tell_fault(outcome.fault)


def _as_audited(outcome: Outcome, report: AuditReport) -> Outcome:
    """The cost told is the audit's: a search that was stopped may charge more than is due."""
    from scheduler.engine.outcome import Status

    status = Status.OPTIMAL if report.cost == outcome.bound else outcome.status
    return replace(outcome, cost=report.cost, status=status)


def _trust(outcome: Outcome, report: AuditReport) -> None:
    """The audit must agree with the engine; else it is our bug, never written out silently."""
    remember(status=str(outcome.status))
    if report.hard_violations:
        kinds = sorted({one.kind for one in report.hard_violations})
        raise OurBug(
            f"the audit finds {len(report.hard_violations)} misses of hard rules "
            f"({', '.join(kinds)}) in a solved schedule"
        )
    assert outcome.cost is not None
    proven = outcome.status == "optimal"
    if report.cost > outcome.cost or (proven and report.cost != outcome.cost):
        raise OurBug(f"audited cost {report.cost}, objective {outcome.cost}")
