"""Whether each resident's year has the weeks that hard rules ask of it; knows no solver.

As in ``counting``, every number is necessary, none sufficient.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scheduler.problem.calendar import DAYS_IN_WEEK
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.rules.requirement import Requirement
from scheduler.rules.vacation import Vacation
from scheduler.rules.words import counted, every, weeks_of


@dataclass(frozen=True)
class Owing:
    """Days that one resident is here against those owed: rotations in words and days at work."""

    who: str
    here: int
    asked: tuple[tuple[str, int], ...]
    vacation: int

    @property
    def short(self) -> int:
        """Weeks missing, begun ones whole; 0 where there are enough."""
        owed = sum(days for _, days in self.asked) + self.vacation * DAYS_IN_WEEK
        return max(0, -(-(owed - self.here) // DAYS_IN_WEEK))

    def __str__(self) -> str:
        asked = [f"{weeks_of(days)} on {names}" for names, days in self.asked]
        vacation = [f"{counted(self.vacation, 'week')} of vacation"] if self.vacation else []
        return (
            f"{self.who}: here for {weeks_of(self.here)}; owes {every(asked + vacation)} "
            f"({self.short} too many)"
        )


def owing(problem: Problem) -> Iterator[Owing]:
    """One count for every resident of whom hard rules ask something."""
    days = problem.calendar.part_days
    vacation = [0 for _ in problem.residents]
    asked: list[list[tuple[frozenset[str], str, int]]] = [[] for _ in problem.residents]
    for bound in problem.rules:
        rule = bound.rule
        for one in (problem.residents[index] for index in bound.residents if rule.hard):
            if isinstance(rule, Vacation) and rule.owed:
                vacation[one.index] = max(vacation[one.index], rule.least(one))
            elif isinstance(rule, Requirement) and (due := _due(problem, rule, one)) > 0:
                codes = problem.codes(rule.rotations)
                asked[one.index].append((codes, " + ".join(rule.rotations), due))
    for one in problem.residents:
        here = sum(days[part] for part in one.available)
        apart = tuple(_apart(asked[one.index]))
        if apart:
            yield Owing(one.name, here, apart, vacation[one.index])


def _due(problem: Problem, rule: Requirement, resident: Resident) -> int:
    """Days at work that a requirement asks of this year, earlier years and credit taken off.

    Stays have no certain length, and days as assigned may be vacation: both count as none.
    """
    if (rule.measure, rule.count) != ("weeks", "worked"):
        return 0
    codes = problem.codes(rule.rotations)
    done = sum(days for code, days in resident.credit.items() if code in codes)
    if rule.over == "training":
        known = codes.union(rule.rotations)
        done += sum(days for name, days in resident.history.items() if name in known)
    return rule.least_of(resident) * DAYS_IN_WEEK - done


def _apart(asked: list[tuple[frozenset[str], str, int]]) -> Iterator[tuple[str, int]]:
    """Requirements that no day can serve twice, those that ask for most first."""
    seen: frozenset[str] = frozenset()
    for codes, names, due in sorted(asked, key=lambda one: -one[2]):
        if seen.isdisjoint(codes):
            seen |= codes
            yield names, due
