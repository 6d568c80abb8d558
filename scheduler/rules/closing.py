"""Which rotations the limits of rules close to whom, block by block; knows no rule by name.

A rule about the length of stays closes a rotation to all whose blocks it does not fit.
It is found out here once, from the problem alone: people are told, and counting relies on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scheduler.problem.grid import Block, Grid
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.rules.possible import Possible


@dataclass(frozen=True)
class Closing:
    """Codes that the rule ``rule`` closes to a resident in one block, and that were open else.

    No schedule that keeps the rule has the resident at work on one of ``codes`` there.
    A block wholly on vacation has no rotation: it may be had where such a code allows vacation.
    """

    rule: str
    resident: Resident
    grid: Grid
    block: Block
    codes: frozenset[str]


def closings(problem: Problem, possible: Possible) -> Iterator[Closing]:
    """What each hard rule by itself closes of that which others leave ``possible``."""
    for bound in problem.rules:
        if not bound.rule.hard or not bound.answers("closes"):
            continue
        scope, name = bound.scope(problem), bound.rule.name or bound.rule.rule
        for resident in scope.residents:
            for grid in problem.candidate_grids(resident):
                for index, shut in bound.rule.closes(scope, resident, grid).items():
                    block = grid.blocks[index]
                    codes = shut & possible.codes(resident, block)
                    if codes:
                        yield Closing(name, resident, grid, block, codes)
