"""Grids of every shape as dated blocks, and as blocks of whole parts; knows no residents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from scheduler.input.checked import InFile
from scheduler.input.document import Every, GridEntry, Piece
from scheduler.input.faults import Faults
from scheduler.problem.calendar import DAYS_IN_WEEK, ONE_DAY, Calendar, Week
from scheduler.problem.grid import Block, Grid

#: First and last date.
Span = tuple[date, date]


@dataclass(frozen=True, slots=True)
class DatedBlock:
    """A block before the year is split into parts."""

    first: date
    last: date
    assigned: str | None = None


def clipped(weeks: Sequence[Week], first: date | None, last: date | None) -> list[Week]:
    """The weeks between two dates (none: the year's ends), cut off there."""
    start, end = first or weeks[0].first, last or weeks[-1].last
    return [
        replace(week, first=max(week.first, start), last=min(week.last, end))
        for week in weeks
        if week.last >= start and week.first <= end
    ]


def dated_blocks(
    name: str, entry: GridEntry, year: Sequence[Week], faults: Faults, where: InFile
) -> list[DatedBlock]:
    """The blocks of a grid; a fault where they do not fill the year, or its own dates."""
    weeks = clipped(year, entry.first, entry.last)
    if not weeks:
        what = f"{where.label(('grids', name))}holds on no day of the year"
        todo = f"the year is {year[0].first}..{year[-1].last}"
        faults.add(where.place(("grids", name), key=True), what, todo)
        return []
    if entry.blocks == "months":
        return months(weeks[0].first, weeks[-1].last)
    if entry.cycle is not None:
        return _runs(_cycle(entry.cycle, entry.offset, len(weeks)), weeks)
    pieces = (
        [Piece(weeks=entry.blocks.weeks)] * (len(weeks) // entry.blocks.weeks)
        if isinstance(entry.blocks, Every)
        else entry.blocks or []
    )
    stretch = "its dates have" if entry.first or entry.last else "the year has"
    _note_rest(name, pieces, len(weeks), stretch, faults, where)
    return _runs(pieces, weeks)


def _note_rest(
    name: str, pieces: Sequence[Piece], weeks: int, stretch: str, faults: Faults, where: InFile
) -> None:
    filled = sum(piece.weeks for piece in pieces)
    path = ("grids", name, "blocks")
    label = where.label(path)
    if filled > weeks:
        what = f"{label}the blocks have {_weeks(filled)}, {stretch} {weeks}"
        faults.add(where.place(path), what, f"take {_weeks(filled - weeks)} away")
    elif filled < weeks:
        what = f"{label}the blocks fill {filled} of {_weeks(weeks)}"
        rest = weeks - filled
        todo = f"{_weeks(rest)} {'remains' if rest == 1 else 'remain'}: list the lengths one by one"
        faults.add(where.place(path), what, todo)


def _weeks(number: int) -> str:
    return f"{number} week{'' if number == 1 else 's'}"


def _cycle(cycle: Sequence[Piece], offset: int, weeks: int) -> Iterator[Piece]:
    """The cycle from ``offset`` weeks inside it on, until the year is full."""
    filled = -offset
    while filled < weeks:
        for piece in cycle:
            start, filled = filled, filled + piece.weeks
            inside = min(filled, weeks) - max(start, 0)
            if inside > 0:
                yield Piece(weeks=inside, rotation=piece.rotation)


def _runs(pieces: Iterable[Piece], weeks: Sequence[Week]) -> list[DatedBlock]:
    """Blocks of whole weeks, one after another, as far as the year goes."""
    blocks: list[DatedBlock] = []
    start = 0
    for piece in pieces:
        here = weeks[start : start + piece.weeks]
        if here:
            blocks.append(DatedBlock(here[0].first, here[-1].last, piece.rotation))
        start += piece.weeks
    return blocks


def months(first: date, last: date) -> list[DatedBlock]:
    """Calendar months; less than a week at either end of the year joins the month beside it."""
    starts = [first]
    for year, month in ((y, m) for y in range(first.year, last.year + 1) for m in range(1, 13)):
        start = date(year, month, 1)
        if first < start <= last:
            starts.append(start)
    if len(starts) > 1 and (starts[1] - starts[0]).days < DAYS_IN_WEEK:
        del starts[1]
    if len(starts) > 1 and (last - starts[-1]).days + 1 < DAYS_IN_WEEK:
        del starts[-1]
    ends = [start - ONE_DAY for start in starts[1:]] + [last]
    return [DatedBlock(start, end) for start, end in zip(starts, ends, strict=True)]


def joined(
    stretches: Sequence[Sequence[DatedBlock]], rest: Sequence[DatedBlock]
) -> list[DatedBlock]:
    """The blocks of ``stretches``, and between them those of ``rest``, cut where they meet."""
    blocks = [one for blocks in stretches for one in blocks]
    left = outside(rest, [(blocks[0].first, blocks[-1].last) for blocks in stretches])
    return sorted([*blocks, *left], key=lambda one: one.first)


def outside(blocks: Iterable[DatedBlock], spans: Iterable[Span]) -> list[DatedBlock]:
    """What is left of ``blocks`` where none of ``spans`` takes their dates."""
    left = list(blocks)
    for first, last in spans:
        before = [replace(one, last=min(one.last, first - ONE_DAY)) for one in left]
        after = [replace(one, first=max(one.first, last + ONE_DAY)) for one in left]
        left = [one for one in [*before, *after] if one.first <= one.last]
    return sorted(left, key=lambda one: one.first)


def whole_parts(name: str, dated: Sequence[DatedBlock], calendar: Calendar) -> Grid:
    """The grid in parts; every block must begin and end where a part does."""
    blocks: list[Block] = []
    part = 0
    for one in dated:
        inside: list[int] = []
        while part < len(calendar.parts) and calendar.parts[part].last <= one.last:
            inside.append(part)
            part += 1
        blocks.append(Block(len(blocks), tuple(inside), one.assigned))
    return Grid(name, tuple(blocks))


def split_block(block: Block, inside: frozenset[int]) -> list[tuple[int, ...]]:
    """The block's parts in runs that lie wholly inside or wholly outside ``inside``."""
    runs: list[list[int]] = []
    for part in block.parts:
        if runs and (runs[-1][-1] in inside) == (part in inside):
            runs[-1].append(part)
        else:
            runs.append([part])
    return [tuple(run) for run in runs]
