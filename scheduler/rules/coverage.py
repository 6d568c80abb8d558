"""The coverage rule: how many people a service has each week; knows no other rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from scheduler.audit.staffing import audit_staffing
from scheduler.audit.violation import Violation
from scheduler.model.staffing import post_staffing
from scheduler.model.year import YearModel
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.rules.base import Path, Rule, Scope
from scheduler.rules.example import Example, Person
from scheduler.rules.select import Names, Numbers, Who, ranges_of
from scheduler.rules.words import either
from scheduler.schedule.schedule import Schedule

_NO_LIMIT = 1_000_000


class Company(BaseModel):
    """Other people on the same service."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    who: Who = Field(
        description="which others, selected as by 'who'; visitors too, unless it says no"
    )

    def members(self, problem: Problem) -> dict[int, frozenset[int]]:
        """Everyone of the program who is meant, by index, with the parts in which they are."""
        always = frozenset(range(len(problem.calendar.parts)))
        found = {
            one.index: self.who.parts_of(one, "also") if one.levels else always
            for one in problem.residents
            if one.levels or self.who.matches(one, "also")
        }
        return {index: parts for index, parts in found.items() if parts}


class With(Company):
    """People who are there whenever anybody is."""

    at_least: int = Field(1, ge=1, description="fewest people of them")


class Per(Company):
    """People each of whom takes so many others."""

    at_most: int = Field(ge=1, description="most people beside each person of them")


