"""``scheduler check``: the audit of a schedule, hand edits included."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from scheduler.cli import main as cli_main
from scheduler.cli.exits import Exit, tell_bad_input
from scheduler.cli.session import load, program_argument, stop_if_swapped

if TYPE_CHECKING:
    from scheduler.audit.audit import AuditReport


@click.command("check")
@program_argument
@click.argument("schedule", type=click.Path(path_type=Path))
@click.option(
    "--json",
    "json_path",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Also write the result as JSON; an earlier report of that name is replaced, whole.",
)
@click.option("--soft", is_flag=True, help="Also list what soft rules miss, the dearest first.")
def command(program: Path, schedule: Path, json_path: Path | None, soft: bool) -> int:
    """Audit the workbook SCHEDULE against PROGRAM; exit 1 where a hard rule is missed."""
    import time

    from scheduler.audit.audit import audit
    from scheduler.cli.report import check_report, check_report_target, write_json
    from scheduler.engine.stake import at_stake
    from scheduler.input.faults import BadInput
    from scheduler.workbook.earlier import with_locks_of
    from scheduler.workbook.read import read_workbook
    from scheduler.workbook.target import TargetError
    from scheduler.workbook.undecided import tell_undecided

    try:
        if json_path is not None:
            check_report_target(json_path)
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
    hard = _tell(report, soft)
    if json_path is not None:
        seconds = {"total": round(time.monotonic() - cli_main.STARTED, 2)}
        stake = at_stake(loaded.problem)
        write_json(json_path, check_report(loaded.problem, report, stake, seconds))
    return Exit.NO if hard else Exit.DONE


def _tell(report: AuditReport, soft: bool) -> int:
    """Print the findings against hard rules, those against ``soft`` ones if asked for, and how
    many; returns the number of the former."""
    from scheduler.rules.words import counted

    found = [(rule.name, one) for rule in report.rules for one in rule.violations]
    missed = [(name, one) for name, one in found if not one.hard]
    for name, one in found:
        if one.hard:
            click.echo(f"{name}: {one.message} [amount {one.amount}]")
    for name, one in sorted(missed, key=lambda told: -told[1].cost) if soft else ():
        click.echo(f"{name}: {one.message} [cost {one.cost}]")
    hard = len(report.hard_violations)
    click.echo(f"{counted(hard, 'finding')} against hard rules.")
    click.echo(f"Cost {report.cost} over {counted(len(missed), 'soft finding')}.")
    return hard
