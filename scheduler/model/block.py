"""The columns of one resident's year: choices, vacated blocks and vacation by class.

A block takes one *choice* (a rotation) or is *vacated* (wholly overlaid by
vacation).  Vacation in a partly overlaid block is counted per *class* of
rotations that no rule tells apart, so that weeks net of vacation stay linear
and the relaxation tight (DESIGN 5).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from scheduler.model.linear import LinearModel, Sum
from scheduler.problem.grid import Block, Grid


@dataclass(frozen=True)
class VacationClass:
    """Rotations no rule tells apart on vacation; ``weeks`` maps week index to its column."""

    codes: frozenset[str]
    weeks: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class BlockModel:
    """The columns of one block: a 0/1 column per code, ``vacated`` where that is possible."""

    block: Block
    choices: Mapping[str, int]
    vacated: int | None = None
    classes: tuple[VacationClass, ...] = ()

    def on(self, codes: Collection[str]) -> Sum:
        """1 if the block's rotation is among ``codes``, before overlays."""
        choices = self.choices
        if len(codes) < len(choices):
            return Sum({choices[code]: 1 for code in codes if code in choices})
        return Sum({column: 1 for code, column in choices.items() if code in codes})

    def is_vacated(self) -> Sum:
        """1 if vacation overlays the whole block."""
        return Sum() if self.vacated is None else Sum({self.vacated: 1})

    def worked(self, week: int, codes: frozenset[str]) -> Sum:
        """1 if in ``week`` the block's rotation is among ``codes`` and is not on vacation."""
        total = self.on(codes)
        for group in self.classes:
            column = group.weeks.get(week)
            if column is None or group.codes.isdisjoint(codes):
                continue
            if not group.codes <= codes:
                raise AssertionError(f"a rule counts {codes} but did not declare it")
            total.terms[column] = total.terms.get(column, 0) - 1
        return total


@dataclass(frozen=True)
class GridModel:
    """One candidate grid of a resident; ``chosen`` is 1 if the resident follows it."""

    grid: Grid
    chosen: Sum
    blocks: tuple[BlockModel, ...]


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
    codes: Collection[str],
    classes: Iterable[frozenset[str]],
    open_weeks: Collection[int],
    vacation: Mapping[int, int],
    chosen: Sum,
) -> BlockModel:
    """Post one block.

    ``open_weeks`` are the weeks the block has outside leave and absence;
    ``vacation`` maps the weeks that may be vacation to their 0/1 column.
    """
    choices = {code: linear.column(0, 1) for code in sorted(codes)}
    touched = [week for week in open_weeks if week in vacation]
    all_open = len(touched) == len(open_weeks)
    vacated = linear.column(0, 1) if touched and all_open else None
    built = [VacationClass(group) for group in classes] if len(open_weeks) > 1 else []
    for week in touched:
        for group in built:
            group.weeks[week] = linear.column(0, 1)
    model = BlockModel(block, choices, vacated, tuple(built))
    linear.row(model.on(choices).add(model.is_vacated()).add(chosen, -1), 0, 0)
    for week in touched:
        total = Sum({group.weeks[week]: 1 for group in built}).add(model.is_vacated())
        linear.row(total.add(Sum({vacation[week]: 1}), -1), 0, 0)
    for group in built:
        _limit_class(linear, model, group, all_open, len(open_weeks))
    return model


def _limit_class(
    linear: LinearModel, model: BlockModel, group: VacationClass, all_open: bool, weeks: int
) -> None:
    """Vacation in a class needs a choice in it, and leaves it at least one week."""
    if all_open:
        total = Sum(dict.fromkeys(group.weeks.values(), 1))
        linear.row(total.add(model.on(group.codes), 1 - weeks), upper=0)
    if not all_open or weeks > 2:
        for column in group.weeks.values():
            linear.row(Sum({column: 1}).add(model.on(group.codes), -1), upper=0)
