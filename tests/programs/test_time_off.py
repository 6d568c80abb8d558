"""Time off asked for against room, of each group that has a limit of its own."""

from __future__ import annotations

from pathlib import Path

from scheduler.diagnosis.time_off import WeekRoom, time_off
from scheduler.input.load import load_program
from tests.programs.small import ROTATIONS, residents, write_program

PROGRAM = (
    ROTATIONS
    + """\
year: {starts: 2026-06-29, weeks: 8}
tracks: {categorical: {name: Categorical}}
grids: {two_week: {blocks: {weeks: 2}}}
holidays: {fair: {name: Fair, dates: [{from: 2026-07-25, to: 2026-07-26}]}}
rules:
  - {rule: vacation, name: owed, minimum: 0, maximum: 3}
  - {rule: vacation, name: interns, who: {pgy: 1}, at_once: 1}
  - {rule: vacation, name: seniors, who: {pgy: 2}, at_once_percent: 50}
  - {rule: vacation, name: wanted, at_once: 1, weight: 1}
  - {rule: vacation, name: closed, who: {pgy: 1}, blackout: {weeks: 8}, when: {weeks: "7-8"}}
  - {rule: vacation, name: fair, blackout: {holiday: fair}}
  - {rule: request, name: off, lane: time-off, weight: 1}
"""
)
PEOPLE = residents("I1,1", "I2,1", "S1,2", "S2,2", "T1,3", "T2,3")
#: Week 1: both interns; week 3: one of each; week 5: only those without a limit; week 8: closed.
#: Week 4 has a holiday, at which nobody is away.
REQUESTS = """\
id,choice,priority,type,from,to
I1,1,1,vacation,2026-06-29,2026-07-05
I2,1,1,vacation,2026-06-29,2026-07-05
I1,2,1,vacation,2026-07-13,2026-07-19
S1,1,1,vacation,2026-07-13,2026-07-19
T1,1,1,vacation,2026-07-27,2026-08-02
T2,1,1,vacation,2026-07-27,2026-08-02
S1,2,1,vacation,2026-08-17,2026-08-23
S2,2,1,vacation,2026-08-17,2026-08-23
S2,2,2,vacation,2026-06-29,2026-07-05
"""


def test_each_level_against_its_own_room(tmp_path: Path) -> None:
    """Two interns are too many where one intern may, though three people may; others are not."""
    write_program(tmp_path, PROGRAM, residents=PEOPLE, requests=REQUESTS)
    weeks = list(time_off(load_program(tmp_path).problem))
    assert weeks == [
        WeekRoom(0, 2, 2, (("PGY1 residents", 1),)),
        WeekRoom(1, 0, 2, ()),
        WeekRoom(2, 2, 2, ()),
        WeekRoom(3, 0, 0, ()),
        WeekRoom(4, 2, 2, ()),
        WeekRoom(5, 0, 2, ()),
        WeekRoom(6, 0, 2, ()),
        WeekRoom(7, 2, 1, (("PGY2 residents", 1),)),
    ]
