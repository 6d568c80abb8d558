"""The search for small models: CP-SAT on the whole, then groups, and better bounds beside both."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable

import numpy as np

from scheduler.engine.cpsat import Answer, Found, Limits, Stopper, search
from scheduler.engine.guide import median_price
from scheduler.engine.guided import GuidedSearch
from scheduler.engine.incumbent import Incumbent
from scheduler.engine.lifting import YEAR_SECONDS
from scheduler.engine.moves import RELAXATIONS
from scheduler.engine.outcome import Clock, Status
from scheduler.engine.relaxation import Relaxation, solve_relaxation
from scheduler.engine.restrict import holding, unrestricted
from scheduler.engine.rounds import YearBounds
from scheduler.engine.settings import Settings
from scheduler.engine.structure import Structure
from scheduler.model.encode import UNKNOWN
from scheduler.model.linear import Integers

#: The relaxation of a small model is solved tightly; this caps a degenerate one.
MOST_ITERATIONS = 20_000
#: Seconds (or work) for completing an earlier schedule as it is.
START = 5.0
#: Seconds after the first schedule when the guided search takes over, and seconds (at least this
#: part of the limit) without any (measured at 15 s on seven programs: lower on three, 204 against
#: 261 on examples/community, the same on two, higher on two).
WHOLE, WITHOUT, PART = 3.0, 10.0, 0.25
#: Work for the whole where no clock may decide.
FIRST_WORK = 10.0


class SmallSearch:
    """Proves a bound by the relaxation and by CP-SAT itself, whichever is better."""

    def __init__(
        self,
        structure: Structure,
        best: Incumbent,
        settings: Settings,
        clock: Clock,
        stopper: Stopper,
        guided: Callable[[Integers | None, Stopper, YearBounds | None], GuidedSearch],
        wanted: Integers | None = None,
    ) -> None:
        self._structure = structure
        self._arrays = structure.arrays
        self._best = best
        self._settings = settings
        self._clock = clock
        self._stopper = stopper
        self._guided = guided
        self._wanted = wanted
        self._trying = Stopper()
        self._first = math.inf
        self._years: YearBounds | None = None
        self._fault: Exception | None = None
        self.bound_seconds = 0.0

    def run(self) -> Status:
        """Search to the gap, the optimum or the time limit."""
        ending = Stopper()
        watching = threading.Thread(target=self._watch, args=(ending,), daemon=True)
        bounding = threading.Thread(target=self._bound, args=(ending,), daemon=True)
        watching.start()
        if self._settings.deterministic:
            self._relax()
        else:
            bounding.start()
        self._start()
        self._best.say("searching the whole model")
        found = self._whole()
        status = self._after_whole(found, ending)
        ending.stop()
        watching.join()
        if self._years is not None:  # a relaxation under way cannot be stopped: nobody waits
            bounding.join()
        if self._fault is not None:
            raise self._fault
        return status

    def _after_whole(self, found: Found, ending: Stopper) -> Status:
        """Take what the search of the whole ended with; if that is no proof, go on guided.

        From the beginning, unless there was an earlier schedule: what CP-SAT
        found first is often a worse place to start from than the relaxation.
        """
        if found.answer == Answer.INFEASIBLE:
            return Status.INFEASIBLE
        if math.isfinite(found.bound):
            self._best.prove(found.bound)
        if found.values is not None:
            self._best.offer(found.cost, found.values)
        if found.answer == Answer.OPTIMAL or ending.stopped or self._clock.left() <= 0:
            return Status.UNKNOWN
        known = None if self._wanted is None else found.values
        return self._guided(known, ending, self._years).run()

    def _whole(self) -> Found:
        """Search until some time after the first schedule; the last schedule is returned."""
        deterministic = self._settings.deterministic

        def report(cost: int, values: Integers) -> bool:
            self._first = min(self._first, self._clock.now())
            return self._best.offer(cost, values)

        found = search(
            unrestricted(self._arrays),
            self._limits(FIRST_WORK if deterministic else math.inf),
            report,
            hint=self._hint(),
            stopper=self._trying,
            bound_report=None if deterministic else self._best.prove,
        )
        self._clock.spend(found.work)
        return found

    def _long_enough(self, seconds: float) -> bool:
        """Whether the whole has been searched long enough, with a schedule or without."""
        patience = max(WITHOUT, PART * self._clock.limit)
        return self._clock.now() - self._first > WHOLE or (
            self._best.cost is None and seconds > patience
        )

    def _watch(self, ending: Stopper) -> None:
        """End the search of the whole once it has taken a while; pass an interrupt on."""
        began = self._clock.now()
        while not ending.wait(0.05):
            deterministic = self._settings.deterministic
            if not deterministic and self._long_enough(self._clock.now() - began):
                self._trying.stop()
            if self._stopper.stopped or (not deterministic and self._best.good_enough()):
                self._trying.stop()
                ending.stop()

    def _start(self) -> None:
        """Where the earlier schedule still fits as it is, that is the first answer."""
        if self._wanted is None:
            return
        self._best.say("starting from the earlier schedule")
        part = holding(self._arrays, self._wanted)
        search(part, self._limits(START), self._best.offer, stopper=self._stopper)

    def _hint(self) -> Integers | None:
        """The best so far, or the earlier schedule with open columns at their lower bounds."""
        if self._wanted is None or self._best.values is not None:
            return self._best.values
        lower = self._arrays.lower.astype(np.int64)
        return np.where(self._wanted == UNKNOWN, lower, self._wanted)

    def _bound(self, ending: Stopper) -> None:
        """One thread; a fault in it ends the search and is raised where that was begun."""
        try:
            self._bounding(ending)
        except Exception as fault:
            self._fault = fault
            self._trying.stop()
            ending.stop()

    def _bounding(self, ending: Stopper) -> None:
        """The relaxation's bound, then that of whole years."""
        years = YearBounds(
            self._structure, self._relax(), median_price(self._arrays), lambda: self._best.values
        )
        self._years = years
        limits = Limits(seconds=YEAR_SECONDS, workers=1)
        while not (ending.stopped or years.ended):
            if not years.lift(limits, ending):
                ending.wait(0.05)  # for the first schedule
            self._best.claim(years.bound)

    def _relax(self) -> Relaxation:
        began = self._clock.now()
        answer = solve_relaxation(self._arrays, tolerance=1e-6, iterations=MOST_ITERATIONS)
        self.bound_seconds = self._clock.now() - began
        self._clock.spend(answer.work)
        self._best.prove(answer.bound)
        return answer

    def _limits(self, most: float = math.inf) -> Limits:
        seed, workers = self._settings.seed, self._settings.workers
        if self._settings.deterministic:
            work = min(most, self._clock.left())
            return Limits(work=work, workers=1, seed=seed, extra=dict(RELAXATIONS))
        seconds = min(most, self._clock.left())
        return Limits(seconds=seconds, workers=workers, seed=seed, extra=dict(RELAXATIONS))
