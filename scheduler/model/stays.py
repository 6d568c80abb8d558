"""The blocks of a resident as stays see them, in order; knows no rule.

A stay is not ended by overlays nor by blocks that the grid itself assigns, so
the latter are left out and the former are *wild*: they belong to whatever stay
needs them.  Vacation falls in rotations that allow it, so a block wholly on
vacation is wild only for sets of codes of which one does; leave falls in any.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise

from scheduler.model.block import BlockModel, Codes, GridModel
from scheduler.model.linear import Sum
from scheduler.model.runs import first_beyond
from scheduler.model.year import YearModel
from scheduler.problem.calendar import DAYS_IN_WEEK
from scheduler.problem.resident import Resident


@dataclass(frozen=True)
class Place:
    """A block in a stretch: its length in weeks, its days, and whether it is all leave."""

    block: BlockModel
    weeks: int
    first: date
    last: date
    on_leave: bool

    def wild(self, vacation: bool) -> Sum:
        """1 if overlays take the whole block; those of vacation only with ``vacation``."""
        if self.on_leave:
            return Sum(constant=1)
        return self.block.is_vacated() if vacation else Sum()


@dataclass(frozen=True)
class Line:
    """A stretch of blocks without absence, and where its stays of one set of codes may be.

    ``real[i]`` is 1 if block ``i`` takes a rotation of the set, ``wild[i]`` if
    overlays take the whole block and a rotation of the set may be under them.
    """

    places: tuple[Place, ...]
    real: tuple[Sum, ...]
    wild: tuple[Sum, ...]

    @cached_property
    def weeks(self) -> tuple[int, ...]:
        return tuple(place.weeks for place in self.places)

    def filled(self, index: int) -> Sum:
        """1 if the block does not end a stay of the set."""
        return self.real[index].copy().add(self.wild[index])

    def backwards(self) -> Line:
        return Line(self.places[::-1], self.real[::-1], self.wild[::-1])

    def after(self, index: int) -> Line:
        """The part of the line that begins with block ``index``."""
        return Line(self.places[index:], self.real[index:], self.wild[index:])


def stay_lines(
    year: YearModel,
    resident: Resident,
    parts: Collection[int],
    sets: Iterable[Codes],
) -> Iterator[Line]:
    """The lines of every candidate grid for each of ``sets``, as far as ``parts`` reach."""
    stretches = [
        stretch
        for grid in year.grid_models(resident)
        for stretch in _stretches(year, resident, grid, parts)
    ]
    for codes in sets:
        vacation = year.may_vacate(codes)
        for places in stretches:
            real = tuple(place.block.on(codes) for place in places)
            if any(one.terms for one in real):
                yield Line(places, real, tuple(place.wild(vacation) for place in places))


def _stretches(
    year: YearModel, resident: Resident, grid: GridModel, parts: Collection[int]
) -> Iterator[tuple[Place, ...]]:
    """Runs of blocks in ``parts``, cut where the resident is absent for a whole block."""
    places: list[Place] = []
    for block in grid.blocks:
        present = [part for part in block.block.parts if part in resident.present]
        if not present or not any(part in parts for part in block.block.parts):
            yield tuple(places)
            places = []
        elif block.block.assigned is None:
            places.append(_place(year, resident, block, present))
    yield tuple(places)


def _place(year: YearModel, resident: Resident, block: BlockModel, present: list[int]) -> Place:
    calendar = year.problem.calendar
    days = sum(calendar.part_days[part] for part in present)
    return Place(
        block=block,
        weeks=max(1, (2 * days + DAYS_IN_WEEK) // (2 * DAYS_IN_WEEK)),
        first=calendar.parts[present[0]].first,
        last=calendar.parts[present[-1]].last,
        on_leave=resident.leave.issuperset(present),
    )


def reached(year: YearModel, line: Line, least: bool = True, most: bool = False) -> list[Sum]:
    """For each block, 1 if a stay is on in it: really, or carried on through wild blocks.

    With ``least`` the sums are no smaller than that, with ``most`` no larger.
    """
    found: list[Sum] = []
    for real, wild in zip(line.real, line.wild, strict=True):
        before = found[-1] if found else Sum()
        carried = _carried(year, before, wild, least, most) if wild and before else Sum()
        found.append(real.copy().add(carried))
    return found


def _carried(year: YearModel, before: Sum, wild: Sum, least: bool, most: bool) -> Sum:
    """1 if the stay of the block before goes on through this wild one."""
    if not wild.terms:
        return before
    helper = year.helper()
    if least:
        year.define(helper.copy().add(before, -1).add(wild, -1), lower=-1)
    if most:
        year.define(helper.copy().add(before, -1), upper=0)
        year.define(helper.copy().add(wild, -1), upper=0)
    return helper


def claims(year: YearModel, line: Line, whole: list[Sum] | None) -> list[Sum]:
    """For each block, 1 if it is counted to a stay: all real ones, and wild ones as suits.

    ``whole`` (what :func:`reached` gave) keeps a stay from falling into two at
    a wild block inside it.
    """
    found: list[Sum] = []
    for real, wild in zip(line.real, line.wild, strict=True):
        claimed = real
        if wild:
            claimed = year.helper()
            year.define(claimed.copy().add(real, -1), lower=0)
            year.define(claimed.copy().add(real, -1).add(wild, -1), upper=0)
        found.append(claimed)
    for index in range(1, len(found)) if whole else ():
        if line.wild[index - 1] and whole and whole[index - 1]:
            split = found[index].copy().add(whole[index - 1]).add(found[index - 1], -1)
            year.define(split, upper=1)
    return found


def joined(year: YearModel, line: Line) -> list[Sum]:
    """For each block, 1 if it is of a stay: all real ones, and wild ones that join two of them.

    Whether they do is left open, for rules that a longer stay suits better than two.
    """
    found = claims(year, line, None)
    wild = [claimed is not real for claimed, real in zip(found, line.real, strict=True)]
    for index in (index for index, free in enumerate(wild) if free):
        for beside in (index - 1, index + 1):
            joins = found[index].copy().add(line.real[index], -1)
            if 0 <= beside < len(found):
                joins.add(found[beside], -1)
            year.define(joins, upper=0)
    return found


def starts_of(year: YearModel, claimed: list[Sum]) -> list[Sum]:
    """For each block, at least 1 if it is claimed and the block before is not."""
    found = claimed[:1]
    for before, here in pairwise(claimed):
        start = here
        if before and here:
            start = year.helper()
            year.define(start.copy().add(here, -1).add(before), lower=0)
        found.append(start)
    return found


def bound_starts(
    year: YearModel,
    resident: Resident,
    codes: frozenset[str],
    line: Line,
    claimed: list[Sum],
    starts: list[Sum],
) -> None:
    """Where hard rules limit how long stays last: what is on has begun that short a time ago."""
    blocks = [place.block.block for place in line.places]
    for back, real in enumerate(line.real):
        here = first_beyond(year, resident, codes, blocks, back) if real else None
        if here is not None and line.real[here]:
            begun = Sum().add(line.real[here], -1)
            for index in range(back, here):
                begun.add(starts[index + 1]).add(claimed[index]).add(line.real[index], -1)
            year.define(begun, lower=0)


def needing(weeks: Sequence[int], block: int, least: int) -> list[tuple[list[int], int]]:
    """Week by week of ``block``: the starts of stays that need it to last ``least`` weeks.

    Equal weeks are given once, with their number.
    """
    found: dict[tuple[int, ...], int] = {}
    for week in range(1, weeks[block] + 1):
        need = [a for a in range(block + 1) if sum(weeks[a:block]) + week <= least]
        found[tuple(need)] = found.get(tuple(need), 0) + 1
    return [(list(need), number) for need, number in found.items() if need]


def lengths_between(line: Line, allowed: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Runs of blocks longer than one allowed length and shorter than the next.

    Each as its first and last block, and the weeks it lacks.
    """
    for start in range(len(line.weeks) if len(allowed) > 1 else 0):
        length = 0
        for stop in range(start, len(line.weeks)):
            length += line.weeks[stop]
            if length > allowed[-1]:
                break
            if length > allowed[0] and length not in allowed:
                yield start, stop, min(a for a in allowed if a > length) - length


def scaled(members: Iterable[Sum], times: int) -> Sum:
    """``times`` x the sum of all ``members``."""
    total = Sum()
    for member in members:
        total.add(member, times)
    return total
