"""Every shape of year: loaded, solved, audited, written as a workbook and read back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest

from scheduler.cli.report import check_report
from scheduler.engine.outcome import Clock, Step
from scheduler.engine.settings import Settings
from scheduler.input.load import load_program
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.problem.rotation import OVERLAY_CODES, VACATION
from tests.input.tiny import faults_of
from tests.programs.small import ROTATIONS, Solved, residents, solved, write_program

WEEKS_52 = "year: {starts: 2026-06-29, weeks: 52}\n"
RULES = """\
tracks: {categorical: {name: Categorical}}
groupings: [cohort]
rules:
  - {rule: coverage, name: ward, rotations: WARD, minimum: 2, maximum: 4}
  - {rule: coverage, name: icu, rotations: ICU, minimum: 1, maximum: 3}
  - {rule: coverage, name: senior, rotations: [WARD, ICU], who: {pgy: [2, 3]}, minimum: 1}
  - {rule: requirement, name: enough-icu, rotations: ICU, minimum: 3}
  - {rule: stay, name: not-too-long, rotations: [WARD, ICU], maximum: 8}
  - {rule: vacation, name: owed, weeks: 2}
  - {rule: vacation, name: pieces, pieces: [1, 2]}
  - {rule: vacation, name: halves, each_half_minimum: 1, weight: 1}
"""


def _cohorts(weeks: int, clinic: int) -> str:
    """X+Y: as many cohorts as make up the cycle, each with its own offset."""
    cycle = f"[{weeks}, {{weeks: {clinic}, rotation: CLINIC}}]"
    offsets = range(0, weeks + clinic, clinic)
    lines = (
        f"  c{number}: {{who: {{cohort: {number}}}, cycle: {cycle}, offset: {offset}}}\n"
        for number, offset in enumerate(offsets)
    )
    return f"grids:\n{''.join(lines)}"


@dataclass(frozen=True)
class Shape:
    """A year and its grids; what must come out: weeks, parts, and blocks by resident."""

    grids: str
    weeks: int
    parts: int
    blocks: dict[str, int]
    year: str = WEEKS_52
    cohorts: int = 1
    people: int = 8


MIXED = """\
grids:
  interns: {who: {pgy: 1}, blocks: {weeks: 2}}
  clinic_a: {who: {pgy: 2, cohort: 0}, cycle: [4, {weeks: 1, rotation: CLINIC}]}
  clinic_b: {who: {pgy: 2, cohort: 1}, cycle: [6, {weeks: 2, rotation: CLINIC}], offset: 3}
  seniors: {who: {pgy: 3}, blocks: months}
"""
CHANGING = """\
grids:
  two_week: {who: {pgy: [1, 2]}, blocks: {weeks: 2}}
  from_january: {who: {pgy: 1}, from: 2026-12-28, blocks: months}
  weekly: {who: {pgy: 3}, to: 2026-09-20, blocks: {weeks: 1}}
  four_week: {who: {pgy: 3}, from: 2026-09-21, blocks: {weeks: 4}}
