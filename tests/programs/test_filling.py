"""Residents whose year cannot be filled with what is open to them are found by counting."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.diagnosis.counting import Counting, shortages
from scheduler.input.load import load_program
from tests.programs.small import ROTATIONS, residents, write_program

YEAR = """\
year: {starts: 2026-06-29, weeks: 10}
tracks: {categorical: {name: Categorical}}
grids: {two: {blocks: {weeks: 2}}}
"""
ONLY = "  - {rule: eligibility, who: {pgy: 1}, only: [WARD, CLINIC]}\n"
WARD = "  - {rule: requirement, rotations: WARD, maximum: 4}\n"
CLINIC = "  - {rule: requirement, rotations: CLINIC, maximum: 3}\n"
VACATION = "  - {rule: vacation, weeks: 2}\n"


def _found(folder: Path, *rules: str) -> list[str]:
    """What is counted as unfilled in a program of an intern and a senior."""
    program = f"{YEAR}{ROTATIONS}rules:\n{''.join(rules)}"
    write_program(folder, program, residents=residents("R1,1", "R2,2"))
    problem = load_program(folder).problem
    found = [str(one) for one in Counting(problem).people()]
    assert [str(one) for one in shortages(problem)] == found
    return found


def test_services_with_too_few_weeks(tmp_path: Path) -> None:
    """Four weeks of ward, three of clinic and two of vacation do not make ten."""
    assert _found(tmp_path, ONLY, WARD, CLINIC, VACATION) == [
        "Name R1: here for 10 weeks; the services open to them take at most 7, vacation 2 "
        "(1 left with nothing to do)"
    ]


@pytest.mark.parametrize(
    "rules",
    [
        (ONLY, WARD, VACATION),
        (WARD, CLINIC, VACATION),
        (ONLY, WARD, CLINIC, VACATION.replace("weeks: 2", "minimum: 2")),
        (ONLY, WARD, CLINIC, VACATION.replace("weeks: 2", "weeks: 3")),
        (ONLY, WARD, CLINIC.replace("}", ", weight: 1}"), VACATION),
    ],
)
def test_whatever_leaves_enough_is_not_told(tmp_path: Path, rules: tuple[str, ...]) -> None:
    """One service without limit, others open, more vacation, a wish instead of a limit."""
    assert _found(tmp_path, *rules) == []


def test_blocks_in_which_nothing_is_open(tmp_path: Path) -> None:
    """Every rotation is forbidden to interns for two weeks."""
    every = "WARD, ICU, NIGHT, CLINIC, CARD, ELEC"
    closed = f"  - {{rule: eligibility, who: {{pgy: 1}}, when: {{weeks: 3-4}}, never: [{every}]}}\n"
    assert _found(tmp_path, closed) == [
        "Name R1: no service is open to them in weeks 3-4 (2026-07-13 to 2026-07-26)"
    ]
