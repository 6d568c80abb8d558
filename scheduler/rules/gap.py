"""The gap rule: never too long away from continuity clinic, or from any other rotation."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import ClassVar, Literal

from pydantic import Field

from scheduler.audit.violation import Violation
from scheduler.model.block import BlockModel, GridModel
from scheduler.model.linear import Sum
from scheduler.model.year import YearModel
from scheduler.problem.resident import Resident
from scheduler.problem.rotation import AWAY, LEAVE, VACATION
from scheduler.rules.base import Rule, Scope
from scheduler.rules.example import Example, Person
from scheduler.rules.select import Names
from scheduler.rules.words import counted, dated_weeks, either, sentence
from scheduler.schedule.schedule import Schedule


class Gap(Rule):
    """Patients in continuity clinic see their resident again before too many weeks are over.

    A stretch is a run of weeks in which no block takes one of ``rotations``;
    none may be longer than ``maximum`` weeks.  Blocks count as assigned: a
    vacation week in a clinic block is no week away, but a block wholly on
    vacation has no rotation and is.  A week that a grid divides is a clinic week
    if either piece is.

    Counting starts anew after a week in which the resident is absent or on
    leave, even for a part of it; those weeks are not counted.  The ends of the
    year (or of ``when``) are ends of a stretch: what lay before is not known.

    The amount is the weeks beyond ``maximum``, summed over all stretches.
    """

    rule: Literal["gap"] = "gap"
    rotations: Names = Field(min_length=1, description="codes or tags, any of which ends a gap")
    maximum: int = Field(ge=1, le=53, description="most weeks running without any of them")

    def sentence(self) -> str:
        return sentence(
            self.who.words(),
            f"are never more than {counted(self.maximum, 'week')} away from",
            either(self.rotations),
            self.when.words(),
        )

    # -- the model ---------------------------------------------------------------------------

    def post(self, year: YearModel, scope: Scope) -> None:
        codes = scope.problem.codes(self.rotations)
        for resident in scope.residents:
            weeks = self._whole_weeks(scope, resident)
            for grid in year.grid_models(resident):
                self._post_grid(year, grid, codes, weeks)

    def _post_grid(
        self, year: YearModel, grid: GridModel, codes: frozenset[str], weeks: list[int]
    ) -> None:
        """In every window of one week more than the maximum, some block is of the set."""
        parts = year.problem.calendar.parts_of_week
        known: tuple[list[int], Sum | None] = ([], None)
        for first, last in zip(weeks, weeks[self.maximum :], strict=False):
            if last - first > self.maximum:
                continue
            start, stop = grid.grid.block_at[parts[first][0]], grid.grid.block_at[parts[last][-1]]
            if known[0] != [start, stop]:
                known = [start, stop], _any(grid, grid.blocks[start : stop + 1], codes)
            if known[1] is not None:
                year.at_least(known[1], 0, self)

    def _whole_weeks(self, scope: Scope, resident: Resident) -> list[int]:
        """The weeks in which the resident is there all the time."""
        return [
            week
            for week, parts in enumerate(scope.problem.calendar.parts_of_week)
            if scope.part_set.issuperset(parts) and resident.available.issuperset(parts)
        ]

    # -- the audit ---------------------------------------------------------------------------

    def audit(self, schedule: Schedule, scope: Scope) -> Iterator[Violation]:
        for resident in scope.residents:
            states = enumerate(self._states(schedule, scope, resident))
            for state, run in groupby(states, key=lambda item: item[1]):
                weeks = [week for week, _ in run]
                if state == "away" and len(weeks) > self.maximum:
                    yield self._too_long(scope, resident, weeks)

    def _states(self, schedule: Schedule, scope: Scope, resident: Resident) -> Iterator[str]:
        """For each week: 'there' (a block of the set), 'away', or 'absent' (not counted)."""
        row = self._held(schedule, scope, resident)
        codes = scope.problem.codes(self.rotations)
        for parts in scope.problem.calendar.parts_of_week:
            cells = {row[part] for part in parts}
            if cells & {AWAY, LEAVE} or not scope.part_set.issuperset(parts):
                yield "absent"
            else:
                yield "there" if cells & codes else "away"

    def _held(self, schedule: Schedule, scope: Scope, resident: Resident) -> list[str]:
        """The resident's cells with the block's rotation in place of vacation."""
        row = list(schedule.cells[resident.index])
        for block in scope.problem.grids[schedule.grids[resident.index]].blocks:
            own = [row[part] for part in block.parts if row[part] in scope.problem.rotations]
            for part in block.parts:
                row[part] = own[0] if own and row[part] == VACATION else row[part]
        return row

    def _too_long(self, scope: Scope, resident: Resident, weeks: list[int]) -> Violation:
        calendar = scope.problem.calendar
        parts = [part for week in weeks for part in calendar.parts_of_week[week]]
        return self.violation(
            len(weeks) - self.maximum,
            f"{resident.name} is away from {either(self.rotations)} for {len(weeks)} weeks "
            f"running, {dated_weeks(calendar, parts)}, at most {self.maximum}",
            resident,
            parts,
        )

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "never more than two weeks away",
            {"rule": "gap", "rotations": "clinic", "maximum": 2},
            {"A": "WARD WARD CLINIC WARD CLINIC", "B": "CLINIC WARD WARD WARD WARD"},
            finds=(
                "B is away from clinic for 4 weeks running, "
                "weeks 2-5 (2026-07-06 to 2026-08-02), at most 2",
            ),
            amounts=(2,),
        ),
        Example(
            "vacation in a clinic block is not away, a block wholly on vacation is",
            {"rule": "gap", "rotations": ["CLINIC"], "maximum": 2, "weight": 5},
            {"A": "WARD WARD VAC CLINIC WARD WARD", "B": "WARD WARD VAC VAC CLINIC CLINIC"},
            finds=(
                "B is away from CLINIC for 4 weeks running, "
                "weeks 1-4 (2026-06-29 to 2026-07-26), at most 2",
            ),
            amounts=(2,),
            block_weeks=2,
            others=({"rule": "vacation", "minimum": 0, "maximum": 2},),
        ),
        Example(
            "counting starts anew after leave",
            {"rule": "gap", "rotations": ["CLINIC", "ELEC"], "maximum": 3},
            {"A": "WARD WARD LEAVE WARD WARD WARD", "B": "WARD WARD WARD ELEC WARD WARD"},
            residents={"A": Person(leave=(3,))},
            rotations=("WARD", "CLINIC", "ELEC"),
        ),
        Example(
            "one clinic week in five, and one of them lost to vacation",
            {"rule": "gap", "rotations": "CLINIC", "maximum": 2},
            {"A": "WARD WARD CLINIC WARD WARD CLINIC", "B": "WARD WARD VAC WARD WARD CLINIC"},
            finds=(
                "B is away from CLINIC for 5 weeks running, "
                "weeks 1-5 (2026-06-29 to 2026-08-02), at most 2",
            ),
            amounts=(3,),
            pattern=((2, None), (1, "CLINIC")),
            rotations=("WARD", "ICU", "CLINIC"),
            others=({"rule": "vacation", "minimum": 0, "maximum": 1},),
        ),
    )


def _any(grid: GridModel, blocks: tuple[BlockModel, ...], codes: frozenset[str]) -> Sum | None:
    """At least 0 where a block takes one of ``codes``; None where one always does."""
    total = Sum()
    for block in blocks:
        if block.vacated is None and block.columns and codes.issuperset(block.menu.codes):
            return None
        total.count(block.among(codes))
    return total.add(grid.chosen, -1)
