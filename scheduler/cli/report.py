"""The ``--json`` report of solve and check (DESIGN 6)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from scheduler import __version__
from scheduler.audit.audit import AuditReport
from scheduler.audit.fairness import Fairness, Load, PeerGroup
from scheduler.engine.outcome import Outcome, gap_of
from scheduler.engine.settings import Settings
from scheduler.problem.problem import Problem
from scheduler.workbook.target import TargetError, check_target, elsewhere, write_whole

FORMAT = 1
#: What every report says of itself: a file that does not is somebody's own.
_OF_ITSELF = {"format", "version", "status", "hard_violations"}


def solve_report(
    problem: Problem,
    outcome: Outcome,
    audit: AuditReport | None,
    seconds: dict[str, float],
    settings: Settings,
    public: bool = False,
    fill: bool = False,
) -> dict[str, Any]:
    """The report of a solve; one that is ``public`` says nothing of rules, wishes and fairness.

    With ``fill`` the bound is that of schedules that keep the filled cells.
    """
    told = None if public else audit
    return {
        **_head(problem, outcome.status, audit),
        "cost": outcome.cost,
        "bound": outcome.bound,
        "at_stake": outcome.at_stake,
        "gap": outcome.gap,
        "seed": settings.seed,
        "workers": settings.workers,
        "deterministic": settings.deterministic,
        "fill": fill,
        "seconds": seconds,
        "progress": [[step.seconds, step.cost, step.bound] for step in outcome.progress],
        "grids": _grids(problem, audit),
        "rules": _rules(told),
        "fairness": None if told is None else fairness_report(told.fairness),
    }


def check_report(
    problem: Problem, audit: AuditReport, at_stake: int, seconds: dict[str, float]
) -> dict[str, Any]:
    """The report of a check; no bound is known, so the gap is null."""
    return {
        **_head(problem, "failed" if audit.hard_violations else "passed", audit),
        "cost": audit.cost,
        "bound": None,
        "at_stake": at_stake,
        "gap": gap_of(audit.cost, None, at_stake),
        "seed": None,
        "workers": None,
        "deterministic": False,
        "fill": False,
        "seconds": seconds,
        "progress": [],
        "grids": _grids(problem, audit),
        "rules": _rules(audit),
        "fairness": None if audit is None else fairness_report(audit.fairness),
    }


def _head(problem: Problem, status: str, audit: AuditReport | None) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": __version__,
        "status": str(status),
        "hard_violations": None if audit is None else len(audit.hard_violations),
        "residents": sum(not r.visitor for r in problem.residents),
        "visitors": sum(r.visitor for r in problem.residents),
        "weeks": len(problem.calendar.weeks),
    }


def _grids(problem: Problem, audit: AuditReport | None) -> dict[str, str]:
    """The grid (cohort) each resident follows, by id, where the solver had a choice of several."""
    return {
        one.id: audit.schedule.grids[one.index]
        for one in (problem.residents if audit is not None else ())
        if audit is not None and len(one.grids) > 1
    }


def _rules(audit: AuditReport | None) -> list[dict[str, Any]]:
    return [
        {
            "rule": rule.kind,
            "name": rule.name,
            "hard": rule.hard,
            "violations": len(rule.violations),
            "amount": rule.amount,
            "cost": rule.cost,
        }
        for rule in (() if audit is None else audit.rules)
    ]


def fairness_report(fair: Fairness) -> dict[str, Any]:
    """Burdens by peer group and by person (by id), the worst-off person first."""
    names = [burden.name for burden in fair.burdens]
    return {
        "peers": list(fair.peers),
        "burdens": [
            {"name": one.name, "title": one.title, "unit": one.unit, "weight": one.weight}
            for one in fair.burdens
        ],
        "groups": [
            {
                "group": group.name,
                "people": len(group.people),
                "burdens": {name: _spread(group, name) for name in names},
            }
            for group in fair.groups
        ],
        "people": [
            {
                "id": one.resident.id,
                "group": one.group,
                "above": _rounded(one.above),
                "burdens": {name: _load(one.loads[name]) for name in names},
            }
            for one in fair.people
        ],
    }


def _spread(group: PeerGroup, burden: str) -> dict[str, float]:
    mean, least, most = map(_rounded, group.spread(burden))
    return {"mean": mean, "least": least, "most": most}


def _load(load: Load) -> dict[str, float]:
    """This year's amount, what was carried into it, the fair share, and what goes on."""
    return {
        "amount": _rounded(load.amount),
        "carried": _rounded(load.carried),
        "fair": _rounded(load.fair),
        "carry_over": _rounded(load.carry_over),
    }


def _rounded(number: Fraction) -> float:
    return round(float(number), 3)


def check_report_target(path: Path, others: Iterable[Path] = ()) -> None:
    """Raise a TargetError before anything is searched where no report can go to ``path``: where
    one of the ``others`` is or will be, or a file that is no earlier report."""
    if any(_same(path, other) for other in others):
        raise TargetError(f"{path} is asked for twice; give another name with --json")
    if path.is_file() and not _is_report(path):
        raise TargetError(
            f"{path} is already there and is no report of the scheduler, so it was left as it is; "
            "give another name with --json"
        )
    check_target(path, force=True)


def _same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()


def _is_report(path: Path) -> bool:
    """Whether the file was written by ``write_json``; an empty one holds nothing to lose."""
    try:
        said = json.loads(path.read_bytes() or b"{}")
    except (OSError, ValueError):
        return False
    return isinstance(said, dict) and (not said or said.keys() >= _OF_ITSELF)


def write_json(path: Path, report: dict[str, Any]) -> None:
    """Write the report whole or not at all: elsewhere, and that is told, where it cannot go to
    ``path`` any more."""
    content = (json.dumps(report, indent=2) + "\n").encode()
    try:
        write_whole(path, content, force=True)
    except TargetError as error:  # since the search began
        other = elsewhere(path, error)
        write_whole(other, content, force=True)
        click.echo(f"{error}\nThe report was written to {other} instead.", err=True)
