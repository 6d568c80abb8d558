"""Residents and visitors, resolved: who they are, when they are present, what they bring."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True)
class Resident:
    """One trainee.

    ``groups`` maps the name of a grouping (``firm``, ``cohort``, ...) to this
    resident's group.  ``grids`` names the candidate grids (usually one).
    ``present`` and ``leave`` are part indices; leave lies inside presence.
    ``history`` is days already worked by rotation code or tag in earlier years.
    ``leave_vacation_weeks`` is how many owed vacation weeks the leave uses up.
    ``credit`` is days of a rotation that a person decided a leave or a partly
    done rotation counts for this year.  ``carried`` is how much more (or, below 0,
    less) than their peers they bore in earlier years, in sevenths of a unit by the
    name of the burden.
    """

    index: int
    id: str
    name: str
    pgy: int
    track: str
    visitor: bool = False
    groups: Mapping[str, str] = field(default_factory=dict)
    grids: tuple[str, ...] = ()
    present: frozenset[int] = frozenset()
    leave: frozenset[int] = frozenset()
    leave_vacation_weeks: int = 0
    history: Mapping[str, int] = field(default_factory=dict)
    credit: Mapping[str, int] = field(default_factory=dict)
    worked_holidays: frozenset[str] = frozenset()
    covers: frozenset[int] = frozenset()
    carried: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def available(self) -> frozenset[int]:
        """Parts in which the resident is present and not on leave."""
        return self.present - self.leave

    def alike(self, names: Iterable[str]) -> tuple[str, ...]:
        """What this resident has in common with their peers: 'pgy', 'track' or groupings."""
        own = {**self.groups, "pgy": f"PGY{self.pgy}", "track": self.track}
        return tuple(own.get(name, "") for name in names)
