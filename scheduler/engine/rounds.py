"""A better bound from whole years, in rounds: every resident's best year at some prices.

The relaxation mixes years that nobody can work as they are; what the best of
whole years cost at its dual values, all together, is a higher bound.  The years
of a round tell better prices for the next (column generation, with prices held
near the best so far), until no prices give a higher bound.  A round ends as soon
as it is clear that its prices give none: what a few years have told is enough to
ask for others (an incremental bundle method).
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np

from scheduler.engine.master import Master, Mixture, Priced
from scheduler.engine.paying import Paying
from scheduler.engine.relaxation import Relaxation
from scheduler.engine.searches import Limits, Stopper
from scheduler.engine.shares import most_mixed_first, shares
from scheduler.engine.structure import Structure
from scheduler.engine.years import Year, Years
from scheduler.model.linear import Floats, Integers

#: How far a missed unit moves a price from the best so far, in median prices, at first and at
#: most; nearer at first, until no more than a part of the way to a known schedule is promised.
REACH, MOST_REACH, MODEST, HALVINGS = 1.0, 20.0, 0.4, 10
#: How the reach follows from a round that kept its promise or went far astray.
FARTHER, NEARER = 3.0, 0.5
#: Parts of the promised gain: what a round must keep for prices to move on, and for them to go
#: farther next time; how many times as much it must lose for them to stay nearer.
WORTH, KEPT, ASTRAY = 0.1, 0.5, 10.0
#: Rounds end when no prices promise to lift the bound by more, or to the next whole number.
NEARLY = 0.02
#: Further rounds are begun where so many fit in the time that is left, in this part of it.
MANY, PART = 15, 0.5
#: Work that even an easy year is: the model must be made ready and read back.
LEAST_WORK = 0.04


class YearBounds:
    """Lifts the bound of one relaxation (of the structure's sharper model), year by year; safe to
    use from several threads.

    ``bound`` is without the model's offset; it holds at any time, if CP-SAT says the truth about
    single years (no schedule may be cheaper: whoever uses it checks that).  ``view`` is the
    cheapest mixture of the years seen so far (values of all columns), once a round is complete.
    ``schedule`` gives the best schedule so far (values of all columns), None while there is none;
    further rounds wait for one, because prices found without any are wild.
    """

    def __init__(
        self,
        structure: Structure,
        relaxation: Relaxation,
        median_price: float,
        schedule: Callable[[], Integers | None],
    ) -> None:
        self._years = Years(structure)
        self._master = Master(self._years)
        self._schedule = schedule
        self._median_price = median_price
        self._reach, self._most_reach = REACH * median_price, MOST_REACH * median_price
        self._shares = shares(structure, relaxation)
        self._left = most_mixed_first(structure, relaxation.values)
        self._under_way = 0
        self._busy: set[int] = set()
        self._latest_first: list[int] = list(self._left)
        self._prices = self._years.allowed(relaxation.duals[self._years.linking])
        self._centre, self._best = self._prices, relaxation.bound
        self._value = self._years.rest(self._prices)
        self._one_by_one = self._value + sum(self._shares.values())
        self._promised = 0.0
        self._cheapest: dict[int, Priced] = {}
        self._rounds = 0
        self._work = 0.0
        self._ended = False
        self._lock = threading.Lock()
        self.bound = relaxation.bound
        self.view: Floats | None = None
        self.paying = Paying()

    def pays(self, left: float) -> bool:
        """Whether to look at one more year now, with so many seconds (or work) left.

        In the first round, where that narrows the gap faster than groups do; in
        later ones, where many fit and half of the work has gone to groups.
        """
        if self._ended or (not self._left and (self._under_way or self._schedule() is None)):
            return False
        if not self._rounds:
            return self.paying.years_pay_more()
        many = self._rounds > 1 or MANY * self._work < PART * left
        return many and self._work <= self.paying.work_of_groups

    @property
    def rounds(self) -> int:
        """How many have ended."""
        return self._rounds

    @property
    def ended(self) -> bool:
        """Whether no further round can lift the bound."""
        return self._ended

    def lift(self, limits: Limits, stopper: Stopper) -> float:
        """Look at the next resident's year; the work it was (LEAST_WORK at least), 0 only where
        there is none to look at."""
        with self._lock:
            if not (self._left or self._under_way or self._ended):
                self._begin_round()
            resident = self._next()
            if resident is None:
                return 0.0
            number, prices, known = self._rounds, self._prices, self._cheapest.get(resident)
        held = None if known is None else known.values
        year = self._years.best(resident, prices, limits, stopper, held)
        work = max(LEAST_WORK, year.work)
        with self._lock:
            self._hear(resident, number, year, work)
        return work

    def _next(self) -> int | None:
        """The next resident of this round; nobody whom a thread looks at for an earlier one."""
        for one in reversed(self._left):
            if one not in self._busy:
                self._left.remove(one)
                self._busy.add(one)
                self._under_way += 1
                return one
        return None

    def _hear(self, resident: int, number: int, year: Year, work: float) -> None:
        """Learn from a year that was looked at in round ``number``, which may have ended since."""
        self._busy.discard(resident)
        self._work += work
        for values in year.found:
            self._master.add(resident, values)
        if number != self._rounds:
            return
        self._under_way -= 1
        self._latest_first.remove(resident)
        self._latest_first.insert(0, resident)
        self._count(resident, year, work)
        if self._in_vain or not (self._left or self._under_way):
            self._end_round()

    @property
    def _in_vain(self) -> bool:
        """Whether this round can no more gain what makes prices move on."""
        return self._rounds > 0 and self._value - self._best < WORTH * self._promised

    def near(self, window: float) -> dict[int, list[Floats]]:
        """Everybody's years that cost at most ``window`` median prices more than the cheapest at
        the best prices, and those of the best schedule whatever they cost."""
        with self._lock:
            near = self._master.near(self._centre, window * self._median_price)
            best = self._schedule()
            for one, year in [] if best is None else self._in(best):
                near.setdefault(one, []).append(year)
            return near

    def _count(self, resident: int, year: Year, work: float) -> None:
        """What a year adds to the bound at this round's prices, where the cheapest known year was
        expected to."""
        known = self._cheapest.get(resident)
        self._value += year.bound - (0.0 if known is None else known.cost)
        if not self._rounds:  # at the relaxation's prices, every single year counts at once
            gain = max(0.0, year.bound - self._shares[resident])
            self._one_by_one += gain if np.isfinite(gain) else 0.0
            self.bound = max(self.bound, self._one_by_one)
            self.paying.lifted(gain, work)

    def _end_round(self) -> None:
        """Move to where the bound was higher."""
        if not self._rounds:
            self._best = self.bound
        else:
            self._move()
        self.bound = max(self.bound, self._best)
        self._rounds += 1
        self._left, self._under_way = [], 0

    def _move(self) -> None:
        """Hold the round's gain against what was promised: prices move on, or stay nearer."""
        gain = self._value - self._best
        if gain >= WORTH * self._promised:
            self._best, self._centre = self._value, self._prices
            if gain >= KEPT * self._promised:
                self._reach = min(self._most_reach, FARTHER * self._reach)
        elif gain < -ASTRAY * self._promised:
            self._reach *= NEARER

    def _begin_round(self) -> None:
        """Ask the years known for the next prices, once there is a schedule."""
        cost = self._learn()
        if cost is None:
            return
        mixture = self._modest(cost) if self._rounds == 1 else self._promising()
        self._ended = mixture is None
        if mixture is not None:
            self.view, self._prices = mixture.values, mixture.prices
            self._promised = mixture.promise - self._best
            self._cheapest = mixture.cheapest
            self._value = mixture.promise
            self._left = list(self._latest_first)

    def _learn(self) -> float | None:
        """Hear of the best schedule: its years may be part of a better one.  Its cost."""
        values = self._schedule()
        if values is None:
            return None
        for one, year in self._in(values):
            self._master.add(one, year)
        return float(self._years.arrays.cost @ values)

    def _in(self, values: Integers) -> list[tuple[int, Floats]]:
        """Everybody's year in a schedule."""
        columns_of = self._years.columns_of
        return [(one, values[columns_of[one]].astype(np.float64)) for one in self._years.residents]

    def _modest(self, cost: float) -> Mixture | None:
        """The first mixture, at a reach that a schedule of ``cost`` leaves room for."""
        most = self._best + max(MODEST * (cost - self._best), NEARLY)
        mixture = self._promising()
        for _ in range(HALVINGS):
            if mixture is None or mixture.promise <= most:
                break
            self._reach *= NEARER
            mixture = self._promising()
        return mixture

    def _promising(self) -> Mixture | None:
        """The next mixture and prices; None where not even far away a higher bound is promised."""
        enough = max(self._best + NEARLY, float(np.ceil(self._best - NEARLY)))
        while True:
            mixture = self._master.solve(self._centre, self._reach)
            if mixture is None or mixture.promise > enough:
                return mixture
            self.view = mixture.values
            if self._reach >= self._most_reach:
                return None
            self._reach = min(self._most_reach, FARTHER * self._reach)
