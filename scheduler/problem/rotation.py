"""Rotations: the services residents do, with their tags and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

VACATION = "VAC"
LEAVE = "LEAVE"
AWAY = "AWAY"
OVERLAY_CODES = frozenset({VACATION, LEAVE, AWAY})


@dataclass(frozen=True, slots=True)
class Team:
    """One of the teams that a service's people are divided into.

    ``groups`` maps a grouping to the groups the team belongs to; without one it is
    everybody's.  ``size`` maps a year of training to the places the team has for it.
    """

    name: str
    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)
    size: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rotation:
    """A service a resident does.

    ``hours`` are expected hours a week, ``nights`` and ``weekend_days`` are a
    week's expected numbers, ``outpatient`` is the share of outpatient time in
    percent, ``clinic_sessions`` are half-days a week.  ``vacation`` says whether
    a vacation week may fall in it, ``releasable`` whether single days can be
    freed, ``pullable`` whether its people may be pulled onto another service in
    a holiday (closed clinics and electives).  ``groups`` maps a grouping (``firm``)
    to the groups the rotation belongs to; without one it is everybody's.  Its people
    are divided into ``teams``, where there are any.
    """

    code: str
    name: str
    tags: frozenset[str] = frozenset()
    colour: str = "D9D9D9"
    hours: int = 0
    nights: int = 0
    weekend_days: int = 0
    outpatient: int = 0
    clinic_sessions: int = 0
    vacation: bool = False
    releasable: bool = False
    pullable: bool = False
    site: str = ""
    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)
    teams: tuple[Team, ...] = ()
