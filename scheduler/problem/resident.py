"""Residents and visitors, resolved: who they are, when they are present, what they bring."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

#: What a whole person counts, in percent.
WHOLE = 100


@dataclass(frozen=True)
class Resident:
    """One trainee.

    ``groups`` maps the name of a grouping (``firm``, ``cohort``, ...) to this
    resident's group.  ``grids`` names the candidate grids (usually one).
    ``present`` and ``leave`` are part indices; leave lies inside presence.
    ``history`` is days already worked by rotation code or tag in earlier years.
    ``leave_vacation_weeks`` is how many owed vacation weeks the leave uses up.
    ``credit`` is days of a rotation that a person decided a leave or a partly
    done rotation counts for this year.  ``counts`` is what this person counts for
    where a service counts people, in percent of a person.  ``pgy`` is the year of
    training of the greater part of this year; ``levels`` are all of it with their
    parts, where somebody is promoted inside it (else empty).  ``earlier_leave``
    is days of leave in earlier years, ``earlier_stays`` the number of stays there by
    rotation or tag, as far as it was given.
    ``carried`` is how much more (or, below 0, less) than their peers they bore in
    earlier years, in sevenths of a unit by the name of the burden.
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
    counts: int = WHOLE
    levels: tuple[tuple[int, frozenset[int]], ...] = ()
    earlier_leave: int = 0
    earlier_stays: Mapping[str, int] = field(default_factory=dict)
    carried: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def available(self) -> frozenset[int]:
        """Parts in which the resident is present and not on leave."""
        return self.present - self.leave

    def pgy_at(self, part: int) -> int:
        """The year of training in ``part``."""
        return next((pgy for pgy, parts in self.levels if part in parts), self.pgy)

    def stages(self) -> tuple[tuple[Resident, frozenset[int]], ...]:
        """This resident as of each level, with the parts in which they have it."""
        if not self.levels:
            return ((self, self.present),)
        return tuple((replace(self, pgy=pgy), parts) for pgy, parts in self.levels)

    def alike(self, names: Iterable[str]) -> tuple[str, ...]:
        """What this resident has in common with their peers: 'pgy', 'track' or groupings."""
        own = {**self.groups, "pgy": f"PGY{self.pgy}", "track": self.track}
        return tuple(own.get(name, "") for name in names)


def levels_of(
    pgy: int, present: frozenset[int], promoted: int | None
) -> tuple[tuple[int, frozenset[int]], ...]:
    """The levels of somebody of ``pgy`` who is promoted in part ``promoted``; none without it."""
    if promoted is None:
        return ()
    before = frozenset(part for part in present if part < promoted)
    levels = ((pgy, before), (pgy + 1, present - before))
    return tuple((level, parts) for level, parts in levels if parts)
