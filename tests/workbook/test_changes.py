"""The Changes sheet: every difference from the earlier version, by person and by week."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from scheduler.audit.audit import audit
from scheduler.problem.holiday import HolidayStatus
from scheduler.problem.problem import Problem
from scheduler.schedule.schedule import HolidayDuty, Schedule
from scheduler.workbook.book import height_of, lines_of
from scheduler.workbook.changes import Changes
from scheduler.workbook.write import write_workbook
from tests.workbook.conftest import FACTS
from tests.workbook.edits import rows_of


def _otherwise(problem: Problem, schedule: Schedule) -> Schedule:
    """An earlier schedule: four weeks otherwise, two empty, one person not there, one duty."""
    cells = [list(row) for row in schedule.cells]
    cells[1][6:8] = ["CCU", "CCU"]
    cells[1][20] = cells[4][20] = "NIGHT"
    cells[2][0:2] = ["", ""]
    cells[3] = ["" for _ in cells[3]]
    holiday = problem.holidays[0].name
    duties = {key: duty for key, duty in schedule.duties.items() if key[0] not in (2, 3)}
    duties[1, holiday] = HolidayDuty(HolidayStatus.PULLED, "MICU")
    return Schedule(tuple(map(tuple, cells)), schedule.grids, duties)


@pytest.fixture(scope="module")
def old(small: tuple[Problem, Schedule]) -> Schedule:
    """What the small hospital's schedule was before."""
    return _otherwise(*small)


@pytest.fixture(scope="module")
def book(
    small: tuple[Problem, Schedule], old: Schedule, tmp_path_factory: pytest.TempPathFactory
) -> openpyxl.Workbook:
    """The workbook written against it."""
    path = tmp_path_factory.mktemp("changes") / "new.xlsx"
    facts = replace(FACTS, previous="old.xlsx", earlier=old)
    write_workbook(path, *small, audit(*small), facts)
    return openpyxl.load_workbook(path)


def test_words_count_people_weeks_and_holidays(
    small: tuple[Problem, Schedule], old: Schedule, book: openpyxl.Workbook
) -> None:
    """The first line and About say how much changed; equal schedules say that nothing did."""
    said = "4 weeks and 1 holiday of 2 people changed; 2 empty weeks filled; 1 scheduled anew."
    assert Changes(*small[:1], old, small[1]).words("old.xlsx") == f"Against old.xlsx, {said}"
    assert book["Changes"]["A1"].value == f"Against old.xlsx, {said}"
    about = {row[0]: row[1] for row in book["About"].iter_rows(values_only=True)}
    assert about["Changes"] == f"Against old.xlsx, {said}"
    same = Changes(*small[:1], small[1], small[1])
    assert same.words("old.xlsx") == "Against old.xlsx, nothing changed."


def test_every_difference_by_person(
    small: tuple[Problem, Schedule], book: openpyxl.Workbook
) -> None:
    """From, to, before and now of each run; a run ends where what was or is there changes."""
    problem, schedule = small
    rows = rows_of(book, "Changes", 4)
    listed = [row for row in rows if row[3] in ("changed", "filled", "holiday", "anew")]
    by_id = {one.id: one.index for one in problem.residents}
    found = {(by_id[row[9]], row[3], row[4], row[7] or "", row[8] or "") for row in listed}
    now = schedule.cells
    title = problem.holidays[0].title
    duty = schedule.duties[1, problem.holidays[0].name]
    assert (1, "changed", "21", "NIGHT", now[1][20]) in found
    assert (4, "changed", "21", "NIGHT", now[4][20]) in found
    assert (3, "anew", "1-26", "", "") in found
    assert (1, "holiday", "", f"{title}: pulled to MICU", f"{title}: {duty.status}") in found
    assert {one[0] for one in found} == {1, 2, 3, 4}
    weeks = [w for w in ("7", "8", "7-8") if any(one[:3] == (1, "changed", w) for one in found)]
    assert weeks == (["7-8"] if now[1][6] == now[1][7] else ["7", "8"])
    dates = next(row for row in listed if row[4] == "21")
    assert [day.date() for day in dates[5:7]] == [
        problem.calendar.parts[20].first,
        problem.calendar.parts[20].last,
    ]


def test_every_change_by_week(small: tuple[Problem, Schedule], book: openpyxl.Workbook) -> None:
    """Beneath, each week with a change: how many people, and who, below the titles of the page."""
    rows = rows_of(book, "Changes")
    top = next(n for n, row in enumerate(rows) if row[4] == "Week")
    found = {row[4]: (row[3], row[7]) for row in rows[top + 1 :]}
    assert set(found) == {7, 8, 21}
    count, who = found[21]
    assert count == "2 people"
    for index in (1, 4):
        assert f"{small[0].residents[index].name}: NIGHT > {small[1].cells[index][20]}" in who


