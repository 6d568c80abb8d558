"""The columns of holiday duties: who is off, who is pulled where, who serves on their own service.

Columns come into being when a rule asks for them; what they mean (one duty
each, never off or pulled while on vacation or away) is stated at the end.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from scheduler.model.linear import Sum
from scheduler.problem.holiday import Holiday, HolidayStatus
from scheduler.problem.resident import Resident
from scheduler.rules.duties import possible_duties
from scheduler.schedule.schedule import HolidayDuty

if TYPE_CHECKING:
    from scheduler.model.year import YearModel

_OFF = HolidayDuty(HolidayStatus.OFF)


class HolidayModel:
    """The duties of every resident and holiday that a rule asks about.

    In each part of a holiday, of its weeks and of its columns at most one is 1:
    off, pulled to some service, on vacation, or on duty on one's own staffed
    service.  Together with ``own duty <= own service`` and ``own service <= own
    duty + off + pulled`` (summed over the staffed services) that is the convex
    hull for one resident and part.
    """

    def __init__(self, year: YearModel) -> None:
        self._year = year
        self._possible = possible_duties(year.problem)
        self.off_columns: dict[tuple[int, str], int] = {}
        self.pull_columns: dict[tuple[int, str, str], int] = {}
        self._pulls: dict[tuple[int, str], Sum] = {}
        self._pulled_columns: dict[tuple[int, str], int] = {}
        self._own: dict[tuple[int, str, int], dict[str, Sum]] = {}

    # -- what a rule may ask -------------------------------------------------------------

    def may_be_off(self, resident: Resident, holiday: Holiday) -> bool:
        """Only someone present, and not on leave, in all of a holiday can be off in it."""
        return bool(holiday.parts) and all(p in resident.available for p in holiday.parts)

    def off(self, resident: Resident, holiday: Holiday) -> Sum:
        """1 if the resident is off in the holiday (a vacation over it is not the holiday)."""
        if _OFF not in self._duties(resident, holiday):
            return Sum()
        key = (resident.index, holiday.name)
        if key not in self.off_columns:
            self.off_columns[key] = self._year.linear.column(0, 1)
        return Sum({self.off_columns[key]: 1})

    def pulled(self, resident: Resident, holiday: Holiday) -> Sum:
        """1 if the resident is pulled to any service in the holiday."""
        if not any(one.service for one in self._duties(resident, holiday)):
            return Sum()
        key = (resident.index, holiday.name)
        if key not in self._pulled_columns:
            self._pulled_columns[key] = self._year.linear.column(0, 1)
        return Sum({self._pulled_columns[key]: 1})

    def pulled_to(self, resident: Resident, holiday: Holiday, service: str) -> Sum:
        """1 if the resident is pulled to ``service`` in the holiday."""
        if HolidayDuty(HolidayStatus.PULLED, service) not in self._duties(resident, holiday):
            return Sum()
        key = (resident.index, holiday.name, service)
        if key not in self.pull_columns:
            self.pull_columns[key] = column = self._year.linear.column(0, 1)
            self._pulls.setdefault(key[:2], Sum()).terms[column] = 1
        return Sum({self.pull_columns[key]: 1})

    def serving(self, resident: Resident, holiday: Holiday, part: int, service: str) -> Sum:
        """1 if the resident serves on ``service`` in ``part`` of the holiday.

        That is: works there and is neither off nor pulled, or is pulled there.
        A rule that asks must name ``{service}`` in its ``worked_sets``.
        """
        total = self.pulled_to(resident, holiday, service)
        worked = self._year.worked(resident, part, frozenset({service}))
        if worked and self._duties(resident, holiday):
            own = self._own.setdefault((resident.index, holiday.name, part), {})
            if service not in own:
                own[service] = self._year.helper()
                self._year.define(own[service].copy().add(worked, -1), upper=0)
            worked = own[service]
        return total.add(worked)

    # -- what the columns mean -----------------------------------------------------------

    def finish(self) -> None:
        """State what the columns mean, once every rule has asked for its own."""
        for holiday in self._year.problem.holidays:
            for resident in self._year.problem.residents:
                if self._duties(resident, holiday):
                    self._finish(resident, holiday)

    def _finish(self, resident: Resident, holiday: Holiday) -> None:
        key = (resident.index, holiday.name)
        pulls = self._pulls.get(key, Sum())
        if key in self._pulled_columns:
            self._year.define(pulls.copy().add(self.pulled(resident, holiday), -1), 0, 0)
        duty = pulls.copy()
        if key in self.off_columns:
            duty.add(self.off(resident, holiday))
        for part in holiday.parts:
            self._finish_part(resident, part, duty, self._own.get((*key, part), {}))
            if pulls:
                from_here = self._year.on(resident, part, self._pullable)
                self._year.define(pulls.copy().add(from_here, -1), upper=0)

    def _finish_part(self, resident: Resident, part: int, duty: Sum, own: dict[str, Sum]) -> None:
        week = self._year.problem.calendar.parts[part].week
        one = duty.copy().add(self._year.vacation(resident, week))
        missed = Sum()
        for service, on_duty in own.items():
            one.add(on_duty)
            missed.add(self._year.worked(resident, part, frozenset({service})))
            missed.add(on_duty, -1)
        if duty:
            self._year.define(one, upper=1)
        if own:
            self._year.define(missed.add(duty, -1), upper=0)

    def _duties(self, resident: Resident, holiday: Holiday) -> frozenset[HolidayDuty]:
        """Duties the resident may have, beside their own service."""
        if not self.may_be_off(resident, holiday):
            return frozenset()
        return self._possible.get((resident.index, holiday.name), frozenset())

    @cached_property
    def _pullable(self) -> frozenset[str]:
        rotations = self._year.problem.rotations
        return frozenset(code for code, one in rotations.items() if one.pullable)
