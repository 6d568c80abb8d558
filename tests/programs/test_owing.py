"""Weeks that one resident owes against the weeks of their year, counted before any search."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scheduler.diagnosis.counting import shortages
from scheduler.diagnosis.owing import owing
from scheduler.engine.settings import Settings
from scheduler.engine.solve import solve
from scheduler.input.load import load_program
from tests.programs.small import ROTATIONS, residents, write_program

YEAR = """\
year: {starts: 2026-06-29, weeks: 12}
tracks:
  categorical: {name: Categorical, values: {final_pgy: 3}}
  physician-scientist: {name: Scientist, values: {final_pgy: 2}}
grids: {weekly: {blocks: {weeks: 1}}}
"""
#: Everything is due by the end of training: eighteen weeks, of which a year can give twelve.
INPATIENT = (
    "  - {rule: requirement, rotations: inpatient, minimum: 10, over: training, "
    "final_pgy: $final_pgy}\n"
)
CLINIC = (
    "  - {rule: requirement, rotations: [CLINIC, ELEC], minimum: 8, over: training, "
    "final_pgy: $final_pgy}\n"
)
VACATION = "  - {rule: vacation, weeks: 1}\n"
SCIENTIST = "SCI,2,physician-scientist,"


def _owing(folder: Path, *rules: str, person: str = SCIENTIST, **tables: str) -> list[str]:
    """What is counted as too much in a program of one resident, told as a schedule tells it."""
    year = YEAR if INPATIENT in rules else re.sub(r", values: {.*?}", "", YEAR)
    table = residents(person, columns="id,name,pgy,track,present")
    program = f"{year}{ROTATIONS}rules:\n{''.join(rules)}"
    problem = load_program(write_program(folder, program, residents=table, **tables)).problem
    found = [str(one) for one in owing(problem) if one.short]
    assert [str(one) for one in shortages(problem)] == found
    # In programs as small as these nothing else stands in the way.
    outcome = solve(problem, Settings(time_limit=10, gap=1.0, workers=1))
    assert (outcome.schedule is None) == bool(found)
    return found


def test_minima_that_do_not_fit_in_the_last_year(tmp_path: Path) -> None:
    """Residency in two years: what earlier years did not give is more than this year has."""
    history = "id,rotation,weeks\nSCI,ICU,3\nSCI,ELEC,2\n"
    assert _owing(tmp_path, INPATIENT, CLINIC, VACATION, history=history) == [
        "Name SCI: here for 12 weeks; owes 7 weeks on inpatient, "
        "6 weeks on CLINIC + ELEC and 1 week of vacation (2 too many)"
    ]


@pytest.mark.parametrize(
    ("person", "history"),
    [
        (SCIENTIST, "SCI,ICU,4\nSCI,CLINIC,3\n"),
        ("SCI,2,categorical,", "SCI,ICU,1\n"),
        (SCIENTIST, "SCI,inpatient,9\n"),
    ],
    ids=["just enough", "a year later will do", "one of them is nearly done"],
)
def test_what_earlier_and_later_years_give(person: str, history: str, tmp_path: Path) -> None:
    """History is taken off, and nothing is due that a later year may give."""
    table = f"id,rotation,weeks\n{history}"
    assert _owing(tmp_path, INPATIENT, CLINIC, VACATION, person=person, history=table) == []


def test_presence_leave_and_credit(tmp_path: Path) -> None:
    """Weeks away and on leave are none; what a person credited is done; leave uses up vacation."""
    ward = "  - {rule: requirement, rotations: WARD, exactly: 5}\n"
    more = ward.replace("5", "7")
    icu = "  - {rule: requirement, rotations: ICU, minimum: 3, by: 2026-09-06}\n"
    person = f"{SCIENTIST}2026-07-13.."
    leave = (
        "id,from,to,kind,vacation_weeks,credit,covered_by\nSCI,2026-09-07,2026-09-20,,1,ICU:1,\n"
    )
    assert _owing(tmp_path, ward, icu, VACATION, person=person) == []
    assert _owing(tmp_path, ward, icu, VACATION, person=person, leave=leave) == []
    assert _owing(tmp_path, more, icu, VACATION, person=person, leave=leave) == [
        "Name SCI: here for 8 weeks; owes 7 weeks on WARD and 2 weeks on ICU (1 too many)"
    ]


def test_requirements_that_share_days_are_counted_once(tmp_path: Path) -> None:
    """Intensive care is inpatient as well, and weeks as assigned may be vacation."""
    rules = (
        "  - {rule: requirement, rotations: ICU, minimum: 9}\n",
        "  - {rule: requirement, rotations: inpatient, minimum: 10}\n",
        "  - {rule: requirement, rotations: [ICU, CLINIC], minimum: 10}\n",
        "  - {rule: requirement, rotations: CLINIC, minimum: 1, count: assigned}\n",
        VACATION,
    )
    assert _owing(tmp_path, *rules) == []
