"""The engine: from a problem to the best schedule it finds and the bound it proves.

It knows the model and the solvers, no rule by name, no file and no command line.
"""

from __future__ import annotations

import gc
from collections.abc import Callable

from scheduler.engine.columns import decisions
from scheduler.engine.cpsat import Stopper
from scheduler.engine.elastic import elastic
from scheduler.engine.guided import GuidedSearch
from scheduler.engine.incumbent import Incumbent
from scheduler.engine.outcome import Clock, Listener, Outcome, Status, Step, silent
from scheduler.engine.settings import Settings
from scheduler.engine.small import SmallSearch
from scheduler.engine.stake import at_stake
from scheduler.engine.teams import with_teams
from scheduler.model.decode import decode
from scheduler.model.linear import Arrays
from scheduler.model.year import YearModel
from scheduler.problem.problem import Problem

#: Below this many columns the whole model goes to CP-SAT at once (measured: see benchmarks).
SMALL_COLUMNS = 25_000


def solve(
    problem: Problem,
    settings: Settings,
    clock: Clock | None = None,
    listener: Listener = silent,
    stopper: Stopper | None = None,
    relaxed: bool = False,
    build: Callable[[Problem, bool], YearModel] = YearModel,
) -> Outcome:
    """Search until the gap or the time limit is reached, or ``stopper`` is told to stop.

    With ``relaxed``, hard rules are charged by their ``give`` and soft rules
    ignored: the least bad schedule of a problem that has no valid one.
    """
    clock = clock or Clock(limit=settings.time_limit)
    stopper = stopper or Stopper()
    began = clock.now()
    listener(Step(round(clock.now(), 2), None, None, "building the model"))
    year, arrays = _built(problem, relaxed, build)
    chosen = decisions(year)
    best = Incumbent(
        elastic(arrays, chosen.owner),
        clock,
        offset=year.offset,
        at_stake=0 if relaxed else at_stake(problem),
        gap=settings.gap,
        listener=listener,
    )
    built = clock.now()
    if year.linear.infeasible:
        return _outcome(year, best, Status.INFEASIBLE, clock, began, built, 0.0, stopper)
    search: SmallSearch | GuidedSearch
    if arrays.columns <= SMALL_COLUMNS:
        search = SmallSearch(arrays, best, settings, clock, stopper)
    else:
        search = GuidedSearch(arrays, chosen, best, settings, clock, stopper)
    status = search.run()
    found = _outcome(year, best, status, clock, began, built, search.bound_seconds, stopper)
    return with_teams(found, problem, settings, relaxed)


def _built(
    problem: Problem, relaxed: bool, build: Callable[[Problem, bool], YearModel]
) -> tuple[YearModel, Arrays]:
    """The model and its arrays; millions of small objects that live on need no collector."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        year = build(problem, relaxed)
        arrays = year.linear.arrays()
        year.linear.forget_rows()
        return year, arrays
    finally:
        gc.freeze()
        if collecting:
            gc.enable()


def _outcome(
    year: YearModel,
    best: Incumbent,
    status: Status,
    clock: Clock,
    began: float,
    built: float,
    bound_seconds: float,
    stopper: Stopper,
) -> Outcome:
    values = best.valid_values
    schedule = None if values is None else decode(year, values.tolist())
    if schedule is not None:
        status = Status.OPTIMAL if best.cost == best.bound else Status.FEASIBLE
    first = next((step.seconds for step in best.steps if step.cost is not None), None)
    return Outcome(
        status=status,
        schedule=schedule,
        cost=best.cost,
        bound=best.bound,
        at_stake=best.at_stake,
        progress=tuple(best.steps),
        seconds={
            **({} if first is None else {"first_schedule": first}),
            "build": round(built - began, 2),
            "bound": round(bound_seconds, 2),
            "search": round(clock.now() - built, 2),
        },
        interrupted=stopper.stopped,
        columns=best.model.columns,
        rows=best.model.arrays.matrix.shape[0],
    )
