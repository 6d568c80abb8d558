"""Weeks that people owe a service, counted against the places it has."""

from __future__ import annotations

from pathlib import Path

from scheduler.diagnosis.counting import shortages
from scheduler.diagnosis.room import rooms
from scheduler.input.load import load_program
from tests.programs.small import ROTATIONS, residents, write_program

YEAR = """\
year: {starts: 2026-06-29, weeks: 10}
tracks: {categorical: {name: Categorical}}
"""
BLOCKS = "grids: {two: {blocks: {weeks: 2}}}\n"


def _crowded(folder: Path, program: str, *people: str, columns: str = "id,name,pgy,track") -> str:
    """What is counted as crowded in a program of these people, one line each."""
    table = residents(*people, columns=columns)
    write_program(folder, YEAR + ROTATIONS + program, residents=table)
    problem = load_program(folder).problem
    crowded = [str(one) for one in rooms(problem) if one.short]
    assert [str(one) for one in shortages(problem)] == crowded
    return "\n".join(crowded)


def _asks(least: int, more: str = "", most: int = 1) -> str:
    """Everyone must go to intensive care for so many weeks; it takes so many people."""
    return BLOCKS + (
        "rules:\n"
        f"  - {{rule: coverage, rotations: ICU, maximum: {most}{more}}}\n"
        f"  - {{rule: requirement, rotations: ICU, minimum: {least}}}\n"
    )


def test_more_weeks_owed_than_places(tmp_path: Path) -> None:
    """Three people with four weeks each do not fit into ten weeks of one place."""
    assert _crowded(tmp_path, _asks(4), "R1,1", "R2,1", "R3,1") == (
        "ICU has places for 10 person-weeks of residents; "
        "the 3 who must go there need 12 (2 too many)"
    )


def test_places_that_are_just_enough(tmp_path: Path) -> None:
    """Five people with two weeks each fill ten weeks of one place, and none is missing."""
    assert _crowded(tmp_path, _asks(2), "R1,1", "R2,1", "R3,1", "R4,1", "R5,1") == ""


def test_wish_and_part_of_the_year_prove_nothing(tmp_path: Path) -> None:
    """A soft limit may be exceeded, and one for some weeks leaves the others."""
    people = ("R1,1", "R2,1", "R3,1")
    assert _crowded(tmp_path, _asks(4, more=", weight: 2"), *people) == ""
    assert _crowded(tmp_path, _asks(4, more=', when: {weeks: "1-4"}'), *people) == ""


def test_half_time_people_take_half_a_place(tmp_path: Path) -> None:
    """Three people who count for half need six of the ten person-weeks."""
    columns = "id,name,pgy,track,counts"
    people = ("R1,1,categorical,50", "R2,1,categorical,50", "R3,1,categorical,50")
    assert _crowded(tmp_path, _asks(4), *people, columns=columns) == ""


def test_clinic_weeks_that_every_grid_assigns(tmp_path: Path) -> None:
    """Whichever cohort is chosen, a resident has two clinic weeks in ten."""
    cycle = "cycle: [{weeks: 2}, {weeks: 2}, {weeks: 1, rotation: ICU}]"
    grids = f"grids:\n  a: {{{cycle}}}\n  b: {{{cycle}, offset: 2}}\n"
    rules = "rules:\n  - {rule: coverage, rotations: ICU, allowed: [0, 1]}\n"
    people = [f"R{number},1" for number in range(1, 7)]
    assert _crowded(tmp_path, grids + rules, *people).endswith("need 12 (2 too many)")
    assert _crowded(tmp_path, grids + rules, *people[:5]) == ""
