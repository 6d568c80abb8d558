"""The best answer so far and the best bound, shared by everything that searches."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import numpy as np

from scheduler.engine.elastic import Elastic
from scheduler.engine.outcome import Clock, Listener, Step, gap_of, silent
from scheduler.engine.relaxation import rounded_bound
from scheduler.model.linear import Arrays, Integers


@dataclass
class Incumbent:
    """Thread-safe; costs and bounds told include the model's constant ``offset``.

    ``values`` may still miss coupling rows of the elastic model (``missed`` > 0);
    ``cost`` is None until an answer misses none.
    """

    model: Elastic
    clock: Clock
    offset: int = 0
    at_stake: int = 0
    gap: float = 0.0
    listener: Listener = silent
    values: Integers | None = None
    elastic_cost: int | None = None
    missed: int = 0
    cost: int | None = None
    bound: int | None = None
    doing: str = ""
    steps: list[Step] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def valid_values(self) -> Integers | None:
        """The values of the model's own columns, once no row is missed."""
        if self.cost is None or self.values is None:
            return None
        return self.values[: self.model.columns]

    def offer(self, cost: int, values: Integers) -> bool:
        """Take a better answer if it truly keeps every row; True when good enough to stop."""
        with self._lock:
            if self._better(cost, values) and satisfies(self.model.arrays, values):
                self.elastic_cost, self.values = cost, values
                self.missed = self.model.missed(values)
                self.cost = None if self.missed else cost + self.offset
                self._tell()
            return self.good_enough()

    def _better(self, cost: int, values: Integers) -> bool:
        """Cheaper, and never a step back from an answer that misses nothing."""
        if self.elastic_cost is None:
            return True
        if self.cost is not None and self.model.missed(values):
            return False
        return cost < self.elastic_cost

    def prove(self, bound: float) -> bool:
        """Take a better bound of the model itself; True when good enough to stop."""
        with self._lock:
            whole = rounded_bound(bound) + self.offset if abs(bound) < 1e15 else None
            if whole is not None and (self.bound is None or whole > self.bound):
                self.bound = whole
                self._tell()
            return self.good_enough()

    def good_enough(self) -> bool:
        gap = gap_of(self.cost, self.bound, self.at_stake)
        return gap is not None and gap <= self.gap

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
