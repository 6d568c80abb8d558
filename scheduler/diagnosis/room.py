"""Weeks that people owe a service against the places it has, counted before anything is solved.

As in ``counting``, every number is necessary, none sufficient; knows no solver.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scheduler.problem.calendar import DAYS_IN_WEEK
from scheduler.problem.problem import Problem
from scheduler.problem.resident import WHOLE, Resident
from scheduler.rules.base import BoundRule
from scheduler.rules.coverage import Coverage
from scheduler.rules.requirement import Requirement


@dataclass(frozen=True)
class Room:
    """Person-weeks that people must spend on a service against its places in the year."""

    service: str
    who: str
    owed: int
    places: int
    people: int

    @property
    def short(self) -> int:
        """Places missing, in person-weeks; 0 where there are enough."""
        return max(0, self.owed - self.places)

    def __str__(self) -> str:
        return (
            f"{self.service} has places for {self.places} person-weeks of {self.who}; "
            f"the {self.people} who must go there need {self.owed} ({self.short} too many)"
        )


def rooms(problem: Problem) -> Iterator[Room]:
    """One count for every hard coverage rule that limits a service all year."""
    owed = _Owed(problem)
    whole_year = set(range(len(problem.calendar.parts)))
    for bound in problem.rules:
        rule = bound.rule
        if not isinstance(rule, Coverage) or not rule.hard or not rule.has_limits:
            continue
        if set(bound.parts) >= whole_year:
            yield owed.room(rule, bound)


class _Owed:
    """Looks up once what each resident must spend where."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._asked: list[list[tuple[frozenset[str], int]]] = [[] for _ in problem.residents]
        for bound in problem.rules:
            rule = bound.rule
            if isinstance(rule, Requirement) and rule.hard and _yearly(rule):
                for index in bound.residents:
                    self._asked[index].append((problem.codes(rule.rotations), rule.least or 0))

    def room(self, rule: Coverage, bound: BoundRule) -> Room:
        codes = self._problem.codes(rule.rotations)
        days = sum(self._problem.calendar.part_days)
        people = [self._problem.residents[index] for index in bound.residents]
        weeks = [(one, self._weeks(one, codes)) for one in people]
        owed = sum(number * one.counts for one, number in weeks)
        return Room(
            service=" + ".join(rule.rotations),
            who=rule.who.words(),
            owed=owed // WHOLE,
            places=-(-rule.most * days // DAYS_IN_WEEK),
            people=sum(number > 0 for _, number in weeks),
        )

    def _weeks(self, resident: Resident, codes: frozenset[str]) -> int:
        """Fewest weeks at work on ``codes``: disjoint requirements, or what every grid assigns."""
        if resident.credit:
            return 0
        asked, seen = 0, frozenset[str]()
        for names, least in sorted(self._asked[resident.index], key=lambda one: -one[1]):
            if names <= codes and seen.isdisjoint(names):
                seen |= names
                asked += least
        return max(asked, self._assigned(resident, codes))

    def _assigned(self, resident: Resident, codes: frozenset[str]) -> int:
        """Whole weeks that every candidate grid assigns; vacation may empty none of them."""
        fixed = {code for code in codes if not self._problem.rotations[code].vacation}
        days = self._problem.calendar.part_days
        return min(
            (
                sum(
                    days[part]
                    for block in grid.blocks
                    if block.assigned in fixed
                    for part in block.parts
                    if part in resident.available
                )
                // DAYS_IN_WEEK
                for grid in self._problem.candidate_grids(resident)
            ),
            default=0,
        )


def _yearly(rule: Requirement) -> bool:
    """Whether a requirement asks for weeks at work in this year, whenever they are.

    One that counts only a part of the year is due in the year as well.
    """
    return (rule.over, rule.measure, rule.count) == ("year", "weeks", "worked")
