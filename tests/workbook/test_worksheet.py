"""Cells are written as XlsxWriter itself writes them, only sooner."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from scheduler.workbook.worksheet import PlainWorksheet

_TEXTS = ("", "MICU", " <VAC> ", 'a & "b"', "&lt;", "two\nlines")
_NUMBERS = (0, 7, 1 / 3, 1e17, 1e-5, 46_204)
_VALUES = ("", "ok", 'a < b & "c"', "#N/A", "#1", 0, 3, 0.1, -2.5, 1e21, True, False)


def _parts(worksheet: type[Worksheet]) -> dict[str, bytes]:
    """The parts of a workbook with every kind of cell; no row with its spans."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("Kinds", worksheet_class=worksheet)
    _fill(book, sheet)
    _draw(book, sheet)
    _arrange(book, sheet)
    book.add_worksheet("Empty", worksheet_class=worksheet)
    book.close()
    with ZipFile(stream) as file:
        return {
            name: re.sub(rb' spans="\d+:\d+"', b"", file.read(name)) for name in file.namelist()
        }


def _fill(book: Any, sheet: Any) -> None:
    """Every kind of cell, with a look, with one like it and with none; not in their order."""
    bold, same = book.add_format({"bold": True}), book.add_format({"bold": True})
    for row, look in enumerate((bold, same, None)):
        for column, text in reversed(list(enumerate(_TEXTS))):
            sheet.write_string(3 * row, column, text, look)
        for column, number in enumerate(_NUMBERS):
            sheet.write_number(3 * row + 1, column, number, look)
        for column, value in enumerate(_VALUES):
            sheet.write_formula(3 * row + 2, column, f'=IF(A1<{column},"<&>",B2)', look, value)
        sheet.write_blank(3 * row, 30, None, look)
        sheet.write_boolean(3 * row, 31, True, look)
    sheet.write_string(4, 0, "written over", bold)
    sheet.write_string(4, 1, "x" * 40_000, bold)


def _draw(book: Any, sheet: Any) -> None:
    """A chart of every row: the file holds beside it what the cells show; some are empty."""
    sheet.write_blank(0, 7, None, book.add_format({"bold": True}))
    for kind in ("column", "line"):
        chart = book.add_chart({"type": kind})
        for row in range(9):
            cells = ["Kinds", row, 0, row, 13]
            chart.add_series({"name": ["Kinds", row, 1], "categories": cells, "values": cells})
        sheet.insert_chart(20, 2, chart)


def _arrange(book: Any, sheet: Any) -> None:
    """What stands beside the cells of a sheet and is written among them.

    The columns look like the first cell: XlsxWriter numbers their looks first.
    """
    bold, look = book.add_format({"bold": True}), book.add_format({"italic": True})
    sheet.merge_range(10, 2, 11, 4, "merged", look)
    sheet.set_row(1, 40)
    sheet.set_row(13, 30, look)
    sheet.set_row(14, None, None, {"hidden": True})
    sheet.set_column(3, 4, 12, bold)
    sheet.write_comment(16, 1, "a note")
    sheet.write_number(17, 3, 5)
    sheet.data_validation(1, 0, 1, 5, {"validate": "list", "source": ["a", "b"]})
    rule = {"type": "cell", "criteria": ">", "value": 3, "format": look}
    sheet.conditional_format(1, 0, 1, 5, rule)
    sheet.autofilter(0, 0, 8, 5)
    sheet.print_area(0, 0, 8, 5)


def test_the_file_is_the_same() -> None:
    """Byte for byte but for the spans: escaped letters, numbers and formats met twice included."""
    assert _parts(PlainWorksheet) == _parts(Worksheet)
