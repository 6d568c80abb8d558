"""Stays as they can be read from the cells of a schedule; knows no rule and no model.

A block that the grid itself assigns (the clinic weeks of an X+Y pattern) is
passed over; a block wholly on leave ends no stay, and one with vacation (and
leave) in all of it ends none on rotations of which one allows vacation; a block
in which the resident is wholly absent does.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from scheduler.problem.calendar import DAYS_IN_WEEK
from scheduler.problem.grid import Block
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.problem.rotation import AWAY, LEAVE, VACATION
from scheduler.schedule.schedule import Schedule

_STAY = re.compile("(?P<before>v*)(?P<stay>x(?:[xv]*x)?)(?P<after>v*)")


@dataclass(frozen=True)
class ReadBlock:
    """A block as it stands: its code ('' if it has none).

    If overlays take all of it, that is LEAVE, or VAC if any of it is vacation.
    """

    code: str
    weeks: int
    first: date
    last: date
    parts: tuple[int, ...]


@dataclass(frozen=True)
class ReadStay:
    """A stay with the wholly overlaid blocks beside it; ``blocks`` runs from first to last real."""

    code: str
    before: tuple[ReadBlock, ...]
    blocks: tuple[ReadBlock, ...]
    after: tuple[ReadBlock, ...]

    @property
    def weeks(self) -> int:
        """From the first to the last block that really has the rotation."""
        return sum(block.weeks for block in self.blocks)

    @property
    def parts(self) -> tuple[int, ...]:
        return tuple(part for block in self.blocks for part in block.parts)

    def possible_weeks(self) -> set[int]:
        """Its lengths with any of the overlaid blocks beside it counted in, each as a whole."""
        before = accumulate((block.weeks for block in reversed(self.before)), initial=self.weeks)
        after = [0, *accumulate(block.weeks for block in self.after)]
        return {one + other for one in before for other in after}

    def real_weeks_after(self, weeks: int) -> int:
        """Weeks really on the rotation that lie after the first ``weeks`` of the stay."""
        ends = accumulate(block.weeks for block in self.blocks)
        late = [min(b.weeks, max(0, e - weeks)) for b, e in zip(self.blocks, ends, strict=True)]
        real = (block.code not in (VACATION, LEAVE) for block in self.blocks)
        return sum(weeks for weeks, is_real in zip(late, real, strict=True) if is_real)


def read_stays(
    problem: Problem,
    schedule: Schedule,
    resident: Resident,
    codes: Collection[str],
    parts: frozenset[int],
) -> Iterator[ReadStay]:
    """The stays on ``codes``, counted as one rotation, in the blocks that ``parts`` touch."""
    blocks = list(_read(problem, schedule, resident, parts))
    letters = dict.fromkeys(codes, "x") | {LEAVE: "v"}
    if any(problem.rotations[code].vacation for code in codes):
        letters[VACATION] = "v"
    text = "".join(letters.get(block.code, "-") for block in blocks)
    for match in _STAY.finditer(text):
        stay = tuple(blocks[match.start("stay") : match.end("stay")])
        before = tuple(blocks[match.start("before") : match.end("before")])
        after = tuple(blocks[match.start("after") : match.end("after")])
        yield ReadStay(stay[0].code, before, stay, after)


def _read(
    problem: Problem, schedule: Schedule, resident: Resident, parts: frozenset[int]
) -> Iterator[ReadBlock]:
    row = schedule.cells[resident.index]
    for block in problem.grids[schedule.grids[resident.index]].blocks:
        here = tuple(part for part in block.parts if row[part] != AWAY)
        if parts.isdisjoint(block.parts):
            here = ()
        if not here or not block.assigned:
            yield _read_block(problem, row, block, here)


def _read_block(
    problem: Problem, row: tuple[str, ...], block: Block, here: tuple[int, ...]
) -> ReadBlock:
    calendar = problem.calendar
    days = sum((calendar.parts[p].last - calendar.parts[p].first).days + 1 for p in here)
    shown = here or block.parts
    return ReadBlock(
        code=_code(problem, [row[part] for part in here]),
        weeks=max(1, int(days / DAYS_IN_WEEK + 0.5)),
        first=calendar.parts[shown[0]].first,
        last=calendar.parts[shown[-1]].last,
        parts=here,
    )


def _code(problem: Problem, cells: list[str]) -> str:
    """What a block is, by those of its cells in which the resident is there."""
    found = set(cells)
    if found & problem.rotations.keys():
        return next(cell for cell in cells if cell in problem.rotations)
    if found == {LEAVE}:
        return LEAVE
    return VACATION if found in ({VACATION}, {VACATION, LEAVE}) else ""
