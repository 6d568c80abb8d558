"""What a solve ends with, and how it is told while it runs."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from scheduler.schedule.schedule import Schedule


class Status(StrEnum):
    """How a solve ended; ``optimal`` means the cost equals the bound rounded up."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of progress: seconds since the command's start, best cost, best bound."""

    seconds: float
    cost: int | None
    bound: int | None
    doing: str = ""


def gap_of(cost: int | None, bound: int | None, at_stake: int) -> float | None:
    """DESIGN 6: (cost - bound) / at_stake; with nothing at stake / max(1, cost)."""
    if cost is None or bound is None:
        return None
    return (cost - bound) / (at_stake or max(1, cost))


@dataclass
class Clock:
    """Seconds since the command's start, and what is left of the time limit."""

    started: float = field(default_factory=time.monotonic)
    limit: float = math.inf

    def now(self) -> float:
        return time.monotonic() - self.started

    def left(self) -> float:
        return self.limit - self.now()

    def spend(self, work: float) -> None:
        """Hear of work done; only a clock that counts work minds."""


@dataclass
class WorkClock(Clock):
    """Counts work instead of time, so that no decision depends on how fast a machine is.

    A unit is about a second's work of one core.
    """

    worked: float = 0.0

    def now(self) -> float:
        return self.worked

    def spend(self, work: float) -> None:
        self.worked += work


@dataclass(frozen=True)
class Outcome:
    """The engine's answer.

    ``seconds`` holds ``first_schedule`` (a moment) and the durations ``build``,
    ``bound`` and ``search``.  ``divided`` is False where the schedule's people could
    not be divided into teams as hard rules ask; then ``cost`` is that of the year alone.
    ``fault`` is what ended the search before its time, once there was a schedule.
    """

    status: Status
    schedule: Schedule | None
    cost: int | None
    bound: int | None
    at_stake: int
    progress: tuple[Step, ...]
    seconds: dict[str, float]
    interrupted: bool = False
    divided: bool = True
    columns: int = 0
    rows: int = 0
    fault: Exception | None = None

    @property
    def gap(self) -> float | None:
        return gap_of(self.cost, self.bound, self.at_stake)


Listener = Callable[[Step], None]


def silent(step: Step) -> None:
    """A listener that tells nobody."""
