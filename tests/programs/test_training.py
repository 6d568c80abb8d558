"""What training asks for over its years, and stays that a grid's clinic weeks run through."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from scheduler.problem.problem import Problem
from tests.programs.small import ROTATIONS, Solved, residents, solved, write_program

TRAINING = (
    ROTATIONS
    + """\
year: {starts: 2026-06-29, weeks: 52}
values: {final_pgy: 3, icu_due: 12, icu_a_year: 6}
tracks:
  categorical: {name: Categorical}
  preliminary: {name: Preliminary}
  physician-scientist: {name: Physician-scientist, values: {final_pgy: 2}}
grids: {two_week: {blocks: {weeks: 2}}}
rules:
  - {rule: coverage, name: ward, rotations: WARD, minimum: 2}
  # The dearer intensive care is, the less of it is done that is not due.
  - {rule: requirement, name: icu-no-more, rotations: ICU, maximum: 0, weight: 1}
  - rule: requirement
    name: icu-training
    who: {but_not: {track: preliminary}}
    rotations: icu
    minimum: $icu_due
    over: training
    final_pgy: $final_pgy
    yearly_maximum: $icu_a_year
  - rule: requirement
    name: icu-early
    who: {pgy: 2}
    rotations: ICU
    minimum: 5
    over: training
    by: 2026-12-27
"""
)
PEOPLE = residents(
    "ONE,1",  # two more years can give twelve weeks: nothing is due yet
    "TWO,2",  # three of history: three more by the end of the year, of them two by December
    "LATE,2",  # nothing of history: five by December, six in the year
    "DONE,3",  # twelve of history, some of them done elsewhere: nothing is due
    "MOVED,3",  # came with seven weeks: five are due
    "SCI,2,physician-scientist",  # the last year already: twelve less four
    "SCI1,1,physician-scientist",  # the first of two: six cannot be left to the second
    "PRE,1,preliminary",  # leaves after this year
)
HISTORY = """\
id,rotation,weeks
TWO,ICU,3
DONE,icu,10
DONE,ICU,2
MOVED,icu,4.5
MOVED,ICU,2.5
SCI,ICU,4
"""
#: Weeks of intensive care that are due this year (blocks have two weeks).
DUE = {"ONE": 0, "TWO": 4, "LATE": 6, "DONE": 0, "MOVED": 6, "SCI": 8, "SCI1": 6, "PRE": 0}


def test_minima_over_training(tmp_path: Path) -> None:
    """Each resident does this year just what later years could no longer give."""
    folder = write_program(tmp_path, TRAINING, residents=PEOPLE, history=HISTORY)
    found = solved(folder)
    assert {who: found.days(who)["ICU"] // 7 for who in DUE} == DUE
    december = found.problem.calendar.part_at(date(2026, 12, 27))
    assert december is not None
    assert found.row("LATE")[: december + 1].count("ICU") >= 5
    assert found.row("TWO")[: december + 1].count("ICU") >= 2


FOUR_PLUS_ONE = (
    ROTATIONS
    + """\
year: {starts: 2026-06-29, weeks: 24}
tracks: {categorical: {name: Categorical}}
groupings: [cohort]
grids:
  a: {who: {cohort: A}, cycle: [2, 2, {weeks: 1, rotation: CLINIC}], offset: 0}
  b: {who: {cohort: B}, cycle: [2, 2, {weeks: 1, rotation: CLINIC}], offset: 3}
rules:
  - {rule: coverage, name: ward, rotations: WARD, minimum: 1}
  - {rule: coverage, name: icu, rotations: ICU, maximum: 2}
  - {rule: stay, name: four-weeks, rotations: [WARD, ICU], lengths: 4}
  - {rule: stay, name: not-over-new-year, rotations: [WARD, ICU], not_across: 2026-09-21}
  - {rule: requirement, name: two-wards, rotations: WARD, measure: stays, exactly: 2}
  - {rule: requirement, name: one-icu, rotations: ICU, measure: stays, minimum: 1}
"""
)
COHORTS = residents(
    *(f"R{n},{1 + n % 3},categorical,{'AB'[n % 2]}" for n in range(6)),
    columns="id,name,pgy,track,cohort",
)


@pytest.fixture(scope="module")
def interrupted(tmp_path_factory: pytest.TempPathFactory) -> Solved:
    """Two cohorts of a 4+1 program whose blocks have two weeks."""
    folder = tmp_path_factory.mktemp("interrupted")
    return solved(write_program(folder, FOUR_PLUS_ONE, residents=COHORTS))


def _stays(problem: Problem, found: Solved, who: str, code: str) -> list[list[int]]:
    """The weeks of each stay, the grid's clinic weeks passed over."""
    resident = problem.resident_by_id[who]
    grid = problem.grids[found.schedule.grids[resident.index]]
    clinic = {part for block in grid.blocks if block.assigned for part in block.parts}
    stays: list[list[int]] = []
    before = False
    for part, here in enumerate(found.row(who)):
        if part in clinic:
            continue
        if here == code:
            stays = [*stays[:-1], [*stays[-1], part]] if before else [*stays, [part]]
        before = here == code
    return stays


def test_a_clinic_week_does_not_end_a_stay(interrupted: Solved) -> None:
    """Four weeks on the ward with a clinic week inside are one stay, counted once."""
    problem, found = interrupted.problem, interrupted
    across = 0
    for resident in problem.residents:
        for code in ("WARD", "ICU"):
            stays = _stays(problem, found, resident.id, code)
            assert all(len(stay) == 4 for stay in stays), (resident.id, code, stays)
            across += sum(stay[-1] - stay[0] > 3 for stay in stays)
        assert len(_stays(problem, found, resident.id, "WARD")) == 2
    assert across, "no stay has a clinic week inside"


def test_no_stay_runs_across_a_date(interrupted: Solved) -> None:
    """The day before 21 September and the day itself are of different stays."""
    part = interrupted.problem.calendar.part_at(date(2026, 9, 21))
    for resident in interrupted.problem.residents:
        for code in ("WARD", "ICU"):
            stays = _stays(interrupted.problem, interrupted, resident.id, code)
            assert not any(stay[0] < part <= stay[-1] for stay in stays if part is not None)
