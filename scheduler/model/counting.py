"""Days of a resident's year as linear sums, and totals that fit one of several ranges."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from scheduler.model.linear import Sum
from scheduler.model.year import YearModel
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
        for block, days in zip(grid.blocks, year.days_in_blocks(grid.grid, wanted), strict=True):
            if days:
                block.count_days(total, days, codes)
    return total


def days_assigned(
    year: YearModel, resident: Resident, parts: Collection[int], codes: frozenset[str]
) -> Sum:
    """Days of ``parts`` whose block takes one of ``codes``, before overlays."""
    total = Sum()
    wanted = resident.present.intersection(parts)
    for grid in year.grid_models(resident):
        for block, days in zip(grid.blocks, year.days_in_blocks(grid.grid, wanted), strict=True):
            if days:
                total.count(block.among(codes), sum(days.values()))
    return total


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
