"""Opening somebody's workbook within limits, as sheets of plain values; knows no schedule."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn

import openpyxl
from openpyxl.utils.escape import unescape

from scheduler.input.faults import BadInput, Fault
from scheduler.workbook.book import column_name

#: Limits of what is read: bytes of the file, bytes unpacked, parts, rows and columns of a sheet.
LARGEST_FILE = 30_000_000
LARGEST_UNPACKED = 150_000_000
MOST_FILES = 1_000
#: Elements of markup in a sheet, and in any other part (a cell is some four): each becomes an
#: object many times its size, so that bytes alone are no limit of memory.
MOST_IN_SHEET = 6_000_000
MOST_ELSEWHERE = 1_000_000
MOST_ROWS = 5_000
MOST_COLUMNS = 600

_EPOCH = date(1899, 12, 30)
_MARKUP = (".xml", ".rels", ".vml")
_DATE_FORMS = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y")

Value = str | int | float | bool | date | datetime | None


@dataclass
class WorkbookFaults:
    """Collects faults by cell, in the order of reading.

    ``lenient`` is for a workbook of an earlier day: where the program has changed
    since (people, rotations, weeks that are split elsewhere) that is a note.
    """

    file: str
    lenient: bool = False
    found: dict[Fault, None] = field(default_factory=dict)
    notes: dict[str, None] = field(default_factory=dict)

    def note(self, what: str) -> None:
        """Say something about the file that is no fault; the same is said once."""
        self.notes[f"{self.file}{what}"] = None

    def at_cell(self, sheet: str, row: int, column: int, what: str, todo: str = "") -> None:
        """Note a fault at a cell; row and column count from 0."""
        self.at_sheet(f"{sheet}!{column_name(column)}{row + 1}", what, todo)

    def at_sheet(self, place: str, what: str, todo: str = "") -> None:
        """Note a fault of a sheet, or of a cell by its name."""
        self.found[Fault(f"{self.file}, {place}", None, None, what, todo)] = None

    def at_file(self, what: str, todo: str = "") -> NoReturn:
        """Stop at once: nothing more can be read."""
        raise BadInput([*self.found, Fault(self.file, None, None, what, todo)])

    def stop_if_any(self) -> None:
        if self.found:
            raise BadInput(self.found)


@dataclass(frozen=True)
class ReadSheet:
    """The values of one sheet; rows and columns count from 0."""

    name: str
    rows: tuple[tuple[Value, ...], ...]

    def text(self, row: int, column: int | None) -> str:
        """A cell as trimmed text; '' outside the sheet."""
        if column is None or column >= len(self.rows[row]):
            return ""
        return as_text(self.rows[row][column])

    def find_header(self, *titles: str) -> tuple[int, dict[str, int]] | None:
        """The first row that holds all of ``titles``, with every text in it by column."""
        wanted = {title.casefold() for title in titles}
        for number, row in enumerate(self.rows):
            columns: dict[str, int] = {}
            for column, value in enumerate(row):
                if isinstance(value, str):
                    columns.setdefault(as_text(value).casefold(), column)
            if wanted <= columns.keys():
                return number, columns
        return None


class OpenedWorkbook:
    """A workbook whose sheets are read when asked for; raises BadInput where it is none."""

    def __init__(self, path: Path, lenient: bool = False) -> None:
        self.faults = WorkbookFaults(path.name, lenient)
        self._book = self._open(path)

    @cached_property
    def _names(self) -> dict[str, str]:
        return {name.strip().casefold(): name for name in self._book.sheetnames}

    def sheet(self, name: str) -> ReadSheet | None:
        """The sheet called ``name``; None where there is none."""
        real = self._names.get(name.casefold())
        if real is None:
            return None
        raw = self._book[real]
        if not hasattr(raw, "iter_rows"):
            self.faults.at_file(f"the sheet {name} is a chart", "give the sheet its name back")
        try:
            return ReadSheet(name, tuple(self._rows(name, raw)))
        except BadInput:
            raise
        except Exception:  # a damaged workbook breaks its reader in many ways
            self._damaged()

    def _rows(self, name: str, raw: Any) -> Iterator[tuple[Value, ...]]:
        rows = raw.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS, values_only=True)
        for number, row in enumerate(rows):
            if number == MOST_ROWS:
                what = f"the sheet {name} has more than {MOST_ROWS:,} rows"
                self.faults.at_file(what, "delete the empty rows beneath the table")
            yield row

    def _open(self, path: Path) -> Any:
        try:
            if path.stat().st_size > LARGEST_FILE:
                self._too_large()
            content = path.read_bytes()
        except OSError as error:
            self.faults.at_file(
                f"cannot be read ({error.strerror})", "check the name and the folder"
            )
        self._check_parts(content)
        try:
            return openpyxl.load_workbook(
                io.BytesIO(content), read_only=True, data_only=True, keep_links=False
            )
        except Exception:  # a damaged workbook breaks its reader in many ways
            self._damaged()

    def _check_parts(self, content: bytes) -> None:
        """Refuse what is no workbook, what would fill the memory, and entities in its XML."""
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                parts = packed.infolist()
                if len(parts) > MOST_FILES or sum(p.file_size for p in parts) > LARGEST_UNPACKED:
                    self._too_large()
                for part in parts:
                    self._check_part(part.filename.lower(), packed, part)
        except (zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, OSError, EOFError):
            self.faults.at_file("is not an Excel workbook", "save it as .xlsx")
        except (NotImplementedError, RuntimeError):
            self.faults.at_file("is locked with a password", "save it without one")

    def _check_part(self, name: str, packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
        if "externallinks/" in name:
            self.faults.at_file(
                "takes values from other workbooks",
                "break its links (Data, Edit Links) and save it anew",
            )
        if name.endswith(_MARKUP):
            markup = packed.read(part)
            most = MOST_IN_SHEET if "worksheets/" in name else MOST_ELSEWHERE
            if markup.count(b"<") > most:
                self._too_large()
            if _has_entities(markup):
                self._damaged()

    def _too_large(self) -> NoReturn:
        self.faults.at_file("is too large for a schedule", "remove pictures and other sheets")

    def _damaged(self) -> NoReturn:
        self.faults.at_file("is damaged and cannot be read", "open it in Excel and save it anew")


def _has_entities(markup: bytes) -> bool:
    """No spreadsheet program writes a document type; entity bombs need one."""
    plain = markup.replace(b"\0", b"")
    return b"<!DOCTYPE" in plain or b"<!ENTITY" in plain


def as_text(value: Value) -> str:
    """A value as people see it, trimmed: whole numbers without a decimal point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return str(value).removesuffix(" 00:00:00")
    return " ".join(unescape(str(value)).split())


def as_day(value: Value) -> date | None:
    """A value as a date, also where a program made a number or a text of it."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _EPOCH + timedelta(days=int(value)) if 20_000 <= value <= 80_000 else None
    text = as_text(value)
    for form in _DATE_FORMS:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    return None
