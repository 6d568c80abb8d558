"""Written and read back equal: cells, grids, duties, locks and layers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from scheduler.problem.calendar import build_calendar, weeks_of_year
from scheduler.problem.problem import Problem
from scheduler.schedule.schedule import Schedule
from scheduler.workbook.layers import locked, vacated
from scheduler.workbook.read import read_workbook
from tests.workbook.conftest import Case, written
from tests.workbook.hospital import FIRST, LAST, hospital, month_grid, random_schedule


def test_read_back_equal(valid: Case) -> None:
    """What is written is read back without loss."""
    back = read_workbook(valid.path, valid.problem)
    assert back.schedule == valid.schedule
    assert back.locks == locked(valid.problem)
    assert back.locks
    assert back.vacated == vacated(valid.problem, valid.schedule)
    assert back.vacated
    assert not back.undecided


def test_not_valid_read_back_equal(not_valid: Case) -> None:
    """OPEN rows and coverage rows are nobody's schedule."""
    assert read_workbook(not_valid.path, not_valid.problem).schedule == not_valid.schedule


def months() -> tuple[Problem, Schedule]:
    """The small hospital with two-week blocks for some and calendar months for the third years."""
    firsts = [
        FIRST.replace(year=2026 + (m > 12), month=(m - 1) % 12 + 1, day=1) for m in range(7, 19)
    ]
    calendar = build_calendar(weeks_of_year(FIRST, LAST, 0), firsts)
    problem, _ = hospital({1: 3, 2: 2, 3: 3}, visitors=2, calendar=calendar, electives=3)
    grids = {**problem.grids, "months": month_grid(calendar)}
    residents = tuple(replace(r, grids=("months",)) if r.pgy == 3 else r for r in problem.residents)
    problem = replace(problem, grids=grids, residents=residents)
    return problem, random_schedule(problem)


def test_a_grid_chosen_among_several_stands_beside_its_person(tmp_path: Path) -> None:
    """Where the solver chose a cohort, the Schedule says which; elsewhere there is no column."""
    problem, schedule = months()
    titles = "Id", "Grid"
    case = written(problem, schedule, tmp_path)
    assert _columns(case.path, titles)[0] == ("Id",)
    free = tuple(
        replace(r, grids=(*r.grids, "two_week")) if r.pgy == 3 else r for r in problem.residents
    )
    case = written(replace(problem, residents=free), schedule, tmp_path)
    shown = _columns(case.path, titles)
    assert shown[0] == titles
    assert shown[1 : len(free) + 1] == [
        (r.id, schedule.grids[r.index]) for r in sorted(free, key=lambda r: (r.visitor, r.pgy))
    ]
    assert read_workbook(case.path, case.problem).schedule == schedule


def _columns(path: Path, titles: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The titles of the Schedule that are among ``titles``, then what stands beneath them."""
    rows = list(openpyxl.load_workbook(path)["Schedule"].iter_rows(values_only=True))
    head = next(i for i, row in enumerate(rows) if row[0] == "Name")
    columns = [i for i, title in enumerate(rows[head]) if title in titles]
    return [tuple(str(row[i]) for i in columns) for row in rows[head:]]


def test_split_weeks_read_back_equal(tmp_path: Path) -> None:
    """Weeks that a calendar month divides have a column for each part."""
    problem, schedule = months()
    assert len(problem.calendar.parts) > len(problem.calendar.weeks)
    case = written(problem, schedule, tmp_path)
    back = read_workbook(case.path, problem)
    assert back.schedule == schedule
    assert set(back.schedule.grids) == {"two_week", "months"}
    rows = list(openpyxl.load_workbook(case.path)["Schedule"].iter_rows(values_only=True))
    assert [row[0] for row in rows[:8]][3:] == [
        "Week", "Days", "Block (two_week)", "Block (months)", "Name",
    ]  # fmt: skip


NAMES = ("=1+1", "+1", "-2", "@SUM(A1)", "'quoted", "O'Neill, Æsa", "007")
IDS = ("007", "NA", "1E2", "=A1", "R 1", "TRUE", "2026-07-01")
CODES = ("NA", "1E2", "007", "TRUE", "A*", "<X", "Q?+")


def renamed(
    small: tuple[Problem, Schedule], what: str, texts: Sequence[str]
) -> tuple[Problem, Schedule]:
    """The small hospital with the names or ids of its first residents changed."""
    residents = list(small[0].residents)
    for index, text in enumerate(texts):
        change: dict[str, Any] = {what: text}
        residents[index] = replace(residents[index], **change)
    return replace(small[0], residents=tuple(residents)), small[1]


@pytest.mark.parametrize(("what", "texts"), [("name", NAMES), ("id", IDS)])
def test_names_and_ids_stay_text(
    what: str, texts: tuple[str, ...], small: tuple[Problem, Schedule], tmp_path: Path
) -> None:
    """A name or id that looks like a formula, a number or a blank is text, written and read."""
    problem, schedule = renamed(small, what, texts)
    case = written(problem, schedule, tmp_path)
    cells = [c for row in openpyxl.load_workbook(case.path)["Schedule"].iter_rows() for c in row]
    for text in texts:
        found = [cell for cell in cells if cell.value == text]
        assert found and all(cell.data_type == "s" for cell in found)
    assert read_workbook(case.path, problem).schedule == schedule


def recoded(small: tuple[Problem, Schedule], codes: Sequence[str]) -> tuple[Problem, Schedule]:
    """The small hospital with its first rotations' codes changed, and no rules."""
    new = dict(zip(small[0].rotations, codes, strict=False))
    rotations = {
        new.get(code, code): replace(rotation, code=new.get(code, code))
        for code, rotation in small[0].rotations.items()
    }
    cells = tuple(tuple(new.get(code, code) for code in row) for row in small[1].cells)
    duties = {
        key: replace(duty, service=new.get(duty.service, duty.service))
        for key, duty in small[1].duties.items()
    }
    problem = replace(small[0], rotations=rotations, rules=(), choices=())
    return problem, replace(small[1], cells=cells, duties=duties)


def test_codes_stay_codes(small: tuple[Problem, Schedule], tmp_path: Path) -> None:
    """A code that looks like a number, a truth value or a pattern stays the text it is."""
    problem, schedule = recoded(small, CODES)
    case = written(problem, schedule, tmp_path)
    assert read_workbook(case.path, problem).schedule == schedule


def test_two_of_one_name_are_told_apart(small: tuple[Problem, Schedule], tmp_path: Path) -> None:
    """Two people may share a name, never an id."""
    problem, schedule = renamed(small, "name", [small[0].residents[7].name])
    case = written(problem, schedule, tmp_path)
    assert read_workbook(case.path, problem).schedule == schedule


def test_without_rules_and_holidays(small: tuple[Problem, Schedule], tmp_path: Path) -> None:
    """A program that says nothing yet still has a workbook."""
    problem = replace(small[0], rules=(), holidays=(), choices=())
    schedule = replace(small[1], duties={})
    case = written(problem, schedule, tmp_path)
    assert read_workbook(case.path, problem).schedule == schedule
