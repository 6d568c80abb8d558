"""``scheduler check``: the audit of a schedule, hand edits included."""

from __future__ import annotations

from pathlib import Path

import click

from scheduler.cli import main as cli_main
from scheduler.cli.exits import Exit, tell_bad_input
from scheduler.cli.session import load, program_argument, stop_if_swapped


@click.command("check")
@program_argument
@click.argument("schedule", type=click.Path(path_type=Path))
@click.option(
    "--json",
    "json_path",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Also write the result as JSON; a file of that name is replaced, whole.",
)
def command(program: Path, schedule: Path, json_path: Path | None) -> int:
    """Audit the workbook SCHEDULE against PROGRAM; exit 1 where a hard rule is missed."""
    import time

    from scheduler.audit.audit import audit
    from scheduler.cli.report import check_report, write_json
    from scheduler.engine.stake import at_stake
    from scheduler.input.faults import BadInput
    from scheduler.workbook.earlier import with_locks_of
    from scheduler.workbook.read import read_workbook
    from scheduler.workbook.target import TargetError, check_target
    from scheduler.workbook.undecided import tell_undecided

    try:
        if json_path is not None:
            check_target(json_path, force=True)
        stop_if_swapped("check", program, schedule)
        loaded = load(program)
        back = read_workbook(schedule, loaded.problem)
    except BadInput as error:
        return tell_bad_input(error.lines, "nothing was checked.")
    except TargetError as error:
        return tell_bad_input([str(error)], "nothing was checked.")
    for note in back.notes:
        click.echo(note, err=True)
    report = audit(with_locks_of(loaded.problem, back), back.schedule)
    report = tell_undecided(report, back)
    for rule in report.rules:
        for one in rule.violations:
            if one.hard:
                click.echo(f"{rule.name}: {one.message} [amount {one.amount}]")
    soft = sum(len(rule.violations) for rule in report.rules if not rule.hard)
    hard = len(report.hard_violations)
    click.echo(f"{hard} finding{'s' * (hard != 1)} against hard rules.")
    click.echo(f"Cost {report.cost} over {soft} soft findings.")
    if json_path is not None:
        seconds = {"total": round(time.monotonic() - cli_main.STARTED, 2)}
        stake = at_stake(loaded.problem)
        write_json(json_path, check_report(loaded.problem, report, stake, seconds))
    return Exit.NO if hard else Exit.DONE
