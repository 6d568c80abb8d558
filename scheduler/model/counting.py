"""Days of a resident's year as linear sums, and totals that fit one of several ranges."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from scheduler.model.linear import Sum
from scheduler.model.year import YearModel
from scheduler.problem.grid import Block
from scheduler.problem.resident import Resident

if TYPE_CHECKING:
    from scheduler.rules.base import Rule


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


def fit_one_of(
    year: YearModel, total: Sum, ranges: Sequence[tuple[int, int]], rule: Rule, unit: int
) -> None:
    """One of ``ranges`` is chosen and ``total`` lies in it; what it lacks is charged per ``unit``.

    A free choice makes what is missing the way to the nearest range.
    """
    one_of, low, high = Sum(), total.copy(), total.copy()
    for least, most in ranges:
        chosen = year.helper()
        one_of.add(chosen)
        low.add(chosen, -least)
        high.add(chosen, -most)
    year.define(one_of, 1, 1)
    year.at_least(low, 0, rule, unit)
    year.at_most(high, 0, rule, unit)
