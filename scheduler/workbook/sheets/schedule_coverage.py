"""The coverage rows beneath the people: live counts against the rules' limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.problem.resident import WHOLE
from scheduler.workbook.book import HEADER, Formula, Look, Sheet, column_name, quoted
from scheduler.workbook.counters import NO_LIMIT
from scheduler.workbook.coverage import CoverageRow, heads, people_formula, people_on
from scheduler.workbook.held import cells_of
from scheduler.workbook.layout import FIRST_PART, NAME, PGY, TRACK, Layout
from scheduler.workbook.sheets.colouring import OK, Limits, colour_against_limits, words

TITLES = ("Coverage", "Needs", "Result")
_LEAST, _MOST, _HARD = "coverage least", "coverage most", "coverage hard"
_LISTED = "coverage allowed"
#: The columns of what is wrong, and of what is only not as wished: beside each row so far as it
#: and those above it go, beside the header all of it.
SAID = {True: "wrong", False: "not as wished"}
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
        said = words(row.hard)
        if any(map(row.is_short, counts)):
            return said.short
        if any(map(row.is_over, counts)):
            return said.over
        return said.odd if any(map(row.is_odd, counts)) else OK


def plan_coverage(layout: Layout, rows: Sequence[CoverageRow]) -> CoverageBlock:
    """Count everything, and take the helper columns the formulas need."""
    shown = {held: cells_of(layout.problem, layout.schedule, held) for held in (False, True)}
    counts = tuple(
        {part: people_on(shown[row.held], row, part) for part in row.parts} for row in rows
    )
    for said in SAID.values():
        layout.take(said, said)
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


def write_said(sheet: Sheet, layout: Layout, block: CoverageBlock, hard: bool) -> tuple[str, str]:
    """What is said of all services under ``hard`` (or soft) rules that are not ok.

    Each row adds to what the one above it says, in a column out of sight; returns the address of
    the last, or an empty text where no rule is such, and what it says now.
    """
    above, now = quoted(""), ""
    for number, row in enumerate(block.rows):
        if row.hard == hard:
            at, result = block.first + number, block.result(number)
            word, name = (f"${column_name(column)}{at + 1}" for column in (TRACK, NAME))
            more = f'IF({word}={quoted(OK)},"","; "&{name}&" "&{word})'
            now += "" if result == OK else f"; {row.label} {result}"
            column = layout.column(SAID[hard])
            sheet.formula(at, column, Formula(f"={above}&{more}", now))
            above = f"${column_name(column)}${at + 1}"
    return above, now


def short_needs(row: CoverageRow) -> str:
    """The limits in as few letters as the narrow column has room for."""
    return row.needs.replace("at least ", "≥").replace("at most ", "≤")


def _result(layout: Layout, block: CoverageBlock, number: int) -> Formula:
    at = block.first + number + 1
    cells = f"${column_name(FIRST_PART)}{at}:${column_name(layout.last_part)}{at}"
    least, most, listed = (
        f"${column_name(layout.column(key))}{at}" for key in (_LEAST, _MOST, _LISTED)
    )
    good, said = f'"{OK}"', words(block.rows[number].hard)
    if block.rows[number].allowed:
        odd = f'SUMPRODUCT(ISNUMBER({cells})*ISERROR(FIND(","&{cells}&",",{listed})))'
        good = f'IF({odd}>0,"{said.odd}",{good})'
    return Formula(
        f'=IF(COUNTIF({cells},"<"&{least})>0,"{said.short}",'
        f'IF(COUNTIF({cells},">"&{most})>0,"{said.over}",{good}))',
        block.result(number),
    )


def _colour(sheet: Sheet, layout: Layout, block: CoverageBlock) -> None:
    limits = Limits(*(layout.column(key) for key in (_LEAST, _MOST, _HARD, _LISTED)))
    area = (block.first, FIRST_PART, block.last, layout.last_part)
    colour_against_limits(sheet, area, TRACK, limits)
