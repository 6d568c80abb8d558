"""The keep rule: what an earlier schedule has decided stays as it was."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from scheduler.audit.violation import Violation
from scheduler.model.linear import Sum
from scheduler.model.year import YearModel
from scheduler.problem.calendar import DAYS_IN_WEEK
from scheduler.problem.grid import Block
from scheduler.problem.holiday import Holiday, HolidayStatus
from scheduler.problem.resident import Resident
from scheduler.problem.rotation import AWAY, LEAVE, VACATION
from scheduler.rules.base import Rule, Scope
from scheduler.rules.example import Example, Person
from scheduler.rules.words import dated_weeks, sentence
from scheduler.schedule.schedule import HolidayDuty, Schedule


class Keep(Rule):
    """A schedule that people have already seen stays as it was, as far as the rest allows.

    The rule speaks where a schedule is given to start from (``scheduler solve
    --from FILE``) and is silent otherwise.  With a weight every changed week costs
    so much; without one the weeks of ``who`` may not change at all: so the seniors
    stay as they are while the interns are scheduled anew.

    What is compared are the cells that hold a rotation or ``VAC`` in the earlier
    schedule.  Its empty and half-decided cells, rotations that the program no
    longer has, and cells that are now leave or absence are passed over.  Duties in
    holidays whose every day lies in ``when`` are kept too, where the earlier
    schedule lists them and the person is present throughout.

    The amount of each resident is the days that differ, in weeks; begun weeks count
    whole, and every changed holiday counts as one week.
    """

    visitors: ClassVar[str] = "also"

    rule: Literal["keep"] = "keep"

    def sentence(self) -> str:
        return sentence(
            self.who.words(), "keep the weeks of the earlier schedule", self.when.words()
        )

    # -- the model -------------------------------------------------------------------------

    def excluded(self, scope: Scope, resident: Resident, block: Block) -> frozenset[str]:
        """A block keeps the rotation that its kept cells have (no block has two)."""
        rotations = frozenset(scope.problem.rotations)
        if scope.problem.earlier is None:
            return frozenset()
        row = scope.problem.earlier.cells[resident.index]
        kept = resident.available.intersection(block.parts) & scope.part_set
        codes = {row[part] for part in kept} & rotations
        return rotations if len(codes) > 1 else rotations - codes if codes else frozenset()

    def post(self, year: YearModel, scope: Scope) -> None:
        days = scope.problem.calendar.part_days
        for resident in scope.residents if scope.problem.earlier is not None else ():
            total = Sum()
            for part in scope.parts:
                if part in resident.available:
                    total.add(self._differs(year, scope, resident, part), days[part])
            year.at_most(total, 0, self, unit=DAYS_IN_WEEK)
            for holiday in scope.problem.holidays:
                if scope.part_set.issuperset(holiday.parts):
                    year.at_most(self._duty_differs(year, scope, resident, holiday), 0, self)

    def _differs(self, year: YearModel, scope: Scope, resident: Resident, part: int) -> Sum:
        """1 if the cell differs from the earlier one."""
        assert scope.problem.earlier is not None
        code = scope.problem.earlier.cells[resident.index][part]
        vacation = year.vacation(resident, scope.problem.calendar.parts[part].week)
        if code == VACATION:
            return Sum(constant=1).add(vacation, -1)
        if code not in scope.problem.rotations:
            return Sum()
        differs = Sum(constant=1).add(year.on(resident, part, (code,)), -1)
        if not vacation or not scope.problem.rotations[code].vacation:
            return differs
        # A column of its own; told apart by class (see BlockModel) every block had more columns.
        column = year.helper()
        for one in (differs, vacation):
            year.define(column.copy().add(one, -1), lower=0)
        return column

    def _duty_differs(
        self, year: YearModel, scope: Scope, resident: Resident, holiday: Holiday
    ) -> Sum:
        """1 if the duty differs from the earlier one."""
        assert scope.problem.earlier is not None
        duty = scope.problem.earlier.duties.get((resident.index, holiday.name))
        if duty is None or not year.holidays.may_be_off(resident, holiday):
            return Sum()
        if duty.status == HolidayStatus.OFF:
            return Sum(constant=1).add(year.holidays.off(resident, holiday), -1)
        if duty.status == HolidayStatus.PULLED:
            service = year.holidays.pulled_to(resident, holiday, duty.service)
            return Sum(constant=1).add(service, -1)
        off = year.holidays.off(resident, holiday)
        return off.copy().add(year.holidays.pulled(resident, holiday))

    # -- the audit -------------------------------------------------------------------------

    def audit(self, schedule: Schedule, scope: Scope) -> Iterator[Violation]:
        for resident in scope.residents if scope.problem.earlier is not None else ():
            yield from self._changed_cells(schedule, scope, resident)
            yield from self._changed_duties(schedule, scope, resident)

    def _changed_cells(
        self, schedule: Schedule, scope: Scope, resident: Resident
    ) -> Iterator[Violation]:
        assert scope.problem.earlier is not None
        parts = scope.problem.calendar.parts
        was, now = scope.problem.earlier.cells[resident.index], schedule.cells[resident.index]
        comparable = {VACATION, *scope.problem.rotations}
        changed = [
            index
            for index, (old, new) in enumerate(zip(was, now, strict=True))
            if old != new
            and old in comparable
            and new not in (LEAVE, AWAY)
            and index in scope.part_set
        ]
        if changed:
            days = sum((parts[p].last - parts[p].first).days + 1 for p in changed)
            old, new = (
                " and ".join(dict.fromkeys(row[p] or "nothing" for p in changed))
                for row in (was, now)
            )
            at = dated_weeks(scope.problem.calendar, changed)
            message = f"{resident.name} had {old} in {at}, now {new}"
            yield self.violation(-(-days // DAYS_IN_WEEK), message, resident, changed)

    def _changed_duties(
        self, schedule: Schedule, scope: Scope, resident: Resident
    ) -> Iterator[Violation]:
        assert scope.problem.earlier is not None
        row = schedule.cells[resident.index]
        for (index, name), was in scope.problem.earlier.duties.items():
            holiday = scope.problem.holiday_by_name[name]
            there = all(row[part] not in (LEAVE, AWAY) for part in holiday.parts)
            within = bool(holiday.parts) and set(holiday.parts) <= set(scope.parts)
            if index != resident.index or not there or not within:
                continue
            now = schedule.duties.get((index, name), HolidayDuty(HolidayStatus.ON_SERVICE))
            if _duty_words(was) != _duty_words(now):
                message = f"{resident.name} was {_duty_words(was)} at {holiday.title}"
                message += f", now {_duty_words(now)}"
                yield self.violation(1, message, resident, holiday.parts)

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "nothing has changed; what was open may be anything",
            {"rule": "keep"},
            {"A": "WARD CLINIC WARD", "B": "CLINIC WARD CLINIC"},
            earlier={"A": "WARD CLINIC .", "B": ". . ."},
        ),
        Example(
            "the second-year stays as she was, the intern need not",
            {"rule": "keep", "who": {"pgy": 2}},
            {"A": "CLINIC CLINIC WARD WARD", "B": "WARD WARD CLINIC CLINIC"},
            finds=("B had CLINIC in weeks 1-2 (2026-06-29 to 2026-07-12), now WARD",),
            amounts=(2,),
            block_weeks=2,
            residents={"B": Person(pgy=2)},
            earlier={"A": "WARD WARD WARD WARD", "B": "CLINIC CLINIC CLINIC CLINIC"},
        ),
        Example(
            "a vacation that moves changes two weeks; leave is nobody's change",
            {"rule": "keep", "weight": 2},
            {"A": "CLINIC VAC CLINIC CLINIC", "B": "WARD WARD LEAVE CLINIC"},
            finds=(
                "A had CLINIC and VAC in weeks 2, 4 (2026-07-06 to 2026-07-26), now VAC and CLINIC",
            ),
            amounts=(2,),
            block_weeks=2,
            residents={"B": Person(leave=(3,))},
            earlier={"A": "CLINIC CLINIC CLINIC VAC", "B": "WARD WARD CLINIC CLINIC"},
            others=({"rule": "vacation", "minimum": 0},),
        ),
        Example(
            "a part of a block, vacation in it included",
            {"rule": "keep", "when": {"weeks": "1, 3"}},
            {"A": "CLINIC CLINIC VAC VAC", "B": "CLINIC VAC ELEC ELEC"},
            finds=("B had VAC in week 3 (2026-07-13), now ELEC",),
            amounts=(1,),
            block_weeks=2,
            rotations=("CLINIC", "ELEC"),
            earlier={"A": "CLINIC VAC VAC ELEC", "B": "CLINIC CLINIC VAC CLINIC"},
            others=({"rule": "vacation", "minimum": 0},),
        ),
        Example(
            "who was promised a holiday keeps it",
            {"rule": "keep", "weight": 3},
            {"A": "CLINIC CLINIC", "B": "WARD WARD"},
            finds=("A was off at Christmas, now pulled to WARD",),
            amounts=(1,),
            holidays={"christmas": (2,)},
            duties={("A", "christmas"): "pulled WARD"},
            earlier={"A": "CLINIC CLINIC", "B": "WARD WARD"},
            earlier_duties={("A", "christmas"): "off", ("B", "christmas"): "on service"},
            others=(
                {"rule": "holiday", "off": 0, "weight": 1, "name": "off"},
                {"rule": "holiday", "service": "WARD", "minimum": 1, "name": "ward"},
            ),
        ),
    )


def _duty_words(duty: HolidayDuty) -> str:
    """'off', 'on service' or 'pulled to WARD'."""
    pulled = duty.status == HolidayStatus.PULLED
    return f"pulled to {duty.service}" if pulled else duty.status.value
