"""A public workbook: everything that may be shared, and nothing else in any cell or part."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import openpyxl
import pytest

from scheduler.input.faults import BadInput
from scheduler.problem.rotation import LEAVE, VACATION
from scheduler.workbook.facts import NOT_VALID, RunFacts
from scheduler.workbook.read import read_earlier, read_workbook
from scheduler.workbook.write import write_workbook
from tests.workbook.conftest import Case
from tests.workbook.edits import cell_of

_SHEETS = (
    "Print",
    "Per rotation",
    "Per block",
    "Per resident",
    "Holidays",
    "Per holiday",
    "Legend",
    "Long",
    "About",
)
_PRIVATE = re.compile(rf"\b({VACATION}|{LEAVE}|request|denied|fairness)\b", re.IGNORECASE)


def _written(case: Case, folder: Path, status: str = "valid") -> Path:
    path = folder / "public.xlsx"
    facts = RunFacts(status=status, public=True, previous="old.xlsx", earlier=case.schedule)
    write_workbook(path, case.problem, case.schedule, case.report, facts)
    return path


@pytest.fixture
def public(valid: Case, tmp_path: Path) -> Path:
    """The small hospital's public workbook."""
    return _written(valid, tmp_path)


def test_off_stands_where_vacation_and_leave_were(valid: Case, public: Path) -> None:
    """Every other cell is the schedule's own (every fifth week is looked at)."""
    sheet = openpyxl.load_workbook(public)["Schedule"]
    for resident, row in enumerate(valid.schedule.cells):
        for part in range(0, len(row), 5):
            code = "OFF" if row[part] in (VACATION, LEAVE) else row[part]
            assert cell_of(valid, sheet, resident, part).value == code


def test_only_sheets_for_everyone_and_none_hidden(public: Path) -> None:
    """No requests, checks, fairness or layers; no hidden sheet."""
    book = openpyxl.load_workbook(public)
    assert book.sheetnames == ["Schedule", *_SHEETS]
    assert {sheet.sheet_state for sheet in book} == {"visible"}
    dimensions = book["Schedule"].column_dimensions
    assert not any(column.hidden for column in dimensions.values())


def test_nothing_private_in_any_cell(public: Path) -> None:
    """Neither the codes nor words about wishes, but for the sentence that says what is left out."""
    for sheet in openpyxl.load_workbook(public):
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.value is not None):
            if "left out" not in str(cell.value):
                assert not _PRIVATE.search(str(cell.value)), f"{sheet.title}!{cell.coordinate}"
            assert cell.comment is None


def test_nothing_private_in_the_file(public: Path) -> None:
    """Colour rules, dropdowns and properties name no hidden code either."""
    with zipfile.ZipFile(public) as packed:
        for part in packed.namelist():
            text = packed.read(part).decode("utf-8", "replace")
            assert not re.search(rf"\b({VACATION}|{LEAVE})\b", text), part


def test_locked_cells_look_like_all_others(public: Path) -> None:
    """A bold cell or border would tell what was decided for somebody."""
    sheet = openpyxl.load_workbook(public)["Schedule"]
    people = [row for row in sheet.iter_rows(min_col=4, max_col=20) if row[0].row > 6]
    assert not any(cell.font.b for row in people for cell in row)


@pytest.mark.parametrize("read", [read_workbook, read_earlier])
def test_it_says_that_it_cannot_be_read(valid: Case, public: Path, read: object) -> None:
    """Whatever was said of it would be wrong, so it is refused as a whole."""
    assert callable(read)
    with pytest.raises(BadInput) as caught:
        read(public, valid.problem)
    assert len(caught.value.lines) == 1
    assert "public.xlsx" in caught.value.lines[0]
    assert "is a public copy" in caught.value.lines[0]


def test_one_mark_is_enough(valid: Case, public: Path) -> None:
    """A copy without its About sheet, or with another headline, is known all the same."""
    for change in ("About", "Schedule"):
        book = openpyxl.load_workbook(public)
        if change == "About":
            del book["About"]
        else:
            book["Schedule"]["A1"] = "Our year"
        book.save(public.with_name(f"{change}.xlsx"))
        with pytest.raises(BadInput, match="public copy"):
            read_workbook(public.with_name(f"{change}.xlsx"), valid.problem)


def test_a_bad_schedule_says_so(valid: Case, tmp_path: Path) -> None:
    """NOT VALID stands in the headline of a public copy too."""
    book = openpyxl.load_workbook(_written(valid, tmp_path, NOT_VALID))
    assert NOT_VALID in str(book["Schedule"]["A1"].value)
