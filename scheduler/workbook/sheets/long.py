"""The Long sheet: one row per person and uninterrupted range of dates, for importers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import pandas as pd

from scheduler.problem.grid import Grid
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.problem.rotation import AWAY, LEAVE, VACATION
from scheduler.schedule.schedule import Schedule
from scheduler.workbook.book import PLAIN, TABLOID, Book, Look
from scheduler.workbook.layout import in_order
from scheduler.workbook.legend import OFF, OFF_ENTRY, OVERLAYS

TITLES = (
    "person_id",
    "last_name",
    "first_name",
    "pgy",
    "program",
    "block",
    "start_date",
    "end_date",
    "rotation_code",
    "rotation_name",
    "site",
    "status",
    "note",
    "stay_id",
)
#: Numbers and dates, which at the right edge of their cells would touch the text beside them.
_BESIDE_TEXT = tuple(map(TITLES.index, ("pgy", "start_date", "end_date")))
_CENTRE: Look = {"align": "center"}
#: Lines that are printed: all of a small program's, one page of a large one's.
_ON_PAPER = 150
_NOT_FOR_PAPER = "This table is for other programs; on paper see Print and Per rotation."
_STATUS = {VACATION: "vacation", LEAVE: "leave", AWAY: "away"}
_NAMES = {**{code: name for code, (name, _) in OVERLAYS.items()}, OFF: OFF_ENTRY[0]}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A resident's uninterrupted range of dates with one code; ``stay`` names its stay.

    Weeks of one stay that leave, a grid's clinic weeks, or vacation that the
    rotation allows interrupt are several stretches with the same ``stay``.
    """

    resident: int
    code: str
    parts: tuple[int, ...]
    blocks: tuple[int, int]
    stay: str


def stretches(problem: Problem, schedule: Schedule) -> Iterator[Stretch]:
    """Every stretch of every resident, in the order of the Schedule sheet."""
    for resident in in_order(problem):
        yield from _of_resident(problem, schedule, resident)


def _of_resident(problem: Problem, schedule: Schedule, resident: Resident) -> Iterator[Stretch]:
    row = schedule.cells[resident.index]
    grid = problem.grids[schedule.grids[resident.index]]
    staying = stay = ""
    for code, run in groupby(range(len(row)), key=row.__getitem__):
        parts = tuple(run)
        first, last = (grid.blocks[grid.block_at[part]] for part in (parts[0], parts[-1]))
        own = f"{resident.id}:{code}:{problem.calendar.parts[parts[0]].first}"
        if staying and _ends(problem, grid, row, parts, staying):
            staying = ""
        if code in (VACATION, LEAVE) or _is_off(problem, code) or first.assigned:
            mark = own
        elif code == staying:
            mark = stay
        else:
            staying, mark, stay = code, own, own
        if code:
            yield Stretch(resident.index, code, parts, (first.number, last.number), mark)


def _ends(
    problem: Problem, grid: Grid, row: tuple[str, ...], parts: tuple[int, ...], staying: str
) -> bool:
    """Whether ``parts`` are vacation that ends a stay on a rotation which allows none."""
    blocks = [grid.blocks[grid.block_at[part]] for part in parts if row[part] == VACATION]
    rotation = problem.rotations.get(staying)
    allowed = rotation is None or rotation.vacation
    return not allowed and not all(block.assigned for block in blocks)


def _is_off(problem: Problem, code: str) -> bool:
    """Whether ``code`` hides vacation or leave."""
    return code == OFF and OFF not in problem.rotations


def long_table(problem: Problem, schedule: Schedule) -> pd.DataFrame:
    """The long table as data: one stretch a row, dates as dates, text as text."""
    rows = [_values(problem, stretch) for stretch in stretches(problem, schedule)]
    return pd.DataFrame(rows, columns=list(TITLES), dtype=object)


def write_long(book: Book, problem: Problem, schedule: Schedule) -> None:
    """A plain table: headers in row 1, one stretch a row, real dates."""
    sheet = book.sheet("Long", tab="7F7F7F")
    sheet.header(0, TITLES)
    table = long_table(problem, schedule)
    looks = [_CENTRE if column in _BESIDE_TEXT else PLAIN for column in range(len(TITLES))]
    for row, values in enumerate(table.itertuples(index=False), start=1):
        for column, value in enumerate(values):
            sheet.put(row, column, value, looks[column])
    last = len(table)
    sheet.widths((10, 18, 16, 5, 24, 8, 11, 11, 13, 30, 12, 10, 8, 28))
    sheet.raw.freeze_panes(1, 1)
    sheet.raw.autofilter(0, 0, max(1, last), len(TITLES) - 1)
    sheet.page((0, 0), 0, TABLOID, portrait=True)
    sheet.first_lines(0, last, len(TITLES), _ON_PAPER, _NOT_FOR_PAPER)


def _values(problem: Problem, stretch: Stretch) -> tuple[str | int | date | None, ...]:
    resident, parts = problem.residents[stretch.resident], problem.calendar.parts
    last_name, _, first_name = resident.name.partition(",")
    rotation = problem.rotations.get(stretch.code)
    program = (
        problem.tracks.get(resident.track, resident.track) if resident.visitor else problem.name
    )
    first, last = stretch.blocks
    return (
        resident.id,
        last_name.strip(),
        first_name.strip(),
        resident.pgy_at(stretch.parts[0]),
        program,
        str(first) if first == last else f"{first}-{last}",
        parts[stretch.parts[0]].first,
        parts[stretch.parts[-1]].last,
        stretch.code,
        rotation.name if rotation else _NAMES.get(stretch.code, stretch.code),
        rotation.site if rotation else "",
        "off" if _is_off(problem, stretch.code) else _STATUS.get(stretch.code, "assigned"),
        "",
        stretch.stay,
    )