"""
DAYS = "year: {starts: 2026-07-01, ends: 2027-06-30, week_starts: monday}\n"
FIRST_LONG = f"grids: {{all: {{blocks: [5, {', '.join(['4'] * 12)}]}}}}\n"

SHAPES = {
    "26 two-week blocks": Shape("grids: {all: {blocks: {weeks: 2}}}\n", 52, 52, {"R0": 26}),
    "13 four-week blocks": Shape("grids: {all: {blocks: {weeks: 4}}}\n", 52, 52, {"R0": 13}),
    "12 calendar months": Shape("grids: {all: {blocks: months}}\n", 53, 62, {"R0": 12}, DAYS),
    "52 weeks": Shape("grids: {all: {blocks: {weeks: 1}}}\n", 52, 52, {"R0": 52}),
    "4+1": Shape(_cohorts(4, 1), 52, 52, {"R0": 21, "R4": 22}, cohorts=5, people=10),
    "4+2": Shape(_cohorts(4, 2), 52, 52, {"R0": 17, "R2": 18}, cohorts=3),
    "6+2": Shape(_cohorts(6, 2), 52, 52, {"R0": 13, "R3": 14}, cohorts=4),
    "3+1": Shape(_cohorts(3, 1), 52, 52, {"R0": 26}, cohorts=4),
    "8+2": Shape(_cohorts(8, 2), 52, 52, {"R0": 11}, cohorts=5, people=10),
    "grids by PGY and cohort": Shape(
        MIXED, 52, 61, {"R0": 26, "R1": 14, "R4": 21, "R2": 12}, cohorts=2, people=9
    ),
    "a group that changes grid": Shape(CHANGING, 52, 55, {"R0": 19, "R1": 26, "R2": 22}),
    "short first and last weeks": Shape(FIRST_LONG, 53, 53, {"R0": 13}, DAYS),
    "weeks that start on Friday": Shape(
        "grids: {all: {blocks: {weeks: 2}}}\n",
        52,
        52,
        {"R0": 26},
        "year: {starts: 2026-06-26, weeks: 52, week_starts: friday}\n",
    ),
    "a year of 53 weeks": Shape(
        f"grids: {{all: {{blocks: [{', '.join(['2'] * 25)}, 3]}}}}\n",
        53,
        53,
        {"R0": 26},
        "year: {starts: 2026-06-29, weeks: 53}\n",
    ),
}


def _written(folder: Path, shape: Shape) -> Path:
    people = [f"R{n},{1 + n % 3},categorical,{n % shape.cohorts}" for n in range(shape.people)]
    table = residents(*people, columns="id,name,pgy,track,cohort")
    return write_program(folder, ROTATIONS + shape.year + RULES + shape.grids, residents=table)


@pytest.mark.parametrize("name", SHAPES)
def test_shape(name: str, tmp_path: Path) -> None:
    """Solved within seconds, valid by the audit, the same when its workbook is read."""
    shape = SHAPES[name]
    found = solved(_written(tmp_path, shape))
    problem = found.problem
    assert (len(problem.calendar.weeks), len(problem.calendar.parts)) == (shape.weeks, shape.parts)
    for who, blocks in shape.blocks.items():
        grid = problem.grids[problem.resident_by_id[who].grids[0]]
        assert len(grid.blocks) == blocks, who
    for resident in problem.residents:
        assert found.days(resident.id)[VACATION] == 14
        assert _blocks_are_whole(problem, found, resident)


def _blocks_are_whole(problem: Problem, found: Solved, resident: Resident) -> bool:
    row = found.row(resident.id)
    grid = problem.grids[found.schedule.grids[resident.index]]
    codes = [{row[part] for part in block.parts} - OVERLAY_CODES for block in grid.blocks]
    fixed = all(
        block.assigned in (None, *code) or not code
        for block, code in zip(grid.blocks, codes, strict=True)
    )
    return fixed and max(map(len, codes)) == 1


def test_interns_start_before_seniors(tmp_path: Path) -> None:
    """Interns come on 24 June, seniors on 1 July; their blocks run from their own first day."""
    people = residents(
        *(f"I{n},1,categorical," for n in range(4)),
        *(f"S{n},2,categorical,2026-07-01.." for n in range(4)),
        columns="id,name,pgy,track,present",
    )
    program = (
        ROTATIONS
        + RULES.replace("groupings: [cohort]\n", "").replace(
            "minimum: 1}\n  - {rule: req", 'minimum: 1, when: {from: "2026-07-01"}}\n  - {rule: req'
        )
        + "year: {starts: 2026-06-24, ends: 2027-06-29, week_starts: wednesday}\n"
        + "grids:\n  interns: {who: {pgy: 1}, blocks: [5, "
        + ", ".join(["4"] * 12)
        + "]}\n  seniors: {who: {pgy: 2}, from: 2026-07-01, blocks: {weeks: 2}}\n"
    )
    found = solved(write_program(tmp_path, program, residents=people))
    assert found.row("S0")[0] == "AWAY" != found.row("I0")[0]
    calendar, problem = found.problem.calendar, found.problem
    first = problem.grids[problem.resident_by_id["S0"].grids[0]].blocks[1]
    assert calendar.parts[first.parts[0]].first == date(2026, 7, 1)


def test_dates_of_a_changing_grid(tmp_path: Path) -> None:
    """Blocks of the new grid begin on its first date, those of the old end the day before."""
    found = solved(_written(tmp_path, SHAPES["a group that changes grid"]))
    calendar = found.problem.calendar
    grids = {who: found.problem.resident_by_id[who].grids for who in ("R0", "R1", "R2")}
    assert grids == {
        "R0": ("two_week + from_january",),
        "R1": ("two_week",),
        "R2": ("weekly + four_week",),
    }
    blocks = found.problem.grids["two_week + from_january"].blocks
    starts = [calendar.parts[block.parts[0]].first for block in blocks]
    assert [b - a for a, b in pairwise(starts)][:13] == [starts[1] - starts[0]] * 13
    assert starts[13:15] == [date(2026, 12, 28), date(2027, 2, 1)]


def _any_cohort(folder: Path) -> Path:
    """Twelve residents over half a year, each free to follow any of five cohorts."""
    cycle = "[4, {weeks: 1, rotation: CLINIC}]"
    cohorts = "".join(f"  c{n}: {{cycle: {cycle}, offset: {n}}}\n" for n in range(5))
    rules = RULES.replace(
        "rules:\n",
        "rules:\n"
        "  - {rule: coverage, name: clinic-room, rotations: CLINIC, minimum: 2, maximum: 3}\n",
    )
    year = "year: {starts: 2026-06-29, weeks: 25}\n"
    program = ROTATIONS + year + rules.replace("groupings: [cohort]\n", "") + f"grids:\n{cohorts}"
    people = residents(*(f"R{n},{1 + n % 3}" for n in range(12)))
    return write_program(folder, program, residents=people)


def test_narrow_support_is_widened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a relaxation settles the cohorts wrongly, more relaxations are taken in."""
    module = import_module("scheduler.engine.solve")
    monkeypatch.setattr(module, "SMALL_COLUMNS", 0)
    steps: list[Step] = []
    settings = Settings(gap=1.0, workers=1, deterministic=True)
    problem = load_program(_any_cohort(tmp_path)).problem
    outcome = module.solve(problem, settings, Clock(), steps.append)
    assert outcome.schedule is not None
    improving = [step for step in steps if step.doing.startswith("improving")]
    assert all(step.cost is not None for step in improving)


