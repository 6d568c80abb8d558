"""The Per resident sheet as LibreOffice computes it: whoever is chosen, their year appears."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from scheduler.workbook.book import BAD, GOOD, MISSED
from scheduler.workbook.layout import Layout
from scheduler.workbook.sheets.per_resident import SHEET, _cut, _rows_of, labels
from tests.workbook.conftest import Case, Saved
from tests.workbook.edits import edited, header_row
from tests.workbook.recalculate import recalculated


def _stays(sheet: Any) -> list[tuple[Any, ...]]:
    return [row[:4] for row in sheet.iter_rows(min_row=10, values_only=True) if row[3]]


def _expected(case: Case, resident: int) -> list[tuple[Any, ...]]:
    codes, found = case.schedule.cells[resident], []
    parts = case.problem.calendar.parts
    for code, run in groupby(parts, key=lambda part: codes[part.index]):
        stay = list(run)
        days = sum(part.days for part in stay)
        found.append((stay[0].first, stay[-1].last, round(days / 7, 1), code))
    return found


def _plain(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [(a.date(), b.date(), weeks, code) for a, b, weeks, code in rows]


def test_every_status_has_its_colour(valid: Case) -> None:
    """Green, red and amber, as on Requirements; what is due later stays plain."""
    found = openpyxl.load_workbook(valid.path)[SHEET].conditional_formatting
    (rules,) = [one.rules for one in found if str(one.sqref).startswith("K10")]
    colours = {str(one.text): str(one.dxf.fill.bgColor.rgb)[-6:] for one in rules}
    red, amber = BAD["bg_color"], MISSED["bg_color"]
    assert colours == {"ok": GOOD["bg_color"], "SHORT": red, "OVER": red, "low": amber,
                       "high": amber}  # fmt: skip


def test_the_year_of_a_chosen_name(valid: Case, tmp_path: Path) -> None:
    """Another name is chosen: stays, facts and requirements follow."""
    layout = Layout(valid.problem, valid.schedule)
    label, ident = labels(layout)[-1]
    person = next(one for one in valid.problem.residents if one.id == ident)

    def choose(book: openpyxl.Workbook) -> None:
        book[SHEET]["D1"] = label

    sheet = recalculated(edited(valid, tmp_path / "chosen.xlsx", choose), tmp_path)[SHEET]
    assert _plain(_stays(sheet)) == _expected(valid, person.index)
    assert sheet["D2"].value == ident
    assert (sheet["D4"].value, sheet["D5"].value) == (str(person.pgy), person.track)
    owed = list(openpyxl.load_workbook(valid.path)["Requirements"].values)
    wanted = [row[3] for row in owed[1:] if row[10] == ident]
    shown = [row[6] for row in sheet.iter_rows(min_row=10, values_only=True) if row[6]]
    assert shown[: len(wanted)] == wanted
    requests = openpyxl.load_workbook(valid.path)["Requests"].values
    results = [str(row[6]) for row in requests if row[10] == ident]
    title, *told = shown[len(wanted) :]
    assert str(title).startswith("Wishes")
    said = str(told[0]).splitlines()
    assert [line.split(":")[0] for line in said] == (results or ["no wishes"])


def test_values_in_a_new_file_are_those_computed(valid: Case, unedited: Saved) -> None:
    """Viewers that do not calculate show what the formulas say."""
    stored = openpyxl.load_workbook(valid.path, data_only=True)[SHEET]
    computed = unedited.book[SHEET]
    for row in computed.iter_rows():
        for cell in row:
            before = stored[cell.coordinate].value
            if isinstance(cell.value, float):
                assert before == pytest.approx(cell.value), cell.coordinate
            else:
                assert (before or "") == (cell.value or ""), cell.coordinate


def test_an_edit_of_schedule_is_followed(valid: Case, tmp_path: Path) -> None:
    """The first week of the chosen person is overwritten, and the first stay is that."""
    ident = labels(Layout(valid.problem, valid.schedule))[0][1]
    index = next(one.index for one in valid.problem.residents if one.id == ident)

    def change(book: openpyxl.Workbook) -> None:
        sheet = book["Schedule"]
        top = header_row(sheet)
        ids = [cell.value for cell in sheet[top]].index("Id") + 1
        row = next(r for r in range(top + 1, 99) if sheet.cell(r, ids).value == ident)
        sheet.cell(row, 4).value = "NEW"

    sheet = recalculated(edited(valid, tmp_path / "edited.xlsx", change), tmp_path)[SHEET]
    first = _plain(_stays(sheet))[0]
    part = valid.problem.calendar.parts[0]
    assert first == (part.first, part.last, round(part.days / 7, 1), "NEW")
    assert valid.schedule.cells[index][0] != "NEW"


def test_wishes_are_never_cut_silently(valid: Case) -> None:
    """Room for the longest list of wishes, on the sheet and on paper; what a cell cannot hold
    is counted."""
    few, many = "granted: ICU", "\n".join(f"granted: {number} {'x' * 90}" for number in range(500))
    assert (_rows_of(few), _rows_of(many)) == (1, 1000)
    assert _cut(few) == few
    kept = _cut(many).split("\n")
    assert kept[-1] == f"and {500 - len(kept) + 1} more: see the sheet Requests"
    sheet = openpyxl.load_workbook(valid.path)[SHEET]
    (merged,) = sheet.merged_cells.ranges
    last = int(str(sheet.print_area).rsplit("$", 1)[1])
    assert merged.max_row <= last
