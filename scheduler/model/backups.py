"""The columns of backup (jeopardy): who is named in which week, beside what they work on.

Columns come into being when a rule asks for them; what they mean (at work on one
of the rotations, and not off or pulled in a holiday of that week) is stated at the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.model.linear import Sum
from scheduler.problem.resident import Resident
from scheduler.rules.backups import backup_grants

if TYPE_CHECKING:
    from scheduler.model.year import YearModel


class BackupModel:
    """The backup weeks of every resident that a rule asks about.

    A named person works in all of the week on rotations that some rule names, so
    each column is at most what is worked there in every part.
    """

    def __init__(self, year: YearModel) -> None:
        self._year = year
        self._grants = backup_grants(year.problem)
        self.columns: dict[tuple[int, int], int] = {}

    def named(self, resident: Resident, week: int) -> Sum:
        """1 if the resident is named as backup in the week (an index)."""
        key = (resident.index, week)
        if key not in self._grants:
            return Sum()
        if key not in self.columns:
            self.columns[key] = self._year.linear.column(0, 1)
        return Sum({self.columns[key]: 1})

    def finish(self) -> None:
        """State what the columns mean, once every rule has asked for its own."""
        busy = self._busy()
        for (index, week), column in self.columns.items():
            resident = self._year.problem.residents[index]
            for part in self._year.problem.calendar.parts_of_week[week]:
                worked = self._year.worked(resident, part, self._grants[index, week])
                self._year.define(Sum({column: 1}).add(worked, -1), upper=0)
            for duty in busy.get((index, week), ()):
                self._year.define(Sum({column: 1}).add(duty), upper=1)

    def _busy(self) -> dict[tuple[int, int], list[Sum]]:
        """By resident and week: for each holiday in it, 1 if they are off or pulled."""
        duties: dict[tuple[int, str], Sum] = {}
        holidays = self._year.holidays
        for (index, name), column in holidays.off_columns.items():
            duties.setdefault((index, name), Sum()).terms[column] = 1
        for (index, name, _), column in holidays.pull_columns.items():
            duties.setdefault((index, name), Sum()).terms[column] = 1
        found: dict[tuple[int, int], list[Sum]] = {}
        parts = self._year.problem.calendar.parts
        for (index, name), duty in duties.items():
            holiday = self._year.problem.holiday_by_name[name]
            for week in {parts[part].week for part in holiday.parts}:
                found.setdefault((index, week), []).append(duty)
        return found
