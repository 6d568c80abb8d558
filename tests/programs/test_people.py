"""Everyone a program has to place: part of the year, half time, promoted, on leave, unnamed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from scheduler.audit.audit import audit
from scheduler.input.load import load_program
from scheduler.problem.rotation import AWAY, LEAVE, VACATION
from scheduler.rules.base import Rule
from scheduler.rules.registry import all_rules
from scheduler.workbook.read import read_workbook
from tests.input.tiny import faults_of
from tests.programs.small import ROTATIONS, Solved, residents, solved, write_program

PROGRAM = (
    ROTATIONS
    + """\
  GLOBAL: {name: Global health, tags: [nonclinical], open_to: [{track: global-medicine}]}
year: {starts: 2026-06-29, weeks: 52}
values: {final_pgy: 3, vacation_weeks: 4, icu_training: 12}
tracks:
  categorical: {name: Categorical}
  preliminary: {name: Preliminary}
  med-peds: {name: Medicine-pediatrics, values: {vacation_weeks: 2, final_pgy: 4}}
  global-medicine: {name: Global medicine}
  physician-scientist: {name: Physician-scientist, values: {final_pgy: 2}}
departments:
  psychiatry: {name: Psychiatry, values: {vacation_weeks: 0}}
people:
  OFF: {values: {vacation_weeks: 1}}
  END: {values: {vacation_weeks: 2}}
grids: {two_week: {blocks: {weeks: 2}}}
rules:
  - {rule: coverage, name: ward, rotations: WARD, minimum: 2}
  - {rule: coverage, name: ward-senior, rotations: WARD, who: {pgy: [2, 3, 4]}, minimum: 1}
  - {rule: coverage, name: icu, rotations: ICU, minimum: 1}
  - {rule: coverage, name: night, rotations: NIGHT, who: {pgy: [2, 3, 4]}, exactly: 1}
  - {rule: eligibility, name: no-intern-nights, who: {pgy: 1}, never: NIGHT}
  - {rule: eligibility, name: no-clinic, who: {track: preliminary}, never: CLINIC}
  - rule: gap
    name: clinic-gap
    who: {but_not: [{track: [preliminary, global-medicine]}]}
    rotations: CLINIC
    maximum: 12
  - {rule: requirement, name: clinic-weeks, who: {pgy: 3}, rotations: CLINIC, minimum: 8}
  - rule: requirement
    name: icu-training
    rotations: ICU
    minimum: $icu_training
    over: training
    final_pgy: $final_pgy
    yearly_maximum: 6
  - {rule: requirement, name: abroad, rotations: GLOBAL, maximum: 8}
  - rule: requirement
    name: psychiatry-ward
    who: {visitors: only, department: psychiatry}
    rotations: WARD
    minimum: 3
  - {rule: vacation, name: owed, weeks: $vacation_weeks}
  - {rule: leave, name: leave-days, maximum: 35, weight: 1}
  - {rule: leave, name: leave-training, maximum: 60, over: training, weight: 1}
