"""Vacation as chiefs ration it, and single days that are free without vacation."""

from __future__ import annotations

from itertools import groupby, pairwise
from pathlib import Path

import pytest

from scheduler.audit.wishes import received
from scheduler.input.load import load_program
from scheduler.problem.rotation import VACATION
from tests.programs.small import ROTATIONS, Solved, residents, solved, write_program

PROGRAM = (
    ROTATIONS
    + """\
year: {starts: 2026-10-05, weeks: 20}
tracks: {categorical: {name: Categorical}}
grids: {two_week: {blocks: {weeks: 2}}}
holidays:
  thanksgiving: {name: Thanksgiving, dates: [{from: 2026-11-26, to: 2026-11-29}]}
  christmas: {name: Christmas, calendar: US, day: Christmas Day, before: 1, after: 2}
rules:
  - {rule: coverage, name: ward, rotations: WARD, minimum: 2}
  - {rule: coverage, name: icu, rotations: ICU, minimum: 1}
  - {rule: coverage, name: night, rotations: NIGHT, exactly: 1}
  - {rule: vacation, name: owed, weeks: 3}
  - {rule: vacation, name: pieces, pieces: [1, 2]}
  - {rule: vacation, name: rest-between, apart_minimum: 3}
  - {rule: vacation, name: not-too-far, apart_maximum: 12}
  - {rule: vacation, name: interns-at-once, who: {pgy: 1}, at_once: 1}
  - {rule: vacation, name: seniors-at-once, who: {pgy: [2, 3]}, at_once_percent: 50}
  - {rule: vacation, name: from-clinic, at_once: 1, inside: CLINIC}
  - {rule: vacation, name: start, who: {pgy: 1}, blackout: {weeks: "1-2"}}
  - {rule: vacation, name: holidays, blackout: {holiday: [thanksgiving, christmas]}}
  - {rule: request, name: protected, lane: protected}
settings: {vacation_weekends: before}
"""
)
PEOPLE = residents(*(f"I{n},1" for n in range(4)), *(f"S{n},{2 + n % 2}" for n in range(4)))
#: A Saturday of week 6, which the vacation of week 7 frees, and a conference from Monday on.
REQUESTS = """\
id,choice,priority,type,what,from,to,status,comment
I0,1,1,date,,2026-11-14,,approved,wedding
S1,1,1,date,,2026-11-02,2026-11-04,approved,conference
S1,2,1,avoid,CLINIC CARD,2026-11-02,2026-11-08,approved,not by these
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Solved:
    """The program, solved."""
    folder = tmp_path_factory.mktemp("vacation")
    return solved(write_program(folder, PROGRAM, residents=PEOPLE, requests=REQUESTS))


def _pieces(row: tuple[str, ...]) -> list[list[int]]:
    """The runs of vacation weeks."""
    runs = groupby(range(len(row)), key=lambda part: row[part] == VACATION)
    return [list(run) for away, run in runs if away]


def test_everyone_has_it_in_pieces_and_apart(found: Solved) -> None:
    """Three weeks each, one or two at a time, 3 to 12 weeks between them, none at a holiday."""
    closed = {7, 11}  # Thanksgiving, Christmas
    for resident in found.problem.residents:
        pieces = _pieces(found.row(resident.id))
        assert sum(map(len, pieces)) == 3
        assert {len(piece) for piece in pieces} <= {1, 2}
        assert all(3 <= b[0] - a[-1] - 1 <= 12 for a, b in pairwise(pieces))
        closed_here = closed | ({0, 1} if resident.pgy == 1 else set())
        assert not closed_here.intersection(part for piece in pieces for part in piece)


def test_levels_and_services_have_room_of_their_own(found: Solved) -> None:
    """One intern at once, half of the seniors, and one from the clinic."""
    for part in range(20):
        assert found.people_on(VACATION, part, pgy=1) <= 1
        assert found.people_on(VACATION, part, 2) + found.people_on(VACATION, part, 3) <= 2
        mates = [row[part ^ 1] for row in found.schedule.cells if row[part] == VACATION]
        assert mates.count("CLINIC") <= 1


def test_dates_are_met_without_vacation(found: Solved) -> None:
    """A Saturday by the vacation that has its weekend, or by a rotation that releases days."""
    wedding, conference, _ = found.problem.choices
    for choice in (wedding, conference):
        assert not received(found.problem, found.schedule, choice).denied
    row = found.row("I0")
    assert row[6] == VACATION or found.problem.rotations[row[5]].releasable
    assert found.row("S1")[4] in (VACATION, "ELEC")


def test_vacation_of_the_wrong_weekend_frees_nothing(found: Solved) -> None:
    """Where vacation takes in the weekend before it, the week's own Saturday is not free."""
    (wish,) = found.problem.choices[0].alternatives
    assert wish.freeing(found.problem.calendar) == ((5, (6,)),)


def test_numbers_of_a_count_of_people_are_not_divided(tmp_path: Path) -> None:
    """A value that differs by level cannot be a limit on everyone at once."""
    from tests.input.tiny import faults_of

    program = PROGRAM.replace("at_once: 1, inside", "at_once: $room, inside")
    values = "values: {room: 1}\npgy: {3: {values: {room: 2}}}\n"
    write_program(tmp_path, program + values, residents=PEOPLE, requests=REQUESTS)
    (fault,) = faults_of(tmp_path)
    assert "counts people together, but '$room' is 1 for I0" in fault


def test_a_value_of_nothing_asks_for_nothing(tmp_path: Path) -> None:
    """Zero weeks in each half, and stays of one week, are what some levels owe."""
    values = "values: {halves: 1, stay: 2}\npgy: {3: {values: {halves: 0, stay: 1}}}\n"
    asked = (
        "  - {rule: vacation, name: halves, each_half_minimum: $halves}\n"
        "  - {rule: stay, name: stays, rotations: WARD, minimum: $stay}\n"
    )
    program = PROGRAM.replace("settings:", f"{asked}settings:") + values
    problem = load_program(
        write_program(tmp_path, program, residents=PEOPLE, requests=REQUESTS)
    ).problem
    said = {
        (bound.rule.name, bound.rule.sentence().partition(":")[2] or bound.rule.sentence())
        for bound in problem.rules
        if bound.rule.name in ("halves", "stays")
    }
    assert said == {
        ("halves", " at least 1 week in each half of the year"),
        ("halves", " any number of weeks in each half of the year"),
        ("stays", "Stays of residents on WARD last at least 2 weeks"),
        ("stays", "Stays of residents on WARD last at least 1 week"),
    }
