"""What a solve writes: whether it can go where it was asked for, the workbook and the report."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from scheduler.audit.audit import AuditReport
    from scheduler.cli.asked import Asked
    from scheduler.engine.outcome import Clock, Outcome
    from scheduler.input.loaded import Loaded
    from scheduler.schedule.schedule import Schedule

#: The ending of the workbook's name: a spreadsheet program goes by it.
_ENDING = ".xlsx"


def check_targets(output: Path, report: Path | None, force: bool) -> None:
    """Whether workbook and report can go there: raises a TargetError now for what cannot be helped;
    a workbook that is open is told, as the search can begin."""
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


def write_schedule(
    asked: Asked,
    loaded: Loaded,
    outcome: Outcome,
    schedule: Schedule,
    report: AuditReport,
    clock: Clock,
    status: str,
) -> tuple[Path, dict[str, float]]:
    """Write the workbook, or elsewhere what cannot go there; its path, and the seconds of all."""
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


def write_report(
    asked: Asked,
    loaded: Loaded,
    outcome: Outcome,
    report: AuditReport | None,
    seconds: dict[str, float],
) -> None:
    """Write the report of --json, if it was asked for; elsewhere where it cannot go there."""
    if asked.json is None:
        return
    from scheduler.cli.report import solve_report, write_json

    fill = asked.started is not None and asked.started.fill
    content: dict[str, Any] = solve_report(
        loaded.problem, outcome, report, seconds, asked.settings, asked.public, fill
    )
    write_json(asked.json, content)
