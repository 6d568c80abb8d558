"""The jeopardy rule: named people who stand by when somebody is missing, and how that is spread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import ceil
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from scheduler.audit.violation import Violation
from scheduler.model.counting import days_worked
from scheduler.model.linear import Sum
from scheduler.model.year import YearModel
from scheduler.problem.calendar import DAYS_IN_WEEK
from scheduler.problem.resident import Resident
from scheduler.rules.base import Scope
from scheduler.rules.counted import CountedRule
from scheduler.rules.example import Example, Person
from scheduler.rules.select import Names
from scheduler.rules.words import counted, dated_weeks, either, sentence, weeks_of
from scheduler.schedule.schedule import Schedule


class Jeopardy(CountedRule):
    """Somebody of every level stands by each week to step in, and the weeks go round.

    Backup is either a rotation of its own (``rotations``), whose people coverage
    asks for and whose weeks this rule spreads; or it is laid over flexible time:
    with ``named_from`` people are named week by week from those who work on these
    rotations all of that week, and the sheet Jeopardy lists them.  Nobody is named
    who is on vacation, on leave, away, or off or pulled in a holiday of that week.
    Keep nights and services out of ``named_from``.

    A rule with ``named_from`` lets its residents be named in every week that lies
    wholly inside ``when``; those whom several rules allow are named once and count
    for each of them.  Nobody is named whom no rule needs: with a minimum alone, no
    more than that.  It says one of these:

    - ``minimum``, ``maximum`` or ``exactly``: so many of ``who`` are named each week
      (with ``named_from``).  The amount is people missing or too many, week by week.
    - ``weeks_maximum``: most backup weeks of one resident.
    - ``fair_share_of``: so many people stand by each week, and nobody does more than
      their share of those weeks, rounded up: shares go by the days that each is
      present and not on leave, and by the column ``counts`` (50: half a share).

    With the last two the amount is each resident's weeks too many; on a rotation
    of its own, begun weeks count whole.
    """

    per_resident: ClassVar[bool] = False

    rule: Literal["jeopardy"] = "jeopardy"
    rotations: Names | None = Field(
        None, min_length=1, description="codes or tags of backup as a rotation"
    )
    named_from: Names | None = Field(
        None, min_length=1, description="codes or tags over which backup is laid"
    )
    minimum: int | None = Field(None, ge=0, description="fewest people named in any week")
    maximum: int | None = Field(None, ge=0, description="most people named in any week")
    exactly: int | None = Field(None, ge=0, description="people named in each week, exactly")
    weeks_maximum: int | None = Field(
        None, ge=0, le=53, description="most backup weeks of one resident"
    )
    fair_share_of: int | None = Field(
        None, ge=1, description="people who stand by each week, of whose weeks each has a share"
    )

    @model_validator(mode="after")
    def _one_thing(self) -> Jeopardy:
        if (self.rotations is None) == (self.named_from is None):
            raise ValueError("say either 'rotations' or 'named_from'")
        if [self.is_counted, self.weeks_maximum is not None, self.fair_share_of is not None].count(
            True
        ) != 1:
            raise ValueError(
                "say one of 'minimum'/'maximum', 'exactly', 'weeks_maximum' or 'fair_share_of'"
            )
        if self.is_counted and self.named_from is None:
            raise ValueError("how many people a rotation has is said by a coverage rule")
        self.check_counts()
        return self

    @property
    def _counts_people(self) -> bool:
        return self.weeks_maximum is None and self.fair_share_of is None

    def rotation_names(self) -> Iterable[str]:
        return self.rotations or self.named_from or ()

    def sentence(self) -> str:
        where = f"named from {either(self.named_from)}" if self.named_from else ""
        where = f"on {either(self.rotations)}" if self.rotations else where
        who, when = self.who.words(), self.when.words()
        if self.weeks_maximum is not None:
            most = counted(self.weeks_maximum, "week")
            return sentence(who, "are backup in at most", most, f"({where})", when)
        if self.fair_share_of is not None:
            share = f"are backup for no more than their share of {self.fair_share_of} a week"
            return sentence(who, share, f"({where})", when)
        return sentence(f"{self._asked()} of {who} are backup each week,", where, when)

    def _asked(self) -> str:
        if self.exactly is not None:
            return f"exactly {self.exactly}"
        low = [f"at least {self.minimum}"] if self.minimum is not None else []
        high = [f"at most {self.maximum}"] if self.maximum is not None else []
        return " and ".join(low + high)

    def backup_from(self, scope: Scope) -> frozenset[str]:
        return scope.problem.codes(self.named_from) if self.named_from else frozenset()

    def worked_sets(self, scope: Scope, resident: Resident) -> Iterable[frozenset[str]]:
        return [scope.problem.codes(list(self.rotation_names()))]

    def _weeks(self, scope: Scope) -> list[int]:
        """The weeks that lie wholly inside ``when``."""
        by_week = scope.problem.calendar.parts_of_week
        return [week for week, parts in enumerate(by_week) if scope.part_set.issuperset(parts)]

    def _shares(self, scope: Scope) -> dict[int, int]:
        """The most weeks of each resident, by index."""
        if self.fair_share_of is None:
            return {resident.index: self.weeks_maximum or 0 for resident in scope.residents}
        days = scope.problem.calendar.part_days
        there = {
            one.index: one.counts * sum(days[part] for part in one.available & scope.part_set)
            for one in scope.residents
        }
        weeks, total = self.fair_share_of * len(self._weeks(scope)), max(1, sum(there.values()))
        return {index: -(-weeks * own // total) for index, own in there.items()}

    # -- the model ---------------------------------------------------------------------------

    def post(self, year: YearModel, scope: Scope) -> None:
        if self._counts_people:
            for week in self._weeks(scope):
                self._post_week(year, scope, week)
            return
        shares = self._shares(scope)
        for resident in scope.residents:
            if self.rotations:
                codes = scope.problem.codes(self.rotations)
                days = days_worked(year, resident, scope.parts, codes)
                most = shares[resident.index] * DAYS_IN_WEEK
                year.at_most(days, most, self, DAYS_IN_WEEK)
            else:
                total = Sum()
                for week in self._weeks(scope):
                    total.add(year.backups.named(resident, week))
                year.at_most(total, shares[resident.index], self)

    def _post_week(self, year: YearModel, scope: Scope, week: int) -> None:
        total = Sum()
        for resident in scope.residents:
            total.add(year.backups.named(resident, week))
        if self.least:
            year.at_least(total, self.least, self)
        if self.most is not None and self.most < len(scope.residents):
            year.at_most(total, self.most, self)

    # -- the audit ---------------------------------------------------------------------------

    def audit(self, schedule: Schedule, scope: Scope) -> Iterator[Violation]:
        if self._counts_people:
            yield from self._audit_weeks(schedule, scope)
        elif self.named_from:
            yield from self._audit_named(schedule, scope)
        else:
            yield from self._audit_rotation(schedule, scope)

    def _due(self, scope: Scope) -> dict[int, int]:
        """The most weeks of each resident, by index, as the audit counts them."""
        everyone = [one.index for one in scope.residents]
        if self.fair_share_of is None:
            return dict.fromkeys(everyone, self.weeks_maximum or 0)
        parts, there = scope.problem.calendar.parts, dict.fromkeys(everyone, Fraction(0))
        for one in scope.residents:
            for part in scope.part_set & one.present - one.leave:
                days = (parts[part].last - parts[part].first).days + 1
                there[one.index] += Fraction(days * one.counts, 100)
        weeks, total = self.fair_share_of * len(self._weeks(scope)), sum(there.values())
        return {index: ceil(weeks * own / total) if total else 0 for index, own in there.items()}

    def _audit_weeks(self, schedule: Schedule, scope: Scope) -> Iterator[Violation]:
        members = {resident.index for resident in scope.residents}
        named = Counter(week for index, week in schedule.backups if index in members)
        for week in self._weeks(scope):
            parts = scope.problem.calendar.parts_of_week[week]
            few = self.least - named[week]
            many = 0 if self.most is None else named[week] - self.most
            if max(few, many) > 0:
                limit = f"at least {self.least}" if few > 0 else f"at most {self.most}"
                yield self.violation(
                    max(few, many),
                    f"Backup in {dated_weeks(scope.problem.calendar, parts)}: {named[week]} of "
                    f"{self.who.words()} named, needs {limit}",
                    parts=parts,
                )

    def _audit_named(self, schedule: Schedule, scope: Scope) -> Iterator[Violation]:
        shares, weeks = self._due(scope), self._weeks(scope)
        for resident in scope.residents:
            share = shares[resident.index]
            named = [week for week in weeks if (resident.index, week) in schedule.backups]
            beyond = len(named) - share
            if beyond > 0:
                parts = [p for week in named for p in scope.problem.calendar.parts_of_week[week]]
                yield self.violation(
                    beyond,
                    f"{resident.name} is backup in {counted(len(named), 'week')}, "
                    f"{dated_weeks(scope.problem.calendar, parts)}, "
                    f"{self._most(share)}",
                    resident,
                    parts,
                )

    def _audit_rotation(self, schedule: Schedule, scope: Scope) -> Iterator[Violation]:
        shares, calendar = self._due(scope), scope.problem.calendar
        codes = scope.problem.codes(self.rotations or [])
        for resident in scope.residents:
            row, share = schedule.cells[resident.index], shares[resident.index]
            parts = [part for part in scope.parts if row[part] in codes]
            days = sum((calendar.parts[p].last - calendar.parts[p].first).days + 1 for p in parts)
            beyond = days - share * DAYS_IN_WEEK
            if beyond > 0:
                spent = f"{weeks_of(days)} ({either(self.rotations or [])})"
                yield self.violation(
                    -(-beyond // DAYS_IN_WEEK),
                    f"{resident.name} is backup for {spent}, {self._most(share)}",
                    resident,
                    parts,
                )

    def _most(self, share: int) -> str:
        return f"at most {share}" if self.fair_share_of is None else f"their share is {share}"

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "one intern is named each week from the clinic",
            {"rule": "jeopardy", "who": {"pgy": 1}, "named_from": "clinic", "exactly": 1},
            {
                "A": "CLINIC CLINIC WARD WARD",
                "B": "WARD WARD CLINIC CLINIC",
                "C": "CLINIC CLINIC CLINIC CLINIC",
            },
            finds=("Backup in week 3 (2026-07-13): 0 of PGY1 residents named, needs at least 1",),
            amounts=(1,),
            residents={"C": Person(pgy=2)},
            backups={"A": (1, 2), "B": (4,)},
        ),
        Example(
            "nobody is backup for more than two weeks",
            {"rule": "jeopardy", "named_from": ["CLINIC", "ELEC"], "weeks_maximum": 2},
            {"A": "CLINIC CLINIC CLINIC CLINIC", "B": "ELEC ELEC VAC ELEC"},
            finds=("A is backup in 3 weeks, weeks 1-3 (2026-06-29 to 2026-07-19), at most 2",),
            amounts=(1,),
            block_weeks=2,
            rotations=("CLINIC", "ELEC"),
            backups={"A": (1, 2, 3), "B": (1, 4)},
            others=(
                {"rule": "vacation", "minimum": 0, "maximum": 1},
                {"rule": "jeopardy", "named_from": "CLINIC", "minimum": 1, "weight": 2},
            ),
        ),
        Example(
            "each has a share of the weeks, who is on leave a smaller one",
            {"rule": "jeopardy", "named_from": "clinic", "fair_share_of": 1, "weight": 3},
            {
                "A": "CLINIC CLINIC CLINIC CLINIC",
                "B": "CLINIC CLINIC WARD WARD",
                "C": "CLINIC LEAVE LEAVE CLINIC",
            },
            finds=(
                "C is backup in 2 weeks, weeks 1, 4 (2026-06-29 to 2026-07-26), their share is 1",
            ),
            amounts=(1,),
            residents={"C": Person(leave=(2, 3))},
            backups={"A": (2, 3), "C": (1, 4)},
        ),
        Example(
            "half time is half a share",
            {"rule": "jeopardy", "named_from": "clinic", "fair_share_of": 1},
            {"A": "CLINIC CLINIC CLINIC", "B": "CLINIC CLINIC CLINIC"},
            finds=(
                "A is backup in 2 weeks, weeks 1-2 (2026-06-29 to 2026-07-12), their share is 1",
            ),
            amounts=(1,),
            residents={"A": Person(counts=50)},
            backups={"A": (1, 2), "B": (3,)},
        ),
        Example(
            "backup as a rotation of its own, spread evenly",
            {"rule": "jeopardy", "rotations": "BACK", "fair_share_of": 1, "weight": 1},
            {"A": "BACK BACK BACK BACK", "B": "WARD WARD WARD WARD"},
            finds=("A is backup for 4 weeks (BACK), their share is 2",),
            amounts=(2,),
            block_weeks=2,
            rotations=("WARD", "BACK"),
        ),
        Example(
            "who is off in a holiday of that week is not backup then",
            {"rule": "jeopardy", "named_from": "clinic", "minimum": 1, "when": {"weeks": "2-3"}},
            {"A": "CLINIC CLINIC CLINIC", "B": "CLINIC CLINIC WARD"},
            holidays={"christmas": (2,)},
            duties={("A", "christmas"): "off"},
            backups={"A": (3,), "B": (2,)},
            others=({"rule": "holiday", "off": 1, "weight": 1},),
        ),
    )