"""
)
PEOPLE = residents(
    "I1,1,categorical,,,",
    "I2,1,categorical,,,",
    "PRE,1,preliminary,,,",
    "PRO,1,categorical,,2026-11-02,",
    "MP1,2,med-peds,2026-06-29..2026-10-04; 2027-01-04..2027-04-04,,",
    "MP2,4,med-peds,2026-10-05..2027-01-03; 2027-04-05..,,",
    "HALF,2,categorical,,,50",
    "OFF,2,categorical,2027-02-01..,,",
    "END,3,categorical,..2026-12-31,,",
    "SCI,2,physician-scientist,,,",
    "TRA,3,categorical,,,",
    "GLO,3,global-medicine,,,",
    "PAR,3,categorical,,,",
    columns="id,name,pgy,track,present,promoted,counts",
)
VISITORS = """\
id,name,pgy,department,present
V1,,1,psychiatry,2026-08-03..2026-08-30
V2,Visitor 2,2,psychiatry,2027-01-04..2027-01-31
"""
#: A transfer's years elsewhere, and leave taken in earlier years.
HISTORY = """\
id,rotation,weeks
TRA,ICU,10
SCI,icu,8
GLO,ICU,8
PAR,ICU,8
END,ICU,12
MP2,icu,10
PAR,LEAVE,3
"""
LEAVES = """\
id,from,to,kind,vacation_weeks,credit,covered_by
PAR,2026-09-07,2026-11-01,parental,2,CLINIC:2,
"""
LOCKS = "id,from,to,code\nGLO,2026-08-10,2026-09-06,GLOBAL\nGLO,2027-03-08,2027-04-04,GLOBAL\n"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Solved:
    """The program, solved."""
    folder = write_program(
        tmp_path_factory.mktemp("people"),
        PROGRAM,
        residents=PEOPLE,
        visitors=VISITORS,
        history=HISTORY,
        leave=LEAVES,
        locks=LOCKS,
    )
    return solved(folder)


def _part(found: Solved, day: str) -> int:
    part = found.problem.calendar.part_at(date.fromisoformat(day))
    assert part is not None
    return part


def test_departments_take_turns(found: Solved) -> None:
    """Medicine-pediatrics residents are here in windows, and owe the vacation of their track."""
    for who, first, second in (
        ("MP1", "2026-10-05", "2027-04-05"),
        ("MP2", "2026-06-29", "2027-01-04"),
    ):
        row = found.row(who)
        assert row[_part(found, first)] == row[_part(found, second)] == AWAY
        assert found.days(who)[VACATION] == 14
    assert found.days("MP1")[AWAY] == 25 * 7


def test_off_cycle_start_and_end(found: Solved) -> None:
    """Who begins in February or leaves at New Year's is away before or after, to the day."""
    assert found.row("OFF")[_part(found, "2027-01-31")] == AWAY != found.row("OFF")[-1]
    end = _part(found, "2026-12-31")
    assert AWAY not in found.row("END")[: end + 1]
    assert set(found.row("END")[end + 1 :]) == {AWAY}


def test_promotion_counts_from_its_date(found: Solved) -> None:
    """An intern until November, a senior after it: for services, rules and values alike."""
    promoted = found.problem.resident_by_id["PRO"]
    first = _part(found, "2026-11-02")
    assert [pgy for pgy, _ in promoted.levels] == [1, 2]
    assert promoted.pgy == 2
    assert "NIGHT" not in found.row("PRO")[:first]
    night = next(one for one in found.problem.rules if one.rule.name == "night")
    assert night.dated == {promoted.index: frozenset(range(first, len(found.row("PRO"))))}
    assert any(
        "PRO is PGY1 until 2026-11-02 and PGY2 from then on" in w for w in found.loaded.warnings
    )


def test_half_time_is_half_a_person(found: Solved) -> None:
    """The ward has two whole people, whatever halves there are."""
    half = found.row("HALF")
    for part in range(len(half)):
        assert found.people_on("WARD", part) - (half[part] == "WARD") / 2 >= 2


def test_minima_within_training(found: Solved) -> None:
    """A transfer brings weeks from elsewhere; a physician-scientist is done in two years."""
    assert found.days("TRA")["ICU"] >= 2 * 7
    assert found.days("SCI")["ICU"] >= 4 * 7
    assert found.days("GLO")["ICU"] >= 4 * 7
    # Two more years can each give six weeks at most, so nothing is due of an intern yet.
    rule = next(one.rule for one in found.problem.rules if one.rule.name == "icu-training")
    assert "by the end of PGY" in rule.sentence()


def test_away_for_whole_blocks(found: Solved) -> None:
    """Global health takes locked blocks, and nobody else takes it."""
    assert found.row("GLO").count("GLOBAL") == 8
    assert sum(row.count("GLOBAL") for row in found.schedule.cells) == 8
    assert "CLINIC" not in found.row("PRE")


