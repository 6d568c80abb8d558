"""How long hard rules let a resident remain on some rotations; knows no rule by name.

The relaxation by itself sees a fraction of each resident on nights for the
whole year.  Where it is known that nobody may, what is said of the beginning or
the end of a stay can be said more tightly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scheduler.model.block import BlockModel
from scheduler.model.linear import Sum
from scheduler.model.year import YearModel
from scheduler.problem.grid import Block
from scheduler.problem.resident import Resident

#: Blocks ahead that are looked at; a limit beyond them would tighten little.
_FARTHEST = 16


def first_beyond(
    year: YearModel, resident: Resident, codes: frozenset[str], blocks: Sequence[Block], start: int
) -> int | None:
    """The first of ``blocks`` until which nobody can be on ``codes`` from block ``start`` on.

    None if they do not follow each other directly so far, if an overlay can interrupt them,
    or if no hard rule says so.
    """
    limits, there = year.run_limits(resident, codes), resident.available
    if not limits or not there.issuperset(blocks[start].parts):
        return None
    for stop in range(start + 1, min(len(blocks), start + _FARTHEST + 1)):
        parts = blocks[stop].parts
        if blocks[stop - 1].parts[-1] + 1 != parts[0] or not there.issuperset(parts):
            return None
        run = blocks[start : stop + 1]
        if any(rule.forbids_run(scope, resident, run, codes) for rule, scope in limits):
            return stop
    return None


def limited(
    year: YearModel, resident: Resident, codes: frozenset[str], blocks: Sequence[BlockModel]
) -> bool:
    """Whether some hard rule limits how long the resident remains on ``codes``."""
    plain = [one.block for one in blocks]
    return any(first_beyond(year, resident, codes, plain, at) for at in range(len(plain)))


def leaving(
    year: YearModel,
    resident: Resident,
    codes: frozenset[str],
    blocks: Sequence[BlockModel],
    changes: Mapping[int, tuple[Sum, Sum]],
) -> dict[int, Sum]:
    """For each change, at least 1 if ``codes`` are left there.

    ``changes`` maps the index of the block before it to two sums: 1 if the resident
    is on ``codes`` before it, and after it.
    """
    plain = [one.block for one in blocks]
    beyond = {start: first_beyond(year, resident, codes, plain, start) for start in changes}
    found: dict[int, Sum] = {}
    for start, (before, after) in changes.items():
        found[start] = before.copy()
        if before and after and beyond[start] != start + 1:
            found[start] = year.helper()
            year.define(found[start].copy().add(before, -1).add(after), lower=0)
    for start, stop in beyond.items():
        if stop and changes[start][0] and all(at in changes for at in range(start, stop)):
            left = Sum()
            for at in range(start, stop):
                left.add(found[at])
            year.define(left.add(changes[start][0], -1), lower=0)
    return found


def resuming(
    year: YearModel, resident: Resident, codes: frozenset[str], blocks: Sequence[BlockModel]
) -> list[Sum]:
    """For each block that is none of ``codes``, 1 only if a stay on them goes on after it.

    It goes through blocks that overlays take wholly and blocks that the grid assigns,
    but through vacation only where one of ``codes`` allows it.
    """
    found: list[Sum] = []
    reached = Sum()
    for block in reversed(blocks):
        present = not resident.present.isdisjoint(block.block.parts)
        passed = _passed(year, resident, block, codes) if present else Sum()
        through = _both(year, reached, passed)
        found.append(through)
        reached = block.on(codes).add(through)
    return found[::-1]


def _passed(year: YearModel, resident: Resident, block: BlockModel, codes: frozenset[str]) -> Sum:
    """1 if the block does not end a stay on ``codes`` which it is not itself."""
    on_leave = resident.available.isdisjoint(block.block.parts)
    if on_leave or (block.block.assigned and not block.on(codes)):
        return Sum(constant=1)
    return block.is_vacated() if year.may_vacate(codes) else Sum()


def _both(year: YearModel, one: Sum, other: Sum) -> Sum:
    """1 only if both are."""
    if not one or not other:
        return Sum()
    if not other.terms:
        return one
    helper = year.helper()
    year.define(helper.copy().add(one, -1), upper=0)
    year.define(helper.copy().add(other, -1), upper=0)
    return helper
