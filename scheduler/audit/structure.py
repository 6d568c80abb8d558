"""The audit of the schedule's own form: presence, leave, vacation, one rotation a block, duties.

Its findings carry the rule name ``grid`` and are always hard; it knows no rule
by name, only what rules grant and exclude.
"""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.audit.backups import audit_backups
from scheduler.audit.teams import audit_teams
from scheduler.audit.violation import Violation
from scheduler.problem.grid import Block
from scheduler.problem.holiday import Holiday, HolidayStatus
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.problem.rotation import AWAY, LEAVE, OVERLAY_CODES, VACATION
from scheduler.rules.base import Rule, Scope
from scheduler.rules.duties import possible_duties
from scheduler.schedule.schedule import HolidayDuty, Schedule

Row = tuple[str, ...]


def audit_structure(problem: Problem, schedule: Schedule) -> Iterator[Violation]:
    """Findings about cells and duties that cannot be as they are, whatever the rules say."""
    rules = [(bound.rule, bound.scope(problem), set(bound.residents)) for bound in problem.rules]
    for resident in problem.residents:
        row = schedule.cells[resident.index]
        concerned = [(rule, scope) for rule, scope, who in rules if resident.index in who]
        yield from _cells(problem, resident, row)
        yield from _vacation_weeks(problem, resident, row, concerned)
        if schedule.grids[resident.index] not in resident.grids:
            name = schedule.grids[resident.index]
            yield _finding(resident, (), f"{resident.name} may not follow the grid {name!r}")
            continue
        for block in problem.grids[schedule.grids[resident.index]].blocks:
            yield from _block(problem, resident, block, row)
            yield from _vacation_in_block(problem, resident, block, row, concerned)
    yield from _duties(problem, schedule)
    yield from audit_teams(problem, schedule)
    yield from audit_backups(problem, schedule)


# -- single cells and weeks --------------------------------------------------------------


def _cells(problem: Problem, resident: Resident, row: Row) -> Iterator[Violation]:
    for part, code in enumerate(row):
        message = _cell(problem, resident, part, code)
        if message:
            yield _finding(resident, (part,), message)


def _cell(problem: Problem, resident: Resident, part: int, code: str) -> str:
    shown = code or "empty"
    if (code == AWAY) != (part not in resident.present):
        state = "not present" if code != AWAY else "present"
        return f"{resident.name} is {state} {week_words(problem, part)}, not {shown}"
    if part in resident.present and (code == LEAVE) != (part in resident.leave):
        state = "not on leave" if code == LEAVE else "on leave"
        return f"{resident.name} is {state} {week_words(problem, part)}, not {shown}"
    if code == "":
        return empty_words(problem, resident, part)
    if code not in problem.rotations and code not in OVERLAY_CODES:
        return f"{resident.name} {week_words(problem, part)}: {code!r} is not a rotation"
    return ""


def empty_words(problem: Problem, resident: Resident, part: int) -> str:
    """The sentence about an empty cell."""
    return f"{resident.name} has nothing {week_words(problem, part)}"


def week_words(problem: Problem, part: int) -> str:
    """'in week 3 (2026-07-13)'."""
    shown = problem.calendar.parts[part]
    return f"in week {shown.week + 1} ({shown.first})"


def _vacation_weeks(
    problem: Problem, resident: Resident, row: Row, rules: list[tuple[Rule, Scope]]
) -> Iterator[Violation]:
    """Vacation comes in whole weeks, and only where some rule grants it."""
    if VACATION not in row:
        return
    granted = frozenset().union(*(rule.vacation_weeks(scope, resident) for rule, scope in rules))
    for week, parts in enumerate(problem.calendar.parts_of_week):
        vacant = [part for part in parts if row[part] == VACATION]
        at = week_words(problem, vacant[0]) if vacant else ""
        if vacant and len(vacant) < len(parts):
            yield _finding(resident, parts, f"{resident.name} has only part of a vacation {at}")
        elif vacant and week not in granted:
            message = f"{resident.name} is on vacation {at}, where no rule allows it"
            yield _finding(resident, parts, message)


