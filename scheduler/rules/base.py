"""What every rule is: options, a sentence, a model and an independent audit.

A rule's module imports neither a solver nor another rule; its ``post`` and its
``audit`` share no helper and use different algorithms (DESIGN 4).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from scheduler.audit.violation import Violation
from scheduler.problem.grid import Block
from scheduler.problem.holiday import Holiday
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.problem.rotation import Rotation
from scheduler.rules.select import When, Who
from scheduler.schedule.schedule import HolidayDuty, Schedule

if TYPE_CHECKING:
    from scheduler.model.teams import TeamModel
    from scheduler.model.year import YearModel


@dataclass(frozen=True)
class Scope:
    """What one bound rule is about: the residents and the parts it selects."""

    problem: Problem
    residents: tuple[Resident, ...]
    parts: tuple[int, ...]

    @cached_property
    def part_set(self) -> frozenset[int]:
        return frozenset(self.parts)


class Rule(BaseModel):
    """Options every rule has; a subclass adds its own and is listed in the registry.

    The subclass's docstring is its page in the manual.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    #: Whether ``$values`` are resolved resident by resident (else once for the program).
    per_resident: ClassVar[bool] = True
    #: What ``who`` means for visitors where it does not say.
    visitors: ClassVar[str] = "no"
    #: What one unit of ``amount`` is, for people: 'week', 'person', ...
    unit: ClassVar[str] = "week"
    #: Small grids that pass and fail: at once manual, test of audit, model and message.
    examples: ClassVar[tuple[Any, ...]] = ()

    rule: str = Field(description="the kind of rule")
    name: str = Field("", description="the name of this rule; a program overrides by it")
    why: str = Field("", description="the reason, for the people who read the schedule")
    who: Who = Field(default_factory=Who, description="which residents")
    when: When = Field(default_factory=When, description="which stretch of the year")
    weight: int | None = Field(
        None, ge=1, description="cost of one missed unit; without a weight the rule is hard"
    )
    give: int = Field(
        10, ge=1, description="cost of one missed unit when no valid schedule exists and rules give"
    )

    @property
    def hard(self) -> bool:
        return self.weight is None

    def rotation_names(self) -> Iterable[str]:
        """Every code or tag the options mention (for validation)."""
        return getattr(self, "rotations", None) or ()

    def grouping_names(self) -> Iterable[str]:
        """Every grouping the options compare by (for validation)."""
        return ()

    def lacks(self, rotations: Mapping[str, Rotation]) -> str:
        """What the program's rotations lack for the rule to say anything, and what to do; or ''."""
        return ""

    def sentence(self) -> str:
        """The rule in one plain sentence."""
        raise NotImplementedError

    def worked_sets(self, scope: Scope, resident: Resident) -> Iterable[frozenset[str]]:
        """Sets of codes whose weeks *net of vacation* this rule counts for ``resident``."""
        return ()

    def vacation_weeks(self, scope: Scope, resident: Resident) -> frozenset[int]:
        """Week indices in which this rule lets ``resident`` take vacation."""
        return frozenset()

    def holiday_duties(
        self, scope: Scope, resident: Resident, holiday: Holiday
    ) -> frozenset[HolidayDuty]:
        """Duties beside their own service that this rule lets ``resident`` have in ``holiday``."""
        return frozenset()

    def backup_from(self, scope: Scope) -> frozenset[str]:
        """Codes from which this rule lets its residents be named as backup, in its weeks."""
        return frozenset()

    def excluded(self, scope: Scope, resident: Resident, block: Block) -> frozenset[str]:
        """Codes this hard rule forbids ``resident`` in the whole of ``block``."""
        return frozenset()

    def stake(self, scope: Scope) -> int:
        """The most cost that wishes under this rule could save (0 unless it grants wishes)."""
        return 0

    def post(self, year: YearModel, scope: Scope) -> None:
        """State the rule to the model."""
        raise NotImplementedError

    def post_teams(self, teams: TeamModel, scope: Scope) -> None:
        """State the rule to the model that divides services into teams, after the year's."""

    def team_bounds(self, scope: Scope, resident: Resident) -> frozenset[int]:
        """Parts at whose beginning this rule lets ``resident`` change teams within a stay."""
        return frozenset()

    def audit(self, schedule: Schedule, scope: Scope) -> Iterator[Violation]:
        """Find every miss in ``schedule``; never called by the model, never calls it."""
        raise NotImplementedError

    def violation(
        self,
        amount: int,
        message: str,
        resident: Resident | None = None,
        parts: Iterable[int] = (),
        service: str = "",
    ) -> Violation:
        """A finding of this rule, charged by its weight."""
        return Violation(
            rule=self.name or self.rule,
            kind=self.rule,
            amount=amount,
            message=message,
            resident=None if resident is None else resident.index,
            parts=tuple(parts),
            service=service,
            hard=self.hard,
            cost=amount * (self.weight or 0),
        )


@dataclass(frozen=True)
class BoundRule:
    """A rule with its values resolved, and the residents and parts it selects.

    One rule of a program becomes several bound rules where ``$values`` differ
    between residents.  ``source`` says where it was written (file:line).
    """

    rule: Rule
    residents: tuple[int, ...]
    parts: tuple[int, ...]
    source: str = ""

    def scope(self, problem: Problem) -> Scope:
        return Scope(problem, tuple(problem.residents[i] for i in self.residents), self.parts)
