"""Which columns of a year's model are choices, vacations, duties and backup, whose and when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scheduler.model.linear import Integers
from scheduler.model.year import YearModel

#: Owner of a column that belongs to no resident's decisions (slacks, helpers of rules).
NOBODY = -1
#: Week of a column that is no choice, vacated block or vacation week.
NO_WEEK = -1


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
    begins = _weeks(year)
    guided = np.flatnonzero(begins != NO_WEEK)
    return Decisions(owner, guided, begins[guided])


def _weeks(year: YearModel) -> Integers:
    """The week index each guided column begins in, NO_WEEK for all other columns."""
    begins = np.full(len(year.linear.lower), NO_WEEK, dtype=np.int64)
    parts = year.problem.calendar.parts
    for grids, vacation in zip(year.grids, year.vacation_columns, strict=True):
        begins[list(vacation.values())] = list(vacation)
        for block in (block for grid in grids for block in grid.blocks):
            week = parts[block.block.parts[0]].week
            begins[block.columns.start : block.columns.stop] = week
            if block.vacated is not None:
                begins[block.vacated] = week
    return begins
