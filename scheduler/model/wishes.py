"""What a wish asks of a year, as linear sums; knows no rule and no price."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.model.linear import Sum
from scheduler.model.year import YearModel
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.problem.wish import Alternative, Choice, WishKind


def releasable(problem: Problem) -> frozenset[str]:
    """The rotations whose days can be released: what a rule that counts dates must declare."""
    return frozenset(code for code, one in problem.rotations.items() if one.releasable)


def wish_limits(year: YearModel, choice: Choice, wish: Alternative) -> Iterator[Sum]:
    """Sums that are all at least 1 where the wish holds, and of which one is 0 where it does not.

    A wish with a partner holds where it holds for both.
    """
    for index in _people(choice, wish):
        yield from _limits(year, year.problem.residents[index], wish)


def _people(choice: Choice, wish: Alternative) -> list[int]:
    """Indices of those for whom the wish must hold."""
    return [choice.resident] if wish.partner is None else [choice.resident, wish.partner]


def held(year: YearModel, limits: list[Sum]) -> Sum:
    """A column that may be 1 where all ``limits`` are; nothing where they never can."""
    if any(not limit.terms and limit.constant < 1 for limit in limits):
        return Sum()
    column = year.helper()
    for limit in limits:
        if limit.terms:
            year.define(column.copy().add(limit, -1), upper=0)
    return column


def held_wish(year: YearModel, choice: Choice, wish: Alternative) -> Sum:
    """A column that may be 1 where the wish holds; nothing where it never can."""
    column = held(year, list(wish_limits(year, choice, wish)))
    if column and wish.kind == WishKind.VACATION:
        for index in _people(choice, wish):
            year.orders.granted(index, wish.weeks, column)
    return column


def granted(year: YearModel, choice: Choice) -> Sum:
    """1 if some alternative of ``choice`` holds, else 0: exactly, whatever is cheaper.

    A rule that asks must name the releasable rotations in its ``worked_sets``.
    """
    columns = []
    for wish in choice.alternatives:
        limits = list(wish_limits(year, choice, wish))
        if wish.kind == WishKind.ROTATION and not wish.parts:
            limits = [_any_of(year, limit) for limit in limits]
        column = held(year, limits)
        if column:
            least = column.copy()
            for limit in limits:
                least.add(limit, -1)
            year.define(least, lower=1 - len(limits))
            columns.append(column)
    return _any_of(year, Sum.of(columns))


def _any_of(year: YearModel, total: Sum) -> Sum:
    """1 if any of the columns of ``total`` is."""
    if len(total.terms) < 2:
        return total
    some = year.helper()
    for column in total.terms:
        year.define(some.copy().add(Sum({column: 1}), -1), lower=0)
    year.define(some.copy().add(total, -1), upper=0)
    return some


def _limits(year: YearModel, resident: Resident, wish: Alternative) -> Iterator[Sum]:
    problem = year.problem
    if wish.kind == WishKind.VACATION:
        for week in wish.weeks:
            yield year.vacation(resident, week)
    elif wish.kind == WishKind.DATE:
        for part, weeks in wish.freeing(problem.calendar):
            free = year.worked(resident, part, releasable(problem))
            for week in weeks:
                free.add(year.vacation(resident, week))
            if part in resident.available:
                yield free
    elif wish.kind == WishKind.HOLIDAY:
        yield year.holidays.off(resident, problem.holiday_by_name[wish.holiday])
    elif wish.kind == WishKind.AVOID:
        for part in wish.parts or range(len(problem.calendar.parts)):
            yield Sum(constant=1).add(year.on(resident, part, wish.rotations), -1)
    else:
        yield from _rotation_limits(year, resident, wish)


def _rotation_limits(year: YearModel, resident: Resident, wish: Alternative) -> Iterator[Sum]:
    if wish.at_least:
        yield _reached(year, resident, wish)
    elif wish.parts:
        for part in wish.parts:
            yield year.on(resident, part, wish.rotations)
    else:
        yield _anywhere(year, resident, wish.rotations)


def _reached(year: YearModel, resident: Resident, wish: Alternative) -> Sum:
    """1 where the days on the rotations, in the parts meant, are enough; else 0."""
    days = year.problem.calendar.part_days
    meant = resident.present.intersection(wish.parts or range(len(days)))
    blocks = [
        (
            block.on(wish.rotations),
            sum(days[part] for part in meant.intersection(block.block.parts)),
        )
        for grid in year.grid_models(resident)
        for block in grid.blocks
    ]
    enough = wish.days
    lengths = {length for total, length in blocks if length and total.terms}
    if len(lengths) == 1:  # then it is a number of blocks: nothing is left over in the relaxation
        length = lengths.pop()
        blocks = [(total, int(held == length)) for total, held in blocks]
        enough = -(-enough // length)
    reached = year.helper()
    got = Sum()
    for total, length in blocks:
        got.add(total, min(length, enough))
    most = sum(min(length, enough) for _, length in blocks)
    year.define(got.copy().add(reached, -enough), lower=0)
    year.define(got.add(reached, enough - 1 - most), upper=enough - 1)
    return reached


def _anywhere(year: YearModel, resident: Resident, codes: frozenset[str]) -> Sum:
    """The blocks of the year that are on ``codes``."""
    total = Sum()
    for grid in year.grid_models(resident):
        for block in grid.blocks:
            total.add(block.on(codes))
    return total
