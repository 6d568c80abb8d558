"""What a search may use, how it is stopped, what it tells, and how it ends."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from scheduler.model.linear import Integers

#: Gets every better (cost, whole values) of a search, and returns True to stop it.
Report = Callable[[int, Integers], bool]


def ignore(cost: int, values: Integers) -> bool:  # noqa: ARG001
    """A report nobody reads."""
    return False


class Answer(StrEnum):
    """How a search ended."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Found:
    """The end of one search: full column values (None without a solution) and its cost.

    ``work`` is CP-SAT's deterministic time.
    """

    answer: Answer
    values: Integers | None
    cost: int
    bound: float
    work: float = 0.0


@dataclass(frozen=True)
class Limits:
    """What a search may use; ``work`` is CP-SAT's deterministic time.

    ``extra`` are parameters of CP-SAT by name, as are values that have one; of its subsolvers for
    the whole problem there are ``only`` these (empty: its own choice), and of all others none
    ``without``.
    """

    seconds: float | None = None
    work: float | None = None
    workers: int = 2
    seed: int = 0
    extra: dict[str, Any] = field(default_factory=dict)
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


class Solver(Protocol):
    """A search that is under way."""

    def stop_search(self) -> None:
        """End it soon."""


class Stopper:
    """Lets another thread stop every running search, and those that would start later."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._solvers: set[Solver] = set()
        self._stopped = threading.Event()

    @property
    def stopped(self) -> bool:
        return self._stopped.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait until stopped, at most ``seconds``; whether it is."""
        return self._stopped.wait(seconds)

    def stop(self) -> None:
        """Stop all searches."""
        with self._lock:
            self._stopped.set()
            for solver in self._solvers:
                solver.stop_search()

    def attach(self, solver: Solver) -> bool:
        """Take charge of ``solver``; False if stopping was already asked."""
        with self._lock:
            if self._stopped.is_set():
                return False
            self._solvers.add(solver)
            return True

    def release(self, solver: Solver) -> None:
        """Forget a solver that has ended."""
        with self._lock:
            self._solvers.discard(solver)
