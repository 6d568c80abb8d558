"""What a resident bears of a burden, read from a schedule; knows no rule and no model."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction

from scheduler.audit.wishes import received
from scheduler.problem.burden import Burden, Duty
from scheduler.problem.calendar import DAYS_IN_WEEK
from scheduler.problem.holiday import Holiday, HolidayStatus
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.problem.wish import Lane
from scheduler.schedule.schedule import Schedule


def borne_by(
    problem: Problem,
    schedule: Schedule,
    resident: Resident,
    burden: Burden,
    parts: Collection[int],
) -> Fraction:
    """Units of ``burden`` that ``resident`` bears in ``parts`` of the year.

    Of wishes these are choices denied; points are a rule's matter.
    """
    row = schedule.cells[resident.index]
    if burden.wishes:
        return Fraction(_denials(problem, schedule, resident))
    if burden.duty is None:
        dated = [problem.calendar.parts[part] for part in parts if burden.rates.get(row[part])]
        days = sum(((p.last - p.first).days + 1) * burden.rates[row[p.index]] for p in dated)
        return Fraction(days, DAYS_IN_WEEK)
    touched = (one for one in problem.holidays if any(part in parts for part in one.parts))
    return Fraction(sum(_serves(problem, schedule, resident, h, burden.duty) for h in touched))


def _serves(
    problem: Problem, schedule: Schedule, resident: Resident, holiday: Holiday, duty: Duty
) -> bool:
    """Whether ``holiday`` counts: as pulled, or else as worked in any way."""
    held = schedule.duties.get((resident.index, holiday.name))
    status = HolidayStatus.ON_SERVICE if held is None else held.status
    if status is not HolidayStatus.ON_SERVICE or duty is Duty.PULLED:
        return status is HolidayStatus.PULLED
    own = (schedule.cells[resident.index][part] for part in holiday.parts)
    return any(code in problem.rotations and not problem.rotations[code].pullable for code in own)


def _denials(problem: Problem, schedule: Schedule, resident: Resident) -> int:
    """How many of the choices that nobody had to approve got nothing."""
    own = (choice for choice in problem.choices if choice.resident == resident.index)
    open_to_all = (choice for choice in own if choice.lane is not Lane.PROTECTED)
    return sum(received(problem, schedule, choice).denied for choice in open_to_all)
