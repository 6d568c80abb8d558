"""How many people a service has, as linear sums; knows one rule, coverage, and no solver."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import gcd
from typing import TYPE_CHECKING

from scheduler.model.linear import Sum
from scheduler.model.year import YearModel
from scheduler.problem.resident import WHOLE, Resident
from scheduler.rules.base import Scope

if TYPE_CHECKING:
    from scheduler.rules.coverage import Coverage, Per, With

Here = list[tuple[Resident, Sum]]


def post_staffing(rule: Coverage, year: YearModel, scope: Scope) -> None:
    """State a coverage rule for every part of its scope."""
    staffing = _Staffing(rule, year, scope)
    for part in scope.parts:
        staffing.post(part)


@dataclass
class _Staffing:
    """One rule; people are counted in the largest unit of which everyone is a multiple.

    ``person`` is what a whole person counts in that unit.
    """

    rule: Coverage
    year: YearModel
    scope: Scope
    _unit: int = field(init=False)
    _free: dict[tuple[tuple[int, int], ...], tuple[list[Sum], Sum]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        problem = self.scope.problem
        self.codes = problem.codes(self.rule.rotations)
        everyone = [*self.scope.residents, *self.rule.beside(problem)]
        self._unit = gcd(WHOLE, *(one.counts for one in everyone))
        self.person = WHOLE // self._unit
        self.strict = self.rule.hard and not self.year.relaxed

        self.own = {one.index: self.scope.parts_of(one) for one in self.scope.residents}
        self.company = self.rule.company.members(problem) if self.rule.company else {}
        self.teachers = self.rule.per.members(problem) if self.rule.per else {}

    def post(self, part: int) -> None:
        here = self._here(self.own, part)
        total = self._total(here)
        if self.rule.allowed is not None:
            self._post_allowed(here, total)
        elif self.rule.has_limits:
            self._post_limits(total)
        if self.rule.company is not None:
            self._post_with(here, self.rule.company, part)
        if self.rule.per is not None:
            self._post_per(total, self.rule.per, part)

    @cached_property
    def _surely_there(self) -> list[tuple[frozenset[int], int]]:
        """The parts and least numbers of hard rules about some of these people and rotations."""
        problem, own = self.scope.problem, {one.index for one in self.scope.residents}
        return [
            (frozenset(bound.parts), bound.rule.least)
            for bound in problem.rules
            if isinstance(bound.rule, type(self.rule))
            and (bound.rule.hard, bound.rule.count) == (True, self.rule.count)
            and own.issuperset(bound.residents)
            and not (bound.dated or self.scope.dated)
            and problem.codes(bound.rule.rotations) <= self.codes
        ]

    def _fewest(self, part: int) -> int:
        """People who are there whatever else is decided; 0 where not all are whole people."""
        if self.person > 1 or self.year.relaxed:
            return 0
        return max((least for parts, least in self._surely_there if part in parts), default=0)

    # -- counting ----------------------------------------------------------------------------

    def _here(self, meant: Mapping[int, frozenset[int]], part: int) -> Here:
        """Who may be on the service in ``part``, each with the 0/1 sum that says so."""
        counted = self.year.on if self.rule.count == "assigned" else self.year.worked
        residents = self.scope.problem.residents
        people = [residents[index] for index, parts in meant.items() if part in parts]
        sums = [(one, counted(one, part, self.codes)) for one in people]
        return [(one, total) for one, total in sums if total.terms]

    def _total(self, here: Here) -> Sum:
        return Sum.weighted((one, resident.counts // self._unit) for resident, one in here)

    def _at_least(self, total: Sum, least: int) -> None:
        self.year.at_least(total, least, self.rule, self.person)

    def _at_most(self, total: Sum, most: int) -> None:
        self.year.at_most(total, most, self.rule, self.person)

    # -- the facets --------------------------------------------------------------------------

    def _post_limits(self, total: Sum) -> None:
        if self.rule.least:
            self._at_least(total, self.rule.least * self.person)
        if self.rule.most < len(self.scope.residents):
            self._at_most(total, self.rule.most * self.person)

    def _post_allowed(self, here: Here, total: Sum) -> None:
        """One 0/1 for every range of allowed numbers; the number of people fits the one chosen.

        Parts with the same people (the weeks of a block) choose together.
        """
        key = tuple(sorted(total.terms.items()))
        if key not in self._free:
            self._free[key] = self._choose_range(here, total)
        chosen, over = self._free[key]
        low = total.copy()
        for one, (least, _) in zip(chosen, self.rule.ranges, strict=True):
            low.add(one, -least * self.person)
        self._at_least(low, 0)
        self.year.at_most(over, 0, self.rule)

    def _choose_range(self, here: Here, total: Sum) -> tuple[list[Sum], Sum]:
        """The choice, and the people beyond what it allows.

        Nobody is there where the choice is 'nobody', said person by person: with
        one range beside it that is all the relaxation needs to be exact.
        """
        year = self.year
        chosen = [year.helper() for _ in self.rule.ranges]
        over = year.helper(0, len(here))
        one_of, high = Sum(), total.copy().add(over, -self.person)
        for one, (_, most) in zip(chosen, self.rule.ranges, strict=True):
            one_of.add(one)
            high.add(one, -most * self.person)
        year.define(one_of, 1, 1)
        year.define(high, upper=0)
        if self.rule.ranges[0] == (0, 0):
            for resident, one in here if len(chosen) > 1 else ():
                if resident.counts:
                    year.define(one.copy().add(chosen[0]).add(over, -1), upper=1)
        return chosen, over

    def _post_with(self, here: Here, company: With, part: int) -> None:
        """Whenever anybody is there, so many others are: person by person, that is tight."""
        others = self._here(self.company, part)
        enough = {one.index for one, _ in others if company.at_least == 1 and one.counts == WHOLE}
        asking = [one for resident, one in here if resident.index not in enough]
        wanted, total = company.at_least * self.person, self._total(others)
        if self._fewest(part):
            self._at_least(total, wanted)
        elif asking:
            anybody = self.year.helper()
            for one in asking:
                self.year.define(anybody.copy().add(one, -1), lower=0)
            self._at_least(total.add(anybody, -wanted), 0)

    def _post_per(self, total: Sum, per: Per, part: int) -> None:
        """At most so many for each of the others, and so many others as the fewest need."""
        others = self._total(self._here(self.teachers, part))
        self._at_most(total.copy().add(others, -per.at_most), 0)
        if self.strict:
            self.year.define(others, lower=-(-self._fewest(part) // per.at_most))
