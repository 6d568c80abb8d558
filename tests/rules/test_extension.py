"""What only relaxations get: it forbids and charges nothing new, and lifts the bound."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from scheduler.model.extension import Extension
from scheduler.model.linear import Arrays, Sum
from scheduler.model.vacation_orders import _Order
from scheduler.model.year import YearModel
from scheduler.problem.problem import Problem
from scheduler.rules.asking import asks, vacation
from scheduler.rules.example import Example, example_problem
from tests.benchmarks.solvers import relaxed_optimum
from tests.rules.agreement import disagreements
from tests.rules.exhaustive import Schedules
from tests.rules.judges import best_cost
from tests.rules.variants import build_rule, hard_and_soft, shapes

Options = Mapping[str, Any]

#: Schedules that are compared of each problem.
FEW = 120
#: Wishes for two weeks in a row, for three, for one, and for two that are not.
CHOICES = (
    asks("1", vacation(1, 1, 2), vacation(2, 4, 5, 6)),
    asks("2", vacation(1, 5, 6), vacation(2, 0, 3), vacation(3, 6)),
)
#: Who may have how many weeks: exactly, or up to so many.
OWED: tuple[Options, ...] = (
    {"rule": "vacation", "weeks": 3},
    {"rule": "vacation", "minimum": 0, "maximum": 4},
    {"rule": "vacation", "minimum": 1, "maximum": 2, "when": {"weeks": "2-7"}},
)


def sharpened(problem: Problem, relaxed: bool) -> YearModel:
    """The year's model with the extension's columns and rows among its own."""
    year = YearModel(problem, relaxed)
    arrays = year.linear.arrays()
    sharper = year.extension.onto(arrays)
    for _ in range(arrays.columns, sharper.columns):
        year.linear.column(0, 1)
    for row in range(arrays.matrix.shape[0], sharper.matrix.shape[0]):
        here = slice(sharper.matrix.indptr[row], sharper.matrix.indptr[row + 1])
        terms = zip(sharper.matrix.indices[here], sharper.matrix.data[here], strict=True)
        total = Sum({int(column): int(factor) for column, factor in terms})
        low, high = sharper.row_lower[row], sharper.row_upper[row]
        if np.isfinite(low):
            year.linear.row(total, lower=int(low))
        if np.isfinite(high):
            year.linear.row(total, upper=int(high))
    return year


def _problems(owed: Options, apart: int, weeks: int = 7) -> Iterator[Problem]:
    """Vacations that may be too far apart, hard and soft, with wishes, on all kinds of blocks."""
    wishes = build_rule({"rule": "request", "lane": "time-off", "weight": 1})
    for rule in hard_and_soft({"rule": "vacation", "apart_maximum": apart, "weight": 2}):
        grid = {"A": " ".join(["CLINIC"] * weeks)}
        example = Example(
            "far", {}, grid, rotations=("CLINIC", "WARD"), block_weeks=1, choices=CHOICES
        )
        for _, problem in shapes(example_problem(example, (rule, build_rule(owed), wishes))):
            yield problem


@pytest.mark.parametrize("owed", OWED, ids=("exactly", "up to", "some weeks"))
@pytest.mark.parametrize("apart", (1, 2))
def test_what_relaxations_get_changes_no_verdict(owed: Options, apart: int) -> None:
    """With all of it in the model, every schedule is judged as the audit judges it."""
    sharper = 0
    for problem in _problems(owed, apart):
        found = disagreements(problem, Schedules(problem, FEW), build=sharpened)
        assert not found, f"such as\n{found[0]}"
        sharper += _relaxed(problem)[1] is not None
    assert sharper


@pytest.mark.parametrize("name", ("_far", "post_granted", "_is"))
def test_a_mistake_in_it_is_caught(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Farther by a week, wishes for one week more, or weeks taken for later ones: some schedule
    is judged otherwise."""
    wrong = {
        "_far": lambda right: lambda order, apart: right(order, apart - 1),
        "post_granted": lambda right: (
            lambda order, weeks, column: right(order, (*weeks, weeks[-1] + 1), column)
        ),
        "_is": lambda right: lambda order, number, place: right(order, number, place - 1),
    }[name]
    monkeypatch.setattr(_Order, name, wrong(getattr(_Order, name)))
    assert any(
        disagreements(problem, Schedules(problem, FEW), build=sharpened)
        for problem in _problems(OWED[0], 2)
    )


# -- the relaxation ----------------------------------------------------------------------


def _relaxed(problem: Problem) -> tuple[float | None, float | None]:
    """The relaxation of the model, and of the sharper one (None where that is the same)."""
    year = YearModel(problem)
    arrays = year.linear.arrays()
    sharper = year.extension.onto(arrays)
    more = None if sharper is arrays else relaxed_optimum(sharper)
    plain = relaxed_optimum(arrays)
    return plain, more


def test_relaxation_sees_that_two_wishes_are_too_far_apart() -> None:
    """Two weeks in July and two in November, or one of them in time: halves of both do not fill
    each other's gap."""
    choices = (
        asks("1", vacation(1, 1, 2), vacation(2, 3, 4)),
        asks("2", vacation(1, 20, 21), vacation(2, 9)),
    )
    grid = {"A": " ".join(["CLINIC"] * 24)}
    example = Example("far", {}, grid, rotations=("CLINIC", "WARD"), choices=choices)
    rules = (
        {"rule": "vacation", "weeks": 4},
        {"rule": "vacation", "apart_maximum": 8, "weight": 1},
        {"rule": "request", "lane": "time-off", "weight": 2},
    )
    problem = example_problem(example, tuple(build_rule(one) for one in rules))
    year = YearModel(problem)
    least, _ = best_cost(year)
    assert least
    plain, sharper = _relaxed(problem)
    assert plain is not None
    assert sharper is not None
    assert plain + year.offset < 0.7 * least
    assert sharper + year.offset == pytest.approx(least)


def test_nothing_is_added_where_the_number_of_weeks_is_not_known() -> None:
    """Then the model is the same object, and costs nothing more."""
    far = build_rule({"rule": "vacation", "apart_maximum": 2, "weight": 1})
    for owed in ({"rule": "vacation", "minimum": 1}, {"rule": "vacation", "weeks": 3, "weight": 9}):
        example = Example("far", {}, {"A": " ".join(["CLINIC"] * 7)}, rotations=("CLINIC",))
        year = YearModel(example_problem(example, (far, build_rule(owed))))
        arrays = year.linear.arrays()
        assert year.extension.onto(arrays) is arrays


def test_columns_come_after_the_models_own() -> None:
    """Whatever the model's size is in the end."""
    extension = Extension()
    first, second = extension.column(), extension.column()
    extension.row(first.copy().add(second, -2).add(Sum({1: 3}, constant=4)), lower=5)
    one = Arrays(
        cost=np.ones(2),
        lower=np.zeros(2),
        upper=np.ones(2),
        matrix=csr_matrix(np.ones((1, 2))),
        row_lower=np.zeros(1),
        row_upper=np.ones(1),
    )
    both = extension.onto(one)
    assert both.matrix.toarray().tolist() == [[1, 1, 0, 0], [0, 3, 1, -2]]
    assert both.row_lower.tolist() == [0, 1]
    assert both.cost.tolist() == [1, 1, 0, 0]
