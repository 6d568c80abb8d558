"""Vacation owed against the limits on being away at once, counted before anything is solved."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.diagnosis.away import away_rooms
from scheduler.diagnosis.counting import shortages
from scheduler.engine.settings import Settings
from scheduler.engine.solve import solve
from scheduler.input.load import load_program
from tests.programs.small import ROTATIONS, residents, write_program

YEAR = """\
year: {starts: 2026-06-29, weeks: 8}
tracks: {categorical: {name: Categorical}}
grids: {weekly: {blocks: {weeks: 1}}}
holidays: {fair: {name: Fair, dates: [{from: 2026-07-25, to: 2026-07-26}]}}
"""
OWED = "  - {rule: vacation, weeks: 2}\n"
FOUR = ("R1,1,categorical,,", "R2,1,categorical,,", "R3,1,categorical,,", "R4,1,categorical,,")
COLUMNS = "id,name,pgy,track,present,promoted"


def _away(folder: Path, *rules: str, people: tuple[str, ...] = FOUR, leave: str = "") -> list[str]:
    """Vacation for which there is no room; a schedule exists where there is some for all."""
    program = f"{YEAR}{ROTATIONS}rules:\n{''.join(rules)}"
    tables = {"leave": f"id,from,to,vacation_weeks\n{leave}"} if leave else {}
    table = residents(*people, columns=COLUMNS)
    problem = load_program(write_program(folder, program, residents=table, **tables)).problem
    found = [str(one) for one in away_rooms(problem) if one.short]
    assert [str(one) for one in shortages(problem)] == found
    outcome = solve(problem, Settings(time_limit=10, gap=1.0, workers=1))
    assert (outcome.schedule is None) == bool(found)
    return found


def test_a_percentage_of_few_people_is_nobody(tmp_path: Path) -> None:
    """A tenth of four people, rounded down, is nobody, and nobody gets what is owed."""
    limit = "  - {rule: vacation, who: {pgy: 1}, at_once_percent: 10}\n"
    assert _away(tmp_path, OWED, limit) == [
        "Vacation of PGY1 residents: 8 weeks owed in all; with at most 0 away at once "
        "(10% of 4 people, rounded down) there is room for 0 (8 too many)"
    ]


def test_closed_weeks_leave_no_room(tmp_path: Path) -> None:
    """One at once is just enough for eight weeks, and not where a week is closed."""
    limit = "  - {rule: vacation, at_once: 1}\n"
    assert _away(tmp_path, OWED, limit) == []
    for closed in ("{weeks: 2}", "{holiday: fair}"):
        assert _away(tmp_path, OWED, limit, f"  - {{rule: vacation, blackout: {closed}}}\n") == [
            "Vacation of residents: 8 weeks owed in all; with at most 1 away at once "
            "there is room for 7 (1 too many)"
        ]


@pytest.mark.parametrize(
    "limit",
    [
        "{rule: vacation, at_once: 0, weight: 1}",
        "{rule: vacation, at_once: 0, inside: WARD}",
        "{rule: vacation, at_once: 0, when: {weeks: 1-4}}",
    ],
)
def test_what_leaves_other_ways_proves_nothing(limit: str, tmp_path: Path) -> None:
    """A wish, a limit for one service, and one for some weeks."""
    assert _away(tmp_path, OWED, f"  - {limit}\n") == []


def test_who_is_there_less(tmp_path: Path) -> None:
    """What a leave uses up is not owed, and nobody is on vacation while away."""
    limit = "  - {rule: vacation, at_once: 1}\n"
    late = ("R1,1,categorical,2026-08-10..,", "R2,1,categorical,2026-08-10..,")
    assert _away(tmp_path, OWED, limit, people=late) == [
        "Vacation of residents: 4 weeks owed in all; with at most 1 away at once "
        "there is room for 2 (2 too many)"
    ]
    leave = "R1,2026-08-17,2026-08-23,2\n"
    assert _away(tmp_path, OWED, limit, people=late, leave=leave) == []


def test_who_is_promoted_may_go_on_either_level(tmp_path: Path) -> None:
    """An intern until week 5: their vacation may lie where the limit of interns is over."""
    limit = "  - {rule: vacation, who: {pgy: 1}, at_once: 0}\n"
    people = ("R1,1,categorical,,2026-07-27",)
    assert _away(tmp_path, OWED, limit, people=people) == []
