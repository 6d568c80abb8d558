"""Rules that are phrased more tightly where another hard rule limits how long a stay lasts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import vstack

from scheduler.model.year import YearModel
from scheduler.problem.problem import Problem
from scheduler.rules.example import Example, example_problem
from scheduler.rules.registry import rule_class
from tests.rules.agreement import assert_agreement, disagreements
from tests.rules.exhaustive import Schedules
from tests.rules.judges import best_cost
from tests.rules.variants import build_rule, hard_and_soft, shapes

Options = Mapping[str, Any]

TWO_RUNNING: Options = {"rule": "window", "rotations": "inpatient", "maximum": 2}
TWO_AT_A_TIME: Options = {"rule": "stay", "rotations": ["NIGHT", "ICU"], "maximum": 2}
SOME_VACATION: Options = {"rule": "vacation", "minimum": 0, "maximum": 2}

#: Rules that may use such a limit.
RULES: tuple[Options, ...] = (
    {"rule": "spacing", "rotations": "NIGHT", "apart_minimum": 3},
    {"rule": "spacing", "rotations": ["NIGHT", "ICU"], "apart_minimum": 2, "together": True},
    {"rule": "succession", "next_to": "NIGHT", "never": "ICU"},
    {"rule": "succession", "after": ["NIGHT", "ICU"], "never": ["NIGHT", "ICU"]},
    {"rule": "succession", "after": "NIGHT", "must": ["CLINIC", "VAC"]},
    {"rule": "succession", "after": "NIGHT", "must": "CLINIC"},
)
LIMITS = pytest.mark.parametrize("limit", (TWO_RUNNING, TWO_AT_A_TIME), ids=("window", "stay"))

#: Schedules that are compared of each problem.
FEW = 80


def _problems(limit: Options, weeks: int = 6) -> Iterator[Problem]:
    """Every rule, hard and soft, with the limit, on weekly and other blocks."""
    for options in RULES:
        grid = {"A": " ".join(["CLINIC"] * weeks)}
        example = Example("runs", options, grid, rotations=("NIGHT", "ICU", "CLINIC"))
        for rule in hard_and_soft(options):
            rules = (rule, build_rule(limit), build_rule(SOME_VACATION))
            for _, problem in shapes(example_problem(example, rules)):
                yield problem


@LIMITS
def test_model_and_audit_agree_where_stays_are_limited(limit: Options) -> None:
    """The tighter phrasing forbids and charges what the audit does, no more and no less."""
    for problem in _problems(limit):
        assert_agreement(problem, Schedules(problem, FEW))
        assert_agreement(problem, Schedules(problem, FEW), relaxed=True)


@LIMITS
def test_a_limit_that_does_not_hold_is_caught(
    limit: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rule that says more than it demands is found out by some schedule."""
    monkeypatch.setattr(rule_class(limit["rule"]), "forbids_run", lambda *_: True)
    assert any(disagreements(problem, Schedules(problem, FEW)) for problem in _problems(limit))


# -- the relaxation ----------------------------------------------------------------------


def _relaxed_cost(year: YearModel) -> float:
    """The optimum of the model when every column may be a fraction."""
    arrays = year.linear.arrays()
    above, below = np.isfinite(arrays.row_lower), np.isfinite(arrays.row_upper)
    found = linprog(
        arrays.cost,
        A_ub=vstack([arrays.matrix[below], -arrays.matrix[above]]),
        b_ub=np.concatenate([arrays.row_upper[below], -arrays.row_lower[above]]),
        bounds=np.stack([arrays.lower, arrays.upper], axis=1),
    )
    return float(found.fun) + year.offset


def _places(code: str, number: int) -> Options:
    return {"rule": "coverage", "name": code, "rotations": code, "exactly": number}


#: Small years in which some of the rule must be missed: weeks of a block, residents, rules.
SCARCE: tuple[tuple[str, int, int, tuple[Options, ...]], ...] = (
    (
        "spacing",
        1,
        3,
        ({**RULES[0], "apart_minimum": 6}, _places("NIGHT", 1), _places("WARD", 1)),
    ),
    (
        "next to",
        2,
        5,
        (RULES[2], _places("NIGHT", 2), _places("ICU", 2)),
    ),
    (
        "recovery",
        1,
        4,
        (RULES[4], _places("NIGHT", 1), _places("ICU", 2), _places("WARD", 1)),
    ),
    (
        "prerequisite",
        2,
        5,
        (
            {"rule": "prerequisite", "rotations": "ICU", "minimum": 4, "before": "NIGHT"},
            _places("NIGHT", 1),
            _places("ICU", 1),
        ),
    ),
)


@pytest.mark.parametrize(
    ("block_weeks", "residents", "rules"),
    [one[1:] for one in SCARCE],
    ids=[one[0] for one in SCARCE],
)
def test_relaxation_sees_what_must_be_missed(
    block_weeks: int, residents: int, rules: tuple[Options, ...]
) -> None:
    """Of the least cost of a small year the relaxation finds all but a tenth."""
    people = {f"R{number}": " ".join(["WARD"] * 10) for number in range(residents)}
    rotations = ("WARD", "NIGHT", "ICU", "CLINIC")
    example = Example("scarce", rules[0], people, block_weeks=block_weeks, rotations=rotations)
    limit = {**TWO_RUNNING, "rotations": "NIGHT"}
    built = [build_rule(one) for one in (*rules[1:], limit, {**TWO_AT_A_TIME, "rotations": "ICU"})]
    problem = example_problem(example, (build_rule({**rules[0], "weight": 1}), *built))
    least, _ = best_cost(YearModel(problem))
    assert least
    assert _relaxed_cost(YearModel(problem)) >= 0.9 * least
