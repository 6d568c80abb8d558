"""The audit of requirements: weeks or stays of each resident in the cells; knows no model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scheduler.audit.stays import read_stays
from scheduler.audit.violation import Violation
from scheduler.problem.calendar import DAYS_IN_WEEK
from scheduler.problem.resident import Resident
from scheduler.problem.rotation import AWAY, LEAVE, VACATION
from scheduler.rules.words import counted, either, weeks_of
from scheduler.schedule.schedule import Schedule

if TYPE_CHECKING:
    from scheduler.rules.base import Scope
    from scheduler.rules.requirement import Requirement


def audit_requirement(rule: Requirement, schedule: Schedule, scope: Scope) -> Iterator[Violation]:
    """Find every resident whose weeks or stays are not those that ``rule`` asks for."""
    unit = 1 if rule.measure == "stays" else DAYS_IN_WEEK
    codes, seen = scope.problem.codes(rule.rotations), rule.seen(scope)
    for resident in scope.residents:
        found, earlier = _found(rule, schedule, scope, resident, codes, seen)
        total, least = found + earlier, rule.least_of(resident)
        astray = _astray(rule, total, unit, least)
        if astray:
            yield rule.violation(
                -(-abs(astray) // unit),
                f"{resident.name} {_has(rule, found, earlier)}, "
                f"{_needs(rule, least) if astray > 0 else _may(rule)}",
                resident,
            )


def _astray(rule: Requirement, total: int, unit: int, least: int) -> int:
    """How far a total is below what it must be or (negative) above it, at its nearest."""
    if rule.allowed is None:
        beyond = total - rule.most * unit if rule.most is not None else 0
        return max(least * unit - total, 0) or min(-beyond, 0)
    below = [one for one in rule.allowed if one * unit <= total]
    above = [one for one in rule.allowed if one * unit >= total]
    if below and above and min(above) - max(below) <= 1:
        return 0
    ways = [max(below) * unit - total] if below else []
    return min([*ways, *([min(above) * unit - total] if above else [])], key=abs)


def _found(
    rule: Requirement,
    schedule: Schedule,
    scope: Scope,
    resident: Resident,
    codes: frozenset[str],
    seen: frozenset[int],
) -> tuple[int, int]:
    """What the cells show (days or stays), and what was done earlier or credited (days).

    ``codes`` are those that count, in the parts ``seen``.
    """
    problem = scope.problem
    if rule.measure == "stays":
        stays = (read_stays(problem, schedule, resident, {code}, seen) for code in codes)
        before = [n for name, n in resident.earlier_stays.items() if _counts(rule, name, codes)]
        return sum(1 for found in stays for _ in found), sum(before)
    row = _row(rule, schedule, scope, resident)
    days = [problem.calendar.parts[part] for part in seen if row[part] in codes]
    return sum((p.last - p.first).days + 1 for p in days), _earlier(rule, resident, codes)


def _earlier(rule: Requirement, resident: Resident, codes: frozenset[str]) -> int:
    """Days credited this year and, over training, days of history."""
    credited = sum(days for name, days in resident.credit.items() if name in codes)
    rows = resident.history.items()
    return credited + sum(days for name, days in rows if _counts(rule, name, codes))


def _counts(rule: Requirement, name: str, codes: frozenset[str]) -> bool:
    """Whether a line of history counts."""
    return rule.over == "training" and (name in codes or name in rule.rotations)


def _row(rule: Requirement, schedule: Schedule, scope: Scope, resident: Resident) -> list[str]:
    """The cells; where assigned weeks count, overlays show their block's rotation."""
    row = list(schedule.cells[resident.index])
    if rule.count == "worked":
        return row
    overlaid = {part for part, code in enumerate(row) if code in (VACATION, LEAVE)}
    for block in scope.problem.grids[schedule.grids[resident.index]].blocks:
        if overlaid.isdisjoint(block.parts):
            continue
        code = next((row[p] for p in block.parts if row[p] in scope.problem.rotations), AWAY)
        for part in block.parts:
            row[part] = code if row[part] in (VACATION, LEAVE) else row[part]
    return row


def _has(rule: Requirement, found: int, earlier: int) -> str:
    names = either(rule.rotations)
    if rule.measure == "stays":
        split = f" ({earlier} of them earlier)" if earlier else ""
        return f"has {counted(found + earlier, 'stay')} on {names} {rule.time()}{split}"
    verb = {"worked": "works", "assigned": "is assigned"}[rule.count]
    other = "earlier or credited" if rule.over == "training" else "credited"
    split = f" ({weeks_of(earlier)} of it {other})" if earlier else ""
    return f"{verb} {weeks_of(found + earlier)} on {names} {rule.time()}{split}"


def _needs(rule: Requirement, least: int) -> str:
    if rule.allowed is not None:
        return _may(rule)
    if least == rule.least:
        return f"needs at least {least}"
    return f"needs at least {least} by now to reach {rule.least} by the end of PGY{rule.final_pgy}"


def _may(rule: Requirement) -> str:
    if rule.allowed is not None:
        return f"may have {rule.amounts()}"
    return f"may have at most {rule.most}"
