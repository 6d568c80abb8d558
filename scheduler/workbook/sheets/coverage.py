"""The Coverage sheet: every service and level by week, against the limits of the rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scheduler.workbook.book import (
    NOTE,
    PADDING,
    TABLOID,
    Area,
    Book,
    Formula,
    Look,
    Sheet,
    column_name,
)
from scheduler.workbook.counters import NO_LIMIT
from scheduler.workbook.coverage import CoverageRow, Shown, criterion, whole
from scheduler.workbook.layout import FIRST_PART, TRACK, Layout, middle
from scheduler.workbook.legend import Entry
from scheduler.workbook.sheets.colouring import Limits, colour_against_limits, paint
from scheduler.workbook.sheets.schedule_coverage import CoverageBlock

TITLES = ("Service", "Who", "Needs", "Result")
_SAID_ROW, _WEEK_ROW, _HEADER_ROW, _FIRST_ROW = 0, 1, 2, 3
_FIRST = len(TITLES)
_WIDTHS, _PART_WIDTH = (13, 30, 12, 9), 4.3
_NUMBER: Look = {"align": "center", "font_size": 9, "border": 1, "border_color": "E7E6E6"}
_FULL: Look = {"bg_color": "BDD7EE", "font_color": "1F3864"}
_ROOM: Look = {"bg_color": "A9D08E", "font_color": "1E4620"}
_SAID = (
    "Follows Schedule. Pale green: just the least; green: more than that; blue: as many as there "
    "may be; red: against a hard limit (▼ SHORT, ▲ OVER); amber: less good, but allowed (▽ low, "
    "△ high)."
)
_SMALL: Look = {"font_size": 8, "font_color": "595959", "align": "center"}


@dataclass(frozen=True)
class _Line:
    """One row: a coverage rule (its number in the block), or a level's people on one code."""

    service: str
    who: str
    colour: Look
    rule: int | None = None
    residents: frozenset[int] = frozenset()


def levels(layout: Layout) -> dict[str, frozenset[int]]:
    """Residents by PGY, then visitors."""
    found: dict[str, set[int]] = {}
    for resident in layout.order:
        level = "visitors" if resident.visitor else f"PGY{resident.pgy}"
        found.setdefault(level, set()).add(resident.index)
    return {level: frozenset(people) for level, people in found.items()}


def plan_levels(layout: Layout) -> None:
    """Take a hidden column for every level that has none yet."""
    for level, residents in levels(layout).items():
        layout.select(whole(residents), f"1 = {level}")


def write_coverage(
    book: Book, layout: Layout, block: CoverageBlock, entries: tuple[Entry, ...]
) -> None:
    """Rules over several services first, then each service with its rules and its levels."""
    sheet = book.sheet("Coverage", tab="4472C4")
    _write_head(sheet, layout)
    lines = list(_lines(layout, block, entries))
    limits = _FIRST + len(layout.problem.calendar.parts)
    for row, line in enumerate(lines, start=_FIRST_ROW):
        sheet.text(row, 0, line.service, line.colour)
        sheet.text(row, 1, line.who, {"font_size": 9})
        if line.rule is None:
            _write_level(sheet, layout, row, line)
        else:
            _write_rule(sheet, block, row, line.rule, limits)
    last = _FIRST_ROW + max(1, len(lines)) - 1
    places = Limits(limits, limits + 1, limits + 2, limits + 3)
    area = (_FIRST_ROW, _FIRST, last, limits - 1)
    _heat(sheet, area, places)
    colour_against_limits(sheet, area, 3, places)
    _arrange(sheet, layout, last, limits)


def _heat(sheet: Sheet, area: Area, places: Limits) -> None:
    """Darker where there is more than the least; where nobody more may be there, blue."""
    cell = f"{column_name(_FIRST)}{_FIRST_ROW + 1}"
    least, most, _ = places.cells(_FIRST_ROW)
    known = f"ISNUMBER({cell}),ISNUMBER({least}),{least}<{most}"
    paint(sheet, area, f"=AND({known},{cell}={most})", _FULL)
    paint(sheet, area, f"=AND({known},{cell}>{least},{cell}<{most})", _ROOM)


