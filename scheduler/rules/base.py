"""What every rule is: options, a sentence, a model and an independent audit.

A rule's module imports neither a solver nor another rule; its ``post`` and its
``audit`` share no helper and use different algorithms (DESIGN 4).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from scheduler.audit.violation import Violation
from scheduler.problem.grid import Block, Grid
from scheduler.problem.holiday import Holiday
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.problem.rotation import Rotation
from scheduler.rules.select import When, Who
from scheduler.schedule.schedule import HolidayDuty, Schedule

if TYPE_CHECKING:
    from scheduler.model.teams import TeamModel
    from scheduler.model.year import YearModel

#: Where an option stands inside a rule: ('per', 'who').
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Scope:
    """What one bound rule is about: the residents and the parts it selects.

    ``dated`` limits a resident who is meant in a part of the year only (before
    or after a promotion) to these parts.
    """

    problem: Problem
    residents: tuple[Resident, ...]
    parts: tuple[int, ...]
    dated: Mapping[int, frozenset[int]] = field(default_factory=dict)

    def parts_of(self, resident: Resident) -> frozenset[int]:
        """The parts in which ``resident`` is present and meant."""
        return self.dated.get(resident.index, resident.present)

    def means(self, resident: Resident, part: int) -> bool:
        """Whether ``resident`` is meant in ``part`` (be they there or not)."""
        return resident.index not in self.dated or part in self.dated[resident.index]

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
    name: str = Field("", description="its own name; a program changes a policy's rule by its name")
    why: str = Field("", description="the reason, for the people who read the schedule")
    who: Who = Field(default_factory=Who, description="whom the rule is about")
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

    def burden_names(self) -> Iterable[str]:
        """Every burden the options mention (for validation)."""
        return ()

    def carried_names(self) -> Iterable[str]:
        """Every burden of which the options count only what was carried over (for validation)."""
        return ()

    def resident_ids(self) -> Iterable[str]:
        """Every resident the options name beside ``who`` (for validation)."""
        return ()

    def grouping_names(self) -> Iterable[str]:
        """Every grouping, PGY and track included, the options compare by (for validation)."""
        return ()

    def lacks(self, rotations: Mapping[str, Rotation]) -> str:
        """What the program's rotations lack for the rule to say anything, and what to do; or ''."""
        return ""

    def holiday_names(self) -> Iterable[str]:
        """Every holiday the options mention (for validation)."""
        return getattr(self, "holidays", None) or ()

    @property
    def counts_people(self) -> bool:
        """Whether the rule, as it is written, counts people together (not one by one)."""
        return not self.per_resident

    @property
    def by_date(self) -> bool:
        """Whether a promotion inside the year counts from its date.

        Else everyone has, all year, the level of its greater part: what is owed
        over a year cannot be divided.  A rule that counts people together and says
        yes must ask its scope in which parts it means somebody.
        """
        return False

    def selections(self) -> Mapping[Path, Who]:
        """Every selection of residents in the options, by its path (for validation)."""
        return {("who",): self.who}

    def beside(self, problem: Problem) -> Iterable[Resident]:
        """Residents that the rule counts beside those of ``who`` (supervisors, say)."""
        return ()

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

    def limits_runs(self, scope: Scope, codes: frozenset[str]) -> bool:
        """Whether this hard rule may limit how long somebody remains on ``codes``."""
        return False

    def forbids_run(
        self, scope: Scope, resident: Resident, blocks: Sequence[Block], codes: frozenset[str]
    ) -> bool:
        """Whether this hard rule keeps ``resident`` from working on ``codes`` in all of ``blocks``.

        It is asked of ``codes`` whose runs the rule limits.  The blocks follow each other
        directly, and the resident is there on every day of them.
        Another rule's model may be phrased more tightly for it; False is always allowed.
        """
        return False

    def closes(self, scope: Scope, resident: Resident, grid: Grid) -> Mapping[int, frozenset[str]]:
        """Codes that this hard rule's limits close to ``resident`` in blocks of ``grid``, by index.

        These are blocks whose lengths fit no stay that the rule allows: people are told, and
        counting takes it for a proof that no schedule has the resident at work on them there.
        """
        return {}

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
    between residents.  ``source`` says where it was written (file:line), ``dated``
    in which parts somebody is meant who is not meant all year.
    """

    rule: Rule
    residents: tuple[int, ...]
    parts: tuple[int, ...]
    source: str = ""
    dated: Mapping[int, frozenset[int]] = field(default_factory=dict)

    @cached_property
    def members(self) -> frozenset[int]:
        """The residents, to ask whether somebody is among them."""
        return frozenset(self.residents)

    def answers(self, question: str) -> bool:
        """Whether rules of its kind have an answer of their own to a question that all are asked:
        the name of a method, 'excluded' or 'holiday_duties'."""
        return getattr(type(self.rule), question) is not getattr(Rule, question)

    @property
    def excludes(self) -> bool:
        """Whether it may forbid codes in whole blocks."""
        return self.rule.hard and self.answers("excluded")

    def scope(self, problem: Problem) -> Scope:
        residents = tuple(problem.residents[i] for i in self.residents)
        return Scope(problem, residents, self.parts, self.dated)
