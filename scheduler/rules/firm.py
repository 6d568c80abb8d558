"""The firm rule: how much work falls outside a resident's own firm, or group of any grouping."""

from __future__ import annotations

from collections import Counter
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
from scheduler.problem.rotation import Rotation
from scheduler.rules.base import Rule, Scope
from scheduler.rules.example import Example, Person
from scheduler.rules.select import Names
from scheduler.rules.words import counted, either, sentence, weeks_of
from scheduler.schedule.schedule import Schedule

_PERCENT = 100


class Firm(Rule):
    """Residents spend their ward weeks in their own firm, where they know people and rooms.

    A rotation belongs to a group where it says so: ``groups: {firm: north}``
    (or several: ``{firm: [north, south]}``), for any grouping of the program.
    Weeks worked on ``rotations`` (net of vacation and leave) that belong to other
    groups than the resident's own are weeks elsewhere.  A rotation without a group
    of this grouping is everybody's and is not counted; a resident without one is
    not asked.  Without ``rotations``, every rotation that has a group counts.

    - ``maximum``: most weeks elsewhere; with 0 and a weight, each of them is charged.
    - ``maximum_percent``: most of the weeks on ``rotations`` that belong to any group,
      in percent.

    The amount is the weeks elsewhere that would have to be in one's own group;
    begun weeks count whole.  Where one rotation holds all firms and its people are
    divided into teams later, the rule ``team`` looks after firms.
    """

    rule: Literal["firm"] = "firm"
    grouping: str = Field(
        description="the grouping that residents and rotations share, such as firm"
    )
    rotations: Names | None = Field(
        None, min_length=1, description="codes or tags; without them, every rotation with a group"
    )
    maximum: int | None = Field(
        None, ge=0, le=53, description="most weeks in another group than one's own"
    )
    maximum_percent: int | None = Field(
        None, ge=0, le=99, description="most weeks in another group, in percent of the weeks in any"
    )

    @model_validator(mode="after")
    def _one_limit(self) -> Firm:
        if (self.maximum is None) == (self.maximum_percent is None):
            raise ValueError("say either 'maximum' or 'maximum_percent'")
        return self

    def grouping_names(self) -> Iterable[str]:
        return [self.grouping]

    def lacks(self, rotations: Mapping[str, Rotation]) -> str:
        names = set(self.rotations or ())
        if any(
            self.grouping in rotation.groups
            and (not names or names.intersection((rotation.code, *rotation.tags)))
            for rotation in rotations.values()
        ):
            return ""
        asked = either(self.rotations or ["the program"])
        missing = f"no rotation of {asked} belongs to a {self.grouping}"
        return f"{missing}; give some rotations 'groups: {{{self.grouping}: ...}}'"

    def sentence(self) -> str:
        limit = "no weeks" if self.maximum == 0 else self._limit()
        return sentence(
            self.who.words(),
            f"work {limit}{self._what()} outside their own {self.grouping}",
            self.when.words(),
        )

    def _limit(self) -> str:
        if self.maximum is not None:
            return f"at most {counted(self.maximum, 'week')}"
        return f"at most {self.maximum_percent}%"

    def _what(self) -> str:
        return f" of {either(self.rotations)}" if self.rotations else ""

    def _own(self, resident: Resident) -> str:
        """The resident's group; empty where there is none."""
        return resident.groups.get(self.grouping, "")

    def _split(self, problem: Problem, own: str) -> tuple[frozenset[str], frozenset[str]]:
        """The codes that belong to the group ``own``, and those that belong to others only."""
        asked = problem.rotations if self.rotations is None else problem.codes(self.rotations)
        groups = {code: problem.rotations[code].groups.get(self.grouping, ()) for code in asked}
        here = frozenset(code for code, names in groups.items() if own in names)
        return here, frozenset(code for code, names in groups.items() if names) - here

    def worked_sets(self, scope: Scope, resident: Resident) -> Iterable[frozenset[str]]:
        if not self._own(resident):
            return []
        here, elsewhere = self._split(scope.problem, self._own(resident))
        return [elsewhere] if self.maximum is not None else [here, elsewhere]

    # -- the model ---------------------------------------------------------------------------

    def post(self, year: YearModel, scope: Scope) -> None:
        for resident in scope.residents:
            if self._own(resident):
                self._post(year, scope, resident)

    def _post(self, year: YearModel, scope: Scope, resident: Resident) -> None:
        here, elsewhere = self._split(scope.problem, self._own(resident))
        outside = days_worked(year, resident, scope.parts, elsewhere)
        if self.maximum is not None:
            year.at_most(outside, self.maximum * DAYS_IN_WEEK, self, DAYS_IN_WEEK)
            return
        inside = days_worked(year, resident, scope.parts, here)
        percent = self.maximum_percent or 0
        total = Sum().add(outside, _PERCENT - percent).add(inside, -percent)
        year.at_most(total, 0, self, _PERCENT * DAYS_IN_WEEK)

    # -- the audit ---------------------------------------------------------------------------

    def audit(self, schedule: Schedule, scope: Scope) -> Iterator[Violation]:
        for resident in scope.residents:
            own = resident.groups.get(self.grouping)
            if own is None:
                continue
            days: Counter[bool] = Counter()
            for part in scope.problem.calendar.parts:
                groups = self._groups_at(schedule, scope, resident, part.index)
                if groups:
                    days[own in groups] += (part.last - part.first).days + 1
            limit = (self.maximum or 0) * DAYS_IN_WEEK * _PERCENT
            if self.maximum_percent is not None:
                limit = self.maximum_percent * days.total()
            beyond = _PERCENT * days[False] - limit
            if beyond > 0:
                yield self.violation(
                    -(-beyond // (_PERCENT * DAYS_IN_WEEK)), self._message(resident, days), resident
                )

    def _groups_at(
        self, schedule: Schedule, scope: Scope, resident: Resident, part: int
    ) -> frozenset[str]:
        """The groups that the rotation of a part belongs to; none where the part does not count."""
        rotation = scope.problem.rotations.get(schedule.cells[resident.index][part])
        if rotation is None or part not in scope.part_set:
            return frozenset()
        asked = self.rotations is None or {rotation.code, *rotation.tags}.intersection(
            self.rotations
        )
        return rotation.groups.get(self.grouping, frozenset()) if asked else frozenset()

    def _message(self, resident: Resident, days: Counter[bool]) -> str:
        spent = f"{weeks_of(days[False])}{self._what()}"
        if self.maximum is None:
            spent = f"{weeks_of(days[False])} of {weeks_of(days.total())}{self._what()}"
        when = self.when.words() or "this year"
        group = f"{self.grouping} {resident.groups[self.grouping]}"
        return f"{resident.name} works {spent} outside {group} {when}, {self._limit()}"

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "one week elsewhere is enough",
            {"rule": "firm", "grouping": "firm", "rotations": "ward", "maximum": 1},
            {"A": "NORTH NORTH SOUTH CLINIC", "B": "SOUTH NORTH CLINIC NORTH"},
            finds=("B works 2 weeks of ward outside firm south this year, at most 1 week",),
            amounts=(1,),
            rotations=("NORTH", "SOUTH", "CLINIC"),
            residents={
                "A": Person(groups={"firm": "north"}),
                "B": Person(groups={"firm": "south"}),
            },
        ),
        Example(
            "who has no firm is not asked; a service of two firms is both's, of none everybody's",
            {"rule": "firm", "grouping": "firm", "maximum": 0, "who": {"visitors": "also"}},
            {"A": "SOUTH NORTH NORTH", "B": "WARD SOUTH EAST"},
            rotations=("NORTH", "SOUTH", "EAST", "WARD"),
            residents={"A": Person(visitor=True), "B": Person(groups={"firm": "south"})},
        ),
        Example(
            "each week elsewhere has a price, vacation has none",
            {"rule": "firm", "grouping": "firm", "maximum": 0, "weight": 2},
            {"A": "VAC EAST NORTH NORTH", "B": "NORTH NORTH NORTH NORTH"},
            finds=("A works 1 week outside firm north this year, at most 0 weeks",),
            amounts=(1,),
            block_weeks=2,
            rotations=("NORTH", "EAST"),
            residents={
                "A": Person(groups={"firm": "north"}),
                "B": Person(groups={"firm": "north"}),
            },
            others=({"rule": "vacation", "minimum": 0, "maximum": 2},),
        ),
        Example(
            "at most a third of the ward weeks elsewhere",
            {"rule": "firm", "grouping": "firm", "rotations": "ward", "maximum_percent": 34},
            {"A": "NORTH SOUTH SOUTH CLINIC", "B": "SOUTH SOUTH NORTH WARD"},
            finds=("A works 2 weeks of 3 weeks of ward outside firm north this year, at most 34%",),
            amounts=(1,),
            rotations=("NORTH", "SOUTH", "WARD", "CLINIC"),
            residents={
                "A": Person(groups={"firm": "north"}),
                "B": Person(groups={"firm": "south"}),
            },
        ),
    )
