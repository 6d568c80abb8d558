"""From a schedule to the columns of a model that it decides: the inverse of decoding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from scheduler.model.block import BlockModel
from scheduler.model.linear import Integers
from scheduler.model.year import YearModel
from scheduler.problem.holiday import HolidayStatus
from scheduler.problem.resident import Resident
from scheduler.problem.rotation import VACATION
from scheduler.schedule.schedule import Schedule

#: The value of a column that the schedule leaves open, or that the model has no place for.
UNKNOWN = -1

#: A column and its value.
Value = tuple[int, int]


def encode(year: YearModel, schedule: Schedule) -> Integers:
    """The value of every column, UNKNOWN where ``schedule`` does not decide it.

    Decided are choices, vacated blocks, vacation weeks, chosen grids, holiday
    duties and backup weeks; what rules add for themselves (slacks, helpers) follows from those and
    is left to a solver.  A block that is not full, or that the model cannot hold as
    it is (a rotation no longer allowed, say), is UNKNOWN as a whole.
    """
    values = np.full(len(year.linear.lower), UNKNOWN, dtype=np.int64)
    for resident in year.problem.residents:
        for column, value in _resident(year, resident, schedule):
            values[column] = value
    for column, value in _duties(year, schedule):
        values[column] = value
    for key, column in year.backups.columns.items():
        if key in schedule.backups or not schedule.backups_open:
            values[column] = int(key in schedule.backups)
    return values


def _resident(year: YearModel, resident: Resident, schedule: Schedule) -> Iterator[Value]:
    row, name = schedule.cells[resident.index], schedule.grids[resident.index]
    models = year.grid_models(resident)
    followed = next((one for one in models if one.grid.name == name), None)
    if followed is None or (len(models) > 1 and not all(row[p] for p in resident.available)):
        return  # which grid is followed stays open
    for one in models:
        yield from ((column, int(one is followed)) for column in one.chosen.terms)
        if one is not followed:
            yield from ((column, 0) for block in one.blocks for column in _columns(block))
    open_parts: set[int] = set()
    for block in followed.blocks:
        taken = _taken(year, resident, block, row)
        if taken is None:
            open_parts.update(block.block.parts)
        else:
            yield from ((column, int(column in taken)) for column in _columns(block))
    for week, column in year.vacation_columns[resident.index].items():
        parts = year.problem.calendar.parts_of_week[week]
        if open_parts.isdisjoint(parts):
            yield column, int(row[parts[0]] == VACATION)


def _columns(block: BlockModel) -> Iterator[int]:
    """Every column of a block."""
    yield from block.columns
    for group in block.classes:
        yield from group.weeks.values()
    if block.vacated is not None:
        yield block.vacated


def _taken(
    year: YearModel, resident: Resident, block: BlockModel, row: Sequence[str]
) -> set[int] | None:
    """The columns of a block that are 1; None where it is not full or has no such columns."""
    parts = [part for part in block.block.parts if part in resident.available]
    weeks = {year.problem.calendar.parts[p].week for p in parts if row[p] == VACATION}
    codes = {row[part] for part in parts} - {VACATION}
    if not parts:
        return set()
    if not codes:
        return None if block.vacated is None else {block.vacated}
    code = codes.pop()
    if codes or code not in block.choices:
        return None
    group = next((one for one in block.classes if code in one.codes), None)
    if weeks and (group is None or not weeks <= group.weeks.keys()):
        return None
    return {block.choices[code], *(group.weeks[w] for w in weeks if group is not None)}


def _duties(year: YearModel, schedule: Schedule) -> Iterator[Value]:
    """Off and pulled columns of every duty that the schedule lists."""
    for (resident, holiday), column in year.holidays.off_columns.items():
        duty = schedule.duties.get((resident, holiday))
        if duty is not None:
            yield column, int(duty.status == HolidayStatus.OFF)
    for (resident, holiday, service), column in year.holidays.pull_columns.items():
        duty = schedule.duties.get((resident, holiday))
        if duty is not None:
            pulled = duty.status == HolidayStatus.PULLED
            yield column, int(pulled and duty.service == service)
