"""The search for small models: a first schedule, the bound by whole years to its end, midway and
then the best schedule of these years; groups only for what is left."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from scheduler.engine.cpsat import search
from scheduler.engine.guide import SHORTEST, median_price
from scheduler.engine.guided import GuidedSearch
from scheduler.engine.incumbent import Incumbent
from scheduler.engine.lifting import YEAR_SECONDS
from scheduler.engine.limits import limited
from scheduler.engine.moves import RELAXATIONS
from scheduler.engine.outcome import Clock, Status
from scheduler.engine.relaxation import solve_relaxation
from scheduler.engine.restrict import holding, unrestricted
from scheduler.engine.rounds import YearBounds
from scheduler.engine.searches import Answer, Found, Limits, Stopper
from scheduler.engine.settings import Settings
from scheduler.engine.structure import Structure
from scheduler.engine.together import NEIGHBOURHOODS
from scheduler.engine.watch import Watch, never
from scheduler.engine.within import within_years
from scheduler.model.encode import UNKNOWN
from scheduler.model.linear import Integers

#: The relaxation of a small model is solved tightly; this caps a degenerate one.
TOLERANCE, MOST_ITERATIONS = 1e-6, 20_000
#: Seconds (or work) for completing an earlier schedule as it is.
START = 5.0
#: Models of more columns get their first schedule from the guided search.  (Measured at 11,000 to
#: 60,000: 2 to 4 seconds, CP-SAT 2 to 10 for one that costs 3 to 25 times as much; the best proven
#: after 15 s instead of 19 at 8,300, but 22 instead of 9 at 7,100.)
FIRST_COLUMNS = 8_000
#: In models of more columns the whole would not be proven, either.
WHOLE_COLUMNS = 25_000
#: Seconds until a search has its first schedule, or first better one; the whole model at least
#: this part of the limit, then the guided search looks for one.
WITHOUT, PART = 10.0, 0.25
#: Work for the whole where no clock may decide.
FIRST_WORK = 10.0
#: The part of the limit until which years are looked at before they are combined at last, where
#: SO_MANY rounds like the first ones (TELLING say enough) fit into that and into so many seconds.
YEARS_PART, MOST_SECONDS, SO_MANY, TELLING = 0.7, 60.0, 5, 3
#: Rounds after which known years are combined for the first time.  (Measured on four programs of
#: 25 residents: 5 s after the first schedule it costs 12 to 25% less, and the best is found up to
#: 5 s sooner.)  That takes at most so many times as long as these rounds: one thread less looks at
#: years meanwhile.
MIDWAY, MIDWAY_LONGEST = 8, 2.0
#: Known years that are combined: those that cost at most so many median prices more than the
#: resident's best, and where that ended early, all.  CP-SAT's neighbourhoods do it from the best
#: schedule, whose years are among them.  (Measured on four programs of 25 residents, two seeds
#: each: within 1% after 2 to 6 s; without the schedule, by plain search, no schedule at all in two
#: of eight cases, and 2 to 5 s later in the others; 0.15 to 2 are alike; in the whole instead of
#: within years it takes three times as long.)
NEAR, ALL = 0.5, math.inf
#: Combining ends after so many seconds (midway and at last), and this part of the time until the
#: last better schedule, without a better one; where no clock decides, after this part of the work
#: that is left.
FRUITLESS, FRUITLESS_AT_LAST, PATIENT, WORK_PART = 2.0, 4.0, 0.5, 0.25
#: Groups give way to the whole model after so many seconds without a better schedule, and it gets
#: this part of the time that is left.
WITHOUT_GROUPS, PROVING = 6.0, 0.5


class SmallSearch:
    """One run of the search for small models; ``run`` is called once.

    ``guided`` begins a guided search; ``wanted`` is an earlier schedule to start from.
    """

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
        self._watch = Watch(stopper, best, clocked=not settings.deterministic)
        self._guided = guided
        self._wanted = wanted
        self._years: YearBounds | None = None
        self._rough = False
        self._groups: GuidedSearch | None = None
        self._beside = Stopper()
        self.bound_seconds = 0.0

    def run(self) -> Status:
        """Search to the gap, the optimum or the time limit."""
        with self._watch:
            try:
                return self._search()
            finally:
                self._beside.stop()

    def _search(self) -> Status:
        self._start()
        status = self._first_schedule()
        if status is not None or self._over():
            return status or Status.UNKNOWN
        if not self._use_years():  # the guided search takes years where they pay
            self._beside.stop()
            self._years = None
        for step in self._last_steps():
            if self._over():
                break
            step()
        return Status.UNKNOWN

    def _last_steps(self) -> tuple[Callable[[], None], ...]:
        """Groups lower the cost, and only the whole model proves what whole years leave open."""
        if self._settings.deterministic:
            return self._prove, self._improve
        return lambda: self._improve(self._fruitless(WITHOUT_GROUPS)), self._prove, self._improve

    def _over(self) -> bool:
        """Whether nothing is left to do, or no time to do it."""
        return self._watch.ending.stopped or self._best.good_enough() or self._clock.left() <= 0

    def _improve(self, enough: Callable[[], bool] = never) -> None:
        """Groups, until there is ``enough``; from the best schedule, unless that is CP-SAT's own: a
        relaxation is a better place to begin from (measured at 15 s on seven programs)."""
        ending = self._watch.phase(enough)
        if self._groups is not None:
            self._groups.go_on(ending, self._years)
            return
        known = None if self._rough else self._best.values
        self._rough = False
        self._groups = self._guided(known, ending, self._years)
        self._groups.run()

    def _prove(self) -> None:
        """The whole model, from the best schedule, for a part of the time that is left."""
        if self._arrays.columns > WHOLE_COLUMNS:
            return
        self._search_whole(PROVING * self._clock.left(), self._best.offer, never)

    def _fruitless(self, least: float, longest: float = math.inf) -> Callable[[], bool]:
        """Tells, asked again and again, whether nothing better has come for ``least`` seconds and
        some part of the time until then (the first may take longer), or ``longest`` is over."""
        began = latest = self._clock.now()
        cost = self._best.cost

        def enough() -> bool:
            nonlocal latest, cost
            now = self._clock.now()
            if self._best.cost != cost:
                latest, cost = now, self._best.cost
            patience = least if latest > began else max(least, WITHOUT)
            late = now - latest > max(patience, PATIENT * (latest - began))
            return late or now - began > longest

        return enough

    # -- a first schedule --------------------------------------------------------------------

    def _first_schedule(self) -> Status | None:
        """Find one, whatever it costs; a status where that ends the search."""
        if self._arrays.columns > FIRST_COLUMNS:  # an earlier schedule too needs a relaxation
            return self._by_groups()
        self._begin_years(self._bound)
        found = self._whole()
        if found.answer == Answer.INFEASIBLE:
            return Status.INFEASIBLE
        if found.answer == Answer.OPTIMAL:
            return Status.UNKNOWN
        self._rough = self._wanted is None
        return None if self._best.cost is not None or self._over() else self._by_groups()

    def _by_groups(self) -> Status | None:
        """The first schedule from the guided search, with the relaxation for whole years."""
        self._rough = False

        def enough() -> bool:
            known = self._years or (self._groups and self._groups.years)
            return self._best.cost is not None and known is not None

        groups = self._guided(self._wanted, self._watch.phase(enough), self._years)
        self._groups = groups
        status = groups.run()
        years = groups.years
        if self._years is None and years is not None:
            self.bound_seconds = groups.bound_seconds
            self._begin_years(lambda: years)
        return status if self._best.cost is None else None

    def _start(self) -> None:
        """Where the earlier schedule still fits as it is, that is the first answer."""
        if self._wanted is None:
            return
        self._best.say("starting from the earlier schedule")
        part = holding(self._arrays, self._wanted)
        found = search(part, self._limits(START), self._best.offer, stopper=self._watch.ending)
        self._clock.spend(found.work)

    def _whole(self) -> Found:
        """Search the whole for a schedule, whichever comes first."""
        began = self._clock.now()
        patience = max(WITHOUT, PART * self._clock.limit)

        def report(cost: int, values: Integers) -> bool:
            self._best.offer(cost, values)
            return True

        def enough() -> bool:
            return self._best.cost is None and self._clock.now() - began > patience

        most = FIRST_WORK if self._settings.deterministic else math.inf
        return self._search_whole(most, report, enough)

    def _search_whole(
        self, most: float, report: Callable[[int, Integers], bool], enough: Callable[[], bool]
    ) -> Found:
        """CP-SAT on the whole model, for ``most`` seconds or until there is ``enough``."""
        self._best.say("searching the whole model")
        found = search(
            unrestricted(self._arrays),
            self._limits(most),
            report,
            hint=self._hint(),
            stopper=self._watch.phase(enough),
            bound_report=None if self._settings.deterministic else self._best.claim,
        )
        if math.isfinite(found.bound):
            self._best.claim(found.bound)
        self._take(found)
        return found

    def _hint(self) -> Integers | None:
        """The best so far, or the earlier schedule with open columns at their lower bounds."""
        if self._wanted is None or self._best.values is not None:
            return self._best.values
        lower = self._arrays.lower.astype(np.int64)
        return np.where(self._wanted == UNKNOWN, lower, self._wanted)

    def _take(self, found: Found) -> None:
        self._clock.spend(found.work)
        if found.values is not None:
            self._best.offer(found.cost, found.values)

    # -- whole years -------------------------------------------------------------------------

    def _begin_years(self, bound: Callable[[], YearBounds]) -> None:
        """Beside the search, if a clock may decide: years from now to the end."""
        if self._settings.deterministic:
            self._years = bound()
            return

        def work() -> None:
            years = bound()
            if not self._beside.stopped:  # else nobody waits for it any more
                self._years = years
                self._lift(years, self._beside)

        self._watch.beside(work)

    def _bound(self) -> YearBounds:
        """The relaxation's bound, and whole years from its dual values on."""
        began = self._clock.now()
        sharper = self._structure.sharper
        # Nothing else of this process goes on meanwhile, so it ends when the time does.
        left = None if self._settings.deterministic else max(SHORTEST, self._clock.left())
        relaxation = solve_relaxation(
            sharper, tolerance=TOLERANCE, seconds=left, iterations=MOST_ITERATIONS
        )
        self.bound_seconds = self._clock.now() - began
        self._clock.spend(relaxation.work)
        self._best.prove(relaxation.bound)
        median = median_price(self._arrays)
        return YearBounds(self._structure, relaxation, median, lambda: self._best.values)

    def _use_years(self) -> bool:
        """Look at years, and combine them midway and at last; False where rounds take too long."""
        began = self._clock.now()
        if not self._look_at_years(MIDWAY):
            return False
        longest = max(FRUITLESS, MIDWAY_LONGEST * (self._clock.now() - began))
        answer = self._combine(NEAR, FRUITLESS, longest)
        if self._years is not None and not self._years.ended:
            self._look_at_years(math.inf)
            answer = self._combine(NEAR, FRUITLESS_AT_LAST)
        if answer in (Answer.OPTIMAL, Answer.INFEASIBLE):
            self._combine(ALL, FRUITLESS_AT_LAST)
        return True

    def _look_at_years(self, most: float) -> bool:
        """All threads look at years, until there were ``most`` rounds, rounds end or it is time to
        use them; False where the first rounds take too long for that."""
        self._best.say("looking at everybody's whole years")
        began, until = self._clock.now(), YEARS_PART * self._clock.limit
        before, slow = self._rounds, False

        def enough() -> bool:
            nonlocal slow
            passed, rounds = self._clock.now() - began, self._rounds - before
            early = math.isfinite(most) and rounds < TELLING
            many = SO_MANY * passed / max(1, rounds) > min(until - began, MOST_SECONDS)
            slow = slow or (early and many)
            return slow or began + passed > until or self._rounds >= most

        phase = self._watch.phase(enough)
        while not (self._years or self._settings.deterministic or phase.wait(0.01)):
            pass  # the relaxation is still being solved
        years = self._years
        if years is None:
            return False
        for _ in range(2, self._settings.workers):
            self._watch.beside(lambda: self._lift(years, phase, most))
        self._lift(years, phase, most)
        return not slow

    @property
    def _rounds(self) -> int:
        return 0 if self._years is None else self._years.rounds

    def _lift(self, years: YearBounds, ending: Stopper, most: float = math.inf) -> None:
        """One thread: look at one year after the other."""
        alone = self._settings.deterministic
        while not (ending.stopped or years.ended or years.rounds >= most or self._over()):
            if alone and self._clock.now() > YEARS_PART * self._clock.limit:
                return
            work = years.lift(self._limits(YEAR_SECONDS, workers=1), ending)
            self._clock.spend(work)
            self._best.claim(years.bound)
            if not work:
                if alone:
                    return
                ending.wait(0.01)  # for the first schedule, or for others to end the round

    def _combine(self, window: float, patience: float, longest: float = math.inf) -> Answer:
        """Search within the years that cost at most ``window`` more than each resident's best, and
        those of the best schedule."""
        if self._years is None or self._over():
            return Answer.UNKNOWN
        self._best.say("combining whole years")
        self._rough = False
        alone = self._settings.deterministic
        limits = self._limits(WORK_PART * self._clock.left() if alone else math.inf)
        # One thread has neighbourhoods only in turn with its search.
        in_turn = {"interleave_search": limits.workers == 1}
        found = search(
            within_years(self._structure, self._years.near(window)),
            replace(limits, extra={**limits.extra, **NEIGHBOURHOODS, **in_turn}),
            self._best.offer,
            hint=self._best.values,
            stopper=self._watch.phase(self._fruitless(patience, longest)),
        )
        self._take(found)
        return found.answer

    def _limits(self, most: float = math.inf, workers: int | None = None) -> Limits:
        workers, extra = workers or self._settings.workers, RELAXATIONS
        return limited(self._settings, self._clock, most, extra=extra, workers=workers, least=0.0)
