"""What people really do to a workbook, one edit a line: read back right, or reported by cell."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils.datetime import to_excel

from scheduler.input.faults import BadInput
from scheduler.workbook.read import read_workbook
from tests.workbook.conftest import Case
from tests.workbook.edits import cell_of, edited, header_row
from tests.workbook.recalculate import saved_by_libreoffice

Change = Callable[[Case, openpyxl.Workbook], object]
#: Resident index and part index.
Place = tuple[int, int]
ANYTHING_BUT_MICU = frozenset({"anything but MICU"})


@dataclass(frozen=True)
class Edit:
    """A change with what it must be read as; every other cell stays as it was."""

    change: Change
    cells: Mapping[Place, str] = field(default_factory=dict)
    undecided: Mapping[Place, frozenset[str]] = field(default_factory=dict)
    faults: Mapping[Place, str] = field(default_factory=dict)
    rows: tuple[int, ...] = ()
    columns: tuple[int, ...] = ()


def typing(place: Place, text: str | None) -> Change:
    """``text`` typed into one cell; None clears it."""

    def change(case: Case, book: openpyxl.Workbook) -> None:
        cell_of(case, book["Schedule"], *place).value = text

    return change


def typed(place: Place, text: str | None, code: str) -> Edit:
    """Read as ``code``."""
    return Edit(typing(place, text), cells={place: code})


def half_decided(place: Place, text: str, *allowed: str) -> Edit:
    """Read as empty, with ``allowed`` left open."""
    return Edit(typing(place, text), {place: ""}, {place: frozenset(allowed)})


def misspelt(place: Place, text: str, said: str) -> Edit:
    """Reported at its cell with ``said``."""
    return Edit(typing(place, text), faults={place: said})


def _clear_row(case: Case, book: openpyxl.Workbook) -> None:
    for part in range(len(case.problem.calendar.parts)):
        cell_of(case, book["Schedule"], 3, part).value = None


def _clear_column(case: Case, book: openpyxl.Workbook) -> None:
    for resident in range(len(case.problem.residents)):
        cell_of(case, book["Schedule"], resident, 7).value = "   "


def _paint(_: Case, book: openpyxl.Workbook) -> None:
    sheet = book["Schedule"]
    for row in sheet.iter_rows(header_row(sheet) + 1, header_row(sheet) + 4, 4, 12):
        for cell in row:
            cell.fill = PatternFill("solid", fgColor="FF00FF")
            cell.font = Font(bold=True, color="00FF00")
            cell.number_format = "General"


def _annotate(case: Case, book: openpyxl.Workbook) -> None:
    cell_of(case, book["Schedule"], 0, 0).comment = Comment("MICU?", "a chief")
    book["Schedule"].merge_cells(start_row=1, start_column=1, end_row=1, end_column=8)


def _reformat_names(_: Case, book: openpyxl.Workbook) -> None:
    sheet = book["Schedule"]
    for row in range(header_row(sheet) + 1, header_row(sheet) + 9):
        last, _comma, first = str(sheet.cell(row, 1).value).partition(", ")
        sheet.cell(row, 1).value = f"{first} {last}".upper()


def _write_dates_as_text(_: Case, book: openpyxl.Workbook) -> None:
    sheet = book["Schedule"]
    for cell in sheet[header_row(sheet)]:
        if isinstance(cell.value, datetime):
            day = cell.value
            cell.number_format = "General"
            cell.value = f"{day:%m/%d/%Y}" if day.month % 2 else f"{day:%Y-%m-%d}"


def _like_google(_: Case, book: openpyxl.Workbook) -> None:
    """A downloaded Google sheet: a grid of 1000 rows, dates as plain numbers, no dropdowns,
    hidden columns in sight, and the layers where people can see them."""
    for sheet in book:
        sheet.sheet_state = "visible"
        sheet.cell(1000, sheet.max_column + 6).number_format = "General"
        sheet.data_validations.dataValidation = []
        for column in sheet.column_dimensions.values():
            column.hidden = False
    for cell in book["Schedule"][header_row(book["Schedule"])]:
        if isinstance(cell.value, datetime):
            cell.value, cell.number_format = to_excel(cell.value), "General"


def _hide(_: Case, book: openpyxl.Workbook) -> None:
    sheet = book["Schedule"]
    sheet.column_dimensions["F"].hidden = True
    sheet.row_dimensions[header_row(sheet) + 3].hidden = True


def _sort(case: Case, book: openpyxl.Workbook) -> None:
    sheet = book["Schedule"]
    top, people = header_row(sheet), len(case.problem.residents)
    rows = [[c.value for c in row] for row in sheet.iter_rows(top + 1, top + people)]
    random.Random(1).shuffle(rows)
    for number, row in enumerate(rows, start=top + 1):
        for column, value in enumerate(row, start=1):
            sheet.cell(number, column).value = value


def _insert(_: Case, book: openpyxl.Workbook) -> None:
    sheet = book["Schedule"]
    sheet.insert_cols(9, 2)
    sheet.insert_cols(2)
    sheet.insert_rows(header_row(sheet) + 5)
    sheet.insert_rows(1, 3)
    sheet.cell(header_row(sheet), 2).value = "Notes"
    sheet.cell(header_row(sheet) + 1, 2).value = "MICU, of all places"


def _remove_ids(_: Case, book: openpyxl.Workbook) -> None:
    sheet = book["Schedule"]
    titles = [cell.value for cell in sheet[header_row(sheet)]]
    sheet.delete_cols(titles.index("Id") + 1)


#: In an order in which they can all be made to one workbook.
EDITS: Mapping[str, Edit] = {
    "another code": typed((5, 9), "MICU", "MICU"),
    "lower case": typed((0, 0), "micu", "MICU"),
    "blanks around": typed((0, 1), "  MICU ", "MICU"),
    "a blank inside": typed((0, 2), "Mi Cu", "MICU"),
    "a hard blank": typed((0, 3), " mi\u00a0cu ", "MICU"),
    "vacation": typed((0, 4), "vac", "VAC"),
    "a cell cleared": typed((0, 5), None, ""),
    "blanks alone": typed((0, 6), "  ", ""),
    "one of two": half_decided((1, 0), "BIG, MICU", "BIG", "MICU"),
    "one of two, carelessly": half_decided((1, 1), "big ,micu", "BIG", "MICU"),
    "a tag or vacation": half_decided((1, 2), "icu, VAC", "MICU", "CCU", "VAC"),
    "anything but": half_decided((1, 3), "!MICU", *ANYTHING_BUT_MICU),
    "a misspelt code": misspelt((2, 2), "MCIU", "'MCIU' is not a rotation; did you mean 'MICU'?"),
    "one of two misspelt": misspelt(
        (2, 4), "BIG, CCX", "'CCX' is not a rotation; did you mean 'CCU'?"
    ),
    "anything but what?": misspelt(
        (2, 6), "!NIHGT", "'NIHGT' is not a rotation; did you mean 'NIGHT'?"
    ),
    "a row cleared": Edit(_clear_row, rows=(3,)),
    "a column cleared": Edit(_clear_column, columns=(7,)),
    "cells painted": Edit(_paint),
    "a note, a merged title": Edit(_annotate),
    "names turned round, in capitals": Edit(_reformat_names),
    "dates as text": Edit(_write_dates_as_text),
    "as Google saves it": Edit(_like_google),
    "a column and a row hidden": Edit(_hide),
    "rows sorted": Edit(_sort),
    "columns and rows inserted": Edit(_insert),
}
UNDERSTOOD = {name: edit for name, edit in EDITS.items() if not edit.faults}


def _is_right(case: Case, path: Path, *edits: Edit) -> None:
    """What is read from ``path`` is the schedule with all of ``edits``, and its locks."""
    wanted = [list(row) for row in case.schedule.cells]
    undecided: dict[Place, frozenset[str]] = {}
    for edit in edits:
        for (resident, part), code in edit.cells.items():
            wanted[resident][part] = code
        for resident in edit.rows:
            wanted[resident] = [""] * len(wanted[resident])
        for part in edit.columns:
            for row in wanted:
                row[part] = ""
        undecided |= edit.undecided
    others = frozenset({*case.problem.rotations, "VAC"} - {"MICU"})
    back = read_workbook(path, case.problem)
    assert back.schedule.cells == tuple(map(tuple, wanted))
    statuses, were = (
        {key: duty.status for key, duty in schedule.duties.items()}
        for schedule in (back.schedule, case.schedule)
    )
    assert statuses == were
    assert back.undecided == {
        place: others if allowed == ANYTHING_BUT_MICU else allowed
        for place, allowed in undecided.items()
    }
    assert back.locks == read_workbook(case.path, case.problem).locks


def _is_reported(case: Case, path: Path, *edits: Edit) -> None:
    """Every fault of ``edits`` is reported by its cell, all at once."""
    sheet = openpyxl.load_workbook(path)["Schedule"]
    with pytest.raises(BadInput) as caught:
        read_workbook(path, case.problem)
    assert caught.value.lines == [
        f"{path.name}, Schedule!{cell_of(case, sheet, *place).coordinate}: {said}"
        for edit in edits
        for place, said in edit.faults.items()
    ]


@pytest.mark.parametrize("name", list(EDITS))
def test_an_edit_is_read_right_or_reported_by_cell(name: str, valid: Case, tmp_path: Path) -> None:
    """Each of them alone."""
    edit = EDITS[name]
    path = edited(valid, tmp_path / "schedule.xlsx", lambda book: edit.change(valid, book))
    (_is_reported if edit.faults else _is_right)(valid, path, edit)


@pytest.mark.parametrize("suffix", [".xlsx", ".xlsm"])
def test_all_that_is_understood_at_once(suffix: str, valid: Case, tmp_path: Path) -> None:
    """A chief's whole afternoon, as a workbook and as one with macros."""
    path = edited(valid, tmp_path / f"schedule{suffix}", lambda book: _make(valid, book))
    _is_right(valid, path, *UNDERSTOOD.values())


