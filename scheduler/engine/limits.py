"""What one search by CP-SAT may use of what is left: time, or work where no clock decides."""

from __future__ import annotations

import math
from collections.abc import Mapping

from scheduler.engine.outcome import Clock
from scheduler.engine.searches import Limits
from scheduler.engine.settings import Settings

#: Seconds (or work) that a search has at least, however little is left.
LEAST = 0.05


def limited(
    settings: Settings,
    clock: Clock,
    seconds: float = math.inf,
    *,
    extra: Mapping[str, object],
    work: float | None = None,
    workers: int = 1,
    least: float = LEAST,
) -> Limits:
    """At most so many ``seconds`` of those that are left, for so many threads; where no clock
    decides, at most so much ``work`` (None: as many units as seconds), for one."""
    left = max(least, clock.left())
    if settings.deterministic:
        work = min(seconds if work is None else work, left)
        return Limits(work=work, workers=1, seed=settings.seed, extra=dict(extra))
    seconds = min(seconds, left)
    return Limits(seconds=seconds, workers=workers, seed=settings.seed, extra=dict(extra))
