"""The harness itself: it enumerates what it should, and its shortcuts are exact."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest

from scheduler.model.linear import Sum
from scheduler.model.year import YearModel
from scheduler.problem.problem import Problem
from scheduler.problem.rotation import VACATION
from scheduler.rules.example import Example, Person, example_problem
from scheduler.schedule.schedule import Schedule
from tests.rules.exhaustive import Schedules, any_years
from tests.rules.judges import ModelJudge, best_cost, decided_values
from tests.rules.random_problems import random_problem
from tests.rules.variants import build_rule, shapes


def _tiny(weeks: int = 2, block_weeks: int = 1, **person: object) -> Problem:
    rule = {"rule": "coverage", "rotations": "WARD", "minimum": 0}
    example = Example(
        "tiny",
        rule,
        {"A": " ".join(["WARD"] * weeks)},
        block_weeks=block_weeks,
        residents={"A": Person(**person)},  # type: ignore[arg-type]
    )
    return example_problem(example, (build_rule(rule),))


def test_weekly_years_are_all_there() -> None:
    """Two weeks of ward, clinic or vacation: nine years."""
    problem = _tiny()
    space = any_years(problem, problem.residents[0])
    rows = {space.at(index)[1] for index in range(space.size)}
    assert rows == set(product(("WARD", "CLINIC", VACATION), repeat=2))


def test_a_block_is_one_rotation_with_any_of_its_weeks_on_vacation() -> None:
    """A two-week block: two rotations times three, and the wholly vacated block."""
    problem = _tiny(block_weeks=2)
    space = any_years(problem, problem.residents[0])
    rows = [space.at(index)[1] for index in range(space.size)]
    assert len(rows) == len(set(rows)) == 7
    assert ("WARD", "CLINIC") not in rows


def test_leave_and_absence_are_filled_in() -> None:
    """What the input decides is the same in every schedule."""
    problem = _tiny(weeks=3, leave=(2,), away=(3,))
    assert {one.cells[0][1:] for one in Schedules(problem)} == {("LEAVE", "AWAY")}


def test_a_sample_is_distinct_seeded_and_of_the_size_asked_for() -> None:
    """Where there are too many, the same few are drawn every time."""
    problem = _tiny(weeks=6)
    drawn = [one.cells for one in Schedules(problem, most=50)]
    assert drawn == [one.cells for one in Schedules(problem, most=50)]
    assert 25 <= len(set(drawn)) <= 50


def test_every_shape_covers_the_year_in_order() -> None:
    """Whatever the blocks, each grid holds every part exactly once, in order."""
    for shape, problem in shapes(_tiny(weeks=4, block_weeks=2)):
        parts = list(range(len(problem.calendar.parts)))
        for grid in problem.grids.values():
            assert [p for block in grid.blocks for p in block.parts] == parts, shape


def test_a_shifted_grid_splits_weeks() -> None:
    """The shape that splits weeks has more parts than weeks."""
    shaped = dict(shapes(_tiny(weeks=4, block_weeks=2)))["blocks that split weeks"]
    assert len(shaped.calendar.parts) > len(shaped.calendar.weeks)


def _by_brute_force(problem: Problem, schedule: Schedule) -> int | None:
    """The model's verdict without any shortcut: the whole model, some columns fixed by rows."""
    year = YearModel(problem)
    values = decided_values(year, schedule)
    if values is None:
        return None
    judge = ModelJudge(problem)
    for column in judge.decided_columns:
        year.linear.row(Sum({column: 1}), int(values[column]), int(values[column]))
    return best_cost(year)[0]


@pytest.mark.parametrize("seed", range(20))
def test_verdict_is_that_of_the_whole_model(seed: int) -> None:
    """Fixing columns in the whole model and solving it gives the judge's verdict."""
    problem, schedules = random_problem(seed, 1000)
    judge = ModelJudge(problem)
    for schedule in Random(seed).sample(schedules, min(6, len(schedules))):
        assert judge.verdict(schedule) == _by_brute_force(problem, schedule)
