"""The hidden Layers sheet: grids, locks, and what vacated blocks allow; read back."""

from __future__ import annotations

from scheduler.workbook.book import NOTE, Book
from scheduler.workbook.facts import FORMAT
from scheduler.workbook.layers import Layer
from scheduler.workbook.layout import Layout

SHEET = "Layers"
TITLES = ("Id", "Grid", "Layer")
FORMAT_TITLE = "Format"
LOCK, VACATED = "lock", "vacated"
_HEADER_ROW = 1


def write_layers(book: Book, layout: Layout, locks: Layer, vacated: Layer) -> None:
    """Each resident's lock row, always, and vacated row, where there is anything in it."""
    sheet = book.sheet(SHEET)
    sheet.text(0, 0, FORMAT_TITLE)
    sheet.number(0, 1, FORMAT)
    sheet.text(0, 3, "Kept by the scheduler and read back with the schedule.", NOTE)
    sheet.header(_HEADER_ROW, TITLES)
    for part in layout.problem.calendar.parts:
        sheet.day(_HEADER_ROW, len(TITLES) + part.index, part.first)
    rows = [(LOCK, by_resident(locks)), (VACATED, by_resident(vacated))]
    row = _HEADER_ROW + 1
    for resident in layout.order:
        for layer, cells_of in rows:
            cells = cells_of.get(resident.index, {})
            if layer == LOCK or cells:
                texts = (resident.id, layout.schedule.grids[resident.index], layer)
                for column, text in enumerate(texts):
                    sheet.text(row, column, text)
                for part_index, text in cells.items():
                    sheet.text(row, len(TITLES) + part_index, text)
                row += 1
    sheet.raw.hide()


def by_resident(layer: Layer) -> dict[int, dict[int, str]]:
    """Part index to text, resident by resident."""
    found: dict[int, dict[int, str]] = {}
    for (resident, part), text in layer.items():
        found.setdefault(resident, {})[part] = text
    return found
