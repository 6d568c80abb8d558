"""Real-life edits: each is read back right, or reported by its cell, all at once."""

from __future__ import annotations

import random
import zipfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from scheduler.audit.audit import audit
from scheduler.input.faults import BadInput
from scheduler.problem.holiday import HolidayStatus
from scheduler.schedule.schedule import HolidayDuty
from scheduler.workbook.earlier import with_locks_of
from scheduler.workbook.read import read_workbook
from tests.workbook.conftest import Case
from tests.workbook.edits import cell_of, edited, header_row
from tests.workbook.recalculate import saved_by_libreoffice


def faults(case: Case, path: Path) -> list[str]:
    """Everything reported about ``path``."""
    with pytest.raises(BadInput) as caught:
        read_workbook(path, case.problem)
    return caught.value.lines


def test_a_changed_cell_is_read(valid: Case, tmp_path: Path) -> None:
    """A hand edit changes that cell and nothing else."""
    path = edited(
        valid,
        tmp_path / "s.xlsx",
        lambda wb: setattr(cell_of(valid, wb["Schedule"], 5, 9), "value", "MICU"),
    )
    cells = read_workbook(path, valid.problem).schedule.cells
    assert cells[5][9] == "MICU"
    changed = sum(a != b for new, old in zip(cells, valid.schedule.cells, strict=True)
                  for a, b in zip(new, old, strict=True))  # fmt: skip
    assert changed == (valid.schedule.cells[5][9] != "MICU")


TYPED = {"micu": "MICU", "  MICU ": "MICU", "Mi Cu": "MICU", "vac": "VAC", "": ""}
EVERYTHING_BUT_MICU = "everything but MICU"
HALF_DECIDED: dict[str, object] = {
    "BIG, MICU": {"BIG", "MICU"},
    "big,micu": {"BIG", "MICU"},
    "icu, VAC": {"MICU", "CCU", "VAC"},
    "!MICU": EVERYTHING_BUT_MICU,
}


def test_codes_as_people_type_them(valid: Case, tmp_path: Path) -> None:
    """Case and blanks do not matter, and an empty cell is undecided."""

    def change(workbook: openpyxl.Workbook) -> None:
        for part, text in enumerate(TYPED):
            cell_of(valid, workbook["Schedule"], 0, part).value = text

    cells = read_workbook(edited(valid, tmp_path / "s.xlsx", change), valid.problem).schedule.cells
    assert cells[0][: len(TYPED)] == tuple(TYPED.values())


def test_half_decided_cells(valid: Case, tmp_path: Path) -> None:
    """'WARD, MICU' means one of these, '!MICU' anything but; a tag means its rotations."""

    def change(workbook: openpyxl.Workbook) -> None:
        for part, text in enumerate(HALF_DECIDED):
            cell_of(valid, workbook["Schedule"], 1, part).value = text

    back = read_workbook(edited(valid, tmp_path / "s.xlsx", change), valid.problem)
    others = (set(valid.problem.rotations) | {"VAC"}) - {"MICU"}
    wanted = [others if one == EVERYTHING_BUT_MICU else one for one in HALF_DECIDED.values()]
    assert [back.undecided[1, part] for part in range(len(wanted))] == wanted
    assert set(back.schedule.cells[1][: len(wanted)]) == {""}


def test_unknown_codes_are_reported_by_cell_all_at_once(valid: Case, tmp_path: Path) -> None:
    """Every cell that cannot be understood is named, with what was probably meant."""
    places = []

    def change(workbook: openpyxl.Workbook) -> None:
        for part, text in ((2, "MCIU"), (4, "BIG, CCX"), (6, "!NIHGT")):
            cell = cell_of(valid, workbook["Schedule"], 2, part)
            cell.value = text
            places.append(cell.coordinate)

    path = edited(valid, tmp_path / "schedule.xlsx", change)
    assert faults(valid, path) == [
        f"schedule.xlsx, Schedule!{places[0]}: 'MCIU' is not a rotation; did you mean 'MICU'?",
        f"schedule.xlsx, Schedule!{places[1]}: 'CCX' is not a rotation; did you mean 'CCU'?",
        f"schedule.xlsx, Schedule!{places[2]}: 'NIHGT' is not a rotation; did you mean 'NIGHT'?",
    ]


