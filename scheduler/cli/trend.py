"""A trend drawn in a few characters: how a number fell while the seconds went by."""

from __future__ import annotations

from bisect import bisect_right
from math import log

_LEVELS = "▁▂▃▄▅▆▇█"
#: Heights are logarithmic, so that the way from 1 % to 0.1 % is seen; below this all are equal.
_LEAST = 1e-4


class Trend:
    """Values with the second each was reached; the last value holds until the next."""

    def __init__(self) -> None:
        self._seconds: list[float] = []
        self._heights: list[float] = []

    def add(self, second: float, value: float) -> None:
        """Note ``value`` (0 or more) from ``second`` on; seconds never run backwards."""
        self._seconds.append(second)
        self._heights.append(log(max(value, _LEAST)))

    def drawn(self, now: float, width: int) -> str:
        """``width`` characters from the first value to ``now``; blanks without a value."""
        if not self._seconds:
            return " " * width
        first = self._seconds[0]
        stretch = max(0.0, now - first) / width
        return "".join(self._level(first + stretch * (i + 1)) for i in range(width))

    def _level(self, second: float) -> str:
        """The character of the value that stood at ``second``."""
        low, high = min(self._heights), max(self._heights)
        height = self._heights[max(0, bisect_right(self._seconds, second) - 1)]
        share = 0.5 if high == low else (height - low) / (high - low)
        return _LEVELS[round(share * (len(_LEVELS) - 1))]
