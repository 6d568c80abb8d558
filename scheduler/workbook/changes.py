"""What changed against an earlier workbook, counted and in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from scheduler.audit.audit import AuditReport
from scheduler.problem.problem import Problem
from scheduler.rules.words import counted, every
from scheduler.schedule.changes import (
    BackupChange,
    Change,
    DutyChange,
    TeamChange,
    changed_backups,
    changed_cells,
    changed_duties,
    changed_teams,
)
from scheduler.schedule.schedule import Schedule


@dataclass(frozen=True)
class Changes:
    """The differences between the schedule of an earlier workbook and a new one."""

    problem: Problem
    old: Schedule
    new: Schedule

    @cached_property
    def cells(self) -> tuple[Change, ...]:
        """Runs of cells that had something else before."""
        return tuple(one for one in self._all if one.old)

    @cached_property
    def filled(self) -> tuple[Change, ...]:
        """Runs of cells that were empty before, of people of whom some were not."""
        return tuple(one for one in self._all if not one.old and one.resident not in self.anew)

    @cached_property
    def anew(self) -> frozenset[int]:
        """Residents of whom nothing was decided before."""
        return frozenset(i for i, row in enumerate(self.old.cells) if not any(row))

    @cached_property
    def duties(self) -> tuple[DutyChange, ...]:
        return tuple(changed_duties(self.old, self.new))

    @cached_property
    def teams(self) -> tuple[TeamChange, ...]:
        return tuple(changed_teams(self.old, self.new))

    @cached_property
    def backups(self) -> tuple[BackupChange, ...]:
        by_week = self.problem.calendar.parts_of_week
        return tuple(changed_backups(self.old, self.new, by_week))

    @cached_property
    def _all(self) -> tuple[Change, ...]:
        return tuple(changed_cells(self.old, self.new))

    @cached_property
    def _people(self) -> frozenset[int]:
        """Residents for whom something changed."""
        found = {one.resident for one in self.cells} | {one.resident for one in self.duties}
        found |= {one.resident for one in self.teams} | {one.resident for one in self.backups}
        return frozenset(found)

    def weeks(self, runs: Iterable[Change | TeamChange]) -> int:
        """Resident-weeks touched by ``runs``."""
        parts = self.problem.calendar.parts
        return len({(one.resident, parts[part].week) for one in runs for part in one.parts})

    def words(self, file: str, report: AuditReport | None = None) -> str:
        """'Against old.xlsx, 4 weeks and 1 holiday of 2 people changed; 3 empty weeks filled.'

        With ``report`` also what the changes add to the cost.
        """
        counts = {
            "week": self.weeks(self.cells),
            "holiday": len(self.duties),
            "team week": self.weeks(self.teams),
            "backup week": len(self.backups),
        }
        what = [counted(number, noun) for noun, number in counts.items() if number]
        people = len(self._people)
        who = "1 person" if people == 1 else f"{people} people"
        said = [f"{every(what)} of {who} changed" if what else "nothing changed"]
        cost = sum(rule.cost for rule in report.rules if rule.kind == "keep") if report else 0
        said[0] += f", {cost} of the cost" if cost else ""
        if self.filled:
            said.append(f"{counted(self.weeks(self.filled), 'empty week')} filled")
        if self.anew:
            said.append(f"{len(self.anew)} scheduled anew")
        return f"Against {file}, {'; '.join(said)}."
