"""The prerequisite rule: so many weeks of one rotation before another may begin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import ClassVar, Literal

from pydantic import Field

from scheduler.audit.violation import Violation
from scheduler.model.block import BlockModel, GridModel
from scheduler.model.linear import Sum
from scheduler.model.year import YearModel
from scheduler.problem.calendar import DAYS_IN_WEEK
from scheduler.problem.grid import Block
from scheduler.problem.resident import Resident
from scheduler.problem.rotation import AWAY
from scheduler.rules.base import Rule, Scope
from scheduler.rules.example import Example, Person
from scheduler.rules.select import Names
from scheduler.rules.words import counted, dated_weeks, either, sentence, weeks_of
from scheduler.schedule.schedule import Schedule

Codes = frozenset[str]
#: A block: 1 if what needs preparation is done in it, and the days it adds to the total.
Step = tuple[Sum, Sum]

#: Blocks of preparation that the model counts one by one; beyond, the running total must do.
_MOST_LEVELS = 8


class Prerequisite(Rule):
    """Nobody leads a service, or stands on it alone, before having learned the work.

    A block of one of the rotations ``before`` comes only after at least
    ``minimum`` weeks on ``rotations`` (counted together).  They are counted in
    days, net of vacation and leave; with ``count: assigned`` a block counts as it
    was assigned, vacation and leave in it included.

    Earlier years count: a row of history is taken if it names one of
    ``rotations``, or a code that one of these tags contains.  With ``over: year``
    it is not.  Days that a person credited (a leave, a rotation done in part)
    count in either case, from the first day of the year on.

    ``when`` selects the blocks of ``before`` that are looked at, by their first day
    on which the resident is present.  The amount is the weeks missing (begun weeks
    count whole), for each of these blocks that begins too early.
    """

    rule: Literal["prerequisite"] = "prerequisite"
    rotations: Names = Field(min_length=1, description="codes or tags to be done first, together")
    minimum: int = Field(ge=1, le=200, description="fewest weeks of them")
    before: Names = Field(min_length=1, description="codes or tags that may begin only then")
    count: Literal["worked", "assigned"] = Field(
        "worked", description="'worked' leaves out vacation and leave, 'assigned' counts them"
    )
    over: Literal["training", "year"] = Field(
        "training", description="'training' counts earlier years too, 'year' this one alone"
    )

    def rotation_names(self) -> Iterable[str]:
        return (*self.rotations, *self.before)

    def sentence(self) -> str:
        verb = {"worked": "work", "assigned": "are assigned"}[self.count]
        since = {"training": "", "year": "this year"}[self.over]
        return sentence(
            self.who.words(),
            f"{verb} at least {counted(self.minimum, 'week')} on {either(self.rotations)}",
            since,
            f"before they begin {either(self.before)}",
            self.when.words(),
        )

    def _owed(self, scope: Scope, resident: Resident) -> int:
        """Days that must be done this year before."""
        return self.minimum * DAYS_IN_WEEK - self._earlier(scope, resident)

    def _earlier(self, scope: Scope, resident: Resident) -> int:
        """Days of history and credit."""
        codes = scope.problem.codes(self.rotations)
        known = codes.union(self.rotations)
        history = resident.history.items() if self.over == "training" else ()
        return sum(days for name, days in history if name in known) + sum(
            days for code, days in resident.credit.items() if code in codes
        )

    def worked_sets(self, scope: Scope, resident: Resident) -> Iterable[Codes]:
        needed = self.count == "worked" and self._owed(scope, resident) > 0
        return [scope.problem.codes(self.rotations)] if needed else []

    # -- the model ---------------------------------------------------------------------------

    def post(self, year: YearModel, scope: Scope) -> None:
        for resident in scope.residents:
            owed = self._owed(scope, resident)
            for grid in year.grid_models(resident) if owed > 0 else ():
                self._post_grid(year, scope, resident, grid, owed)

    def _post_grid(
        self, year: YearModel, scope: Scope, resident: Resident, grid: GridModel, owed: int
    ) -> None:
        codes, before = (scope.problem.codes(names) for names in (self.rotations, self.before))
        steps = []
        there = resident.present if self.count == "assigned" else resident.available
        for block, here in zip(grid.blocks, year.days_in_blocks(grid.grid, there), strict=True):
            first = next((p for p in block.block.parts if p in resident.present), None)
            begun = block.on(before) if first in scope.part_set else Sum()
            steps.append((begun, self._days(block, here, codes)))
        days = {each for _, here in steps for each in here.terms.values()}
        if len(days) == 1 and codes.isdisjoint(before) and -(-owed // max(days)) <= _MOST_LEVELS:
            self._post_levels(year, grid, steps, owed, max(days))
        else:
            self._post_total(year, steps, owed)

    def _post_total(self, year: YearModel, steps: Sequence[Step], owed: int) -> None:
        """No block is of ``before`` while the running total is too low."""
        done = Sum()
        for begun, days in steps:
            if begun:
                year.at_least(_capped(done, owed).add(begun, -owed), 0, self, DAYS_IN_WEEK)
            done.add(days)

    def _post_levels(
        self, year: YearModel, grid: GridModel, steps: Sequence[Step], owed: int, each: int
    ) -> None:
        """The same where every block adds ``each`` days: the resident's year as a flow.

        It goes from level to level, as many as blocks are owed; in each block it is on one
        level, on which it is either prepared further, or begins at the price of what is missing.
        """
        missing = [-(-days // DAYS_IN_WEEK) for days in range(owed, 0, -each)]
        levels = [grid.chosen.copy(), *(Sum() for _ in missing)]
        for begun, days in steps:
            raised = _split(year, Sum(dict.fromkeys(days.terms, 1)), levels[:-1])
            early = _split(year, begun, levels[:-1])
            for level, up, now in zip(levels, raised, early, strict=True):
                year.define(level.copy().add(up, -1).add(now, -1), lower=0)
            price = Sum()
            for now, weeks in zip(early, missing, strict=False):
                price.add(now, weeks)
            if price:
                year.at_most(price, 0, self)
            for index, up in enumerate(raised[:-1]):
                levels[index].add(up, -1)
                levels[index + 1].add(up)

    def _days(self, block: BlockModel, days: Mapping[int, int], codes: Codes) -> Sum:
        """Days of one block that count, of those that ``days`` has in each week."""
        if self.count == "assigned":
            return Sum().count(block.among(codes), sum(days.values()))
        return block.count_days(Sum(), days, codes)

    # -- the audit ---------------------------------------------------------------------------

    def audit(self, schedule: Schedule, scope: Scope) -> Iterator[Violation]:
        codes, before = (scope.problem.codes(names) for names in (self.rotations, self.before))
        for resident in scope.residents:
            row = schedule.cells[resident.index]
            blocks = scope.problem.grids[schedule.grids[resident.index]].blocks
            if self.count == "assigned":
                row = _as_assigned(row, blocks, codes)
            for block in blocks:
                if self._begins(scope, row, block, before):
                    yield from self._judge(scope, resident, row, block, codes)

    def _begins(self, scope: Scope, row: tuple[str, ...], block: Block, before: Codes) -> bool:
        """Whether the block takes one of ``before`` and begins in ``when``."""
        here = [part for part in block.parts if row[part] != AWAY]
        return not before.isdisjoint(row[p] for p in here) and here[0] in scope.part_set

    def _judge(
        self, scope: Scope, resident: Resident, row: tuple[str, ...], block: Block, codes: Codes
    ) -> Iterator[Violation]:
        calendar = scope.problem.calendar
        dated = [calendar.parts[p] for p in range(block.parts[0]) if row[p] in codes]
        found = sum((part.last - part.first).days + 1 for part in dated)
        earlier = self._earlier(scope, resident)
        missing = self.minimum * DAYS_IN_WEEK - found - earlier
        if missing > 0:
            code = next(row[p] for p in block.parts if row[p] in scope.problem.rotations)
            split = f" ({weeks_of(earlier)} of it earlier or credited)" if earlier else ""
            yield self.violation(
                -(-missing // DAYS_IN_WEEK),
                f"{resident.name} is on {code} in {dated_weeks(calendar, block.parts)} after "
                f"{weeks_of(found + earlier)} on {either(self.rotations)}{split}, "
                f"needs at least {self.minimum}",
                resident,
                block.parts,
                code,
            )

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "two weeks of intensive care before nights alone",
            {"rule": "prerequisite", "rotations": "ICU", "minimum": 2, "before": "NIGHT"},
            {"A": "ICU WARD ICU NIGHT", "B": "ICU NIGHT ICU NIGHT"},
            finds=("B is on NIGHT in week 2 (2026-07-06) after 1 week on ICU, needs at least 2",),
            amounts=(1,),
            rotations=("WARD", "ICU", "NIGHT"),
        ),
        Example(
            "earlier years and credit count; visitors are others",
            {"rule": "prerequisite", "rotations": "icu", "minimum": 3, "before": ["NIGHT"]},
            {"A": "NIGHT WARD ICU", "B": "ICU NIGHT WARD", "C": "NIGHT WARD WARD"},
            finds=(
                "B is on NIGHT in week 2 (2026-07-06) after 2 weeks 3 days on icu "
                "(1 week 3 days of it earlier or credited), needs at least 3",
            ),
            amounts=(1,),
            residents={
                "A": Person(pgy=2, history={"icu": 14, "WARD": 70}, credit={"ICU": 7}),
                "B": Person(history={"ICU": 10}),
                "C": Person(visitor=True),
            },
            rotations=("WARD", "ICU", "NIGHT"),
        ),
        Example(
            "this year alone; every block that begins too early is charged",
            {
                "rule": "prerequisite",
                "rotations": "WARD",
                "minimum": 2,
                "before": "inpatient",
                "over": "year",
                "weight": 2,
            },
            {"A": "CLINIC ICU WARD ICU", "B": "WARD WARD CLINIC CLINIC"},
            finds=(
                "A is on ICU in week 2 (2026-07-06) after 0 weeks on WARD, needs at least 2",
                "A is on WARD in week 3 (2026-07-13) after 0 weeks on WARD, needs at least 2",
                "A is on ICU in week 4 (2026-07-20) after 1 week on WARD, needs at least 2",
                "B is on WARD in week 1 (2026-06-29) after 0 weeks on WARD, needs at least 2",
                "B is on WARD in week 2 (2026-07-06) after 1 week on WARD, needs at least 2",
            ),
            amounts=(2, 2, 1, 2, 1),
            residents={"A": Person(history={"WARD": 28})},
            rotations=("WARD", "ICU", "CLINIC"),
        ),
        Example(
            "a vacation week is no clinic week",
            {"rule": "prerequisite", "rotations": "clinic", "minimum": 2, "before": "ELEC"},
            {"A": "CLINIC CLINIC ELEC ELEC", "B": "CLINIC VAC ELEC ELEC"},
            finds=(
                "B is on ELEC in weeks 3-4 (2026-07-13 to 2026-07-26) after 1 week on clinic, "
                "needs at least 2",
            ),
            amounts=(1,),
            block_weeks=2,
            rotations=("CLINIC", "ELEC"),
            others=({"rule": "vacation", "minimum": 0, "maximum": 1},),
        ),
        Example(
            "unless blocks count as assigned",
            {
                "rule": "prerequisite",
                "rotations": "clinic",
                "minimum": 2,
                "before": "ELEC",
                "count": "assigned",
            },
            {"A": "CLINIC VAC ELEC ELEC"},
            block_weeks=2,
            rotations=("CLINIC", "ELEC"),
            others=({"rule": "vacation", "minimum": 0, "maximum": 1},),
        ),
        Example(
            "only what begins in the first three weeks is looked at",
            {
                "rule": "prerequisite",
                "rotations": "WARD",
                "minimum": 1,
                "before": "NIGHT",
                "when": {"weeks": "1-3"},
            },
            {"A": "ICU ICU NIGHT ICU", "B": "ICU ICU ICU NIGHT"},
            finds=("A is on NIGHT in week 3 (2026-07-13) after 0 weeks on WARD, needs at least 1",),
            amounts=(1,),
            rotations=("WARD", "ICU", "NIGHT"),
        ),
    )


# -- running totals of the model -------------------------------------------------------------


def _capped(done: Sum, owed: int) -> Sum:
    """``done`` with no single term counted beyond ``owed``: tighter, and true all the same."""
    if min(done.terms.values(), default=0) < 0:
        return done.copy()
    return Sum({column: min(days, owed) for column, days in done.terms.items()})


def _split(year: YearModel, total: Sum, levels: Sequence[Sum]) -> list[Sum]:
    """``total`` shared out over ``levels`` and a last one, which has the rest."""
    shares = [year.helper() if total and level else Sum() for level in levels]
    rest = total.copy()
    for share in shares:
        rest.add(share, -1)
    year.define(rest, lower=0)
    return [*shares, rest]


# -- blocks as the audit reads them ----------------------------------------------------------


def _as_assigned(row: tuple[str, ...], blocks: Iterable[Block], codes: Codes) -> tuple[str, ...]:
    """The cells with the rotation of ``codes`` that a block has in its overlaid cells too."""
    held = list(row)
    for block in blocks:
        code = next((row[part] for part in block.parts if row[part] in codes), None)
        for part in block.parts:
            held[part] = code if code and row[part] != AWAY else row[part]
    return tuple(held)
