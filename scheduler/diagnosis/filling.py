"""Whether what is open to each resident fills their year; knows options of rules, no solver.

As in ``counting``, every number is necessary, none sufficient.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scheduler.diagnosis.openings import Closed
from scheduler.problem.calendar import DAYS_IN_WEEK
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.rules.base import BoundRule
from scheduler.rules.vacation import Vacation
from scheduler.rules.words import counted, dated_weeks


@dataclass(frozen=True)
class Unfilled:
    """Weeks of one resident's year that nothing open to them can fill; ``why`` in words."""

    who: str
    short: int
    why: str

    def __str__(self) -> str:
        return f"{self.who}: {self.why}"


def too_little(
    problem: Problem, resident: Resident, most: int, closed: Iterable[Closed]
) -> Iterator[Unfilled]:
    """Where at most ``most`` weeks on services, and vacation, are less than the weeks here."""
    days = sum(problem.calendar.part_days[part] for part in resident.available)
    rest = _most_vacation(problem, resident)
    short = (days - (most + rest) * DAYS_IN_WEEK) // DAYS_IN_WEEK
    if short > 0:
        why = (
            f"here for {counted(days // DAYS_IN_WEEK, 'week')}; the services open to them take "
            f"at most {most}, vacation {rest} ({short} left with nothing to do){_closers(closed)}"
        )
        yield Unfilled(resident.name, short, why)


def nothing_open(
    problem: Problem, resident: Resident, parts: list[int], closed: Iterable[Closed]
) -> Iterator[Unfilled]:
    """Where no service at all is open to the resident in ``parts``."""
    if parts:
        days = sum(problem.calendar.part_days[part] for part in parts)
        when = dated_weeks(problem.calendar, parts)
        why = f"no service is open to them in {when}{_closers(closed)}"
        yield Unfilled(resident.name, -(-days // DAYS_IN_WEEK), why)


def _closers(closed: Iterable[Closed]) -> str:
    """The rules that leave the resident nothing of a rotation; those that leave some are none."""
    said = [one.words("") for one in closed if one.people]
    return f": {'; '.join(said)}" if said else ""


def _most_vacation(problem: Problem, resident: Resident) -> int:
    """Most weeks of vacation that hard rules on all the year leave; many where none limits it."""
    bound = [one for one in problem.rules if resident.index in one.residents]
    owed = [one for one in bound if isinstance(one.rule, Vacation) and one.rule.owed]
    limits = [most for one in owed if (most := _limit(problem, one, resident)) is not None]
    return min(limits) if limits else len(problem.calendar.weeks) * bool(owed)


def _limit(problem: Problem, bound: BoundRule, resident: Resident) -> int | None:
    whole = len(bound.parts) == len(problem.calendar.parts)
    if isinstance(bound.rule, Vacation) and bound.rule.hard and whole:
        return bound.rule.most(resident)
    return None
