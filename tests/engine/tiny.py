"""The tiny example as a problem, and a solve of it by the guided search, which is meant for
large models."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from unittest import mock

from scheduler.engine import solve as engine
from scheduler.engine.outcome import Clock, Outcome, Status
from scheduler.engine.settings import Settings
from scheduler.input.load import load_program
from scheduler.problem.problem import Problem

TINY = Path(__file__).parents[2] / "examples" / "tiny"


def tiny_problem() -> Problem:
    return load_program(TINY).problem


@cache
def best() -> Outcome:
    """The tiny example solved to the proven best, once for all tests of a process."""
    found = engine.solve(tiny_problem(), Settings(gap=0.0), Clock(limit=400))
    assert found.status == Status.OPTIMAL
    return found


def solve_guided(problem: Problem, settings: Settings) -> Outcome:
    """Solve as if the model were large."""
    with mock.patch.object(engine, "SMALL_COLUMNS", 0):
        return engine.solve(problem, settings)


def fingerprint(outcome: Outcome) -> str:
    """Everything that two runs must have in common to be the same."""
    schedule = outcome.schedule
    assert schedule is not None
    cells = [" ".join(row) for row in schedule.cells]
    steps = [(step.seconds, step.cost, step.bound) for step in outcome.progress]
    return repr((outcome.cost, outcome.bound, steps, cells))


if __name__ == "__main__":
    import sys

    asked = Settings(time_limit=12.0, gap=0.0, seed=3, deterministic=True)
    solved = solve_guided if sys.argv[1] == "guided" else engine.solve
    print(fingerprint(solved(tiny_problem(), asked)))
