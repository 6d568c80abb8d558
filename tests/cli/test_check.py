"""``check``: what the tool wrote passes, and a hand edit that breaks rules is named."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl

from tests.cli.command import scheduler
from tests.cli.conftest import Run


def test_check_passes_on_what_solve_wrote(solved: Run, tmp_path: Path) -> None:
    """Exit 0, and the cost of the solve is found again."""
    report = tmp_path / "check.json"
    done = scheduler("check", solved.program, solved.workbook, "--json", report, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(report.read_text(encoding="utf-8"))
    assert (found["status"], found["hard_violations"]) == ("passed", 0)
    assert (found["cost"], found["at_stake"]) == (solved.report["cost"], solved.report["at_stake"])
    assert set(found) == set(solved.report)


def _with_vacation_on_intensive_care(workbook: Path, target: Path) -> tuple[str, int]:
    """Send a senior on intensive care (one is needed) on vacation; their name and the week."""
    book = openpyxl.load_workbook(workbook)
    sheet = book["Schedule"]
    row, column = next(
        (cell.row, cell.column)
        for cells in sheet.iter_rows(min_col=4, max_col=55)
        for cell in cells
        if cell.value == "ICU" and sheet.cell(cell.row, 2).value in (2, 3)
    )
    sheet.cell(row, column, "VAC")
    book.save(target)
    return str(sheet.cell(row, 1).value), column - 3


def test_hand_edit_is_named_with_rule_week_and_amount(solved: Run, tmp_path: Path) -> None:
    """Exit 1; the resident, the week, the rules and the amounts are said."""
    edited, report = tmp_path / "edited.xlsx", tmp_path / "check.json"
    name, week = _with_vacation_on_intensive_care(solved.workbook, edited)
    done = scheduler("check", solved.program, edited, "--json", report, cwd=tmp_path)
    lines = done.stdout.splitlines()
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"vacation-weeks: {name} has" in done.stdout
    assert any(
        line.startswith(f"icu-senior: ICU in week {week} ") and line.endswith("[amount 1]")
        for line in lines
    )
    assert any(f"{name} is on vacation in week {week} " in line for line in lines)
    found = json.loads(report.read_text(encoding="utf-8"))
    assert found["status"] == "failed"
    assert found["hard_violations"] == sum("[amount" in line for line in lines)
    assert found["fairness"] != solved.report["fairness"], "a week on intensive care is gone"


def test_soft_findings_are_listed_if_asked_for(solved: Run, tmp_path: Path) -> None:
    """Each with its rule, its words and what it costs; together they are the cost."""
    short = scheduler("check", solved.program, solved.workbook, cwd=tmp_path)
    done = scheduler("check", solved.program, solved.workbook, "--soft", cwd=tmp_path)
    *listed, hard, cost = done.stdout.splitlines()
    assert short.stdout.splitlines() == [hard, cost]
    costs = [int(line.rsplit("[cost ", 1)[1].removesuffix("]")) for line in listed]
    assert costs == sorted(costs, reverse=True)
    assert cost == f"Cost {sum(costs)} over {len(costs)} soft findings."
    assert sum(costs) == solved.report["cost"]


def test_half_decided_cells_are_said_to_be_undecided(solved: Run, tmp_path: Path) -> None:
    """What is left open is said; only an empty cell holds nothing."""
    edited = tmp_path / "edited.xlsx"
    book = openpyxl.load_workbook(solved.workbook)
    sheet = book["Schedule"]
    rows = {cell.value: cell.row for column in sheet.iter_cols() for cell in column}
    for column, text in enumerate(("ward, ICU", "!ICU", None), start=6):
        sheet.cell(rows["T02"], column).value = text
    book.save(edited)
    done = scheduler("check", solved.program, edited, cwd=tmp_path)
    name = sheet.cell(rows["T02"], 1).value
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"{name} is undecided in week 3 (2026-07-13): ICU or WARD [" in done.stdout
    assert f"{name} is undecided in week 4 (2026-07-20): anything but ICU [" in done.stdout
    assert f"{name} has nothing in week 5 (2026-07-27) [" in done.stdout
    assert done.stdout.count("has nothing") == 1


def test_missing_workbook_is_bad_input(solved: Run, tmp_path: Path) -> None:
    """A workbook that is not there, or is none, ends with exit code 2."""
    (tmp_path / "text.xlsx").write_text("no workbook")
    for name in ("nowhere.xlsx", "text.xlsx"):
        done = scheduler("check", solved.program, name, cwd=tmp_path)
        assert done.returncode == 2
        assert done.stderr.startswith(name)
        assert done.stderr.endswith("1 problem found; nothing was checked.\n")


def test_swapped_arguments_say_what_to_type(solved: Run, tmp_path: Path) -> None:
    """The workbook first, then the program: the message holds the command the right way round."""
    done = scheduler("check", solved.workbook, solved.program, cwd=tmp_path)
    assert done.returncode == 2
    assert f"scheduler check {solved.program} {solved.workbook}" in done.stderr
    assert "the two are swapped" in done.stderr
    twice = scheduler("check", solved.workbook, solved.workbook, cwd=tmp_path)
    assert (twice.returncode, twice.stdout) == (2, "")
    assert "is a workbook, not a program" in twice.stderr


def test_report_in_a_missing_folder_is_refused(solved: Run, tmp_path: Path) -> None:
    """A JSON that cannot be written is bad input, not our bug."""
    done = scheduler("check", solved.program, solved.workbook, "--json", "no/r.json", cwd=tmp_path)
    assert done.returncode == 2
    assert "is not a folder" in done.stderr
