"""The Per requirement sheet: every line of Requirements once, marked where it misses its target."""

from __future__ import annotations

from collections import Counter

import openpyxl
import pytest

from scheduler.problem.problem import Problem
from scheduler.schedule.schedule import Schedule
from scheduler.workbook.layout import Layout
from scheduler.workbook.owed import Owed, owed
from scheduler.workbook.sheets.per_requirement import SHEET, peers
from scheduler.workbook.sheets.requirements import LATER, status, target_words, training_value
from tests.workbook.conftest import Case

MARKS = {"SHORT": "▼", "OVER": "▲", "low": "▽", "high": "△"}


@pytest.fixture(scope="module")
def lines(small: tuple[Problem, Schedule]) -> list[Owed]:
    """What everybody owes."""
    return list(owed(*small))


def _short(target: str) -> str:
    return target.replace("at least ", "≥").replace("at most ", "≤")


def test_every_line_stands_once_with_its_number(valid: Case, lines: list[Owed]) -> None:
    """Name, requirement, its target, the number that the target counts, and a mark if it misses."""
    found: Counter[tuple[str, str, str, str]] = Counter()
    titles: list[str] = []
    targets: list[str] = []
    for row in openpyxl.load_workbook(valid.path)[SHEET].iter_rows(min_row=4, values_only=True):
        texts = ["" if value is None else str(value) for value in row]
        if ": " in texts[0]:
            titles = texts
        elif texts[0] == "target":
            targets = texts
        for title, target, text in zip(titles[1:], targets[1:], texts[1:], strict=False):
            if texts[0] not in (titles[0], "target", "") and text:
                number, _, own = text.partition(" ")
                found[texts[0], title, own.strip("()") or target, number] += 1
    layout = Layout(valid.problem, valid.schedule)
    wanted = Counter(
        (
            valid.problem.residents[line.resident].name,
            line.what,
            _short(target_words(line)),
            _number(layout, line) + MARKS.get(status(layout, line), ""),
        )
        for line in lines
    )
    assert found == wanted
    assert {status(layout, line) for line in lines} >= {"ok", LATER, "SHORT"}


def _number(layout: Layout, line: Owed) -> str:
    value = training_value(layout, line)
    return f"{value:.0%}" if line.is_share else f"{round(value, 1):g}"


def test_what_is_due_later_is_grey(valid: Case) -> None:
    """Nobody takes it for too little."""
    sheet = openpyxl.load_workbook(valid.path)[SHEET]
    fonts = {cell.font.i for row in sheet.iter_rows(min_row=4) for cell in row if cell.value}
    assert fonts == {True, False}


def test_peers_are_everybody_who_owes_anything(valid: Case, lines: list[Owed]) -> None:
    """Everyone stands in one table, with those of the same PGY and track."""
    tables = list(peers(Layout(valid.problem, valid.schedule), lines))
    people = [one.index for table in tables for one in table.people]
    assert sorted(people) == sorted({line.resident for line in lines})
    for table in tables:
        assert len({(one.visitor, one.pgy, one.track) for one in table.people}) == 1
