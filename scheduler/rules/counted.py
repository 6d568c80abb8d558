"""Rules about a number of people: at least, at most, or exactly so many."""

from __future__ import annotations

from pydantic import Field

from scheduler.rules.base import Rule


class CountedRule(Rule):
    """``minimum`` and ``maximum``, or ``exactly`` for both; each rule describes its own."""

    minimum: int | None = Field(None, ge=0)
    maximum: int | None = Field(None, ge=0)
    exactly: int | None = Field(None, ge=0)

    @property
    def is_counted(self) -> bool:
        """Whether any number of people is asked."""
        return (self.minimum, self.maximum, self.exactly) != (None, None, None)

    @property
    def least(self) -> int:
        """Fewest people there may be."""
        return self.exactly if self.exactly is not None else self.minimum or 0

    @property
    def most(self) -> int | None:
        """Most people there may be; None for no limit."""
        return self.exactly if self.exactly is not None else self.maximum

    def check_counts(self) -> None:
        """Raise ValueError where the numbers contradict each other."""
        if self.exactly is not None and (self.minimum, self.maximum) != (None, None):
            raise ValueError("say either 'exactly' or 'minimum' and 'maximum'")
        if self.most is not None and self.least > self.most:
            raise ValueError(f"minimum {self.minimum} is above maximum {self.maximum}")
