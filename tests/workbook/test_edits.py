"""Rarer edits and damage, beside those of test_real_life_edits: read right or reported by cell."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from scheduler.audit.audit import audit
from scheduler.input.faults import BadInput
from scheduler.problem.holiday import HolidayStatus
from scheduler.schedule.schedule import HolidayDuty
from scheduler.workbook.earlier import with_locks_of
from scheduler.workbook.read import read_workbook
from tests.workbook.conftest import Case
from tests.workbook.edits import edited, header_row


def faults(case: Case, path: Path) -> list[str]:
    """Everything reported about ``path``."""
    with pytest.raises(BadInput) as caught:
        read_workbook(path, case.problem)
    return caught.value.lines


def test_people_missing_doubled_and_unknown(valid: Case, tmp_path: Path) -> None:
    """A row too few or too many is reported, never guessed."""

    def double(workbook: openpyxl.Workbook) -> None:
        sheet = workbook["Schedule"]
        top = header_row(sheet)
        for column, cell in enumerate(sheet[top + 1], start=1):
            sheet.cell(top + 2, column).value = cell.value

    def remove(workbook: openpyxl.Workbook) -> None:
        workbook["Schedule"].delete_rows(header_row(workbook["Schedule"]) + 1)

    def stranger(workbook: openpyxl.Workbook) -> None:
        sheet = workbook["Schedule"]
        row = header_row(sheet) + 1
        titles = [cell.value for cell in sheet[row - 1]]
        sheet.cell(row, 1).value = "Nobody, Known"
        sheet.cell(row, titles.index("Id") + 1).value = "R9999"

    def remove_two(workbook: openpyxl.Workbook) -> None:
        workbook["Schedule"].delete_rows(header_row(workbook["Schedule"]) + 1, 2)
        workbook["Schedule"].cell(header_row(workbook["Schedule"]) + 1, 4).value = "MCIU"

    assert len(faults(valid, edited(valid, tmp_path / "t.xlsx", remove_two))) == 3
    assert "'R001' stands in rows" in faults(valid, edited(valid, tmp_path / "d.xlsx", double))[0]
    gone = faults(valid, edited(valid, tmp_path / "r.xlsx", remove))
    assert gone == ["r.xlsx, Schedule: no row for 'R001' (Abbott, Ada); put the row back"]
    unknown = faults(valid, edited(valid, tmp_path / "u.xlsx", stranger))
    assert len(unknown) == 1
    assert "'R9999' is no id of this program" in unknown[0]


def test_one_column_sorted_alone(valid: Case, tmp_path: Path) -> None:
    """Names that no longer belong to their ids are noticed."""

    def change(workbook: openpyxl.Workbook) -> None:
        sheet = workbook["Schedule"]
        top = header_row(sheet)
        one, other = sheet.cell(top + 1, 1), sheet.cell(top + 2, 1)
        one.value, other.value = other.value, one.value

    found = faults(valid, edited(valid, tmp_path / "s.xlsx", change))
    assert len(found) == 2
    assert all("was only a part of the sheet sorted?" in fault for fault in found)


def test_dates_missing_doubled_and_wrong(valid: Case, tmp_path: Path) -> None:
    """A header that lost a date says which."""

    def change(workbook: openpyxl.Workbook) -> None:
        sheet = workbook["Schedule"]
        row = header_row(sheet)
        sheet.cell(row, 4).value = None
        sheet.cell(row, 6).value = sheet.cell(row, 5).value
        sheet.cell(row, 8).value = datetime(2026, 7, 28)

    found = faults(valid, edited(valid, tmp_path / "s.xlsx", change))
    assert [fault.split(": ", 1)[1] for fault in found] == [
        "2026-07-06 heads two columns; remove one of them",
        "2026-07-28 is no first day of a column; this program's year is 2026-06-29 to 2026-12-27",
        "no column for 2026-06-29, 2026-07-13, 2026-07-27; put the date back",
    ]


def test_holidays_are_read(valid: Case, tmp_path: Path) -> None:
    """A duty changed by hand counts, whatever its case."""
    key = next(k for k, d in valid.schedule.duties.items() if d.status is HolidayStatus.OFF)
    person, title = valid.problem.residents[key[0]], valid.problem.holiday_by_name[key[1]].title

    def change(workbook: openpyxl.Workbook) -> None:
        for row in workbook["Holidays"].iter_rows(min_row=2):
            if (row[0].value, row[2].value) == (person.id, title):
                row[3].value, row[4].value = "Pulled", "micu"

    duties = read_workbook(
        edited(valid, tmp_path / "s.xlsx", change), valid.problem
    ).schedule.duties
    assert duties[key] == HolidayDuty(HolidayStatus.PULLED, "MICU")
    assert {k: d for k, d in duties.items() if k != key} == {
        k: d for k, d in valid.schedule.duties.items() if k != key
    }


def test_holidays_that_cannot_be_understood(valid: Case, tmp_path: Path) -> None:
    """Holiday, status and service are each reported by cell."""

    def change(workbook: openpyxl.Workbook) -> None:
        sheet = workbook["Holidays"]
        sheet["C2"].value = "Chrismas"
        sheet["D3"].value = "of"
        sheet["D4"].value, sheet["E4"].value = "pulled", None
        sheet["D5"].value, sheet["E5"].value = "pulled", "MCIU"

    path = edited(valid, tmp_path / "s.xlsx", change)
    assert faults(valid, path) == [
        "s.xlsx, Holidays!C2: 'Chrismas' is not a holiday; did you mean 'Christmas'?",
        "s.xlsx, Holidays!D3: 'of' is not a status; did you mean 'off'?",
        "s.xlsx, Holidays!E4: who is pulled needs a service; write its code",
        "s.xlsx, Holidays!E5: 'MCIU' is not a rotation; did you mean 'MICU'?",
    ]


def test_layers_and_holidays_removed(valid: Case, tmp_path: Path) -> None:
    """Without the other sheets the cells are read, everyone on their own service."""

    def change(workbook: openpyxl.Workbook) -> None:
        for name in workbook.sheetnames:
            if name != "Schedule":
                del workbook[name]

    back = read_workbook(edited(valid, tmp_path / "s.xlsm", change), valid.problem)
    assert back.schedule.cells == valid.schedule.cells
    assert back.schedule.grids == valid.schedule.grids
    assert not back.locks
    assert {duty.status for duty in back.schedule.duties.values()} == {HolidayStatus.ON_SERVICE}


def test_without_the_sheet_schedule(valid: Case, tmp_path: Path) -> None:
    """A workbook of something else is refused."""

    def change(workbook: openpyxl.Workbook) -> None:
        workbook["Schedule"].title = "Year"

    path = edited(valid, tmp_path / "s.xlsx", change)
    assert faults(valid, path) == ["s.xlsx: has no sheet Schedule; give the sheet its name back"]


def test_unknown_format(valid: Case, tmp_path: Path) -> None:
    """A workbook of a later format is refused with what to do."""
    path = edited(valid, tmp_path / "s.xlsx", lambda wb: setattr(wb["Layers"]["B1"], "value", 2))
    assert "has workbook format '2', this scheduler reads format 1" in faults(valid, path)[0]


def _as_another_program_writes_it(case: Case, path: Path) -> Path:
    """Every value anew: text inside the cells, dates as text, no style, no table of strings."""
    old, new = openpyxl.load_workbook(case.path, data_only=True), openpyxl.Workbook()
    del new["Sheet"]
    for sheet in old:
        copy = new.create_sheet(sheet.title)
        for row in sheet.iter_rows():
            for cell in row:
                value = cell.value
                if isinstance(value, datetime):
                    value = f"{value:%Y-%m-%d}"
                if value is not None:
                    copy.cell(cell.row, cell.column).value = value
    new.save(path)
    return path


def test_a_copy_of_values_alone(valid: Case, tmp_path: Path) -> None:
    """Copies that keep nothing but values, as some spreadsheet programs save them, are read."""
    path = _as_another_program_writes_it(valid, tmp_path / "s.xlsx")
    with zipfile.ZipFile(path) as packed:
        assert b't="inlineStr"' in packed.read("xl/worksheets/sheet1.xml")
    back = read_workbook(path, valid.problem)
    assert back.schedule == valid.schedule
    assert back.locks == read_workbook(valid.path, valid.problem).locks


def test_names_turned_round_without_ids_are_reported_by_cell(valid: Case, tmp_path: Path) -> None:
    """Without an id only the exact name counts, and the message says which was meant."""

    def change(workbook: openpyxl.Workbook) -> None:
        sheet = workbook["Schedule"]
        top = header_row(sheet)
        sheet.delete_cols([cell.value for cell in sheet[top]].index("Id") + 1)
        for row, name in ((top + 1, "ada  ABBOTT"), (top + 2, "Ben Brandt")):
            sheet.cell(row, 1).value = name

    assert faults(valid, edited(valid, tmp_path / "s.xlsx", change)) == [
        "s.xlsx, Schedule!A7: 'ada ABBOTT' is nobody of this program; did you mean 'Abbott, Ada'?",
        "s.xlsx, Schedule!A8: 'Ben Brandt' is nobody of this program; did you mean 'Brandt, Ben'?",
    ]


def test_a_lock_that_stands_only_in_the_workbook_is_judged(valid: Case) -> None:
    """The program forgot its locks; the sheet Layers did not, and what differs is a finding."""
    rules = tuple(bound for bound in valid.problem.rules if bound.rule.rule != "lock")
    bare = replace(valid.problem, rules=rules)
    back = read_workbook(valid.path, bare)
    report = audit(with_locks_of(bare, back), back.schedule)
    found = {
        (finding.resident, part)
        for finding in report.hard_violations
        if finding.rule == "locks of schedule.xlsx"
        for part in finding.parts
    }
    cells = back.schedule.cells
    assert found
    assert found == {
        key for key, codes in back.locked.items() if cells[key[0]][key[1]] not in codes
    }
    assert with_locks_of(valid.problem, back).rules == valid.problem.rules, "all known already"
