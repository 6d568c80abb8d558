"""The Jeopardy sheet: written, read back equal, and after edits right or reported by cell."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from scheduler.audit.audit import audit
from scheduler.input.faults import BadInput
from scheduler.model.encode import UNKNOWN, encode
from scheduler.model.year import YearModel
from scheduler.problem.problem import Problem
from scheduler.rules.backups import backup_grants
from scheduler.rules.example import bind
from scheduler.schedule.schedule import Schedule
from scheduler.workbook.read import read_earlier, read_workbook
from scheduler.workbook.sheets.jeopardy import NOBODY
from tests.workbook.conftest import Case, written
from tests.workbook.edits import edited, rows_of
from tests.workbook.hospital import make_rule


@pytest.fixture(scope="module")
def named(small: tuple[Problem, Schedule], tmp_path_factory: pytest.TempPathFactory) -> Case:
    """The small hospital with everyone named who can be."""
    problem, schedule = small
    options = {"rule": "jeopardy", "named_from": ["outpatient", "elective"], "minimum": 1}
    rule = bind(make_rule(**options), problem)
    problem = replace(problem, rules=(*problem.rules, rule))
    backups = {
        (index, week)
        for (index, week), codes in backup_grants(problem).items()
        if all(schedule.cells[index][p] in codes for p in problem.calendar.parts_of_week[week])
    }
    schedule = replace(schedule, backups=frozenset(backups))
    return written(problem, schedule, tmp_path_factory.mktemp("named"))


def test_read_back_equal(named: Case) -> None:
    """Every person and week is read back."""
    assert named.schedule.backups
    assert read_workbook(named.path, named.problem).schedule == named.schedule


def test_rows_are_week_by_week(named: Case) -> None:
    """Each row holds a person, the week with its dates, and where they work then."""
    rows = rows_of(openpyxl.load_workbook(named.path), "Jeopardy")
    assert rows[0] == ("Id", "Name", "PGY", "Week", "From", "To", "Works on")
    assert [row[3] for row in rows[1:]] == sorted(row[3] for row in rows[1:])
    assert len(rows) - 1 == len(named.schedule.backups)
    assert all(row[6] in named.problem.rotations for row in rows[1:])


def test_a_week_for_which_nobody_is_named_says_so(named: Case, tmp_path: Path) -> None:
    """Its row has no name, is read as nobody, and takes a name that is typed there."""
    kept = frozenset((index, week) for index, week in named.schedule.backups if week not in (3, 4))
    schedule = replace(named.schedule, backups=kept)
    case = written(named.problem, schedule, tmp_path)
    rows = rows_of(openpyxl.load_workbook(case.path), "Jeopardy")
    empty = [row for row in rows[1:] if row[6] == NOBODY]
    assert [row[3] for row in empty] == [4, 5]
    assert all(not any(row[:3]) for row in empty)
    assert [row[3] for row in rows[1:]] == sorted(row[3] for row in rows[1:])
    assert read_workbook(case.path, case.problem).schedule == schedule
    someone = case.problem.residents[0]

    def name(workbook: openpyxl.Workbook) -> None:
        workbook["Jeopardy"].cell(rows.index(empty[0]) + 1, 2).value = someone.name

    path = edited(case, tmp_path / "s.xlsx", name)
    assert read_workbook(path, case.problem).schedule.backups == kept | {(someone.index, 3)}


def test_no_sheet_where_nobody_is_named(valid: Case) -> None:
    """A program without such a rule has no empty sheet."""
    assert "Jeopardy" not in openpyxl.load_workbook(valid.path).sheetnames


def test_edits_are_read_and_audited(named: Case, tmp_path: Path) -> None:
    """Another person, another week and a removed row count; the audit sees who cannot be named."""
    absent = next(r for r in named.problem.residents if r.visitor)

    def change(workbook: openpyxl.Workbook) -> None:
        sheet = workbook["Jeopardy"]
        sheet["A2"].value, sheet["B2"].value = absent.id.lower(), absent.name
        sheet["E3"].value = None
        sheet["D3"].value = 26 if sheet["D3"].value != 26 else 25
        sheet.delete_rows(4)

    path = edited(named, tmp_path / "s.xlsx", change)
    schedule = read_workbook(path, named.problem).schedule
    assert len(named.schedule.backups - schedule.backups) == 3
    assert (absent.index, 0) in schedule.backups
    found = [one.message for one in audit(named.problem, schedule).hard_violations]
    assert any(f"{absent.name} cannot be backup in week 1" in message for message in found)


def test_what_cannot_be_understood_is_reported_by_cell(named: Case, tmp_path: Path) -> None:
    """Person, week and date, all at once."""

    def change(workbook: openpyxl.Workbook) -> None:
        sheet = workbook["Jeopardy"]
        sheet["A2"].value, sheet["B2"].value = "R999", None
        sheet["D3"].value = 99
        sheet["E4"].value = "2026-07-01"
        sheet["D5"].value = 20
        sheet["D6"].value, sheet["E6"].value = None, None

    with pytest.raises(BadInput) as caught:
        read_workbook(edited(named, tmp_path / "s.xlsx", change), named.problem)
    assert [line.removeprefix("s.xlsx, ") for line in caught.value.lines] == [
        "Jeopardy!A2: 'R999' is no id of this program; correct it, or remove it if they have left",
        "Jeopardy!D3: '99' is no week; weeks are 1 to 26",
        "Jeopardy!E4: '2026-07-01' is not the first day of a week; "
        "correct it, or leave it to the week's number",
        "Jeopardy!D5: week 20 does not begin on 2026-06-29; correct one of them, or clear it",
        "Jeopardy!D6: no week is given; write its number",
    ]


def test_without_the_sheet_backup_is_open(named: Case, tmp_path: Path) -> None:
    """To start from, it is undecided who is backup; to check, nobody is; a note says which."""
    path = edited(named, tmp_path / "s.xlsx", lambda book: book.remove(book["Jeopardy"]))
    earlier, checked = read_earlier(path, named.problem), read_workbook(path, named.problem)
    assert (earlier.schedule.backups, earlier.schedule.backups_open) == (frozenset(), True)
    assert (checked.schedule.backups, checked.schedule.backups_open) == (frozenset(), False)
    assert earlier.notes == ("s.xlsx has no sheet Jeopardy: who is backup is open",)
    assert checked.notes == ("s.xlsx has no sheet Jeopardy: nobody is named as backup",)
    assert not read_earlier(named.path, named.problem).schedule.backups_open
    year = YearModel(named.problem)
    columns = list(year.backups.columns.values())
    assert set(encode(year, earlier.schedule)[columns]) == {UNKNOWN}
    assert set(encode(year, checked.schedule)[columns]) == {0}


def test_a_program_that_names_nobody_needs_no_sheet(valid: Case) -> None:
    """Nothing is said of a sheet that nobody needs."""
    assert read_earlier(valid.path, valid.problem).notes == ()
