"""Holidays off that are owed against the people who must stay in them; knows no solver.

As in ``counting``, every number is necessary, none sufficient.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scheduler.problem.holiday import Holiday
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.rules.base import BoundRule, Scope
from scheduler.rules.holiday import HolidayRule
from scheduler.rules.words import counted, every

_People = frozenset[int]


@dataclass(frozen=True)
class Stayers:
    """Of ``people`` who might be off in a holiday, so many must stay."""

    holiday: str
    people: int
    stay: int

    @property
    def room(self) -> int:
        return max(0, self.people - self.stay)

    def __str__(self) -> str:
        return f"{self.stay} of {self.people} must stay at {self.holiday}"


@dataclass(frozen=True)
class HolidayRoom:
    """Holidays off that the people of one rule are owed, against the room in all of them."""

    who: str
    owed: int
    holidays: tuple[Stayers, ...]

    @property
    def short(self) -> int:
        """Holidays off for which there is no room."""
        return max(0, self.owed - sum(one.room for one in self.holidays))

    def __str__(self) -> str:
        room = sum(one.room for one in self.holidays)
        return (
            f"Holidays of {self.who}: {counted(self.owed, 'holiday')} off owed in all; "
            f"{every(map(str, self.holidays))}, so there is room for {room} "
            f"({self.short} too many)"
        )


def holiday_rooms(problem: Problem) -> Iterator[HolidayRoom]:
    """A count for every hard rule that owes holidays off: of all it means, and level by level."""
    staffing = [one for one in _hard(problem) if one[1].service and one[1].least]
    for bound, rule in _hard(problem):
        if not rule.off:
            continue
        owing = frozenset(bound.residents)
        groups = {owing: rule.who.words()}
        for other, service in staffing:
            inside = frozenset(other.residents)
            if inside < owing:
                groups.setdefault(inside, service.who.words())
        for group, who in groups.items():
            found = _room(problem, rule, group, who, staffing)
            if found.owed:
                yield found


_Rules = list[tuple[BoundRule, HolidayRule]]


def _hard(problem: Problem) -> _Rules:
    return [
        (bound, bound.rule)
        for bound in problem.rules
        if isinstance(bound.rule, HolidayRule) and bound.rule.hard
    ]


def _room(
    problem: Problem, rule: HolidayRule, group: _People, who: str, staffing: _Rules
) -> HolidayRoom:
    listed = [one for one in problem.holidays if one.parts and _about(rule, one)]
    able = {one.name: _able(problem, group, one) for one in listed}
    owed = sum(min(rule.off or 0, sum(i in a for a in able.values())) for i in group)
    stayers = [
        Stayers(one.title, len(able[one.name]), _must_stay(problem, able[one.name], one, staffing))
        for one in listed
    ]
    return HolidayRoom(who, owed, tuple(stayers))


def _about(rule: HolidayRule, holiday: Holiday) -> bool:
    return rule.holidays is None or holiday.name in rule.holidays


def _able(problem: Problem, group: _People, holiday: Holiday) -> _People:
    """Who of the group may be off: those who are there in all of the holiday."""
    parts = frozenset(holiday.parts)
    return frozenset(i for i in group if parts <= problem.residents[i].available)


def _must_stay(problem: Problem, able: _People, holiday: Holiday, staffing: _Rules) -> int:
    """How many of ``able`` serve in the holiday at least, in the part that takes most of them."""
    rules = [(b.scope(problem), rule) for b, rule in staffing if _about(rule, holiday)]
    most = 0
    for part in holiday.parts:
        places = [(rule.service or "", _here(scope, part), rule.least) for scope, rule in rules]
        inside = [one for one in places if one[1] <= able]
        most = max(most, _taken(inside, able), _taken(places, able))
    return min(most, len(able))


def _here(scope: Scope, part: int) -> _People:
    """Who may serve for a rule in a part: whom it means, if they are there."""
    people: Iterator[Resident] = (one for one in scope.residents if scope.means(one, part))
    return frozenset(one.index for one in people if part in one.available)


def _taken(places: list[tuple[str, _People, int]], able: _People) -> int:
    """People of ``able`` that these places take when everybody else who may serves first.

    Nobody is counted for two places: they are on different services, or of different people.
    """
    counted_in: dict[str, _People] = {}
    needed, others = 0, frozenset[int]()
    for service, people, least in sorted(places, key=lambda one: -len(one[1])):
        if counted_in.get(service, frozenset()).isdisjoint(people):
            counted_in[service] = counted_in.get(service, frozenset()) | people
            needed += least
            others |= people - able
    return max(0, needed - len(others))