class Coverage(Rule):
    """Every week a service has the people it needs, and no more than it can teach.

    The people of ``who`` on ``rotations`` are counted week by week over all
    grids.  Someone on vacation or leave is not there.  Places that are held for
    a person even while on vacation (an elective with room for two) are counted
    with ``count: assigned``.  A person whose column ``counts`` says 50 (percent)
    is counted as half a person.

    One rule may say several of the things below; each in a rule of its own may
    be hard or soft.

    - ``minimum``, ``maximum``, ``exactly``: the amount is people missing or too
      many (begun people whole), for each part of the year.
    - ``allowed``: a list of numbers, none other (*nobody or two*).  The amount is
      the distance to the nearest of them.
    - ``with``: whenever anybody of ``who`` is there, at least so many of these
      others are too (*never without a third-year*).  The amount is others missing.
    - ``per``: at most so many of ``who`` for each of these others (*two interns for
      each supervising resident*).  The amount is people of ``who`` too many.
    """

    per_resident: ClassVar[bool] = False
    visitors: ClassVar[str] = "also"
    unit: ClassVar[str] = "person-week"

    rule: Literal["coverage"] = "coverage"
    rotations: Names = Field(description="codes or tags, counted together")
    minimum: int | None = Field(None, ge=0, description="fewest people in any week")
    maximum: int | None = Field(None, ge=0, description="most people in any week")
    exactly: int | None = Field(
        None, ge=0, description="people in every week, neither more nor fewer"
    )
    allowed: Numbers | None = Field(
        None, min_length=1, description="the only numbers of people there may be in any week"
    )
    company: With | None = Field(
        None, alias="with", description="others who are there whenever anybody is"
    )
    per: Per | None = Field(None, description="others of whom each takes at most so many people")
    count: Literal["worked", "assigned"] = Field(
        "worked", description="'worked' leaves out people on vacation, 'assigned' holds their place"
    )
    give: int = Field(
        2, ge=1, description="cost of one empty place when no valid schedule exists and rules give"
    )

    @model_validator(mode="after")
    def _some_limit(self) -> Coverage:
        between = (self.minimum, self.maximum) != (None, None)
        if self.exactly is not None and between:
            raise ValueError("say either 'exactly' or 'minimum' and 'maximum'")
        if self.allowed is not None and (between or self.exactly is not None):
            raise ValueError("say either 'allowed' or 'minimum', 'maximum' and 'exactly'")
        if not (self.has_limits or self.company or self.per):
            raise ValueError("say what is asked: 'minimum', 'exactly', 'allowed' ...")
        if None not in (self.minimum, self.maximum) and self.least > self.most:
            raise ValueError(f"minimum {self.minimum} is above maximum {self.maximum}")
        if self.allowed and min(self.allowed) < 0:
            raise ValueError("allowed are numbers of people, 0 or more")
        return self

    @property
    def by_date(self) -> bool:
        return True

    @property
    def has_limits(self) -> bool:
        """Whether the number of people itself is limited."""
        limits = (self.minimum, self.maximum, self.exactly, self.allowed)
        return any(limit is not None for limit in limits)

    @property
    def least(self) -> int:
        """Fewest people there may be."""
        if self.allowed is not None:
            return min(self.allowed)
        return self.exactly if self.exactly is not None else self.minimum or 0

    @property
    def most(self) -> int:
        """Most people there may be; more than anybody has without a limit."""
        if self.allowed is not None:
            return max(self.allowed)
        limit = self.exactly if self.exactly is not None else self.maximum
        return _NO_LIMIT if limit is None else limit

    @property
    def ranges(self) -> list[tuple[int, int]]:
        """The allowed numbers as ranges, the smallest first: [(0, 0), (2, 4)]."""
        return ranges_of(self.allowed or ()) or [(self.least, self.most)]

    def sentence(self) -> str:
        held = " (a place is held during vacation)" if self.count == "assigned" else ""
        said = f"{' + '.join(self.rotations)}: {', '.join(self._says())} each week{held}"
        return f"{said} {self.when.words()}".strip()

    def _says(self) -> Iterator[str]:
        if self.has_limits:
            yield f"{self._amount()} of {self.who.words()}"
        whom = "" if self.has_limits else f" {self.who.words()}"
        if self.company:
            others = self.company.who.words()
            them = whom or " them"
            yield f"with any of{them} at least {self.company.at_least} of {others}"
        if self.per:
            yield f"at most {self.per.at_most}{f' of{whom}' if whom else ''} for each of " + (
                self.per.who.words()
            )

    def _amount(self) -> str:
        if self.allowed is not None:
            return either(str(number) for number in sorted(set(self.allowed)))
        if self.exactly is not None:
            return f"exactly {self.exactly}"
        low = [f"at least {self.minimum}"] if self.minimum is not None else []
        high = [f"at most {self.maximum}"] if self.maximum is not None else []
        return " and ".join(low + high)

    def selections(self) -> Mapping[Path, Who]:
        found: dict[Path, Who] = {("who",): self.who}
        if self.company:
            found["with", "who"] = self.company.who
        if self.per:
            found["per", "who"] = self.per.who
        return found

    def beside(self, problem: Problem) -> Iterable[Resident]:
        for company in (self.company, self.per):
            if company is not None:
                yield from (problem.residents[index] for index in company.members(problem))

    def worked_sets(self, scope: Scope, resident: Resident) -> Iterable[frozenset[str]]:
        return [scope.problem.codes(self.rotations)] if self.count == "worked" else []

    def post(self, year: YearModel, scope: Scope) -> None:
        post_staffing(self, year, scope)

    def audit(self, schedule: Schedule, scope: Scope) -> Iterator[Violation]:
        return audit_staffing(self, schedule, scope)

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
        Example(
            "ward and intensive care together; a half-time resident is half a person",
            {"rule": "coverage", "rotations": ["WARD", "ICU"], "minimum": 2},
            {"A": "WARD ICU CLINIC", "B": "ICU WARD WARD", "C": "WARD CLINIC ICU"},
            finds=("WARD + ICU in week 3 (2026-07-13): 1.5 of residents, needs at least 2",),
            amounts=(1,),
            residents={"C": Person(counts=50)},
            rotations=("WARD", "ICU", "CLINIC"),
        ),
        Example(
            "nobody or two",
            {"rule": "coverage", "rotations": "CLINIC", "allowed": [0, 2]},
            {"A": "CLINIC VAC WARD WARD", "B": "CLINIC CLINIC WARD WARD"},
            finds=("CLINIC in week 2 (2026-07-06): 1 of residents, allowed are 0 or 2",),
            amounts=(1,),
            block_weeks=2,
            others=({"rule": "vacation", "minimum": 0, "maximum": 2},),
        ),
        Example(
            "one, three or more of them, for a price",
            {"rule": "coverage", "rotations": "WARD", "allowed": [1, 3, 4], "weight": 2},
            {"A": "WARD WARD", "B": "CLINIC WARD", "C": "CLINIC CLINIC"},
            finds=("WARD in week 2 (2026-07-06): 2 of residents, allowed are 1, 3 or 4",),
            amounts=(1,),
        ),
        Example(
            "never without a third-year",
            {"rule": "coverage", "rotations": "ICU", "with": {"who": {"pgy": 3}}},
            {"A": "ICU ICU WARD", "B": "WARD ICU ICU", "C": "ICU WARD WARD"},
            finds=(
                "ICU in week 2 (2026-07-06): 2 of residents with 0 of PGY3 residents, "
                "needs at least 1",
                "ICU in week 3 (2026-07-13): 1 of residents with 0 of PGY3 residents, "
                "needs at least 1",
            ),
            amounts=(1, 1),
            residents={"C": Person(pgy=3)},
            rotations=("WARD", "ICU"),
        ),
        Example(
            "two seniors beside any intern, as long as there is one",
            {
                "rule": "coverage",
                "rotations": "CLINIC",
                "who": {"pgy": 1},
                "with": {"who": {"pgy": [2, 3]}, "at_least": 2},
                "weight": 3,
            },
            {"A": "CLINIC VAC WARD", "B": "CLINIC CLINIC CLINIC", "C": "WARD CLINIC CLINIC"},
            finds=(
                "CLINIC in week 1 (2026-06-29): 1 of PGY1 residents with 1 of PGY2/3 residents, "
                "needs at least 2",
            ),
            amounts=(1,),
            residents={"B": Person(pgy=2), "C": Person(pgy=3)},
            others=({"rule": "vacation", "minimum": 0, "maximum": 1},),
        ),
        Example(
            "interns for each supervising resident",
            {
                "rule": "coverage",
                "rotations": "WARD",
                "who": {"pgy": 1},
                "minimum": 1,
                "per": {"who": {"pgy": [2, 3]}, "at_most": 1},
            },
            {"A": "WARD WARD CLINIC", "B": "WARD CLINIC CLINIC", "C": "WARD WARD WARD"},
            finds=(
                "WARD in week 1 (2026-06-29): 2 of PGY1 residents beside 1 of PGY2/3 residents, "
                "at most 1 for each",
                "WARD in week 3 (2026-07-13): 0 of PGY1 residents, needs at least 1",
            ),
            amounts=(1, 1),
            residents={"C": Person(pgy=2)},
        ),
        Example(
            "a resident counts for the level they have at the time",
            {
                "rule": "coverage",
                "rotations": "WARD",
                "who": {"pgy": 1},
                "exactly": 1,
                "per": {"who": {"pgy": 2}, "at_most": 1},
            },
            {"A": "WARD CLINIC WARD WARD", "B": "WARD WARD WARD WARD"},
            finds=(
                "WARD in week 1 (2026-06-29): 2 of PGY1 residents, needs at most 1",
                "WARD in week 1 (2026-06-29): 2 of PGY1 residents beside 0 of PGY2 residents, "
                "at most 1 for each",
                "WARD in week 2 (2026-07-06): 1 of PGY1 residents beside 0 of PGY2 residents, "
                "at most 1 for each",
            ),
            amounts=(1, 2, 1),
            residents={"B": Person(promoted=3)},
        ),
        Example(
            "a half-time supervisor takes half as many",
            {
                "rule": "coverage",
                "rotations": "WARD",
                "who": {"pgy": 1},
                "per": {"who": {"pgy": 2}, "at_most": 2},
                "weight": 1,
            },
            {"A": "WARD WARD", "B": "WARD CLINIC", "C": "WARD WARD"},
            finds=(
                "WARD in week 1 (2026-06-29): 2 of PGY1 residents beside 0.5 of PGY2 residents, "
                "at most 2 for each",
            ),
            amounts=(1,),
            residents={"C": Person(pgy=2, counts=50)},
        ),
    )
