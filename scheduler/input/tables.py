"""Tables read as text from CSV or XLSX, line numbers kept; knows no table's meaning.

Every cell stays the text it was: ``007``, ``NA``, ``1E2`` and ``=A1`` are text,
an empty cell is "".
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scheduler.input.faults import Faults, Place, did_you_mean, nearest, quoted
from scheduler.input.text_file import Source, decode

#: Largest table, in bytes.
LARGEST = 20_000_000
#: Most lines that are not blank.
MOST_ROWS = 20_000
#: Most columns.
MOST_COLUMNS = 100
#: Longest cell, in characters.
LONGEST_CELL = 2_000

#: One line as read: its number in the file and its cells.
RawRow = tuple[int, list[str]]


class TableStop(Exception):  # noqa: N818 - ends the reading of this file only
    """The rest of the table cannot be read; the fault is noted already."""


@dataclass(frozen=True)
class Row:
    """One line of a table: ``row["track"]`` is a cell's text, "" for a column not there."""

    place: Place
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True)
class Columns:
    """The columns a table must have and may have; ``further`` says how to have one more."""

    needed: tuple[str, ...]
    optional: tuple[str, ...] = ()
    further: str = ""

    @property
    def known(self) -> tuple[str, ...]:
        return self.needed + self.optional

    def instead_of(self, unknown: str) -> str:
        """What to do about a column that is not known here."""
        if nearest(unknown, self.known):
            return did_you_mean(unknown, self.known)
        remove = f"remove it (known: {', '.join(map(quoted, self.known))})"
        return f"{self.further}, or {remove}" if self.further else remove


def read_table(source: Source, sheet: str, columns: Columns, faults: Faults) -> list[Row] | None:
    """The lines of a table that are not blank; None where cells cannot be told apart.

    In a workbook, the sheet named ``sheet`` is read, or else the first.
    """
    before = len(faults)
    rows: list[Row | None] = []
    heading: dict[int, str] | None = None
    try:
        for line, cells in _raw_rows(source, sheet, faults):
            clean = [_clean(cell) for cell in cells]
            place = Place(source.file, line)
            if not any(clean):
                continue
            if heading is not None:
                _check_length(place, rows, faults)
                rows.append(_row(place, clean, heading, faults))
                continue
            heading = _heading(place, clean, columns, faults)
            if len(faults) > before:
                return None  # every line would be faulty
    except TableStop:
        return None
    if heading is None:
        todo = f"its first line names the columns: {', '.join(columns.known)}"
        faults.add(Place(source.file), "is empty", todo)
        return None
    return None if None in rows else [row for row in rows if row]


def _check_length(place: Place, rows: list[Row | None], faults: Faults) -> None:
    if len(rows) >= MOST_ROWS:
        faults.add(place, f"has more than {MOST_ROWS:,} lines", "split it or remove lines")
        raise TableStop


def _raw_rows(source: Source, sheet: str, faults: Faults) -> Iterator[RawRow]:
    suffix = source.path.suffix.lower()
    if suffix == ".xlsx":
        from scheduler.input.workbook_file import workbook_rows  # noqa: PLC0415 - slow to load

        return workbook_rows(source, sheet, faults)
    if suffix == ".csv":
        return _csv_rows(source, faults)
    faults.add(Place(source.file), f"{quoted(suffix)} is not a kind of table", "use .csv or .xlsx")
    raise TableStop


def _csv_rows(source: Source, faults: Faults) -> Iterator[RawRow]:
    if source.content.startswith(b"PK\x03\x04"):
        faults.add(Place(source.file), "is a workbook, not CSV text", "name it .xlsx")
        raise TableStop
    text = decode(source, faults)
    if text is None:
        raise TableStop
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        what = f"cannot be read as CSV from here on ({error})"
        faults.add(Place(source.file, line), what, 'check the quotes; a quote inside text is ""')
        raise TableStop from None


def _delimiter(text: str) -> str:
    """A comma, unless the heading has none and is divided by semicolons or tabs."""
    heading = text.lstrip().split("\n", 1)[0]
    return next((mark for mark in ",;\t" if mark in heading), ",")


def _clean(cell: str) -> str:
    """Blanks around are dropped; line breaks and odd blanks inside become one blank."""
    cell = cell.strip()
    return cell if cell.isprintable() else re.sub(r"\s+", " ", cell)


def _heading(place: Place, cells: list[str], columns: Columns, faults: Faults) -> dict[int, str]:
    """The columns by position; faults for unknown, double and missing ones."""
    found: dict[int, str] = {}
    names = {column.casefold(): column for column in columns.known}
    if names.keys().isdisjoint(map(str.casefold, cells)):
        todo = f"begin with a line that names the columns: {', '.join(columns.known)}"
        faults.add(place, "the first line does not name the columns", todo)
        return {}
    meant: set[str] = set()
    for index, cell in enumerate(cells):
        if not cell:
            continue
        column = names.get(cell.casefold(), "")
        if not column:
            faults.add(place, f"unknown column {quoted(cell)}", columns.instead_of(cell))
            meant.update(nearest(cell, columns.known))
        elif column in found.values():
            faults.add(place, f"the column {quoted(column)} is there twice", "remove one")
        found[index] = column or cell
    if max(found) >= MOST_COLUMNS:
        faults.add(place, f"has more than {MOST_COLUMNS} columns", "remove columns")
    for column in columns.needed:
        if column not in found.values() and column not in meant:
            faults.add(place, f"the column {quoted(column)} is missing", "add it")
    return found


def _row(place: Place, cells: list[str], heading: Mapping[int, str], faults: Faults) -> Row | None:
    """A line by its columns; None (and a fault) where it has a cell too many."""
    found = {index: cell for index, cell in enumerate(cells) if cell}
    for index, cell in found.items():
        if index not in heading:
            what = f"{quoted(cell)} stands in a column without a name"
            faults.add(place, what, 'put text with a comma into "quotes", or name the column')
            return None
        if len(cell) > LONGEST_CELL or not cell.isprintable():
            faults.add(place, f"{heading[index]}: {_odd(cell)}", "shorten it or type it anew")
    return Row(place, {heading[index]: cell for index, cell in found.items()})


def _odd(cell: str) -> str:
    if len(cell) > LONGEST_CELL:
        return f"has more than {LONGEST_CELL:,} characters"
    code = next(ord(character) for character in cell if not character.isprintable())
    return f"holds an invisible character (U+{code:04X})"
