"""What a person asked of ``scheduler solve``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scheduler.engine.settings import Settings
    from scheduler.schedule.schedule import Schedule
    from scheduler.workbook.earlier import Started


@dataclass(frozen=True)
class Asked:
    """What was asked on the command line, with defaults filled in."""

    program: Path
    output: Path
    settings: Settings
    best_effort: bool
    force: bool
    json: Path | None
    public: bool
    started: Started | None = None

    @property
    def start(self) -> Schedule | None:
        """The schedule to start from."""
        return None if self.started is None else self.started.start
