"""The coverage rows beneath the people: live counts against the rules' limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.problem.resident import WHOLE
from scheduler.workbook.book import HEADER, Formula, Look, Sheet, column_name
from scheduler.workbook.counters import NO_LIMIT
from scheduler.workbook.coverage import CoverageRow, heads, people_formula, people_on
from scheduler.workbook.held import cells_of
from scheduler.workbook.layout import FIRST_PART, NAME, PGY, TRACK, Layout
from scheduler.workbook.sheets.colouring import ODD, OK, OVER, SHORT, Limits, colour_against_limits

TITLES = ("Coverage", "Needs", "Result")
_LEAST, _MOST, _HARD = "coverage least", "coverage most", "coverage hard"
_LISTED = "coverage allowed"
_NUMBER: Look = {"align": "center", "font_size": 9, "border": 1, "border_color": "D9D9D9"}


@dataclass(frozen=True)
class CoverageBlock:
    """The rows as they stand on the sheet: first row, and each row's counts by part."""

    first: int
    rows: tuple[CoverageRow, ...]
    counts: tuple[dict[int, float | None], ...]

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1

    def result(self, number: int) -> str:
        """The word of row ``number`` as it is now."""
        row, counts = self.rows[number], self.counts[number].values()
        if any(map(row.is_short, counts)):
            return SHORT
        if any(map(row.is_over, counts)):
            return OVER
        return ODD if any(map(row.is_odd, counts)) else OK


def plan_coverage(layout: Layout, rows: Sequence[CoverageRow]) -> CoverageBlock:
    """Count everything, and take the helper columns the formulas need."""
    shown = {held: cells_of(layout.problem, layout.schedule, held) for held in (False, True)}
    counts = tuple(
        {part: people_on(shown[row.held], row, part) for part in row.parts} for row in rows
    )
    titles = ((_LEAST, "Least"), (_MOST, "Most"), (_HARD, "Hard"), (_LISTED, "Allowed"))
    for key, title in titles:
        if rows:
            layout.take(key, title)
    for row in (one.at(part) for one in rows for part in one.changes()):
        layout.select(row.people, f"1 = {row.who.words()}")
        if row.beside is not None:
            layout.select(row.others, f"1 = {row.beside.words()}")
            layout.select(heads(row.people), f"1 = {row.who.words()}")
    return CoverageBlock(layout.coverage_header + 1, tuple(rows), counts)


def write_selections(sheet: Sheet, layout: Layout) -> None:
    """The hidden 1/0 columns that say who belongs to each selection."""
    for people, column in layout.selections().items():
        counts = dict(people)
        for index, row in layout.row_of.items():
            sheet.number(row, column, counts.get(index, 0) / WHOLE)


def write_coverage_rows(sheet: Sheet, layout: Layout, block: CoverageBlock) -> None:
    """The header, the rows and their colours; nothing where there is no coverage rule."""
    if not block.rows:
        return
    sheet.header(layout.coverage_header, TITLES)
    for column in range(FIRST_PART, layout.last_part + 1):
        sheet.blank(layout.coverage_header, column, HEADER)
    for number in range(len(block.rows)):
        _write_row(sheet, layout, block, number)
    _colour(sheet, layout, block)


def _write_row(sheet: Sheet, layout: Layout, block: CoverageBlock, number: int) -> None:
    row, at = block.rows[number], block.first + number
    sheet.text(at, NAME, row.label, {"font_size": 9, "text_wrap": True})
    sheet.fit(at, row.label, layout.name_width)
    sheet.text(at, PGY, short_needs(row), {"font_size": 9, "align": "center"})
    sheet.put(at, TRACK, _result(layout, block, number), {"font_size": 9, "align": "center"})
    for part in row.parts:
        cells, people = layout.part_people(part, row.held), block.counts[number][part]
        count = people_formula(row.at(part), cells, layout.selection, people)
        sheet.formula(at, FIRST_PART + part, count, _NUMBER)
    sheet.text(at, layout.id_column, row.rule, {"font_size": 8, "font_color": "7F7F7F"})
    sheet.number(at, layout.column(_LEAST), row.least)
    sheet.number(at, layout.column(_MOST), NO_LIMIT if row.most is None else row.most)
    sheet.number(at, layout.column(_HARD), int(row.hard))
    sheet.text(at, layout.column(_LISTED), row.listed)


def short_needs(row: CoverageRow) -> str:
    """The limits in as few letters as the narrow column has room for."""
    return row.needs.replace("at least ", "≥").replace("at most ", "≤")


def _result(layout: Layout, block: CoverageBlock, number: int) -> Formula:
    at = block.first + number + 1
    cells = f"${column_name(FIRST_PART)}{at}:${column_name(layout.last_part)}{at}"
    least, most, listed = (
        f"${column_name(layout.column(key))}{at}" for key in (_LEAST, _MOST, _LISTED)
    )
    good = f'"{OK}"'
    if block.rows[number].allowed:
        odd = f'SUMPRODUCT(ISNUMBER({cells})*ISERROR(FIND(","&{cells}&",",{listed})))'
        good = f'IF({odd}>0,"{ODD}",{good})'
    return Formula(
        f'=IF(COUNTIF({cells},"<"&{least})>0,"{SHORT}",'
        f'IF(COUNTIF({cells},">"&{most})>0,"{OVER}",{good}))',
        block.result(number),
    )


def _colour(sheet: Sheet, layout: Layout, block: CoverageBlock) -> None:
    limits = Limits(*(layout.column(key) for key in (_LEAST, _MOST, _HARD, _LISTED)))
    area = (block.first, FIRST_PART, block.last, layout.last_part)
    colour_against_limits(sheet, area, TRACK, limits)