def _lines(layout: Layout, block: CoverageBlock, entries: tuple[Entry, ...]) -> Iterator[_Line]:
    wide: Look = {"bold": True, "font_size": 9}
    for number, row in enumerate(block.rows):
        if len(row.codes) != 1:
            yield _Line(" + ".join(row.rotations), row.people_words, wide, number)
    for entry in entries:
        painted = {"bg_color": entry.colour, "font_color": entry.font_colour, "bold": True}
        ruled: list[frozenset[int]] = []
        for number, row in enumerate(block.rows):
            if row.codes == {entry.code}:
                if row.shown is Shown.PEOPLE:
                    ruled.append(row.residents)
                yield _Line(entry.code, row.people_words, painted, number)
        for level, residents in levels(layout).items():
            if residents not in ruled and _is_used(layout, entry.code, residents):
                yield _Line(entry.code, level, {**painted, "bold": False}, None, residents)


def _is_used(layout: Layout, code: str, residents: frozenset[int]) -> bool:
    return any(code in layout.schedule.cells[index] for index in residents)


def _write_head(sheet: Sheet, layout: Layout) -> None:
    sheet.text(_SAID_ROW, 0, _SAID, NOTE)
    sheet.header(_HEADER_ROW, TITLES, {"valign": "bottom"})
    look: Look = {"num_format": "mmm d", "rotation": 90, "align": "center", "bold": True}
    for part in layout.problem.calendar.parts:
        sheet.number(_WEEK_ROW, _FIRST + part.index, part.week + 1, {**_SMALL, "bold": True})
        sheet.day(_HEADER_ROW, _FIRST + part.index, part.first, {**look, "bg_color": "D9E1F2"})
    sheet.raw.set_row(_HEADER_ROW, 44)


def _write_level(sheet: Sheet, layout: Layout, row: int, line: _Line) -> None:
    people = layout.selection(whole(line.residents), "Schedule!")
    for part in layout.problem.calendar.parts:
        cells = layout.people(FIRST_PART + part.index, "Schedule!", fixed=False)
        wanted = f"{cells},{criterion(line.service)}"
        text = f"=COUNTIFS({wanted},{people},1)" if people else f"=COUNTIF({wanted})"
        here = sum(
            layout.schedule.cells[index][part.index] == line.service for index in line.residents
        )
        sheet.formula(row, _FIRST + part.index, Formula(text, here), _NUMBER)


def _write_rule(sheet: Sheet, block: CoverageBlock, row: int, number: int, limits: int) -> None:
    rule: CoverageRow = block.rows[number]
    at = block.first + number + 1
    sheet.text(row, 2, rule.needs, {"font_size": 9})
    word = Formula(f"=Schedule!${column_name(TRACK)}${at}", block.result(number))
    sheet.formula(row, 3, word, {"font_size": 9, "align": "center"})
    for part, count in block.counts[number].items():
        cell = f"Schedule!{column_name(FIRST_PART + part)}${at}"
        shown = Formula(f"={cell}", "" if count is None else count)
        sheet.formula(row, _FIRST + part, shown, _NUMBER)
    most = NO_LIMIT if rule.most is None else rule.most
    for offset, value in enumerate((rule.least, most, int(rule.hard))):
        sheet.number(row, limits + offset, value)
    sheet.text(row, limits + 3, rule.listed)


def _arrange(sheet: Sheet, layout: Layout, last: int, limits: int) -> None:
    """Half a year to a page: of a whole one the numbers are too small."""
    sheet.widths(_WIDTHS)
    sheet.raw.set_column(_FIRST, limits - 1, _PART_WIDTH)
    sheet.raw.set_column(limits, limits + 3, 8, None, {"hidden": True})
    sheet.raw.freeze_panes(_FIRST_ROW, _FIRST)
    sheet.raw.autofilter(_HEADER_ROW, 0, last, limits + 3)
    half = middle(layout)
    widest = sum(_WIDTHS) + (_PART_WIDTH + PADDING) * max(half, limits - _FIRST - half)
    sheet.pages((_WEEK_ROW, _HEADER_ROW), _FIRST, widest, ((), (_FIRST + half,)), TABLOID)
    sheet.raw.print_area(0, 0, last, limits - 1)