def test_visitors_have_requirements_of_their_own(found: Solved) -> None:
    """Three weeks of the ward for each of psychiatry's, named or not."""
    assert found.problem.resident_by_id["V1"].name == "V1"
    for who in ("V1", "V2"):
        assert found.days(who)["WARD"] >= 21
        assert found.days(who)[VACATION] == 0


def test_parental_leave(found: Solved) -> None:
    """It uses up vacation, counts for what a person decided, and its days stand on a sheet."""
    assert found.days("PAR")[LEAVE] == 8 * 7
    assert found.days("PAR")[VACATION] == 2 * 7
    assert found.days("PAR")["CLINIC"] >= (8 - 2) * 7
    sheet = openpyxl.load_workbook(found.workbook, data_only=True)["Requirements"]
    titles, *rows = list(sheet.iter_rows(values_only=True))
    lines = [dict(zip(titles, row, strict=True)) for row in rows]
    shown = {
        line["Rule"]: (line["This year"], line["Earlier or credited"], line["Status"])
        for line in lines
        if line["Id"] == "PAR" and line["Unit"] == "days"
    }
    assert shown == {"leave-days": (56, None, "high"), "leave-training": (56, 21, "high")}


def test_a_place_is_named_later(found: Solved, tmp_path: Path) -> None:
    """Who comes to a place that had no name yet keeps everything the place had."""
    folder = found.workbook.parent
    for file in folder.glob("*.*"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    visitors = (tmp_path / "visitors.csv").read_text(encoding="utf-8")
    visitors = visitors.replace("V2,Visitor 2", 'V2,"Oyelaran, Tunde"')
    (tmp_path / "visitors.csv").write_text(visitors, encoding="utf-8")
    problem = load_program(tmp_path).problem
    read = read_workbook(tmp_path / "schedule.xlsx", problem)
    assert read.schedule == found.schedule
    assert not audit(problem, read.schedule).hard_violations


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("2026-11-02", "2026-13-02", "promoted '2026-13-02' is not a date; write it as 2026-07-31"),
        ("2026-11-02", "2028-11-02", "promoted 2028-11-02 is outside the academic year "
         "2026-06-29..2027-06-27; correct the date, or the pgy"),
        ("..2026-12-31", "..", "present '..' is not a range of dates; "
         "write it as 2026-07-01..2026-09-30"),
    ],
)  # fmt: skip
def test_faults_of_people(old: str, new: str, fault: str, tmp_path: Path) -> None:
    """A promotion outside the year, and presence without dates, are told with their line."""
    people = PEOPLE.replace(f",{old},", f",{new},")
    write_program(tmp_path, PROGRAM, residents=people, visitors=VISITORS)
    assert [line.split(": ", 1)[1] for line in faults_of(tmp_path)] == [fault]


def test_rules_that_do_not_ask_use_one_level() -> None:
    """Only rules that know of dates divide somebody's year; all others see its greater part."""
    asking = {kind for kind, rule in all_rules().items() if rule.by_date is not Rule.by_date}
    assert asking == {"coverage", "eligibility", "holiday", "stay", "vacation", "window"}


def test_promotion_of_everyone_at_once(tmp_path: Path) -> None:
    """Values of a year of training hold from the promotion on."""
    program = (
        ROTATIONS
        + """\
year: {starts: 2026-06-29, weeks: 8}
values: {running: 2}
pgy: {2: {values: {running: 4}}}
tracks: {categorical: {name: Categorical}}
grids: {two_week: {blocks: {weeks: 2}}}
rules:
  - {rule: window, name: icu-running, rotations: ICU, maximum: $running}
  - {rule: coverage, name: icu, rotations: ICU, minimum: 1}
"""
    )
    people = residents("A,1,categorical,2026-07-27", columns="id,name,pgy,track,promoted")
    write_program(tmp_path, program, residents=people)
    bound = [one for one in load_program(tmp_path).problem.rules if one.rule.name == "icu-running"]
    said = [(one.rule.model_dump()["maximum"], one.parts) for one in bound]
    assert said == [(2, (0, 1, 2, 3)), (4, (4, 5, 6, 7))]
