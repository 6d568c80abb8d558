"""The Fairness sheet: everybody once, the worst off first, numbers as the audit counts them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from scheduler.audit.fairness import fairness
from scheduler.problem.burden import Burden, Duty
from scheduler.problem.problem import Problem
from scheduler.schedule.schedule import Schedule
from scheduler.workbook.sheets.fairness import summary
from tests.workbook.conftest import written

BURDENS = {
    "nights": Burden("nights", "Nights", "night", rates={"NIGHT": 6, "MICU": 1}),
    "icu": Burden("icu", "Critical care", "week", rates={"MICU": 1, "CCU": 1}),
    "holidays": Burden("holidays", "Holidays worked", "holiday", duty=Duty.WORKED),
}


@pytest.fixture(scope="module")
def compared(small: tuple[Problem, Schedule]) -> tuple[Problem, Schedule]:
    """The small hospital with burdens, one of which somebody carried over."""
    problem, schedule = small
    first, *rest = problem.residents
    residents = (replace(first, carried={"icu": 14}), *rest)
    return replace(problem, residents=residents, burdens=BURDENS, peers=("pgy",)), schedule


def _sheet(case: tuple[Problem, Schedule], folder: Path) -> Worksheet:
    sheet: Worksheet = openpyxl.load_workbook(written(*case, folder).path)["Fairness"]
    return sheet


def test_rows_and_columns(compared: tuple[Problem, Schedule], tmp_path: Path) -> None:
    """Two columns a burden, three where something was carried; a row a resident, then groups."""
    sheet = _sheet(compared, tmp_path)
    assert [cell.value for cell in sheet[3] if cell.value] == [
        "Nights", "Critical care (weeks)", "Holidays worked",
    ]  # fmt: skip
    assert [cell.value for cell in sheet[4]] == [
        "Name", "PGY", "Track", "Peers", "Above peers",
        "this year", "against peers",
        "this year", "carried", "against peers",
        "this year", "against peers",
    ]  # fmt: skip
    fair = fairness(*compared)
    names = [sheet.cell(5 + row, 1).value for row in range(len(fair.people))]
    assert names == [one.resident.name for one in fair.people]
    assert sheet.cell(5 + len(names), 1).value is None
    groups = [sheet.cell(8 + len(names) + row, 1).value for row in range(len(fair.groups))]
    assert groups == [group.name for group in fair.groups]


def test_numbers_are_those_of_the_audit(compared: tuple[Problem, Schedule], tmp_path: Path) -> None:
    """Amounts and differences, to one decimal."""
    sheet, fair = _sheet(compared, tmp_path), fairness(*compared)
    for row, one in enumerate(fair.people, start=5):
        nights, icu = one.loads["nights"], one.loads["icu"]
        shown = [sheet.cell(row, column).value for column in (6, 7, 8, 9, 10)]
        amounts = (nights.amount, nights.beyond, icu.amount, icu.carried or None, icu.beyond)
        assert shown == [None if x is None else round(float(x), 1) for x in amounts]


def test_the_worst_off_is_named(compared: tuple[Problem, Schedule], tmp_path: Path) -> None:
    """The first line says who is worst off and by what."""
    sheet, fair = _sheet(compared, tmp_path), fairness(*compared)
    worst = fair.people[0]
    assert sheet["A1"].value == summary(fair)
    assert f"{worst.resident.name} ({worst.group}), by " in summary(fair)


def test_without_burdens(small: tuple[Problem, Schedule], tmp_path: Path) -> None:
    """Where nothing is compared, the sheet says so."""
    sheet = _sheet(small, tmp_path)
    assert sheet["A1"].value == "No burdens are named under 'fairness', so nothing is compared."
