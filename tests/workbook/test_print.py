"""The Print sheet: every stay once on each page it touches, every level from a page of its own."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.cell import range_boundaries
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


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """A hospital whose people fill more than a page, over a whole year."""
    problem, schedule = hospital({1: 34, 2: 24}, visitors=3, electives=12)
    return written(problem, schedule, tmp_path_factory.mktemp("large"))


@pytest.fixture(scope="module")
def book(large: Case) -> openpyxl.Workbook:
    """Its workbook."""
    return openpyxl.load_workbook(large.path)


def test_pages_end_between_levels_and_at_half_of_the_year(
    large: Case, book: openpyxl.Workbook
) -> None:
    """Nobody's level shares a page with another, and no stay is cut by the edge of one."""
    found = book[SHEET]
    layout = Layout(large.problem, large.schedule)
    half = middle(layout) + 2
    assert [one.id for one in found.col_breaks.brk] == [half]
    for merged in found.merged_cells.ranges:
        assert merged.max_col <= half or merged.min_col > half
    sizes = [len(people) for people in levels_in_order(layout).values()]
    ends = [3 + sum(sizes[:n]) + n for n in range(1, len(sizes))]
    assert [one.id for one in found.row_breaks.brk] == ends
    # Excel minds no breaks where it is to fit pages.
    assert not found.sheet_properties.pageSetUpPr.fitToPage
    assert found.page_setup.orientation == "landscape"


def test_a_small_program_is_printed_on_one_page(sheet: Worksheet) -> None:
    """Four levels of three people each are not four pages."""
    assert not sheet.row_breaks.brk
    assert len(sheet.col_breaks.brk) == 1


def test_codes_stand_together_on_paper(tmp_path: Path) -> None:
    """Where the last level leaves no room for them, they begin a page."""
    case = written(*hospital({1: 40}, visitors=0, electives=12), tmp_path)
    found = openpyxl.load_workbook(case.path)[SHEET]
    codes = next(row for row in range(1, 99) if found.cell(row, 1).value == "Codes")
    assert [one.id for one in found.row_breaks.brk] == [codes - 2]


def _scale(sheet: Worksheet) -> float:
    """Percent at which ``sheet`` is printed by Excel; columns of a repeated name count once."""
    if not sheet.sheet_properties.pageSetUpPr.fitToPage:
        return float(sheet.page_setup.scale or 100)
    area = sheet.print_area.split("!")[-1] if sheet.print_area else sheet.dimensions
    _, _, last, _ = range_boundaries(area.replace("$", ""))
    spans = [one for one in sheet.column_dimensions.values() if not one.hidden]
    wide = sum(
        (one.width + 0.7) * (min(last, one.max) - one.min + 1) for one in spans if one.min <= last
    )
    room = {"1": 94, "3": 150}[str(sheet.page_setup.paperSize)]
    if sheet.page_setup.orientation == "portrait":
        room *= 0.63
    return min(100, 100 * room * int(sheet.page_setup.fitToWidth or 1) / wide)


@pytest.mark.parametrize("name", ["Schedule", "Coverage", "Print", "Per rotation", "Per block",
                                  "Requirements", "Per requirement", "Fairness", "Requests",
                                  "Holidays", "Per holiday", "Checks"])  # fmt: skip
def test_printed_letters_can_be_read(book: openpyxl.Workbook, name: str) -> None:
    """Cells are written at nine points or more; at half of their size nobody reads them."""
    assert _scale(book[name]) >= 55


@pytest.mark.parametrize(
    ("name", "lines", "instead"),
    [
        ("Requirements", 125, "Per requirement and Per resident"),
        ("Holidays", 75, "Per holiday"),
        ("Long", 150, "Print and Per rotation"),
    ],
)
def test_a_long_list_prints_its_first_page(
    book: openpyxl.Workbook, valid: Case, name: str, lines: int, instead: str
) -> None:
    """It says what to print instead of the rest; a short list is printed whole."""
    found = book[name]
    assert found.print_area.endswith(f"${lines + 1}")
    assert f"The first {lines} of {found.max_row - 1} lines." in str(found.oddHeader.left.text)
    assert instead in str(found.oddHeader.left.text)
    if name == "Holidays":
        assert openpyxl.load_workbook(valid.path)[name].oddHeader.left.text is None


def test_coverage_rows_of_schedule_stand_on_one_page(
    book: openpyxl.Workbook, tmp_path: Path
) -> None:
    """Where people fill the page they begin a new one, under a header of their own."""
    few = written(*hospital({1: 4}, visitors=0, electives=3), tmp_path)
    for some, breaks in ((openpyxl.load_workbook(few.path), 0), (book, 1)):
        sheet = some["Schedule"]
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
