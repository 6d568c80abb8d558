"""Threads around a search: one that ends its phases in time, others that work beside it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType

from scheduler.engine.incumbent import Incumbent
from scheduler.engine.searches import Stopper

#: Seconds between looks.
LOOK = 0.05
#: Seconds to wait for threads at the end; a relaxation cannot be stopped, and nobody waits for it.
PATIENCE = 1.0


def never() -> bool:
    """What a phase waits for that only ends with all."""
    return False


class _Asked(Stopper):
    """Stopped where there is enough, which only who looks at it finds out: where no clock decides,
    nobody else may."""

    def __init__(self, enough: Callable[[], bool]) -> None:
        super().__init__()
        self._enough = enough

    @property
    def stopped(self) -> bool:
        return super().stopped or self._enough()


class Watch:
    """``ending`` is stopped when all is done: from outside, by a schedule that is good enough
    (where ``clocked``: without, no decision hangs on when somebody looked), or by a fault beside,
    which is raised at the end of the ``with``."""

    def __init__(self, stopper: Stopper, best: Incumbent, clocked: bool) -> None:
        self.ending = Stopper()
        self._stopper = stopper
        self._best = best
        self._clocked = clocked
        self._phase: tuple[Stopper, Callable[[], bool]] | None = None
        self._threads: list[threading.Thread] = []
        self._fault: Exception | None = None
        self._left = threading.Event()

    def phase(self, enough: Callable[[], bool]) -> Stopper:
        """A stopper for the next phase, which ends when there is ``enough``, or with all."""
        stopper = Stopper() if self._clocked else _Asked(enough)
        self._phase = (stopper, enough)
        if self.ending.stopped:
            stopper.stop()
        return stopper

    def beside(self, work: Callable[[], None]) -> None:
        """Do ``work`` in a thread of its own; it must end soon after ``ending``."""

        def guarded() -> None:
            try:
                work()
            except Exception as fault:
                self._fault = fault
                self._end()

        thread = threading.Thread(target=guarded, daemon=True)
        self._threads.append(thread)
        thread.start()

    def __enter__(self) -> Watch:
        self.beside(self._look)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()
        self._left.set()
        for thread in self._threads:
            thread.join(PATIENCE)
        if raised is None and self._fault is not None:
            raise self._fault

    def _look(self) -> None:
        while not self._left.wait(LOOK):
            phase = self._phase  # looked at once: another may begin meanwhile
            if self._stopper.stopped or (self._clocked and self._best.good_enough()):
                self._end()
            if phase is None or not self._clocked:
                continue
            stopper, enough = phase
            # Again and again: a search that has only just begun does not hear of it.
            if stopper.stopped or enough():
                stopper.stop()

    def _end(self) -> None:
        self.ending.stop()
        phase = self._phase
        if phase is not None:
            phase[0].stop()
