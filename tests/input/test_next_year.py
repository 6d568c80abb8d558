"""A program moved on to the next year: its dated tables are told once each, with what to do."""

from __future__ import annotations

from pathlib import Path

from tests.input.tiny import faults_of
from tests.programs.small import ROTATIONS, write_program

YEAR = "the academic year 2027-06-28..2028-06-25"
MANY = f"lines have dates outside {YEAR}; if the year was moved on, "
EMPTY = "bring this table up to date, or leave only its first line"
PROGRAM = f"""\
year: {{starts: 2027-06-28, weeks: 52}}
tracks: {{categorical: {{}}}}
grids: {{two_week: {{blocks: {{weeks: 2}}}}}}
{ROTATIONS}
"""
WISHES = "id,choice,priority,type,what,from,to\n"
WEEK = "R1,{},1,vacation,,2026-08-03,2026-08-09\n"
ROTATION = "R2,{},1,rotation,WARD,,\n"


def _people(present: str = "") -> str:
    lines = [f"R{number},Name {number},1,categorical,{present}\n" for number in range(1, 7)]
    return "id,name,pgy,track,present\n" + "".join(lines)


def _faults(folder: Path, wishes: str) -> list[str]:
    """The faults of six people in the year that comes, with these wishes."""
    tables = {"residents": _people(), "requests": WISHES + wishes}
    return faults_of(write_program(folder, PROGRAM, **tables))


def test_many_lines_of_a_table_are_told_as_one(tmp_path: Path) -> None:
    """What to do is said once, not the same of every date; what has no date is right."""
    lines = [WEEK.format(number) for number in range(6)]
    lines.insert(2, ROTATION.format("a"))
    wanted = f"requests.csv:2: 6 {MANY}{EMPTY} (lines 2-3, 5-8)"
    assert _faults(tmp_path, "".join(lines)) == [wanted]


def test_of_very_many_lines_the_last_is_told(tmp_path: Path) -> None:
    """A list of hundreds of numbers helps nobody."""
    lines = [WEEK.format(number) + ROTATION.format(number) for number in range(12)]
    wanted = f"requests.csv:2: 12 {MANY}{EMPTY} (lines 2, 4, 6, 8, 10, 12, 14, 16, ... 24)"
    assert _faults(tmp_path, "".join(lines)) == [wanted]


def test_few_lines_are_told_one_by_one(tmp_path: Path) -> None:
    """A slip in a date is shown with the date."""
    assert _faults(tmp_path, WEEK.format(1) + WEEK.format(2)) == [
        f"requests.csv:2: {day} is outside {YEAR}; correct the date (also in line 3)"
        for day in ("2026-08-03", "2026-08-09")
    ]


def test_people_leave_and_locks_are_told_as_one_each(tmp_path: Path) -> None:
    """People are brought up to date; what they had last year goes."""
    dated = [f"R{number},2026-09-07,2026-09-20" for number in range(1, 7)]
    tables = {
        "residents": _people("2026-07-01..2026-12-31"),
        "leave": "\n".join(["id,from,to", *dated]),
        "locks": "\n".join(["id,from,to,code", *(f"{one},WARD" for one in dated)]),
    }
    people = "bring the people and their dates up to date"
    assert faults_of(write_program(tmp_path, PROGRAM, **tables)) == [
        f"residents.csv:2: 6 {MANY}{people} (lines 2-7)",
        f"leave.csv:2: 6 {MANY}{EMPTY} (lines 2-7)",
        f"locks.csv:2: 6 {MANY}{EMPTY} (lines 2-7)",
    ]
