"""The hidden Layers sheet read back: grids, locks and what vacated blocks allow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scheduler.input.faults import quoted
from scheduler.problem.problem import Problem
from scheduler.workbook.facts import FORMAT
from scheduler.workbook.reading.codes import Codes
from scheduler.workbook.reading.columns import found_columns
from scheduler.workbook.reading.opened import ReadSheet, WorkbookFaults, as_day
from scheduler.workbook.sheets.layers import FORMAT_TITLE, LOCK, SHEET, TITLES, VACATED

Key = tuple[int, int]


@dataclass
class Layers:
    """By resident index and part index; ``grids`` by resident index.

    ``locked`` are the codes that the text of each lock allows.
    """

    grids: dict[int, str] = field(default_factory=dict)
    locks: dict[Key, str] = field(default_factory=dict)
    locked: dict[Key, frozenset[str]] = field(default_factory=dict)
    vacated: dict[Key, frozenset[str]] = field(default_factory=dict)


def read_layers(
    problem: Problem,
    sheet: ReadSheet | None,
    ids: Mapping[str, int],
    codes: Codes,
    faults: WorkbookFaults,
) -> Layers:
    """What the layers hold; nothing where somebody removed the sheet.

    ``ids`` are the ids of the Schedule sheet with the indices of the residents meant.
    """
    found = Layers()
    if sheet is None or not _known_format(sheet, faults):
        return found
    header = sheet.find_header(*TITLES)
    if header is None:
        return found
    top, titles = header
    names, grids, layers = (titles[title.casefold()] for title in TITLES)
    heads = {day: c for c, value in enumerate(sheet.rows[top]) if (day := as_day(value))}
    columns = found_columns(problem, heads, faults.lenient)
    for row in range(top + 1, len(sheet.rows)):
        index = ids.get(sheet.text(row, names))
        if index is None:
            continue
        found.grids[index] = sheet.text(row, grids)
        for part, column in columns.items():
            text = sheet.text(row, column)
            if not text:
                continue
            allowed = codes.lock(text, SHEET, row, column)
            if sheet.text(row, layers) == LOCK:
                found.locks[index, part] = text
                found.locked[index, part] = allowed
            elif sheet.text(row, layers) == VACATED:
                found.vacated[index, part] = allowed
    return found


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
