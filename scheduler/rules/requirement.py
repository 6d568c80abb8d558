"""The requirement rule: weeks or stays of a rotation that each resident owes, or may not exceed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from scheduler.audit.requirement import audit_requirement
from scheduler.audit.violation import Violation
from scheduler.model.counting import days_assigned, days_worked, fit_one_of
from scheduler.model.linear import Sum
from scheduler.model.stays import Line, reached, stay_lines
from scheduler.model.year import YearModel
from scheduler.problem.calendar import DAYS_IN_WEEK
from scheduler.problem.resident import Resident
from scheduler.rules.base import Rule, Scope
from scheduler.rules.example import Example, Person
from scheduler.rules.select import Names, Numbers, ranges_of
from scheduler.rules.words import counted, either, limits, sentence
from scheduler.schedule.schedule import Schedule


class Requirement(Rule):
    """Every resident gets the weeks of a rotation that training asks for, and not too many.

    Weeks on ``rotations`` (counted together) are counted in days, resident by
    resident, net of vacation and leave; with ``count: assigned`` a block counts
    as it was assigned, vacation and leave in it included (a block wholly on
    vacation has no rotation and never counts).  ``when`` limits the weeks that
    are counted; ``by`` counts only what lies wholly before or at that date.

    Days that a person credited (a leave, a rotation done in part) count as
    worked, whatever their date.  ``over: training`` adds the history of earlier
    years: a row of it counts if it names one of ``rotations``, or a code that
    one of these tags contains.

    A minimum over training need not be reached this year: ``final_pgy`` says by the
    end of which year of training it must be.  In that year all that is still missing
    is owed.  In earlier years something is owed only where waiting would be too late:
    the minimum, less ``yearly_maximum`` weeks for each later year.  Of 12 weeks due by
    the end of PGY3 with a ``yearly_maximum`` of 5, a PGY1 must have 2 by the end of
    this year, a PGY2 must have 7, a PGY3 all 12.  Without ``yearly_maximum`` nothing
    is owed before the final year.  A maximum holds in every year.

    ``measure: stays`` counts stays instead of weeks, each rotation by itself: a
    stay is a run of blocks of one rotation.  Leave, vacation that the rotation
    allows, and the clinic weeks that a grid assigns do not end a stay and are none
    themselves; with ``when`` or ``by``, only blocks that share a day with that time
    are seen.  Over training, the stays of the history (column ``stays``) are added.

    The amount is the weeks missing or too many (begun weeks count whole), or
    the stays; with ``allowed`` (*two or four*, say), to the nearest of these numbers.
    """

    rule: Literal["requirement"] = "requirement"
    rotations: Names = Field(min_length=1, description="codes or tags, counted together")
    minimum: int | None = Field(None, ge=0, description="fewest weeks (or stays) of each resident")
    maximum: int | None = Field(None, ge=0, description="most weeks (or stays) of each resident")
    exactly: int | None = Field(
        None, ge=0, description="weeks (or stays) of each resident, neither more nor fewer"
    )
    allowed: Numbers | None = Field(
        None, min_length=1, description="the only numbers of weeks (or stays) there may be"
    )
    count: Literal["worked", "assigned"] = Field(
        "worked", description="'worked' leaves out vacation and leave, 'assigned' counts them"
    )
    measure: Literal["weeks", "stays"] = Field(
        "weeks", description="'weeks', or 'stays': runs of blocks of one rotation"
    )
    over: Literal["year", "training"] = Field(
        "year",
        description="'year' is this year alone, 'training' adds the weeks of earlier years",
    )
    by: date | None = Field(None, description="last date that counts, such as 2026-12-31")
    final_pgy: int | None = Field(
        None, ge=1, description="year of training by whose end a minimum over training is due"
    )
    yearly_maximum: int | None = Field(
        None, ge=0, description="weeks that each later year up to 'final_pgy' can still give"
    )

    @model_validator(mode="after")
    def _some_limit(self) -> Requirement:
        if self.exactly is not None and (self.minimum, self.maximum) != (None, None):
            raise ValueError("say either 'exactly' or 'minimum' and 'maximum'")
        limits = (self.exactly, self.minimum, self.maximum)
        if self.allowed is None and limits == (None, None, None):
            raise ValueError("say 'minimum', 'maximum', 'exactly' or 'allowed'")
        if self.allowed is not None and limits != (None, None, None):
            raise ValueError("say either 'allowed' or 'minimum', 'maximum' and 'exactly'")
        if self.allowed is not None and min(self.allowed) < 0:
            raise ValueError(f"allowed are numbers of {self.measure}, 0 or more")
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError(f"minimum {self.minimum} is above maximum {self.maximum}")
        return self

    @model_validator(mode="after")
    def _training(self) -> Requirement:
        if self.over == "year" and self.final_pgy is not None:
            raise ValueError("'final_pgy' needs 'over: training'")
        if self.allowed is not None and self.final_pgy is not None:
            raise ValueError("'final_pgy' goes with 'minimum', not with 'allowed'")
        if self.final_pgy is not None and self.by is not None:
            raise ValueError("say either 'final_pgy' or 'by'")
        if self.yearly_maximum is not None and self.final_pgy is None:
            raise ValueError("'yearly_maximum' needs 'final_pgy'")
        return self

    @property
    def least(self) -> int | None:
        if self.allowed is not None:
            return min(self.allowed)
        return self.minimum if self.exactly is None else self.exactly

    @property
    def most(self) -> int | None:
        if self.allowed is not None:
            return max(self.allowed)
        return self.maximum if self.exactly is None else self.exactly

    @property
    def _noun(self) -> str:
        return self.measure.removesuffix("s")

    def sentence(self) -> str:
        verb = {"worked": "work", "assigned": "are assigned"}[self.count]
        return sentence(
            self.who.words(),
            "have" if self.measure == "stays" else verb,
            self.amounts(),
            "on",
            either(self.rotations),
            self.time(),
            self._due(),
        )

    def amounts(self) -> str:
        if self.allowed is not None:
            return f"{either(map(str, sorted(set(self.allowed))))} {self._noun}s"
        return limits(self.least, self.most, self._noun)

    def time(self) -> str:
        words = self.when.words()
        if self.over == "training":
            words = f"over training {words}".strip()
        words = words or "this year"
        return f"{words}, by {self.by}" if self.by else words

    def _due(self) -> str:
        if self.final_pgy is None or self.least is None:
            return ""
        later = f", counting on at most {counted(self.yearly_maximum or 0, 'week')} a later year"
        return f"by the end of PGY{self.final_pgy}{later if self.yearly_maximum else ''}"

    # -- what counts -------------------------------------------------------------------------

    def least_of(self, resident: Resident) -> int:
        """Fewest weeks (or stays) that must be reached this year, 0 if none."""
        years_left = max(0, (self.final_pgy or 0) - resident.pgy)
        if years_left and self.yearly_maximum is None:
            return 0
        return max(0, (self.least or 0) - years_left * (self.yearly_maximum or 0))

    def seen(self, scope: Scope) -> frozenset[int]:
        """The parts that count: of ``when``, and not after ``by``."""
        parts = scope.problem.calendar.parts
        by = self.by or scope.problem.calendar.last
        return frozenset(part for part in scope.parts if parts[part].last <= by)

    def worked_sets(self, scope: Scope, resident: Resident) -> Iterable[frozenset[str]]:
        net = self.count == "worked" and self.measure == "weeks"
        return [scope.problem.codes(self.rotations)] if net else []

    # -- the model ---------------------------------------------------------------------------

    def post(self, year: YearModel, scope: Scope) -> None:
        codes, parts = scope.problem.codes(self.rotations), self.seen(scope)
        for resident in scope.residents:
            least = self.least_of(resident)
            if self.measure == "stays":
                starts = self._starts(year, resident, parts, codes)
                starts.constant += self._named(resident.earlier_stays, codes)
                self._demand(year, starts, least, 1)
            else:
                days = self._days(year, resident, parts, codes)
                self._demand(year, days, least, DAYS_IN_WEEK)

    def _demand(self, year: YearModel, total: Sum, least: int, unit: int) -> None:
        ranges = ranges_of(self.allowed or ())
        if len(ranges) > 1:
            fit_one_of(year, total, [(low * unit, high * unit) for low, high in ranges], self, unit)
            return
        if least:
            year.at_least(total, least * unit, self, unit)
        if self.most is not None:
            year.at_most(total, self.most * unit, self, unit)

    def _days(
        self, year: YearModel, resident: Resident, parts: frozenset[int], codes: frozenset[str]
    ) -> Sum:
        count = days_worked if self.count == "worked" else days_assigned
        total = count(year, resident, parts, codes)
        total.constant += sum(days for code, days in resident.credit.items() if code in codes)
        total.constant += self._named(resident.history, codes)
        return total

    def _named(self, earlier: Mapping[str, int], codes: frozenset[str]) -> int:
        """What earlier years count over training, by the names the rule has or their codes."""
        if self.over == "year":
            return 0
        known = codes.union(self.rotations)
        return sum(number for name, number in earlier.items() if name in known)

    def _starts(
        self, year: YearModel, resident: Resident, parts: frozenset[int], codes: frozenset[str]
    ) -> Sum:
        """The number of stays, each rotation by itself."""
        total = Sum()
        for line in stay_lines(
            year, resident, parts, [frozenset({code}) for code in sorted(codes)]
        ):
            for start in self._starts_of(year, line):
                total.add(start)
        return total

    def _starts_of(self, year: YearModel, line: Line) -> Iterator[Sum]:
        """For each block, 1 if a stay begins in it: it is really there, and was not before."""
        least, most = self.least is not None, self.most is not None
        before = Sum()
        for real, here in zip(line.real, reached(year, line, least, most), strict=True):
            start = real
            if before and real:
                start = year.helper()
                if least:
                    year.define(start.copy().add(real, -1), upper=0)
                    year.define(start.copy().add(before), upper=1)
                if most:
                    year.define(start.copy().add(real, -1).add(before), lower=0)
            yield start
            before = here

    # -- the audit ---------------------------------------------------------------------------

    def audit(self, schedule: Schedule, scope: Scope) -> Iterator[Violation]:
        return audit_requirement(self, schedule, scope)

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "two weeks of intensive care",
            {"rule": "requirement", "rotations": "ICU", "exactly": 2},
            {"A": "ICU WARD ICU WARD", "B": "WARD ICU ICU WARD"},
            rotations=("WARD", "ICU"),
        ),
        Example(
            "one week of the ward is missing, and one is too many",
            {"rule": "requirement", "rotations": ["WARD"], "minimum": 2, "maximum": 3},
            {"A": "WARD CLINIC CLINIC CLINIC", "B": "WARD WARD WARD WARD"},
            finds=(
                "A works 1 week on WARD this year, needs at least 2",
                "B works 4 weeks on WARD this year, may have at most 3",
            ),
            amounts=(1, 1),
        ),
        Example(
            "two weeks of nights or four, but not three",
            {"rule": "requirement", "rotations": "NIGHT", "allowed": [4, 2]},
            {"A": "NIGHT NIGHT WARD WARD", "B": "NIGHT NIGHT NIGHT WARD"},
            finds=("B works 3 weeks on NIGHT this year, may have 2 or 4 weeks",),
            amounts=(1,),
            rotations=("WARD", "NIGHT"),
        ),
        Example(
            "none or three weeks, for a price",
            {"rule": "requirement", "rotations": "NIGHT", "allowed": [0, 3], "weight": 2},
            {"A": "NIGHT WARD WARD WARD", "B": "NIGHT NIGHT NIGHT NIGHT"},
            finds=(
                "A works 1 week on NIGHT this year, may have 0 or 3 weeks",
                "B works 4 weeks on NIGHT this year, may have 0 or 3 weeks",
            ),
            amounts=(1, 1),
            rotations=("WARD", "NIGHT"),
        ),
        Example(
            "vacation is not clinic time",
            {"rule": "requirement", "rotations": "outpatient", "minimum": 2, "weight": 3},
            {"A": "CLINIC VAC WARD WARD"},
            finds=("A works 1 week on outpatient this year, needs at least 2",),
            amounts=(1,),
            block_weeks=2,
            others=({"rule": "vacation", "minimum": 0, "maximum": 2},),
        ),
        Example(
            "as assigned, the vacation in it counts",
            {"rule": "requirement", "rotations": "CLINIC", "minimum": 2, "count": "assigned"},
            {"A": "CLINIC VAC WARD WARD", "B": "VAC VAC WARD WARD"},
            finds=("B is assigned 0 weeks on CLINIC this year, needs at least 2",),
            amounts=(2,),
            block_weeks=2,
            others=({"rule": "vacation", "minimum": 0, "maximum": 2},),
        ),
        Example(
            "history and credit count over training",
            {"rule": "requirement", "rotations": "icu", "minimum": 4, "over": "training"},
            {"A": "ICU WARD", "B": "ICU WARD", "C": "ICU WARD"},
            finds=(
                "A works 3 weeks on icu over training (2 weeks of it earlier or credited), "
                "needs at least 4",
            ),
            amounts=(1,),
            residents={
                "A": Person(pgy=3, history={"icu": 7, "WARD": 70}, credit={"ICU": 7}),
                "B": Person(pgy=3, history={"ICU": 21}),
                "C": Person(pgy=3, history={"icu": 14}, credit={"ICU": 7}),
            },
            rotations=("WARD", "ICU"),
        ),
        Example(
            "before the final year only what later years cannot give is due",
            {
                "rule": "requirement",
                "rotations": "ICU",
                "minimum": 6,
                "over": "training",
                "final_pgy": 3,
                "yearly_maximum": 2,
            },
            {"A": "ICU WARD WARD", "B": "ICU ICU WARD", "C": "ICU ICU ICU"},
            finds=(
                "A works 1 week on ICU over training, "
                "needs at least 2 by now to reach 6 by the end of PGY3",
                "C works 5 weeks on ICU over training (2 weeks of it earlier or credited), "
                "needs at least 6",
            ),
            amounts=(1, 1),
            residents={"C": Person(pgy=3, history={"ICU": 14})},
            rotations=("WARD", "ICU"),
        ),
        Example(
            "clinic before a date",
            {"rule": "requirement", "rotations": "CLINIC", "minimum": 1, "by": date(2026, 7, 12)},
            {"A": "WARD CLINIC WARD", "B": "WARD WARD CLINIC"},
            finds=("B works 0 weeks on CLINIC this year, by 2026-07-12, needs at least 1",),
            amounts=(1,),
        ),
        Example(
            "two stays in clinic; vacation does not make two of one",
            {"rule": "requirement", "rotations": "CLINIC", "minimum": 2, "measure": "stays"},
            {"A": "CLINIC CLINIC WARD CLINIC", "B": "CLINIC CLINIC VAC CLINIC"},
            finds=("B has 1 stay on CLINIC this year, needs at least 2",),
            amounts=(1,),
            others=({"rule": "vacation", "minimum": 0, "maximum": 1},),
        ),
        Example(
            "but nobody goes on vacation from the ward: a vacated block lies between two stays",
            {"rule": "requirement", "rotations": "WARD", "maximum": 1, "measure": "stays"},
            {"A": "WARD WARD VAC CLINIC", "B": "WARD VAC WARD CLINIC"},
            finds=("B has 2 stays on WARD this year, may have at most 1",),
            amounts=(1,),
            others=({"rule": "vacation", "minimum": 0, "maximum": 1},),
        ),
        Example(
            "an interest: two stays before a date, those of earlier years counted",
            {
                "rule": "requirement",
                "rotations": "elective",
                "minimum": 2,
                "measure": "stays",
                "over": "training",
                "by": date(2026, 7, 19),
            },
            {"A": "ELEC WARD WARD ELEC", "B": "ELEC WARD WARD WARD", "C": "WARD WARD WARD ELEC"},
            finds=(
                "C has 1 stay on elective over training, by 2026-07-19 (1 of them earlier), "
                "needs at least 2",
            ),
            amounts=(1,),
            residents={
                "A": Person(pgy=2, earlier_stays={"ELEC": 1}),
                "B": Person(pgy=2, earlier_stays={"elective": 1, "ICU": 3}),
                "C": Person(pgy=2, earlier_stays={"ELEC": 1}),
            },
            rotations=("WARD", "ELEC"),
        ),
        Example(
            "at most one stay on nights; the grid's clinic week does not end it",
            {"rule": "requirement", "rotations": "NIGHT", "maximum": 1, "measure": "stays"},
            {"A": "NIGHT CLINIC NIGHT CLINIC WARD", "B": "NIGHT CLINIC WARD CLINIC NIGHT"},
            finds=("B has 2 stays on NIGHT this year, may have at most 1",),
            amounts=(1,),
            pattern=((1, None), (1, "CLINIC")),
            rotations=("WARD", "NIGHT", "CLINIC"),
        ),
    )
