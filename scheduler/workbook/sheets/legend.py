"""The Legend sheet: every code with its rotation, tags and colour."""

from __future__ import annotations

from scheduler.workbook.book import Book
from scheduler.workbook.legend import Entry

SHEET = "Legend"
TITLES = ("Code", "Rotation", "Tags", "Colour")


def write_legend(book: Book, entries: tuple[Entry, ...]) -> None:
    """One row a code; the code and the colour are painted in the colour."""
    sheet = book.sheet(SHEET, tab="7F7F7F")
    sheet.header(0, TITLES)
    for row, entry in enumerate(entries, start=1):
        painted = {"bg_color": entry.colour, "font_color": entry.font_colour, "align": "center"}
        sheet.text(row, 0, entry.code, {**painted, "bold": True})
        sheet.text(row, 1, entry.name)
        sheet.text(row, 2, " ".join(entry.tags))
        sheet.text(row, 3, entry.colour, painted)
    sheet.widths((12, 44, 44, 11))
    sheet.raw.freeze_panes(1, 0)
    sheet.raw.autofilter(0, 0, len(entries), len(TITLES) - 1)
    sheet.page((0, 0))
