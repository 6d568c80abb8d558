"""The keep rule: what an earlier schedule has decided stays as it was."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from scheduler.audit.violation import Violation
from scheduler.model.linear import Sum
from scheduler.model.teams import TeamModel
from scheduler.model.year import YearModel
from scheduler.problem.calendar import DAYS_IN_WEEK
from scheduler.problem.grid import Block
from scheduler.problem.holiday import Holiday, HolidayStatus
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.problem.rotation import AWAY, LEAVE, VACATION
from scheduler.rules.backups import backup_grants
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

    Who works on the same service as before stays on their team there, and who was
    named as backup (or was not, in a list that is complete) stays so in every week
    that was decided and lies wholly in ``when``.  A name that no rule ``jeopardy``
    allows any more is passed over, and so is a team that is gone.

    The amount of each resident is the days that differ, in weeks; begun weeks count
    whole, and every changed holiday and backup week counts as one week.  Weeks on
    another team are counted likewise, apart from these.
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
            year.at_most(self._backups_differ(year, scope, resident), 0, self)

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

    def _backups_differ(self, year: YearModel, scope: Scope, resident: Resident) -> Sum:
        """The weeks in which the resident is named as backup and was not, or the reverse."""
        assert scope.problem.earlier is not None
        earlier, total = scope.problem.earlier, Sum()
        for week, parts in enumerate(scope.problem.calendar.parts_of_week):
            was = (resident.index, week) in earlier.backups
            codes = {earlier.cells[resident.index][part] for part in parts}
            decided = codes <= {VACATION, *scope.problem.rotations}
            if decided and scope.part_set.issuperset(parts) and (was or not earlier.backups_open):
                named = year.backups.named(resident, week)
                if named and was:
                    total.add(Sum(constant=1)).add(named, -1)
                else:
                    total.add(named)
        return total

    def post_teams(self, teams: TeamModel, scope: Scope) -> None:
        days = scope.problem.calendar.part_days
        for resident in scope.residents if scope.problem.earlier is not None else ():
            total = Sum()
            for part in scope.parts:
                others = self._other_teams(teams, scope, resident, part)
                total.add(teams.on(resident, part, others), days[part])
            teams.at_most(total, 0, self, unit=DAYS_IN_WEEK)

    def _other_teams(
        self, teams: TeamModel, scope: Scope, resident: Resident, part: int
    ) -> list[str]:
        """The teams that would be a change; none where the earlier schedule has no say."""
        assert scope.problem.earlier is not None
        earlier, service = scope.problem.earlier, teams.service(resident, part)
        names = [team.name for team in scope.problem.teams.get(service, ())]
        was = earlier.teams.get((resident.index, part))
        same = earlier.cells[resident.index][part] == service
        return [name for name in names if name != was] if same and was in names else []

    # -- the audit -------------------------------------------------------------------------

    def audit(self, schedule: Schedule, scope: Scope) -> Iterator[Violation]:
        for resident in scope.residents if scope.problem.earlier is not None else ():
            yield from self._changed_cells(schedule, scope, resident)
            yield from self._changed_duties(schedule, scope, resident)
            yield from self._changed_teams(schedule, scope, resident)
        if scope.problem.earlier is not None:
            yield from self._changed_backups(schedule, scope)

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

    def _changed_teams(
        self, schedule: Schedule, scope: Scope, resident: Resident
    ) -> Iterator[Violation]:
        assert scope.problem.earlier is not None
        earlier, parts = scope.problem.earlier, scope.problem.calendar.parts
        was, now = earlier.cells[resident.index], schedule.cells[resident.index]
        moved: dict[int, tuple[str, str]] = {}
        for part in (part for part in scope.parts if was[part] == now[part]):
            names = {team.name for team in scope.problem.teams.get(now[part], ())}
            old, new = (one.teams.get((resident.index, part), "") for one in (earlier, schedule))
            if old != new and old in names and new in names:
                moved[part] = (old, f"{new} of {now[part]}")
        if moved:
            days = sum((parts[p].last - parts[p].first).days + 1 for p in moved)
            before, after = (
                " and ".join(dict.fromkeys(names)) for names in zip(*moved.values(), strict=True)
            )
            at = dated_weeks(scope.problem.calendar, list(moved))
            message = f"{resident.name} was on {before} in {at}, now on {after}"
            yield self.violation(-(-days // DAYS_IN_WEEK), message, resident, moved)

    def _changed_backups(self, schedule: Schedule, scope: Scope) -> Iterator[Violation]:
        assert scope.problem.earlier is not None
        before, now = scope.problem.earlier.backups, schedule.backups
        lost, gained = before - now, now - before
        if lost:
            lost &= backup_grants(scope.problem).keys()
        if scope.problem.earlier.backups_open:
            gained = frozenset()
        for resident in scope.residents:
            for changed, said in (
                (lost, "was backup in {}, now not"),
                (gained, "is now backup in {}"),
            ):
                weeks = [week for index, week in changed if index == resident.index]
                yield from self._changed_weeks(scope, resident, weeks, said)

    def _changed_weeks(
        self, scope: Scope, resident: Resident, weeks: list[int], said: str
    ) -> Iterator[Violation]:
        """One finding about those of ``weeks`` that were decided before."""
        assert scope.problem.earlier is not None
        row, by_week = (
            scope.problem.earlier.cells[resident.index],
            scope.problem.calendar.parts_of_week,
        )
        comparable = {VACATION, *scope.problem.rotations}
        found = [
            week
            for week in sorted(weeks)
            if all(part in scope.part_set and row[part] in comparable for part in by_week[week])
        ]
        if found:
            parts = [part for week in found for part in by_week[week]]
            at = dated_weeks(scope.problem.calendar, parts)
            yield self.violation(len(found), f"{resident.name} {said.format(at)}", resident, parts)

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
        Example(
            "on another team of the same service; who comes from elsewhere may be on any",
            {"rule": "keep", "weight": 2},
            {"A": "FLOOR FLOOR WARD WARD", "B": "WARD WARD FLOOR FLOOR"},
            finds=(
                "A was on Red in weeks 1-2 (2026-06-29 to 2026-07-12), now on Blue of FLOOR",
                "B had FLOOR and WARD in weeks 2, 4 (2026-07-06 to 2026-07-26), now WARD and FLOOR",
            ),
            amounts=(2, 2),
            rotations=("FLOOR", "WARD"),
            teams={"A": "Blue Blue . .", "B": ". . Blue Blue"},
            earlier={"A": "FLOOR FLOOR WARD WARD", "B": "WARD FLOOR FLOOR WARD"},
            earlier_teams={"A": "Red Red . .", "B": ". Blue Blue ."},
        ),
        Example(
            "who was named as backup stays so; whom nothing was decided of may be named",
            {"rule": "keep", "weight": 1},
            {"A": "CLINIC CLINIC CLINIC", "B": "CLINIC CLINIC CLINIC"},
            finds=(
                "A was backup in week 1 (2026-06-29), now not",
                "B is now backup in week 1 (2026-06-29)",
            ),
            amounts=(1, 1),
            earlier={"A": "CLINIC CLINIC CLINIC", "B": "CLINIC . CLINIC"},
            backups={"A": (3,), "B": (1, 2)},
            earlier_backups={"A": (1, 3)},
            others=({"rule": "jeopardy", "named_from": "clinic", "exactly": 1},),
        ),
    )


def _duty_words(duty: HolidayDuty) -> str:
    """'off', 'on service' or 'pulled to WARD'."""
    pulled = duty.status == HolidayStatus.PULLED
    return f"pulled to {duty.service}" if pulled else duty.status.value


def idle_rules(problem: Problem) -> Iterator[str]:
    """Rules that keep what an earlier schedule says, where none is given."""
    for name in dict.fromkeys(b.rule.name for b in problem.rules if b.rule.rule == "keep"):
        if any(b.rule.hard for b in problem.rules if b.rule.name == name):
            yield f"the rule {name!r} keeps an earlier schedule; without --from it says nothing"