def test_cohorts_chosen_by_the_solver(tmp_path: Path) -> None:
    """Who may follow any cohort is given one, so that the clinic keeps its numbers every week."""
    found = solved(_any_cohort(tmp_path))
    sizes = Counter(found.schedule.grids)
    assert set(sizes) == {f"c{n}" for n in range(5)}
    for part in range(25):
        assert 2 <= found.people_on("CLINIC", part) <= 3
    # What was chosen is kept on a sheet of its own, whatever the cells would also allow.
    layers = openpyxl.load_workbook(found.workbook)["Layers"]
    kept = {row[0]: row[1] for row in layers.iter_rows(min_row=3, values_only=True)}
    assert kept == {one.id: found.schedule.grids[one.index] for one in found.problem.residents}
    assert check_report(found.problem, found.report, 0, {})["grids"] == kept


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("to: 2026-09-20", "to: 2026-09-27"), "follows the grids 'weekly' and 'four_week' at "
         "once from 2026-09-21; change their 'from' and 'to', or their 'who'"),
        (("from: 2026-09-21, blocks: {weeks: 4}", "from: 2026-10-19, blocks: {weeks: 4}"),
         "no grid fits R2 from 2026-09-21 to 2026-10-18; "
         "widen the dates of a grid, or name one without dates"),
        (("from: 2026-09-21", "from: 2026-09-21, to: 2026-09-01"),
         "grids.four_week: from 2026-09-21 is after to 2026-09-01"),
        (("from: 2026-12-28", "from: 2028-12-28"),
         "grids.from_january: holds on no day of the year; "
         "the year is 2026-06-29..2027-06-27"),
        (("to: 2026-09-20, blocks: {weeks: 1}", "to: 2026-09-20, blocks: {weeks: 5}"),
         "grids.weekly.blocks: the blocks fill 10 of 12 weeks; "
         "2 weeks remain: list the lengths one by one"),
    ],
)  # fmt: skip
def test_faults_of_dated_grids(change: tuple[str, str], fault: str, tmp_path: Path) -> None:
    """Grids that overlap, leave days open, or hold at no time, are named with what to do."""
    shape = SHAPES["a group that changes grid"]
    assert change[0] in shape.grids
    lines = faults_of(_written(tmp_path, replace(shape, grids=shape.grids.replace(*change))))
    assert any(line.endswith(fault) for line in lines), lines
