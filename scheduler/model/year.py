"""The model of a whole year, as the rules see it: residents, weeks, blocks, holidays.

Rules speak to it in 0/1 sums and in ``at_least`` / ``at_most``.  It knows no rule
by name and no solver.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import cached_property

from scheduler.model.backups import BackupModel
from scheduler.model.block import Codes, GridModel, Menu, add_block, partition
from scheduler.model.extension import Extension
from scheduler.model.holidays import HolidayModel
from scheduler.model.linear import Sum
from scheduler.model.postings import Postings
from scheduler.model.vacation_orders import VacationOrders
from scheduler.problem.grid import Block, Grid
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.rules.base import Rule, Scope


class YearModel(Postings):
    """All columns of a problem; ``relaxed`` charges hard misses and ignores soft ones."""

    def __init__(self, problem: Problem, relaxed: bool = False) -> None:
        super().__init__(problem, relaxed)
        self._scopes = [(bound.rule, bound.scope(problem)) for bound in problem.rules]
        self._rules_of: list[list[tuple[Rule, Scope]]] = [[] for _ in problem.residents]
        for bound, known in zip(problem.rules, self._scopes, strict=True):
            beside = (resident.index for resident in bound.rule.beside(problem))
            for index in {*bound.residents, *beside}:
                self._rules_of[index].append(known)
        self._run_limits: dict[tuple[int, frozenset[str]], list[tuple[Rule, Scope]]] = {}
        self._worked_sets: dict[frozenset[frozenset[str]], frozenset[frozenset[str]]] = {}
        self._days: dict[tuple[str, frozenset[int]], tuple[Mapping[int, int], ...]] = {}
        self._menus: dict[tuple[frozenset[str], frozenset[frozenset[str]]], Menu] = {}
        self.vacation_columns: list[dict[int, int]] = []
        self.grids: list[tuple[GridModel, ...]] = []
        self.column_ranges: list[tuple[int, int]] = []
        for resident in problem.residents:
            first = len(self.linear.lower)
            self._add_resident(resident)
            self.column_ranges.append((first, len(self.linear.lower)))
        self.holidays = HolidayModel(self)
        self.backups = BackupModel(self)
        self.extension = Extension()
        self.orders = VacationOrders(self.extension)
        for rule, scope in self._scopes:
            rule.post(self, scope)
        self.holidays.finish()
        self.backups.finish()
        if not relaxed:  # there hard rules are no limits
            self.orders.finish()

    # -- what a rule may ask -------------------------------------------------------------

    def on(self, resident: Resident, part: int, codes: Codes) -> Sum:
        """1 if the block at ``part`` takes a rotation of ``codes``, before overlays."""
        if part not in resident.present:
            return Sum()
        grids = self.grids[resident.index]
        if len(grids) == 1:  # nearly always
            return grids[0].block_of[part].on(codes)
        return Sum.of(grid.block_of[part].on(codes) for grid in grids)

    def worked(self, resident: Resident, part: int, codes: frozenset[str]) -> Sum:
        """1 if the resident works on one of ``codes`` in ``part``, net of overlays.

        A rule that asks must name ``codes`` in its ``worked_sets``.
        """
        if part not in resident.available:
            return Sum()
        week, grids = self._week_of[part], self.grids[resident.index]
        if len(grids) == 1:
            return grids[0].block_of[part].worked(week, codes)
        return Sum.of(grid.block_of[part].worked(week, codes) for grid in grids)

    def vacation(self, resident: Resident, week: int) -> Sum:
        """1 if the resident has vacation in ``week``."""
        column = self.vacation_columns[resident.index].get(week)
        return Sum() if column is None else Sum({column: 1})

    def may_vacate(self, codes: Collection[str]) -> bool:
        """Whether vacation may fall in one of ``codes``."""
        return not self._vacation_codes.isdisjoint(codes)

    def grid_models(self, resident: Resident) -> tuple[GridModel, ...]:
        """The resident's candidate grids with their blocks."""
        return self.grids[resident.index]

    def days_in_blocks(self, grid: Grid, parts: frozenset[int]) -> tuple[Mapping[int, int], ...]:
        """For each block of ``grid``, its days of ``parts`` by week; only weeks that have some."""
        key = (grid.name, parts)  # most residents of a grid are there in the same parts
        if key not in self._days:
            self._days[key] = tuple(self._days_by_week(block, parts) for block in grid.blocks)
        return self._days[key]

    def run_limits(self, resident: Resident, codes: frozenset[str]) -> list[tuple[Rule, Scope]]:
        """The hard rules that limit how long the resident remains on ``codes``.

        None where vacation may interrupt a run of ``codes``.
        """
        key = (resident.index, codes)
        if key not in self._run_limits:
            known = [] if self.relaxed or self.may_vacate(codes) else self._rules_of[resident.index]
            self._run_limits[key] = [
                (rule, scope)
                for rule, scope in known
                if rule.hard and rule.limits_runs(scope, codes)
            ]
        return self._run_limits[key]

    # -- building ------------------------------------------------------------------------

    def _add_resident(self, resident: Resident) -> None:
        rules = self._rules_of[resident.index]
        excluding = [known for known in rules if _excludes(known[0])]
        grids = self.problem.candidate_grids(resident)
        codes = {
            grid.name: [self._codes(excluding, resident, block) for block in grid.blocks]
            for grid in grids
        }
        wanted = frozenset().union(*(r.vacation_weeks(s, resident) for r, s in rules))
        weeks = {
            grid.name: {w for w in wanted if self._may_overlay(resident, grid, codes[grid.name], w)}
            for grid in grids
        }
        vacation = {week: self.linear.column(0, 1) for week in sorted(set().union(*weeks.values()))}
        self.vacation_columns.append(vacation)
        sets = frozenset(
            known & self._vacation_codes
            for rule, scope in rules
            for known in rule.worked_sets(scope, resident)
        )
        sets = self._worked_sets.setdefault(sets, sets)  # one object: it is a key of every block
        chosen = self._choose_grid(len(grids))
        used = self._split_vacation(vacation, grids, weeks, chosen)
        self.grids.append(
            tuple(
                self._add_grid(resident, grid, codes[grid.name], sets, used[grid.name], one)
                for grid, one in zip(grids, chosen, strict=True)
            )
        )

    def _choose_grid(self, count: int) -> list[Sum]:
        if count == 1:
            return [Sum(constant=1)]
        chosen = [self.helper() for _ in range(count)]
        self.define(Sum.of(chosen), 1, 1)
        return chosen

    def _split_vacation(
        self,
        vacation: dict[int, int],
        grids: tuple[Grid, ...],
        weeks: dict[str, set[int]],
        chosen: list[Sum],
    ) -> dict[str, dict[int, int]]:
        """For each grid its own vacation columns, which count only if it is chosen."""
        if len(grids) == 1:
            return {grids[0].name: vacation}
        used = {
            grid.name: {week: self.linear.column(0, 1) for week in sorted(weeks[grid.name])}
            for grid in grids
        }
        for week, column in vacation.items():
            parts = [Sum({used[g.name][week]: 1}) for g in grids if week in used[g.name]]
            self.define(Sum.of(parts).add(Sum({column: 1}), -1), 0, 0)
        for grid, one in zip(grids, chosen, strict=True):
            for column in used[grid.name].values():
                self.define(Sum({column: 1}).add(one, -1), upper=0)
        return used

    def _add_grid(
        self,
        resident: Resident,
        grid: Grid,
        codes: list[frozenset[str]],
        sets: frozenset[frozenset[str]],
        vacation: dict[int, int],
        chosen: Sum,
    ) -> GridModel:
        blocks = []
        for block, allowed in zip(grid.blocks, codes, strict=True):
            weeks = self._open_weeks(resident, block)
            menu = self._menu(allowed, sets) if weeks else Menu()
            taken = chosen if weeks else Sum()
            blocks.append(add_block(self.linear, block, menu, weeks, vacation, taken))
        return GridModel(grid, chosen, tuple(blocks))

    @cached_property
    def _vacation_codes(self) -> frozenset[str]:
        return frozenset(c for c, r in self.problem.rotations.items() if r.vacation)

    @cached_property
    def _week_of(self) -> tuple[int, ...]:
        """For each part index, its week."""
        return tuple(part.week for part in self.problem.calendar.parts)

    def _menu(self, codes: frozenset[str], sets: frozenset[frozenset[str]]) -> Menu:
        """The menu of ``codes``; most blocks of most residents share them."""
        key = (codes, sets)
        if key not in self._menus:
            self._menus[key] = Menu(codes, partition(codes & self._vacation_codes, sets))
        return self._menus[key]

    def _codes(
        self, rules: list[tuple[Rule, Scope]], resident: Resident, block: Block
    ) -> frozenset[str]:
        start = self.problem.all_codes if block.assigned is None else frozenset({block.assigned})
        left = start.difference(*(rule.excluded(scope, resident, block) for rule, scope in rules))
        # Where hard rules leave nothing, relaxed rules give: they charge what they excluded.
        return left if left or not self.relaxed else start

    def _days_by_week(self, block: Block, parts: frozenset[int]) -> dict[int, int]:
        found: dict[int, int] = {}
        for part in block.parts:
            if part in parts:
                week = self._week_of[part]
                found[week] = found.get(week, 0) + self.problem.calendar.part_days[part]
        return found

    def _open_weeks(self, resident: Resident, block: Block) -> list[int]:
        parts = self.problem.calendar.parts
        return sorted({parts[p].week for p in block.parts if p in resident.available})

    def _may_overlay(
        self, resident: Resident, grid: Grid, codes: list[frozenset[str]], week: int
    ) -> bool:
        """Whether every block ``week`` touches has a rotation that allows vacation."""
        parts = self.problem.calendar.parts_of_week[week]
        return all(p in resident.available for p in parts) and all(
            codes[grid.block_at[p]] & self._vacation_codes for p in parts
        )


def _excludes(rule: Rule) -> bool:
    """Whether a hard rule may forbid choices outright."""
    return rule.hard and type(rule).excluded is not Rule.excluded


#: Builds a year's model; the engine takes it as a parameter so that tests may plant bugs.
ModelBuilder = Callable[[Problem, bool], YearModel]
