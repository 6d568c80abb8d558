"""How fast something gets better, and when it has become too slow to go on with."""

from __future__ import annotations

from scheduler.engine.outcome import Clock

#: It ends after so many seconds, and this part of the time until then, without anything better.
FRUITLESS, PATIENT = 4.0, 0.3
#: Its pace of late is that in this part of its time, and so many seconds at least.
LATELY, SECONDS = 0.25, 1.5
#: It is slow when that is less than this part of its pace on average.
SLOW = 0.4
#: How many times as long as it has taken is much longer.
LONGER = 3.0


class Pace:
    """When something got better, from now on; the first time may take ``patience`` seconds."""

    def __init__(self, clock: Clock, patience: float) -> None:
        self._clock = clock
        self._patience = patience
        self._began = clock.now()
        self._steps: list[tuple[float, int]] = []

    def better(self, amount: int) -> None:
        """Less is left: only this ``amount``."""
        self._steps.append((self._clock.now(), amount))

    @property
    def passed(self) -> float:
        """Seconds since it began."""
        return self._clock.now() - self._began

    def ended(self) -> bool:
        """Whether nothing better has come for long."""
        now, steps = self._clock.now(), self._steps
        if not steps:
            return now - self._began > self._patience
        latest = steps[-1][0]
        return now - latest > max(FRUITLESS, PATIENT * (latest - self._began))

    def slow(self) -> bool:
        """Whether it is much slower than it was."""
        return self._lately() < SLOW * self._on_average()

    def far_from_nothing(self, patience: float) -> bool:
        """Whether at its pace of late it would take much longer until nothing is left than it has
        taken so far, or more seconds than ``patience``."""
        left = self._steps[-1][1] if self._steps else 0
        return left > self._lately() * min(patience, LONGER * (self._clock.now() - self._began))

    def _on_average(self) -> float:
        if len(self._steps) < 2:
            return 0.0
        (first, most), (_, least) = self._steps[0], self._steps[-1]
        return (most - least) / max(SECONDS, self._clock.now() - first)

    def _lately(self) -> float:
        """What it lost in a second of late; very much where it has only just begun."""
        now = self._clock.now()
        window = max(SECONDS, LATELY * (now - self._began))
        if not self._steps or now - self._steps[0][0] < 2 * window:
            return float("inf")
        then = next(amount for when, amount in reversed(self._steps) if when <= now - window)
        return (then - self._steps[-1][1]) / window
