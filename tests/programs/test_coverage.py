"""Staffing as chiefs know it: other numbers in July, pairs, supervision, half-time people."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.input.tiny import faults_of
from tests.programs.small import ROTATIONS, Solved, residents, solved, write_program

PROGRAM = (
    ROTATIONS
    + """\
year: {starts: 2026-06-29, weeks: 12}
tracks: {categorical: {name: Categorical}}
grids: {two_week: {blocks: {weeks: 2}}}
rules:
  - {rule: coverage, name: ward-july, rotations: WARD, exactly: 3, when: {weeks: "1-4"}}
  - {rule: coverage, name: ward, rotations: WARD, exactly: 2, when: {weeks: "5-12"}}
  - {rule: coverage, name: acute, rotations: [ICU, NIGHT], minimum: 2, maximum: 3}
  - {rule: coverage, name: icu, rotations: ICU, allowed: [0, 2]}
  - rule: coverage
    name: never-alone
    rotations: [ICU, NIGHT]
    who: {pgy: 1}
    with: {who: {pgy: 3}}
  - rule: coverage
    name: teaching
    rotations: WARD
    who: {pgy: 1}
    per: {who: {pgy: [2, 3]}, at_most: 2}
  - {rule: coverage, name: clinic, rotations: CLINIC, minimum: 1}
  - {rule: coverage, name: no-loitering, rotations: elective, maximum: 2}
"""
)
PEOPLE = residents(
    *(f"I{n},1,categorical," for n in range(4)),
    *(f"J{n},2,categorical,50" for n in range(2)),
    *(f"S{n},3,categorical," for n in range(4)),
    columns="id,name,pgy,track,counts",
)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Solved:
    """The program, solved."""
    folder = tmp_path_factory.mktemp("coverage")
    return solved(write_program(folder, PROGRAM, residents=PEOPLE))


def _people(found: Solved, codes: str, part: int) -> float:
    """Whole people and halves on ``codes``."""
    return found.people_on(codes, part) - found.people_on(codes, part, pgy=2) / 2


def test_july_has_other_numbers(found: Solved) -> None:
    """Weeks with numbers of their own are a rule of their own; halves count as halves."""
    numbers = [_people(found, "WARD", part) for part in range(12)]
    assert numbers == [3] * 4 + [2] * 8


def test_services_are_counted_together_and_in_pairs(found: Solved) -> None:
    """Intensive care and nights share their people; in intensive care there are none or two."""
    for part in range(12):
        assert 2 <= _people(found, "ICU NIGHT", part) <= 3
        assert _people(found, "ICU", part) in (0, 2)


def test_interns_are_supervised(found: Solved) -> None:
    """No intern without a third-year, no more than two for each resident who teaches."""
    for part in range(12):
        interns = found.people_on("ICU NIGHT", part, pgy=1)
        assert not interns or found.people_on("ICU NIGHT", part, pgy=3)
        teachers = found.people_on("WARD", part, 3) + found.people_on("WARD", part, 2) / 2
        assert found.people_on("WARD", part, pgy=1) <= 2 * teachers


def test_faults_name_the_option(tmp_path: Path) -> None:
    """An unknown group in the company of a service, a bad list, a bad share of a person."""
    program = PROGRAM.replace("with: {who: {pgy: 3}}", "with: {who: {track: nobody}}")
    program = program.replace("allowed: [0, 2]", "allowed: [0, 2], minimum: 1")
    write_program(tmp_path, program, residents=PEOPLE.replace(",50", ",150"))
    assert [line.split(": ", 1)[1] for line in faults_of(tmp_path)] == [
        "rules[4] coverage: say either 'allowed' or 'minimum', 'maximum' and 'exactly'",
        "rules[5] coverage: with.who.track: 'nobody' is not a track of this program; "
        "known: 'categorical'",
        "counts '150' is not a whole number from 0 to 100; correct it (also in line 7)",
    ]
