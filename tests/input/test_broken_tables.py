"""Broken tables: every bad cell is one fault with its line, never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.input.tiny import change, faults_of, write_tiny
from tests.programs.small import ROTATIONS, residents, write_program

GONE = "correct it, or remove it if they have left"
YEAR = "the academic year 2026-06-29..2027-06-27"

#: (what is broken, file, old text, new text, line and text of the one fault).
BROKEN = [
    (
        "unknown track",
        "residents.csv",
        "primary-care",
        "primary-car",
        "3: track 'primary-car' is not a track of this program; did you mean 'primary-care'?",
    ),
    (
        "double id",
        "residents.csv",
        "R2,",
        "R1,",
        "3: id 'R1' is given twice (first in residents.csv:2); give each person an id of their own",
    ),
    (
        "visitor with a resident's id",
        "visitors.csv",
        "V1,",
        "R1,",
        "2: id 'R1' is given twice (first in residents.csv:2); give each person an id of their own",
    ),
    ("blank id", "residents.csv", "R2,", ",", "3: id is blank; fill it in"),
    (
        "year of training in Roman numbers",
        "residents.csv",
        '"Bell, Bo",2',
        '"Bell, Bo",II',
        "3: pgy 'II' is not a whole number from 1 to 10; correct it",
    ),
    (
        "name with a comma and no quotes",
        "residents.csv",
        '"Bell, Bo"',
        "Bell, Bo",
        "3: 'south' stands in a column without a name; "
        'put text with a comma into "quotes", or name the column',
    ),
    (
        "quote left open",
        "residents.csv",
        '"Bell, Bo"',
        '"Bell, Bo',
        "3: cannot be read as CSV from here on (',' expected after '\"'); "
        'check the quotes; a quote inside text is ""',
    ),
    (
        "misspelt column",
        "residents.csv",
        "id,name",
        "id,nmae",
        "1: unknown column 'nmae'; did you mean 'name'?",
    ),
    (
        "a column of people that is no grouping",
        "residents.csv",
        "firm\nR1",
        "firm,email\nR1",
        "1: unknown column 'email'; name it under 'groupings:' in the program if people are "
        "grouped by it, or remove it (known: 'id', 'name', 'pgy', 'track', 'firm', 'grid', "
        "'present', 'worked_holidays', 'counts', 'promoted')",
    ),
    (
        "a column of wishes that nobody knows",
        "requests.csv",
        "comment\nR1,a,1",
        "comment,email\nR1,a,1",
        "1: unknown column 'email'; remove it (known: 'id', 'choice', 'priority', 'type', 'what', "
        "'from', 'to', 'weeks', 'status', 'comment', 'with')",
    ),
    (
        "missing column",
        "residents.csv",
        "id,name,pgy",
        "id,name",
        "1: the column 'pgy' is missing; add it",
    ),
    (
        "missing grouping",
        "residents.csv",
        "track,firm",
        "track,grid",
        "1: the column 'firm' is missing; add it",
    ),
    (
        "column twice",
        "residents.csv",
        "firm\nR1",
        "firm,id\nR1",
        "1: the column 'id' is there twice; remove one",
    ),
    (
        "no heading",
        "history.csv",
        "id,rotation,weeks\n",
        "",
        "1: the first line does not name the columns; "
        "begin with a line that names the columns: id, rotation, weeks, stays, comment",
    ),
    (
        "invisible character",
        "residents.csv",
        "Bell, Bo",
        "Bell,\u200b Bo",
        "3: name: holds an invisible character (U+200B); shorten it or type it anew",
    ),
    (
        "endless cell",
        "residents.csv",
        "Bell, Bo",
        "x" * 2001,
        "3: name: has more than 2,000 characters; shorten it or type it anew",
    ),
    (
        "unknown department",
        "visitors.csv",
        "psychiatry,",
        "psychiatri,",
        "2: department 'psychiatri' is not a department of this program; "
        "did you mean 'psychiatry'?",
    ),
    (
        "window backwards",
        "visitors.csv",
        "2026-07-27..2026-08-23",
        "2026-08-23..2026-07-27",
        "2: present from 2026-08-23 is after to 2026-07-27; exchange them",
    ),
    (
        "window in words",
        "visitors.csv",
        "2026-07-27..2026-08-23",
        "July",
        "2: present 'July' is not a range of dates; write it as 2026-07-01..2026-09-30",
    ),
    (
        "window in another year",
        "visitors.csv",
        "2026-07-27..2026-08-23",
        "2028-07-27..2028-08-23",
        f"2: present 2028-07-27..2028-08-23 is outside {YEAR}; correct the dates",
    ),
    (
        "request of nobody",
        "requests.csv",
        "R3,c",
        "R9,c",
        f"5: id 'R9' is not a resident or visitor of this program; {GONE}",
    ),
    (
        "unknown type of request",
        "requests.csv",
        "R3,c,1,rotation",
        "R3,c,1,rotaton",
        "5: type 'rotaton' is not one of vacation, date, holiday, rotation, avoid; "
        "did you mean 'rotation'?",
    ),
    (
        "unknown status",
        "requests.csv",
        "approved",
        "aproved",
        "4: status 'aproved' is not one of submitted, approved, locked, declined; "
        "did you mean 'approved'?",
    ),
    (
        "priority in words",
        "requests.csv",
        "a,2",
        "a,second",
        "3: priority 'second' is not a whole number from 1 to 99; correct it",
    ),
    (
        "lanes mixed in one choice",
        "requests.csv",
        "R3,c,1,rotation",
        "R1,a,3,rotation",
        "5: choice 'a' of R1 mixes time off and rotations; make it a choice of its own",
    ),
    (
        "dates as a spreadsheet writes them",
        "requests.csv",
        "2026-08-03",
        "8/3/2026",
        "3: from '8/3/2026' is not a date; write it as 2026-07-31",
    ),
    (
        "day that no month has",
        "requests.csv",
        "2026-08-09",
        "2026-08-32",
        "3: to '2026-08-32' is not a date; write it as 2026-07-31",
    ),
    (
        "dates backwards",
        "requests.csv",
        "2026-08-03,2026-08-09",
        "2026-08-09,2026-08-03",
        "3: from 2026-08-09 is after to 2026-08-03; exchange them",
    ),
    (
        "dates outside the year",
        "requests.csv",
        "2026-08-03,2026-08-09",
        "2027-06-21,2027-07-04",
        f"3: 2027-07-04 is outside {YEAR}; correct the date",
    ),
    (
        "vacation without dates",
        "requests.csv",
        "2026-08-03,2026-08-09",
        ",",
        "3: from is blank; fill it in",
    ),
    (
        "vacation of a weekend",
        "requests.csv",
        "2026-08-03",
        "2026-08-08",
        "3: 2026-08-08..2026-08-09 holds no week for a vacation; "
        "give a whole week, or ask for single days by type 'date'",
    ),
    (
        "unknown holiday",
        "requests.csv",
        "thanksgiving",
        "thanksgivin",
        "4: what 'thanksgivin' is not a holiday of this program; did you mean 'thanksgiving'?",
    ),
    (
        "holiday with dates",
        "requests.csv",
        "thanksgiving,,",
        "thanksgiving,2026-11-26,",
        "4: a holiday has its own dates; leave from and to blank, or ask for dates by type 'date'",
    ),
    (
        "wish for an unknown rotation",
        "requests.csv",
        "rotation,icu",
        "rotation,ice",
        "5: what 'ice' is not a rotation or tag of this program; did you mean 'icu'?",
    ),
    (
        "wish for no rotation",
        "requests.csv",
        "rotation,icu",
        "rotation,",
        "5: what is blank; fill it in",
    ),
    (
        "history in words",
        "history.csv",
        ",4",
        ",four",
        "2: weeks 'four' is not a number of weeks; write it as 4 or 4.5",
    ),
    (
        "history of an unknown rotation",
        "history.csv",
        "icu",
        "ico",
        "2: rotation 'ico' is not a rotation or tag of this program; did you mean 'icu'?",
    ),
    (
        "leave outside the year",
        "leave.csv",
        "2027-01-04,2027-02-14",
        "2028-01-04,2028-02-14",
        f"2: 2028-01-04..2028-02-14 is outside {YEAR}; correct the dates",
    ),
    (
        "credit without weeks",
        "leave.csv",
        "CLINIC:2",
        "CLINIC",
        "2: credit 'CLINIC' is not a rotation and weeks; write it as CLINIC:2",
    ),
    (
        "cover by nobody",
        "leave.csv",
        "CLINIC:2,R1",
        "CLINIC:2,R7",
        f"2: covered_by 'R7' is not a resident or visitor of this program; {GONE}",
    ),
    (
        "cover by oneself",
        "leave.csv",
        "CLINIC:2,R1",
        "CLINIC:2,R2",
        "2: 'R2' cannot cover their own leave; name someone else",
    ),
]


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [case[1:] for case in BROKEN],
    ids=[case[0] for case in BROKEN],
)
def test_broken_table(tmp_path: Path, file: str, old: str, new: str, expected: str) -> None:
    """One bad cell gives exactly one fault: a person left out for it is not missed elsewhere."""
    change(write_tiny(tmp_path), file, old, new)
    assert faults_of(tmp_path) == [f"{file}:{expected}"]


#: (what is wrong, the bytes of residents.csv, the one fault).
BYTES = [
    (
        "empty",
        b"",
        "residents.csv: is empty; its first line names the columns: "
        "id, name, pgy, track, firm, grid, present, worked_holidays, counts, promoted",
    ),
    (
        "heading only",
        b"id,name,pgy,track,firm\n",
        "residents.csv: lists nobody; add a line a resident",
    ),
    (
        "latin-1",
        b"id,name,pgy,track,firm\nR1,Andr\xe9,1,categorical,north\n",
        "residents.csv:2: holds a character that is not UTF-8 (byte E9); "
        "save the file as UTF-8 (Excel: 'CSV UTF-8')",
    ),
    (
        "utf-16",
        "id,name,pgy,track,firm\n".encode("utf-16"),
        "residents.csv: is UTF-16 text; save it as UTF-8 (Excel: 'CSV UTF-8')",
    ),
    ("binary", bytes(range(256)), "residents.csv: is a binary file, not text; give a text file"),
    ("workbook", b"PK\x03\x04...", "residents.csv: is a workbook, not CSV text; name it .xlsx"),
    (
        "too many lines",
        b"id,name,pgy,track,firm\n" + b"R1,A,1,categorical,north\n" * 20_001,
        "residents.csv:20002: has more than 20,000 lines; split it or remove lines",
    ),
]


@pytest.mark.parametrize(
    ("content", "expected"), [case[1:] for case in BYTES], ids=[case[0] for case in BYTES]
)
def test_bytes_that_are_no_table(tmp_path: Path, content: bytes, expected: str) -> None:
    """A file that is no table gives one fault, and none because its people are missing."""
    (write_tiny(tmp_path) / "residents.csv").write_bytes(content)
    assert faults_of(tmp_path) == [expected]


def test_no_grid_fits(tmp_path: Path) -> None:
    """Whoever no grid fits is named."""
    write_tiny(tmp_path)
    change(tmp_path, "program.yaml", "blocks: {weeks: 2}", "who: {pgy: [1, 2]}, blocks: {weeks: 2}")
    assert faults_of(tmp_path) == [
        "residents.csv:4: no grid fits R3 (PGY3 categorical); "
        "widen the 'who' of a grid, or fill in 'grid'"
    ]


def test_unknown_grid_of_a_resident(tmp_path: Path) -> None:
    """A grid named in the table must exist."""
    write_tiny(tmp_path)
    change(tmp_path, "residents.csv", "track,firm\n", "track,firm,grid\n")
    change(tmp_path, "residents.csv", "primary-care,south", "primary-care,south,two_weak")
    assert faults_of(tmp_path) == [
        "residents.csv:3: grid 'two_weak' is not a grid of this program; did you mean 'two_week'?"
    ]


def test_a_slip_that_is_repeated_is_one_line(tmp_path: Path) -> None:
    """The same thing wrong in many rows is said once, with all the lines; others stay apart."""
    write_tiny(tmp_path)
    rows = "".join(f"X{n},Xin {n},1,categoric,north\n" for n in range(4))
    change(tmp_path, "residents.csv", "", f"id,name,pgy,track,firm\n{rows}Y,Yo,1,prim,north\n")
    said = [line for line in faults_of(tmp_path) if "is not a track" in line]
    assert said == [
        "residents.csv:2: track 'categoric' is not a track of this program; "
        "did you mean 'categorical'? (also in lines 3-5)",
        "residents.csv:6: track 'prim' is not a track of this program; "
        "known: 'categorical', 'preliminary', 'primary-care'",
    ]


def test_a_kind_of_which_there_is_none(tmp_path: Path) -> None:
    """Where the program names no holiday at all, it is said what to do."""
    program = ROTATIONS + (
        "year: {starts: 2026-06-29, weeks: 4}\n"
        "tracks: {categorical: {name: Categorical}}\n"
        "grids: {weekly: {blocks: {weeks: 1}}}\nrules: []\n"
    )
    asked = "id,choice,priority,type,what\nR1,1,1,holiday,christmas\n"
    write_program(tmp_path, program, residents=residents("R1,1"), requests=asked)
    assert faults_of(tmp_path) == [
        "requests.csv:2: what 'christmas' is not a holiday of this program; "
        "none is named yet; name it first, or leave it out"
    ]
