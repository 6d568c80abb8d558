"""The Requests sheet tells what does not count, and keeps couples private."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from scheduler.problem.problem import Problem
from scheduler.problem.rotation import VACATION
from scheduler.problem.wish import Alternative, Choice, Lane, LeftOut, WishKind, WishStatus
from scheduler.schedule.schedule import Schedule
from scheduler.workbook.yardstick import yardstick
from tests.workbook.conftest import written


def _vacation(who: int, name: str, *weeks: int, partner: int | None = None) -> Choice:
    wish = Alternative(1, WishKind.VACATION, weeks=weeks, partner=partner)
    return Choice(who, Lane.TIME_OFF, name, WishStatus.SUBMITTED, (wish,))


def _row(sheet: Worksheet, identity: str, name: str) -> dict[str, object]:
    titles = [cell.value for cell in sheet[2]]
    rows = [dict(zip(titles, row, strict=True)) for row in sheet.iter_rows(values_only=True)]
    (found,) = (one for one in rows if (one["Id"], one["Choice"]) == (identity, name))
    return {str(key): value for key, value in found.items()}


def _sheet(problem: Problem, schedule: Schedule, folder: Path) -> Worksheet:
    sheet: Worksheet = openpyxl.load_workbook(written(problem, schedule, folder).path)["Requests"]
    return sheet


def test_what_does_not_count_is_listed_with_its_reason(
    small: tuple[Problem, Schedule], tmp_path: Path
) -> None:
    """A wish that was left out stands in the sheet, with why."""
    problem, schedule = small
    out = LeftOut(_vacation(0, "99", 3), "no vacation is given then")
    sheet = _sheet(replace(problem, left_out=(out,)), schedule, tmp_path)
    row = _row(sheet, problem.residents[0].id, "99")
    assert (row["Result"], row["Why not better"]) == ("left out", "no vacation is given then")


def test_a_later_wish_is_not_called_by_the_name_of_the_choice(
    small: tuple[Problem, Schedule], tmp_path: Path
) -> None:
    """Whoever got the second of two reads its number as it stands among what was asked."""
    problem, schedule = small
    row = schedule.cells[1]
    weeks = [w for w, (p, *_) in enumerate(problem.calendar.parts_of_week) if row[p] == VACATION]
    none = next(w for w in range(len(problem.calendar.weeks)) if w not in weeks)
    alternatives = tuple(
        Alternative(rank, WishKind.VACATION, weeks=(week,))
        for rank, week in enumerate((none, weeks[0]), start=1)
    )
    wish = Choice(1, Lane.TIME_OFF, "7", WishStatus.SUBMITTED, alternatives)
    sheet = _sheet(replace(problem, choices=(wish,)), schedule, tmp_path)
    found = _row(sheet, problem.residents[1].id, "7")
    assert found["Result"] == "got no. 2"
    assert str(found["Asked, most wanted first"]).endswith(f"2. {found['Received']}")
    assert "1 something further down their list" in str(sheet["A1"].value)


def test_those_not_granted_stand_first_and_are_printed(
    small: tuple[Problem, Schedule], tmp_path: Path
) -> None:
    """Person by person each, and a long list prints no more than these."""
    problem, schedule = small
    weeks = range(len(problem.calendar.weeks))
    row = schedule.cells[1]
    away = [w for w in weeks if row[problem.calendar.parts_of_week[w][0]] == VACATION]
    wishes = tuple(_vacation(1, str(n), away[0]) for n in range(80))
    out = tuple(LeftOut(_vacation(2, f"x{n}", 3), "no vacation then") for n in range(70))
    sheet = _sheet(replace(problem, choices=wishes, left_out=out), schedule, tmp_path)
    words = [sheet.cell(row, 7).value for row in range(3, sheet.max_row + 1)]
    assert words == ["left out"] * 70 + ["granted"] * 80
    assert sheet.print_area.endswith("$72")
    assert "The first 70 of 150 lines. The others are granted" in str(sheet.oddHeader.left.text)


def test_a_couple_is_told_without_names(small: tuple[Problem, Schedule], tmp_path: Path) -> None:
    """Where one of both has the vacation the wish is denied, and nobody else is named."""
    problem, schedule = small
    weeks = problem.calendar.parts_of_week
    who, week, other = next(
        (one.index, week, two)
        for one in problem.residents
        for week, parts in enumerate(weeks)
        for two in problem.residents
        if all(schedule.cells[one.index][part] == VACATION for part in parts)
        and VACATION not in {schedule.cells[two.index][part] for part in parts}
    )
    shared = _vacation(who, "99", week, partner=other.index)
    problem = replace(problem, choices=(*problem.choices, shared))
    row = _row(_sheet(problem, schedule, tmp_path), problem.residents[who].id, "99")
    assert row["Result"] == "DENIED"
    assert row["Why not better"] == "it counts only if both get it, and one of both does not"
    assert str(row["Asked, most wanted first"]).endswith(", together")
    assert not any(other.name in str(value) for value in row.values())


def test_a_lane_in_which_nobody_asks_has_no_price(small: tuple[Problem, Schedule]) -> None:
    """The yardstick names what a denial costs only where something can be denied."""
    problem, _ = small
    assert "denied rotations choice" in yardstick(problem)
    asked = tuple(one for one in problem.choices if one.lane is Lane.TIME_OFF)
    fewer = yardstick(replace(problem, choices=asked))
    assert "denied time-off choice" in fewer
    assert "rotations" not in fewer
    assert yardstick(replace(problem, choices=())) == ""
