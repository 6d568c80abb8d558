"""The audit of backup as a form: who is named is at work that week, where a rule allows it.

It knows no rule by name, only what rules grant.
"""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.audit.violation import Violation
from scheduler.problem.holiday import HolidayStatus
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.rules.backups import backup_grants
from scheduler.rules.words import dated_weeks
from scheduler.schedule.schedule import Schedule


def audit_backups(problem: Problem, schedule: Schedule) -> Iterator[Violation]:
    """Findings about people named as backup who cannot be."""
    grants = backup_grants(problem) if schedule.backups else {}
    for index, week in sorted(schedule.backups):
        resident, parts = problem.residents[index], problem.calendar.parts_of_week[week]
        wrong = _wrong(problem, schedule, resident, week, grants.get((index, week)))
        if wrong:
            text = f"{resident.name} cannot be backup in {dated_weeks(problem.calendar, parts)}"
            yield Violation("grid", "grid", 1, f"{text}: {wrong}", index, parts)


def _wrong(
    problem: Problem,
    schedule: Schedule,
    resident: Resident,
    week: int,
    granted: frozenset[str] | None,
) -> str:
    """What keeps the resident from being backup in the week; or ''."""
    parts = problem.calendar.parts_of_week[week]
    cells = {schedule.cells[resident.index][part] for part in parts}
    elsewhere = sorted(cells - granted) if granted is not None else []
    if elsewhere:
        return f"nobody is named from {' and '.join(code or 'nothing' for code in elsewhere)}"
    if granted is None:
        return "no rule allows it"
    for holiday in problem.holidays:
        duty = schedule.duties.get((resident.index, holiday.name))
        busy = duty is not None and duty.status != HolidayStatus.ON_SERVICE
        if duty is not None and busy and not set(parts).isdisjoint(holiday.parts):
            return f"{duty.status} at {holiday.title}"
    return ""
