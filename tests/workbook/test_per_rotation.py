"""The Per rotation sheet: everybody stands where the schedule says, on one line for a stay."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import openpyxl

from scheduler.workbook.sheets.per_rotation import SHEET, short_names
from tests.workbook.conftest import Case
from tests.workbook.edits import rows_of


def _rows(case: Case) -> list[tuple[Any, ...]]:
    return rows_of(openpyxl.load_workbook(case.path), SHEET, first=4)


def test_everybody_stands_where_the_schedule_says(valid: Case) -> None:
    """Rotation, level and week of every name are those of the schedule, and none is missing."""
    names, shown = short_names(valid.problem.residents), set()
    for code, _, level, *weeks in _rows(valid):
        shown |= {(code, level, part, n) for part, n in enumerate(weeks) if isinstance(n, str)}
    expected = {
        (code, "visitor" if one.visitor else f"PGY{one.pgy_at(part)}", part, names[one.index])
        for one in valid.problem.residents
        for part, code in enumerate(valid.schedule.cells[one.index])
        if code in valid.problem.rotations
    }
    assert shown == expected


def test_the_numbers_are_those_of_the_people(valid: Case) -> None:
    """The first line of every rotation counts who is on it, week by week."""
    rows = [row for row in _rows(valid) if row[2] == "people"]
    assert [row[0] for row in rows] == list(valid.problem.rotations)
    for code, _, _, *weeks in rows:
        columns = zip(*valid.schedule.cells, strict=True)
        assert weeks == [column.count(code) for column in columns]


def test_open_places_are_shown(not_valid: Case) -> None:
    """Places that nobody fills stand beneath the people and are not counted."""
    rows = _rows(not_valid)
    assert any("OPEN" in row[3:] for row in rows if row[2] == "OPEN")
    assert not any("OPEN" in row[3:] for row in rows if row[2] != "OPEN")


def test_short_names_tell_people_apart(valid: Case) -> None:
    """Namesakes get an initial, then the whole name, then the id."""
    first = valid.problem.residents[0]
    names = ("Aldo, Ann", "Brix, Cora", "Brix, Dan", "Brix, Dan")
    people = [replace(first, index=i, id=f"R{i}", name=name) for i, name in enumerate(names)]
    shown = short_names(people)
    assert shown == {0: "Aldo", 1: "Brix, C", 2: "Brix, Dan (R2)", 3: "Brix, Dan (R3)"}
