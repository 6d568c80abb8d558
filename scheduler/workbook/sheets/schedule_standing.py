"""The hidden standing cells at the right of the Schedule sheet, by which stays are counted."""

from __future__ import annotations

from collections.abc import Iterable

from scheduler.problem.resident import Resident
from scheduler.workbook.book import Sheet, column_name
from scheduler.workbook.counters import Counter, Stays
from scheduler.workbook.layout import FIRST_PART, Layout
from scheduler.workbook.owed import Shown
from scheduler.workbook.standing import line_formula, standing_formula

Spans = tuple[tuple[int, ...], ...]


def plan_standing(layout: Layout, counters: Iterable[Counter]) -> Spans:
    """Take columns for each span of parts in which stays are counted: one a block, one for all."""
    stays = (one.count for one in counters if isinstance(one.count, Stays))
    spans = tuple(dict.fromkeys(count.parts for count in stays))
    most = max(len(grid.blocks) for grid in layout.problem.grids.values())
    for span in spans:
        layout.take(("stays", span), "stays")
        for number in range(1, most + 1):
            layout.take(("standing", span, number), f"stands {number}")
    return spans


def line_cell(layout: Layout, count: Stays, row: int) -> str:
    """The address of the text from which the stays of a person are counted."""
    return f"${column_name(layout.column(('stays', count.parts)))}{row + 1}"


def write_standing(sheet: Sheet, layout: Layout, spans: Spans) -> None:
    """One live cell for every block of every person; nothing where no rule counts stays."""
    shown = Shown(layout.problem, layout.schedule)
    for span in spans:
        for resident in layout.order:
            _write_person(sheet, layout, shown, resident, Stays((), span))


def _write_person(
    sheet: Sheet, layout: Layout, shown: Shown, resident: Resident, stays: Stays
) -> None:
    row, names = layout.row_of[resident.index], []
    values = shown.standing(stays, resident)
    for block in layout.problem.grids[layout.schedule.grids[resident.index]].blocks:
        column, value = layout.column(("standing", stays.parts, block.number)), values[block.index]
        names.append(f"${column_name(column)}{row + 1}")
        if set(stays.parts).isdisjoint(block.parts):
            sheet.text(row, column, value)
            continue
        cells = [f"${column_name(FIRST_PART + part)}{row + 1}" for part in block.parts]
        sheet.formula(row, column, standing_formula(block, cells, value))
    sheet.formula(row, layout.column(("stays", stays.parts)), line_formula(names, values))
