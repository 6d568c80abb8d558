"""What ``check`` says of half-decided cells: they are not empty, they still have a choice."""

from __future__ import annotations

from dataclasses import replace

from scheduler.audit.audit import AuditReport
from scheduler.audit.structure import empty_words, week_words
from scheduler.audit.violation import Violation
from scheduler.problem.problem import Problem
from scheduler.rules.words import either
from scheduler.workbook.layers import cell_text
from scheduler.workbook.read import ReadBack


def tell_undecided(report: AuditReport, back: ReadBack) -> AuditReport:
    """``report`` with a sentence of its own for every cell such as 'WARD, MICU'.

    The audit knows finished schedules alone, where such a cell is empty.
    """
    problem = report.problem
    said = {
        (index, empty_words(problem, problem.residents[index], part)): _words(
            problem, index, part, allowed
        )
        for (index, part), allowed in back.undecided.items()
    }
    rules = tuple(
        replace(rule, violations=tuple(_told(one, said) for one in rule.violations))
        for rule in report.rules
    )
    return replace(report, rules=rules)


def _told(found: Violation, said: dict[tuple[int, str], str]) -> Violation:
    if found.resident is None:
        return found
    return replace(found, message=said.get((found.resident, found.message), found.message))


def _words(problem: Problem, index: int, part: int, allowed: frozenset[str]) -> str:
    """'... is undecided in week 3 (2026-07-13): MICU or WARD' or '...: anything but MICU'."""
    text = cell_text(problem, allowed)
    codes = either(text.removeprefix("!").split(", "))
    left = f"anything but {codes}" if text.startswith("!") else codes
    resident, where = problem.residents[index], week_words(problem, part)
    return f"{resident.name} is undecided {where}: {left}"
