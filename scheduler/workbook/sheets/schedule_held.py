"""The hidden held cells at the right of the Schedule sheet, beside the person they are about."""

from __future__ import annotations

from scheduler.workbook.book import Sheet, column_name
from scheduler.workbook.held import cells_of, held_formula
from scheduler.workbook.layout import FIRST_PART, Layout


def write_held(sheet: Sheet, layout: Layout) -> None:
    """One live cell for every cell of every person; nothing where no rule asks."""
    if layout.first_held is None:
        return
    cells = cells_of(layout.problem, layout.schedule, held=True)
    for resident in layout.order:
        row = layout.row_of[resident.index]
        for block in layout.problem.grids[layout.schedule.grids[resident.index]].blocks:
            names = [f"{column_name(FIRST_PART + part)}{row + 1}" for part in block.parts]
            for part, own in zip(block.parts, names, strict=True):
                others = [name for name in names if name != own]
                value = held_formula(own, others, cells[resident.index][part])
                sheet.formula(row, layout.first_held + part, value)
