"""Model and audit agree on all schedules of every example's tiny problem, and of its variations."""

from __future__ import annotations

from functools import cache

import pytest

from scheduler.rules.registry import rule_kinds
from tests.rules.agreement import assert_agreement
from tests.rules.exhaustive import MOST, Schedules
from tests.rules.judges import audit_verdict
from tests.rules.variants import (
    all_examples,
    build_rule,
    examples_of,
    hard_and_soft,
    narrowed,
    problem_of,
    schedule_near,
    shapes,
)

every_example = pytest.mark.parametrize(("kind", "number"), all_examples())

#: Of a variation fewer schedules are drawn than of the example as it is written.
FEWER = MOST // 3


@every_example
def test_model_and_audit_agree(kind: str, number: int) -> None:
    """On every schedule, hard and soft, on weekly, two-week, split and alternative blocks."""
    example = examples_of(kind)[number]
    for rule in hard_and_soft(example.rule):
        for shape, problem in shapes(problem_of(example, rule)):
            near = schedule_near(example, problem, shape)
            most = MOST if near is not None else FEWER
            assert_agreement(problem, Schedules(problem, most, near))


@every_example
def test_model_and_audit_agree_on_a_part(kind: str, number: int) -> None:
    """So they do where the rule is about some weeks only, and about some of the people."""
    example = examples_of(kind)[number]
    for options in narrowed(example):
        for rule in hard_and_soft(options):
            problem = problem_of(example, rule)
            near = schedule_near(example, problem, "as written")
            assert_agreement(problem, Schedules(problem, FEWER, near))


@every_example
def test_relaxed_model_and_audit_agree(kind: str, number: int) -> None:
    """Where rules give, the model charges amount times ``give`` on every schedule."""
    example = examples_of(kind)[number]
    for shape, problem in shapes(problem_of(example, build_rule(example.rule))):
        near = schedule_near(example, problem, shape)
        assert_agreement(problem, Schedules(problem, FEWER, near), relaxed=True)


@cache
def _verdicts(kind: str) -> set[bool]:
    """Whether schedules of the rule's hard examples are allowed: both answers are wanted."""
    found: set[bool] = set()
    for example in examples_of(kind):
        problem = problem_of(example, build_rule(example.rule))
        if problem.rules[0].rule.hard:
            near = schedule_near(example, problem, "as written")
            schedules = Schedules(problem, FEWER, near)
            found |= {audit_verdict(problem, one) is None for one in schedules}
    return found


@pytest.mark.parametrize("kind", rule_kinds())
def test_comparison_is_not_empty(kind: str) -> None:
    """The schedules that are compared contain allowed and forbidden ones of every rule."""
    hard = any(build_rule(example.rule).hard for example in examples_of(kind))
    assert not hard or _verdicts(kind) == {True, False}
