"""The hidden Layers sheet read back: grids, locks and what vacated blocks allow."""

from __future__ import annotations

from dataclasses import dataclass, field

from scheduler.input.faults import quoted
from scheduler.problem.problem import Problem
from scheduler.workbook.facts import FORMAT
from scheduler.workbook.reading.codes import Codes, Meaning
from scheduler.workbook.reading.opened import ReadSheet, WorkbookFaults, as_day
from scheduler.workbook.sheets.layers import FORMAT_TITLE, LOCK, SHEET, TITLES, VACATED

Key = tuple[int, int]


@dataclass
class Layers:
    """By resident index and part index; ``grids`` by resident index."""

    grids: dict[int, str] = field(default_factory=dict)
    locks: dict[Key, str] = field(default_factory=dict)
    vacated: dict[Key, frozenset[str]] = field(default_factory=dict)


def read_layers(problem: Problem, sheet: ReadSheet | None, faults: WorkbookFaults) -> Layers:
    """What the layers hold; nothing where somebody removed the sheet."""
    found = Layers()
    if sheet is None or not _known_format(sheet, faults):
        return found
    header = sheet.find_header(*TITLES)
    if header is None:
        return found
    top, titles = header
    ids, grids, layers = (titles[title.casefold()] for title in TITLES)
    days = {part.first: part.index for part in problem.calendar.parts}
    columns = {
        column: days[day]
        for column, value in enumerate(sheet.rows[top])
        if (day := as_day(value)) in days
    }
    codes = Codes(problem, faults)
    for row in range(top + 1, len(sheet.rows)):
        resident = problem.resident_by_id.get(sheet.text(row, ids))
        if resident is None:
            continue
        found.grids[resident.index] = sheet.text(row, grids)
        for column, part in columns.items():
            text = sheet.text(row, column)
            if not text:
                continue
            meaning = codes.read(text, SHEET, row, column)
            if sheet.text(row, layers) == LOCK:
                found.locks[resident.index, part] = text
            elif sheet.text(row, layers) == VACATED:
                found.vacated[resident.index, part] = _allowed(meaning)
    return found


def _allowed(meaning: Meaning) -> frozenset[str]:
    return frozenset({meaning.code}) if meaning.allowed is None else meaning.allowed


def _known_format(sheet: ReadSheet, faults: WorkbookFaults) -> bool:
    """An unknown format is refused with what to do."""
    if not sheet.rows or sheet.text(0, 0) != FORMAT_TITLE:
        return True
    shown = sheet.text(0, 1)
    if shown == str(FORMAT):
        return True
    return faults.at_file(
        f"has workbook format {quoted(shown)}, this scheduler reads format {FORMAT}",
        "use the version of the scheduler that wrote it",
    )
