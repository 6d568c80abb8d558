"""The Per block sheet: who is on each service in each block, by level; for reading only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scheduler.problem.grid import Block
from scheduler.problem.rotation import AWAY
from scheduler.workbook.book import (
    NOTE,
    ROW,
    TABLOID,
    TEXT,
    TITLE,
    Book,
    Look,
    Sheet,
    height_of,
    lines_of,
    page_starts,
    rows_on_page,
)
from scheduler.workbook.layout import Layout
from scheduler.workbook.legend import Entry
from scheduler.workbook.opens import OPEN
from scheduler.workbook.sheets.per_rotation import short_names
from scheduler.workbook.sheets.print_view import levels_in_order

SHEET = "Per block"
_TITLES = ("Block", "Dates", "Code", "Rotation", "People")
_WIDTHS = (7, 17, 8, 22, 8)
_DATES, _CODE, _NAME, _PEOPLE = 1, 2, 3, 4
_LEVEL_WIDTH = 29
#: The small font takes more characters than the column is wide.
_NAMES_WIDTH = _LEVEL_WIDTH * 1.2
_HEADER_ROW, _FIRST_ROW = 2, 3
_NEW: Look = {"top": 2, "top_color": "1F3864"}
_WRAPPED: Look = {"text_wrap": True, "valign": "top", "font_size": 9}
_SAID = (
    "Whoever is there for a part of a block stands with the dates. People: in the week with "
    "fewest and with most. As the schedule was written."
)


@dataclass(frozen=True)
class Line:
    """One code in one block: names by level, and the fewest and most people in any part."""

    code: str
    names: dict[str, list[str]]
    fewest: int
    most: int


def blocks(layout: Layout) -> tuple[Block, ...]:
    """The blocks of the grid that most people follow."""
    often = Counter(layout.schedule.grids[one.index] for one in layout.order)
    return layout.problem.grids[max(layout.grids, key=lambda name: often[name])].blocks


def block_lines(layout: Layout, block: Block, entries: tuple[Entry, ...]) -> Iterator[Line]:
    """A line for every code on which anybody stands in ``block``, in the legend's order."""
    by_code, here = _people(layout, block)
    for entry in entries:
        if entry.code == AWAY:
            continue
        found = by_code.get(entry.code, {})
        _add_open(layout, block, entry.code, found)
        if found:
            counts = [here[entry.code, part] for part in block.parts]
            yield Line(entry.code, found, min(counts), max(counts))


def _people(
    layout: Layout, block: Block
) -> tuple[dict[str, dict[str, list[str]]], Counter[tuple[str, int]]]:
    """Code to level to names with their dates, and how many people each code has in each part."""
    names = short_names(layout.problem.residents)
    found: dict[str, dict[str, list[str]]] = {}
    here: Counter[tuple[str, int]] = Counter()
    for level, people in levels_in_order(layout).items():
        for one in people:
            places: dict[str, list[int]] = {}
            for part in block.parts:
                places.setdefault(layout.schedule.cells[one.index][part], []).append(part)
            for code, there in places.items():
                said = f"{names[one.index]}{_dates(layout, block, there)}"
                found.setdefault(code, {}).setdefault(level, []).append(said)
                here.update((code, part) for part in there)
    return found, here


def _add_open(layout: Layout, block: Block, code: str, found: dict[str, list[str]]) -> None:
    """Places that nobody fills, under the level that is asked for or the first."""
    for row in layout.opens:
        there = [part for part in block.parts if row.cells.get(part) == code]
        if there:
            levels = levels_in_order(layout)
            level = f"PGY{row.pgy}" if f"PGY{row.pgy}" in levels else next(iter(levels))
            found.setdefault(level, []).append(f"{OPEN}{_dates(layout, block, there)}")


def _dates(layout: Layout, block: Block, there: list[int]) -> str:
    """' (Jul 6 to Jul 12)' where it is not the whole block; '' otherwise."""
    if len(there) == len(block.parts):
        return ""
    parts = layout.problem.calendar.parts
    first, last = parts[there[0]].first, parts[there[-1]].last
    return f" ({first:%b} {first.day} to {last:%b} {last.day})"


def write_per_block(book: Book, layout: Layout, entries: tuple[Entry, ...]) -> None:
    """One line a block and code; on paper no block is torn apart that fits a page."""
    sheet = book.sheet(SHEET, tab="4472C4")
    levels = list(levels_in_order(layout))
    sheet.text(0, 0, "Who is where, block by block", TITLE)
    sheet.text(1, 0, _SAID, NOTE)
    sheet.header(_HEADER_ROW, (*_TITLES, *levels))
    looks = {entry.code: entry for entry in entries}
    row, breaks = _FIRST_ROW, []
    wide = (*_WIDTHS, *(_LEVEL_WIDTH for _ in levels))
    widest = sum(wide) + len(wide)
    tables = [(block, list(block_lines(layout, block, entries))) for block in blocks(layout)]
    heights = (sum(_height(line) for line in lines) / ROW for _, lines in tables)
    starts = page_starts(heights, rows_on_page(widest, TABLOID, ROW * _FIRST_ROW))
    for (block, lines), starts_page in zip(tables, starts, strict=True):
        if starts_page:
            breaks.append(row)
        edge = _NEW
        for line in lines:
            _write_line(sheet, layout, row, block, line, looks[line.code], levels, edge)
            row, edge = row + 1, {}
    last = max(_FIRST_ROW, row - 1)
    sheet.widths(wide)
    sheet.raw.autofilter(_HEADER_ROW, 0, last, len(wide) - 1)
    sheet.raw.freeze_panes(_FIRST_ROW, len(_TITLES))
    sheet.pages((_HEADER_ROW, _HEADER_ROW), 0, widest, (breaks, ()), TABLOID)


def _height(line: Line) -> float:
    """Points of the row of ``line``."""
    return height_of(max(lines_of(_said(one), _NAMES_WIDTH) for one in line.names.values()))


def _said(names: Sequence[str]) -> str:
    return ", ".join(names).replace(", OPEN", "; OPEN")


def _write_line(
    sheet: Sheet,
    layout: Layout,
    row: int,
    block: Block,
    line: Line,
    entry: Entry,
    levels: list[str],
    edge: Look,
) -> None:
    parts = layout.problem.calendar.parts
    top: Look = {**edge, "valign": "top", "align": "center"}
    sheet.number(row, 0, block.number, {**top, "bold": True})
    first, last = parts[block.parts[0]].first, parts[block.parts[-1]].last
    dates = f"{first:%b} {first.day} to {last:%b} {last.day}"
    sheet.text(row, _DATES, dates, top)
    painted: Look = {"bg_color": entry.colour, "font_color": entry.font_colour, **TEXT}
    sheet.text(row, _CODE, line.code, {**top, **painted, "bold": True})
    sheet.text(row, _NAME, entry.name, {**edge, **_WRAPPED})
    people = f"{line.fewest}" if line.fewest == line.most else f"{line.fewest}-{line.most}"
    sheet.text(row, _PEOPLE, people, top)
    said = [_said(line.names.get(level, ())) for level in levels]
    for column, text in enumerate(said, start=len(_TITLES)):
        open_look: Look = {"font_color": "C00000", "bold": True} if OPEN in text else {}
        sheet.text(row, column, text, {**edge, **_WRAPPED, **open_look})
    sheet.fit(row, max(said, key=lambda text: lines_of(text, _NAMES_WIDTH)), _NAMES_WIDTH)
