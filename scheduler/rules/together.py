"""The together rule: time off that counts only where everybody named has it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, model_validator

from scheduler.audit.violation import Violation
from scheduler.model.linear import Sum
from scheduler.model.year import YearModel
from scheduler.problem.holiday import Holiday, HolidayStatus
from scheduler.problem.resident import Resident
from scheduler.problem.rotation import VACATION
from scheduler.rules.base import Scope
from scheduler.rules.example import Example, Person
from scheduler.rules.named import NamedRule
from scheduler.rules.select import Names
from scheduler.rules.words import counted, dated_weeks, every, sentence
from scheduler.schedule.schedule import Schedule


def _often(value: Any) -> Any:
    if value != "all" and (isinstance(value, bool) or not isinstance(value, int)):
        raise ValueError("say a number, or 'all'")
    return value


#: So many times at least, or every time.
Often = Annotated[int | Literal["all"], BeforeValidator(_often)]


class Together(NamedRule):
    """People who share their lives share their time off: it is granted to all of them or none.

    - ``vacation: 2``: at least two weeks of ``when`` are vacation for all of the
      ``residents``.  The amount is the weeks missing.
    - ``vacation: all``: every week of ``when`` is vacation for all of them or for
      none; the amount is the weeks in which it is for some.  A week in which one
      of them is absent or on leave is passed over.
    - ``off: 1``, ``off: all``: the same for the ``holidays`` they are off in.

    A wish that counts only if both get it is no rule of its own: write the
    other's id into the column ``with`` of the table of requests.
    """

    rule: Literal["together"] = "together"
    vacation: Often | None = Field(None, description="fewest weeks of vacation in common, or 'all'")
    off: Often | None = Field(None, description="fewest holidays off in common, or 'all'")
    holidays: Names | None = Field(None, description="with 'off': names of holidays; none: all")

    @model_validator(mode="after")
    def _one_of_both(self) -> Together:
        if (self.vacation is None) == (self.off is None):
            raise ValueError("say either 'vacation' or 'off'")
        if self.holidays is not None and self.off is None:
            raise ValueError("'holidays' needs 'off'")
        least = self._least
        if least is not None and not 1 <= least <= 53:
            raise ValueError("say a number from 1 to 53, or 'all'")
        return self

    @property
    def _least(self) -> int | None:
        """Fewest times in common; None where every time is."""
        wanted = self.off if self.vacation is None else self.vacation
        return None if wanted == "all" else wanted

    def sentence(self) -> str:
        names = every(self.residents)
        noun = "week of vacation" if self.off is None else "holiday off"
        if self._least is None:
            said = f"have every {noun} together"
        else:
            noun = noun.replace(" ", "s ", 1) if self._least > 1 else noun
            said = f"have at least {self._least} {noun} together"
        of = f"of {', '.join(self.holidays)}" if self.holidays else ""
        return sentence(names, said, of, self.when.words())

    # -- the model -------------------------------------------------------------------------

    def post(self, year: YearModel, scope: Scope) -> None:
        if len(scope.residents) < 2:
            return
        times = self._weeks(year, scope) if self.off is None else self._holidays(year, scope)
        if self._least is None:
            for time in (time for time in times if any(time)):
                some, everyone = year.helper(), year.helper()
                for one in time:
                    year.define(some.copy().add(one, -1), lower=0)
                    year.define(everyone.copy().add(one, -1), upper=0)
                year.at_most(some.add(everyone, -1), 0, self)
        else:
            common = Sum()
            for time in times:
                if all(time):
                    everyone = year.helper()
                    common.add(everyone)
                    for one in time:
                        year.define(everyone.copy().add(one, -1), upper=0)
            year.at_least(common, self._least, self)

    def _weeks(self, year: YearModel, scope: Scope) -> Iterator[list[Sum]]:
        """For each week that all are there for, whether each is on vacation."""
        calendar = scope.problem.calendar
        for week in sorted({calendar.parts[part].week for part in scope.parts}):
            parts = calendar.parts_of_week[week]
            if all(one.available.issuperset(parts) for one in scope.residents):
                yield [year.vacation(one, week) for one in scope.residents]

    def _holidays(self, year: YearModel, scope: Scope) -> Iterator[list[Sum]]:
        """For each holiday that all are there for, whether each is off."""
        for holiday in self._listed(scope):
            if all(one.available.issuperset(holiday.parts) for one in scope.residents):
                yield [year.holidays.off(one, holiday) for one in scope.residents]

    def _listed(self, scope: Scope) -> list[Holiday]:
        """The holidays named that have a day in ``when``."""
        return [
            one
            for one in scope.problem.holidays
            if (self.holidays is None or one.name in self.holidays)
            and not scope.part_set.isdisjoint(one.parts)
        ]

    # -- the audit -------------------------------------------------------------------------

    def audit(self, schedule: Schedule, scope: Scope) -> Iterator[Violation]:
        if len(scope.residents) < 2:
            return
        if self.off is None:
            yield from self._judge(scope, *_vacations(schedule, scope))
        else:
            yield from self._judge(scope, *_days_off(schedule, scope, self._listed(scope)))

    def _judge(
        self, scope: Scope, shared: dict[str, list[int]], split: dict[str, list[int]]
    ) -> Iterator[Violation]:
        """``shared`` and ``split`` map each time, in words, to its parts."""
        who = every(one.name for one in scope.residents)
        noun = "week of vacation" if self.off is None else "holiday off"
        if self._least is None:
            for time, parts in split.items():
                yield self.violation(1, f"{who} do not have {time} together", parts=parts)
        elif len(shared) < self._least:
            number = counted(len(shared), noun).replace(f"{noun}s", noun.replace(" ", "s ", 1))
            message = f"{who} have {number} together, wanted {self._least}"
            yield self.violation(self._least - len(shared), message)

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "two weeks in common",
            {"rule": "together", "residents": ["A", "B"], "vacation": 2},
            {"A": "VAC VAC CLINIC VAC", "B": "VAC CLINIC CLINIC VAC"},
            others=({"rule": "vacation", "minimum": 0},),
        ),
        Example(
            "one week of two",
            {"rule": "together", "residents": ["A", "C"], "vacation": 2, "weight": 5},
            {"A": "CLINIC VAC VAC", "B": "VAC CLINIC CLINIC", "C": "VAC CLINIC VAC"},
            finds=("A and C have 1 week of vacation together, wanted 2",),
            amounts=(1,),
            others=({"rule": "vacation", "minimum": 0, "maximum": 2},),
        ),
        Example(
            "granted to both or neither, leave apart",
            {"rule": "together", "residents": ["A", "B"], "vacation": "all"},
            {"A": "CLINIC VAC VAC WARD", "B": "VAC VAC LEAVE WARD"},
            finds=("A and B do not have vacation in week 1 (2026-06-29) together",),
            amounts=(1,),
            residents={"B": Person(leave=(3,))},
            others=({"rule": "vacation", "minimum": 0, "maximum": 2},),
        ),
        Example(
            "the same holiday off",
            {"rule": "together", "residents": ["A", "B"], "off": 1},
            {"A": "WARD CLINIC", "B": "CLINIC WARD"},
            finds=("A and B have 0 holidays off together, wanted 1",),
            amounts=(1,),
            holidays={"thanksgiving": (1,), "christmas": (2,)},
            duties={("A", "christmas"): "off", ("B", "thanksgiving"): "off"},
            others=({"rule": "holiday", "off": 1},),
        ),
        Example(
            "Christmas for all of them or none",
            {
                "rule": "together",
                "residents": ["A", "B", "C"],
                "off": "all",
                "holidays": "christmas",
                "weight": 2,
            },
            {"A": "WARD WARD", "B": "WARD WARD", "C": "WARD WARD"},
            finds=("A, B and C do not have Christmas together",),
            amounts=(1,),
            holidays={"thanksgiving": (1,), "christmas": (2,)},
            duties={
                ("A", "christmas"): "off",
                ("B", "christmas"): "off",
                ("C", "thanksgiving"): "off",
            },
            others=({"rule": "holiday", "off": 1},),
        ),
    )


def _vacations(
    schedule: Schedule, scope: Scope
) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """The weeks that are vacation for all and for some, in words, with their parts."""
    calendar = scope.problem.calendar
    shared: dict[str, list[int]] = {}
    split: dict[str, list[int]] = {}
    for week in calendar.weeks:
        parts = [part.index for part in calendar.parts if part.week == week.index]
        if scope.part_set.isdisjoint(parts) or any(_gone(r, parts) for r in scope.residents):
            continue
        away = [VACATION in {schedule.cells[r.index][p] for p in parts} for r in scope.residents]
        if any(away):
            kind = shared if all(away) else split
            kind[f"vacation in {dated_weeks(calendar, parts)}"] = parts
    return shared, split


def _days_off(
    schedule: Schedule, scope: Scope, holidays: list[Holiday]
) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """The holidays that all and that some are off in, in words, with their parts."""
    shared: dict[str, list[int]] = {}
    split: dict[str, list[int]] = {}
    for holiday in holidays:
        parts = list(holiday.parts)
        if any(_gone(one, parts) for one in scope.residents):
            continue
        duties = [schedule.duties.get((one.index, holiday.name)) for one in scope.residents]
        off = [duty is not None and duty.status is HolidayStatus.OFF for duty in duties]
        if any(off):
            (shared if all(off) else split)[holiday.title] = parts
    return shared, split


def _gone(resident: Resident, parts: list[int]) -> bool:
    """Absent or on leave on some day."""
    return any(part in resident.leave or part not in resident.present for part in parts)
