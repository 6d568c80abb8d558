"""The Jeopardy sheet read back: who is named as backup, week by week."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.input.faults import quoted
from scheduler.problem.calendar import Week
from scheduler.problem.problem import Problem
from scheduler.rules.backups import backup_grants
from scheduler.workbook.reading.opened import ReadSheet, WorkbookFaults, as_day
from scheduler.workbook.reading.people import People, Place, is_open_row
from scheduler.workbook.sheets.jeopardy import SHEET

#: The columns that are read; the others help people.
_NEEDED = ("Id", "Name", "Week", "From")


def read_backups(
    problem: Problem, sheet: ReadSheet | None, faults: WorkbookFaults
) -> frozenset[tuple[int, int]]:
    """Resident and week index of everyone named; nobody, and a note, where there is no sheet."""
    if sheet is None:
        if backup_grants(problem):
            who = "who is backup is open" if faults.lenient else "nobody is named as backup"
            faults.note(f" has no sheet {SHEET}: {who}")
        return frozenset()
    header = sheet.find_header(*_NEEDED)
    if header is None:
        titles = ", ".join(_NEEDED)
        faults.at_sheet(SHEET, f"no row holds the titles {titles}", "put them back")
        return frozenset()
    top, titles_at = header
    reader = _Reader(problem, sheet, titles_at, faults)
    rows = [reader.read(row) for row in range(top + 1, len(sheet.rows))]
    return frozenset(key for key in rows if key is not None)


@dataclass
class _Reader:
    """Reads one row after the other of the Jeopardy sheet."""

    problem: Problem
    sheet: ReadSheet
    titles: dict[str, int]
    faults: WorkbookFaults

    def __post_init__(self) -> None:
        self._people = People(self.problem, self.faults)
        self._by_number = {str(week.number): week for week in self.problem.calendar.weeks}
        self._by_day = {week.first: week for week in self.problem.calendar.weeks}

    def read(self, row: int) -> tuple[int, int] | None:
        """A row's resident and week; None where it is empty or (with a fault) wrong."""
        id, name = self._text(row, "id"), self._text(row, "name")
        if is_open_row(id, name) or not (id or name):
            return None
        place = Place(SHEET, row, self.titles["name"], self.titles["id"])
        resident = self._people.find(place, id, name)
        week = self._week(row)
        return None if resident is None or week is None else (resident.index, week.index)

    def _week(self, row: int) -> Week | None:
        """The week, by its number or its first day; a fault where the two differ."""
        number, shown = self._text(row, "week"), self._text(row, "from")
        column = self.titles["from"]
        value = self.sheet.rows[row][column] if column < len(self.sheet.rows[row]) else None
        day = as_day(value)
        by_number = self._by_number.get(number)
        by_day = None if day is None else self._by_day.get(day)
        if number and by_number is None:
            weeks = len(self._by_number)
            self._fault(row, "week", f"{quoted(number)} is no week", f"weeks are 1 to {weeks}")
        elif shown and by_day is None:
            what = f"{quoted(str(day or shown))} is not the first day of a week"
            self._fault(row, "from", what, "correct it, or leave it to the week's number")
        elif by_number is not None and by_day is not None and by_number is not by_day:
            what = f"week {number} does not begin on {by_day.first}"
            self._fault(row, "week", what, "correct one of them, or clear it")
        elif by_number is None and by_day is None:
            self._fault(row, "week", "no week is given", "write its number")
        else:
            return by_number or by_day
        return None

    def _fault(self, row: int, title: str, what: str, todo: str) -> None:
        self.faults.at_cell(SHEET, row, self.titles[title], what, todo)

    def _text(self, row: int, title: str) -> str:
        return self.sheet.text(row, self.titles[title])
