"""What changed against an earlier workbook, counted and in words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from scheduler.audit.audit import AuditReport
from scheduler.problem.problem import Problem
from scheduler.rules.words import counted
from scheduler.schedule.changes import Change, DutyChange, changed_cells, changed_duties
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

    def _nothing(self) -> str:
        return "nothing else changed" if self.teams or self.backups else "nothing changed"

    @cached_property
    def teams(self) -> int:
        """Resident-weeks spent on the same service as before, on another of its teams."""
        before, after, parts = self.old.teams, self.new.teams, self.problem.calendar.parts
        moved = [
            (index, part)
            for index, part in before.keys() & after.keys()
            if before[index, part] != after[index, part]
            and self.old.cells[index][part] == self.new.cells[index][part]
        ]
        return len({(index, parts[part].week) for index, part in moved})

    @cached_property
    def backups(self) -> int:
        """Backup weeks that somebody had before and has no more."""
        return len(self.old.backups - self.new.backups)

    @cached_property
    def _all(self) -> tuple[Change, ...]:
        return tuple(changed_cells(self.old, self.new))

    def weeks(self, runs: tuple[Change, ...]) -> int:
        """Resident-weeks touched by ``runs``."""
        parts = self.problem.calendar.parts
        return len({(one.resident, parts[part].week) for one in runs for part in one.parts})

    def words(self, file: str, report: AuditReport | None = None) -> str:
        """'Against old.xlsx, 4 weeks and 1 holiday of 2 people changed; 3 empty weeks filled.'

        With ``report`` also what the changes add to the cost.
        """
        weeks, holidays = self.weeks(self.cells), len(self.duties)
        what = [counted(weeks, "week")] if weeks else []
        what += [counted(holidays, "holiday")] if holidays else []
        people = len({one.resident for one in self.cells} | {one.resident for one in self.duties})
        who = "1 person" if people == 1 else f"{people} people"
        said = [f"{' and '.join(what)} of {who} changed" if what else self._nothing()]
        cost = sum(rule.cost for rule in report.rules if rule.kind == "keep") if report else 0
        said[0] += f", {cost} of the cost" if cost else ""
        if self.filled:
            said.append(f"{counted(self.weeks(self.filled), 'empty week')} filled")
        if self.anew:
            said.append(f"{len(self.anew)} scheduled anew")
        if self.teams:
            said.append(f"{counted(self.teams, 'week')} on another team")
        if self.backups:
            said.append(f"{counted(self.backups, 'backup week')} given to somebody else")
        return f"Against {file}, {'; '.join(said)}."
