"""Supply against demand, counted before anything is solved; knows the rules' options, no solver.

Every number here is necessary, none sufficient: where demand exceeds supply no
schedule exists, and where it does not one may still not exist.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

from scheduler.diagnosis.away import AwayRoom, away_rooms
from scheduler.diagnosis.filling import Unfilled, nothing_open, too_little
from scheduler.diagnosis.holidays import HolidayRoom, holiday_rooms
from scheduler.diagnosis.openings import Closed, Openings
from scheduler.diagnosis.owing import Owing, owing
from scheduler.diagnosis.room import Room, rooms
from scheduler.problem.calendar import DAYS_IN_WEEK
from scheduler.problem.problem import Problem
from scheduler.problem.resident import WHOLE, Resident
from scheduler.rules.base import BoundRule
from scheduler.rules.coverage import Coverage
from scheduler.rules.requirement import Requirement
from scheduler.rules.vacation import Vacation


@dataclass(frozen=True)
class Count:
    """Person-weeks a service needs in the year against what its people may give.

    ``closed`` tells which rules close it, or one of its rotations, to some of them.
    """

    service: str
    who: str
    needs: int
    can_give: int
    people: int
    closed: tuple[Closed, ...] = ()

    @property
    def short(self) -> int:
        """Person-weeks missing; 0 where there is enough."""
        return max(0, self.needs - self.can_give)

    def __str__(self) -> str:
        verdict = f"{self.short} short" if self.short else f"{self.can_give - self.needs} to spare"
        return (
            f"{self.service} needs {self.needs} person-weeks of {self.who}; "
            f"the {self.people} who may do it can give at most {self.can_give} ({verdict})"
            f"{self.why}"
        )

    @property
    def why(self) -> str:
        """Where it is short, the rules that close it: ': NIGHT is closed to 9 people by ...'."""
        return f": {'; '.join(map(str, self.closed))}" if self.short and self.closed else ""


class Counting:
    """Counts one problem; residents' limits are looked up once."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._openings = Openings(problem)
        self._limits: list[list[tuple[frozenset[str], int]]] = [[] for _ in problem.residents]
        self._owed: list[list[tuple[frozenset[str], int]]] = [[] for _ in problem.residents]
        self._vacation = [0 for _ in problem.residents]
        for bound in problem.rules:
            if bound.rule.hard:
                self._note(bound)

    def services(self) -> tuple[Count, ...]:
        """One count for every hard coverage rule with a minimum."""
        return tuple(self._count([bound]) for bound in self._coverage)

    def together(self) -> tuple[Count, ...]:
        """One count for all services of the same people together."""
        groups: dict[tuple[int, ...], list[BoundRule]] = {}
        for bound in self._coverage:
            group = groups.setdefault(bound.residents, [])
            if not any(self._overlap(bound, other) for other in group):
                group.append(bound)
        return tuple(self._count(group) for group in groups.values() if len(group) > 1)

    def people(self) -> tuple[Unfilled, ...]:
        """Residents whose year cannot be filled with what is open to them."""
        return tuple(
            one for resident in self._problem.residents for one in self._unfilled(resident)
        )

    def _unfilled(self, resident: Resident) -> list[Unfilled]:
        problem, openings = self._problem, self._openings
        stuck = openings.stuck(resident)
        closed = openings.closed([(resident, stuck or resident.available)], problem.all_codes)
        if stuck:
            return list(nothing_open(problem, resident, stuck, closed))
        most = self._most(resident, openings.codes(resident))
        return list(too_little(problem, resident, most, closed))

    def _overlap(self, one: BoundRule, other: BoundRule) -> bool:
        """Whether two rules could count the same person in the same week."""
        codes = [self._problem.codes(list(b.rule.rotation_names())) for b in (one, other)]
        return not codes[0].isdisjoint(codes[1]) and not set(one.parts).isdisjoint(other.parts)

    @cached_property
    def _coverage(self) -> list[BoundRule]:
        """Hard coverage rules that want people at work."""
        return [
            bound
            for bound in self._problem.rules
            if isinstance(bound.rule, Coverage)
            and bound.rule.hard
            and bound.rule.least
            and bound.rule.count == "worked"
        ]

    def _note(self, bound: BoundRule) -> None:
        rule = bound.rule
        for index in bound.residents:
            resident = self._problem.residents[index]
            if isinstance(rule, Vacation) and rule.owed:
                self._vacation[index] = max(self._vacation[index], rule.least(resident))
            elif isinstance(rule, Requirement) and _plain(bound, self._problem):
                codes = self._problem.codes(rule.rotations)
                if rule.most is not None:
                    self._limits[index].append((codes, rule.most))
                if rule.least and rule.count == "worked" and not resident.credit:
                    self._owed[index].append((codes, rule.least))

    def _count(self, group: list[BoundRule]) -> Count:
        rules = [bound.rule for bound in group if isinstance(bound.rule, Coverage)]
        codes = [self._problem.codes(rule.rotations) for rule in rules]
        days = self._problem.calendar.part_days
        needs = sum(
            rule.least * sum(days[p] for p in bound.parts)
            for rule, bound in zip(rules, group, strict=True)
        )
        everything = frozenset().union(*codes)
        parts = sorted(set().union(*(bound.parts for bound in group)))
        people = [(self._problem.residents[i], _meant(group, i, parts)) for i in group[0].residents]
        gives = [self._gives(one, everything, here) for one, here in people]
        return Count(
            service=" + ".join(dict.fromkeys(n for rule in rules for n in rule.rotations)),
            who=rules[0].who.words(),
            needs=needs // DAYS_IN_WEEK,
            can_give=sum(gives),
            people=sum(1 for weeks in gives if weeks > 0),
            closed=self._openings.closed(people, everything),
        )

    def _gives(
        self,
        resident: Resident,
        everything: frozenset[str],
        parts: Collection[int],
    ) -> int:
        """Most weeks one resident can give to the services ``everything`` together."""
        days = self._problem.calendar.part_days
        here = self._openings.weeks(resident, everything, parts)
        year = _begun_weeks(days[p] for p in resident.available)
        free = year - self._elsewhere(resident, everything)
        most = self._most(resident, everything & self._openings.codes(resident))
        weeks = max(0, min(here, free, most))
        return -(-weeks * resident.counts // WHOLE)

    def _elsewhere(self, resident: Resident, codes: frozenset[str]) -> int:
        """Weeks the resident must spend on vacation and on rotations other than ``codes``."""
        spent: frozenset[str] = frozenset()
        weeks = self._vacation[resident.index]
        for owed, least in sorted(self._owed[resident.index], key=lambda one: -one[1]):
            if owed.isdisjoint(codes) and owed.isdisjoint(spent):
                spent |= owed
                weeks += least
        return weeks

    def _most(self, resident: Resident, may: frozenset[str]) -> int:
        """Most weeks on ``may``: each code by the tightest limit that counts it."""
        total, left = 0, set(may)
        for limit, most in sorted(self._limits[resident.index], key=lambda one: one[1]):
            if left & limit:
                total += most
                left -= limit
        return 1_000 if left else total


def _meant(group: list[BoundRule], index: int, parts: list[int]) -> list[int]:
    """The parts in which some rule of the group means the resident."""
    if any(index not in bound.dated for bound in group):
        return parts
    return [part for part in parts if any(part in bound.dated[index] for bound in group)]


def _begun_weeks(days: Iterable[int]) -> int:
    """Weeks, begun ones whole: what can be given is never counted too low."""
    return -(-sum(days) // DAYS_IN_WEEK)


def _plain(bound: BoundRule, problem: Problem) -> bool:
    """Whether a requirement counts the whole year's worked weeks."""
    rule = bound.rule
    return (
        isinstance(rule, Requirement)
        and (rule.over, rule.measure, rule.by) == ("year", "weeks", None)
        and len(bound.parts) == len(problem.calendar.parts)
    )


Shortage = Count | Room | AwayRoom | HolidayRoom | Owing | Unfilled


def shortages(problem: Problem) -> tuple[Shortage, ...]:
    """Every count in which more is needed than can be given, or owed than there is room for."""
    counting = Counting(problem)
    counts: tuple[Shortage, ...] = (
        *counting.services(),
        *counting.together(),
        *rooms(problem),
        *away_rooms(problem),
        *holiday_rooms(problem),
        *owing(problem),
        *counting.people(),
    )
    return tuple(count for count in counts if count.short)
