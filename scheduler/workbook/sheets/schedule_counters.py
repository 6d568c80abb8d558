"""The counters right of each person: live weeks and shares, red where a limit is missed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from scheduler.problem.resident import Resident
from scheduler.workbook.book import BAD, GOOD, MISSED, Formula, Look, Sheet, column_name, quoted
from scheduler.workbook.counters import Count, Counter, Ratio, Stays, Tally
from scheduler.workbook.layout import NAME, Layout
from scheduler.workbook.legend import Entry
from scheduler.workbook.owed import LEAVE_DAYS, Shown
from scheduler.workbook.sheets.colouring import OK, OVER, SHORT, SOFT, paint
from scheduler.workbook.sheets.schedule_standing import Spans, line_cell, plan_standing
from scheduler.workbook.standing import begun_formula

CHECK_TITLE = "Check"
_CHECK = "check"
GRID_TITLE = "Grid"
_GRID = "grid"
#: Said of a person with cells that formulas cannot count: ' MICU ', 'WARD, MICU' or nothing.
NO_CODE = "no code"
#: What is said of a person, and its mark beside the name; then the same of what is only wished.
NAME_MARKS = ((SHORT, "▼"), (OVER, "▲"), (NO_CODE, "?"))
WISHED_MARKS = ((f" {SOFT.short},", "▽"), (f" {SOFT.over},", "△"))
_LONGEST = 250
_NUMBER: Look = {"align": "center", "font_size": 9, "border": 1, "border_color": "D9D9D9"}


@dataclass(frozen=True)
class CounterBlock:
    """The counters in the order of their columns, and the groupings shown after them."""

    counters: tuple[Counter, ...]
    groupings: tuple[str, ...]
    spans: Spans = ()


@dataclass(frozen=True, slots=True)
class Astray:
    """How many people are short or over, have cells without a code, or are neither and only
    have less or more than is wished."""

    short: int
    blank: int
    wished: int


def plan_counters(layout: Layout, counters: tuple[Counter, ...]) -> CounterBlock:
    """Take the visible columns: what is to check, the counters, the groupings, and the grid
    (the cohort) where somebody's was chosen among several."""
    layout.take(_CHECK, CHECK_TITLE)
    for counter in counters:
        layout.take(counter.count, _header(counter, counters))
    used = tuple(
        name
        for name in layout.problem.groupings
        if any(name in resident.groups for resident in layout.problem.residents)
    )
    for name in used:
        layout.take(("grouping", name), name)
    if any(len(resident.grids) > 1 for resident in layout.problem.residents):
        layout.take(_GRID, GRID_TITLE)
    return CounterBlock(counters, used)


def plan_limits(layout: Layout, block: CounterBlock) -> CounterBlock:
    """Take the hidden columns that hold everybody's limits, and what stays are counted by."""
    for counter in block.counters:
        for side in counter.sides:
            layout.take((counter.count, side), f"{counter.title} {side}")
    return replace(block, spans=plan_standing(layout, block.counters))


def _header(counter: Counter, counters: tuple[Counter, ...]) -> str:
    """What is counted; a tally that only serves a share is named after it."""
    if isinstance(counter.count, Ratio | Stays):
        return counter.title
    if counter.title:
        days = counter.title.startswith(LEAVE_DAYS)
        return counter.title if days else f"{counter.title} weeks"
    for other in counters:
        if isinstance(other.count, Ratio) and other.count.top == counter.count:
            return other.title.replace(" %", " weeks")
    return "clinical weeks"


def write_counters(
    sheet: Sheet, layout: Layout, block: CounterBlock, entries: Sequence[Entry], shown: Shown
) -> Astray:
    """Every person's counters, limits and groupings; then their colours.

    Returns how many people are astray.
    """
    short = blank = wished = 0
    codes = {entry.code for entry in entries}
    for resident in layout.order:
        row = layout.row_of[resident.index]
        for name in block.groupings:
            column = layout.column(("grouping", name))
            sheet.text(row, column, resident.groups.get(name, ""), {"font_size": 9})
        if layout.has(_GRID):
            grid = layout.schedule.grids[resident.index]
            sheet.text(row, layout.column(_GRID), grid, {"font_size": 9})
        uncoded = sum(code not in codes for code in layout.schedule.cells[resident.index])
        words = [_uncoded_words(uncoded)]
        for counter in block.counters:
            value = shown.value(counter.count, resident)
            _write_counter(sheet, layout, resident, counter, value)
            words.append(counter.word(resident.index, value))
        wrong = any(SHORT in word or OVER in word for word in words)
        short += wrong
        blank += uncoded > 0
        wished += any(words) and not wrong and not uncoded
        _write_check(sheet, layout, resident, block, words, len(entries))
    _colour(sheet, layout, block)
    return Astray(short, blank, wished)


def _uncoded_words(cells: int) -> str:
    return f", cells with {NO_CODE}: {cells}" if cells else ""


def write_tallies(
    sheet: Sheet, layout: Layout, block: CounterBlock, tallies: Iterable[Tally]
) -> None:
    """Columns, out of sight, of everybody's ``tallies``; not those that are counters already."""
    known = {counter.count for counter in block.counters}
    for tally in tallies:
        for resident in () if tally in known else layout.order:
            row, cells = layout.row_of[resident.index], layout.schedule.cells[resident.index]
            value = tally.value(layout.problem.calendar, cells)
            sheet.formula(row, layout.column(tally), _formula(layout, row, tally, value))


