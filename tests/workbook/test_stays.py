"""Stays as the workbook counts them are the stays of the audit, on any row of any grid."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from scheduler.audit.stays import read_stays
from scheduler.problem.calendar import build_calendar, weeks_of_year
from scheduler.problem.grid import Block, Grid
from scheduler.problem.problem import Problem
from scheduler.schedule.schedule import Schedule
from scheduler.workbook.standing import begun, standing_row
from tests.workbook.hospital import FIRST, LAST, people, rotations, two_week_grid

CALENDAR = build_calendar(weeks_of_year(FIRST, LAST, 0))
#: Four weeks, then one in clinic.
FOUR_PLUS_ONE = Grid(
    "four_plus_one",
    tuple(
        Block(number, tuple(range(start, min(start + weeks, 52))), code)
        for number, (start, weeks, code) in enumerate(
            (5 * (n // 2) + 4 * (n % 2), 1 if n % 2 else 4, "CORE" if n % 2 else None)
            for n in range(21)
        )
    ),
)
GRIDS = {"two_week": two_week_grid(CALENDAR), "four_plus_one": FOUR_PLUS_ONE}
#: Two services that allow no vacation and an elective that does.
COUNTED = ("MICU", "CCU", "GI")
ALLOWING = {code for code, rotation in rotations().items() if rotation.vacation}
CELLS = ("MICU", "MICU", "CCU", "GI", "GI", "VAC", "VAC", "LEAVE", "AWAY", "")


@pytest.mark.parametrize("grid", list(GRIDS))
def test_stays_begin_where_the_audit_reads_them(grid: str) -> None:
    """Random rows with vacation, leave, absence and gaps, over the year and over a part of it."""
    problem = Problem("stays", CALENDAR, rotations(), GRIDS, people({1: 1}, 0, CALENDAR, grid))
    resident, blocks, dice = problem.residents[0], GRIDS[grid].blocks, random.Random(grid)
    for _ in range(300):
        row = [_filled(block, dice) for block in blocks]
        cells = tuple(code for one in row for code in one)
        schedule = replace(_empty(grid), cells=(cells,))
        first, last = sorted(dice.sample(range(53), 2))
        for parts in (frozenset(range(52)), frozenset(range(first, last))):
            standing = standing_row(cells, blocks, problem.rotations, parts)
            for code in COUNTED:
                wanted = list(read_stays(problem, schedule, resident, {code}, parts))
                assert begun(standing, {code}, ALLOWING) == len(wanted), (row, parts)


def _filled(block: Block, dice: random.Random) -> list[str]:
    """Codes for the parts of a block, mostly one, sometimes with overlays among them."""
    code = block.assigned or dice.choice(CELLS)
    return [dice.choice(CELLS) if dice.random() < 0.15 else code for _ in block.parts]


def _empty(grid: str) -> Schedule:
    return Schedule(cells=(), grids=(grid,))