def test_names_of_a_week_stay_on_the_page(book: openpyxl.Workbook) -> None:
    """They are wrapped between the first and the last column, in a row that is high enough."""
    sheet = book["Changes"]
    top = next(cell.row for cell in sheet["E"] if cell.value == "Week")
    for row in range(top + 1, sheet.max_row + 1):
        who = sheet.cell(row, 8)
        assert who.alignment.wrap_text
        assert f"H{row}:J{row}" in {str(one) for one in sheet.merged_cells.ranges}
        lines = lines_of(str(who.value), 26 + 26 + 9)
        assert lines == 1 or sheet.row_dimensions[row].height == height_of(lines)
    assert {cell.fill.fgColor.rgb for cell in sheet[top][:10]} == {"FF1F3864"}


def test_no_row_is_higher_than_excel_has_them() -> None:
    """Two hundred names in one week are cut, not a file that needs repair."""
    assert height_of(1) < height_of(2) < height_of(200) == height_of(400) < 409.5


def test_without_an_earlier_version_there_is_no_sheet(
    small: tuple[Problem, Schedule], tmp_path: Path
) -> None:
    """A first schedule changes nothing."""
    write_workbook(tmp_path / "s.xlsx", *small, audit(*small), FACTS)
    assert "Changes" not in openpyxl.load_workbook(tmp_path / "s.xlsx").sheetnames


def _moved_teams_and_backups(schedule: Schedule) -> tuple[Schedule, Schedule]:
    """Before and now: three weeks on another team, a backup week that went to somebody else.

    One more is named where nothing was decided, and two newly work where they have a team.
    """
    cells = [list(row) for row in schedule.cells]
    for row in cells[:2]:
        row[0:4] = ["BIG"] * 4
    now = replace(
        schedule,
        cells=tuple(map(tuple, cells)),
        teams={(0, week): "Blue" for week in range(4)} | {(1, 0): "Red"},
        backups=frozenset({(1, 3), (2, 3), (4, 5)}),
    )
    cells[2][3], cells[0][3] = "", "MICU"
    teams = {(0, 0): "Red", (0, 1): "Red", (0, 2): "Green", (0, 3): "Red", (1, 0): "Red"}
    was = replace(
        now, cells=tuple(map(tuple, cells)), teams=teams, backups=frozenset({(0, 3), (4, 5)})
    )
    return was, now


def test_words_count_teams_and_backup_weeks(small: tuple[Problem, Schedule]) -> None:
    """Another team on the same service and backup weeks that went elsewhere are told."""
    problem = small[0]
    was, now = _moved_teams_and_backups(small[1])
    said = "1 week, 3 team weeks and 2 backup weeks of 2 people changed; 1 empty week filled."
    assert Changes(problem, was, now).words("old.xlsx") == f"Against old.xlsx, {said}"
    unsaid = replace(was, backups=frozenset(), backups_open=True)
    said = "1 week and 3 team weeks of 1 person changed; 1 empty week filled."
    assert Changes(problem, unsaid, now).words("old.xlsx") == f"Against old.xlsx, {said}"


def test_teams_and_backup_weeks_are_listed(small: tuple[Problem, Schedule], tmp_path: Path) -> None:
    """A row for each run on another team and each backup week; and who it was, week by week."""
    problem = small[0]
    was, now = _moved_teams_and_backups(small[1])
    facts = replace(FACTS, previous="old.xlsx", earlier=was)
    write_workbook(tmp_path / "n.xlsx", problem, now, audit(problem, now), facts)
    rows = rows_of(openpyxl.load_workbook(tmp_path / "n.xlsx"), "Changes")
    one, other = (problem.residents[index] for index in (0, 1))
    found = [(r[9], r[3], r[4], r[7], r[8]) for r in rows if r[3] in ("team", "backup")]
    assert sorted(found) == sorted(
        [
            (one.id, "team", "1-2", "BIG: Red", "BIG: Blue"),
            (one.id, "team", "3", "BIG: Green", "BIG: Blue"),
            (one.id, "backup", "4", "named as backup", "not named"),
            (other.id, "backup", "4", "not named", "named as backup"),
        ]
    )
    week = next(row[7] for row in rows if row[4] == 4)
    assert week == (
        f"{one.name}: MICU > BIG; {one.name}: no more named as backup; "
        f"{other.name}: named as backup"
    )
    assert f"{one.name}: BIG Red > Blue" in next(row[7] for row in rows if row[4] == 1)
