"""A tiny program to break: its files, and how a test changes one thing in it."""

from __future__ import annotations

from pathlib import Path

from scheduler.input.faults import BadInput
from scheduler.input.load import load_program
from scheduler.input.loaded import Loaded

PROGRAM = """\
format: 1
name: Tiny Hospital
policy: [house]
year: {starts: 2026-06-29, weeks: 52, week_starts: monday}
values:
  ward_least: 0
tracks:
  categorical: {name: Categorical}
  primary-care: {name: Primary care}
departments:
  psychiatry: {name: Psychiatry}
groupings: [firm]
rotations:
  WARD: {name: Ward, tags: [inpatient], hours: 70}
  MICU: {name: Medical ICU, tags: [icu, inpatient], colour: C00000}
  CLINIC: {name: Clinic, tags: [outpatient], vacation: true}
grids:
  two_week: {blocks: {weeks: 2}}
tables:
  residents: residents.csv
  visitors: visitors.csv
  requests: requests.csv
  history: history.csv
  leave: leave.csv
holidays:
  thanksgiving: {name: Thanksgiving, dates: [{from: 2026-11-26, to: 2026-11-29}]}
rules:
  - rule: coverage
    name: ward
    rotations: WARD
    minimum: $ward_least
  - rule: coverage
    rotations: icu
    who: {pgy: [1, 2], firm: north}
    maximum: 2
"""

POLICY = """\
format: 1
policy: house
values:
  icu_most: 3
tracks:
  preliminary: {name: Preliminary}
tags:
  icu: intensive care
  inpatient: patients in beds
rules:
  - rule: coverage
    name: icu-room
    rotations: icu
    maximum: $icu_most
  - {rule: coverage, name: night-room, rotations: night, maximum: 1, if_used: true}
  - {rule: vacation, minimum: 0}
  - {rule: holiday, off: 1}
"""

TABLES = {
    "residents.csv": """\
id,name,pgy,track,firm
R1,"Adams, Ada",1,categorical,north
R2,"Bell, Bo",2,primary-care,south
R3,"Cruz, Cy",3,categorical,north
""",
    "visitors.csv": """\
id,name,pgy,department,present
V1,"Visit, Vi",1,psychiatry,2026-07-27..2026-08-23
""",
    "requests.csv": """\
id,choice,priority,type,what,from,to,status,comment
R1,a,1,vacation,,2026-07-06,2026-07-12,,
R1,a,2,vacation,,2026-08-03,2026-08-09,,
R2,b,1,holiday,thanksgiving,,,approved,
R3,c,1,rotation,icu,,,,
""",
    "history.csv": """\
id,rotation,weeks
R2,icu,4
""",
    "leave.csv": """\
id,from,to,kind,vacation_weeks,credit,covered_by
R2,2027-01-04,2027-02-14,parental,1,CLINIC:2,R1
""",
}


def write_tiny(folder: Path) -> Path:
    """Write the tiny program into ``folder``."""
    files = {"program.yaml": PROGRAM, "house.yaml": POLICY, **TABLES}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def change(folder: Path, file: str, old: str, new: str) -> None:
    """Replace ``old``, which must be there once, in a file; with no ``old``, the whole file."""
    path = folder / file
    if old:
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        new = text.replace(old, new)
    path.write_text(new, encoding="utf-8")


def load_tiny(folder: Path, *changes: tuple[str, str, str]) -> Loaded:
    """The tiny program with some changes (file, old, new)."""
    write_tiny(folder)
    for file, old, new in changes:
        change(folder, file, old, new)
    return load_program(folder)


def faults_of(path: Path) -> list[str]:
    """Every fault line of the program at ``path``; none if it loads."""
    try:
        load_program(path)
    except BadInput as bad:
        return bad.lines
    return []
