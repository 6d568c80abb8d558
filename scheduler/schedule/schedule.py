"""The schedule: a code per resident and part, holidays, teams; knows no solver and no rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scheduler.problem.holiday import HolidayStatus


@dataclass(frozen=True, slots=True)
class HolidayDuty:
    """What one resident does in one holiday; ``service`` is the rotation's code."""

    status: HolidayStatus
    service: str = ""


@dataclass(frozen=True)
class Schedule:
    """The answer.

    ``cells[r][p]`` is the code of resident index ``r`` in part index ``p``: a
    rotation's code, VAC, LEAVE or AWAY, or "" where nothing is decided.
    ``grids[r]`` names the grid the resident follows.  ``duties[(r, holiday
    name)]`` is the resident's holiday duty, ``teams[(r, p)]`` the team they are on
    in a part in which their rotation has teams.  ``backups`` holds (r, week index)
    wherever somebody is named as backup beside their rotation; with ``backups_open``
    nothing is decided of the others, without it they are not named.
    """

    cells: tuple[tuple[str, ...], ...]
    grids: tuple[str, ...]
    duties: Mapping[tuple[int, str], HolidayDuty] = field(default_factory=dict)
    teams: Mapping[tuple[int, int], str] = field(default_factory=dict)
    backups: frozenset[tuple[int, int]] = frozenset()
    backups_open: bool = False
