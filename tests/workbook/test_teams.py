"""The Teams sheet: written, read back equal, and after edits right or reported by cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest

from scheduler.audit.audit import audit
from scheduler.engine.settings import Settings
from scheduler.engine.teams import divide
from scheduler.input.faults import BadInput
from scheduler.problem.problem import Problem
from scheduler.problem.rotation import Team
from scheduler.rules.example import bind
from scheduler.rules.team import TeamRule
from scheduler.schedule.schedule import Schedule
from scheduler.workbook.earlier import read_start, with_locks_of
from scheduler.workbook.read import read_earlier, read_workbook
from tests.rules.variants import reshaped
from tests.workbook.conftest import Case, written
from tests.workbook.edits import cell_of, edited, rows_of
from tests.workbook.hospital import make_rule

TEAMS = tuple(Team(name, {"firm": frozenset({name.lower()})}) for name in ("North", "South"))


@pytest.fixture(scope="module")
def divided(small: tuple[Problem, Schedule], tmp_path_factory: pytest.TempPathFactory) -> Case:
    """The small hospital's workbook, Bigelow and MICU divided into two teams each."""
    problem, schedule = small
    rotations = dict(problem.rotations)
    for code in ("BIG", "MICU"):
        rotations[code] = replace(rotations[code], teams=TEAMS)
    problem = replace(problem, rotations=rotations)
    first = next(i for i, row in enumerate(schedule.cells) if row[:2] == (row[0],) * 2)
    lock = {"rule": "team", "be": "South", "who": {"resident": problem.residents[first].id}}
    rules = ({"rule": "team", "even": True, "weight": 1}, {"rule": "team", "own": "firm"}, lock)
    bound = tuple(bind(make_rule(**{"weight": 2, **options}), problem) for options in rules[:2])
    problem = replace(problem, rules=(*problem.rules, *bound, bind(make_rule(**lock), problem)))
    division = divide(problem, schedule, Settings())
    schedule = replace(schedule, teams=division.teams)
    return written(problem, schedule, tmp_path_factory.mktemp("divided"))


def test_read_back_equal(divided: Case) -> None:
    """Every team is read back, and who was locked to one."""
    back = read_workbook(divided.path, divided.problem)
    assert back.schedule == divided.schedule
    assert divided.schedule.teams
    locked = [r for r in divided.problem.rules if r.rule.rule == "team"][-1].residents[0]
    assert back.team_locks == {
        key: team for key, team in divided.schedule.teams.items() if key[0] == locked
    }


def test_a_row_is_a_stay(divided: Case) -> None:
    """Each row holds a person, dates, service and team; services come one after the other."""
    rows = rows_of(openpyxl.load_workbook(divided.path), "Teams")
    assert rows[0] == ("Id", "Name", "From", "To", "Service", "Team", "Locked")
    assert [row[4] for row in rows[1:]] == sorted(row[4] for row in rows[1:])
    assert {row[5] for row in rows[1:]} == {"North", "South"}
    assert all(row[2] < row[3] for row in rows[1:])


def test_no_sheet_without_teams(valid: Case) -> None:
    """A program that divides nobody has no empty sheet."""
    assert "Teams" not in openpyxl.load_workbook(valid.path).sheetnames


def _changed(case: Case, path: Path, change: Callable[[openpyxl.Workbook], None]) -> Schedule:
    return read_workbook(edited(case, path, change), case.problem).schedule


def test_a_changed_team_is_read_and_audited(divided: Case, tmp_path: Path) -> None:
    """Somebody put on the other team by hand, in any spelling, is seen by the audit."""

    def change(workbook: openpyxl.Workbook) -> None:
        cell = workbook["Teams"]["F2"]
        cell.value = " NORTH " if cell.value == "South" else "south"

    schedule = _changed(divided, tmp_path / "s.xlsx", change)
    changed = {k for k, team in schedule.teams.items() if divided.schedule.teams[k] != team}
    assert changed and schedule.teams.keys() == divided.schedule.teams.keys()
    before, after = (audit(divided.problem, one) for one in (divided.schedule, schedule))
    assert before.cost != after.cost or before.hard_violations != after.hard_violations


