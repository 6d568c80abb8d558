"""The ``--json`` report of solve and check (DESIGN 6)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from scheduler import __version__
from scheduler.audit.audit import AuditReport
from scheduler.engine.outcome import Outcome, gap_of
from scheduler.problem.problem import Problem

FORMAT = 1


def solve_report(
    problem: Problem,
    outcome: Outcome,
    audit: AuditReport | None,
    seconds: dict[str, float],
    seed: int,
    workers: int,
) -> dict[str, Any]:
    """The report of a solve."""
    return {
        **_head(problem, outcome.status, audit),
        "cost": outcome.cost,
        "bound": outcome.bound,
        "at_stake": outcome.at_stake,
        "gap": outcome.gap,
        "seed": seed,
        "workers": workers,
        "seconds": seconds,
        "progress": [[step.seconds, step.cost, step.bound] for step in outcome.progress],
        "rules": _rules(audit),
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
        "seconds": seconds,
        "progress": [],
        "rules": _rules(audit),
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


def write_json(path: Path, report: dict[str, Any]) -> None:
    """Write the report whole or not at all."""
    from scheduler.workbook.target import write_whole

    write_whole(path, (json.dumps(report, indent=2) + "\n").encode(), force=True)
