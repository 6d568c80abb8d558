"""A program whose service has teams: solved, divided, written, checked, and where it cannot be."""

from __future__ import annotations

import json
import re
from pathlib import Path

import openpyxl

from tests.cli.command import scheduler

PROGRAM = """\
format: 1
name: A floor with two teams
year: {starts: 2026-06-29, weeks: 8}
groupings: [firm]
tracks: {categorical: {name: Categorical}}
rotations:
  FLOOR: {tags: [ward], teams: {Red: {groups: {firm: north}}, Blue: {groups: {firm: south}}}}
  CLINIC: {tags: [outpatient]}
grids: {two_week: {blocks: {weeks: 2}}}
tables: {residents: residents.csv}
rules:
  - {rule: coverage, rotations: FLOOR, exactly: 2}
  - {rule: team, name: one-on-each, minimum: 1}
  - {rule: team, name: own-firm, own: firm, weight: 3}
"""
RESIDENTS = """\
id,name,pgy,track,firm
R1,"Amberley, Ida",1,categorical,north
R2,"Brackwater, Lou",1,categorical,north
R3,"Cindermoor, Ash",1,categorical,south
R4,"Dunverrick, Bo",1,categorical,south
"""


def program_with_teams(folder: Path, *rules: str) -> Path:
    """Four people, solved in no time, written into ``folder``; with more rules, given as lines."""
    (folder / "program.yaml").write_text(PROGRAM + "\n".join(rules), encoding="utf-8")
    (folder / "residents.csv").write_text(RESIDENTS, encoding="utf-8")
    return folder


