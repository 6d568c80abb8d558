"""The Print sheet: the year on paper, stays merged, a page range for each level; for reading only.

Half a year stands side by side on a landscape page, so that every code can be read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scheduler.problem.resident import Resident
from scheduler.workbook.book import (
    HEADER,
    LETTER,
    PADDING,
    ROW,
    TEXT,
    TITLE,
    Book,
    Look,
    Sheet,
    rows_on_page,
)
from scheduler.workbook.facts import RunFacts
from scheduler.workbook.layout import Layout, middle
from scheduler.workbook.legend import Entry
from scheduler.workbook.sheets.long import Stretch, stretches
from scheduler.workbook.sheets.schedule import band

SHEET = "Print"
TITLES = ("Name", "Track")
_FIRST_PART = len(TITLES)
_TITLE_ROW, _WEEK_ROW, _HEADER_ROW, _FIRST_ROW = 0, 1, 2, 3
_NAME_WIDTH, _TRACK_WIDTH, _PART_WIDTH = 20.0, 9.0, 3.4
_EDGE = "7F7F7F"
_WEEK: Look = {"align": "center", "font_size": 8, "font_color": "595959"}
_CODES_ACROSS = 3
#: Points: of the row of dates, and of all rows that every page repeats.
_DATES_HEIGHT = 40
_HEADER_HEIGHT = _DATES_HEIGHT + 2 * ROW


@dataclass(frozen=True)
class Run:
    """Neighbouring parts on one page that are shown as one cell."""

    resident: int
    code: str
    first: int
    last: int


def runs(layout: Layout) -> Iterator[Run]:
    """Every stay of everybody, cut where the page ends."""
    half = middle(layout)
    for one in stretches(layout.problem, layout.schedule):
        for piece in _pieces(one, half):
            yield Run(one.resident, one.code, piece[0], piece[-1])


def _pieces(stretch: Stretch, half: int) -> Iterator[tuple[int, ...]]:
    before = tuple(part for part in stretch.parts if part < half)
    after = tuple(part for part in stretch.parts if part >= half)
    yield from (piece for piece in (before, after) if piece)


def levels_in_order(layout: Layout) -> dict[str, list[Resident]]:
    """Everybody by the page range they stand on: 'PGY1', 'PGY2' ... 'visitors'."""
    found: dict[str, list[Resident]] = {}
    for resident in layout.order:
        level = "Visitors" if resident.visitor else f"PGY{resident.pgy}"
        found.setdefault(level, []).append(resident)
    return found


def write_print(book: Book, layout: Layout, facts: RunFacts, entries: tuple[Entry, ...]) -> None:
    """Each level from a new page, then what the codes mean; all on one page if there is room."""
    sheet = book.sheet(SHEET, tab="1F3864")
    _write_head(sheet, layout, facts)
    looks = {entry.code: entry for entry in entries}
    own: dict[int, list[Run]] = {}
    for run in runs(layout):
        own.setdefault(run.resident, []).append(run)
    row, breaks = _FIRST_ROW, []
    levels, room = levels_in_order(layout), rows_on_page(_widest(layout), LETTER, _HEADER_HEIGHT)
    codes = 2 + -(-len(entries) // _CODES_ACROSS)
    apart = len(levels) + len(layout.order) + codes > room
    for level, people in levels.items():
        if apart and row > _FIRST_ROW:
            breaks.append(row)
        _write_level(sheet, layout, row, f"{level}: {len(people)}")
        for number, resident in enumerate(people, start=row + 1):
            _write_person(sheet, number, resident, own.get(resident.index, []), looks)
        row += 1 + len(people)
    filled = (row - (breaks[-1] if breaks else _FIRST_ROW)) % room
    if apart and filled + codes > room:
        breaks.append(row)
    last = _write_codes(sheet, layout, row + 1, entries)
    _arrange(sheet, layout, breaks, last)


def _write_head(sheet: Sheet, layout: Layout, facts: RunFacts) -> None:
    problem = layout.problem
    said = "" if facts.is_valid else f"{facts.status}. "
    year = f"{problem.calendar.first:%d %B %Y} to {problem.calendar.last:%d %B %Y}"
    for first in (0, middle(layout)):
        title = f"{said}{problem.name}, {year}"
        sheet.text(_TITLE_ROW, _FIRST_PART + first, title, {**TITLE, "font_size": 12})
    for part in problem.calendar.parts:
        column = _FIRST_PART + part.index
        sheet.number(_WEEK_ROW, column, part.week + 1, _WEEK)
        look = {**HEADER, "num_format": "mmm d", "rotation": 90, "align": "center", "font_size": 9}
        sheet.day(_HEADER_ROW, column, part.first, look)
    sheet.text(_WEEK_ROW, _FIRST_PART - 1, "Week", {**_WEEK, "align": "right"})
    sheet.header(_HEADER_ROW, TITLES, {"valign": "bottom"})
    sheet.raw.set_row(_HEADER_ROW, _DATES_HEIGHT)


def _write_level(sheet: Sheet, layout: Layout, row: int, words: str) -> None:
    look: Look = {"bold": True, "font_size": 11, "bg_color": "D9E1F2"}
    for column in range(_FIRST_PART + len(layout.problem.calendar.parts)):
        sheet.blank(row, column, look)
    for column in (0, _FIRST_PART + middle(layout)):
        sheet.text(row, column, words, look)


def _write_person(
    sheet: Sheet, row: int, resident: Resident, own: list[Run], looks: dict[str, Entry]
) -> None:
    group: Look = {"bg_color": band(resident), "border": 1, "border_color": _EDGE}
    sheet.text(row, 0, resident.name, {**group, "shrink": True})
    sheet.text(row, 1, resident.track, {**group, "font_size": 7, "shrink": True})
    for run in own:
        entry = looks[run.code]
        look = {
            "bg_color": entry.colour,
            "font_color": entry.font_colour,
            "align": "center",
            "font_size": 9,
            "border": 1,
            "border_color": _EDGE,
            # One week is narrower than most codes.
            "shrink": run.first == run.last,
            **TEXT,
        }
        first, last = (_FIRST_PART + part for part in (run.first, run.last))
        if first == last:
            sheet.text(row, first, run.code, look)
        else:
            sheet.raw.merge_range(row, first, row, last, run.code, sheet.book.format(look))


def _write_codes(sheet: Sheet, layout: Layout, row: int, entries: tuple[Entry, ...]) -> int:
    """What every code means, side by side below the last level; returns the row of the last."""
    sheet.text(row, 0, "Codes", {"bold": True})
    wide = max(2, middle(layout) // _CODES_ACROSS)
    for number, entry in enumerate(entries):
        at, across = row + 1 + number // _CODES_ACROSS, number % _CODES_ACROSS
        column = _FIRST_PART + across * wide
        look: Look = {"bg_color": entry.colour, "font_color": entry.font_colour, **TEXT}
        look = {**look, "align": "center", "font_size": 9}
        sheet.raw.merge_range(at, column, at, column + 1, entry.code, sheet.book.format(look))
        sheet.text(at, column + 2, entry.name, {"font_size": 9})
    return row + 1 + (len(entries) - 1) // _CODES_ACROSS


def _widest(layout: Layout) -> float:
    """Characters across a page."""
    half, parts = middle(layout), len(layout.problem.calendar.parts)
    return _NAME_WIDTH + _TRACK_WIDTH + (_PART_WIDTH + PADDING) * max(half, parts - half)


def _arrange(sheet: Sheet, layout: Layout, breaks: list[int], last: int) -> None:
    half, parts = middle(layout), len(layout.problem.calendar.parts)
    sheet.widths((_NAME_WIDTH, _TRACK_WIDTH))
    sheet.raw.set_column(_FIRST_PART, _FIRST_PART + parts - 1, _PART_WIDTH)
    sheet.raw.freeze_panes(_FIRST_ROW, _FIRST_PART)
    ends = breaks, [_FIRST_PART + half]
    sheet.pages((_TITLE_ROW, _HEADER_ROW), _FIRST_PART, _widest(layout), ends)
    sheet.raw.print_area(0, 0, last, _FIRST_PART + parts - 1)
