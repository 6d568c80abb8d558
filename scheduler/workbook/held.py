"""Held cells: the rotation a block keeps for a person who is on vacation or leave in a part of it.

They are counted wherever a rule counts as assigned.
"""

from __future__ import annotations

from collections.abc import Sequence

from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.problem.rotation import AWAY, LEAVE, VACATION
from scheduler.schedule.schedule import Schedule
from scheduler.workbook.book import Formula, quoted

Cells = tuple[tuple[str, ...], ...]


def cells_of(problem: Problem, schedule: Schedule, held: bool) -> Cells:
    """The schedule's cells; if ``held``, each overlay replaced by its block's rotation, if any."""
    if not held:
        return schedule.cells
    return tuple(_held_row(problem, schedule, resident) for resident in problem.residents)


def _held_row(problem: Problem, schedule: Schedule, resident: Resident) -> tuple[str, ...]:
    row = list(schedule.cells[resident.index])
    for block in problem.grids[schedule.grids[resident.index]].blocks:
        codes = [row[part] for part in block.parts if row[part] in problem.rotations]
        for part in block.parts:
            if codes and row[part] in (VACATION, LEAVE):
                row[part] = codes[0]
    return tuple(row)


def held_formula(own: str, others: Sequence[str], value: str) -> Formula:
    """The live held cell of ``own``; ``others`` are the other cells of its block, in order."""
    found = own
    for other in reversed(others):
        nothing = ",".join(f"{other}={quoted(text)}" for text in ("", VACATION, LEAVE, AWAY))
        found = f"IF(OR({nothing}),{found},{other})"
    overlaid = f"OR({own}={quoted(VACATION)},{own}={quoted(LEAVE)})"
    return Formula(f'=IF({overlaid},{found},{own}&"")', value)
