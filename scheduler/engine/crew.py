"""Threads that do one work together, and what becomes of a fault in one of them."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Crew:
    """``stop`` ends whatever the threads have under way, once one of them failed."""

    def __init__(self, stop: Callable[[], None]) -> None:
        self._stop = stop
        self._fault: Exception | None = None

    @property
    def failed(self) -> bool:
        """Whether a fault ends the work."""
        return self._fault is not None

    def run(self, threads: int, work: Callable[[int], None], steer: Callable[[], None]) -> None:
        """Do ``work`` (it gets the thread's number) in so many threads, and ``steer`` here again
        and again until they end.  A fault in any of them is raised once all have ended."""
        crew = [
            threading.Thread(target=self._guarded, args=(work, number), daemon=True)
            for number in range(threads)
        ]
        for thread in crew:
            thread.start()
        try:
            while any(thread.is_alive() for thread in crew):
                steer()
        except Exception as fault:
            self._failed(fault)
        for thread in crew:
            thread.join()
        if self._fault is not None:
            raise self._fault

    def _guarded(self, work: Callable[[int], None], number: int) -> None:
        try:
            work(number)
        except Exception as fault:
            self._failed(fault)

    def _failed(self, fault: Exception) -> None:
        self._fault = self._fault or fault
        self._stop()
