"""Relaxations that guide the search, asked for one at a time and solved beside it.

The plain one gives the bound.  Perturbed ones single out one nearly integer
schedule among thousands that tie (DESIGN 5).  A near one is drawn towards where
the search stands, so that what it still changes is worth changing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from scheduler.engine.relaxation import Relaxation, iterations_in
from scheduler.engine.structure import Mask
from scheduler.engine.workers import RelaxationWorker, Relaxing, Task
from scheduler.model.linear import Arrays, Floats, Integers

#: A column of the support has at least this value in some relaxation.
SUPPORT = 0.01
#: The random bonus of a perturbed column, as a multiple of the median price: large where the
#: relaxation shall choose among schedules (measured: 0.75 is solved in two thirds of the time of
#: 0.15 and is nearer to whole numbers), small where it shall stay near one.
BONUS, SMALL_BONUS = 0.75, 0.05
#: What moving a column costs in a near relaxation while places are open, in median prices.
OPEN_CLOSENESS = 0.6
#: The work of a first relaxation from which on others slow a closing beside them more than they
#: guide it (200 residents in two-week blocks 2.6; programs of 100 residents 0.5, 0.6, and with
#: balance 1.6).
SLOW = 2.0
#: A guide is as good when solved loosely (measured: 1e-3 leads to schedules as cheap as 1e-4 does,
#: in a fifth of the time), and the first most loosely.
LOOSE, LOOSEST = 1e-3, 3e-3
#: The bound is solved more and more tightly, each time from where the last one ended, so that
#: guides can come in between (measured on 200 residents in two-week blocks: 2.8, 1.6 and 4 s for a
#: bound of 849, 895 and 905).
TIGHTER = (1e-3, 3e-4, 1e-4)
#: Work of one such step at most; where the first relaxation was more, that.  (Measured on the same,
#: from 895 on: 903, 905 and 907 after 2, 4 and 9 s, and after 35 s, in which no guide came, 911.)
LONGEST = 4.0
#: Seconds a relaxation has at least where it is solved in the time that is left.
SHORTEST = 0.05
#: PDLP iterations allowed where no clock may decide.
DETERMINISTIC_ITERATIONS = 6_000


class Kind(StrEnum):
    """What a relaxation is for."""

    PLAIN = "plain"
    PERTURBED = "perturbed"
    NEAR = "near"


@dataclass(frozen=True)
class Guidance:
    """A relaxation and what it was asked for."""

    kind: Kind
    relaxation: Relaxation

    @property
    def slow(self) -> bool:
        """Whether relaxations of this model take long."""
        return self.relaxation.work > SLOW


class Guide:
    """Solves one relaxation at a time: here and now if ``worker`` is None, else there.

    Where a clock decides, ``left`` tells the seconds that are left.

    The bound is that of ``sharper``, the same model with more columns and rows: these make a
    relaxation twice as long, which guides do not repay.
    ``support`` marks the columns that any perturbed relaxation used.
    """

    def __init__(
        self,
        arrays: Arrays,
        guided: Integers,
        seed: int,
        worker: RelaxationWorker | None,
        sharper: Arrays | None = None,
        left: Callable[[], float] | None = None,
    ) -> None:
        self._arrays = arrays
        self._sharper = sharper or arrays
        self._guided = guided
        self._seed = seed
        self._worker = worker
        self._left = left
        self._relaxing = Relaxing(arrays, self._sharper)
        self._asked: Kind | None = None
        self._task = Task()
        self._answer: Relaxation | None = None
        self._rounds = 0
        self._bounds_asked, self._longest = 0, LONGEST
        self.median_price = median_price(arrays)
        self.support: Mask = np.zeros(arrays.columns, dtype=bool)
        if worker is not None:
            worker.load(arrays, self._sharper)

    @property
    def idle(self) -> bool:
        """Whether nothing has been asked that is not answered yet."""
        return self._asked is None

    @property
    def tight(self) -> bool:
        """Whether the bound has been asked for as tightly as it ever is."""
        return self._bounds_asked >= len(TIGHTER)

    def ask_plain(self) -> None:
        """Ask for the bound, more tightly than the last time (in the end as tightly)."""
        tolerance = TIGHTER[min(self._bounds_asked, len(TIGHTER) - 1)]
        self._bounds_asked += 1
        most = iterations_in(self._longest, self._sharper)
        task = Task(go_on=True, tolerance=tolerance, iterations=self._iterations(most))
        self._ask(Kind.PLAIN, task)

    def ask_perturbed(self, threads: int = 1) -> None:
        """Ask for one more nearly integer optimum; where it is all that is under way, with several
        ``threads``."""
        threads = 1 if self._worker is None else threads  # here, no two runs may differ
        task = replace(self._perturbed(BONUS, None, LOOSEST), threads=threads)
        self._ask(Kind.PERTURBED, task)

    def ask_near(self, values: Floats, closeness: float) -> None:
        """Ask for an optimum that pays ``closeness`` median prices for each column it moves."""
        extra = np.zeros(self._arrays.columns)
        extra[self._guided] = (
            closeness * self.median_price * (1.0 - 2.0 * np.rint(values[self._guided]))
        )
        self._ask(Kind.NEAR, self._perturbed(SMALL_BONUS, extra, LOOSE))

    def answer(self, seconds: float = 0.0) -> Guidance | None:
        """What was asked for, if it is there within ``seconds``."""
        if self._asked is None:
            return None
        if self._worker is not None:
            self._answer = self._worker.poll(seconds)
        if self._answer is None:
            if self._worker is None or self._worker.busy:
                return None
            if self._worker.begin_again():
                self._worker.load(self._arrays, self._sharper)
                self._worker.start(self._task)
                return None
            self._worker = None  # its process died again: they are solved here from now on
            self._answer = self._solved_here(self._task)
        given = Guidance(self._asked, self._answer)
        self._asked = self._answer = None
        if given.kind == Kind.PERTURBED:
            self.support |= given.relaxation.values >= SUPPORT
            self._longest = max(LONGEST, given.relaxation.work)
        return given

    def upper(self, also: Floats | None = None, view: Floats | None = None) -> Integers:
        """Column upper bounds that switch off guided columns outside the support.

        Columns that are positive in ``also`` or in the support of ``view`` stay on.
        """
        on = self.support[self._guided].copy()
        for more, least in ((also, 0.5), (view, SUPPORT)):
            if more is not None:
                on |= more[self._guided] >= least
        return self.only(on)

    def crossing(self, also: Floats, view: Floats) -> Integers:
        """Column upper bounds that leave only what ``also`` or ``view`` use."""
        return self.only((also[self._guided] >= 0.5) | (view[self._guided] >= SUPPORT / 10))

    def only(self, on: Mask) -> Integers:
        """Column upper bounds that switch off the guided columns that are not ``on``."""
        upper = self._arrays.upper.astype(np.int64)
        off = self._guided[~on]
        upper[off] = np.maximum(self._arrays.lower[off], 0).astype(np.int64)
        return upper

    def _ask(self, kind: Kind, task: Task) -> None:
        self._asked, self._task = kind, task
        if self._worker is None:
            self._answer = self._solved_here(task)
        else:
            self._worker.start(task)

    def _solved_here(self, task: Task) -> Relaxation:
        """Everything else waits meanwhile, an interrupt too, so it ends when the time does."""
        seconds = None if self._left is None else max(SHORTEST, self._left())
        return self._relaxing.run(replace(task, seconds=seconds))

    def _perturbed(self, bonus: float, extra: Floats | None, tolerance: float) -> Task:
        self._rounds += 1
        return Task(
            seed=1000 * self._seed + self._rounds,
            bonus=bonus * self.median_price,
            perturbed=self._guided,
            extra=extra,
            go_on=extra is not None,
            tolerance=tolerance,
            iterations=self._iterations(),
        )

    def _iterations(self, most: int | None = None) -> int | None:
        if self._worker is not None:
            return most
        return min(most or DETERMINISTIC_ITERATIONS, DETERMINISTIC_ITERATIONS)


def median_price(arrays: Arrays) -> float:
    """The median of what columns cost, where they cost anything; 1 where none does."""
    prices = arrays.cost[arrays.cost > 0]
    return float(np.median(prices)) if len(prices) else 1.0
