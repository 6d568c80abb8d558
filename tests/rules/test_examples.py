"""Every example of every rule, judged by audit and model: the manual tells the truth."""

from __future__ import annotations

import pytest

from scheduler.rules.base import BoundRule, Rule
from scheduler.rules.example import Example, example_schedule
from scheduler.rules.registry import rule_class, rule_kinds
from tests.rules.agreement import Disagreement
from tests.rules.judges import (
    ModelJudge,
    audit_verdict,
    relaxed_audit_verdict,
    takes_excluded,
)
from tests.rules.variants import all_examples, build_rule, examples_of, hard_and_soft, problem_of

every_example = pytest.mark.parametrize(("kind", "number"), all_examples())
every_rule = pytest.mark.parametrize("kind", rule_kinds())

SOFT_WEIGHT = 3


def _example(kind: str, number: int) -> Example:
    return examples_of(kind)[number]


def _own(example: Example, rule: Rule | None = None) -> BoundRule:
    """The rule an example is about, bound to its problem."""
    return problem_of(example, rule or build_rule(example.rule)).rules[0]


@every_rule
def test_rule_has_examples_that_pass_and_fail(kind: str) -> None:
    """A rule that cannot show a grid it accepts and one it refuses is not tested at all."""
    examples = examples_of(kind)
    assert len(examples) >= 4
    assert any(example.finds for example in examples), "no example fails"
    assert any(not example.finds for example in examples), "no example passes"


@every_rule
def test_rule_states_itself(kind: str) -> None:
    """Every rule has a page, its own kind, and a sentence for each example."""
    one = rule_class(kind)
    assert one.__doc__ and one.__doc__.strip()
    assert one.model_fields["rule"].default == kind
    assert all(build_rule(example.rule).sentence().strip() for example in examples_of(kind))


@every_example
def test_audit_finds_what_the_example_says(kind: str, number: int) -> None:
    """Messages and amounts are as written in the example, in order."""
    example = _example(kind, number)
    problem = problem_of(example, build_rule(example.rule))
    found = list(
        problem.rules[0].rule.audit(
            example_schedule(example, problem), problem.rules[0].scope(problem)
        )
    )
    assert tuple(one.message for one in found) == example.finds
    assert tuple(one.amount for one in found) == example.amounts


@every_example
def test_findings_are_charged_by_the_rule(kind: str, number: int) -> None:
    """Every finding is of its rule, is positive, and costs its amount times the weight."""
    example = _example(kind, number)
    for rule in hard_and_soft(example.rule, SOFT_WEIGHT):
        problem = problem_of(example, rule)
        scope = problem.rules[0].scope(problem)
        for one in rule.audit(example_schedule(example, problem), scope):
            assert (one.kind, one.hard) == (kind, rule.hard)
            assert one.amount > 0
            assert one.cost == one.amount * (rule.weight or 0)


@every_example
def test_example_breaks_no_other_rule(kind: str, number: int) -> None:
    """What is wrong in an example is wrong by its own rule alone."""
    example = _example(kind, number)
    problem = problem_of(example, build_rule(example.rule))
    schedule = example_schedule(example, problem)
    alone = problem_of(example, build_rule(example.rule)).rules[1:]
    others = [v for b in alone for v in b.rule.audit(schedule, b.scope(problem)) if v.hard]
    assert [one.message for one in others] == []


@every_example
def test_model_agrees_with_the_example(kind: str, number: int) -> None:
    """The model allows, refuses or charges the grid as the audit does, hard and soft."""
    example = _example(kind, number)
    for rule in hard_and_soft(example.rule, SOFT_WEIGHT):
        problem = problem_of(example, rule)
        schedule = example_schedule(example, problem)
        verdict, expected = ModelJudge(problem).verdict(schedule), audit_verdict(problem, schedule)
        assert verdict == expected, Disagreement(problem, schedule, verdict, expected)


@every_example
def test_model_alone_judges_as_the_example_says(kind: str, number: int) -> None:
    """A failing example of a hard rule is refused, a passing one allowed, whatever the audit."""
    example = _example(kind, number)
    problem = problem_of(example, build_rule(example.rule))
    verdict = ModelJudge(problem).verdict(example_schedule(example, problem))
    if problem.rules[0].rule.hard:
        assert (verdict is None) == bool(example.finds)
    else:
        weight = problem.rules[0].rule.weight or 0
        assert verdict is not None and verdict >= weight * sum(example.amounts)


@every_example
def test_relaxed_model_charges_every_unit(kind: str, number: int) -> None:
    """Where rules give, a miss costs its amount times ``give``; soft rules are silent."""
    example = _example(kind, number)
    for rule in hard_and_soft(example.rule, SOFT_WEIGHT):
        problem = problem_of(example, rule)
        schedule = example_schedule(example, problem)
        expected = relaxed_audit_verdict(problem, schedule)
        verdict = ModelJudge(problem, relaxed=True).verdict(schedule)
        assert verdict == expected, Disagreement(problem, schedule, verdict, expected)
        assert expected is not None or takes_excluded(problem, schedule)
