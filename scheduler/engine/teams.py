"""The second pass: the people on each service of a finished year divided into its teams."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import bmat

from scheduler.engine.cpsat import search
from scheduler.engine.outcome import Outcome, Status
from scheduler.engine.restrict import holding, part_of, unrestricted
from scheduler.engine.searches import Limits
from scheduler.engine.settings import Settings
from scheduler.model.encode import UNKNOWN
from scheduler.model.linear import Arrays, Integers
from scheduler.model.teams import TeamModel
from scheduler.problem.problem import Problem
from scheduler.schedule.schedule import Schedule

#: Work allowed for one service (CP-SAT's deterministic seconds): no clock decides here.
WORK = 20.0
#: The relaxation of a division is nearly exact, because stays are intervals: level 2 solves it
#: (measured: 30 people and six teams over a year to the optimum in 0.1 s, level 1 not in 10 s).
_USE_RELAXATION = {"linearization_level": 2}


@dataclass(frozen=True)
class Division:
    """Teams by (resident index, part index), and what they cost.

    ``complete`` is False where no division was found that keeps every hard rule;
    then the teams are the least bad ones.
    """

    teams: Mapping[tuple[int, int], str]
    cost: int
    complete: bool = True


def with_teams(
    outcome: Outcome, problem: Problem, settings: Settings, relaxed: bool = False
) -> Outcome:
    """``outcome`` with its schedule divided into teams, and with their cost.

    The bound remains the year's: a schedule whose teams cost nothing may exist.
    """
    if outcome.schedule is None or not problem.teams:
        return outcome
    division = divide(problem, outcome.schedule, settings, relaxed)
    schedule = replace(outcome.schedule, teams=division.teams)
    if not division.complete:
        return replace(outcome, schedule=schedule, status=Status.UNKNOWN, divided=False)
    cost = (outcome.cost or 0) + division.cost
    status = Status.OPTIMAL if cost == outcome.bound else Status.FEASIBLE
    return replace(outcome, schedule=schedule, cost=cost, status=status)


def divide(
    problem: Problem, schedule: Schedule, settings: Settings, relaxed: bool = False
) -> Division:
    """The best division found; with ``relaxed``, hard rules are charged and soft ones ignored.

    Services that no rule ties together are divided one by one, each exactly or as
    far as its share of work goes.  Of equally good divisions the earlier one is
    taken, where the problem has an earlier schedule.
    """
    if not problem.teams:
        return Division({}, 0)
    model = TeamModel(problem, schedule, relaxed)
    arrays = model.linear.arrays()
    wanted = np.full(arrays.columns, UNKNOWN, dtype=np.int64)
    for column, value in model.known().items():
        wanted[column] = value
    values = None if model.linear.infeasible else _values(arrays, wanted, settings)
    if values is not None:
        cost = model.offset + int(np.rint(arrays.cost).astype(np.int64) @ values)
        return Division(model.decode(values.tolist()), cost)
    if relaxed:
        raise AssertionError("a division that may miss every rule exists always")
    return replace(divide(problem, schedule, settings, relaxed=True), complete=False)


def _values(arrays: Arrays, wanted: Integers, settings: Settings) -> Integers | None:
    """The best values found, near ``wanted`` (UNKNOWN where nothing is); None if there are none."""
    values = np.zeros(arrays.columns, dtype=np.int64)
    limits = Limits(work=WORK, workers=1, seed=settings.seed, extra=_USE_RELAXATION)
    for columns, part in _parts(arrays):
        found = _best(part, wanted[columns], limits)
        if found is None:
            return None
        values[columns] = found
    return values


def _best(arrays: Arrays, wanted: Integers, limits: Limits) -> Integers | None:
    """The best values found: those as ``wanted``, unless others are better."""
    known = wanted != UNKNOWN
    start = search(holding(arrays, wanted), limits) if known.any() else None
    hint = None if start is None else start.values
    found = search(unrestricted(arrays), limits, hint=hint)
    # CP-SAT may end with another solution of the same cost, hint or not.
    if start is None or hint is None:
        return found.values
    return hint if found.values is None or start.cost <= found.cost else found.values


def _parts(arrays: Arrays) -> Iterator[tuple[Integers, Arrays]]:
    """The model in parts that share no row, each with its columns."""
    from scipy.sparse.csgraph import connected_components  # loads all of its linear algebra

    matrix = arrays.matrix.tocsr()
    count, labels = connected_components(bmat([[None, matrix], [matrix.T, None]]), directed=False)
    of_row, of_column = labels[: matrix.shape[0]], labels[matrix.shape[0] :]
    for label in range(count):
        columns, rows = np.flatnonzero(of_column == label), np.flatnonzero(of_row == label)
        yield columns, part_of(arrays, rows, columns)
