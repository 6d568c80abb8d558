"""The bound by whole years within a search by groups: when a year is looked at, and what it tells.

In large models the threads that solve groups look at years too, one at a time;
in small ones a thread of its own does, and the search only uses what it tells.
"""

from __future__ import annotations

import numpy as np

from scheduler.engine.incumbent import Incumbent
from scheduler.engine.outcome import Clock
from scheduler.engine.relaxation import Relaxation
from scheduler.engine.rounds import YearBounds
from scheduler.engine.searches import Limits, Stopper
from scheduler.engine.structure import Structure
from scheduler.model.linear import Floats

#: Seconds (or work) for proving one resident's best year.
YEAR_SECONDS = 3.0
#: How often groups are drawn by a near relaxation where there is a mixture of whole years too.
NEAR_VIEWS = 0.5


class Lifting:
    """``years``: a bound that another thread lifts (None: it is this search's own to lift)."""

    def __init__(
        self, best: Incumbent, clock: Clock, stopper: Stopper, years: YearBounds | None
    ) -> None:
        self._best = best
        self._clock = clock
        self._stopper = stopper
        self._years = years
        self._own = years is None

    def begin(self, structure: Structure, relaxation: Relaxation, median_price: float) -> None:
        """From this relaxation on, years can be looked at."""
        if self._own:
            self._years = YearBounds(structure, relaxation, median_price, lambda: self._best.values)

    def go_on(self, stopper: Stopper, years: YearBounds | None) -> None:
        """Until another ``stopper``; from now on others may lift ``years``."""
        self._stopper = stopper
        self._own = years is None
        self._years = years or self._years

    @property
    def years(self) -> YearBounds | None:
        """The bound that is lifted, once there is a relaxation to begin from."""
        return self._years

    @property
    def mixture(self) -> Floats | None:
        """The cheapest mixture of the whole years that are known (values of all columns)."""
        return None if self._years is None else self._years.view

    @property
    def helps(self) -> bool:
        """Whether mixtures come for nothing, so that near relaxations are not worth a core."""
        return not self._own and self.mixture is not None

    def seen(self, near: Floats | None, random: np.random.Generator) -> Floats | None:
        """What draws the next group: the ``near`` relaxation, or as often the mixture."""
        if self.mixture is None or (near is not None and random.random() < NEAR_VIEWS):
            return near
        return self.mixture

    def improved(self, gain: float, work: float) -> None:
        """Hear what a group gained."""
        if self._years is not None:
            self._years.paying.improved(gain, work)

    @property
    def over(self) -> bool:
        """Whether no more years are looked at with time that nobody else needs."""
        return self._own and self._years is not None and self._years.rounds > 0

    def meanwhile(self, limits: Limits) -> bool:
        """Look at one resident's year of the first round, with time that nobody else needs;
        whether there was one.  Further rounds would draw groups by mixtures of few years."""
        if not self._own or self._years is None or self._years.rounds:
            return False
        return self._lift(self._years, limits)

    def one(self, limits: Limits) -> bool:
        """Look at one resident's year if that pays; whether it did."""
        if not self._own or self._years is None or not self._years.pays(self._clock.left()):
            return False
        return self._lift(self._years, limits)

    def _lift(self, years: YearBounds, limits: Limits) -> bool:
        work = years.lift(limits, self._stopper)
        self._clock.spend(work)
        self._best.claim(years.bound)
        return work > 0