def test_a_copy_that_libreoffice_saved(valid: Case, tmp_path: Path) -> None:
    """As it was written, and after the afternoon."""
    _is_right(valid, saved_by_libreoffice(valid.path, tmp_path / "plain"))
    path = edited(valid, tmp_path / "schedule.xlsx", lambda book: _make(valid, book))
    _is_right(valid, saved_by_libreoffice(path, tmp_path / "edited"), *UNDERSTOOD.values())


def test_all_faults_at_once(valid: Case, tmp_path: Path) -> None:
    """Whatever else was done, each cell that cannot be understood is named."""
    wrong = [edit for edit in EDITS.values() if edit.faults]

    def change(book: openpyxl.Workbook) -> None:
        for edit in (*wrong, EDITS["lower case"], EDITS["anything but"]):
            edit.change(valid, book)

    _is_reported(valid, edited(valid, tmp_path / "schedule.xlsx", change), *wrong)


def test_without_the_column_of_ids(valid: Case, tmp_path: Path) -> None:
    """Exact names do."""
    path = edited(valid, tmp_path / "schedule.xlsx", lambda book: _remove_ids(valid, book))
    _is_right(valid, path)


def _make(case: Case, book: openpyxl.Workbook) -> None:
    for edit in UNDERSTOOD.values():
        edit.change(case, book)
