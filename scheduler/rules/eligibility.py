"""The eligibility rule: who may never, or may only, take some rotations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from scheduler.audit.violation import Violation
from scheduler.model.linear import Sum
from scheduler.model.year import YearModel
from scheduler.problem.calendar import DAYS_IN_WEEK
from scheduler.problem.grid import Block
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.problem.rotation import VACATION
from scheduler.rules.base import Rule, Scope
from scheduler.rules.example import Example, Person
from scheduler.rules.select import Names
from scheduler.rules.words import dated_weeks, either, sentence
from scheduler.schedule.schedule import Schedule


class Eligibility(Rule):
    """Nobody stands on a service they are not ready for, not meant for, or not allowed on.

    The residents of ``who`` ``never`` take these rotations, or take ``only``
    these; ``when`` restricts that to a stretch of the year (*no nights in the
    first four weeks*).  It is the block that counts: a block of a forbidden
    rotation is a miss if it shares a day with ``when`` on which the resident is
    present and not on leave, whether or not that day is vacation.

    The amount of each such block is its weeks in ``when``, leave and absence
    left out; begun weeks count whole.  A hard rule takes the rotations out of
    the choices of those blocks, so it never gives way when no valid schedule
    exists.
    """

    rule: Literal["eligibility"] = "eligibility"
    never: Names | None = Field(None, min_length=1, description="codes or tags they never take")
    only: Names | None = Field(None, min_length=1, description="codes or tags they only take")

    @model_validator(mode="after")
    def _one_of_both(self) -> Eligibility:
        if (self.never is None) == (self.only is None):
            raise ValueError("say either 'never' or 'only'")
        return self

    def rotation_names(self) -> Iterable[str]:
        return self.never or self.only or ()

    @property
    def by_date(self) -> bool:
        return True

    def sentence(self) -> str:
        chosen = self.who.all_but()
        if chosen and self.never:
            return sentence(f"only {chosen}", f"take {either(self.never)}", self.when.words())
        return sentence(self.who.words(), self._says(), self.when.words())

    def _says(self) -> str:
        if self.never:
            return f"never take {either(self.never)}"
        return f"take only {either(self.only or ())}"

    def _forbidden(self, problem: Problem) -> frozenset[str]:
        if self.never:
            return problem.codes(self.never)
        return problem.all_codes - problem.codes(self.only or ())

    def excluded(self, scope: Scope, resident: Resident, block: Block) -> frozenset[str]:
        there = resident.available.intersection(block.parts)
        return frozenset() if scope.part_set.isdisjoint(there) else self._forbidden(scope.problem)

    # -- the model ---------------------------------------------------------------------------

    def post(self, year: YearModel, scope: Scope) -> None:
        codes = self._forbidden(scope.problem)
        for resident in scope.residents:
            parts = resident.available & scope.part_set
            for grid in year.grid_models(resident):
                days = year.days_in_blocks(grid.grid, parts)
                for block, here in zip(grid.blocks, days, strict=True):
                    forbidden = block.among(codes)
                    if forbidden and here:
                        weeks = -(-sum(here.values()) // DAYS_IN_WEEK)
                        year.at_most(Sum(dict.fromkeys(forbidden, weeks)), 0, self)

    # -- the audit ---------------------------------------------------------------------------

    def audit(self, schedule: Schedule, scope: Scope) -> Iterator[Violation]:
        forbidden = self._forbidden(scope.problem)
        for resident in scope.residents:
            row = schedule.cells[resident.index]
            for block in scope.problem.grids[schedule.grids[resident.index]].blocks:
                for code in sorted({row[part] for part in block.parts} & forbidden):
                    yield from self._judge(scope, resident, row, block, code)

    def _judge(
        self, scope: Scope, resident: Resident, row: tuple[str, ...], block: Block, code: str
    ) -> Iterator[Violation]:
        """A block that holds the forbidden ``code`` somewhere: its days in ``when``."""
        calendar = scope.problem.calendar
        parts = [p for p in block.parts if p in scope.part_set and row[p] in (code, VACATION)]
        days = sum((calendar.parts[p].last - calendar.parts[p].first).days + 1 for p in parts)
        if days:
            yield self.violation(
                -(-days // DAYS_IN_WEEK),
                f"{resident.name} takes {code} in {dated_weeks(calendar, parts)}; "
                f"{self.sentence()}",
                resident,
                parts,
                code,
            )

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "interns stay out of intensive care",
            {"rule": "eligibility", "never": "ICU", "who": {"pgy": 1}},
            {"A": "WARD WARD ICU WARD", "B": "ICU WARD WARD ICU"},
            finds=("A takes ICU in week 3 (2026-07-13); PGY1 residents never take ICU",),
            amounts=(1,),
            residents={"B": Person(pgy=2)},
            rotations=("WARD", "ICU"),
        ),
        Example(
            "preliminary residents take only these",
            {
                "rule": "eligibility",
                "only": ["inpatient", "ELEC"],
                "who": {"track": "preliminary"},
            },
            {"A": "WARD ELEC WARD", "B": "CLINIC CLINIC WARD"},
            residents={"A": Person(track="preliminary")},
            rotations=("WARD", "CLINIC", "ELEC"),
        ),
        Example(
            "no nights in the first weeks, even where the block goes on after them",
            {"rule": "eligibility", "never": "night", "when": {"weeks": "1-3"}, "weight": 4},
            {"A": "WARD WARD NIGHT NIGHT", "B": "NIGHT NIGHT WARD WARD"},
            finds=(
                "A takes NIGHT in week 3 (2026-07-13); Residents never take night in weeks 1-3",
                "B takes NIGHT in weeks 1-2 (2026-06-29 to 2026-07-12); "
                "Residents never take night in weeks 1-3",
            ),
            amounts=(1, 2),
            block_weeks=2,
            rotations=("WARD", "NIGHT"),
        ),
        Example(
            "a place held over vacation counts, leave and a vacated block do not",
            {"rule": "eligibility", "never": "clinic", "when": {"weeks": "2"}, "weight": 1},
            {"A": "CLINIC VAC WARD WARD", "B": "CLINIC LEAVE WARD WARD", "C": "VAC VAC WARD WARD"},
            finds=(
                "A takes CLINIC in week 2 (2026-07-06); Residents never take clinic in weeks 2",
            ),
            amounts=(1,),
            block_weeks=2,
            residents={"B": Person(leave=(2,))},
            others=({"rule": "vacation", "minimum": 0, "maximum": 2},),
        ),
    )