def test_a_removed_row_is_somebody_without_a_team(divided: Case, tmp_path: Path) -> None:
    """The audit names who is on a service and on none of its teams."""
    known = {one.message for one in divided.report.hard_violations}

    def change(workbook: openpyxl.Workbook) -> None:
        workbook["Teams"].delete_rows(2)

    schedule = _changed(divided, tmp_path / "s.xlsx", change)
    found = audit(divided.problem, schedule).hard_violations
    new = [one.message for one in found if one.message not in known]
    assert new and all("is on no team of" in message for message in new)


def test_a_cell_changed_beside_the_teams(divided: Case, tmp_path: Path) -> None:
    """Who no longer works there is passed over on Teams; who newly does is told to have none."""
    resident, part = next(iter(divided.schedule.teams))

    def change(workbook: openpyxl.Workbook) -> None:
        cell_of(divided, workbook["Schedule"], resident, part).value = "ED"

    schedule = _changed(divided, tmp_path / "s.xlsx", change)
    assert divided.schedule.teams.keys() - schedule.teams.keys() == {(resident, part)}


def test_what_cannot_be_understood_is_reported_by_cell(divided: Case, tmp_path: Path) -> None:
    """Team, service, dates and person, all at once."""

    def change(workbook: openpyxl.Workbook) -> None:
        sheet = workbook["Teams"]
        sheet["F2"].value = "Noth"
        sheet["E3"].value = "ED"
        sheet["C4"].value = "soon"
        sheet["D5"].value = "2026-07-01"
        sheet["C5"].value = "2026-06-30"
        sheet["A6"].value, sheet["B6"].value = "R999", "Nobody, Nemo"
        for column, value in enumerate([cell.value for cell in sheet[7]], start=1):
            sheet.cell(sheet.max_row + (column == 1), column).value = value
        sheet.cell(sheet.max_row, 6).value = "North" if sheet["F7"].value == "South" else "South"

    with pytest.raises(BadInput) as caught:
        read_workbook(edited(divided, tmp_path / "s.xlsx", change), divided.problem)
    lines = [line.removeprefix("s.xlsx, ") for line in caught.value.lines]
    assert lines[:5] == [
        "Teams!F2: 'Noth' is no team of BIG; did you mean 'North'?",
        "Teams!E3: ED has no teams; services with teams: BIG, MICU",
        "Teams!C4: 'soon' is not a date; write it as 2026-07-31",
        "Teams!C5: 2026-06-30 to 2026-07-01 divides a week; write 2026-06-29 to 2026-07-05",
        "Teams!A6: 'R999' is no id of this program; correct it, or remove it if they have left",
    ]
    assert len(lines) > 5
    assert all(" is on North and on South" in one or " is on South and on North" in one
               for one in lines[5:])  # fmt: skip


def test_a_lock_that_divides_a_stay_is_known_to_check(divided: Case, tmp_path: Path) -> None:
    """Somebody put on the other team for a week and locked there by hand does not miss a rule."""
    sheet = openpyxl.load_workbook(divided.path)["Teams"]
    number, row = next(
        (number, row)
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1)
        if number > 1 and (row[3] - row[2]).days > 7 and not row[6]
    )
    other = "South" if row[5] == "North" else "North"

    def change(locked: str | None) -> Callable[[openpyxl.Workbook], None]:
        def changed(workbook: openpyxl.Workbook) -> None:
            teams = workbook["Teams"]
            end = row[2] + timedelta(days=6)
            teams.cell(number, 3).value = end + timedelta(days=1)
            teams.append((row[0], row[1], row[2], end, row[4], other, locked))

        return changed

    within = []
    for locked in (None, "yes"):
        back = read_workbook(edited(divided, tmp_path / "s.xlsx", change(locked)), divided.problem)
        found = audit(with_locks_of(divided.problem, back), back.schedule).hard_violations
        within.append([one.message for one in found if "within one stay" in one.message])
    assert len(within[0]) == 1 and row[1] in within[0][0]
    assert within[1] == []


