"""The programs of the benchmark by name: shape, size, tightness, balance; made elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatch

from scheduler.rules.registry import rule_kinds

#: Residents of a generated program, by shape.  Four cohorts of a 4+1 program work while one is in
#: clinic, so fewer than 25 cannot staff anything; more than 200 are several programs ('campus').
SIZES = {
    "blocks": (12, 25, 50, 100, 200),
    "four-plus-one": (25, 50, 100, 200),
    "months": (12, 25, 50, 100, 200),
    "campus": (200, 600, 1000),
}
#: The example of that name, as it is and scaled by its own generator (not below half: its rules
#: name people who would not be there).
EXAMPLE = "mgh"
EXAMPLE_SCALES = {100: 0.5, 200: 1.0, 600: 3.0}


@dataclass(frozen=True)
class Case:
    """One program: about ``residents`` people; all are the same each time for one ``seed``."""

    shape: str
    residents: int
    tight: bool = True
    balance: bool = False
    seed: int = 1

    @property
    def name(self) -> str:
        """As it is called on the command line and in the results."""
        words = [self.shape, str(self.residents)]
        if self.shape != EXAMPLE:
            words.append("tight" if self.tight else "loose")
        words += ["balance"] if self.balance else []
        words += [] if self.seed == 1 else [f"seed{self.seed}"]
        return "-".join(words)


def catalogue(seed: int = 1) -> list[Case]:
    """All programs, the small ones first; those with balance only where that rule is built."""
    balances = (False, True) if "balance" in rule_kinds() else (False,)
    found = [
        Case(shape, size, tight, balance, seed)
        for shape, sizes in SIZES.items()
        for size in sizes
        for tight in (True, False)
        for balance in balances
    ]
    found += [Case(EXAMPLE, size, seed=seed) for size in EXAMPLE_SCALES]
    return sorted(found, key=lambda case: (case.residents, case.name))


def chosen(patterns: Iterable[str], seed: int = 1) -> list[Case]:
    """The cases whose name fits one of ``patterns`` (shell wildcards); all without any.

    Raises ValueError for a pattern that fits none.
    """
    cases = catalogue(seed)
    wanted = tuple(patterns)
    for pattern in wanted:
        if not any(fnmatch(case.name, pattern) for case in cases):
            names = ", ".join(case.name for case in cases)
            raise ValueError(f"no program is called {pattern!r}; there are: {names}")
    return [c for c in cases if not wanted or any(fnmatch(c.name, one) for one in wanted)]
