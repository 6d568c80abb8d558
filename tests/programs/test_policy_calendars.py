"""Calendars that a policy brings: exams, interviews, conferences, an interest, wellness."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from scheduler.audit.wishes import received
from scheduler.problem.rotation import VACATION
from tests.input.tiny import faults_of
from tests.programs.small import ROTATIONS, Solved, residents, solved, write_program

#: Interviews are held on rotations that release days; a tag names them.
TAGGED = ROTATIONS.replace("tags: [outpatient]", "tags: [outpatient, interviews]").replace(
    "tags: [elective]", "tags: [elective, interviews]"
)
PROGRAM = (
    TAGGED
    + """\
year: {starts: 2026-06-29, weeks: 52}
tracks: {categorical: {name: Categorical}}
groupings: [applying, interest]
grids: {two_week: {blocks: {weeks: 2}}}
rules:
  - {rule: coverage, name: ward, rotations: WARD, minimum: 2}
  - {rule: coverage, name: icu, rotations: ICU, minimum: 1}
  - {rule: coverage, name: night, rotations: NIGHT, exactly: 1, when: {weeks: "1-14, 17-52"}}
  - {rule: coverage, name: night-covered, rotations: NIGHT, maximum: 0, when: {weeks: "15-16"}}
  # the in-training exam: nobody on nights in its week, nor in the one before
  - rule: eligibility
    name: exam-without-nights
    when: {from: 2026-10-05, to: 2026-10-18}
    never: NIGHT
  # fellowship interviews: whoever applies has eight weeks from which days can be had
  - rule: requirement
    name: interviews
    who: {pgy: 3, applying: "yes"}
    rotations: interviews
    minimum: 8
    count: assigned
    when: {from: 2026-09-07, to: 2026-11-29}
  # an interest in cardiology: two stays before May of PGY2, those of PGY1 counted
  - rule: requirement
    name: cardiology-early
    who: {pgy: 2, interest: cardiology}
    rotations: CARD
    measure: stays
    minimum: 2
    over: training
    by: 2027-04-30
  # wellness lives in ambulatory time, and there is some in every quarter
  - {rule: window, name: wellness, rotations: outpatient, minimum: 1, in_any: 13}
  - {rule: requirement, name: spring, rotations: outpatient, minimum: 2, when: {weeks: "40-52"}}
  - {rule: vacation, name: owed, weeks: 2}
  - {rule: request, name: conferences, lane: protected}
"""
)
PEOPLE = residents(
    *(f"I{n},1,categorical,," for n in range(4)),
    "J0,2,categorical,,cardiology",
    "J1,2,categorical,,cardiology",
    "J2,2,categorical,,",
    "S0,3,categorical,yes,",
    "S1,3,categorical,yes,",
    "S2,3,categorical,,",
    columns="id,name,pgy,track,applying,interest",
)
HISTORY = "id,rotation,weeks,stays\nJ0,CARD,2,1\nJ1,ICU,4,2\n"
REQUESTS = """\
id,choice,priority,type,what,from,to,status,comment
S2,1,1,date,,2027-04-22,2027-04-24,approved,conference
J2,1,1,date,,2027-04-22,2027-04-24,approved,conference
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Solved:
    """The program, solved."""
    folder = tmp_path_factory.mktemp("calendars")
    tables = {"residents": PEOPLE, "history": HISTORY, "requests": REQUESTS}
    return solved(write_program(folder, PROGRAM, **tables))


def _parts(found: Solved, first: str, last: str) -> tuple[int, ...]:
    return found.problem.calendar.parts_between(date.fromisoformat(first), date.fromisoformat(last))


def test_no_nights_around_the_exam(found: Solved) -> None:
    """Attendings take the nights of two weeks; in all others somebody has them."""
    exam = _parts(found, "2026-10-05", "2026-10-18")
    for part in range(52):
        assert found.people_on("NIGHT", part) == (part not in exam)


def test_interviews_on_rotations_that_release_days(found: Solved) -> None:
    """Whoever applies has eight weeks of them in the season."""
    season = _parts(found, "2026-09-07", "2026-11-29")
    releasing = {code for code, one in found.problem.rotations.items() if one.releasable}
    for who in ("S0", "S1"):
        row = found.row(who)
        assert sum(row[part] in releasing | {VACATION} for part in season) >= 8


def test_an_interest_early_enough(found: Solved) -> None:
    """One stay where an earlier year had one, two where it had none."""
    before_may = _parts(found, "2026-06-29", "2027-04-30")
    stays = {who: _count_stays(found.row(who)[: len(before_may)]) for who in ("J0", "J1")}
    assert stays["J0"] >= 1
    assert stays["J1"] >= 2


def _count_stays(row: tuple[str, ...]) -> int:
    codes = [code for code in row if code != VACATION]
    before = ["", *codes]
    return sum(a != "CARD" == b for a, b in zip(before, codes, strict=False))


def test_wellness_in_every_quarter(found: Solved) -> None:
    """No thirteen weeks without ambulatory time, and two weeks of it in spring."""
    for resident in found.problem.residents:
        clinic = [code == "CLINIC" for code in found.row(resident.id)]
        assert all(any(clinic[start : start + 13]) for start in range(40))
        assert sum(clinic[39:]) >= 2


def test_conference_days(found: Solved) -> None:
    """Approved days are free by vacation or by a rotation that can release them."""
    for choice in found.problem.choices:
        assert not received(found.problem, found.schedule, choice).denied


def test_stays_of_earlier_years_are_numbers(tmp_path: Path) -> None:
    """What is no number of stays is told with its line."""
    history = HISTORY.replace("CARD,2,1", "CARD,2,one")
    write_program(tmp_path, PROGRAM, residents=PEOPLE, history=history, requests=REQUESTS)
    assert faults_of(tmp_path) == [
        "history.csv:2: stays 'one' is not a whole number from 0 to 999; correct it"
    ]
