"""The Per holiday sheet: who is off when, who works which, and who does so again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl

from scheduler.problem.holiday import HolidayStatus
from scheduler.problem.rotation import OVERLAY_CODES
from scheduler.workbook.sheets.holidays import AGAIN, holiday_titles
from scheduler.workbook.sheets.per_holiday import SHEET
from scheduler.workbook.sheets.per_resident import SHEET as PER_RESIDENT
from tests.workbook.conftest import Case, Saved
from tests.workbook.edits import edited
from tests.workbook.recalculate import recalculated


def _rows(book: openpyxl.Workbook) -> tuple[list[str], dict[str, dict[str, Any]]]:
    """The titles, and each person's cells by title, by id."""
    lines = list(book[SHEET].values)
    top = next(at for at, line in enumerate(lines) if line[0] == "Name")
    titles = [str(one) for one in lines[top]]
    rows = [dict(zip(titles, line, strict=True)) for line in lines[top + 1 :]]
    return titles, {str(row["Id"]): row for row in rows}


def _expected(case: Case, index: int, holiday: str) -> str:
    """What the schedule says of one person in one holiday, said here again."""
    resident = case.problem.residents[index]
    parts = next(one.parts for one in case.problem.holidays if one.name == holiday)
    duty = case.schedule.duties[index, holiday]
    own = dict.fromkeys(case.schedule.cells[index][part] for part in parts)
    own = {code: None for code in own if code not in OVERLAY_CODES}
    if duty.status is HolidayStatus.OFF:
        return "off"
    if duty.status is HolidayStatus.ON_SERVICE and not own:
        return "absent"
    pulled = duty.status is HolidayStatus.PULLED
    said = f"pulled: {duty.service}" if pulled else ", ".join(own)
    return said + (AGAIN if holiday in resident.worked_holidays else "")


def test_everybody_in_every_holiday(valid: Case) -> None:
    """Each cell tells off, own service or the service somebody is pulled to."""
    _, rows = _rows(openpyxl.load_workbook(valid.path, data_only=True))
    for resident in valid.problem.residents:
        for holiday, title in holiday_titles(valid.problem).items():
            expected = _expected(valid, resident.index, holiday)
            assert rows[resident.id][title] == expected, (resident.id, title)


def test_an_edit_of_holidays_is_followed(valid: Case, tmp_path: Path) -> None:
    """Somebody off is pulled instead: the cell, their list and the counts above change."""
    title = next(iter(holiday_titles(valid.problem).values()))
    before = openpyxl.load_workbook(valid.path, data_only=True)
    ident = next(i for i, row in _rows(before)[1].items() if row[title] == "off")
    column = _rows(before)[0].index(title) + 1

    def change(book: openpyxl.Workbook) -> None:
        sheet = book["Holidays"]
        for row in range(2, sheet.max_row + 1):
            if (sheet.cell(row, 1).value, sheet.cell(row, 3).value) == (ident, title):
                sheet.cell(row, 4).value, sheet.cell(row, 5).value = "pulled", "MICU"
        person = next(one for one in valid.problem.residents if one.id == ident)
        book[PER_RESIDENT]["D1"] = person.name

    after = recalculated(edited(valid, tmp_path / "edited.xlsx", change), tmp_path)
    cells = _rows(after)[1][ident]
    assert str(cells[title]).startswith("pulled: MICU")
    assert f"{title} (pulled: MICU" in str(cells["Works"])
    counts = [(before[SHEET].cell(row, column).value, after[SHEET].cell(row, column).value)
              for row in (3, 5)]  # fmt: skip
    (off, off_now), (pulled, pulled_now) = counts
    assert (off_now, pulled_now) == (off - 1, pulled + 1)  # type: ignore[operator]
    sheet = after[PER_RESIDENT]
    facts = {sheet.cell(row, 1).value: sheet.cell(row, 4).value for row in range(1, 9)}
    assert f"{title} (pulled: MICU" in str(facts["Holidays worked"])


def test_values_in_a_new_file_are_those_computed(valid: Case, unedited: Saved) -> None:
    """Viewers that do not calculate show what the formulas say."""
    stored = openpyxl.load_workbook(valid.path, data_only=True)[SHEET]
    computed = unedited.book[SHEET]
    for row in computed.iter_rows():
        for cell in row:
            assert (stored[cell.coordinate].value or "") == (cell.value or ""), cell.coordinate
