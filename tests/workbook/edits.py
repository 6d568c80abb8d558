"""What people do to a workbook, done with another program than the one that wrote it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from tests.workbook.conftest import Case


def edited(case: Case, path: Path, change: Callable[[openpyxl.Workbook], object]) -> Path:
    """A copy of the case's workbook with ``change`` made to it."""
    workbook = openpyxl.load_workbook(case.path)
    change(workbook)
    workbook.save(path)
    return path


def rows_of(book: openpyxl.Workbook, sheet: str, first: int = 1) -> list[tuple[Any, ...]]:
    """The values of a sheet from row ``first`` (counted from 1)."""
    return list(book[sheet].iter_rows(min_row=first, values_only=True))


def header_row(sheet: Worksheet) -> int:
    """The row of the header, counted from 1."""
    for row in sheet.iter_rows(max_col=1):
        if row[0].value == "Name":
            return int(row[0].row)
    raise AssertionError("no header")


def cell_of(case: Case, sheet: Worksheet, resident: int, part: int) -> Cell:
    """The cell of a resident (index) in a part, found by the id beside it."""
    top = header_row(sheet)
    titles = [cell.value for cell in sheet[top]]
    column = titles.index("Id") + 1
    wanted = case.problem.residents[resident].id
    for row in range(top + 1, sheet.max_row + 1):
        if sheet.cell(row, column).value == wanted:
            found = sheet.cell(row, 4 + part)
            assert isinstance(found, Cell)
            return found
    raise AssertionError("no such resident")
