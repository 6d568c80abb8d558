"""Whose years are still to be settled, and towards what; shared by all threads of a search."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable

from scheduler.model.linear import Floats, Integers


class Settling:
    """A queue of residents; ``target`` is what their years should nearly be, and ``upper`` the
    column bounds they are first looked for in."""

    def __init__(self) -> None:
        self._waiting: deque[int] = deque()
        self._under_way = 0
        self._lock = threading.Lock()
        self.target: Floats
        self.upper: Integers

    @property
    def under_way(self) -> bool:
        """Whether some year is still to be settled."""
        return bool(self._waiting) or self._under_way > 0

    def forget(self) -> None:
        """Nobody waits any more."""
        with self._lock:
            self._waiting.clear()

    def add(self, residents: Iterable[int]) -> None:
        """These residents' years are to be settled."""
        with self._lock:
            self._waiting.extend(residents)

    def next(self) -> int | None:
        """The next resident, if one waits; ``end`` is owed then."""
        with self._lock:
            if not self._waiting:
                return None
            self._under_way += 1
            return self._waiting.popleft()

    def end(self) -> bool:
        """One year is settled; whether it was the last."""
        with self._lock:
            self._under_way -= 1
            return not self._waiting and not self._under_way