def test_sorted_rows(valid: Case, tmp_path: Path) -> None:
    """Rows may stand in any order."""

    def shuffle(workbook: openpyxl.Workbook) -> None:
        sheet = workbook["Schedule"]
        top, people = header_row(sheet), len(valid.problem.residents)
        rows = [[c.value for c in row] for row in sheet.iter_rows(top + 1, top + people)]
        random.Random(1).shuffle(rows)
        for number, row in enumerate(rows, start=top + 1):
            for column, value in enumerate(row, start=1):
                sheet.cell(number, column).value = value

    back = read_workbook(edited(valid, tmp_path / "s.xlsx", shuffle), valid.problem)
    assert back.schedule == valid.schedule
    assert back.locks


def test_columns_inserted_and_hidden_rows_inserted(valid: Case, tmp_path: Path) -> None:
    """Week columns are found by their dates, the header by its titles."""

    def change(workbook: openpyxl.Workbook) -> None:
        sheet = workbook["Schedule"]
        sheet.insert_cols(2)
        sheet.insert_cols(9, 2)
        sheet.insert_rows(1, 3)
        sheet.insert_rows(12)
        sheet.cell(header_row(sheet), 2).value = "Notes"
        sheet.cell(header_row(sheet) + 1, 2).value = "MICU, of all places"
        sheet.column_dimensions["F"].hidden = True

    back = read_workbook(edited(valid, tmp_path / "s.xlsx", change), valid.problem)
    assert back.schedule == valid.schedule


def test_names_reformatted_and_id_column_gone(valid: Case, tmp_path: Path) -> None:
    """With an id the name may change; without ids exact names do."""

    def rename(workbook: openpyxl.Workbook) -> None:
        sheet = workbook["Schedule"]
        for row in range(header_row(sheet) + 1, header_row(sheet) + 9):
            last, _, first = str(sheet.cell(row, 1).value).partition(", ")
            sheet.cell(row, 1).value = f"{first} {last}".upper()

    def drop_ids(workbook: openpyxl.Workbook) -> None:
        sheet = workbook["Schedule"]
        titles = [cell.value for cell in sheet[header_row(sheet)]]
        sheet.delete_cols(titles.index("Id") + 1)

    for change in (rename, drop_ids):
        path = edited(valid, tmp_path / f"{change.__name__}.xlsx", change)
        assert read_workbook(path, valid.problem).schedule == valid.schedule


def test_dates_as_text(valid: Case, tmp_path: Path) -> None:
    """A program that made text or numbers of the header's dates does no harm."""

    def change(workbook: openpyxl.Workbook) -> None:
        sheet = workbook["Schedule"]
        for cell in sheet[header_row(sheet)]:
            if isinstance(cell.value, datetime):
                day = cell.value
                cell.number_format = "General"
                cell.value = f"{day:%m/%d/%Y}" if day.month % 2 else f"{day:%Y-%m-%d}"

    back = read_workbook(edited(valid, tmp_path / "s.xlsx", change), valid.problem)
    assert back.schedule == valid.schedule


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


# -- everything at once --------------------------------------------------------------------


def test_painted_cells_notes_and_filters(valid: Case, tmp_path: Path) -> None:
    """Colours, borders, notes, hidden rows and merged titles say nothing about the schedule."""

    def paint(workbook: openpyxl.Workbook) -> None:
        sheet = workbook["Schedule"]
        for row in sheet.iter_rows(header_row(sheet) + 1, header_row(sheet) + 4, 4, 12):
            for cell in row:
                cell.fill = PatternFill("solid", fgColor="FF00FF")
                cell.font = Font(bold=True, color="00FF00")
                cell.number_format = "General"
        cell_of(valid, sheet, 0, 0).comment = Comment("MICU?", "a chief")
        sheet.row_dimensions[header_row(sheet) + 3].hidden = True
        sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=8)

    back = read_workbook(edited(valid, tmp_path / "s.xlsx", paint), valid.problem)
    assert back.schedule == valid.schedule


