"""Weeks of vacation owed against those that limits on being away at once leave; knows no solver.

As in ``counting``, every number is necessary, none sufficient.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scheduler.problem.problem import Problem
from scheduler.rules.base import BoundRule
from scheduler.rules.vacation import Vacation
from scheduler.rules.words import counted


@dataclass(frozen=True)
class AwayRoom:
    """Person-weeks of vacation that people owe against the room of one rule over the year."""

    who: str
    limit: str
    owed: int
    room: int

    @property
    def short(self) -> int:
        """Person-weeks of vacation for which there is no room."""
        return max(0, self.owed - self.room)

    def __str__(self) -> str:
        return (
            f"Vacation of {self.who}: {counted(self.owed, 'week')} owed in all; {self.limit} "
            f"there is room for {self.room} ({self.short} too many)"
        )


def away_rooms(problem: Problem) -> Iterator[AwayRoom]:
    """One count for every hard rule on how many may be away at once, all year."""
    rules = [
        (bound, bound.rule)
        for bound in problem.rules
        if isinstance(bound.rule, Vacation) and bound.rule.hard
    ]
    least, weeks = _least(problem, rules), _weeks(problem, rules)
    for bound, rule in rules:
        whole = len(bound.parts) == len(problem.calendar.parts)
        if not rule.counts_people or rule.inside or not whole or not bound.residents:
            continue
        most = rule.limit(len(bound.residents))
        # Somebody who changes level may take their vacation where this rule does not mean them.
        owed = sum(least[one] for one in bound.residents if one not in bound.dated)
        room = sum(
            min(most, sum(week in weeks[one] for one in bound.residents))
            for week in range(len(problem.calendar.weeks))
        )
        yield AwayRoom(rule.who.words(), _limit_words(rule, bound, most), owed, room)


_Rules = list[tuple[BoundRule, Vacation]]


def _least(problem: Problem, rules: _Rules) -> list[int]:
    """By resident, the fewest weeks of vacation."""
    least = [0 for _ in problem.residents]
    for bound, rule in rules:
        for index in bound.residents if rule.owed else ():
            least[index] = max(least[index], rule.least(problem.residents[index]))
    return least


def _weeks(problem: Problem, rules: _Rules) -> list[set[int]]:
    """By resident, the weeks in which vacation is not closed to them and they are here."""
    weeks = [
        {
            week
            for week, parts in enumerate(problem.calendar.parts_of_week)
            if one.available.issuperset(parts)
        }
        for one in problem.residents
    ]
    for bound, rule in rules:
        closed = rule.blackout.closed(problem) if rule.blackout else ()
        for index in bound.residents:
            meant = bound.dated.get(index, frozenset(bound.parts))
            here = meant.intersection(bound.parts, closed)
            weeks[index] -= {problem.calendar.parts[part].week for part in here}
    return weeks


def _limit_words(rule: Vacation, bound: BoundRule, most: int) -> str:
    if rule.at_once_percent is None:
        return f"with at most {most} away at once"
    people = counted(len(bound.residents), "person").replace("persons", "people")
    return f"with at most {most} away at once ({rule.at_once_percent}% of {people}, rounded down)"
