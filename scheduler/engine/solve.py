"""The engine: from a problem to the best schedule it finds and the bound it proves.

It knows the model and the solvers, no rule by name, no file and no command line.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache

from scheduler.engine.columns import decisions
from scheduler.engine.guide import Guide
from scheduler.engine.guided import GuidedSearch
from scheduler.engine.incumbent import Incumbent
from scheduler.engine.outcome import Clock, Listener, Outcome, Status, Step, WorkClock, silent
from scheduler.engine.rounds import YearBounds
from scheduler.engine.searches import Stopper
from scheduler.engine.settings import Settings
from scheduler.engine.small import FIRST_COLUMNS, SmallSearch
from scheduler.engine.stake import at_stake
from scheduler.engine.structure import structure_of
from scheduler.engine.teams import with_teams
from scheduler.engine.totals import bounded_totals
from scheduler.engine.watch import Watch, never
from scheduler.engine.workers import RelaxationWorker
from scheduler.model.decode import decode
from scheduler.model.encode import encode
from scheduler.model.linear import Arrays, Integers
from scheduler.model.spare import without_spare_names
from scheduler.model.year import YearModel
from scheduler.problem.problem import Problem
from scheduler.schedule.schedule import Schedule

#: Up to this many columns, whole years prove the bound and are combined (measured: see benchmarks).
SMALL_COLUMNS = 60_000


def solve(
    problem: Problem,
    settings: Settings,
    clock: Clock | None = None,
    listener: Listener = silent,
    stopper: Stopper | None = None,
    relaxed: bool = False,
    build: Callable[[Problem, bool], YearModel] = YearModel,
    start: Schedule | None = None,
) -> Outcome:
    """Search until the gap or the time limit is reached, or ``stopper`` is told to stop.

    With ``relaxed``, hard rules are charged by their ``give`` and soft rules
    ignored: the least bad schedule of a problem that has no valid one.
    ``start`` is a schedule to start from, which may have empty cells.
    """
    clock = _clock(settings, clock)
    stopper = stopper or Stopper()
    began = clock.now()
    listener(Step(round(began, 2), None, None, "building the model"))
    with _helper_process(problem, settings) as start_worker:
        year, arrays, sharper = _built(problem, relaxed, build)
        best = Incumbent(
            arrays,
            clock,
            offset=year.offset,
            at_stake=0 if relaxed else at_stake(problem),
            gap=settings.gap,
            listener=listener,
        )
        built = clock.now()
        if year.linear.infeasible:
            return _outcome(year, best, Status.INFEASIBLE, clock, began, built, 0.0, stopper)
        wanted = None if start is None else encode(year, start)

        chosen, small = decisions(year), arrays.columns <= SMALL_COLUMNS

        @cache
        def guide() -> Guide:
            return Guide(
                arrays,
                chosen.guided,
                settings.seed,
                start_worker(),
                sharper,
                None if settings.deterministic else clock.left,
            )

        if not (small or settings.deterministic) and wanted is None:
            guide().ask_perturbed(settings.workers)  # what the search begins with, a moment earlier
        structure = structure_of(arrays, chosen, sharper)

        def guided(
            wanted: Integers | None, ending: Stopper, years: YearBounds | None = None
        ) -> GuidedSearch:
            return GuidedSearch(
                structure, guide(), best, settings, clock, ending, wanted, years, bound_first=small
            )

        search: SmallSearch | GuidedSearch
        if small:
            search = SmallSearch(structure, best, settings, clock, stopper, guided, wanted)
            status, fault = _searched(search, best, relaxed)
        else:
            with Watch(stopper, best, clocked=not settings.deterministic) as watch:
                search = guided(wanted, watch.phase(never))
                status, fault = _searched(search, best, relaxed)
        found = _outcome(year, best, status, clock, began, built, search.bound_seconds, stopper)
    return replace(with_teams(found, problem, settings, relaxed), fault=fault)


def _searched(
    search: SmallSearch | GuidedSearch, best: Incumbent, relaxed: bool
) -> tuple[Status, Exception | None]:
    """Search; a fault (a bug, no memory) costs nobody the valid schedule found before it."""
    try:
        return search.run(), None
    except Exception as fault:
        if best.values is None or relaxed:
            raise
        return Status.UNKNOWN, fault


def _clock(settings: Settings, clock: Clock | None) -> Clock:
    if settings.deterministic:
        return WorkClock(limit=settings.time_limit)
    return clock or Clock(limit=settings.time_limit)


@contextmanager
def _helper_process(
    problem: Problem, settings: Settings
) -> Iterator[Callable[[], RelaxationWorker | None]]:
    """Gives the process for relaxations; begun now where the model will be large, so that it
    is ready when the model is."""
    workers: list[RelaxationWorker] = []

    def start() -> RelaxationWorker | None:
        if settings.deterministic:
            return None
        if not workers:
            try:
                workers.append(RelaxationWorker())
            except OSError:  # no memory for one: relaxations are solved here
                return None
        return workers[0]

    cells = len(problem.residents) * len(problem.calendar.parts)
    if cells * len(problem.rotations) > 2 * FIRST_COLUMNS:
        start()
    try:
        yield start
    finally:
        for worker in workers:
            worker.stop()


def _built(
    problem: Problem, relaxed: bool, build: Callable[[Problem, bool], YearModel]
) -> tuple[YearModel, Arrays, Arrays]:
    """The model, its arrays, and those for its bound; millions of small objects that live on need
    no collector."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        year = build(problem, relaxed)
        arrays = bounded_totals(year.linear.arrays(), year.linear.totals)
        year.linear.forget_rows()
        return year, arrays, year.extension.onto(arrays)
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
    schedule = None
    if best.values is not None:
        values = without_spare_names(best.arrays, best.values, year.backups.columns)
        schedule = decode(year, values.tolist())
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
        columns=best.arrays.columns,
        rows=best.arrays.matrix.shape[0],
    )
