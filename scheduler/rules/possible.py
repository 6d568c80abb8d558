"""Which wishes hard rules leave open at all, whatever the other residents do; knows no schedule.

What is called impossible here, no schedule can meet.  Not everything that no
schedule can meet is found: what is short for all of them together is not.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache, cached_property
from itertools import pairwise

from scheduler.problem.grid import Block, Grid
from scheduler.problem.holiday import HolidayStatus
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.problem.wish import Alternative, WishKind
from scheduler.rules.base import BoundRule, Rule, Scope
from scheduler.rules.duties import Duties, possible_duties
from scheduler.rules.vacation import Vacation
from scheduler.schedule.schedule import HolidayDuty

_AWAY = "away or on leave in part of it"
_CLOSED = "no vacation is given then"
_TOO_LONG = "longer than a vacation may be"
_TOO_MUCH = "more weeks than are owed"
_NOT_OFF = "no rule gives this holiday off"
_NO_REST = "it is {} then, which allows no vacation"
_BARRED = "other rules do not allow it"
_NOT_BOTH = "not possible for both"

_OFF = HolidayDuty(HolidayStatus.OFF)


class Possible:
    """Answers for one problem; what a resident may do is looked up once."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._rules: list[list[BoundRule]] = [[] for _ in problem.residents]
        for bound in problem.rules:
            for index in bound.residents:
                self._rules[index].append(bound)
        self._excluding: list[list[tuple[Rule, Scope]]] = [[] for _ in problem.residents]
        for bound in problem.rules:
            if bound.excludes:
                scope = bound.scope(problem)
                for index in bound.residents:
                    self._excluding[index].append((bound.rule, scope))
        self._codes = cache(self._codes_of)
        self._weeks = cache(self._weeks_of)
        self._vacations = cache(self._vacations_of)

    def why_not(self, index: int, wish: Alternative) -> str:
        """Why resident ``index`` can never be granted ``wish``; '' where it may be possible."""
        own = self._why_not(self._problem.residents[index], wish)
        if own or wish.partner is None:
            return own
        other = self._why_not(self._problem.residents[wish.partner], wish)
        return _NOT_BOTH if other else ""

    def _why_not(self, resident: Resident, wish: Alternative) -> str:
        if wish.kind == WishKind.VACATION:
            return self._vacation(resident, wish.weeks)
        if wish.kind == WishKind.HOLIDAY:
            return self._holiday(resident, wish.holiday)
        if wish.kind == WishKind.ROTATION and wish.parts and not wish.at_least:
            absent = not resident.present.issuperset(wish.parts)
            if absent or not self._is_there(resident, wish.parts):
                return _AWAY
        fits = (self._fits(resident, grid, wish) for grid in self._candidates(resident))
        return "" if any(fits) else _BARRED

    def _is_there(self, resident: Resident, parts: Collection[int]) -> bool:
        """Whether the blocks of ``parts`` reach beyond leave: they count before overlays."""
        return not resident.available.isdisjoint(parts) or any(
            all(not resident.available.isdisjoint(grid.blocks[b].parts) for b in blocks)
            for grid in self._candidates(resident)
            for blocks in [{grid.block_at[part] for part in parts}]
        )

    def codes(self, resident: Resident, block: Block) -> frozenset[str]:
        """The rotations that hard rules leave open to ``resident`` in ``block``."""
        return self._codes(resident.index, block)

    # -- rotations and dates -----------------------------------------------------------------

    def _fits(self, resident: Resident, grid: Grid, wish: Alternative) -> bool:
        """Whether each part by itself can be as the wish asks."""
        parts = wish.parts or range(len(self._problem.calendar.parts))
        if wish.at_least:
            days = self._problem.calendar.part_days
            return sum(days[p] for p in parts if self._there(resident, grid, p, wish)) >= wish.days
        holds = (self._holds(resident, grid.blocks[grid.block_at[p]], p, wish) for p in parts)
        anywhere = wish.kind == WishKind.ROTATION and not wish.parts
        return any(holds) if anywhere else all(holds)

    def _there(self, resident: Resident, grid: Grid, part: int, wish: Alternative) -> bool:
        block = grid.blocks[grid.block_at[part]]
        return part in resident.present and self._holds(resident, block, part, wish)

    def _holds(self, resident: Resident, block: Block, part: int, wish: Alternative) -> bool:
        codes = self._codes(resident.index, block)
        if wish.kind == WishKind.ROTATION:
            return not codes.isdisjoint(wish.rotations)
        free = self._may_rest(codes)
        if wish.kind == WishKind.AVOID:
            return part not in resident.present or free or not codes or not codes <= wish.rotations
        releasable = any(self._problem.rotations[code].releasable for code in codes)
        return part not in resident.available or releasable or free

    def _may_rest(self, codes: frozenset[str]) -> bool:
        return any(self._problem.rotations[code].vacation for code in codes)

    def _codes_of(self, index: int, block: Block) -> frozenset[str]:
        """What hard rules leave for a block; nothing where the resident is not there at all."""
        problem = self._problem
        resident = problem.residents[index]
        if resident.available.isdisjoint(block.parts):
            return frozenset()
        codes = {block.assigned} if block.assigned else set(problem.rotations)
        for rule, scope in self._excluding[index]:
            codes -= rule.excluded(scope, resident, block)
        return frozenset(codes)

    # -- time off ----------------------------------------------------------------------------

    @cached_property
    def _duties(self) -> Duties:
        return possible_duties(self._problem)

    def _holiday(self, resident: Resident, name: str) -> str:
        if not resident.available.issuperset(self._problem.holiday_by_name[name].parts):
            return _AWAY
        off = self._duties.get((resident.index, name), frozenset())
        return "" if _OFF in off else _NOT_OFF

    def _vacation(self, resident: Resident, weeks: tuple[int, ...]) -> str:
        calendar = self._problem.calendar
        parts = {part for week in weeks for part in calendar.parts_of_week[week]}
        if not parts <= resident.available:
            return _AWAY
        if not self._weeks(resident.index).issuperset(weeks):
            return _CLOSED
        if not any(self._rests(resident, grid, parts) for grid in self._candidates(resident)):
            return self._restless(resident, parts)
        reasons = (self._limited(rule, weeks, resident) for rule in self._vacations(resident.index))
        return next(filter(None, reasons), "")

    def _candidates(self, resident: Resident) -> tuple[Grid, ...]:
        return self._problem.candidate_grids(resident)

    def _rests(self, resident: Resident, grid: Grid, parts: set[int]) -> bool:
        """Whether each of ``parts`` lies in a block that may be of a restful rotation."""
        blocks = {grid.block_at[part] for part in parts}
        return all(self._may_rest(self._codes(resident.index, grid.blocks[b])) for b in blocks)

    def _restless(self, resident: Resident, parts: set[int]) -> str:
        """Why there is no rest: a week that the grid, or a hard rule, gives to one rotation."""
        grids = self._candidates(resident)
        blocks = [grid.blocks[b] for grid in grids for b in {grid.block_at[p] for p in parts}]
        left = (self._codes(resident.index, block) for block in blocks)
        only = {min(codes) for codes in left if len(codes) == 1 and not self._may_rest(codes)}
        return _NO_REST.format(only.pop()) if len(only) == 1 else _BARRED

    def _weeks_of(self, index: int) -> frozenset[int]:
        """The weeks in which some rule gives a resident vacation, and no hard one forbids it."""
        problem, resident = self._problem, self._problem.residents[index]
        granted: set[int] = set()
        closed: set[int] = set()
        for bound in self._rules[index]:
            if bound.answers("vacation_weeks"):
                scope = Scope(problem, (resident,), bound.parts, bound.dated)  # not of 200 people
                granted |= bound.rule.vacation_weeks(scope, resident)
        for bound in self._rules[index]:
            rule = bound.rule
            if isinstance(rule, Vacation) and rule.hard and rule.blackout is not None:
                parts = rule.blackout.closed(problem)
                weeks = {problem.calendar.parts[part].week for part in bound.parts}
                closed |= weeks & {problem.calendar.parts[part].week for part in parts}
        return frozenset(granted - closed)

    def _vacations_of(self, index: int) -> tuple[Vacation, ...]:
        """The hard rules on vacation that speak of all the year."""
        everything = len(self._problem.calendar.parts)
        whole = (bound.rule for bound in self._rules[index] if len(bound.parts) == everything)
        return tuple(rule for rule in whole if isinstance(rule, Vacation) and rule.hard)

    def _limited(self, rule: Vacation, weeks: tuple[int, ...], resident: Resident) -> str:
        if rule.owed and len(weeks) > rule.most(resident):
            return _TOO_MUCH
        return _TOO_LONG if rule.pieces and _longest(weeks) > max(rule.pieces) else ""


def _longest(weeks: tuple[int, ...]) -> int:
    """The longest unbroken run of ``weeks``."""
    longest = run = 1
    for one, after in pairwise(sorted(weeks)):
        run = run + 1 if after == one + 1 else 1
        longest = max(longest, run)
    return longest
