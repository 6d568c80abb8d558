"""The problem: everything the engine, the audit and the workbook need, resolved.

Data needs no further preprocessing once it is a :class:`Problem`; it knows no
files, no YAML and no solver.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from scheduler.problem.burden import Burden
from scheduler.problem.calendar import Calendar
from scheduler.problem.grid import Grid
from scheduler.problem.holiday import Holiday
from scheduler.problem.resident import Resident
from scheduler.problem.rotation import Rotation, Team
from scheduler.problem.wish import Choice, LeftOut

if TYPE_CHECKING:
    from scheduler.rules.base import BoundRule
    from scheduler.schedule.schedule import Schedule


@dataclass(frozen=True)
class Problem:
    """A program's year, ready to be solved or audited.

    ``earlier`` is the schedule that this one starts from, if any; its empty cells
    and the duties it does not list are undecided.
    ``peers`` names what residents who are compared with each other have in
    common: 'pgy', 'track' or groupings.  ``left_out`` are wishes that cannot
    count, because no schedule can grant them, say; they stand in no choice.
    """

    name: str
    calendar: Calendar
    rotations: Mapping[str, Rotation]
    grids: Mapping[str, Grid]
    residents: tuple[Resident, ...]
    rules: tuple[BoundRule, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    choices: tuple[Choice, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    groupings: tuple[str, ...] = ()
    tracks: Mapping[str, str] = field(default_factory=dict)
    burdens: Mapping[str, Burden] = field(default_factory=dict)
    peers: tuple[str, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    earlier: Schedule | None = None

    @cached_property
    def tags(self) -> Mapping[str, frozenset[str]]:
        """Each tag with the codes of its rotations."""
        found: dict[str, set[str]] = {}
        for rotation in self.rotations.values():
            for tag in rotation.tags:
                found.setdefault(tag, set()).add(rotation.code)
        return {tag: frozenset(codes) for tag, codes in found.items()}

    @cached_property
    def teams(self) -> Mapping[str, tuple[Team, ...]]:
        """Each rotation's code whose people are divided into teams, with the teams."""
        return {code: one.teams for code, one in self.rotations.items() if one.teams}

    @cached_property
    def resident_by_id(self) -> Mapping[str, Resident]:
        return {resident.id: resident for resident in self.residents}

    @cached_property
    def holiday_by_name(self) -> Mapping[str, Holiday]:
        return {holiday.name: holiday for holiday in self.holidays}

    @cached_property
    def choices_of(self) -> Mapping[int, tuple[Choice, ...]]:
        """Each resident index that wishes for something, with the choices."""
        found: dict[int, list[Choice]] = {}
        for choice in self.choices:
            found.setdefault(choice.resident, []).append(choice)
        return {index: tuple(choices) for index, choices in found.items()}

    @cached_property
    def all_codes(self) -> frozenset[str]:
        return frozenset(self.rotations)

    def codes(self, names: Sequence[str]) -> frozenset[str]:
        """The rotation codes meant by ``names``, each a code or a tag."""
        key = tuple(names)
        if key not in self._codes:
            found = self._codes_of(key)
            self._codes[key] = self._codes.setdefault(found, found)
        return self._codes[key]

    @cached_property
    def _codes(self) -> dict[tuple[str, ...] | frozenset[str], frozenset[str]]:
        """What :meth:`codes` has found: rules ask it for every resident and block.

        Equal sets are one object, which is found faster wherever it is a key.
        """
        return {}

    def _codes_of(self, names: Sequence[str]) -> frozenset[str]:
        found: set[str] = set()
        for name in names:
            if name in self.rotations:
                found.add(name)
            else:
                found |= self.tags[name]
        return frozenset(found)

    def candidate_grids(self, resident: Resident) -> tuple[Grid, ...]:
        return tuple(self.grids[name] for name in resident.grids)
