"""How loose each rule leaves the linear relaxation: exact relaxation against proven optimum.

Rules do not pull against anything in their examples, so small random prices are
put on every choice, as wishes would be.  Without any rule the relaxation of the
grid is exact: what differs comes from the rule (and the others of its example).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil
from random import Random

from scheduler.model.linear import Arrays
from scheduler.model.year import YearModel
from scheduler.problem.problem import Problem
from scheduler.rules.base import Rule
from scheduler.rules.registry import rule_kinds
from tests.benchmarks.model import whole_model
from tests.benchmarks.solvers import cp_sat, highs, relaxed_optimum
from tests.rules.variants import build_rule, examples_of, problem_of, shapes, with_weight

#: Price of a missed unit of a soft rule, and the highest price of a choice.
WEIGHT, MOST_PRICE = 3, 6
#: Prices drawn anew for each case.
DRAWS = 2
WORKERS = 2
_SLACK = 1e-6


@dataclass(frozen=True)
class Measured:
    """One small case: its relaxation and its optimum, and whether that is proven.

    Where it is not, ``optimum`` is the best schedule found and ``bound`` the best proven.
    """

    case: str
    relaxation: float
    optimum: int
    bound: int
    at_stake: int = 0

    @property
    def exact(self) -> bool:
        """Whether the relaxation, rounded up, is the optimum."""
        return ceil(self.relaxation - _SLACK) >= self.optimum

    @property
    def proven(self) -> bool:
        return self.bound >= self.optimum

    @property
    def gap(self) -> float:
        """What the relaxation misses, as a share of the optimum."""
        missing = max(0.0, self.optimum - self.relaxation)
        return missing / max(1, self.at_stake or self.optimum)


@dataclass(frozen=True)
class Looseness:
    """All cases of one rule, as a wish or as a must, and the mean gap without the rule."""

    kind: str
    soft: bool
    cases: Sequence[Measured]
    without: float

    @property
    def exact(self) -> int:
        return sum(case.exact for case in self.cases)

    @property
    def mean(self) -> float:
        return sum(case.gap for case in self.cases) / len(self.cases)

    @property
    def worst(self) -> Measured:
        return max(self.cases, key=lambda case: case.gap)


def looseness(kinds: Sequence[str] = ()) -> Iterator[Looseness]:
    """Measure each rule that may be soft, and each that may be hard, on its examples."""
    for kind in kinds or rule_kinds():
        for soft in (True, False):
            cases: list[Measured] = []
            without: list[float] = []
            for name, problem, rule in _variants(kind, soft):
                for draw in range(DRAWS):
                    found = measured(f"{name}, draw {draw}", problem, Random(f"{name} {draw}"))
                    if found is not None:
                        cases.append(found)
                        without.append(_gap_without(name, draw, problem, rule))
            if cases:
                yield Looseness(kind, soft, cases, sum(without) / len(without))


def _variants(kind: str, soft: bool) -> Iterator[tuple[str, Problem, Rule]]:
    """The rule's examples in all shapes, made soft or hard."""
    for example in examples_of(kind):
        rule = build_rule(example.rule)
        if rule.hard == soft:
            other = with_weight(example.rule, WEIGHT if soft else None)
            if other is None:
                continue
            rule = other
        for shape, problem in shapes(problem_of(example, rule)):
            yield f"{example.title}, {shape}", problem, rule


def _gap_without(name: str, draw: int, problem: Problem, rule: Rule) -> float:
    others = tuple(bound for bound in problem.rules if bound.rule is not rule)
    bare = replace(problem, rules=others)
    found = measured(name, bare, Random(f"{name} {draw}"))
    return 0.0 if found is None else found.gap


def measured(
    case: str, problem: Problem, random: Random | None = None, seconds: float = 20.0, stake: int = 0
) -> Measured | None:
    """Relaxation and optimum of ``problem``; None where it has no schedule.

    With ``random``, prices are drawn for every choice, vacation week and holiday duty.
    """
    year, arrays = whole_model(problem)
    if year.linear.infeasible:
        return None
    if random is not None:
        _price(year, arrays, random)
    relaxation = relaxed_optimum(year.extension.onto(arrays))
    if relaxation is None:
        return None
    found = cp_sat(arrays, seconds, WORKERS, 1)
    if found.status == "infeasible":
        return None
    answers = [found] if found.status == "optimal" else [found, highs(arrays, seconds, WORKERS, 1)]
    costs = [one.cost + year.offset for one in answers if one.cost is not None]
    bounds = [one.bound + year.offset for one in answers if one.bound is not None]
    if not costs:
        return None
    relaxation += year.offset
    bound = max([ceil(relaxation - _SLACK), *bounds])
    return Measured(case, relaxation, min(costs), bound, stake)


def _price(year: YearModel, arrays: Arrays, random: Random) -> None:
    """Prices as of wishes on everything that is decided."""
    for grids, vacation in zip(year.grids, year.vacation_columns, strict=True):
        for column in vacation.values():
            arrays.cost[column] += random.randint(0, MOST_PRICE // 2)
        for block in (block for grid in grids for block in grid.blocks):
            for column in block.choices.values():
                arrays.cost[column] += random.randint(0, MOST_PRICE)
    for columns in (year.holidays.off_columns, year.holidays.pull_columns):
        for column in columns.values():
            arrays.cost[column] += random.randint(0, MOST_PRICE // 2)


# -- generated programs -----------------------------------------------------------------


def of_program(name: str, problem: Problem, seconds: float) -> Iterator[Measured]:
    """A small program with wishes and one kind of soft rule at a time, then with all of them."""
    stake = sum(bound.rule.stake(bound.scope(problem)) for bound in problem.rules)
    soft: dict[str, list[str]] = defaultdict(list)
    for bound in problem.rules:
        if not bound.rule.hard and bound.rule.rule != "request":
            soft[bound.rule.rule].append(bound.rule.name)
    for kind in ("", *soft, "all"):
        kept = {"all": set(soft), "": set[str]()}.get(kind, {kind})
        rules = tuple(
            bound
            for bound in problem.rules
            if bound.rule.hard or bound.rule.rule in kept or bound.rule.rule == "request"
        )
        said = f"{name}, {'wishes only' if not kind else f'wishes and {kind}'}"
        found = measured(said, replace(problem, rules=rules), None, seconds, stake)
        if found is not None:
            yield found