def test_solved_divided_and_checked(tmp_path: Path) -> None:
    """The workbook lists teams, and check finds no fault in what solve wrote."""
    program = program_with_teams(tmp_path)
    done = scheduler("solve", program, "-o", "s.xlsx", "--json", "r.json", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    (teams,) = (one for one in report["rules"] if one["name"] == "one-on-each")
    assert (teams["hard"], teams["violations"]) == (True, 0)
    rows = list(openpyxl.load_workbook(tmp_path / "s.xlsx")["Teams"].iter_rows(values_only=True))
    assert sum((row[3] - row[2]).days + 1 for row in rows[1:]) == 2 * 7 * 8
    assert scheduler("check", program, "s.xlsx", cwd=tmp_path).returncode == 0


def test_cost_of_the_teams_is_told_apart(tmp_path: Path) -> None:
    """A cost that the bound leaves out is named, and nothing is said where teams cost nothing."""
    lock = "  - {rule: lock, who: {resident: [R1, %s]}, be: FLOOR}"
    program = program_with_teams(tmp_path, lock % "R2")
    done = scheduler("solve", program, "-o", "s.xlsx", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Cost 24, and no schedule can be below 0. 24 of it is for teams, which" in done.stdout
    program_with_teams(tmp_path, lock % "R3")
    done = scheduler("solve", program, "-o", "s.xlsx", "--force", cwd=tmp_path)
    assert "This schedule is proven best." in done.stdout
    assert "for teams" not in done.stdout


def test_teams_that_no_division_satisfies(tmp_path: Path) -> None:
    """The year is valid, the teams are not: exit 1, the miss named, nothing written unasked."""
    program = program_with_teams(
        tmp_path,
        "  - {rule: team, name: all-red, be: Red}",
        "  - {rule: team, name: one-red, maximum: 1, when: {weeks: '1-2'}}",
    )
    done = scheduler("solve", program, "-o", "s.xlsx", "--json", "r.json", cwd=tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "its people cannot be divided into teams" in done.stdout
    assert "one-on-each: " in done.stdout or "all-red: " in done.stdout
    assert "on FLOOR in week " in done.stdout
    assert re.search(r"\): firm (north|south) [12] PGY1", done.stdout)
    assert "Give a rule about teams a weight" in done.stdout
    assert not (tmp_path / "s.xlsx").exists()
    report = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert (report["status"], report["cost"]) == ("unknown", None)
    assert report["hard_violations"] > 0
    done = scheduler("solve", program, "-o", "s.xlsx", "--best-effort", cwd=tmp_path)
    assert done.returncode == 1
    assert "NOT VALID" in str(openpyxl.load_workbook(tmp_path / "s.xlsx")["Schedule"]["A1"].value)


def _with_team(folder: Path, new: str, row: int, team: str) -> tuple[str, ...]:
    """``s.xlsx`` with another team in a row of its sheet Teams, locked there; the row's texts."""
    book = openpyxl.load_workbook(folder / "s.xlsx")
    sheet = book["Teams"]
    cells = sheet[row]
    cells[5].value, cells[6].value = team, "yes"
    book.save(folder / new)
    return tuple(str(cell.value) for cell in cells)


def test_a_team_locked_by_hand_binds(tmp_path: Path) -> None:
    """A team that was edited and locked stays in solve --from; the note says who locked it."""
    program = program_with_teams(tmp_path)
    assert scheduler("solve", program, "-o", "s.xlsx", cwd=tmp_path).returncode == 0
    old = openpyxl.load_workbook(tmp_path / "s.xlsx")["Teams"]["F2"].value
    other = "Blue" if old == "Red" else "Red"
    edited = _with_team(tmp_path, "edited.xlsx", 2, other)
    done = scheduler("check", program, "edited.xlsx", cwd=tmp_path)
    assert (done.returncode, "one-on-each: " in done.stdout) == (1, True)
    done = scheduler("solve", program, "--from", "edited.xlsx", "-o", "n.xlsx", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{edited[1]} is locked to {other} of FLOOR" in done.stdout + done.stderr
    assert "team week" in done.stdout
    again = openpyxl.load_workbook(tmp_path / "n.xlsx")["Teams"].iter_rows(values_only=True)
    assert edited in [tuple(str(value) for value in row) for row in again]


def test_two_locks_that_say_different_teams_are_bad_input(tmp_path: Path) -> None:
    """A lock on the sheet Teams against one of the program is told with both teams."""
    locked = "  - {rule: team, name: all-red, be: Red, who: {resident: [R1, R2, R3, R4]}}"
    program = program_with_teams(tmp_path)
    assert scheduler("solve", program, "-o", "s.xlsx", cwd=tmp_path).returncode == 0
    name = _with_team(tmp_path, "edited.xlsx", 2, "Blue")[1]
    program = program_with_teams(tmp_path, locked)
    done = scheduler("solve", program, "--from", "edited.xlsx", "-o", "n.xlsx", cwd=tmp_path)
    assert done.returncode == 2, done.stdout + done.stderr
    assert f"{name} is locked to Blue" in done.stderr
    assert "the program locks them to Red; change one of them" in done.stderr


def _turned(folder: Path) -> list[tuple[str, ...]]:
    """``turned.xlsx``: ``s.xlsx`` with everyone on the other team; the rows of its sheet Teams."""
    book = openpyxl.load_workbook(folder / "s.xlsx")
    for row in book["Teams"].iter_rows(min_row=2):
        row[5].value = "Blue" if row[5].value == "Red" else "Red"
    book.save(folder / "turned.xlsx")
    return _teams(folder / "turned.xlsx")


def _teams(workbook: Path) -> list[tuple[str, ...]]:
    rows = openpyxl.load_workbook(workbook)["Teams"].iter_rows(min_row=2, values_only=True)
    return sorted(tuple(str(value) for value in row) for row in rows)


def test_people_stay_on_the_teams_they_know(tmp_path: Path) -> None:
    """Teams turned round by hand stay where that is dearer to change than to keep, else not."""
    locked = "  - {rule: lock, who: {resident: [R1, R3]}, when: {weeks: 1-8}, be: FLOOR}"
    program = program_with_teams(tmp_path, locked)
    assert scheduler("solve", program, "-o", "s.xlsx", cwd=tmp_path).returncode == 0
    turned = _turned(tmp_path)
    options = ("--from", "turned.xlsx", "--json", "r.json")
    done = scheduler("solve", program, *options, "-o", "back.xlsx", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert _teams(tmp_path / "back.xlsx") == _teams(tmp_path / "s.xlsx")
    report = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    keep = next(one for one in report["rules"] if one["name"] == "keep")
    assert (keep["amount"], keep["cost"]) == (16, 32)
    assert "16 team weeks of 2 people changed, 32 of the cost." in done.stdout
    rows = openpyxl.load_workbook(tmp_path / "back.xlsx")["Changes"].iter_rows(values_only=True)
    assert {row[3] for row in rows if row[9] in ("R1", "R3")} == {"team"}
    cheaper = (
        (tmp_path / "program.yaml").read_text(encoding="utf-8").replace("weight: 3", "weight: 1")
    )
    (tmp_path / "program.yaml").write_text(cheaper, encoding="utf-8")
    done = scheduler("solve", program, *options, "-o", "kept.xlsx", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Against turned.xlsx, nothing changed." in done.stdout
    assert _teams(tmp_path / "kept.xlsx") == turned


def test_backup_weeks_are_kept(tmp_path: Path) -> None:
    """Who was named stays named; where that cannot be, the change is listed and charged."""
    rule = "  - {rule: jeopardy, named_from: CLINIC, exactly: 1}"
    program = program_with_teams(tmp_path, rule)
    assert scheduler("solve", program, "-o", "s.xlsx", cwd=tmp_path).returncode == 0
    named = _backups(tmp_path / "s.xlsx")
    id = next(id for id, week in named if week == "5")
    assert len(named) == 8
    lock = f"  - {{rule: lock, who: {{resident: {id}}}, when: {{weeks: 5-6}}, be: FLOOR}}"
    program = program_with_teams(tmp_path, rule, lock)
    options = ("--from", "s.xlsx", "-o", "n.xlsx", "--json", "r.json")
    done = scheduler("solve", program, *options, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    after = _backups(tmp_path / "n.xlsx")
    assert {week for _, week in named ^ after} <= {"5", "6"}
    changed = len(named ^ after)
    assert changed and f"{changed} backup weeks of" in done.stdout
    report = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    keep = next(one for one in report["rules"] if one["name"] == "keep")
    rows = openpyxl.load_workbook(tmp_path / "n.xlsx")["Changes"].iter_rows(values_only=True)
    assert sum(row[3] == "backup" for row in rows) == changed
    assert f", {keep['cost']} of the cost." in done.stdout


def _backups(workbook: Path) -> set[tuple[str, str]]:
    rows = openpyxl.load_workbook(workbook)["Jeopardy"].iter_rows(min_row=2, values_only=True)
    return {(str(row[0]), str(row[3])) for row in rows}


def test_no_more_of_a_firm_than_its_teams_take(tmp_path: Path) -> None:
    """The year already knows that two of one firm cannot be on two teams of their own."""
    few = "{rule: requirement, who: {resident: R3}, rotations: FLOOR, maximum: 4, weight: 1}"
    program = program_with_teams(tmp_path, f"  - {few}")
    text = (tmp_path / "program.yaml").read_text(encoding="utf-8")
    hard = text.replace("own: firm, weight: 3", "own: firm").replace("minimum: 1", "exactly: 1")
    away = "  - {rule: eligibility, who: {resident: R4}, never: FLOOR}"
    (tmp_path / "program.yaml").write_text(f"{hard}\n{away}", encoding="utf-8")
    done = scheduler("solve", program, "-o", "s.xlsx", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    firms = {line[:2]: line.rsplit(",", 1)[1] for line in RESIDENTS.splitlines()}
    rows = _teams(tmp_path / "s.xlsx")
    assert all((firms[row[0]], row[5]) in {("north", "Red"), ("south", "Blue")} for row in rows)
