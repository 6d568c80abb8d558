"""The lock rule: what a person's hand has decided about some cells of the schedule."""

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
from scheduler.problem.rotation import AWAY, LEAVE, VACATION
from scheduler.rules.base import Rule, Scope
from scheduler.rules.example import Example, Person
from scheduler.rules.select import Names
from scheduler.rules.words import dated_weeks, either, sentence
from scheduler.schedule.schedule import Schedule


class Lock(Rule):
    """A person's hand beats the solver: these cells are this, one of these, or none of these.

    Every cell of ``who`` in ``when`` is one of ``be``, or none of ``not``; codes,
    tags and ``VAC`` may be named.  A lock speaks of the cell as it stands: a cell
    locked to a rotation is not vacation (name ``VAC`` too to allow both), a cell
    locked to ``VAC`` is vacation, and a cell locked not to be a rotation may be
    vacation.  Cells of leave and absence are passed over.

    A lock on a part of a block binds the rotation of the whole block.  A hard
    lock takes the other rotations out of the choices of that block, so it never
    gives way to another rotation when no valid schedule exists.

    The amount of each resident is the days that differ, in weeks; begun weeks
    count whole.
    """

    visitors: ClassVar[str] = "also"

    rule: Literal["lock"] = "lock"
    be: Names | None = Field(None, min_length=1, description="codes, tags or VAC: one of these")
    not_be: Names | None = Field(
        None, min_length=1, alias="not", description="codes, tags or VAC: none of these"
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> Lock:
        if (self.be is None) == (self.not_be is None):
            raise ValueError("say either 'be' or 'not'")
        return self

    @property
    def _named(self) -> list[str]:
        return self.be or self.not_be or []

    @property
    def _names_vacation(self) -> bool:
        return VACATION in self._named

    def rotation_names(self) -> Iterable[str]:
        return [name for name in self._named if name != VACATION]

    def sentence(self) -> str:
        return sentence(self.who.words(), "are", self._says(), self.when.words())

    def _says(self) -> str:
        names = either("vacation" if name == VACATION else name for name in self._named)
        return f"locked to {names}" if self.be else f"kept off {names}"

    def _codes(self, problem: Problem) -> frozenset[str]:
        return problem.codes(list(self.rotation_names()))

    # -- the model -------------------------------------------------------------------------

    def worked_sets(self, scope: Scope, resident: Resident) -> Iterable[frozenset[str]]:
        """Only a soft lock: told apart by class it is tight, but every block has more columns."""
        return [] if self.hard else [self._codes(scope.problem)]

    def excluded(self, scope: Scope, resident: Resident, block: Block) -> frozenset[str]:
        open_parts = resident.available.intersection(block.parts)
        if open_parts.isdisjoint(scope.part_set):
            return frozenset()
        codes = self._codes(scope.problem)
        wrong = codes if self.not_be else frozenset(scope.problem.rotations) - codes
        restful = _vacation_codes(scope.problem)
        # A block overlaid in just the locked cells stays possible where vacation fits the lock.
        fits = self._names_vacation == (self.be is not None)
        whole = open_parts <= scope.part_set and not restful <= wrong
        return wrong if whole or not fits else wrong - restful

    def post(self, year: YearModel, scope: Scope) -> None:
        days = scope.problem.calendar.part_days
        for resident in scope.residents:
            total = Sum()
            for part in scope.parts:
                if part in resident.available:
                    total.add(self._differs(year, resident, part), days[part])
            year.at_most(total, 0, self, unit=DAYS_IN_WEEK)

    def _differs(self, year: YearModel, resident: Resident, part: int) -> Sum:
        """1 if the cell differs from the lock."""
        codes = self._codes(year.problem)
        vacation = year.vacation(resident, year.problem.calendar.parts[part].week)
        if self.hard and vacation and not codes.isdisjoint(_vacation_codes(year.problem)):
            return self._differs_by_column(year, year.on(resident, part, codes), vacation)
        named = year.worked(resident, part, codes)
        if self._names_vacation:
            named.add(vacation)
        return Sum(constant=1).add(named, -1) if self.be else named

    def _differs_by_column(self, year: YearModel, on: Sum, vacation: Sum) -> Sum:
        """The same where vacation may fall in the block, without a class of overlays for it."""
        off = Sum(constant=1).add(on, -1)
        if self.be and self._names_vacation:
            differs = [off.add(vacation, -1)]
        elif self.be:
            differs = [off, vacation]
        elif self._names_vacation:
            differs = [on, vacation]
        else:
            differs = [on.add(vacation, -1)]
        column = year.helper()
        for one in differs:
            year.define(column.copy().add(one, -1), lower=0)
        return column

    # -- the audit -------------------------------------------------------------------------

    def audit(self, schedule: Schedule, scope: Scope) -> Iterator[Violation]:
        calendar = scope.problem.calendar
        for resident in scope.residents:
            row = schedule.cells[resident.index]
            wrong = [p for p in scope.parts if not self._fits(scope.problem, row[p])]
            days = sum((calendar.parts[p].last - calendar.parts[p].first).days + 1 for p in wrong)
            if wrong:
                shown = " and ".join(dict.fromkeys(row[part] or "nothing" for part in wrong))
                at = dated_weeks(calendar, wrong)
                yield self.violation(
                    -(-days // DAYS_IN_WEEK),
                    f"{resident.name} has {shown} in {at}, {self._says()}",
                    resident,
                    wrong,
                )

    def _fits(self, problem: Problem, code: str) -> bool:
        if code in (AWAY, LEAVE):
            return True
        tags = problem.rotations[code].tags if code in problem.rotations else frozenset()
        named = any(name == code or name in tags for name in self._named)
        return named == (self.be is not None)

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "the hand wins",
            {"rule": "lock", "who": {"resident": "A"}, "when": {"weeks": "2-3"}, "be": "WARD"},
            {"A": "CLINIC WARD WARD", "B": "WARD CLINIC CLINIC"},
        ),
        Example(
            "another rotation, and vacation, where a rotation is locked",
            {"rule": "lock", "when": {"weeks": "2-4"}, "be": "CLINIC"},
            {"A": "WARD WARD CLINIC VAC"},
            finds=(
                "A has WARD and VAC in weeks 2, 4 (2026-07-06 to 2026-07-26), locked to CLINIC",
            ),
            amounts=(2,),
            block_weeks=2,
            others=({"rule": "vacation", "minimum": 0},),
        ),
        Example(
            "one of these, vacation included",
            {"rule": "lock", "be": ["outpatient", "VAC"], "weight": 2},
            {"A": "CLINIC VAC WARD WARD", "B": "VAC VAC LEAVE CLINIC"},
            finds=(
                "A has WARD in weeks 3-4 (2026-07-13 to 2026-07-26), locked to outpatient or "
                "vacation",
            ),
            amounts=(2,),
            block_weeks=2,
            residents={"B": Person(leave=(3,))},
            others=({"rule": "vacation", "minimum": 0},),
        ),
        Example(
            "locked to vacation",
            {"rule": "lock", "when": {"weeks": 2}, "be": "VAC"},
            {"A": "CLINIC VAC", "B": "CLINIC CLINIC"},
            finds=("B has CLINIC in week 2 (2026-07-06), locked to vacation",),
            amounts=(1,),
            block_weeks=2,
            others=({"rule": "vacation", "minimum": 0},),
        ),
        Example(
            "not the clinic, but vacation there will do",
            {"rule": "lock", "when": {"weeks": "1-3"}, "not": "CLINIC"},
            {"A": "WARD VAC CLINIC CLINIC", "B": "VAC WARD VAC CLINIC"},
            finds=("A has CLINIC in week 3 (2026-07-13), kept off CLINIC",),
            amounts=(1,),
            pattern=((1, None), (1, None), (2, None)),
            others=({"rule": "vacation", "minimum": 0},),
        ),
        Example(
            "better neither elective nor vacation",
            {"rule": "lock", "when": {"to": "2026-07-12"}, "not": ["ELEC", "VAC"], "weight": 1},
            {"A": "ELEC VAC CLINIC CLINIC", "B": "WARD WARD ELEC VAC"},
            finds=(
                "A has ELEC and VAC in weeks 1-2 (2026-06-29 to 2026-07-12), kept off ELEC or "
                "vacation",
            ),
            amounts=(2,),
            block_weeks=2,
            rotations=("WARD", "CLINIC", "ELEC"),
            others=({"rule": "vacation", "minimum": 0},),
        ),
    )


def _vacation_codes(problem: Problem) -> frozenset[str]:
    return frozenset(code for code, rotation in problem.rotations.items() if rotation.vacation)
