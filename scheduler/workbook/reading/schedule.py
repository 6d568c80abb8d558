"""The Schedule sheet read back: every person's cells, found by name, id and date."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from scheduler.input.faults import quoted
from scheduler.problem.problem import Problem
from scheduler.workbook.reading.codes import Codes, Meaning
from scheduler.workbook.reading.opened import ReadSheet, WorkbookFaults, as_day
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


def read_cells(
    problem: Problem, sheet: ReadSheet, faults: WorkbookFaults
) -> dict[int, list[Meaning]]:
    """What each cell of each resident says, by resident index; faults for all that is wrong."""
    columns = _find_columns(problem, sheet, faults)
    if columns is None:
        return {}
    codes, people = Codes(problem, faults), People(problem, faults)
    found: dict[int, list[Meaning]] = {}
    rows: dict[int, int] = {}
    strangers = False
    for row in _rows(sheet, columns, people):
        place = Place(SHEET, row, columns.name, columns.id)
        id, name = sheet.text(row, columns.id), sheet.text(row, columns.name)
        resident = people.find(place, id, name)
        if resident is None:
            strangers = True
            continue
        if resident.index in found:
            what = f"{quoted(id or name)} stands in rows {rows[resident.index] + 1} and {row + 1}"
            faults.at_cell(SHEET, row, place.column, what, "remove one of them")
            continue
        rows[resident.index] = row
        found[resident.index] = _read_row(problem, sheet, columns, codes, row)
    for resident in problem.residents:
        # Where a row is nobody's, the row that is missing is most likely that one.
        if resident.index not in found and not strangers:
            what = f"no row for {quoted(resident.id)} ({resident.name})"
            faults.at_sheet(SHEET, what, "put the row back")
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
    parts = _part_columns(problem, sheet, row, faults)
    if len(parts) < len(problem.calendar.parts):
        return None
    return Columns(row, titles[NAME_TITLES[0].casefold()], titles.get(ID_TITLE.casefold()), parts)


def _part_columns(
    problem: Problem, sheet: ReadSheet, row: int, faults: WorkbookFaults
) -> dict[int, int]:
    """The column of each part, by the date at its head; faults where one is missing or doubled."""
    parts = {part.first: part.index for part in problem.calendar.parts}
    found: dict[int, int] = {}
    for column, value in enumerate(sheet.rows[row]):
        day = as_day(value)
        if day is None:
            continue
        if day not in parts:
            faults.at_cell(
                sheet.name, row, column, f"{day} is no first day of a column", _todo(problem)
            )
        elif parts[day] in found:
            faults.at_cell(
                sheet.name, row, column, f"{day} heads two columns", "remove one of them"
            )
        else:
            found[parts[day]] = column
    missing = [day for day, index in parts.items() if index not in found]
    if len(missing) == len(parts):
        faults.at_sheet(sheet.name, "no column is headed by a date of this year", _todo(problem))
    elif missing:
        faults.at_sheet(sheet.name, f"no column for {_listed(missing)}", "put the date back")
    return found


def _todo(problem: Problem) -> str:
    return f"this program's year is {problem.calendar.first} to {problem.calendar.last}"


def _listed(days: list[date]) -> str:
    return ", ".join(map(str, days[:5])) + (f" and {len(days) - 5} more" if len(days) > 5 else "")
