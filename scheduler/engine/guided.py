"""The search for large models: guided by relaxations first, then by neighbourhoods.

Relaxations run in processes beside the search.  CP-SAT looks inside the support
of perturbed relaxations in the elastic model, where places may stay open at a
price, so it always has something to stand on; neighbourhoods then close the open
places and lower the cost.  Where a support is too narrow it is widened.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from scheduler.engine.columns import Decisions
from scheduler.engine.cpsat import Answer, Limits, Stopper, search
from scheduler.engine.incumbent import Incumbent
from scheduler.engine.neighbourhoods import Neighbourhoods
from scheduler.engine.outcome import Clock, Status
from scheduler.engine.relaxation import Relaxation
from scheduler.engine.residents import resident_parts, without_a_year
from scheduler.engine.restrict import restrict
from scheduler.engine.settings import Settings
from scheduler.engine.supports import Supports
from scheduler.model.linear import Arrays, Integers

#: The first search ends this many seconds after it last found anything better.
STALE = 10.0
#: The same search where no clock may decide, in CP-SAT's deterministic time.
FIRST_WORK = 120.0
#: Longest the first search may go on without any answer before the support is widened.
FIRST_AT_MOST = 90.0
#: ... or as soon as at most this many places a resident are still open.
FEW_OPEN = 0.025
#: Measured: the first search over everything does best without CP-SAT's own relaxations
#: (a third of the time to a valid schedule), a neighbourhood with all of them (twelve of
#: seventeen searched to the end in four seconds, none of sixteen without).
NO_RELAXATIONS = {"linearization_level": 0, "num_violation_ls": 1}
ALL_RELAXATIONS = {"linearization_level": 2}
#: Seconds (or work) of one neighbourhood.
NEIGHBOURHOOD = 4.0
#: Neighbourhoods searched by each worker where no clock may decide.
DETERMINISTIC_NEIGHBOURHOODS = 40
#: Residents freed at first; the number follows what can be solved to the end.
FREED, LEAST_FREED = 25, 6


class GuidedSearch:
    """One run of the guided search; ``run`` is called once."""

    def __init__(
        self,
        arrays: Arrays,
        chosen: Decisions,
        best: Incumbent,
        settings: Settings,
        clock: Clock,
        stopper: Stopper,
    ) -> None:
        self._arrays = arrays
        self._chosen = chosen
        self._best = best
        self._settings = settings
        self._clock = clock
        self._stopper = stopper
        self._supports = Supports(arrays, chosen.guided, settings.seed, settings.deterministic)
        self._few = FEW_OPEN * len(np.unique(chosen.owner[chosen.guided]))
        self._plain: Relaxation | None = None
        self._began = 0.0
        self.bound_seconds = 0.0

    def run(self) -> Status:
        """Search to the gap, the optimum or the time limit."""
        self._began = self._clock.now()
        self._best.say("solving relaxations")
        self._supports.start()
        try:
            if not self._first_answer():
                return Status.INFEASIBLE
            self._improve()
            self._last_resort()
            return Status.INFEASIBLE if self._proven_infeasible() else Status.UNKNOWN
        finally:
            self._supports.stop()

    # -- the first answer, places open or not ----------------------------------------------

    def _first_answer(self) -> bool:
        """Search ever wider supports of the elastic model; False if it has no answer at all."""
        widest, exhausted = False, False
        while not self._over() and (self._best.values is None or (exhausted and not widest)):
            widest = self._supports.count >= 3
            if not widest and not self._wait_for_support():
                return not self._proven_infeasible()
            self._best.say("searching near the relaxation" if not widest else "searching it all")
            if not widest:
                self._free_who_has_no_year()
            upper = self._elastic_upper() if not widest else self._whole_upper()
            found = self._search_first(upper)
            if widest and found == Answer.INFEASIBLE:
                return False
            # A support searched to its end with places still open cannot close them.
            exhausted = found == Answer.OPTIMAL and self._best.cost is None
        return True

    def _free_who_has_no_year(self) -> None:
        """Widen the support for exactly those residents to whom it leaves no year."""
        model = self._best.model
        stuck = without_a_year(
            model, resident_parts(model), self._elastic_upper(), self._settings.workers
        )
        for part in stuck:
            self._supports.support[part.columns[part.columns < model.columns]] = True

    def _search_first(self, upper: Integers) -> Answer:
        """One search, which ends some time after it has found anything."""
        arrays = self._best.model.arrays
        part = restrict(arrays, arrays.lower.astype(np.int64), upper)
        if part.impossible:
            return Answer.INFEASIBLE
        ending = Stopper()
        watcher = threading.Thread(target=self._end_soon, args=(ending,), daemon=True)
        if not self._settings.deterministic:
            watcher.start()
        limits = self._limits(1e9, FIRST_WORK, extra=NO_RELAXATIONS)
        found = search(part, limits, self._best.offer, stopper=ending)
        ending.stop()
        return found.answer

    def _end_soon(self, ending: Stopper) -> None:
        """Stop the first search when it has gone stale, or when all is to stop."""
        since, known = self._clock.now(), self._best.elastic_cost
        while not ending.stopped:
            self._take_bound()
            if self._best.elastic_cost != known:
                since, known = self._clock.now(), self._best.elastic_cost
            patience = FIRST_AT_MOST if known is None else STALE
            stale = self._clock.now() - since > patience
            if self._over() or stale or self._few_open():
                ending.stop()
                return
            ending.wait(0.1)

    def _few_open(self) -> bool:
        return self._best.values is not None and self._best.missed <= self._few

    def _wait_for_support(self) -> bool:
        self._supports.ask()
        while not self._over():
            self._take_bound()
            if self._proven_infeasible():
                return False
            if self._supports.widen(0.1):
                return True
        return False

    def _take_bound(self) -> None:
        plain = self._supports.plain()
        if plain is not None:
            self._plain = plain
            self.bound_seconds = self._clock.now() - self._began
            self._best.prove(plain.bound)

    def _proven_infeasible(self) -> bool:
        """A bound above the cost of everything missed at once proves there is no schedule."""
        if self._plain is None or self._best.cost is not None:
            return False
        most = float(np.maximum(self._arrays.cost * self._arrays.upper, 0).sum())
        return self._plain.bound > most + 1.0

    # -- improving it ----------------------------------------------------------------------

    def _improve(self) -> None:
        threads = 1 if self._settings.deterministic else max(1, self._settings.workers)
        self._best.say("improving around the best schedule")
        searchers = [
            threading.Thread(target=self._search_neighbourhoods, args=(number,), daemon=True)
            for number in range(threads)
        ]
        for searcher in searchers:
            searcher.start()
        for searcher in searchers:
            while searcher.is_alive():
                if not self._settings.deterministic:
                    self._take_bound()
                    if self._best.cost is not None:
                        self._supports.ask()
                    self._supports.widen()
                searcher.join(0.2)

    def _search_neighbourhoods(self, number: int) -> None:
        drawn = Neighbourhoods(self._best.model, self._chosen, 1000 * self._settings.seed + number)
        sizes: dict[str, int] = {}
        rounds = 0
        while not self._over() and not self._enough(rounds):
            rounds += 1
            base = self._best.values
            if base is None:
                return
            size = sizes.get("", FREED)
            around = drawn.draw(base, self._elastic_upper(also=base), size)
            part = restrict(self._best.model.arrays, around.lower, around.upper)
            limits = self._limits(
                NEIGHBOURHOOD, NEIGHBOURHOOD, workers=1, seed=rounds, extra=ALL_RELAXATIONS
            )
            found = search(part, limits, self._best.offer, base, self._stopper)
            done = found.answer in (Answer.OPTIMAL, Answer.INFEASIBLE)
            sizes[""] = int(size * 1.15) + 1 if done else max(LEAST_FREED, int(size * 0.9))

    def _enough(self, rounds: int) -> bool:
        return self._settings.deterministic and rounds >= DETERMINISTIC_NEIGHBOURHOODS

    def _last_resort(self) -> None:
        """Without a clock and still with open places: the whole model once, as far as it goes."""
        if self._settings.deterministic and self._best.cost is None and not self._stopper.stopped:
            arrays = self._best.model.arrays
            part = restrict(arrays, arrays.lower.astype(np.int64), self._best.model.plain_upper)
            search(part, self._limits(0.0, FIRST_WORK), self._best.offer, None, self._stopper)

    # -- bounds and limits -----------------------------------------------------------------

    def _elastic_upper(self, also: Integers | None = None) -> Integers:
        """Upper bounds of the elastic model within the support; no slack once none is needed."""
        own = None if also is None else also[: self._best.model.columns]
        upper = self._whole_upper() if self._best.cost is None else self._best.model.plain_upper
        return np.concatenate([self._supports.upper(also=own), upper[self._best.model.columns :]])

    def _whole_upper(self) -> Integers:
        return self._best.model.arrays.upper.astype(np.int64)

    def _over(self) -> bool:
        if self._stopper.stopped or self._best.good_enough():
            return True
        return not self._settings.deterministic and self._clock.left() <= 0

    def _limits(
        self,
        seconds: float,
        work: float,
        workers: int | None = None,
        seed: int = 0,
        extra: Mapping[str, int] = MappingProxyType({}),
    ) -> Limits:
        count = workers or self._settings.workers
        seed += self._settings.seed
        if self._settings.deterministic:
            every = {"interleave_search": True, **extra}
            return Limits(work=work, workers=count, seed=seed, extra=every)
        left = min(seconds, self._clock.left())
        return Limits(seconds=left, workers=count, seed=seed, extra=dict(extra))
