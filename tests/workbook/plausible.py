"""A schedule of any program within a second or two: nearly staffed, and nobody's best."""

from __future__ import annotations

import random

from scheduler.problem.grid import Block
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.problem.rotation import AWAY, LEAVE, VACATION
from scheduler.rules.base import BoundRule
from scheduler.rules.coverage import Coverage
from scheduler.schedule.schedule import Schedule


def plausible(problem: Problem, seed: int = 1) -> Schedule:
    """Places are filled block by block, by whom no rule forbids; then vacation where it may be."""
    dice = random.Random(seed)
    grids = tuple(resident.grids[0] for resident in problem.residents)
    filler = _Filler(problem, dice)
    for number in range(max(len(problem.grids[name].blocks) for name in grids)):
        filler.fill(number)
    for resident in problem.residents:
        filler.overlay(resident)
    return Schedule(tuple(map(tuple, filler.cells)), grids)


class _Filler:
    """Fills one block after the other."""

    def __init__(self, problem: Problem, dice: random.Random) -> None:
        self.problem, self.dice = problem, dice
        self.cells = [[""] * len(problem.calendar.parts) for _ in problem.residents]
        self._hard = [(b, b.scope(problem), set(b.residents)) for b in problem.rules if b.rule.hard]
        self._services = [(bound, bound.rule) for bound in problem.rules
                          if isinstance(bound.rule, Coverage) and bound.rule.hard]  # fmt: skip

    def fill(self, number: int) -> None:
        problem, free = self.problem, dict[int, frozenset[str]]()
        blocks: dict[int, Block] = {}
        for resident in problem.residents:
            blocks[resident.index] = problem.grids[resident.grids[0]].blocks[number]
            free[resident.index] = self._allowed(resident, blocks[resident.index])
        for bound, rule in self._services:
            for index in self._chosen(bound, rule, free):
                able = sorted(free.pop(index) & problem.codes(rule.rotations))
                self._put(index, blocks[index], self.dice.choice(able))
        for index, codes in free.items():
            quiet = [code for code in codes if problem.rotations[code].vacation]
            self._put(index, blocks[index], self.dice.choice(sorted(quiet or codes)))

    def _put(self, index: int, block: Block, code: str) -> None:
        for part in block.parts:
            self.cells[index][part] = code

    def _chosen(
        self, bound: BoundRule, rule: Coverage, free: dict[int, frozenset[str]]
    ) -> list[int]:
        """As many as the rule needs, or fewer; those with fewest other ways first."""
        codes = self.problem.codes(rule.rotations)
        able = [i for i in bound.residents if not codes.isdisjoint(free.get(i, frozenset()))]
        self.dice.shuffle(able)
        return sorted(able, key=lambda index: len(free[index]))[: rule.least]

    def _allowed(self, resident: Resident, block: Block) -> frozenset[str]:
        codes = {block.assigned} if block.assigned else set(self.problem.rotations)
        for bound, scope, who in self._hard:
            if resident.index in who:
                codes -= bound.rule.excluded(scope, resident, block)
        return frozenset(codes or self.problem.rotations)

    def overlay(self, resident: Resident) -> None:
        """Four weeks of vacation for residents; leave and absence where they belong."""
        row = self.cells[resident.index]
        restful = {code for code, one in self.problem.rotations.items() if one.vacation}
        weeks = [parts for parts in self.problem.calendar.parts_of_week
                 if all(row[p] in restful and p in resident.available for p in parts)]  # fmt: skip
        for parts in self.dice.sample(weeks, min(0 if resident.visitor else 4, len(weeks))):
            for part in parts:
                row[part] = VACATION
        for part in range(len(row)):
            if part not in resident.available:
                row[part] = LEAVE if part in resident.leave else AWAY
