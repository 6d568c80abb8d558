"""One sheet of an Excel workbook read as text; knows no table's meaning.

A formula is refused, not computed: what it shows depends on who saved it last.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NoReturn

from scheduler.input.faults import Faults, Place
from scheduler.input.tables import MOST_COLUMNS, RawRow, TableStop
from scheduler.input.text_file import Source

#: Most bytes the parts of a workbook may have when unpacked, together.
LARGEST_UNPACKED = 100_000_000

_ZEROS = re.compile("0+$")


def workbook_rows(source: Source, sheet: str, faults: Faults) -> Iterator[RawRow]:
    """The rows of the sheet named ``sheet`` (or else of the first), cells as text."""
    import openpyxl  # noqa: PLC0415 - takes a while, and most programs have tables of text only

    _check_size(source, faults)
    try:
        workbook = openpyxl.load_workbook(io.BytesIO(source.content), read_only=True)
        names = {name.casefold(): name for name in workbook.sheetnames}
        chosen: Any = workbook[names.get(sheet, workbook.sheetnames[0])]
        rows = chosen.iter_rows(max_col=MOST_COLUMNS + 1)
        for line, cells in enumerate(rows, start=1):
            yield line, [_text(cell, source.file, faults) for cell in cells]
    except TableStop:
        raise
    except Exception:  # a damaged workbook breaks its reader in many ways
        _stop(source, "is damaged and cannot be read", "open it in Excel and save it anew", faults)


def _check_size(source: Source, faults: Faults) -> None:
    """Refuse what is no workbook, and one that would fill the memory when unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(source.content)) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
    except (zipfile.BadZipFile, ValueError, OSError):
        _stop(source, "is not an Excel workbook", "save it as .xlsx, or as .csv", faults)
    if unpacked > LARGEST_UNPACKED:
        what = f"unpacks to more than {LARGEST_UNPACKED:,} bytes"
        _stop(source, what, "remove the sheets and pictures that are not needed", faults)


def _stop(source: Source, what: str, todo: str, faults: Faults) -> NoReturn:
    faults.add(Place(source.file), what, todo)
    raise TableStop


def _text(cell: Any, file: str, faults: Faults) -> str:
    """A cell as text: whole numbers without a decimal point, dates in ISO form."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type in ("f", "e"):
        held = "a formula" if cell.data_type == "f" else "an error value"
        what = f"the cell {cell.coordinate} holds {held}"
        faults.add(Place(file, cell.row), what, "put the text itself there")
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime | date):
        return str(value).removesuffix(" 00:00:00")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    zeros = isinstance(value, int) and _ZEROS.match(cell.number_format or "")
    return str(value).zfill(len(zeros[0])) if zeros else str(value)
