"""The best schedule so far and the best bound, shared by everything that searches."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from scheduler.engine.outcome import Clock, Listener, Step, gap_of, silent
from scheduler.engine.relaxation import rounded_bound
from scheduler.model.linear import Arrays, Integers

#: What is taken off a claimed bound before it is rounded up, against a solver's tolerances.
CLAIM_SLACK = 1e-3
#: What is beyond is no bound but a solver that diverges.
MOST_BOUND = 1e15


@dataclass
class Incumbent:
    """Thread-safe; costs and bounds told include the model's constant ``offset``.

    ``proven`` is a bound that holds whatever a solver's tolerance; ``claimed`` one in
    floating point, or on a solver's word about single years, believed as long as no schedule
    is cheaper.  ``missed`` is how many places are still open where the search stands, while
    there is no schedule yet.
    """

    arrays: Arrays
    clock: Clock
    offset: int = 0
    at_stake: int = 0
    gap: float = 0.0
    listener: Listener = silent
    values: Integers | None = None
    cost: int | None = None
    proven: int | None = None
    claimed: int | None = None
    missed: int = 0
    doing: str = ""
    steps: list[Step] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def bound(self) -> int | None:
        """The better bound; a claim that a schedule contradicts counts no more.

        A sum of charges is never below 0, whatever the model's constant and its relaxation say.
        """
        claim = self.claimed
        if self.cost is not None and claim is not None and claim > self.cost:
            claim = None
        known = [bound for bound in (self.proven, claim) if bound is not None]
        return max(0, *known) if known else None

    def offer(self, cost: int, values: Integers) -> bool:
        """Take cheaper column ``values`` if they truly keep every row; True when good enough.

        ``cost`` is without the offset.
        """
        with self._lock:
            whole = cost + self.offset
            if (self.cost is None or whole < self.cost) and satisfies(self.arrays, values):
                self.cost, self.values, self.missed = whole, values, 0
                self._tell()
            return self.good_enough()

    def prove(self, bound: float) -> bool:
        """Take a better bound of the model itself; True when good enough to stop."""
        with self._lock:
            whole = rounded_bound(bound) + self.offset if self._tells(bound) else None
            if whole is not None and (self.proven is None or whole > self.proven):
                self.proven = whole
                self._tell()
            return self.good_enough()

    def claim(self, bound: float) -> bool:
        """Take a better bound that only floating point vouches for; True when good enough."""
        with self._lock:
            tells = self._tells(bound)
            whole = rounded_bound(bound - CLAIM_SLACK) + self.offset if tells else None
            if whole is not None and (self.claimed is None or whole > self.claimed):
                self.claimed = whole
                self._tell()
            return self.good_enough()

    def good_enough(self) -> bool:
        gap = gap_of(self.cost, self.bound, self.at_stake)
        return gap is not None and gap <= self.gap

    def still_open(self, missed: int) -> None:
        """Tell the listener how many places are open, when that has changed."""
        with self._lock:
            if self.cost is None and missed != self.missed:
                self.missed = missed
                self.listener(self._step())

    def _tells(self, bound: float) -> bool:
        """Of a model without solutions any bound is true, and none tells anything."""
        return abs(bound) < MOST_BOUND and not self.rules_out(bound)

    def rules_out(self, bound: float) -> bool:
        """Whether a bound (without the offset) is above what everything at once would cost:
        then there is no schedule."""
        return bound > self._dearest + 1.0

    @cached_property
    def _dearest(self) -> float:
        dear = self.arrays.cost > 0
        return float(self.arrays.cost[dear] @ self.arrays.upper[dear])

    def say(self, doing: str) -> None:
        """Tell the listener what is being tried now."""
        with self._lock:
            self.doing = doing
            self.listener(self._step())

    def _step(self) -> Step:
        open_places = f" ({self.missed} places still open)" if self.missed else ""
        doing = f"{self.doing}{open_places}"
        return Step(round(self.clock.now(), 2), self.cost, self.bound, doing)

    def _tell(self) -> None:
        step = self._step()
        last = self.steps[-1] if self.steps else None
        if last is None or (step.cost, step.bound) != (last.cost, last.bound):
            self.steps.append(step)
        self.listener(step)


def satisfies(arrays: Arrays, values: Integers) -> bool:
    """Whether integer ``values`` keep every row and bound (a solver is not believed alone)."""
    inside = np.all((values >= arrays.lower) & (values <= arrays.upper))
    activity = arrays.matrix @ values
    return bool(
        inside
        and np.all(activity >= arrays.row_lower - 1e-6)
        and np.all(activity <= arrays.row_upper + 1e-6)
    )
