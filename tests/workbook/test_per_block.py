"""The Per block sheet: everybody stands once in each part, where the schedule has them."""

from __future__ import annotations

from collections import Counter

import openpyxl

from scheduler.problem.rotation import AWAY
from scheduler.workbook.layout import Layout
from scheduler.workbook.legend import legend
from scheduler.workbook.sheets.per_block import SHEET, block_lines, blocks
from scheduler.workbook.sheets.per_rotation import short_names
from tests.workbook.conftest import Case


def test_everybody_stands_where_the_schedule_has_them(valid: Case) -> None:
    """The names of each line are those who have its code in the block, by level."""
    layout, entries = Layout(valid.problem, valid.schedule), legend(valid.problem)
    names = short_names(valid.problem.residents)
    for block in blocks(layout):
        lines = {line.code: line for line in block_lines(layout, block, entries)}
        wanted: Counter[tuple[str, str]] = Counter()
        for one in valid.problem.residents:
            codes = {valid.schedule.cells[one.index][part] for part in block.parts} - {AWAY}
            wanted.update((code, names[one.index]) for code in codes)
        found = Counter(
            (code, name.split(" (")[0])
            for code, line in lines.items()
            for some in line.names.values()
            for name in some
        )
        assert found == wanted


def test_dates_stand_with_whoever_is_there_for_a_part(valid: Case) -> None:
    """A name without dates is there for the whole block, and only such a name."""
    layout, entries = Layout(valid.problem, valid.schedule), legend(valid.problem)
    whole = dated = 0
    for block in blocks(layout):
        for line in block_lines(layout, block, entries):
            said = [name for some in line.names.values() for name in some]
            marked = sum(name.endswith(")") and " to " in name for name in said)
            rows = [valid.schedule.cells[one.index] for one in valid.problem.residents]
            full = sum(all(row[part] == line.code for part in block.parts) for row in rows)
            assert full == len(said) - marked
            whole, dated = whole + full, dated + marked
    assert whole and dated


def test_open_places_are_shown_and_no_block_is_torn_apart(not_valid: Case) -> None:
    """OPEN stands where a place is not filled; pages end between blocks, some hold several."""
    sheet = openpyxl.load_workbook(not_valid.path)[SHEET]
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    assert any("OPEN" in str(value) for row in rows for value in row[5:])
    starts = [at for at, row in enumerate(rows, start=3) if at > 3 and row[0] != rows[at - 4][0]]
    ends = {one.id for one in sheet.row_breaks.brk}
    assert ends and ends < set(starts)