def check_column(layout: Layout) -> int:
    """The column that says of everybody what is short or over, and which cells hold no code."""
    return layout.column(_CHECK)


def _write_counter(
    sheet: Sheet, layout: Layout, resident: Resident, counter: Counter, value: float
) -> None:
    row = layout.row_of[resident.index]
    look = {**_NUMBER, "num_format": _number_format(layout, counter.count)}
    sheet.formula(
        row, layout.column(counter.count), _formula(layout, row, counter.count, value), look
    )
    for side in counter.sides:
        sheet.number(row, layout.column((counter.count, side)), counter.limit(resident.index, side))


def _formula(layout: Layout, row: int, count: Count, value: float) -> Formula:
    if isinstance(count, Tally):
        cells = layout.row_parts(row, count.parts, count.held)
        days = layout.days_of(count.parts) if layout.has_days else [""] * len(cells)
        return count.formula(list(zip(cells, days, strict=True)), value)
    if isinstance(count, Stays):
        line = line_cell(layout, count, row)
        return begun_formula(line, count.codes, count.allowing, value)
    top, bottom = (
        f"${column_name(layout.column(tally))}{row + 1}" for tally in (count.top, count.bottom)
    )
    return count.formula(top, bottom, value)


def _number_format(layout: Layout, count: Count) -> str:
    if isinstance(count, Ratio):
        return "0%"
    if isinstance(count, Stays):
        return "0"
    whole = not layout.has_days and all(percent % 100 == 0 for _, percent in count.weights)
    return "0" if whole else "0.0"


def _write_check(
    sheet: Sheet,
    layout: Layout,
    resident: Resident,
    block: CounterBlock,
    words: list[str],
    codes: int,
) -> None:
    """One word for the person: 'ok', or which counters are short or over, and what is no code.

    The Legend lists ``codes`` codes.
    """
    row = layout.row_of[resident.index]
    parts = tuple(range(len(layout.problem.calendar.parts)))
    (cells,) = layout.row_parts(row, parts)
    coded = f"SUMPRODUCT(1*({cells}=Legend!$A$2:$A${codes + 1}))"
    said_uncoded = f'", cells with {NO_CODE}: "&({len(parts)}-{coded})'
    terms = [f'IF({coded}<{len(parts)},{said_uncoded},"")']
    for counter in block.counters:
        cell = f"${column_name(layout.column(counter.count))}{row + 1}"
        for side in counter.sides:
            limit = f"${column_name(layout.column((counter.count, side)))}{row + 1}"
            sign = "<" if side.endswith("least") else ">"
            terms.append(f'IF({cell}{sign}{limit},{quoted(counter.words()[side])},"")')
    said = "".join(words).removeprefix(", ") or OK
    text = "&".join(terms)
    word = Formula(f'=MID(IF({text}="",", {OK}",{text}),3,{_LONGEST})', said[:_LONGEST])
    sheet.formula(row, layout.column(_CHECK), word, {"font_size": 9})


def _colour(sheet: Sheet, layout: Layout, block: CounterBlock) -> None:
    """Red where a hard limit is missed, amber where a soft one is, green where limits are kept."""
    first, last, at = layout.first_row, layout.last_row, layout.first_row + 1
    for counter in block.counters:
        column = layout.column(counter.count)
        cell = f"${column_name(column)}{at}"
        for side in counter.sides:
            limit = f"${column_name(layout.column((counter.count, side)))}{at}"
            sign = "<" if side.endswith("least") else ">"
            look = MISSED if side.startswith("soft") else BAD
            criteria = f"=AND(ISNUMBER({cell}),ISNUMBER({limit}),{cell}{sign}{limit})"
            paint(sheet, (first, column, last, column), criteria, look)
        nothing = f"=AND(ISNUMBER({cell}),{cell}=0)"
        paint(sheet, (first, column, last, column), nothing, {"font_color": "BFBFBF"})
    column = layout.column(_CHECK)
    cell = f"${column_name(column)}{at}"
    area = (first, column, last, column)
    found = ",".join(f"ISNUMBER(FIND({quoted(word)},{cell}))" for word in (SHORT, OVER, NO_CODE))
    paint(sheet, area, f'={cell}="{OK}"', GOOD)
    paint(sheet, area, f"=OR({found})", BAD)
    paint(sheet, area, f"=LEN({cell})>0", MISSED)
    _mark_names(sheet, layout, cell)


def _mark_names(sheet: Sheet, layout: Layout, word: str) -> None:
    """What the cell ``word`` says of a person, beside the name: the weeks hide the counters.

    The mark is a format, so the name in the cell remains what it is.
    """
    area = (layout.first_row, NAME, layout.last_row, NAME)
    for marks, look in ((NAME_MARKS, BAD), (WISHED_MARKS, MISSED)):
        for some in (one for size in (3, 2, 1) for one in combinations(marks, size)):
            said = [f'ISNUMBER(FIND({quoted(text)},{word}&","))' for text, _ in some]
            mark = "".join(sign for _, sign in some)
            paint(sheet, area, f"=AND({','.join(said)})", {**look, "num_format": f'"{mark} "@'})
