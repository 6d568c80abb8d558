"""Which columns of a year's model are choices, vacations, duties and backup, whose and when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from scheduler.model.linear import Integers
from scheduler.model.year import YearModel

#: Owner of a column that belongs to no resident's decisions (slacks, helpers of rules).
NOBODY = -1


@dataclass(frozen=True)
class Decisions:
    """``owner`` of every column (a resident index or NOBODY); ``guided`` are the columns
    that a relaxation's support may switch off (choices, vacated blocks, vacation weeks), and
    ``week`` is the week index each guided column begins in."""

    owner: Integers
    guided: Integers
    week: Integers


def decisions(year: YearModel) -> Decisions:
    """The decisions of ``year``, as arrays over its columns."""
    owner = np.full(len(year.linear.lower), NOBODY, dtype=np.int64)
    for resident, (first, stop) in enumerate(year.column_ranges):
        owner[first:stop] = resident
    for off, column in year.holidays.off_columns.items():
        owner[column] = off[0]
    for pull, column in year.holidays.pull_columns.items():
        owner[column] = pull[0]
    for backup, column in year.backups.columns.items():
        owner[column] = backup[0]
    guided = np.array(sorted(set(_guided(year))), dtype=np.int64).reshape(-1, 2)
    return Decisions(owner, guided[:, 0].copy(), guided[:, 1].copy())


def _guided(year: YearModel) -> Iterator[tuple[int, int]]:
    parts = year.problem.calendar.parts
    for grids, vacation in zip(year.grids, year.vacation_columns, strict=True):
        yield from ((column, week) for week, column in vacation.items())
        for grid in grids:
            for block in grid.blocks:
                week = parts[block.block.parts[0]].week
                yield from ((column, week) for column in block.columns)
                if block.vacated is not None:
                    yield block.vacated, week
