"""What narrows the gap faster at the moment: a lower cost, or a higher bound.

It counts work, not seconds, so that it decides the same way wherever it runs.
"""

from __future__ import annotations

from dataclasses import dataclass, field

#: How much of what was learnt before counts after each move, and years and groups tried before
#: any verdict: the first groups know no relaxation near them and gain little.
MEMORY, TRIED, TRIED_GROUPS = 0.9, 3, 10
#: Work that even a trivial move is taken for: it must be made ready and read back.
LEAST_WORK = 0.03
#: How much more than a lower cost a higher bound counts: each year is looked at once, and what
#: groups would have won meanwhile is still there afterwards.
EAGER = 3.0


@dataclass
class _Rate:
    gain: float = 0.0
    work: float = 0.0
    moves: int = 0

    def learn(self, gain: float, work: float) -> None:
        self.gain = MEMORY * self.gain + max(0.0, gain)
        self.work = MEMORY * self.work + max(LEAST_WORK, work)
        self.moves += 1

    @property
    def per_work(self) -> float:
        return self.gain / self.work if self.work else 0.0


@dataclass
class Paying:
    """Gains per work of groups (cost) and of whole years (bound), the latest counting most."""

    cost: _Rate = field(default_factory=_Rate)
    bound: _Rate = field(default_factory=_Rate)
    work_of_groups: float = 0.0

    def improved(self, gain: float, work: float) -> None:
        """A group lowered the cost by ``gain``."""
        self.cost.learn(gain, work)
        self.work_of_groups += work

    def lifted(self, gain: float, work: float) -> None:
        """A year lifted the bound by ``gain``."""
        self.bound.learn(gain, work)

    def years_pay_more(self) -> bool:
        """Whether the next move should be a year's bound."""
        if self.bound.moves < TRIED:
            return True
        if self.cost.moves < TRIED_GROUPS:
            return False
        return EAGER * self.bound.per_work > self.cost.per_work
