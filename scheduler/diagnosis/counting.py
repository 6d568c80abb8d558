"""Supply against demand, counted before anything is solved; knows the rules' options, no solver.

Every number here is necessary, none sufficient: where demand exceeds supply no
schedule exists, and where it does not one may still not exist.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from scheduler.diagnosis.away import AwayRoom, away_rooms
from scheduler.diagnosis.filling import Unfilled, nothing_open, too_little
from scheduler.diagnosis.holidays import HolidayRoom, holiday_rooms
from scheduler.diagnosis.owing import Owing, owing
from scheduler.diagnosis.room import Room, rooms
from scheduler.problem.calendar import DAYS_IN_WEEK
from scheduler.problem.grid import Block
from scheduler.problem.problem import Problem
from scheduler.problem.resident import WHOLE, Resident
from scheduler.rules.base import BoundRule
from scheduler.rules.coverage import Coverage
from scheduler.rules.requirement import Requirement
from scheduler.rules.vacation import Vacation


@dataclass(frozen=True)
class Count:
    """Person-weeks a service needs in the year against what its people may give."""

    service: str
    who: str
    needs: int
    can_give: int
    people: int

    @property
    def short(self) -> int:
        """Person-weeks missing; 0 where there is enough."""
        return max(0, self.needs - self.can_give)

    def __str__(self) -> str:
        verdict = f"{self.short} short" if self.short else f"{self.can_give - self.needs} to spare"
        return (
            f"{self.service} needs {self.needs} person-weeks of {self.who}; "
            f"the {self.people} who may do it can give at most {self.can_give} ({verdict})"
        )


class Counting:
    """Counts one problem; residents' limits are looked up once."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
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
        problem = self._problem
        found: list[Unfilled] = []
        for one in problem.residents:
            closed = list(nothing_open(problem, one, self._closed(one)))
            most = self._most(one, self._may_take(one))
            found += closed or too_little(problem, one, most)
        return tuple(found)

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
        gives = [
            self._gives(self._problem.residents[i], everything, _meant(group, i, parts))
            for i in group[0].residents
        ]
        return Count(
            service=" + ".join(dict.fromkeys(n for rule in rules for n in rule.rotations)),
            who=rules[0].who.words(),
            needs=needs // DAYS_IN_WEEK,
            can_give=sum(gives),
            people=sum(1 for weeks in gives if weeks > 0),
        )

    def _gives(
        self,
        resident: Resident,
        everything: frozenset[str],
        parts: Iterable[int],
    ) -> int:
        """Most weeks one resident can give to the services ``everything`` together."""
        days = self._problem.calendar.part_days
        may = everything & self._may_take(resident)
        here = _begun_weeks(days[p] for p in parts if p in resident.available)
        if not may or not here:
            return 0
        year = _begun_weeks(days[p] for p in resident.available)
        free = year - self._elsewhere(resident, everything)
        weeks = max(0, min(here, free, self._most(resident, may)))
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

    def _may_take(self, resident: Resident) -> frozenset[str]:
        """Codes the resident may take in some block, as far as hard rules say at once."""
        grids = self._allowed[resident.index]
        return frozenset().union(*(codes for grid in grids for codes in grid.values()))

    def _closed(self, resident: Resident) -> list[int]:
        """Parts in which nothing is open, on whichever grid; none where some grid has no such."""
        closed = [
            sorted(part for block, codes in grid.items() if not codes for part in block.parts)
            for grid in self._allowed[resident.index]
        ]
        return [part for part in min(closed, key=len, default=[]) if part in resident.available]

    @cached_property
    def _allowed(self) -> list[list[dict[Block, frozenset[str]]]]:
        """By resident and candidate grid, the codes that no hard rule excludes in each block."""
        problem = self._problem
        rules = [(bound, bound.scope(problem)) for bound in problem.rules if bound.excludes]
        found: list[list[dict[Block, frozenset[str]]]] = []
        for resident in problem.residents:
            mine = [(b.rule, scope) for b, scope in rules if resident.index in b.members]
            found.append(
                [
                    {
                        block: _start(problem, block).difference(
                            *(rule.excluded(scope, resident, block) for rule, scope in mine)
                        )
                        for block in grid.blocks
                        if not resident.available.isdisjoint(block.parts)
                    }
                    for grid in problem.candidate_grids(resident)
                ]
            )
        return found


def _start(problem: Problem, block: Block) -> frozenset[str]:
    return frozenset(problem.rotations if block.assigned is None else [block.assigned])


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
