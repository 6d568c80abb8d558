"""The facts of one run that a workbook tells beside the schedule; knows no engine and no file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from scheduler.problem.wish import Choice
from scheduler.schedule.schedule import Schedule

VALID = "valid"
NOT_VALID = "NOT VALID"
#: Stands first on a public workbook, and is known again on reading.
PUBLIC = "Public copy"

#: The workbook's own format, written on About and Layers and checked on reading.
FORMAT = 1


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file the problem was made from; ``role`` says what it is ('program', 'policy', ...)."""

    name: str
    role: str
    sha256: str


@dataclass(frozen=True)
class RunFacts:
    """How a schedule came to be.

    ``seconds`` maps a moment or duration (DESIGN 6) to seconds; ``progress`` is a
    list of (second, cost, bound), and ``searched`` the second the search ended; ``unit`` names
    what takes the place of seconds where no clock decided (work).
    ``settings`` are shown as they are (time limit, gap asked for ...).  ``previous``
    is the workbook this one started from, ``earlier`` its schedule.  ``declined``
    are wishes a person declined.  With ``fill`` the filled cells of ``previous`` bound
    the search, and the bound is that of schedules that keep them.
    ``public`` asks for the workbook meant for everyone.
    ``written`` is left out where two runs must be
    identical.
    """

    status: str = VALID
    cost: int | None = None
    bound: int | None = None
    at_stake: int = 0
    gap: float | None = None
    seed: int | None = None
    workers: int | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    inputs: tuple[InputFile, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    progress: tuple[tuple[float, int | None, int | None], ...] = ()
    searched: float | None = None
    unit: str = "second"
    previous: str = ""
    fill: bool = False
    earlier: Schedule | None = None
    declined: tuple[Choice, ...] = ()
    public: bool = False
    written: datetime | None = None

    @property
    def is_valid(self) -> bool:
        return self.status == VALID

    @property
    def stamp(self) -> str:
        """Version and date for the foot of every page; the day of printing where none is known."""
        version = f"scheduler {self.versions.get('scheduler', '')}".strip()
        return f"{version}, {self.written.isoformat(' ', 'minutes') if self.written else '&D'}"

    @property
    def _charged(self) -> str:
        """What the cost counts besides wishes, where the search started from another schedule."""
        if not self.previous or self.fill:
            return ""
        return f" once changes against {self.previous} are charged"

    @property
    def _of_others(self) -> str:
        return " of those that keep the filled cells" if self.fill else ""

    @property
    def others(self) -> str:
        """The schedules that the bound is about: 'schedule', or only some of them."""
        return "schedule that keeps the filled cells" if self.fill else "schedule"

    def cost_words(self) -> str:
        """The cost and its bound in one sentence."""
        if self.cost is None:
            return "The cost is not known."
        if self.bound is None:
            return f"Cost {self.cost}; how low a cost could be is not known."
        if self.bound >= self.cost:
            return f"Cost {self.cost}, and no {self.others} can be below it{self._charged}."
        return f"Cost {self.cost}, and no {self.others} can be below {self.bound}{self._charged}."

    def gap_words(self) -> str:
        """The gap as a share of everything at stake; empty where unknown."""
        if self.gap is None:
            return ""
        if self.gap <= 0:
            return f"This schedule is proven best{self._of_others}{self._charged}."
        if self.gap >= 1:
            return "How far from the best it is cannot be said yet."
        of = "of everything the wishes could give" if self.at_stake else "of the cost"
        return f"Some other {self.others} might still win {self.gap:.2%} {of}, no more."
