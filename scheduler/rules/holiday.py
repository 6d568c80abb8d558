"""The holiday rule: who is off in the named holidays, and who staffs the services then."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from scheduler.audit.violation import Violation
from scheduler.model.linear import Sum
from scheduler.model.year import YearModel
from scheduler.problem.holiday import Holiday, HolidayStatus
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.rules.base import Scope
from scheduler.rules.counted import CountedRule
from scheduler.rules.example import Example, Person
from scheduler.rules.select import Names
from scheduler.rules.words import counted, dated_weeks, sentence
from scheduler.schedule.schedule import HolidayDuty, Schedule


class HolidayRule(CountedRule):
    """Everyone gets a holiday off, and the services are staffed all the same.

    The holidays themselves (names and dates) stand in the program, or in a policy
    it builds on, under ``holidays``; a policy such as ``us-holidays`` brings them
    along, and a program may add its own or switch one off:

        holidays:
          retreat: {name: Retreat, dates: [{from: 2026-10-08, to: 2026-10-11}]}
          labor_day: {name: Labor Day, calendar: US, day: Labor Day, before: 2}
          high_holidays: {off: true}

    The rule says who is off in them and who staffs the services; its ``holidays``
    picks some of them by these names.

    In a holiday each resident is *off*, *on their own service* or *pulled* to
    another service, in all of its days; weekly coverage and requirements stay as
    they are.  Off or pulled is only who is present and neither on leave nor on
    vacation in every week of the holiday (a vacation over it is not the
    holiday).  Off is only who an ``off`` or ``worked_last_year`` covers.  Pulled
    is only who a rule with ``service`` and a minimum covers, to that service,
    from a rotation that allows it in every part of the holiday, and never to a
    service that a hard eligibility rule forbids them then.

    One rule may say several of the things below; each in a rule of its own may
    be hard or soft.  Visitors are left out unless ``who`` says otherwise: say
    ``visitors: also`` with ``service`` where visitors staff it.

    - ``off``: so many of the listed holidays off, exactly; someone who cannot be
      off in so many (absent or on leave in them) gets as many as they can.  The
      amount is the holidays missing or too many.
    - ``service`` with ``minimum``, ``maximum`` or ``exactly``: how many of ``who``
      serve there in each part of each listed holiday: those whose own service it
      is, neither off nor pulled, and those pulled to it.  The amount is people
      missing or too many, for each part.
    - ``pulls_maximum``: most holidays in which one resident is pulled.  The amount
      is the pulls too many; with 0 and a weight, every pull is charged.
    - ``worked_last_year``: who worked a holiday last year is off in it this year.
      The amount is one for each such holiday not off; who is absent or on leave
      in it is passed over.
    """

    unit: ClassVar[str] = "person"

    rule: Literal["holiday"] = "holiday"
    holidays: Names | None = Field(None, description="names of holidays; without it, all of them")
    off: int | None = Field(None, ge=0, description="holidays off for each resident, exactly")
    service: str | None = Field(None, description="code of a rotation to be staffed")
    minimum: int | None = Field(None, ge=0, description="fewest people on the service")
    maximum: int | None = Field(None, ge=0, description="most people on the service")
    exactly: int | None = Field(
        None, ge=0, description="people on the service, neither more nor fewer"
    )
    pulls_maximum: int | None = Field(
        None, ge=0, description="most holidays in which a resident is pulled"
    )
    worked_last_year: bool = Field(
        False, description="true: whoever worked a holiday last year is off in it this year"
    )

    @model_validator(mode="after")
    def _consistent(self) -> HolidayRule:
        if self.is_counted != (self.service is not None):
            raise ValueError("'service' goes with 'minimum', 'maximum' or 'exactly'")
        self.check_counts()
        if (self.off, self.service, self.pulls_maximum) == (
            None,
        ) * 3 and not self.worked_last_year:
            raise ValueError("say 'off', 'service', 'pulls_maximum' or 'worked_last_year'")
        return self

    def rotation_names(self) -> Iterable[str]:
        return [self.service] if self.service else []

    @property
    def counts_people(self) -> bool:
        return self.service is not None

    @property
    def by_date(self) -> bool:
        each = self.off is not None or self.pulls_maximum is not None or self.worked_last_year
        return self.service is not None and not each

    def sentence(self) -> str:
        names = f"of {', '.join(self.holidays)}" if self.holidays else "of the holidays"
        return "; ".join(sentence(words) for words in self._says(names))

    def _says(self, names: str) -> Iterator[str]:
        who = self.who.words()
        if self.off is not None:
            yield f"{who} are off in exactly {self.off} {names}"
        if self.service:
            low = [f"at least {self.minimum}"] if self.minimum is not None else []
            high = [f"at most {self.maximum}"] if self.maximum is not None else []
            amount = [f"exactly {self.exactly}"] if self.exactly is not None else low + high
            yield f"{self.service} has {' and '.join(amount)} of {who} in each {names}"
        if self.pulls_maximum is not None:
            yield f"{who} are pulled to another service in at most {self.pulls_maximum} {names}"
        if self.worked_last_year:
            worked = f"one {names}"
            if self.holidays is not None and len(self.holidays) == 1:
                worked = self.holidays[0]
            yield f"{who} who worked {worked} last year are off in it this year"

    def worked_sets(self, scope: Scope, resident: Resident) -> Iterable[frozenset[str]]:
        return [frozenset({self.service})] if self.service else []

    def holiday_duties(
        self, scope: Scope, resident: Resident, holiday: Holiday
    ) -> frozenset[HolidayDuty]:
        if self.holidays is not None and holiday.name not in self.holidays:
            return frozenset()
        duties: set[HolidayDuty] = set()
        if self.off is not None or self._owed_again(resident, holiday):
            duties.add(HolidayDuty(HolidayStatus.OFF))
        if self.service and self.least:
            duties.add(HolidayDuty(HolidayStatus.PULLED, self.service))
        return frozenset(duties)

    def _owed_again(self, resident: Resident, holiday: Holiday) -> bool:
        return self.worked_last_year and holiday.name in resident.worked_holidays

    def _listed(self, problem: Problem) -> list[Holiday]:
        """The holidays of the rule that have a day in the year."""
        wanted = problem.holiday_by_name if self.holidays is None else self.holidays
        return [one for one in problem.holidays if one.name in wanted and one.parts]

    # -- the model -------------------------------------------------------------------------

    def post(self, year: YearModel, scope: Scope) -> None:
        holidays = self._listed(scope.problem)
        for resident in scope.residents:
            if self.off is not None:
                self._post_off(year, resident, holidays, self.off)
            if self.pulls_maximum is not None:
                pulls = Sum.of(year.holidays.pulled(resident, one) for one in holidays)
                year.at_most(pulls, self.pulls_maximum, self)
            for holiday in holidays:
                again = self._owed_again(resident, holiday)
                if again and year.holidays.may_be_off(resident, holiday):
                    year.at_least(year.holidays.off(resident, holiday), 1, self)
        for holiday in holidays if self.service else ():
            for part in holiday.parts:
                self._post_service(year, scope, holiday, part)

    def _post_off(
        self, year: YearModel, resident: Resident, holidays: list[Holiday], wanted: int
    ) -> None:
        able = [one for one in holidays if year.holidays.may_be_off(resident, one)]
        total = Sum.of(year.holidays.off(resident, one) for one in able)
        year.at_least(total, min(wanted, len(able)), self)
        if wanted < len(able):
            year.at_most(total, wanted, self)

    def _post_service(self, year: YearModel, scope: Scope, holiday: Holiday, part: int) -> None:
        total = Sum()
        for resident in scope.residents:
            if scope.means(resident, part):
                total.add(year.holidays.serving(resident, holiday, part, self.service or ""))
        if self.least:
            year.at_least(total, self.least, self)
        if self.most is not None:
            year.at_most(total, self.most, self)

    # -- the audit -------------------------------------------------------------------------

    def audit(self, schedule: Schedule, scope: Scope) -> Iterator[Violation]:
        holidays = self._listed(scope.problem)
        for resident in scope.residents:
            status = {
                one.name: schedule.duties[resident.index, one.name].status
                for one in holidays
                if (resident.index, one.name) in schedule.duties
            }
            yield from self._audit_off(scope, resident, holidays, status)
            yield from self._audit_pulls(scope, resident, status)
            yield from self._audit_again(resident, holidays, status)
        for holiday in holidays if self.service else ():
            yield from self._audit_service(schedule, scope, holiday)

    def _audit_off(
        self,
        scope: Scope,
        resident: Resident,
        holidays: list[Holiday],
        status: dict[str, HolidayStatus],
    ) -> Iterator[Violation]:
        if self.off is None:
            return
        able = [one for one in holidays if _is_here(resident, one)]
        owed = min(self.off, len(able))
        off = [name for name, one in status.items() if one == HolidayStatus.OFF]
        if len(off) != owed:
            shown = f"{counted(len(off), 'holiday')} off{_titles(scope, off)}, owed {owed}"
            yield self.violation(
                abs(len(off) - owed),
                f"{resident.name} has {shown}",
                resident,
                [part for one in able for part in one.parts],
            )

    def _audit_pulls(
        self, scope: Scope, resident: Resident, status: dict[str, HolidayStatus]
    ) -> Iterator[Violation]:
        pulled = [name for name, one in status.items() if one == HolidayStatus.PULLED]
        if self.pulls_maximum is not None and len(pulled) > self.pulls_maximum:
            shown = f"{counted(len(pulled), 'holiday')}{_titles(scope, pulled)}"
            yield self.violation(
                len(pulled) - self.pulls_maximum,
                f"{resident.name} is pulled in {shown}, at most {self.pulls_maximum}",
                resident,
                [p for name in pulled for p in scope.problem.holiday_by_name[name].parts],
            )

    def _audit_again(
        self, resident: Resident, holidays: list[Holiday], status: dict[str, HolidayStatus]
    ) -> Iterator[Violation]:
        for holiday in holidays if self.worked_last_year else ():
            worked = holiday.name in resident.worked_holidays and _is_here(resident, holiday)
            if worked and status.get(holiday.name) != HolidayStatus.OFF:
                yield self.violation(
                    1,
                    f"{resident.name} worked {holiday.title} last year and is not off in it",
                    resident,
                    holiday.parts,
                )

    def _audit_service(
        self, schedule: Schedule, scope: Scope, holiday: Holiday
    ) -> Iterator[Violation]:
        serving: Counter[int] = Counter()
        for resident in scope.residents:
            duty = schedule.duties.get((resident.index, holiday.name))
            row = schedule.cells[resident.index]
            meant = [part for part in holiday.parts if scope.means(resident, part)]
            if duty is None or duty.status == HolidayStatus.ON_SERVICE:
                serving.update(part for part in meant if row[part] == self.service)
            elif duty == HolidayDuty(HolidayStatus.PULLED, self.service or ""):
                serving.update(meant)
        for part in holiday.parts:
            few = self.least - serving[part]
            many = 0 if self.most is None else serving[part] - self.most
            if max(few, many) > 0:
                limit = f"at least {self.least}" if few > 0 else f"at most {self.most}"
                at = dated_weeks(scope.problem.calendar, [part])
                yield self.violation(
                    max(few, many),
                    f"{self.service} at {holiday.title} in {at}: {serving[part]} of "
                    f"{self.who.words()}, needs {limit}",
                    parts=[part],
                    service=self.service or "",
                )

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "each is off in one of two holidays",
            {"rule": "holiday", "off": 1},
            {"A": "WARD WARD WARD", "B": "WARD CLINIC WARD"},
            holidays={"thanksgiving": (2,), "christmas": (3,)},
            duties={("A", "thanksgiving"): "off", ("B", "christmas"): "off"},
        ),
        Example(
            "none off, both off, on leave in both",
            {"rule": "holiday", "off": 1, "weight": 5},
            {"A": "WARD WARD", "B": "WARD WARD", "C": "LEAVE LEAVE"},
            finds=(
                "A has 0 holidays off, owed 1",
                "B has 2 holidays off (Thanksgiving, Christmas), owed 1",
            ),
            amounts=(
                1,
                1,
            ),
            holidays={"thanksgiving": (1,), "christmas": (2,)},
            duties={("B", "thanksgiving"): "off", ("B", "christmas"): "off"},
            residents={"C": Person(leave=(1, 2))},
        ),
        Example(
            "a vacation over the holiday is not the holiday",
            {"rule": "holiday", "off": 1},
            {"A": "CLINIC VAC"},
            finds=("A has 0 holidays off, owed 1",),
            amounts=(1,),
            block_weeks=2,
            holidays={"christmas": (2,)},
            others=({"rule": "vacation", "minimum": 0},),
        ),
        Example(
            "someone from the closed clinic is pulled to the ward",
            {"rule": "holiday", "service": "WARD", "minimum": 1, "holidays": "christmas"},
            {"A": "WARD WARD", "B": "CLINIC CLINIC"},
            holidays={"christmas": (2,)},
            duties={("A", "christmas"): "off", ("B", "christmas"): "pulled WARD"},
            others=({"rule": "holiday", "off": 1, "weight": 1},),
        ),
        Example(
            "nobody is left on the ward",
            {"rule": "holiday", "service": "WARD", "exactly": 1},
            {"A": "WARD WARD CLINIC", "B": "WARD CLINIC WARD"},
            finds=(
                "WARD at High-Holidays in week 3 (2026-07-13): 0 of residents, needs at least 1",
                "WARD at Christmas in week 2 (2026-07-06): 0 of residents, needs at least 1",
            ),
            amounts=(
                1,
                1,
            ),
            holidays={"high-holidays": (1, 3), "christmas": (2,)},
            duties={("B", "high-holidays"): "off", ("A", "christmas"): "off"},
            others=({"rule": "holiday", "off": 1, "weight": 1},),
        ),
        Example(
            "too many in the clinic, for a price",
            {"rule": "holiday", "service": "CLINIC", "maximum": 1, "weight": 2},
            {"A": "CLINIC CLINIC", "B": "CLINIC VAC", "C": "CLINIC CLINIC"},
            finds=("CLINIC at Christmas in week 1 (2026-06-29): 2 of residents, needs at most 1",),
            amounts=(1,),
            block_weeks=2,
            holidays={"christmas": (1, 2)},
            duties={("C", "christmas"): "off"},
            residents={"C": Person(pgy=2)},
            others=(
                {"rule": "vacation", "minimum": 0},
                {"rule": "holiday", "off": 1, "who": {"pgy": 2}},
            ),
        ),
        Example(
            "nobody is pulled twice, nor to a service they never do",
            {"rule": "holiday", "pulls_maximum": 1},
            {"A": "CLINIC CLINIC", "B": "CLINIC CLINIC"},
            finds=("A is pulled in 2 holidays (Christmas, New-Year), at most 1",),
            amounts=(1,),
            holidays={"christmas": (1,), "new-year": (2,)},
            duties={("A", "christmas"): "pulled WARD", ("A", "new-year"): "pulled WARD"},
            residents={"B": Person(pgy=2)},
            others=(
                {"rule": "holiday", "service": "WARD", "minimum": 1},
                {"rule": "eligibility", "never": "WARD", "who": {"pgy": 2}},
            ),
        ),
        Example(
            "last year's Christmas worker is off this year",
            {"rule": "holiday", "worked_last_year": True, "weight": 3},
            {"A": "WARD WARD", "B": "WARD WARD"},
            finds=("B worked Christmas last year and is not off in it",),
            amounts=(1,),
            holidays={"thanksgiving": (1,), "christmas": (2,)},
            duties={("A", "christmas"): "off", ("B", "thanksgiving"): "off"},
            residents={
                "A": Person(worked_holidays=frozenset({"christmas"})),
                "B": Person(worked_holidays=frozenset({"christmas"})),
            },
            others=({"rule": "holiday", "off": 1},),
        ),
    )


def _is_here(resident: Resident, holiday: Holiday) -> bool:
    """Present and not on leave in every part of the holiday."""
    gone = resident.leave.intersection(holiday.parts)
    return not gone and resident.present.issuperset(holiday.parts)


def _titles(scope: Scope, names: list[str]) -> str:
    titles = ", ".join(scope.problem.holiday_by_name[name].title for name in names)
    return f" ({titles})" if titles else ""
