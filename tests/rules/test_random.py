"""Random tiny problems of several rules: the solver's optimum is the best of all schedules."""

from __future__ import annotations

import os
from random import Random

import pytest

from scheduler.audit.audit import audit
from scheduler.model.decode import decode
from scheduler.model.year import YearModel
from tests.rules.agreement import assert_agreement, assert_decodes
from tests.rules.judges import audit_verdict, best_cost, relaxed_audit_verdict
from tests.rules.random_problems import random_problem

#: Random problems; more of them can be asked for from outside.
PROBLEMS = int(os.environ.get("RANDOM_PROBLEMS", "40"))

#: Schedules of a random problem at most.
MOST = 3000

every_seed = pytest.mark.parametrize("seed", range(PROBLEMS))


@every_seed
def test_optimum_is_the_best_of_all_schedules(seed: int) -> None:
    """Brute force by the audit and CP-SAT on the model find the same cost, or none."""
    problem, schedules = random_problem(seed, MOST)
    costs = [cost for one in schedules if (cost := audit_verdict(problem, one)) is not None]
    found, _ = best_cost(YearModel(problem))
    if found != min(costs, default=None):
        assert_agreement(problem, schedules)
    assert found == min(costs, default=None)


@every_seed
def test_decoded_optimum_costs_its_objective(seed: int) -> None:
    """The schedule decoded from the solver's values breaks no hard rule and costs as much."""
    problem, _ = random_problem(seed, MOST)
    year = YearModel(problem)
    cost, values = best_cost(year)
    if cost is None:
        return
    report = audit(problem, decode(year, values))
    assert [one.message for one in report.hard_violations] == []
    assert report.cost == cost


@every_seed
def test_relaxed_optimum_is_the_least_that_can_be_missed(seed: int) -> None:
    """Where rules give, the solver misses as little as the best of all schedules."""
    problem, schedules = random_problem(seed, MOST)
    every = (relaxed_audit_verdict(problem, one) for one in schedules)
    found, _ = best_cost(YearModel(problem, relaxed=True))
    if found != min((one for one in every if one is not None), default=None):
        assert_agreement(problem, schedules, relaxed=True)
        pytest.fail("the least miss is not that of any well-formed schedule")


@every_seed
def test_whatever_the_model_allows_is_a_valid_schedule(seed: int) -> None:
    """Any solution, drawn by random prices, decodes to cells that mean the same columns."""
    problem, _ = random_problem(seed, MOST)
    random = Random(seed)
    for _ in range(3):
        assert_decodes(YearModel(problem), random)


def test_random_problems_are_of_both_kinds() -> None:
    """Some problems have a schedule, some have none, and some schedule costs something."""
    found = {best_cost(YearModel(random_problem(seed, MOST)[0]))[0] for seed in range(PROBLEMS)}
    assert None in found
    assert 0 in found
    assert found - {None, 0}
