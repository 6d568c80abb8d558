"""The Charts sheet: what each picture's series refer to, and that the numbers follow edits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from scheduler.problem.rotation import VACATION
from scheduler.rules.vacation import Vacation
from scheduler.workbook.sheets.charts import SHEET
from tests.workbook.conftest import Case, Saved
from tests.workbook.edits import edited, header_row
from tests.workbook.recalculate import recalculated


def _series(sheet: Worksheet) -> dict[str, tuple[str, str]]:
    """Each series' name, unique in a title, to its categories and values as (references)."""
    found = {}
    for chart in sheet._charts:  # openpyxl knows no public name for charts that were read
        for part in (chart, *chart._charts[1:]):
            for one in part.series:
                names = one.cat.strRef or one.cat.numRef
                found[one.tx.strRef.f] = (names.f, one.val.numRef.f)
    return found


def _values(book: openpyxl.Workbook, reference: str) -> list[Any]:
    name, area = reference.replace("$", "").split("!")
    left, top, right, bottom = range_boundaries(area)
    rows = book[name.strip("'")].iter_rows(top, bottom, left, right, values_only=True)
    return [cell for row in rows for cell in row]


def _pictures(path: Path, values: openpyxl.Workbook) -> list[tuple[str, dict[Any, Any]]]:
    """(name of the series, its categories with their values), as ``values`` has them."""
    sheet = openpyxl.load_workbook(path)[SHEET]
    assert isinstance(sheet, Worksheet)
    return [
        (
            str(_values(values, name)[0]),
            dict(zip(_values(values, names), _values(values, shown), strict=True)),
        )
        for name, (names, shown) in _series(sheet).items()
    ]


def _stored(case: Case) -> list[tuple[str, dict[Any, Any]]]:
    return _pictures(case.path, openpyxl.load_workbook(case.path, data_only=True))


def test_vacation_by_week_stands_beside_its_limit(valid: Case) -> None:
    """The columns are the people on vacation whom the rule limits, the line is the rule's most."""
    pictures = dict(_stored(valid))
    bound = next(
        one
        for one in valid.problem.rules
        if isinstance(one.rule, Vacation) and one.rule.at_once_percent
    )
    assert isinstance(bound.rule, Vacation)
    (shown,) = (series for name, series in pictures.items() if name.startswith("On vacation"))
    expected = {
        f"{part.first:%b} {part.first.day}": sum(
            valid.schedule.cells[index][part.index] == VACATION for index in bound.residents
        )
        for part in valid.problem.calendar.parts
    }
    assert shown == expected
    assert set(pictures["at most"].values()) == {bound.rule.limit(len(bound.residents))}


def test_nights_are_everybodys_own_most_first(valid: Case) -> None:
    """Every resident stands once, with the nights of their weeks, in falling order."""
    (shown,) = (series for name, series in _stored(valid) if name == "nights")
    problem = valid.problem
    expected = {
        f"{one.name} (PGY{one.pgy})": sum(
            part.days / 7 * problem.rotations[code].nights
            for part, code in zip(
                problem.calendar.parts, valid.schedule.cells[one.index], strict=True
            )
            if code in problem.rotations
        )
        for one in problem.residents
        if not one.visitor
    }
    assert shown == pytest.approx(expected)
    assert list(shown.values()) == sorted(shown.values(), reverse=True)


def test_outpatient_share_is_by_track_and_year(valid: Case) -> None:
    """Each column is outpatient time over clinical weeks of one track's people of one year."""
    problem, cells = valid.problem, valid.schedule.cells
    pictures = dict(_stored(valid))
    for pgy in {one.pgy for one in problem.residents if not one.visitor}:
        for track, share in pictures[f"PGY{pgy}"].items():
            weeks = [
                (part.days, problem.rotations[cells[one.index][part.index]].outpatient)
                for one in problem.residents
                if (one.pgy, one.track, one.visitor) == (pgy, track, False)
                for part in problem.calendar.parts
                if cells[one.index][part.index] in problem.rotations
            ]
            clinical = sum(days for days, _ in weeks)
            outpatient = sum(days * percent / 100 for days, percent in weeks)
            assert (share is None) == (not weeks)
            assert (share or 0) == pytest.approx(outpatient / clinical if clinical else 0)
    assert pictures["asked for"]["primary-care"] == pytest.approx(0.4)


def test_pictures_follow_an_edit(valid: Case, unedited: Saved, tmp_path: Path) -> None:
    """A year of nothing but nights goes to the front; before, all is as it was stored."""
    before = _pictures(valid.path, unedited.book)
    for (name, stored), (_, computed) in zip(_stored(valid), before, strict=True):
        assert computed == pytest.approx(stored), name
    last = list(next(series for name, series in before if name == "nights"))[-1]
    weeks = len(valid.problem.calendar.parts)

    def change(book: openpyxl.Workbook) -> None:
        sheet = book["Schedule"]
        row = next(
            r
            for r in range(header_row(sheet) + 1, 99)
            if last.startswith(f"{sheet.cell(r, 1).value} (")
        )
        for column in range(4, 4 + weeks):
            sheet.cell(row, column).value = "NIGHT"

    path = edited(valid, tmp_path / "edited.xlsx", change)
    after = dict(_pictures(valid.path, recalculated(path, tmp_path / "after")))["nights"]
    days = sum(part.days for part in valid.problem.calendar.parts)
    assert next(iter(after.items())) == (last, pytest.approx(days / 7 * 6))
