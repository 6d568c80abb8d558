"""The leave rule: who covers for people on leave, and how long leave is; grants no leave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from scheduler.audit.violation import Violation
from scheduler.model.linear import Sum
from scheduler.model.year import YearModel
from scheduler.problem.calendar import DAYS_IN_WEEK
from scheduler.problem.resident import Resident
from scheduler.problem.rotation import LEAVE
from scheduler.rules.base import Rule, Scope
from scheduler.rules.example import Example, Person
from scheduler.rules.select import Names
from scheduler.rules.words import counted, dated_weeks, either, sentence
from scheduler.schedule.schedule import Schedule


class Leave(Rule):
    """Whoever is named as cover for a leave can really cover, and long leaves are seen.

    Leave itself is input (the table of leave): its weeks are not worked, not
    vacation and count for nothing but what a person credited; the vacation it
    uses up is taken off what is owed.

    - ``cover_on``: in the weeks in which a resident of ``who`` is named as cover,
      they work on one of these rotations and are neither on vacation nor on
      leave nor absent.  The amount is the days that they are not, in weeks;
      begun weeks count whole.
    - ``maximum``: days of leave in ``when``, counted in the whole weeks (or parts
      of weeks) that leave takes; ``over: training`` adds those of earlier years
      (lines ``LEAVE`` of the history).  No schedule can change them: the rule
      informs, so it needs a weight.  The amount is the days above it.
    """

    visitors: ClassVar[str] = "also"

    rule: Literal["leave"] = "leave"
    cover_on: Names | None = Field(
        None, min_length=1, description="codes or tags on which one can cover for a leave"
    )
    maximum: int | None = Field(
        None, ge=0, description="most days of leave in the year (or in 'when')"
    )
    over: Literal["year", "training"] = Field(
        "year", description="'training' adds the leave of earlier years to 'maximum'"
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> Leave:
        if (self.cover_on is None) == (self.maximum is None):
            raise ValueError("say either 'cover_on' or 'maximum'")
        if self.maximum is None and self.over == "training":
            raise ValueError("'over: training' belongs to 'maximum'")
        if self.maximum is not None and self.hard:
            raise ValueError("'maximum' only informs; give it a 'weight'")
        return self

    def rotation_names(self) -> Iterable[str]:
        return self.cover_on or ()

    def before(self, resident: Resident) -> int:
        """Days of leave in earlier years that count."""
        return resident.earlier_leave if self.over == "training" else 0

    def sentence(self) -> str:
        who = self.who.words()
        if self.cover_on:
            said = f"{who} who cover for a leave are on {either(self.cover_on)} and not away"
        else:
            over = " over training" if self.over == "training" else ""
            said = f"{who} have at most {counted(self.maximum or 0, 'day')} of leave{over}"
        return sentence(said, self.when.words())

    # -- the model -------------------------------------------------------------------------

    def worked_sets(self, scope: Scope, resident: Resident) -> Iterable[frozenset[str]]:
        return [scope.problem.codes(self.cover_on)] if self.cover_on and resident.covers else []

    def post(self, year: YearModel, scope: Scope) -> None:
        days = scope.problem.calendar.part_days
        for resident in scope.residents:
            if self.maximum is not None:
                away = sum(days[part] for part in resident.leave & scope.part_set)
                away += self.before(resident)
                year.at_most(Sum(constant=away), self.maximum, self)
            elif resident.covers:
                self._post_cover(year, scope, resident)

    def _post_cover(self, year: YearModel, scope: Scope, resident: Resident) -> None:
        days = scope.problem.calendar.part_days
        codes = scope.problem.codes(self.cover_on or [])
        covered = sorted(resident.covers & scope.part_set)
        total = Sum()
        for part in covered:
            total.add(year.worked(resident, part, codes), days[part])
        year.at_least(total, sum(days[part] for part in covered), self, unit=DAYS_IN_WEEK)

    # -- the audit -------------------------------------------------------------------------

    def audit(self, schedule: Schedule, scope: Scope) -> Iterator[Violation]:
        for resident in scope.residents:
            row = schedule.cells[resident.index]
            if self.maximum is not None:
                yield from self._audit_maximum(scope, resident, row, self.maximum)
            else:
                yield from self._audit_cover(scope, resident, row)

    def _audit_maximum(
        self, scope: Scope, resident: Resident, row: tuple[str, ...], most: int
    ) -> Iterator[Violation]:
        parts = [part for part in scope.parts if row[part] == LEAVE]
        earlier = self.before(resident)
        days = _days(scope, parts) + earlier
        if days > most:
            split = f" ({earlier} in earlier years)" if earlier else ""
            message = f"{resident.name} has {counted(days, 'day')} of leave{split}, at most {most}"
            yield self.violation(days - most, message, resident, parts)

    def _audit_cover(
        self, scope: Scope, resident: Resident, row: tuple[str, ...]
    ) -> Iterator[Violation]:
        wanted = scope.problem.codes(self.cover_on or [])
        missed = [p for p in scope.parts if p in resident.covers and row[p] not in wanted]
        if missed:
            shown = " and ".join(dict.fromkeys(row[part] or "nothing" for part in missed))
            at = dated_weeks(scope.problem.calendar, missed)
            yield self.violation(
                -(-_days(scope, missed) // DAYS_IN_WEEK),
                f"{resident.name} has {shown} in {at}, where they cover for a leave from "
                f"{either(self.cover_on or [])}",
                resident,
                missed,
            )

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "cover from the clinic",
            {"rule": "leave", "cover_on": "CLINIC"},
            {"A": "WARD LEAVE WARD", "B": "WARD CLINIC WARD"},
            residents={"A": Person(leave=(2,)), "B": Person(covers=(2,))},
        ),
        Example(
            "the cover is on the ward, then on vacation",
            {"rule": "leave", "cover_on": ["CLINIC", "elective"]},
            {"A": "LEAVE LEAVE LEAVE LEAVE", "B": "WARD WARD CLINIC VAC"},
            finds=(
                "B has WARD and VAC in weeks 1-2, 4 (2026-06-29 to 2026-07-26), where they cover "
                "for a leave from CLINIC or elective",
            ),
            amounts=(3,),
            block_weeks=2,
            residents={"A": Person(leave=(1, 2, 3, 4)), "B": Person(covers=(1, 2, 3, 4))},
            rotations=("WARD", "CLINIC", "ELEC"),
            others=({"rule": "vacation", "minimum": 0},),
        ),
        Example(
            "cover from the clinic where possible",
            {"rule": "leave", "cover_on": "outpatient", "weight": 2, "when": {"weeks": "2-3"}},
            {"A": "WARD CLINIC AWAY", "B": "WARD WARD LEAVE"},
            finds=(
                "A has AWAY in week 3 (2026-07-13), where they cover for a leave from outpatient",
            ),
            amounts=(1,),
            residents={"A": Person(covers=(1, 2, 3), away=(3,)), "B": Person(leave=(3,))},
        ),
        Example(
            "two weeks of leave where ten days are usual",
            {"rule": "leave", "maximum": 10, "weight": 1},
            {"A": "LEAVE WARD LEAVE", "B": "WARD WARD LEAVE"},
            finds=("A has 14 days of leave, at most 10",),
            amounts=(4,),
            residents={"A": Person(leave=(1, 3)), "B": Person(leave=(3,))},
        ),
        Example(
            "leave of earlier years counts toward a limit over training",
            {"rule": "leave", "maximum": 20, "over": "training", "weight": 1},
            {"A": "LEAVE WARD", "B": "LEAVE WARD", "C": "WARD WARD"},
            finds=("A has 21 days of leave (14 in earlier years), at most 20",),
            amounts=(1,),
            residents={
                "A": Person(leave=(1,), earlier_leave=14),
                "B": Person(leave=(1,), earlier_leave=13),
                "C": Person(earlier_leave=20),
            },
        ),
    )


def _days(scope: Scope, parts: list[int]) -> int:
    shown = scope.problem.calendar.parts
    return sum((shown[part].last - shown[part].first).days + 1 for part in parts)
