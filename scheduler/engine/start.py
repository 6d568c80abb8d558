"""Starting from an earlier schedule: the first answer is that schedule, mended where it must be.

Whoever's own rules the earlier schedule breaks, or leaves open, is freed; everyone
else keeps their year.  Places that stay open are left to the search that follows.
"""

from __future__ import annotations

import numpy as np

from scheduler.engine.cpsat import Limits, Stopper, search
from scheduler.engine.elastic import Elastic
from scheduler.engine.incumbent import Incumbent
from scheduler.engine.outcome import Clock
from scheduler.engine.residents import resident_parts, without_a_year
from scheduler.engine.restrict import restrict
from scheduler.engine.settings import Settings
from scheduler.model.encode import UNKNOWN
from scheduler.model.linear import Integers

#: Seconds (or, where no clock may decide, work) for the first answer; what the search after
#: it does is better use of time.
SECONDS = 10.0
#: At most this part of the time that is left.
SHARE = 0.25
#: Where more than this part of all decisions is open, there is no schedule to start from:
#: relaxations find a better first answer than a search among so much.
MOST_OPEN = 0.2


def begin(
    best: Incumbent,
    wanted: Integers,
    guided: Integers,
    settings: Settings,
    clock: Clock,
    stopper: Stopper,
) -> None:
    """Offer the answer nearest to ``wanted`` (a value or UNKNOWN for each column of the model).

    ``guided`` are the columns of decisions.
    """
    best.say("starting from the earlier schedule")
    lower, upper = _mended(best.model, wanted, settings.workers)
    if np.mean(lower[guided] < upper[guided]) > MOST_OPEN:
        return
    part = restrict(best.model.arrays, lower, upper)
    search(part, _limits(settings, clock), best.offer, stopper=stopper)


def _mended(model: Elastic, wanted: Integers, threads: int) -> tuple[Integers, Integers]:
    """Column bounds that hold ``wanted``, except of those whose own year it makes impossible."""
    whole = model.arrays.lower.astype(np.int64), model.arrays.upper.astype(np.int64)
    known = np.flatnonzero(wanted != UNKNOWN)
    lower, upper = whole[0].copy(), whole[1].copy()
    lower[known] = np.maximum(lower[known], np.minimum(wanted[known], upper[known]))
    upper[known] = lower[known]
    parts = resident_parts(model)
    for part in without_a_year(model, parts, upper, threads, lower):
        lower[part.columns], upper[part.columns] = (bound[part.columns] for bound in whole)
    return lower, upper


def _limits(settings: Settings, clock: Clock) -> Limits:
    if settings.deterministic:
        extra = {"interleave_search": True}
        return Limits(work=SECONDS, workers=settings.workers, seed=settings.seed, extra=extra)
    seconds = min(SECONDS, SHARE * clock.left())
    return Limits(seconds=seconds, workers=settings.workers, seed=settings.seed)
