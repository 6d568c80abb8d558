"""``scheduler solve``: the main job."""

from __future__ import annotations

import gc
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scheduler.cli import main as cli_main
from scheduler.cli.exits import Exit, OurBug, remember, tell_bad_input, tell_fault, tell_interrupted
from scheduler.cli.session import load, program_argument, run_stoppable, start

if TYPE_CHECKING:
    from scheduler.audit.audit import AuditReport
    from scheduler.engine.outcome import Clock, Outcome
    from scheduler.engine.settings import Settings
    from scheduler.input.loaded import Loaded
    from scheduler.schedule.schedule import Schedule
    from scheduler.workbook.earlier import Started

#: Seconds allowed for the least bad schedule once no valid one was found (in ``solve --help``).
LEAST_BAD_SECONDS = 45.0
#: The ending of the workbook's name: a spreadsheet program goes by it.
_ENDING = ".xlsx"


@dataclass(frozen=True)
class Asked:
    """What was asked on the command line, with defaults filled in."""

    program: Path
    output: Path
    settings: Settings
    best_effort: bool
    force: bool
    json: Path | None
    public: bool
    started: Started | None = None

    @property
    def start(self) -> Schedule | None:
        """The schedule to start from."""
        return None if self.started is None else self.started.start


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
        _check_targets(output, json_path, force)
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
    outcome = _counted_out(asked, loaded, clock) or _search(asked, loaded, settings, clock)
    if outcome.schedule is None:
        return _no_schedule(asked, loaded, outcome, clock)
    return _finish(asked, loaded, outcome, clock)


def _check_targets(output: Path, report: Path | None, force: bool) -> None:
    """Raise now what cannot be helped; a file that is open is told, as the search can begin."""
    from scheduler.cli.report import check_report_target
    from scheduler.workbook.target import TargetError, TargetLockedError, check_target

    if output.suffix.lower() not in ("", _ENDING):
        raise TargetError(
            f"{output} would not be opened as a workbook; give a name that ends in {_ENDING}"
        )
    try:
        check_target(output, force)
    except TargetLockedError as error:
        click.echo(f"{error}\nUnless it is closed by then, the schedule goes beside it.", err=True)
    if report is not None:
        check_report_target(report, (output,))


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


def _search(
    asked: Asked, loaded: Loaded, settings: Settings, clock: Clock, relaxed: bool = False
) -> Outcome:
    from scheduler.cli.progress import Progress
    from scheduler.engine.cpsat import Stopper
    from scheduler.engine.solve import solve
    from scheduler.engine.stake import at_stake

    stopper = Stopper()
    with Progress(0 if relaxed else at_stake(loaded.problem), relaxed=relaxed) as progress:
        return run_stoppable(
            lambda: solve(
                loaded.problem, settings, clock, progress, stopper, relaxed, start=asked.start
            ),
            stopper,
        )


def _finish(asked: Asked, loaded: Loaded, outcome: Outcome, clock: Clock) -> int:
    """Audit, write and tell a schedule that the engine holds for valid."""
    from scheduler.audit.audit import audit

    assert outcome.schedule is not None
    report = audit(loaded.problem, outcome.schedule)
    if not outcome.divided:
        if any(one.kind == "team" for one in report.hard_violations):
            if outcome.fault is not None:
                raise outcome.fault
            return _not_divided(asked, loaded, outcome, report, clock)
        outcome = replace(outcome, divided=True, cost=report.cost)
    _trust(outcome, report)
    outcome = _as_audited(outcome, report)
    assert outcome.schedule is not None
    output, seconds = _write(asked, loaded, outcome, outcome.schedule, report, clock, "valid")
    if asked.json is not None:
        _write_json(asked, loaded, outcome, report, seconds)
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


def _not_divided(
    asked: Asked, loaded: Loaded, outcome: Outcome, report: AuditReport, clock: Clock
) -> int:
    """The year is valid, but its people cannot be divided into teams as hard rules ask."""
    from scheduler.cli.words import tell_not_divided

    assert outcome.schedule is not None
    tell_not_divided(loaded.problem, outcome.schedule, report)
    _write_least_bad(asked, loaded, outcome, outcome.schedule, report, clock)
    if asked.json is not None:
        seconds = {**outcome.seconds, "total": round(clock.now(), 2)}
        _write_json(asked, loaded, replace(outcome, cost=None), report, seconds)
    return Exit.NO


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


def _write(
    asked: Asked,
    loaded: Loaded,
    outcome: Outcome,
    schedule: Schedule,
    report: AuditReport,
    clock: Clock,
    status: str,
) -> tuple[Path, dict[str, float]]:
    """Write the workbook, or elsewhere what cannot go there; its path, and the timings."""
    from scheduler.cli.words import run_facts
    from scheduler.workbook.target import TargetError, elsewhere
    from scheduler.workbook.write import write_workbook

    began = clock.now()
    facts = run_facts(loaded, outcome, asked.settings, status, began, asked.started)
    facts, output = replace(facts, public=asked.public), asked.output
    try:
        kept = write_workbook(output, loaded.problem, schedule, report, facts, force=asked.force)
        if kept is not None:
            click.echo(f"The workbook that was there is kept as {kept}.", err=True)
    except TargetError as error:  # since the search began
        output = elsewhere(asked.output, error)
        write_workbook(output, loaded.problem, schedule, report, facts)
        click.echo(f"{error}\nThe schedule was written to {output} instead.", err=True)
    return output, {
        **outcome.seconds,
        "write": round(clock.now() - began, 2),
        "total": round(clock.now(), 2),
    }


def _write_json(
    asked: Asked,
    loaded: Loaded,
    outcome: Outcome,
    report: AuditReport | None,
    seconds: dict[str, float],
) -> None:
    from scheduler.cli.report import solve_report, write_json

    fill = asked.started is not None and asked.started.fill
    content: dict[str, Any] = solve_report(
        loaded.problem, outcome, report, seconds, asked.settings, asked.public, fill
    )
    assert asked.json is not None
    write_json(asked.json, content)


def _no_schedule(asked: Asked, loaded: Loaded, outcome: Outcome, clock: Clock) -> int:
    """Say why, in numbers and names; with --best-effort write the least bad schedule."""
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
            return _found_after_all(asked, loaded, outcome, found, report.cost, clock)
        words.tell_giving(loaded.problem, report, found)
        _write_least_bad(asked, loaded, outcome, found.schedule, report, clock)
    else:
        words.tell_nothing_found(loaded.problem)
    if asked.json is not None:
        seconds = {**outcome.seconds, "total": round(clock.now(), 2)}
        _write_json(asked, loaded, outcome, report, seconds)
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
    return _search(asked, loaded, replace(asked.settings, gap=0.0), extra, relaxed=True)


def _found_after_all(
    asked: Asked, loaded: Loaded, outcome: Outcome, found: Outcome, cost: int, clock: Clock
) -> int:
    """The relaxed search kept every rule: a valid schedule, whatever the first search said."""
    from scheduler.engine.outcome import Status

    click.echo("The search for the rules that must give found a schedule that breaks none of them.")
    click.echo("It looked at no wishes; with more time (--time-limit) 'solve' finds a better one.")
    bound = None if outcome.status == Status.INFEASIBLE else outcome.bound
    valid = replace(
        outcome, status=Status.FEASIBLE, schedule=found.schedule, cost=cost, bound=bound
    )
    return _finish(asked, loaded, valid, clock)


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
    output, _ = _write(asked, loaded, nothing, schedule, report, clock, "NOT VALID")
    click.echo(f"{output}: the least bad schedule found, NOT VALID.")
