"""Notes and red edges where a rule is missed, and the live line that says what is short."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from scheduler.workbook.marks import WISHES, marks
from tests.workbook.conftest import Case
from tests.workbook.edits import cell_of, edited, header_row
from tests.workbook.recalculate import recalculated


def test_a_broken_cell_tells_the_rule(valid: Case) -> None:
    """Every cell a hard rule finds fault with carries a red edge and the rule's sentence."""
    sheet = openpyxl.load_workbook(valid.path)["Schedule"]
    found = marks(valid.report)
    seen = 0
    for one in valid.report.hard_violations:
        if one.resident is None or not 0 < len(one.parts) <= 8:
            continue
        for part in one.parts:
            cell = cell_of(valid, sheet, one.resident, part)
            assert cell.comment is not None
            assert one.message[:40] in found.cells[one.resident, part]
            assert "Rule " in cell.comment.text
            assert cell.border.left.color is not None
            assert cell.border.left.color.rgb == "FFC00000"
            seen += 1
    assert seen


def test_cells_without_fault_are_plain_and_wishes_are_not_told(valid: Case) -> None:
    """No note where nothing is missed, and none that tells what somebody asked for."""
    sheet = openpyxl.load_workbook(valid.path)["Schedule"]
    found = marks(valid.report)
    noted = sum(cell.comment is not None for row in sheet.iter_rows() for cell in row)
    assert len(found.cells) <= noted <= len(found.cells) + len(found.people) + len(found.services)
    wishes = [one.message for one in valid.report.violations if one.kind == WISHES]
    texts = (*found.cells.values(), *found.people.values())
    assert wishes
    assert not any(one in text for one in wishes for text in texts)


def _line(book: openpyxl.Workbook) -> str:
    (text,) = [cell.value for cell in book["Schedule"][1][1:] if cell.value is not None]
    return str(text)


def test_the_line_on_top_follows_edits(valid: Case, tmp_path: Path) -> None:
    """What LibreOffice computes is what was written, and who is moved away is over no more."""
    stored = _line(openpyxl.load_workbook(valid.path, data_only=True))
    assert _line(recalculated(valid.path, tmp_path / "same")) == stored

    def move(book: openpyxl.Workbook) -> None:
        sheet = book["Schedule"]
        for row in range(header_row(sheet) + 1, header_row(sheet) + 13):
            for column in range(4, 30):
                sheet.cell(row, column).value = "NWH"

    path = edited(valid, tmp_path / "moved.xlsx", move)
    after = _line(recalculated(path, tmp_path / "moved"))
    assert "CARDS: residents OVER" in stored
    assert "CARDS: residents OVER" not in after
    assert after.startswith("Now: ")
