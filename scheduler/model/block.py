"""The columns of one resident's year: choices, vacated blocks and vacation by class.

A block takes one *choice* (a rotation) or is *vacated* (wholly overlaid by
vacation).  Vacation in a partly overlaid block is counted per *class* of
rotations that no rule tells apart, so that weeks net of vacation stay linear
and the relaxation tight (DESIGN 5).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from scheduler.model.linear import LinearModel, Sum
from scheduler.problem.grid import Block, Grid

#: Rotation codes that a block is asked about.
Codes = frozenset[str] | tuple[str, ...]


@dataclass(frozen=True)
class VacationClass:
    """Rotations no rule tells apart on vacation; ``weeks`` maps week index to its column."""

    codes: frozenset[str]
    weeks: dict[int, int] = field(default_factory=dict)


class Menu:
    """What a block may take: its codes in order, and those on vacation that no rule tells apart.

    Blocks that may take the same share one, so that which of some codes are on it is
    found out once for all of them.
    """

    def __init__(self, codes: Iterable[str] = (), classes: Iterable[frozenset[str]] = ()) -> None:
        self.codes = tuple(sorted(codes))
        self.classes = tuple(classes)
        self._places: dict[Codes, tuple[int, ...]] = {}
        self._within: dict[frozenset[str], tuple[int, ...]] = {}

    def places(self, codes: Codes) -> tuple[int, ...]:
        """The places of ``codes`` on the menu, as far as they are on it."""
        found = self._places.get(codes)
        if found is None:
            here = [at for at, code in enumerate(self.codes) if code in codes]
            found = self._places[codes] = tuple(here)  # in this order, not in that of a set
        return found

    def classes_within(self, codes: frozenset[str]) -> tuple[int, ...]:
        """The indices of the classes that ``codes`` hold."""
        found = self._within.get(codes)
        if found is None:
            touched = [at for at, one in enumerate(self.classes) if not one.isdisjoint(codes)]
            if not all(self.classes[at] <= codes for at in touched):
                raise AssertionError(f"a rule counts {codes} but did not declare it")
            found = self._within[codes] = tuple(touched)
        return found


@dataclass(frozen=True)
class BlockModel:
    """The columns of one block: a 0/1 column per code, ``vacated`` where that is possible.

    ``columns`` are those of the menu's codes, in its order.
    """

    block: Block
    menu: Menu
    columns: range
    vacated: int | None = None
    classes: tuple[VacationClass, ...] = ()

    @cached_property
    def choices(self) -> Mapping[str, int]:
        """The column of every code."""
        return dict(zip(self.menu.codes, self.columns, strict=True))

    def among(self, codes: Codes) -> list[int]:
        """The columns of ``codes``."""
        first = self.columns.start
        return [first + at for at in self.menu.places(codes)]

    def on(self, codes: Codes) -> Sum:
        """1 if the block's rotation is among ``codes``, before overlays."""
        first = self.columns.start
        return Sum({first + at: 1 for at in self.menu.places(codes)})

    def is_vacated(self) -> Sum:
        """1 if vacation overlays the whole block."""
        return Sum() if self.vacated is None else Sum({self.vacated: 1})

    def worked(self, week: int, codes: frozenset[str]) -> Sum:
        """1 if in ``week`` the block's rotation is among ``codes`` and is not on vacation."""
        total = self.on(codes)
        for column in self.away(week, codes):
            total.terms[column] = -1
        return total

    def away(self, week: int, codes: frozenset[str]) -> list[int]:
        """The columns of which one is 1 if ``week`` is vacation from one of ``codes``."""
        if not self.classes or week not in self.classes[0].weeks:  # all have the same weeks
            return []
        return [self.classes[at].weeks[week] for at in self.menu.classes_within(codes)]

    def count_days(self, total: Sum, days: Mapping[int, int], codes: frozenset[str]) -> Sum:
        """Add to ``total`` the days worked on ``codes``, of those that ``days`` has by week."""
        if days:
            total.count(self.among(codes), sum(days.values()))
        for week in days if self.classes and self.menu.classes_within(codes) else ():
            total.count(self.away(week, codes), -days[week])
        return total


@dataclass(frozen=True)
class GridModel:
    """One candidate grid of a resident; ``chosen`` is 1 if the resident follows it."""

    grid: Grid
    chosen: Sum
    blocks: tuple[BlockModel, ...]

    @cached_property
    def block_of(self) -> tuple[BlockModel, ...]:
        """For each part index, the block it is in."""
        return tuple(self.blocks[index] for index in self.grid.block_at)


def partition(codes: Iterable[str], sets: Iterable[frozenset[str]]) -> list[frozenset[str]]:
    """The coarsest classes of ``codes`` of which every one of ``sets`` is a union."""
    all_sets = list(sets)
    classes: dict[tuple[bool, ...], set[str]] = {}
    for code in sorted(codes):
        classes.setdefault(tuple(code in known for known in all_sets), set()).add(code)
    return [frozenset(members) for members in classes.values()]


def add_block(
    linear: LinearModel,
    block: Block,
    menu: Menu,
    open_weeks: Collection[int],
    vacation: Mapping[int, int],
    chosen: Sum,
) -> BlockModel:
    """Post one block.

    ``open_weeks`` are the weeks the block has outside leave and absence;
    ``vacation`` maps the weeks that may be vacation to their 0/1 column.
    """
    columns = linear.columns(len(menu.codes), 0, 1)
    touched = [week for week in open_weeks if week in vacation]
    all_open = len(touched) == len(open_weeks)
    vacated = linear.column(0, 1) if touched and all_open else None
    built = [VacationClass(group) for group in menu.classes] if len(open_weeks) > 1 else []
    for week in touched:
        for group, column in zip(built, linear.columns(len(built), 0, 1), strict=True):
            group.weeks[week] = column
    model = BlockModel(block, menu, columns, vacated, tuple(built))
    filled = Sum(dict.fromkeys(columns, 1)).add(model.is_vacated())
    linear.row(filled.add(chosen, -1), 0, 0)
    for week in touched:
        total = Sum({group.weeks[week]: 1 for group in built}).add(model.is_vacated())
        linear.row(total.count([vacation[week]], -1), 0, 0)
    for group in built:
        _limit_class(linear, model, group, all_open, len(open_weeks))
    return model


def _limit_class(
    linear: LinearModel, model: BlockModel, group: VacationClass, all_open: bool, weeks: int
) -> None:
    """Vacation in a class needs a choice in it, and leaves it at least one week."""
    chosen = model.among(group.codes)
    if all_open:
        total = Sum(dict.fromkeys(group.weeks.values(), 1))
        linear.row(total.count(chosen, 1 - weeks), upper=0)
    if not all_open or weeks > 2:
        for column in group.weeks.values():
            linear.row(Sum({column: 1}).count(chosen, -1), upper=0)
