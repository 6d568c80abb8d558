"""What a schedule holds beside its cells: locks, and what wholly vacated blocks allow.

Texts are those of the cells themselves: 'MICU', 'WARD, MICU' (one of these),
'!MICU' (anything but), 'VAC'.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from scheduler.problem.grid import Block
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.problem.rotation import VACATION
from scheduler.rules.base import BoundRule, Scope
from scheduler.rules.lock import Lock
from scheduler.schedule.schedule import Schedule

#: (resident index, part index) to text.
Layer = Mapping[tuple[int, int], str]


def one_of(codes: Iterable[str]) -> str:
    """'WARD, MICU' for a cell that may be any of ``codes``."""
    return ", ".join(sorted(codes))


def vacated(problem: Problem, schedule: Schedule) -> dict[tuple[int, int], frozenset[str]]:
    """For each part of a wholly vacated block, the rotations the resident might take there."""
    found: dict[tuple[int, int], frozenset[str]] = {}
    excluding = [(bound, bound.scope(problem)) for bound in problem.rules if bound.excludes]
    for resident in problem.residents:
        row = schedule.cells[resident.index]
        for block in problem.grids[schedule.grids[resident.index]].blocks:
            open_parts = [p for p in block.parts if p in resident.available]
            if open_parts and all(row[p] == VACATION for p in open_parts):
                own = [one for one in excluding if resident.index in one[0].members]
                codes = _possible(problem, resident, block, own)
                found.update({(resident.index, p): codes for p in open_parts})
    return found


def _possible(
    problem: Problem,
    resident: Resident,
    block: Block,
    excluding: Iterable[tuple[BoundRule, Scope]],
) -> frozenset[str]:
    """Rotations that allow vacation and that no hard rule forbids ``resident`` in ``block``."""
    codes = {
        code
        for code, rotation in problem.rotations.items()
        if rotation.vacation and block.assigned in (None, code)
    }
    for bound, scope in excluding:
        codes -= bound.rule.excluded(scope, resident, block)
    return frozenset(codes)


def lock_sets(problem: Problem) -> dict[tuple[int, int], frozenset[str]]:
    """What the hard locks together leave of each cell they name (a soft lock is a wish)."""
    everything = frozenset({*problem.rotations, VACATION})
    found: dict[tuple[int, int], frozenset[str]] = {}
    for bound in problem.rules:
        rule = bound.rule
        if isinstance(rule, Lock) and rule.hard:
            named = problem.codes(list(rule.rotation_names()))
            named |= {VACATION}.intersection(rule.be or rule.not_be or ())
            allowed = named if rule.be else everything - named
            for key in ((index, part) for index in bound.residents for part in bound.parts):
                found[key] = found.get(key, everything) & allowed
    return found


def locked(problem: Problem) -> dict[tuple[int, int], str]:
    """The text of the lock on each locked cell."""
    return {key: cell_text(problem, codes) for key, codes in lock_sets(problem).items() if codes}


def cell_text(problem: Problem, allowed: frozenset[str]) -> str:
    """'WARD, MICU' or '!MICU', whichever is shorter."""
    forbidden = {*problem.rotations, VACATION} - allowed
    return f"!{one_of(forbidden)}" if len(forbidden) < len(allowed) else one_of(allowed)
