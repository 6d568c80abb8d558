"""The best bound that whole years prove, with all threads: what every method is measured against.

A chief waits a minute, and the engine's threads have a schedule to make in it.  How far that is
from the best possible is known only once they have worked at the bound alone for longer.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from scheduler.engine.columns import decisions
from scheduler.engine.guide import Guide
from scheduler.engine.guided import GuidedSearch
from scheduler.engine.incumbent import Incumbent
from scheduler.engine.lifting import YEAR_SECONDS
from scheduler.engine.outcome import Clock, Step
from scheduler.engine.rounds import YearBounds
from scheduler.engine.searches import Limits, Stopper
from scheduler.engine.settings import Settings
from scheduler.engine.structure import Structure, structure_of
from scheduler.engine.totals import bounded_totals
from scheduler.engine.workers import RelaxationWorker
from scheduler.model.year import YearModel
from scheduler.problem.problem import Problem

#: The part of the time in which a schedule is made: without one, prices of years are wild.
SCHEDULE = 0.2


def bound_by_years(
    problem: Problem, clock: Clock, workers: int, seed: int, listener: Callable[[Step], None]
) -> tuple[YearModel, Incumbent]:
    """A schedule by the engine, then rounds of whole years until none lifts the bound, or
    ``clock`` ends."""
    year = YearModel(problem, False)
    arrays = bounded_totals(year.linear.arrays(), year.linear.totals)
    structure = structure_of(arrays, decisions(year), year.extension.onto(arrays))
    best = Incumbent(arrays, clock, offset=year.offset, listener=listener)
    settings = Settings(time_limit=clock.limit, gap=0.0, seed=seed, workers=workers)
    years = _years(structure, best, settings, clock)
    if years is not None:
        threads = [
            threading.Thread(target=_lift, args=(years, best, clock, seed)) for _ in range(workers)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return year, best


def _years(
    structure: Structure, best: Incumbent, settings: Settings, clock: Clock
) -> YearBounds | None:
    """The guided search for a part of the time: the bound as far as it was lifted by then."""
    part = Clock(clock.started, SCHEDULE * clock.limit)
    worker = RelaxationWorker()
    try:
        guided = structure.chosen.guided
        guide = Guide(structure.arrays, guided, settings.seed, worker, structure.sharper, part.left)
        search = GuidedSearch(structure, guide, best, settings, part, Stopper(), bound_first=True)
        search.run()
    finally:
        worker.stop()
    return search.years


def _lift(years: YearBounds, best: Incumbent, clock: Clock, seed: int) -> None:
    stopper = Stopper()
    while clock.left() > 0 and not years.ended:
        if not years.lift(Limits(YEAR_SECONDS, workers=1, seed=seed), stopper):
            time.sleep(0.01)  # others still look at the last years of this round
        best.claim(years.bound)
