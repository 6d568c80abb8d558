"""What a person may ask of the engine, and the defaults that ``solve --help`` tells."""

from __future__ import annotations

import os
from dataclasses import dataclass

TIME_LIMIT = 120.0
GAP = 0.002
SEED = 1
MOST_WORKERS = 8


def default_workers() -> int:
    """One search thread a core; more than there are cores is slower (DESIGN 5)."""
    return max(1, min(MOST_WORKERS, os.cpu_count() or 1))


@dataclass(frozen=True)
class Settings:
    """``time_limit`` in seconds from the command's start, ``gap`` as a fraction of at_stake.

    ``deterministic`` takes no decision by the clock: ``time_limit`` then limits
    work, in units of about a second's work of one core.
    """

    time_limit: float = TIME_LIMIT
    gap: float = GAP
    seed: int = SEED
    workers: int = 2
    deterministic: bool = False
