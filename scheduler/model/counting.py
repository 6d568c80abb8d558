"""Days of a resident's year as linear sums; knows no rule."""

from __future__ import annotations

from collections.abc import Collection

from scheduler.model.linear import Sum
from scheduler.model.year import YearModel
from scheduler.problem.grid import Block
from scheduler.problem.resident import Resident


def days_worked(
    year: YearModel, resident: Resident, parts: Collection[int], codes: frozenset[str]
) -> Sum:
    """Days of ``parts`` that ``resident`` works on ``codes``, net of overlays.

    The rule that asks must name ``codes`` in its ``worked_sets``.
    """
    total = Sum()
    wanted = resident.available.intersection(parts)
    for grid in year.grid_models(resident):
        for block in grid.blocks:
            for week, days in days_by_week(year, block.block, wanted).items():
                total.add(block.worked(week, codes), days)
    return total


def days_assigned(
    year: YearModel, resident: Resident, parts: Collection[int], codes: frozenset[str]
) -> Sum:
    """Days of ``parts`` whose block takes one of ``codes``, before overlays."""
    total = Sum()
    wanted = resident.present.intersection(parts)
    for grid in year.grid_models(resident):
        for block in grid.blocks:
            days = sum(days_by_week(year, block.block, wanted).values())
            if days:
                total.add(block.on(codes), days)
    return total


def days_by_week(year: YearModel, block: Block, parts: Collection[int]) -> dict[int, int]:
    """For each week of ``block`` that has some of ``parts``, their days."""
    calendar = year.problem.calendar
    found: dict[int, int] = {}
    for part in block.parts:
        if part in parts:
            week = calendar.parts[part].week
            found[week] = found.get(week, 0) + calendar.part_days[part]
    return found
