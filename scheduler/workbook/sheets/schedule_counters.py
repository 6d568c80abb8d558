"""The counters right of each person: live weeks and shares, red where a limit is missed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from scheduler.problem.resident import Resident
from scheduler.workbook.book import BAD, GOOD, MISSED, Formula, Look, Sheet, column_name, quoted
from scheduler.workbook.counters import Count, Counter, Ratio, Tally
from scheduler.workbook.held import cells_of
from scheduler.workbook.layout import Layout
from scheduler.workbook.sheets.colouring import OK, OVER, SHORT, paint

CHECK_TITLE = "Check"
_CHECK = "check"
_LONGEST = 250
_NUMBER: Look = {"align": "center", "font_size": 9, "border": 1, "border_color": "D9D9D9"}


@dataclass(frozen=True)
class CounterBlock:
    """The counters in the order of their columns, and the groupings shown after them."""

    counters: tuple[Counter, ...]
    groupings: tuple[str, ...]


def plan_counters(layout: Layout, counters: tuple[Counter, ...]) -> CounterBlock:
    """Take the visible columns: what is to check, the counters, the groupings."""
    if counters:
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
    return CounterBlock(counters, used)


def plan_limits(layout: Layout, block: CounterBlock) -> None:
    """Take the hidden columns that hold everybody's limits."""
    for counter in block.counters:
        for side in counter.sides:
            layout.take((counter.count, side), f"{counter.title} {side}")


def _header(counter: Counter, counters: tuple[Counter, ...]) -> str:
    """What is counted; a tally that only serves a share is named after it."""
    if isinstance(counter.count, Ratio):
        return counter.title
    if counter.title:
        return f"{counter.title} weeks"
    for other in counters:
        if isinstance(other.count, Ratio) and other.count.top == counter.count:
            return other.title.replace(" %", " weeks")
    return "clinical weeks"


def write_counters(sheet: Sheet, layout: Layout, block: CounterBlock) -> int:
    """Every person's counters, limits and groupings; then their colours.

    Returns how many people are short or over.
    """
    short = 0
    shown = {held: cells_of(layout.problem, layout.schedule, held) for held in (False, True)}
    for resident in layout.order:
        row = layout.row_of[resident.index]
        for name in block.groupings:
            column = layout.column(("grouping", name))
            sheet.text(row, column, resident.groups.get(name, ""), {"font_size": 9})
        words = []
        for counter in block.counters:
            cells = shown[counter.count.held][resident.index]
            value = counter.count.value(layout.problem.calendar, cells)
            _write_counter(sheet, layout, resident, counter, value)
            words.append(counter.word(resident.index, value))
        short += any(SHORT in word or OVER in word for word in words)
        if block.counters:
            _write_check(sheet, layout, resident, block, words)
    _colour(sheet, layout, block)
    return short


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


def check_column(layout: Layout, block: CounterBlock) -> int | None:
    """The column that says of everybody what is short or over, if there is any counter."""
    return layout.column(_CHECK) if block.counters else None


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
    top, bottom = (
        f"${column_name(layout.column(tally))}{row + 1}" for tally in (count.top, count.bottom)
    )
    return count.formula(top, bottom, value)


def _number_format(layout: Layout, count: Count) -> str:
    if isinstance(count, Ratio):
        return "0%"
    whole = not layout.has_days and all(percent % 100 == 0 for _, percent in count.weights)
    return "0" if whole else "0.0"


def _write_check(
    sheet: Sheet, layout: Layout, resident: Resident, block: CounterBlock, words: list[str]
) -> None:
    """One word for the person: 'ok', or which counters are short or over."""
    row = layout.row_of[resident.index]
    terms = []
    for counter in block.counters:
        cell = f"${column_name(layout.column(counter.count))}{row + 1}"
        for side in counter.sides:
            limit = f"${column_name(layout.column((counter.count, side)))}{row + 1}"
            sign = "<" if side.endswith("least") else ">"
            terms.append(f'IF({cell}{sign}{limit},{quoted(counter.words()[side])},"")')
    said = "".join(words).removeprefix(", ") or OK
    text = "&".join(terms) or '""'
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
    if block.counters:
        column = layout.column(_CHECK)
        cell = f"${column_name(column)}{at}"
        area = (first, column, last, column)
        bad = f'=OR(ISNUMBER(FIND("SHORT",{cell})),ISNUMBER(FIND("OVER",{cell})))'
        paint(sheet, area, f'={cell}="{OK}"', GOOD)
        paint(sheet, area, bad, BAD)
        paint(sheet, area, f"=LEN({cell})>0", MISSED)
