"""Wishes, resolved: choices with ranked alternatives, in lanes that do not trade."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scheduler.problem.calendar import DAYS_IN_WEEK, Calendar


class Lane(StrEnum):
    """The three lanes of wishes."""

    PROTECTED = "protected"
    TIME_OFF = "time-off"
    ROTATIONS = "rotations"


class WishKind(StrEnum):
    """What an alternative asks for."""

    VACATION = "vacation"
    DATE = "date"
    HOLIDAY = "holiday"
    ROTATION = "rotation"
    AVOID = "avoid"


class WishStatus(StrEnum):
    """Where a request stands; only approved and locked requests bind hard."""

    SUBMITTED = "submitted"
    APPROVED = "approved"
    LOCKED = "locked"
    DECLINED = "declined"


@dataclass(frozen=True)
class Alternative:
    """One ranked alternative of a choice; ``priority`` 1 is most wanted.

    ``vacation``: every week of ``weeks`` is vacation.  ``date``: every part of
    ``parts`` is vacation or spent on a releasable rotation; where vacation has
    other weekends than those of its calendar week, ``freed_by`` lists the parts
    with the weeks whose vacation frees the days meant.  ``holiday``: off in
    ``holiday``.  ``rotation``: on one of ``rotations`` in every part of
    ``parts`` (or, with no parts, in any block of the year); with ``at_least``, in
    so many weeks of ``parts`` (or of the year).  ``avoid``: on none of
    ``rotations`` in any part of ``parts``.  With a ``partner`` (a resident's
    index) it holds only where it holds for both.
    """

    priority: int
    kind: WishKind
    weeks: tuple[int, ...] = ()
    parts: tuple[int, ...] = ()
    rotations: frozenset[str] = frozenset()
    holiday: str = ""
    asked: str = ""
    comment: str = ""
    freed_by: tuple[tuple[int, tuple[int, ...]], ...] = ()
    partner: int | None = None
    at_least: int = 0

    @property
    def days(self) -> int:
        """Days that make ``at_least`` weeks: the greater half of a week counts as one."""
        return self.at_least * DAYS_IN_WEEK - DAYS_IN_WEEK // 2

    def freeing(self, calendar: Calendar) -> tuple[tuple[int, tuple[int, ...]], ...]:
        """For the days of a ``date``: each part, and the weeks whose vacation frees them."""
        return self.freed_by or tuple((p, (calendar.parts[p].week,)) for p in self.parts)


@dataclass(frozen=True)
class LeftOut:
    """A choice (or some of its alternatives) that cannot count, and why in words."""

    choice: Choice
    why: str


@dataclass(frozen=True)
class Choice:
    """One thing a resident wishes for: alternatives in the order of priority.

    ``default`` says that the program wishes it for somebody who asked for nothing.
    """

    resident: int
    lane: Lane
    name: str
    status: WishStatus
    alternatives: tuple[Alternative, ...]
    default: bool = False

    @property
    def priorities(self) -> tuple[int, ...]:
        """The ranks of its list: each priority once, the most wanted first."""
        return tuple(sorted({one.priority for one in self.alternatives}))

    @property
    def number(self) -> int:
        """Its place among a resident's choices; names that are no numbers are all last."""
        return int(self.name) if self.name.isdecimal() else 1_000_000

    @property
    def binding(self) -> bool:
        """Approved or locked protected wishes must be met."""
        return self.status in (WishStatus.APPROVED, WishStatus.LOCKED)