# -- blocks ------------------------------------------------------------------------------


def _block(problem: Problem, resident: Resident, block: Block, row: Row) -> Iterator[Violation]:
    codes = {row[p] for p in block.parts if row[p] in problem.rotations}
    if len(codes) > 1:
        yield _finding(
            resident,
            block.parts,
            f"{resident.name} has {' and '.join(sorted(codes))} in one block ({block.number})",
        )
    if block.assigned and codes - {block.assigned}:
        yield _finding(
            resident,
            block.parts,
            f"{resident.name} has {', '.join(sorted(codes))} in block {block.number}, "
            f"which is {block.assigned} on this grid",
        )


def _vacation_in_block(
    problem: Problem,
    resident: Resident,
    block: Block,
    row: Row,
    rules: list[tuple[Rule, Scope]],
) -> Iterator[Violation]:
    """A block with vacation in it is, or could be, of a rotation that allows it."""
    vacant = [part for part in block.parts if row[part] == VACATION]
    if not vacant:
        return
    codes = {row[part] for part in block.parts if row[part] in problem.rotations}
    for code in sorted(codes):
        if not problem.rotations[code].vacation:
            at = f"{week_words(problem, vacant[0])} in a block of {code}"
            message = f"{resident.name} is on vacation {at}, which allows none"
            yield _finding(resident, vacant, message)
    if not codes and not _allows_vacation(problem, resident, block, rules):
        message = f"{resident.name} is on vacation in all of block {block.number}"
        yield _finding(
            resident, vacant, f"{message}, but may take no rotation there that allows it"
        )


def _allows_vacation(
    problem: Problem, resident: Resident, block: Block, rules: list[tuple[Rule, Scope]]
) -> bool:
    codes = {block.assigned} if block.assigned else set(problem.rotations)
    for rule, scope in rules:
        if rule.hard:
            codes -= rule.excluded(scope, resident, block)
    return any(problem.rotations[code].vacation for code in codes)


# -- holidays ----------------------------------------------------------------------------


def _duties(problem: Problem, schedule: Schedule) -> Iterator[Violation]:
    possible = possible_duties(problem) if schedule.duties else {}
    for (index, name), duty in schedule.duties.items():
        resident, holiday = problem.residents[index], problem.holiday_by_name[name]
        row = schedule.cells[index]
        message = _duty(problem, holiday, duty, [row[part] for part in holiday.parts])
        own = duty.status == HolidayStatus.ON_SERVICE
        if not (own or message or duty in possible.get((index, name), ())):
            message = "no rule allows it"
        if message:
            state = f"{duty.status} to {duty.service}" if duty.status == "pulled" else duty.status
            text = f"{resident.name} cannot be {state} at {holiday.title}: {message}"
            yield _finding(resident, holiday.parts, text)


def _duty(problem: Problem, holiday: Holiday, duty: HolidayDuty, cells: list[str]) -> str:
    """What is wrong with a duty over ``cells``, the resident's own in the holiday; or ''."""
    if duty.status == HolidayStatus.ON_SERVICE:
        known = duty.service in ("", *cells)
        return "" if known else f"{duty.service} is not their service then"
    overlaid = sorted(set(cells) & OVERLAY_CODES)
    if overlaid or not holiday.parts:
        return f"{', '.join(overlaid)} over it is not the holiday"
    if duty.status == HolidayStatus.OFF:
        return ""
    if duty.service not in problem.rotations:
        return f"{duty.service!r} is not a rotation"
    fixed = sorted(
        {c for c in cells if c in problem.rotations and not problem.rotations[c].pullable}
    )
    return f"nobody is pulled from {', '.join(fixed)}" if fixed else ""


def _finding(resident: Resident, parts: tuple[int, ...] | list[int], message: str) -> Violation:
    return Violation("grid", "grid", 1, message, resident.index, tuple(parts))
