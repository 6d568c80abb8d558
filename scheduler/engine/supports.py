"""Perturbed relaxations and the support they leave: where the search looks first.

The bound comes from the unperturbed relaxation; perturbed ones single out
nearly integer schedules among thousands that tie (DESIGN 5).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scheduler.engine.relaxation import Relaxation
from scheduler.engine.workers import RelaxationWorker, Task, run_task
from scheduler.model.linear import Arrays, Integers

#: A column of the support has at least this value in some relaxation.
SUPPORT = 0.01
#: The random bonus of a perturbed column, as a fraction of the median price.
BONUS = 0.15
TOLERANCE = 1e-4
#: The first perturbed relaxation is wanted soon: it is solved loosely, its support is wide.
FIRST_TOLERANCE = 1e-3
#: PDLP iterations allowed where no clock may decide.
DETERMINISTIC_ITERATIONS = 6_000


class Supports:
    """Solves the plain relaxation once and perturbed ones as often as asked.

    In ``deterministic`` use everything runs here in turn; otherwise two worker
    processes run beside the search.
    """

    def __init__(self, arrays: Arrays, guided: Integers, seed: int, deterministic: bool) -> None:
        self._arrays = arrays
        self._guided = guided
        self._seed = seed
        self._deterministic = deterministic
        self._rounds = 0
        self._bonus = BONUS * _median_price(arrays)
        self._workers: list[RelaxationWorker] = []
        self._plain: Relaxation | None = None
        self.support: npt.NDArray[np.bool_] = np.zeros(arrays.columns, dtype=bool)
        self.count = 0

    def start(self) -> None:
        """Begin the plain relaxation and the first perturbed one."""
        if not self._deterministic:
            self._workers = [RelaxationWorker(self._arrays) for _ in range(2)]
            self._workers[0].start(self._plain_task())
            self.ask()

    def ask(self) -> None:
        """Begin one more perturbed relaxation, unless one is under way."""
        if not self._deterministic and not self._workers[1].busy:
            self._workers[1].start(self._next_task())

    def plain(self, seconds: float = 0.0) -> Relaxation | None:
        """The plain relaxation, the first time it is there within ``seconds``; then None."""
        if self._plain is not None:
            return None
        if self._deterministic:
            self._plain = run_task(self._arrays, self._plain_task())
        else:
            self._plain = self._workers[0].poll(seconds)
        return self._plain

    def widen(self, seconds: float = 0.0) -> bool:
        """Take in one more perturbed relaxation if it is there within ``seconds``."""
        answer = self._one_more(seconds)
        if answer is None:
            return False
        self.support |= answer.values >= SUPPORT
        self.count += 1
        return True

    def _one_more(self, seconds: float) -> Relaxation | None:
        if self._deterministic:
            return run_task(self._arrays, self._next_task())
        return self._workers[1].poll(seconds)

    def upper(self, also: Integers | None = None) -> Integers:
        """Column upper bounds that switch off guided columns outside the support.

        Columns that are 1 in ``also`` (an answer to keep reachable) stay on.
        """
        upper = self._arrays.upper.astype(np.int64)
        if not self.count:  # an earlier schedule was there before any relaxation
            return upper
        off = self._guided[~self.support[self._guided]]
        if also is not None:
            off = off[also[off] == 0]
        upper[off] = np.maximum(self._arrays.lower[off], 0).astype(np.int64)
        return upper

    def stop(self) -> None:
        """End the worker processes."""
        for worker in self._workers:
            worker.stop()
        self._workers = []

    def _plain_task(self) -> Task:
        return Task(tolerance=TOLERANCE, iterations=self._iterations())

    def _next_task(self) -> Task:
        self._rounds += 1
        return Task(
            seed=1000 * self._seed + self._rounds,
            bonus=self._bonus,
            perturbed=self._guided,
            tolerance=TOLERANCE if self._rounds > 1 else FIRST_TOLERANCE,
            iterations=self._iterations(),
        )

    def _iterations(self) -> int | None:
        return DETERMINISTIC_ITERATIONS if self._deterministic else None


def _median_price(arrays: Arrays) -> float:
    prices = arrays.cost[arrays.cost > 0]
    return float(np.median(prices)) if len(prices) else 1.0