def test_teams_are_kept_less_those_that_a_lock_forbids(divided: Case, tmp_path: Path) -> None:
    """To start from, every team is kept at a price; with --fill, and with a name, it binds."""
    (lock,) = (b for b in divided.problem.rules if getattr(b.rule, "be", None) == ["South"])
    bare = replace(divided.problem, rules=tuple(b for b in divided.problem.rules if b is not lock))
    started = read_start(divided.path, divided.problem, False).problem.earlier
    assert started is not None and started.teams == divided.schedule.teams
    assert isinstance(lock.rule, TeamRule)
    turned = lock.rule.model_copy(update={"be": ["North"]})
    path = edited(divided, tmp_path / "s.xlsx", _unlocked)
    locked = replace(bare, rules=(*bare.rules, replace(lock, rule=turned)))
    started = read_start(path, locked, False).problem.earlier
    assert started is not None
    assert {key[0] for key in divided.schedule.teams.keys() - started.teams.keys()} == {
        *lock.residents
    }
    filled = read_start(path, bare, True).problem
    assert filled.earlier is not None and filled.earlier.backups_open
    assert divide(filled, divided.schedule, Settings()).teams == divided.schedule.teams


def _unlocked(workbook: openpyxl.Workbook) -> None:
    for row in workbook["Teams"].iter_rows(min_row=2):
        row[6].value = None


def _without(problem: Problem, code: str) -> Problem:
    rotations = {one: rotation for one, rotation in problem.rotations.items() if one != code}
    return replace(problem, rotations=rotations)


def test_a_service_that_is_gone_is_passed_over(divided: Case) -> None:
    """An earlier workbook's rows of it are named by cell and left; the other service's are read."""
    rows = rows_of(openpyxl.load_workbook(divided.path), "Teams")
    cells = [f"E{number}" for number, row in enumerate(rows, start=1) if row[4] == "BIG"]
    back = read_earlier(divided.path, _without(divided.problem, "BIG"))
    (said,) = (note for note in back.notes if "Teams!" in note)
    assert len(cells) > 8
    assert said == (
        f"schedule.xlsx, Teams!{', '.join(cells[:8])} and {len(cells) - 8} more: BIG is no "
        f"rotation of the program any more; its {len(cells)} rows are passed over"
    )
    was = divided.schedule
    assert back.schedule.teams == {
        (i, part): team for (i, part), team in was.teams.items() if was.cells[i][part] == "MICU"
    }


def test_teams_that_are_gone_are_passed_over(divided: Case) -> None:
    """A team that has another name now, and a service that is divided no more."""
    rotations = dict(divided.problem.rotations)
    rotations["BIG"] = replace(rotations["BIG"], teams=(TEAMS[0], Team("Souths")))
    rotations["MICU"] = replace(rotations["MICU"], teams=())
    problem = replace(divided.problem, rotations=rotations)
    back = read_earlier(divided.path, problem)
    notes = [note.split(": ", 1)[1] for note in back.notes if "Teams!" in note]
    assert [note.split(";")[0] for note in notes] == [
        "'South' is no team of BIG (did you mean 'Souths'?)",
        "MICU has no teams (services with teams: BIG)",
    ]
    assert set(back.schedule.teams.values()) == {"North"}
    with pytest.raises(BadInput):
        read_workbook(divided.path, problem)


def test_weeks_that_are_split_now_have_the_team_of_the_whole(divided: Case) -> None:
    """A row's dates need not be those at which today's parts begin and end."""
    calendar = divided.problem.calendar
    middle = calendar.weeks[2].first + timedelta(days=3)
    problem = reshaped(divided.problem, {"shifted": [(calendar.first, None), (middle, None)]})
    back = read_earlier(divided.path, problem)
    old = [calendar.part_at(part.first) for part in problem.calendar.parts]
    assert len(old) == len(calendar.parts) + 1
    assert back.schedule.teams == {
        (index, new): divided.schedule.teams[index, part]
        for index in range(len(problem.residents))
        for new, part in enumerate(old)
        if part is not None and (index, part) in divided.schedule.teams
    }


def test_dates_stand_apart_from_the_service(divided: Case) -> None:
    """Dates are centred in columns with room, so that none runs into the text beside it."""
    sheet = openpyxl.load_workbook(divided.path)["Teams"]
    dates = sheet.column_dimensions["C"]  # of which the next is one, being as wide
    assert (dates.min, dates.max) == (3, 4)
    assert dates.width >= 14
    assert {sheet[f"{column}2"].alignment.horizontal for column in "CD"} == {"center"}
