"""The audit: an independent judgement of a schedule; never imports model or solver."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property, partial

from scheduler.audit.fairness import Fairness, fairness
from scheduler.audit.named import sentence_with_names
from scheduler.audit.structure import audit_structure
from scheduler.audit.violation import Violation
from scheduler.problem.problem import Problem
from scheduler.rules.base import BoundRule
from scheduler.schedule.schedule import Schedule


@dataclass(frozen=True)
class RuleFinding:
    """All findings of one rule (the bound rules of one name together).

    ``sentence``, what the rule says, is put into words when it is asked for.
    """

    name: str
    kind: str
    hard: bool
    violations: tuple[Violation, ...]
    say: Callable[[], str] = field(repr=False, compare=False)

    @cached_property
    def sentence(self) -> str:
        return self.say()

    @property
    def amount(self) -> int:
        """Units of the rule that are missed."""
        return sum(v.amount for v in self.violations)

    @property
    def cost(self) -> int:
        return sum(v.cost for v in self.violations)


@dataclass(frozen=True)
class AuditReport:
    """What the audit found, rule by rule; ``cost`` is the sum over all soft rules.

    ``fairness`` is judged when it is asked for.
    """

    rules: tuple[RuleFinding, ...]
    problem: Problem = field(repr=False)
    schedule: Schedule = field(repr=False)

    @cached_property
    def fairness(self) -> Fairness:
        """Who bears how much among their peers."""
        return fairness(self.problem, self.schedule)

    @property
    def violations(self) -> tuple[Violation, ...]:
        return tuple(v for rule in self.rules for v in rule.violations)

    @property
    def hard_violations(self) -> tuple[Violation, ...]:
        return tuple(v for v in self.violations if v.hard)

    @property
    def cost(self) -> int:
        return sum(rule.cost for rule in self.rules)


def audit(problem: Problem, schedule: Schedule) -> AuditReport:
    """Judge ``schedule`` by every rule of ``problem`` and by its own form."""
    form = RuleFinding(
        "grid",
        "grid",
        True,
        tuple(audit_structure(problem, schedule)),
        lambda: "Every block has one rotation; AWAY and LEAVE stand exactly where they belong.",
    )
    return AuditReport((form, *_by_name(problem, schedule)), problem, schedule)


def _by_name(problem: Problem, schedule: Schedule) -> Iterable[RuleFinding]:
    named: dict[tuple[str, bool], list[BoundRule]] = {}
    for bound in problem.rules:
        named.setdefault((bound.rule.name or bound.rule.rule, bound.rule.hard), []).append(bound)
    for (name, hard), group in named.items():
        found: list[Violation] = []
        for bound in group:
            found.extend(bound.rule.audit(schedule, bound.scope(problem)))
        say = partial(_sentence, problem, group)
        yield RuleFinding(name, group[0].rule.rule, hard, tuple(found), say)


def _sentence(problem: Problem, group: list[BoundRule]) -> str:
    """What the rules of one name say; how many people each is about where their limits differ."""
    about: dict[str, set[int]] = {}
    for bound in group:
        said = sentence_with_names(problem, bound.rule)
        about.setdefault(said, set()).update(bound.residents)
    if len(about) == 1 or not all(bound.rule.per_resident for bound in group):
        return "; ".join(about)
    numbers = ("1 person" if len(who) == 1 else f"{len(who)} people" for who in about.values())
    return "; ".join(f"{said} ({number})" for said, number in zip(about, numbers, strict=True))