def test_cells_rows_and_columns_cleared(valid: Case, tmp_path: Path) -> None:
    """What is cleared is undecided, all else is as it was."""

    def clear(workbook: openpyxl.Workbook) -> None:
        sheet = workbook["Schedule"]
        for part in range(len(valid.problem.calendar.parts)):
            cell_of(valid, sheet, 3, part).value = None
        for resident in range(len(valid.problem.residents)):
            cell_of(valid, sheet, resident, 7).value = "   "

    cells = read_workbook(edited(valid, tmp_path / "s.xlsx", clear), valid.problem).schedule.cells
    for index, (row, was) in enumerate(zip(cells, valid.schedule.cells, strict=True)):
        empty = range(len(row)) if index == 3 else (7,)
        assert row == tuple("" if part in empty else code for part, code in enumerate(was))


def _mess(case: Case, workbook: openpyxl.Workbook) -> None:
    """A chief's afternoon: sorted, inserted, hidden, renamed, retyped, painted, cleared."""
    sheet = workbook["Schedule"]
    top, people = header_row(sheet), len(case.problem.residents)
    cell_of(case, sheet, 0, 0).value = None
    cell_of(case, sheet, 1, 1).value = " mi\u00a0cu "
    cell_of(case, sheet, 2, 2).value = "big , CCU"
    cell_of(case, sheet, 4, 3).value = "!night"
    rows = [[c.value for c in row] for row in sheet.iter_rows(top + 1, top + people)]
    random.Random(3).shuffle(rows)
    for number, row in enumerate(rows, start=top + 1):
        for column, value in enumerate(row, start=1):
            sheet.cell(number, column).value = value
        sheet.cell(number, 1).value = str(row[0]).swapcase()
    sheet.insert_cols(4)
    sheet.insert_rows(1, 2)
    sheet.column_dimensions["H"].hidden = True
    sheet.cell(header_row(sheet) + 2, 6).fill = PatternFill("solid", fgColor="C00000")


def _read_after_the_mess(case: Case, path: Path) -> None:
    back = read_workbook(path, case.problem)
    wanted = [list(row) for row in case.schedule.cells]
    wanted[0][0], wanted[1][1], wanted[2][2], wanted[4][3] = "", "MICU", "", ""
    assert back.schedule.cells == tuple(map(tuple, wanted))
    everything = {*case.problem.rotations, "VAC"}
    assert back.undecided == {(2, 2): {"BIG", "CCU"}, (4, 3): everything - {"NIGHT"}}
    assert back.locks
    assert back.schedule.duties.keys() == case.schedule.duties.keys()


def test_all_of_it_at_once(valid: Case, tmp_path: Path) -> None:
    """A workbook after an afternoon of edits is read right, as .xlsx and as .xlsm."""
    for name in ("s.xlsx", "s.xlsm"):
        path = edited(valid, tmp_path / name, lambda workbook: _mess(valid, workbook))
        _read_after_the_mess(valid, path)


def test_a_copy_saved_by_libreoffice(valid: Case, tmp_path: Path) -> None:
    """Opened and saved by another program, before and after the edits, it is read the same."""
    as_written = saved_by_libreoffice(valid.path, tmp_path / "plain")
    back = read_workbook(as_written, valid.problem)
    assert back.schedule == valid.schedule
    assert back.locks == read_workbook(valid.path, valid.problem).locks
    messy = edited(valid, tmp_path / "mess.xlsx", lambda workbook: _mess(valid, workbook))
    _read_after_the_mess(valid, saved_by_libreoffice(messy, tmp_path / "messy"))


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
        "s.xlsx, Schedule!A5: 'ada ABBOTT' is nobody of this program; did you mean 'Abbott, Ada'?",
        "s.xlsx, Schedule!A6: 'Ben Brandt' is nobody of this program; did you mean 'Brandt, Ben'?",
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
