"""How near relaxations are drawn to the standing: so that about one group would move."""

from __future__ import annotations

#: What moving a column costs in such a relaxation, in median prices: at first, at most, at least.
FIRST, CLOSEST, FARTHEST = 0.3, 8.0, 0.05
#: Nearer or farther where many more or fewer than a group would move, and how much.
MANY, FEW = 1.5, 0.5
NEARER, FARTHER = 1.25, 0.8


class Closeness:
    """``now``: what moving a column costs, in median prices."""

    def __init__(self) -> None:
        self.now = FIRST

    def seen(self, far: int, group: int) -> None:
        """A relaxation would move so many residents, and a group has so many."""
        if far < FEW * group:
            self.now = max(FARTHEST, FARTHER * self.now)
        elif far > MANY * group:
            self.now = min(CLOSEST, NEARER * self.now)
