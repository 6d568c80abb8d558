"""The coverage rule: how many people a service has each week; knows no other rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from scheduler.audit.violation import Violation
from scheduler.model.linear import Sum
from scheduler.model.year import YearModel
from scheduler.problem.resident import Resident
from scheduler.rules.base import Rule, Scope
from scheduler.rules.example import Example, Person
from scheduler.rules.select import Names
from scheduler.schedule.schedule import Schedule


class Coverage(Rule):
    """Every week a service has the people it needs, and no more than it can teach.

    The people of ``who`` on ``rotations`` are counted week by week over all
    grids.  Someone on vacation or leave is not there.  Places that are held for
    a person even while on vacation (an elective with room for two) are counted
    with ``count: assigned``.
    """

    per_resident: ClassVar[bool] = False
    visitors: ClassVar[str] = "also"
    unit: ClassVar[str] = "person-week"

    rule: Literal["coverage"] = "coverage"
    rotations: Names = Field(description="codes or tags, counted together")
    minimum: int | None = Field(None, ge=0, description="fewest people in any week")
    maximum: int | None = Field(None, ge=0, description="most people in any week")
    exactly: int | None = Field(None, ge=0, description="both at once")
    count: Literal["worked", "assigned"] = Field(
        "worked", description="'worked' leaves out people on vacation, 'assigned' holds their place"
    )
    give: int = Field(
        2, ge=1, description="cost of one empty place when no valid schedule exists and rules give"
    )

    @model_validator(mode="after")
    def _some_limit(self) -> Coverage:
        if self.exactly is not None and (self.minimum, self.maximum) != (None, None):
            raise ValueError("say either 'exactly' or 'minimum' and 'maximum'")
        if (self.exactly, self.minimum, self.maximum) == (None, None, None):
            raise ValueError("say 'minimum', 'maximum' or 'exactly'")
        if None not in (self.minimum, self.maximum) and self.least > self.most:
            raise ValueError(f"minimum {self.minimum} is above maximum {self.maximum}")
        return self

    @property
    def least(self) -> int:
        return self.exactly if self.exactly is not None else self.minimum or 0

    @property
    def most(self) -> int:
        limit = self.exactly if self.exactly is not None else self.maximum
        return 1_000_000 if limit is None else limit

    def sentence(self) -> str:
        names = " + ".join(self.rotations)
        if self.exactly is not None:
            amount = f"exactly {self.exactly}"
        else:
            low = [f"at least {self.minimum}"] if self.minimum is not None else []
            high = [f"at most {self.maximum}"] if self.maximum is not None else []
            amount = " and ".join(low + high)
        held = " (a place is held during vacation)" if self.count == "assigned" else ""
        return (
            f"{names}: {amount} of {self.who.words()} each week{held} {self.when.words()}".strip()
        )

    def worked_sets(self, scope: Scope, resident: Resident) -> Iterable[frozenset[str]]:
        return [scope.problem.codes(self.rotations)] if self.count == "worked" else []

    def post(self, year: YearModel, scope: Scope) -> None:
        codes = scope.problem.codes(self.rotations)
        for part in scope.parts:
            total = Sum()
            for resident in scope.residents:
                if self.count == "worked":
                    total.add(year.worked(resident, part, codes))
                else:
                    total.add(year.on(resident, part, codes))
            if self.least:
                year.at_least(total, self.least, self)
            if self.most < len(scope.residents):
                year.at_most(total, self.most, self)

    def audit(self, schedule: Schedule, scope: Scope) -> Iterator[Violation]:
        calendar = scope.problem.calendar
        codes = scope.problem.codes(self.rotations)
        shown = [self._shown(schedule, scope, resident) for resident in scope.residents]
        for part in scope.parts:
            here = sum(row[part] in codes for row in shown)
            amount = max(self.least - here, here - self.most)
            if amount > 0:
                week = calendar.weeks[calendar.parts[part].week]
                limit = f"at least {self.least}" if here < self.least else f"at most {self.most}"
                yield self.violation(
                    amount,
                    f"{' + '.join(self.rotations)} in week {week.number} "
                    f"({calendar.parts[part].first}): {here} of {self.who.words()}, "
                    f"needs {limit}",
                    parts=[part],
                    service=min(codes),
                )

    def _shown(self, schedule: Schedule, scope: Scope, resident: Resident) -> tuple[str, ...]:
        """The resident's cells, with a held place in every overlaid cell of a block."""
        row = schedule.cells[resident.index]
        if self.count == "worked":
            return row
        held = list(row)
        grid = scope.problem.grids[schedule.grids[resident.index]]
        for block in grid.blocks:
            here = [row[p] for p in block.parts if row[p] in scope.problem.rotations]
            for part in block.parts:
                if here and row[part] in ("VAC", "LEAVE"):
                    held[part] = here[0]
        return tuple(held)

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "two wanted, two there",
            {"rule": "coverage", "rotations": ["WARD"], "exactly": 2},
            {"A": "WARD CLINIC", "B": "WARD WARD", "C": "CLINIC WARD"},
        ),
        Example(
            "an intern is missing in week 2",
            {"rule": "coverage", "rotations": "WARD", "minimum": 1, "who": {"pgy": 1}},
            {"A": "WARD CLINIC", "B": "CLINIC WARD"},
            finds=("WARD in week 2 (2026-07-06): 0 of PGY1 residents, needs at least 1",),
            amounts=(1,),
            residents={"B": Person(pgy=2)},
        ),
        Example(
            "vacation empties the clinic",
            {"rule": "coverage", "rotations": "clinic", "minimum": 1},
            {"A": "CLINIC VAC", "B": "WARD WARD"},
            finds=("clinic in week 2 (2026-07-06): 0 of residents, needs at least 1",),
            amounts=(1,),
            block_weeks=2,
            others=({"rule": "vacation", "minimum": 0, "maximum": 2},),
        ),
        Example(
            "an elective holds the place of a resident on vacation",
            {"rule": "coverage", "rotations": "ELEC", "maximum": 1, "count": "assigned"},
            {"A": "ELEC VAC", "B": "ELEC ELEC"},
            finds=(
                "ELEC in week 1 (2026-06-29): 2 of residents, needs at most 1",
                "ELEC in week 2 (2026-07-06): 2 of residents, needs at most 1",
            ),
            amounts=(1, 1),
            block_weeks=2,
            rotations=("WARD", "ELEC"),
            others=({"rule": "vacation", "minimum": 0, "maximum": 2},),
        ),
    )
