"""Notes and red edges where a rule is missed, and the live line that says what is short."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl

from scheduler.audit.audit import RuleFinding
from scheduler.audit.violation import Violation
from scheduler.problem.problem import Problem
from scheduler.rules.example import bind
from scheduler.schedule.schedule import Schedule
from scheduler.workbook.marks import WISHES, marks
from scheduler.workbook.write import write_workbook
from tests.workbook.colours import GREEN, PLAIN, RED, add_colours, colours_of
from tests.workbook.conftest import FACTS, Case, Saved, written
from tests.workbook.edits import cell_of, edited, header_row
from tests.workbook.hospital import make_rule
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
    return str(book["Schedule"]["D2"].value)


def test_the_line_on_top_follows_edits(valid: Case, unedited: Saved, tmp_path: Path) -> None:
    """What LibreOffice computes is what was written, and who is moved away is over no more."""
    stored = _line(openpyxl.load_workbook(valid.path, data_only=True))
    assert _line(unedited.book) == stored

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


def test_a_soft_shortage_is_told_as_a_wish(small: tuple[Problem, Schedule], tmp_path: Path) -> None:
    """Only wished: low instead of SHORT, on top and below, in a new file and recalculated."""
    problem, schedule = small
    options = {"rule": "coverage", "rotations": ["CARDS"], "minimum": 9, "weight": 1}
    wish = bind(make_rule(name="many-cards", **options), problem)
    case = written(replace(problem, rules=(wish,)), schedule, tmp_path)
    line = "Now: allowed, but not as wished: CARDS: residents (wished) low"
    books = (openpyxl.load_workbook(case.path, data_only=True), recalculated(case.path, tmp_path))
    for book in books:
        assert _line(book) == line
        assert book["Schedule"]["A2"].value == "Now: not as wished:"
        rows = list(book["Schedule"].iter_rows(values_only=True))
        assert ("CARDS: residents (wished)", "≥9", "low") in [row[:3] for row in rows]


def test_cells_that_formulas_cannot_count_are_said(valid: Case, tmp_path: Path) -> None:
    """A code with blanks around it, a half-decided and an empty cell; lower case is a code."""

    def change(book: openpyxl.Workbook) -> None:
        for resident, part, text in ((0, 1, " MICU "), (0, 2, "BIG, MICU"), (1, 3, None)):
            cell_of(valid, book["Schedule"], resident, part).value = text
        cell_of(valid, book["Schedule"], 2, 4).value = "micu"

    path = edited(valid, tmp_path / "s.xlsx", change)
    book = recalculated(path, tmp_path)
    sheet = book["Schedule"]
    check = [cell.value for cell in sheet[header_row(sheet)]].index("Check")
    rows = [cell_of(valid, sheet, resident, 0).row for resident in range(3)]
    said = [str(sheet.cell(row, check + 1).value) for row in rows]
    found = [word.split(", ")[0] for word in said[:2]]
    assert found == ["cells with no code: 2", "cells with no code: 1"]
    assert "no code" not in said[2]
    assert "2 people with cells that hold no code" in _line(book)
    assert sheet["A2"].value == "Now: this is wrong:"


def test_a_name_against_a_rule_has_a_red_edge_and_the_findings(valid: Case, tmp_path: Path) -> None:
    """Cells in spring are not on the first screen; names are."""
    some = [replace(rule, violations=_few(rule)) for rule in valid.report.rules]
    report = replace(valid.report, rules=tuple(some))
    path = tmp_path / "s.xlsx"
    write_workbook(path, valid.problem, valid.schedule, report, FACTS)
    sheet = openpyxl.load_workbook(path)["Schedule"]
    hard = {one.resident for one in report.hard_violations} - {None}
    assert 0 < len(hard) < len(valid.problem.residents)
    for resident in valid.problem.residents:
        cell = sheet.cell(cell_of(valid, sheet, resident.index, 0).row, 1)
        edge = cell.border.left.color
        assert (edge is not None and edge.rgb == "FFC00000") == (resident.index in hard)
        own = [one for one in report.hard_violations if one.resident == resident.index]
        assert not own or (cell.comment is not None and own[0].message[:40] in cell.comment.text)


def _few(rule: RuleFinding) -> tuple[Violation, ...]:
    """The findings about four people, and those about nobody."""
    return tuple(one for one in rule.violations if one.resident is None or one.resident < 4)


def test_a_name_is_coloured_as_check_is(valid: Case, tmp_path: Path) -> None:
    """Each kind of word has its mark before the name, which stays text."""

    def change(book: openpyxl.Workbook) -> None:
        sheet = book["Schedule"]
        for part in range(2, 20):
            cell_of(valid, sheet, 0, part).value = "MICU"
        cell_of(valid, sheet, 1, 3).value = "no such code"
        add_colours(book)

    path = edited(valid, tmp_path / "s.xlsx", change)
    book = recalculated(path, tmp_path)
    rows = list(book["Schedule"].iter_rows(values_only=True))
    colours = list(book[colours_of("Schedule")].iter_rows(values_only=True))
    top = next(number for number, row in enumerate(rows) if row[0] == "Name")
    check = rows[top].index("Check")
    seen = set()
    for resident in valid.problem.residents:
        row = cell_of(valid, book["Schedule"], resident.index, 0).row - 1
        assert rows[row][0] == resident.name
        shown = colours[row][0] or PLAIN
        assert (shown if shown != PLAIN else GREEN) == colours[row][check]
        seen.add(shown)
    assert seen == {RED, PLAIN}
    found = openpyxl.load_workbook(path)["Schedule"].conditional_formatting
    (names,) = [one for one in found if str(one.sqref).startswith(f"A{top + 2}:A")]
    marks = {str(rule.dxf.numFmt.formatCode) for rule in names.rules}
    assert {'"▼ "@', '"▲ "@', '"? "@', '"▼▲ "@', '"▼▲? "@', '"▽ "@', '"△ "@'} <= marks
