"""The share rule: how large a part of clinical time goes to some rotations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from scheduler.audit.violation import Violation
from scheduler.model.counting import days_worked
from scheduler.model.linear import Sum
from scheduler.model.year import YearModel
from scheduler.problem.calendar import DAYS_IN_WEEK
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.problem.rotation import OVERLAY_CODES
from scheduler.rules.base import Rule, Scope
from scheduler.rules.example import Example, Person
from scheduler.rules.select import Names
from scheduler.rules.words import either, sentence, weeks_of
from scheduler.schedule.schedule import Schedule

#: Rotations with this tag (research, say) are not clinical time.
NONCLINICAL = "nonclinical"

_PERCENT = 100
_UNIT = _PERCENT * DAYS_IN_WEEK


class Share(Rule):
    """A fair part of clinical time is spent where the track promises it, in clinic above all.

    The share is days worked on ``rotations``, net of vacation and leave, over
    clinical days: the days a resident is present, less vacation, leave and
    rotations tagged ``nonclinical``, which count on neither side.  With
    ``number: outpatient`` every rotation counts with its own percentage of
    outpatient time.  ``when`` limits both sides to a stretch of the year.

    ``over: training`` adds the history of earlier years to both sides; its rows
    must not overlap (no week both under its code and under a tag).  With
    ``number: outpatient`` only rows that name a rotation count.  Credited days
    are for requirements; they count on neither side here.

    With ``final_pgy`` a share over training binds in that year.  Before it,
    nothing is asked, unless ``yearly_maximum`` says which percentage each later
    year can reach at most (taken to have as many clinical weeks as this one):
    then a minimum binds so far as it could no longer be reached.

    The amount is the weeks that would have to be worked on ``rotations`` in
    addition (or not at all), clinical time unchanged; begun weeks count whole.
    """

    rule: Literal["share"] = "share"
    rotations: Names | None = Field(None, description="codes or tags, counted together")
    number: Literal["outpatient"] | None = Field(
        None,
        description="instead of 'rotations': each counts by its percent of outpatient time",
    )
    minimum: int | None = Field(
        None, ge=1, le=100, description="least share, in percent of clinical weeks"
    )
    maximum: int | None = Field(
        None, ge=0, le=99, description="greatest share, in percent of clinical weeks"
    )
    over: Literal["year", "training"] = Field(
        "year",
        description="'year' is this year alone, 'training' adds the weeks of earlier years",
    )
    final_pgy: int | None = Field(
        None, ge=1, description="year of training by whose end a share over training is due"
    )
    yearly_maximum: int | None = Field(
        None, ge=0, le=100, description="percent that each later year up to 'final_pgy' can reach"
    )

    @model_validator(mode="after")
    def _complete(self) -> Share:
        if (self.rotations is None) == (self.number is None):
            raise ValueError("say either 'rotations' or 'number'")
        if (self.minimum, self.maximum) == (None, None):
            raise ValueError("say 'minimum' or 'maximum'")
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError(f"minimum {self.minimum} is above maximum {self.maximum}")
        if self.over == "year" and self.final_pgy is not None:
            raise ValueError("'final_pgy' needs 'over: training'")
        if self.yearly_maximum is not None and self.final_pgy is None:
            raise ValueError("'yearly_maximum' needs 'final_pgy'")
        return self

    def sentence(self) -> str:
        training = "over training" if self.over == "training" else ""
        return sentence(
            self.who.words(),
            "spend",
            self._limit(),
            f"of their clinical weeks on {self._what()}",
            training,
            self.when.words() or ("" if training else "this year"),
            self._due(),
        )

    def _limit(self) -> str:
        if self.maximum is None:
            return f"at least {self.minimum}%"
        if self.minimum is None:
            return f"at most {self.maximum}%"
        return f"{self.minimum}% to {self.maximum}%"

    def _what(self) -> str:
        return either(self.rotations) if self.rotations else f"{self.number} time"

    def _due(self) -> str:
        if self.final_pgy is None:
            return ""
        later = f", counting on at most {self.yearly_maximum}% in a later year"
        later = later if self.yearly_maximum is not None and self.minimum is not None else ""
        return f"by the end of PGY{self.final_pgy}{later}"

    # -- what counts -------------------------------------------------------------------------

    def _weights(self, problem: Problem) -> Mapping[int, frozenset[str]]:
        """Percentages with the clinical codes that count with them."""
        clinical = frozenset(problem.rotations) - problem.tags.get(NONCLINICAL, frozenset())
        if self.rotations:
            return {_PERCENT: problem.codes(self.rotations) & clinical}
        found: dict[int, set[str]] = {}
        for code in clinical:
            found.setdefault(problem.rotations[code].outpatient, set()).add(code)
        return {percent: frozenset(codes) for percent, codes in found.items() if percent}

    def _years_left(self, resident: Resident) -> int:
        return max(0, (self.final_pgy or 0) - resident.pgy)

    def worked_sets(self, scope: Scope, resident: Resident) -> Iterable[frozenset[str]]:
        away = scope.problem.tags.get(NONCLINICAL, frozenset())
        return [*self._weights(scope.problem).values(), away]

    # -- the model ---------------------------------------------------------------------------

    def post(self, year: YearModel, scope: Scope) -> None:
        weights = self._weights(scope.problem)
        for resident in scope.residents:
            spent, clinical = Sum(), self._clinical_days(year, resident, scope)
            for percent, codes in weights.items():
                spent.add(days_worked(year, resident, scope.parts, codes), percent)
            self._demand(year, resident, spent, clinical)

    def _demand(self, year: YearModel, resident: Resident, spent: Sum, clinical: Sum) -> None:
        earlier, before = self._earlier(year.problem, resident)
        left, reachable = self._years_left(resident), self.yearly_maximum
        if self.minimum is not None and (not left or reachable is not None):
            total = spent.copy().add(clinical, (reachable or 0) * left - self.minimum * (1 + left))
            year.at_least(total, self.minimum * before - earlier, self, _UNIT)
        if self.maximum is not None and not left:
            total = spent.copy().add(clinical, -self.maximum)
            year.at_most(total, self.maximum * before - earlier, self, _UNIT)

    def _clinical_days(self, year: YearModel, resident: Resident, scope: Scope) -> Sum:
        """Days present less vacation, leave and nonclinical rotations (few columns)."""
        calendar = scope.problem.calendar
        away = scope.problem.tags.get(NONCLINICAL, frozenset())
        open_parts = resident.available & scope.part_set
        total = Sum(constant=sum(calendar.part_days[part] for part in open_parts))
        for part in sorted(open_parts):
            vacation = year.vacation(resident, calendar.parts[part].week)
            total.add(vacation, -calendar.part_days[part])
        return total.add(days_worked(year, resident, scope.parts, away), -1) if away else total

    def _earlier(self, problem: Problem, resident: Resident) -> tuple[int, int]:
        """Percent-days on the rotations, and clinical days, of earlier years."""
        if self.over == "year":
            return 0, 0
        history = resident.history.items()
        rows = {name: days for name, days in history if self._counts(problem, name)}
        spent = sum(days * self._percent(problem, name) for name, days in rows.items())
        return spent, sum(rows.values())

    def _counts(self, problem: Problem, name: str) -> bool:
        if name in problem.rotations:
            return NONCLINICAL not in problem.rotations[name].tags
        return name != NONCLINICAL and self.number is None

    def _percent(self, problem: Problem, name: str) -> int:
        if self.rotations is None:
            return problem.rotations[name].outpatient
        return _PERCENT * (name in self.rotations or name in problem.codes(self.rotations))

    # -- the audit ---------------------------------------------------------------------------

    def audit(self, schedule: Schedule, scope: Scope) -> Iterator[Violation]:
        for resident in scope.residents:
            spent, clinical, this_year = self._totals(schedule, scope, resident)
            later = self._years_left(resident) * this_year
            missing = (self.minimum or 0) * (clinical + later) - spent
            missing -= later * (self.yearly_maximum or 0)
            beyond = spent - (_PERCENT if self.maximum is None else self.maximum) * clinical
            if self._years_left(resident):
                missing, beyond = (missing if self.yearly_maximum is not None else 0), 0
            if missing > 0 or beyond > 0:
                asked = (
                    self._needs(resident) if missing > 0 else f"may have at most {self.maximum}%"
                )
                yield self.violation(
                    -(-max(missing, beyond) // _UNIT),
                    f"{self._has(resident, spent, clinical)}, {asked}",
                    resident,
                )

    def _totals(self, schedule: Schedule, scope: Scope, resident: Resident) -> tuple[int, int, int]:
        """Percent-days spent, clinical days, and clinical days of this year alone."""
        calendar, spent, clinical = scope.problem.calendar, 0, [0, 0]
        rows = [
            (code, (calendar.parts[part].last - calendar.parts[part].first).days + 1, 0)
            for part, code in enumerate(schedule.cells[resident.index])
            if part in scope.part_set and code not in OVERLAY_CODES
        ]
        if self.over == "training":
            rows += [(name, days, 1) for name, days in resident.history.items()]
        for name, days, earlier in rows:
            worth = self._worth(scope.problem, name, earlier=bool(earlier))
            if worth is not None:
                spent += worth * days
                clinical[earlier] += days
        return spent, sum(clinical), clinical[0]

    def _worth(self, problem: Problem, name: str, earlier: bool) -> int | None:
        """The percentage a day on ``name`` counts with; None where it is no clinical day."""
        rotation = problem.rotations.get(name)
        named = {name, *(rotation.tags if rotation else ())}
        if NONCLINICAL in named:
            return None
        if self.rotations is not None:
            return 0 if named.isdisjoint(self.rotations) else _PERCENT
        if rotation is None:
            return None if earlier else 0
        return rotation.outpatient

    def _has(self, resident: Resident, spent: int, clinical: int) -> str:
        time = "over training" if self.over == "training" else self.when.words() or "this year"
        share = f"{spent / clinical:.1f}".removesuffix(".0") if clinical else "0"
        return (
            f"{resident.name} spends {share}% of {weeks_of(clinical)} of clinical time "
            f"on {self._what()} {time}"
        )

    def _needs(self, resident: Resident) -> str:
        if not self._years_left(resident):
            return f"needs at least {self.minimum}%"
        return (
            f"needs more to reach {self.minimum}% by the end of PGY{self.final_pgy}, "
            f"with at most {self.yearly_maximum}% in a later year"
        )

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "half of the time in clinic",
            {"rule": "share", "rotations": "outpatient", "minimum": 50},
            {"A": "CLINIC WARD CLINIC WARD", "B": "CLINIC WARD WARD WARD"},
            finds=(
                "B spends 25% of 4 weeks of clinical time on outpatient this year, "
                "needs at least 50%",
            ),
            amounts=(1,),
        ),
        Example(
            "research is no clinical time",
            {"rule": "share", "rotations": "outpatient", "minimum": 50},
            {"A": "CLINIC RSCH RSCH WARD", "B": "CLINIC CLINIC RSCH WARD"},
            rotations=("WARD", "CLINIC", "RSCH"),
        ),
        Example(
            "vacation counts on neither side",
            {"rule": "share", "rotations": "outpatient", "minimum": 34, "maximum": 50},
            {"A": "CLINIC VAC WARD WARD", "B": "CLINIC CLINIC VAC VAC"},
            finds=(
                "A spends 33.3% of 3 weeks of clinical time on outpatient this year, "
                "needs at least 34%",
                "B spends 100% of 2 weeks of clinical time on outpatient this year, "
                "may have at most 50%",
            ),
            amounts=(1, 1),
            block_weeks=2,
            others=({"rule": "vacation", "minimum": 0, "maximum": 2},),
        ),
        Example(
            "a rotation counts with its percentage of outpatient time",
            {"rule": "share", "number": "outpatient", "minimum": 40, "weight": 2},
            {"A": "ELEC ELEC WARD CLINIC", "B": "ELEC WARD WARD WARD"},
            finds=(
                "B spends 12.5% of 4 weeks of clinical time on outpatient time this year, "
                "needs at least 40%",
            ),
            amounts=(2,),
            rotations=("WARD", "ELEC", "CLINIC"),
        ),
        Example(
            "over training, earlier years count",
            {"rule": "share", "rotations": "outpatient", "minimum": 40, "over": "training"},
            {"A": "CLINIC WARD", "B": "CLINIC WARD"},
            finds=(
                "B spends 30% of 10 weeks of clinical time on outpatient over training, "
                "needs at least 40%",
            ),
            amounts=(1,),
            residents={
                "A": Person(pgy=3, history={"outpatient": 14, "CLINIC": 7, "inpatient": 35}),
                "B": Person(pgy=3, history={"CLINIC": 14, "inpatient": 42}),
            },
        ),
        Example(
            "before the final year only what later years cannot give is asked",
            {
                "rule": "share",
                "rotations": "outpatient",
                "minimum": 50,
                "over": "training",
                "final_pgy": 3,
                "yearly_maximum": 60,
            },
            {"A": "CLINIC WARD WARD", "B": "WARD WARD WARD", "C": "CLINIC WARD WARD"},
            finds=(
                "B spends 0% of 3 weeks of clinical time on outpatient over training, "
                "needs more to reach 50% by the end of PGY3, with at most 60% in a later year",
                "C spends 33.3% of 3 weeks of clinical time on outpatient over training, "
                "needs at least 50%",
            ),
            amounts=(1, 1),
            residents={"A": Person(pgy=1), "B": Person(pgy=1), "C": Person(pgy=3)},
        ),
    )
