"""The Print sheet: every stay once on each page it touches, every level from a page of its own."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from scheduler.workbook.book import lines_of
from scheduler.workbook.layout import Layout, middle
from scheduler.workbook.sheets.print_view import SHEET, levels_in_order
from scheduler.workbook.sheets.schedule_coverage import TITLES
from tests.workbook.conftest import Case, written
from tests.workbook.hospital import hospital

TITLE = TITLES[0]


@pytest.fixture(scope="module")
def sheet(valid: Case) -> Worksheet:
    """The Print sheet of the small hospital."""
    found = openpyxl.load_workbook(valid.path)[SHEET]
    assert isinstance(found, Worksheet)
    return found


def test_cells_spread_out_again_are_the_schedule(valid: Case, sheet: Worksheet) -> None:
    """Every merged cell holds one code, and undone they give everybody's year."""
    shown = {}
    for merged in sheet.merged_cells.ranges:
        for row, column in merged.cells:
            shown[row, column] = sheet.cell(merged.min_row, merged.min_col).value
    row = 4
    for people in levels_in_order(Layout(valid.problem, valid.schedule)).values():
        for at, resident in enumerate(people, start=row + 1):
            assert sheet.cell(at, 1).value == resident.name
            codes = valid.schedule.cells[resident.index]
            found = [shown.get((at, c), sheet.cell(at, c).value) for c in range(3, 3 + len(codes))]
            assert tuple(found) == codes
        row += 1 + len(people)


def test_pages_end_between_levels_and_at_half_of_the_year(valid: Case, sheet: Worksheet) -> None:
    """Nobody's level shares a page with another, and no stay is cut by the edge of one."""
    layout = Layout(valid.problem, valid.schedule)
    half = middle(layout) + 2
    assert [one.id for one in sheet.col_breaks.brk] == [half]
    for merged in sheet.merged_cells.ranges:
        assert merged.max_col <= half or merged.min_col > half
    sizes = [len(people) for people in levels_in_order(layout).values()]
    ends = [3 + sum(sizes[:n]) + n for n in range(1, len(sizes))]
    assert [one.id for one in sheet.row_breaks.brk] == ends
    # Excel minds no breaks where it is to fit pages.
    assert not sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.orientation == "landscape"


def test_coverage_rows_of_schedule_stand_on_one_page(tmp_path: Path) -> None:
    """Where people fill the page they begin a new one, under a header of their own."""
    for people, breaks in ((6, 0), (90, 1)):
        case = written(*hospital({1: people}, visitors=0, electives=3), tmp_path)
        sheet = openpyxl.load_workbook(case.path)["Schedule"]
        assert not sheet.sheet_properties.pageSetUpPr.fitToPage
        first = next(row for row in range(6, sheet.max_row) if sheet.cell(row, 1).value == TITLE)
        assert [one.id for one in sheet.row_breaks.brk] == [first - 1] * breaks
        assert [one.id for one in sheet.col_breaks.brk] == [3 + 26]


def test_lines_of_a_wrapped_text() -> None:
    """Narrow letters take less room than digits; a row is as high as its words, no higher."""
    assert lines_of("2026" * 5, 20) == 1
    assert lines_of("till little trifle", 12) == 1
    assert lines_of("from 2026-08-10 to 2026-08-23", 20) == 2
    assert lines_of("WWWW WWWW WWWW WWWW", 20) == 2
    assert lines_of("0" * 100, 20) == 5


def test_headers_repeat_and_every_page_is_stamped(valid: Case) -> None:
    """Each sheet's foot tells its name, the page, the version; headers stand on every page."""
    for sheet in openpyxl.load_workbook(valid.path):
        if sheet.sheet_state == "visible":
            foot = sheet.oddFooter
            assert foot.left.text == "&A", sheet.title
            assert "scheduler 0.1.0" in str(foot.right.text)
            assert sheet.print_title_rows, sheet.title
