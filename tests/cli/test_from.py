"""``solve --from`` and ``--fill``: an earlier schedule is kept as far as the program lets it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from tests.cli.command import change, copy_tiny, scheduler
from tests.cli.conftest import Run

Cells = dict[str, list[str]]
WEEKS = 52


def _rows(sheet: Worksheet) -> dict[str, int]:
    """The row of each person, by id."""
    top = next(row[0].row for row in sheet.iter_rows(max_col=1) if row[0].value == "Name")
    assert top is not None
    ids = [cell.value for cell in sheet[top]].index("Id") + 1
    people = range(top + 1, sheet.max_row + 1)
    found = {str(sheet.cell(row, ids).value): row for row in people}
    return {id: row for id, row in found.items() if id[:1] in "TV" and id[1:].isdecimal()}


def _cells(workbook: Path) -> Cells:
    sheet = openpyxl.load_workbook(workbook)["Schedule"]
    return {
        id: [str(sheet.cell(row, 4 + week).value or "") for week in range(WEEKS)]
        for id, row in _rows(sheet).items()
    }


def _edited(run: Run, path: Path, edit: Callable[[dict[str, dict[int, str]]], None]) -> Path:
    """A copy of the solved workbook with cells (by id and week from 0) overwritten."""
    book = openpyxl.load_workbook(run.workbook)
    sheet = book["Schedule"]
    new: dict[str, dict[int, str]] = {id: {} for id in _rows(sheet)}
    edit(new)
    for id, cells in new.items():
        for week, text in cells.items():
            sheet.cell(_rows(sheet)[id], 4 + week).value = text or None
    book.save(path)
    return path


@dataclass(frozen=True)
class Again:
    """A second solve with its report and cells."""

    done: subprocess.CompletedProcess[str]
    report: dict[str, Any]
    workbook: Path

    @property
    def keep(self) -> dict[str, Any]:
        """What the report says of the rule that charges changes."""
        found: dict[str, Any] = next(r for r in self.report["rules"] if r["name"] == "keep")
        return found


def _again(folder: Path, program: Path, start: Path, *options: str) -> Again:
    workbook, report = folder / "new.xlsx", folder / "new.json"
    done = scheduler(
        *("solve", program, "-o", workbook, "--from", start, "--json", report),
        *("--time-limit", "140", *options),
        cwd=folder,
    )
    found = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}
    return Again(done, found, workbook)


def _differences(old: Cells, new: Cells) -> dict[str, int]:
    """Changed cells of each person who has any."""
    found = {id: sum(a != b for a, b in zip(old[id], new[id], strict=True)) for id in old}
    return {id: count for id, count in found.items() if count}


def test_nothing_changes_without_a_reason(solved: Run, tmp_path: Path) -> None:
    """The best schedule is found at once, costs nothing more, and says that nothing changed."""
    again = _again(tmp_path, solved.program, solved.workbook)
    assert again.done.returncode == 0, again.done.stderr
    assert "Against schedule.xlsx, nothing changed." in again.done.stdout
    # A schedule that wishes alone would call better may be dearer, because so much changes.
    charged = "once changes against schedule.xlsx are charged"
    assert f"no schedule can be below it {charged}." in again.done.stdout
    assert charged not in solved.done.stdout
    assert _cells(again.workbook) == _cells(solved.workbook)
    assert again.report["cost"] == solved.report["cost"]
    assert (again.keep["hard"], again.keep["amount"], again.keep["cost"]) == (False, 0, 0)
    first = next(step for step in again.report["progress"] if step[1] is not None)
    assert first[1] == solved.report["cost"]


def _block_of(code: str, cells: Cells, people: Iterable[str]) -> tuple[str, int]:
    """Somebody with a two-week block of ``code`` after July, and its first week (from 0)."""
    starts = range(8, WEEKS, 2)
    return next(
        (id, w) for id in sorted(people) for w in starts if cells[id][w : w + 2] == [code, code]
    )


def test_a_small_edit_changes_little(solved: Run, tmp_path: Path) -> None:
    """New locks, half-decided cells and a new name: what must change does, at a price that is told.

    The second-years and third-years stay as they are, because a rule says so.
    """
    program, before = copy_tiny(tmp_path), _cells(solved.workbook)
    icu, week = _block_of("ICU", before, ("T01", "T02", "T03"))
    ward, other = _block_of("WARD", before, {"T01", "T02", "T03"} - {icu})

    def edit(cells: dict[str, dict[int, str]]) -> None:
        cells[icu] |= {week: "!icu", week + 1: "!ICU"}
        cells[ward] |= {other: "ward, NIGHT", other + 1: " Ward,night"}

    change(program / "residents.csv", '"Quillthwaite, Idris"', '"Intern 4"')
    rule = "  - {rule: keep, name: seniors-stay, who: {pgy: [2, 3]}}\n"
    change(program / "program.yaml", "\nsettings:", f"{rule}\nsettings:")
    start = _edited(solved, tmp_path / "old.xlsx", edit)
    again = _again(tmp_path, program, start)
    assert again.done.returncode == 0, again.done.stdout + again.done.stderr
    after = _cells(again.workbook)
    changed = _differences(before, after)
    assert icu in changed and "ICU" not in after[icu][week : week + 2]
    assert {*after[ward][other : other + 2]} <= {"WARD", "NIGHT"}
    assert set(changed) <= {"T01", "T02", "T03", "T04"}
    assert sum(changed.values()) <= 16
    assert again.keep["cost"] == 2 * again.keep["amount"] > 0
    assert sum(rule["cost"] for rule in again.report["rules"]) == again.report["cost"]
    _check_the_sheet(again, set(changed) - {ward})
    done = scheduler("check", program, again.workbook, cwd=tmp_path)
    assert done.returncode == 0, done.stdout


def _check_the_sheet(again: Again, changed: set[str]) -> None:
    """Changes, About and the terminal tell the same."""
    book = openpyxl.load_workbook(again.workbook)
    rows = list(book["Changes"].iter_rows(min_row=4, values_only=True))
    listed = {row[9] for row in rows if row[3] in ("changed", "filled")}
    assert listed >= changed
    said = next(line for line in again.done.stdout.splitlines() if line.startswith("Against old"))
    assert f", {again.keep['cost']} of the cost" in said
    about = {row[0]: row[1] for row in book["About"].iter_rows(values_only=True)}
    assert about["Changes"] == said


def test_only_empty_cells_are_filled(solved: Run, tmp_path: Path) -> None:
    """With --fill every filled cell stays, though another schedule would cost less."""
    before = _cells(solved.workbook)
    empty = {id: range(12, 26) for id in ("T01", "T02", "T05")}

    def clear(cells: dict[str, dict[int, str]]) -> None:
        for id, weeks in empty.items():
            cells[id] |= dict.fromkeys(weeks, "")

    start = _edited(solved, tmp_path / "old.xlsx", clear)
    again = _again(tmp_path, solved.program, start, "--fill")
    assert again.done.returncode == 0, again.done.stdout + again.done.stderr
    assert "Against old.xlsx, nothing changed; 42 empty weeks filled." in again.done.stdout
    after = _cells(again.workbook)
    for id, row in after.items():
        assert all(row)
        kept = [week for week in range(WEEKS) if week not in empty.get(id, ())]
        assert [row[week] for week in kept] == [before[id][week] for week in kept]
    assert again.report["cost"] == solved.report["cost"]
    # The bound is not about schedules in which filled cells are different.
    assert "no schedule that keeps the filled cells can be below it" in again.done.stdout
    assert "are charged" not in again.done.stdout
    assert (again.report["fill"], solved.report["fill"]) == (True, False)
    about = openpyxl.load_workbook(again.workbook)["About"]
    said = {row[0]: row[1] for row in about.iter_rows(values_only=True)}
    assert said["No schedule that keeps the filled cells is below"] == again.report["bound"]
    assert "No schedule is below" not in said


def test_filled_cells_that_break_rules_are_named(solved: Run, tmp_path: Path) -> None:
    """Exit 1: which filled cells break which rules, and nothing is written."""

    def edit(cells: dict[str, dict[int, str]]) -> None:
        cells["T01"] |= {0: "NIGHT", 1: "NIGHT"}
        cells["T02"] |= dict.fromkeys(range(12, 26), "")

    start = _edited(solved, tmp_path / "old.xlsx", edit)
    again = _again(tmp_path, solved.program, start, "--fill")
    assert again.done.returncode == 1, again.done.stderr
    said = again.done.stdout
    assert "Every filled cell of old.xlsx binds (--fill)." in said
    assert "  interns-no-nights-in-july: Aldermere, Tova takes NIGHT in weeks 1-2" in said
    assert "  night: missed by 2" in said
    assert (again.report["status"], again.workbook.exists()) == ("infeasible", False)


def test_what_cannot_be_understood_is_reported_by_cell(solved: Run, tmp_path: Path) -> None:
    """Exit 2, every cell with what was probably meant; nothing is solved."""

    def edit(cells: dict[str, dict[int, str]]) -> None:
        cells["T01"] |= {7: "WRAD"}
        cells["T08"] |= {0: "!ICU"}
        cells["T09"] |= {3: "ICU, NIHGT"}

    start = _edited(solved, tmp_path / "old.xlsx", edit)
    lines = _again(tmp_path, solved.program, start).done.stderr.splitlines()
    assert [line.split(": ", 1)[1] for line in lines[:-1]] == [
        "'WRAD' is not a rotation; did you mean 'WARD'?",
        "'NIHGT' is not a rotation; did you mean 'NIGHT'?",
    ]
    assert lines[0].startswith("old.xlsx, Schedule!K")
    assert lines[-1] == "2 problems found; nothing was solved."
    start = _edited(solved, start, lambda cells: cells["T08"].update({0: "!ICU"}))
    done = _again(tmp_path, solved.program, start).done
    assert done.returncode == 2
    said = "the cell says !ICU, and the program locks it to ICU; change one of them"
    assert done.stderr.splitlines()[0].endswith(said)


def test_fill_needs_a_workbook(solved: Run, tmp_path: Path) -> None:
    """--fill alone is a mistake that is said."""
    done = scheduler("solve", solved.program, "-o", "s.xlsx", "--fill", cwd=tmp_path)
    assert done.returncode == 2
    assert "--fill needs --from FILE" in done.stderr
    assert list(tmp_path.iterdir()) == []
