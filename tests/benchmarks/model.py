"""The model that every method gets: what the rules say of a problem, as arrays."""

from __future__ import annotations

from scheduler.model.linear import Arrays
from scheduler.model.year import YearModel
from scheduler.problem.problem import Problem


def whole_model(problem: Problem) -> tuple[YearModel, Arrays]:
    """The year's model and its arrays; ``year.offset`` is not in their cost."""
    year = YearModel(problem, False)
    arrays = year.linear.arrays()
    year.linear.forget_rows()
    return year, arrays
