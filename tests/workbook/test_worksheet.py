"""Cells are written as XlsxWriter itself writes them, only sooner."""

from __future__ import annotations

from io import BytesIO

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from scheduler.workbook.worksheet import PlainWorksheet


def _content(worksheet: type[Worksheet]) -> bytes:
    """A workbook with every kind of cell, with and without a look."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("Kinds", worksheet_class=worksheet)
    bold, same = book.add_format({"bold": True}), book.add_format({"bold": True})
    values = ("", "ok", 'a < b & "c"', "#N/A", "#1", 0, 3, 0.1, -2.5, 1e21, True, False)
    for row, look in enumerate((bold, same, None)):
        for column, text in enumerate(("", "MICU", " <VAC> ", 'a & "b"')):
            sheet.write_string(3 * row, column, text, look)
        for column, number in enumerate((0, 7, 1 / 3, 1e17, 1e-5, 46_204)):
            sheet.write_number(3 * row + 1, column, number, look)
        for column, value in enumerate(values):
            sheet.write_formula(3 * row + 2, column, f'=IF(A1<{column},"<&>",B2)', look, value)
        sheet.write_blank(3 * row, 30, None, look)
        sheet.write_boolean(3 * row, 31, True, look)
    book.close()
    return stream.getvalue()


def test_the_file_is_the_same() -> None:
    """Byte for byte, escaped letters, numbers and formats met twice included."""
    assert _content(PlainWorksheet) == _content(Worksheet)
