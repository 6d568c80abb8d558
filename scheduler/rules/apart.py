"""The apart rule: people who must not be in the same thing at the same time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from scheduler.audit.violation import Violation
from scheduler.model.linear import Sum
from scheduler.model.year import YearModel
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.problem.rotation import VACATION
from scheduler.rules.base import Scope
from scheduler.rules.example import Example, Person
from scheduler.rules.named import NamedRule
from scheduler.rules.select import Names
from scheduler.rules.words import dated_weeks, either, every, sentence
from scheduler.schedule.schedule import Schedule


class Apart(NamedRule):
    """Parents are never both on nights, and those who do not get on never share a service.

    In every week of ``when`` at most one of the ``residents``

    - works on ``rotations`` (net of vacation and leave), or
    - with ``same_service``, works on any one of them: two may be on different
      ones.  Without ``rotations``, that is said of every rotation;
    - is on vacation, with ``vacation``.

    The amount is the people beyond the first, for each week; a week that a grid
    divides is counted in each of its parts.
    """

    rule: Literal["apart"] = "apart"
    rotations: Names | None = Field(None, min_length=1, description="codes or tags")
    same_service: bool = Field(False, description="only being on the same one of them counts")
    vacation: bool = Field(False, description="never on vacation at the same time")

    @model_validator(mode="after")
    def _complete(self) -> Apart:
        if self.vacation == (self.rotations is not None or self.same_service):
            raise ValueError("say either 'rotations' (or 'same_service') or 'vacation'")
        return self

    def sentence(self) -> str:
        if self.vacation:
            at = "on vacation"
        elif self.same_service:
            of = f" of {either(self.rotations)}" if self.rotations else ""
            at = f"on one service{of}"
        else:
            at = f"on {either(self.rotations or [])}"
        who = every(self.residents)
        return sentence(f"no two of {who} are {at} in the same week", self.when.words())

    # -- the model -------------------------------------------------------------------------

    def worked_sets(self, scope: Scope, resident: Resident) -> Iterable[frozenset[str]]:
        return [] if self.vacation else self._services(scope.problem)

    def _services(self, problem: Problem) -> list[frozenset[str]]:
        """The sets of codes of which only one person may be on at a time."""
        codes = problem.codes(self.rotations) if self.rotations else frozenset(problem.rotations)
        return [frozenset({code}) for code in sorted(codes)] if self.same_service else [codes]

    def post(self, year: YearModel, scope: Scope) -> None:
        for part in scope.parts:
            for people in self._together(year, scope, part):
                total = Sum()
                for one in people:
                    total.add(one)
                if sum(map(bool, people)) > 1:
                    year.at_most(total, 1, self)

    def _together(self, year: YearModel, scope: Scope, part: int) -> Iterator[list[Sum]]:
        """For each thing to be apart in, whether each of the residents is in it."""
        if self.vacation:
            week = scope.problem.calendar.parts[part].week
            yield [year.vacation(one, week) for one in scope.residents]
        else:
            for codes in self._services(scope.problem):
                yield [year.worked(one, part, codes) for one in scope.residents]

    # -- the audit -------------------------------------------------------------------------

    def audit(self, schedule: Schedule, scope: Scope) -> Iterator[Violation]:
        found: dict[tuple[str, tuple[str, ...]], list[int]] = {}
        for part in scope.parts:
            here: dict[str, list[str]] = {}
            for one in scope.residents:
                what = self._in(scope.problem, schedule.cells[one.index][part])
                if what:
                    here.setdefault(what, []).append(one.name)
            for what, names in here.items():
                if len(names) > 1:
                    found.setdefault((what, tuple(names)), []).append(part)
        for (what, who), parts in found.items():
            when = dated_weeks(scope.problem.calendar, parts)
            message = f"{every(who)} are {what} in {when}"
            yield self.violation((len(who) - 1) * len(parts), message, parts=parts)

    def _in(self, problem: Problem, code: str) -> str:
        """What somebody with ``code`` in a cell is in, in words; '' if in nothing that counts."""
        if self.vacation:
            return "on vacation" if code == VACATION else ""
        known = problem.rotations.get(code)
        named = self.rotations
        if known is None or (named and code not in named and known.tags.isdisjoint(named)):
            return ""
        return f"on {code}" if self.same_service or not named else f"on {either(named)}"

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "parents are never both on nights",
            {"rule": "apart", "residents": ["A", "B"], "rotations": "night"},
            {"A": "NIGHT WARD NIGHT", "B": "WARD NIGHT NIGHT"},
            finds=("A and B are on night in week 3 (2026-07-13)",),
            amounts=(1,),
            rotations=("WARD", "NIGHT"),
        ),
        Example(
            "heavy weeks one after the other; leave and vacation are no work",
            {"rule": "apart", "residents": ["A", "C"], "rotations": ["ICU", "CLINIC"]},
            {"A": "ICU LEAVE CLINIC VAC", "B": "ICU ICU ICU ICU", "C": "WARD ICU WARD ICU"},
            residents={"A": Person(leave=(2,))},
            block_weeks=1,
            rotations=("WARD", "ICU", "CLINIC"),
            others=({"rule": "vacation", "minimum": 0, "maximum": 1},),
        ),
        Example(
            "on any service, but not on the same one",
            {"rule": "apart", "residents": ["A", "B"], "same_service": True, "weight": 3},
            {"A": "WARD WARD ICU ICU", "B": "WARD WARD WARD WARD"},
            finds=("A and B are on WARD in weeks 1-2 (2026-06-29 to 2026-07-12)",),
            amounts=(2,),
            block_weeks=2,
            rotations=("WARD", "ICU"),
        ),
        Example(
            "somebody of the three is always there",
            {"rule": "apart", "residents": ["A", "B", "C"], "vacation": True, "weight": 1},
            {"A": "VAC CLINIC", "B": "VAC WARD", "C": "VAC CLINIC"},
            finds=("A, B and C are on vacation in week 1 (2026-06-29)",),
            amounts=(2,),
            others=({"rule": "vacation", "minimum": 0, "maximum": 1},),
        ),
    )
