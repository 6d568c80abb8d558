"""The search for small models: the relaxation's bound, then CP-SAT on the whole."""

from __future__ import annotations

import math
import threading

import numpy as np

from scheduler.engine.cpsat import Answer, Limits, Stopper, search
from scheduler.engine.incumbent import Incumbent
from scheduler.engine.outcome import Clock, Status
from scheduler.engine.relaxation import solve_relaxation
from scheduler.engine.restrict import restrict
from scheduler.engine.settings import Settings
from scheduler.model.encode import UNKNOWN
from scheduler.model.linear import Arrays, Integers

#: The relaxation of a small model is solved tightly; this caps a degenerate one.
MOST_ITERATIONS = 20_000
#: Seconds (or work) for completing an earlier schedule as it is.
START = 5.0


class SmallSearch:
    """Proves a bound by the relaxation and by CP-SAT itself, whichever is better."""

    def __init__(
        self,
        arrays: Arrays,
        best: Incumbent,
        settings: Settings,
        clock: Clock,
        stopper: Stopper,
        wanted: Integers | None = None,
    ) -> None:
        self._arrays = arrays
        self._best = best
        self._settings = settings
        self._clock = clock
        self._stopper = stopper
        self._wanted = wanted
        self.bound_seconds = 0.0

    def run(self) -> Status:
        """Search to the gap, the optimum or the time limit."""
        relaxing = threading.Thread(target=self._relax, daemon=True)
        if self._settings.deterministic:
            self._relax()
        else:
            relaxing.start()
        self._start()
        self._best.say("searching the whole model")
        arrays = self._arrays
        found = search(
            restrict(arrays, arrays.lower.astype(np.int64), arrays.upper.astype(np.int64)),
            self._limits(),
            self._best.offer,
            hint=self._hint(),
            stopper=self._stopper,
            bound_report=None if self._settings.deterministic else self._best.prove,
        )
        if found.answer == Answer.INFEASIBLE:
            return Status.INFEASIBLE
        if found.values is not None:
            self._best.offer(found.cost, found.values)
        if math.isfinite(found.bound):
            self._best.prove(found.bound)
        return Status.UNKNOWN

    def _start(self) -> None:
        """Where the earlier schedule still fits as it is, that is the first answer."""
        if self._wanted is None:
            return
        self._best.say("starting from the earlier schedule")
        lower, upper = (
            np.where(self._wanted == UNKNOWN, bound, self._wanted)
            for bound in (self._arrays.lower, self._arrays.upper)
        )
        part = restrict(self._arrays, lower.astype(np.int64), upper.astype(np.int64))
        search(part, self._limits(START), self._best.offer, stopper=self._stopper)

    def _hint(self) -> Integers | None:
        """The best so far, or the earlier schedule with open columns at their lower bounds."""
        if self._wanted is None or self._best.values is not None:
            return self._best.values
        lower = self._arrays.lower.astype(np.int64)
        return np.where(self._wanted == UNKNOWN, lower, self._wanted)

    def _relax(self) -> None:
        began = self._clock.now()
        answer = solve_relaxation(self._arrays, tolerance=1e-6, iterations=MOST_ITERATIONS)
        self.bound_seconds = self._clock.now() - began
        self._clock.spend(answer.work)
        self._best.prove(answer.bound)

    def _limits(self, most: float = math.inf) -> Limits:
        seed, workers = self._settings.seed, self._settings.workers
        if self._settings.deterministic:
            extra = {"interleave_search": True}
            return Limits(
                work=min(most, self._clock.left()), workers=workers, seed=seed, extra=extra
            )
        return Limits(seconds=min(most, self._clock.left()), workers=workers, seed=seed)
