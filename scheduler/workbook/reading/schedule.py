"""The Schedule sheet read back: every person's cells, found by name, id and date."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from scheduler.input.faults import quoted
from scheduler.problem.problem import Problem
from scheduler.workbook.reading.codes import Codes, Meaning
from scheduler.workbook.reading.columns import part_columns
from scheduler.workbook.reading.opened import ReadSheet, WorkbookFaults
from scheduler.workbook.reading.people import People, Place, is_open_row
from scheduler.workbook.sheets.schedule import ID_TITLE, NAME_TITLES
from scheduler.workbook.sheets.schedule_coverage import TITLES as COVERAGE_TITLES

SHEET = "Schedule"


@dataclass(frozen=True)
class Columns:
    """Where things stand: the header's row, and columns by title and by part index."""

    header: int
    name: int
    id: int | None
    parts: dict[int, int]


@dataclass
class ReadCells:
    """What each cell says, by resident index, and where it stands (rows and columns from 0).

    ``ids`` are the ids as they are written, ``gone`` those of nobody in the program.
    """

    meanings: dict[int, list[Meaning]] = field(default_factory=dict)
    rows: dict[int, int] = field(default_factory=dict)
    columns: dict[int, int] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    gone: dict[str, str] = field(default_factory=dict)


def read_cells(
    problem: Problem, sheet: ReadSheet, codes: Codes, faults: WorkbookFaults
) -> ReadCells:
    """Everybody's cells; faults for all that is wrong (leniently, a row may be missing)."""
    found = ReadCells()
    columns = _find_columns(problem, sheet, faults)
    if columns is None:
        return found
    found.columns, people = columns.parts, People(problem, faults)
    strangers = faults.lenient
    for row in _rows(sheet, columns, people):
        place = Place(SHEET, row, columns.name, columns.id)
        id, name = sheet.text(row, columns.id), sheet.text(row, columns.name)
        resident = people.find(place, id, name)
        if resident is None:
            strangers = True
            continue
        if resident.index in found.rows:
            what = f"{quoted(id or name)} stands in rows {found.rows[resident.index] + 1}"
            faults.at_cell(SHEET, row, place.column, f"{what} and {row + 1}", "remove one of them")
            continue
        found.rows[resident.index] = row
        found.ids[id or resident.id] = resident.index
        found.meanings[resident.index] = _read_row(problem, sheet, columns, codes, row)
    for resident in problem.residents:
        # Where a row is nobody's, the row that is missing is most likely that one.
        if resident.index not in found.rows and not strangers:
            what = f"no row for {quoted(resident.id)} ({resident.name})"
            faults.at_sheet(SHEET, what, "put the row back")
    found.gone = people.gone
    return found


def _read_row(
    problem: Problem, sheet: ReadSheet, columns: Columns, codes: Codes, row: int
) -> list[Meaning]:
    cells = []
    for part in range(len(problem.calendar.parts)):
        column = columns.parts[part]
        cells.append(codes.read(sheet.text(row, column), SHEET, row, column))
    return cells


def _rows(sheet: ReadSheet, columns: Columns, people: People) -> Iterator[int]:
    """The rows of people: not the empty ones, OPEN rows, or the coverage beneath."""
    for row in range(columns.header + 1, len(sheet.rows)):
        id, name = sheet.text(row, columns.id), sheet.text(row, columns.name)
        if name == COVERAGE_TITLES[0] and _is_coverage_header(sheet, row):
            return
        cells = [sheet.rows[row][c] for c in columns.parts.values() if c < len(sheet.rows[row])]
        filled = [value for value in cells if value not in (None, "")]
        if not id and not name and not filled:
            continue
        counts = bool(filled) and all(isinstance(value, int | float) for value in filled)
        if is_open_row(id, name) or (counts and not people.knows(name)):
            continue
        yield row


def _is_coverage_header(sheet: ReadSheet, row: int) -> bool:
    texts = {sheet.text(row, column) for column in range(len(sheet.rows[row]))}
    return set(COVERAGE_TITLES) <= texts


def _find_columns(problem: Problem, sheet: ReadSheet, faults: WorkbookFaults) -> Columns | None:
    header = sheet.find_header(*NAME_TITLES)
    if header is None:
        faults.at_sheet(SHEET, f"no row holds the titles {', '.join(NAME_TITLES)}", "put them back")
        return None
    row, titles = header
    parts = part_columns(problem, sheet, row, faults)
    if len(parts) < len(problem.calendar.parts):
        return None
    return Columns(row, titles[NAME_TITLES[0].casefold()], titles.get(ID_TITLE.casefold()), parts)
