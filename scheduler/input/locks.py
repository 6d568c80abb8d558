"""Locked cells from their table: lock rules, and blocks split where a lock splits them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from scheduler.input.cells import inside_year, needed, span
from scheduler.input.faults import Faults, did_you_mean, quoted
from scheduler.input.grids import split_block
from scheduler.input.names import Names
from scheduler.input.rule_entries import AtPlace, RuleEntry, made_rule
from scheduler.input.tables import Columns, Row
from scheduler.problem.calendar import Calendar
from scheduler.problem.grid import Block, Grid
from scheduler.problem.resident import Resident
from scheduler.problem.rotation import VACATION

COLUMNS = Columns(("id", "from", "to", "code"), ("team", "comment"))

_NOT = "!"


@dataclass(frozen=True)
class Locked:
    """One lock: in ``parts`` the resident is on one of ``names`` (or, ``forbid``, on none).

    With ``team``, the one name is a rotation's with teams, and they are on this one.
    """

    row: Row
    resident: str
    first: date
    last: date
    parts: frozenset[int]
    names: tuple[str, ...]
    forbid: bool
    team: str = ""

    @property
    def splits(self) -> bool:
        """Only a rotation at given dates needs a block of its own; vacation is laid over one."""
        return not self.forbid and VACATION not in self.names

    def rules(self) -> Iterator[RuleEntry]:
        """The lock as rules: of the rotation, and of the team where one is given."""
        yield self._rule("lock", {"not" if self.forbid else "be": list(self.names)})
        if self.team:
            yield self._rule("team", {"rotations": list(self.names), "be": [self.team]})

    def _rule(self, kind: str, says: dict[str, Any]) -> RuleEntry:
        name = f"{kind} {self.resident} {self.first}..{self.last}"
        name = name if kind == "lock" else f"lock of the {name}"
        options = {
            "name": name,
            "who": {"resident": [self.resident], "visitors": "also"},
            "when": {"from": str(self.first), "to": str(self.last)},
            **says,
        }
        return made_rule(kind, name, options, AtPlace(self.row.place, "locks"))


@dataclass(frozen=True)
class LockReader:
    """Reads locks against a year that is already split into parts."""

    calendar: Calendar
    names: Names
    faults: Faults

    def read(self, rows: Iterable[Row], residents: Iterable[Resident]) -> list[Locked]:
        people = {resident.id: resident for resident in residents}
        found: list[Locked] = []
        for row in rows:
            if self.names.known_id(row, self.faults):
                lock = self._lock(row, people[row["id"]])
                if lock is not None:
                    self._check_others(lock, found)
                    found.append(lock)
        return found

    def _lock(self, row: Row, resident: Resident) -> Locked | None:
        before = len(self.faults)
        dates = span(row, self.faults)
        text = needed(row, "code", self.faults)
        forbid = text.startswith(_NOT)
        names = tuple(name for one in text.removeprefix(_NOT).split(",") if (name := one.strip()))
        for name in names:
            if name != VACATION and not self.names.knows(name):
                self.names.note_rotation(name, row.place, "code ", self.faults)
        team = self._team(row, text)
        if dates is None or not inside_year(row, *dates, self.calendar, self.faults):
            return None
        self._check_bounds(row, *dates)
        parts = frozenset(self.calendar.parts_between(*dates))
        if not forbid and parts - resident.present:
            what = f"{resident.id} is not present in all of {dates[0]}..{dates[1]}"
            self.faults.add(row.place, what, "shorten the lock")
        if len(self.faults) > before:
            return None
        return Locked(row, resident.id, *dates, parts, names, forbid, team)

    def _team(self, row: Row, code: str) -> str:
        """The team of a lock as the rotation spells it; '' where there is none, or a fault."""
        if not row["team"]:
            return ""
        rotation = self.names.by_code.get(code)
        teams = [team.name for team in rotation.teams] if rotation is not None else []
        found = [name for name in teams if name.casefold() == row["team"].casefold()]
        if not teams:
            what = f"team {quoted(row['team'])} needs the code of one rotation that has teams"
            self.faults.add(row.place, what, "correct the code, or leave the team blank")
        elif not found:
            what = f"team {quoted(row['team'])} is no team of {code}"
            self.faults.add(row.place, what, did_you_mean(row["team"], teams))
        return found[0] if found else ""

    def _check_bounds(self, row: Row, first: date, last: date) -> None:
        """A lock is for whole parts: it cannot begin or end inside a week that is not split."""
        parts = [self.calendar.parts[p] for p in self.calendar.parts_between(first, last)]
        if parts and (parts[0].first, parts[-1].last) != (first, last):
            what = f"{first}..{last} begins or ends inside a week"
            todo = f"write {parts[0].first}..{parts[-1].last}"
            self.faults.add(row.place, what, todo)

    def _check_others(self, lock: Locked, others: Iterable[Locked]) -> None:
        """Two locks on one week must leave a rotation that fits both."""
        if not lock.splits:
            return
        codes = self.names.rotations(lock.names)
        for other in others:
            if (
                other.splits
                and other.resident == lock.resident
                and other.parts & lock.parts
                and not codes & self.names.rotations(other.names)
            ):
                what = f"locks {lock.resident} to {quoted(lock.row['code'])} in dates that "
                what += f"line {other.row.place.line} locks to {quoted(other.row['code'])}"
                self.faults.add(lock.row.place, what, "remove one of them")


def personal_grids(
    residents: Iterable[Resident],
    locks: Iterable[Locked],
    grids: Mapping[str, Grid],
    names: Names,
) -> tuple[list[Resident], dict[str, Grid]]:
    """Residents whose locks split a block get grids of their own; all grids then in use."""
    mine: dict[str, list[Locked]] = {}
    for lock in locks:
        if lock.splits:
            mine.setdefault(lock.resident, []).append(lock)
    found: list[Resident] = []
    used: dict[str, Grid] = {}
    for resident in residents:
        its_locks = mine.get(resident.id, [])
        own = [_personal(resident, grids[name], its_locks, names) for name in resident.grids]
        used.update({grid.name: grid for grid in own})
        found.append(replace(resident, grids=tuple(grid.name for grid in own)))
    return found, used


def _personal(resident: Resident, grid: Grid, locks: list[Locked], names: Names) -> Grid:
    """``grid`` itself, or with the blocks that locks split or that they take from the pattern."""
    pieces = [piece for block in grid.blocks for piece in _pieces(block, locks, names)]
    if pieces == [(block.parts, block.assigned) for block in grid.blocks]:
        return grid
    blocks = tuple(Block(i, parts, assigned) for i, (parts, assigned) in enumerate(pieces))
    return Grid(f"{grid.name} ({resident.id})", blocks)


def _pieces(
    block: Block, locks: list[Locked], names: Names
) -> Iterator[tuple[tuple[int, ...], str | None]]:
    """The block cut at every lock; a lock to another rotation beats the grid's pattern."""
    pieces = [block]
    for lock in locks:
        pieces = [replace(p, parts=run) for p in pieces for run in split_block(p, lock.parts)]
    for piece in pieces:
        over = [lock for lock in locks if lock.parts.issuperset(piece.parts)]
        beaten = any(block.assigned not in names.rotations(lock.names) for lock in over)
        yield piece.parts, None if beaten else block.assigned
