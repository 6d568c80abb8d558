"""The vacation rule: weeks owed, their pieces and places, and how many go at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from scheduler.audit.vacation import audit_vacation
from scheduler.audit.violation import Violation
from scheduler.model.linear import Sum
from scheduler.model.vacation import post_apart_maximum, post_apart_minimum, post_pieces
from scheduler.model.year import YearModel
from scheduler.problem.resident import Resident
from scheduler.rules.base import Rule, Scope
from scheduler.rules.example import Example, Person
from scheduler.rules.select import Blackout, Names, Numbers
from scheduler.rules.words import counted, either, limits
from scheduler.schedule.schedule import Schedule

_NO_LIMIT = 1_000_000


class Vacation(Rule):
    """Everyone gets the weeks of vacation they are owed, in pieces and places that suit.

    Vacation is taken in whole calendar weeks of seven days, on rotations that
    allow it, by residents who are present and not on leave all that week.  A
    resident may take vacation only where a rule with ``weeks``, ``minimum`` or
    ``maximum`` covers them, and only in the weeks which that rule covers
    (``when``); vacation anywhere else is a fault of the schedule's form.  Weeks
    of vacation that a leave uses up are taken off what is owed, and off what
    each half-year asks for (never below zero).

    One rule may say several of the things below; each in a rule of its own may
    be hard or soft.

    - ``weeks``, ``minimum``, ``maximum``: weeks of the year on vacation.  The
      amount is the weeks missing or too many.
    - ``pieces``: lengths in weeks that an unbroken run of vacation may have.
      The amount of a run is the weeks it lacks of, or exceeds, the nearest of
      these lengths.
    - ``each_half_minimum``: weeks in each half of the year; the first half takes
      the middle week of an odd year.  Nobody is asked for more weeks than they
      are present for in that half.  The amount is the weeks missing.
    - ``apart_minimum``, ``apart_maximum``: weeks between the end of one piece and
      the start of the next; nothing is asked before the first piece or after
      the last.  The amount is the weeks by which each such gap is too short or
      too long.
    - ``blackout``: weeks without vacation (any week that shares a day with the dates,
      or with the holidays named).
      The amount is the weeks of vacation in it.
    - ``at_once``, ``at_once_percent``: how many of ``who`` may be on vacation in
      one week (a percentage is rounded down; leave does not count).  With
      ``inside``, only those whose block is on one of these rotations count; a
      block wholly on vacation is on no rotation.  A week that a grid divides is
      then counted in each of its parts.  The amount is people too many.
    """

    rule: Literal["vacation"] = "vacation"
    weeks: int | None = Field(None, ge=0, le=53, description="weeks of vacation, exactly")
    minimum: int | None = Field(None, ge=0, le=53, description="fewest weeks of vacation")
    maximum: int | None = Field(None, ge=0, le=53, description="most weeks of vacation")
    pieces: Numbers | None = Field(
        None, min_length=1, description="allowed lengths of an unbroken run of vacation, in weeks"
    )
    each_half_minimum: int | None = Field(
        None, ge=0, description="fewest weeks of vacation in each half of the year"
    )
    apart_minimum: int | None = Field(
        None, ge=1, description="fewest weeks between one piece of vacation and the next"
    )
    apart_maximum: int | None = Field(
        None, ge=1, description="most weeks between one piece of vacation and the next"
    )
    blackout: Blackout | None = Field(
        None, description="weeks, dates or holidays in which nobody is on vacation"
    )
    at_once: int | None = Field(None, ge=0, description="most people on vacation in one week")
    at_once_percent: int | None = Field(
        None,
        ge=0,
        le=100,
        description="most people on vacation in one week, in percent of 'who' (rounded down)",
    )
    inside: Names | None = Field(
        None, description="with 'at_once': codes or tags; only vacation taken from these counts"
    )

    @model_validator(mode="after")
    def _consistent(self) -> Vacation:
        if self.weeks is not None and (self.minimum, self.maximum) != (None, None):
            raise ValueError("say either 'weeks' or 'minimum' and 'maximum'")
        if (self.minimum or 0) > (_NO_LIMIT if self.maximum is None else self.maximum):
            raise ValueError(f"minimum {self.minimum} is above maximum {self.maximum}")
        if self.pieces and min(self.pieces) < 1:
            raise ValueError("a piece of vacation is at least 1 week")
        if (self.apart_minimum or 0) > (self.apart_maximum or _NO_LIMIT):
            raise ValueError("'apart_minimum' is above 'apart_maximum'")
        return self

    @model_validator(mode="after")
    def _some_facet(self) -> Vacation:
        capped = self.counts_people
        if None not in (self.at_once, self.at_once_percent):
            raise ValueError("say either 'at_once' or 'at_once_percent'")
        if self.inside is not None and not capped:
            raise ValueError("'inside' needs 'at_once' or 'at_once_percent'")
        if not (self.owed or capped or self.blackout) and self._asked == (None,) * 4:
            raise ValueError("say what is asked: 'weeks', 'pieces', 'blackout', 'at_once' ...")
        return self

    @property
    def owed(self) -> bool:
        """Whether this rule owes weeks, and so lets people take vacation."""
        return (self.weeks, self.minimum, self.maximum) != (None, None, None)

    def least(self, resident: Resident) -> int:
        """Fewest weeks for ``resident``, less those a leave uses up."""
        weeks = self.minimum or 0 if self.weeks is None else self.weeks
        return max(0, weeks - resident.leave_vacation_weeks)

    def most(self, resident: Resident) -> int:
        """Most weeks for ``resident``, less those a leave uses up."""
        weeks = self.maximum if self.weeks is None else self.weeks
        return _NO_LIMIT if weeks is None else max(0, weeks - resident.leave_vacation_weeks)

    def limit(self, people: int) -> int:
        """Most of ``people`` on vacation at once."""
        if self.at_once is not None:
            return self.at_once
        return people * (100 if self.at_once_percent is None else self.at_once_percent) // 100

    def rotation_names(self) -> Iterable[str]:
        return self.inside or ()

    def holiday_names(self) -> Iterable[str]:
        return (self.blackout and self.blackout.holiday) or ()

    @property
    def by_date(self) -> bool:
        return not self.owed and self._asked == (None,) * 4

    @property
    def _asked(self) -> tuple[object, ...]:
        """What is asked of each person's pieces over the year."""
        return (self.pieces, self.each_half_minimum, self.apart_minimum, self.apart_maximum)

    @property
    def counts_people(self) -> bool:
        return (self.at_once, self.at_once_percent) != (None, None)

    def sentence(self) -> str:
        said = [*self._owed_words(), *self._piece_words(), *self._at_once_words()]
        text = f"Vacation of {self.who.words()}: {', '.join(said)}"
        return f"{text} {self.when.words()}".strip()

    def _owed_words(self) -> Iterator[str]:
        if self.weeks is not None:
            yield f"exactly {counted(self.weeks, 'week')}"
        elif self.owed:
            yield limits(self.minimum, self.maximum, "week")
        if self.each_half_minimum == 0:
            yield "any number of weeks in each half of the year"
        elif self.each_half_minimum is not None:
            yield f"at least {counted(self.each_half_minimum, 'week')} in each half of the year"

    def _piece_words(self) -> Iterator[str]:
        if self.pieces:
            yield f"in pieces of {either(map(str, self.pieces))} weeks"
        if self.apart_minimum is not None:
            yield f"pieces at least {counted(self.apart_minimum, 'week')} apart"
        if self.apart_maximum is not None:
            yield f"pieces at most {counted(self.apart_maximum, 'week')} apart"
        if self.blackout is not None:
            yield f"none {self.blackout.words() or 'at all'}"

    def _at_once_words(self) -> Iterator[str]:
        source = f" from {' + '.join(self.inside)}" if self.inside else ""
        if self.at_once is not None:
            yield f"at most {self.at_once} at once{source}"
        if self.at_once_percent is not None:
            yield f"at most {self.at_once_percent} percent of them at once{source}"

    # -- the model -------------------------------------------------------------------------

    def worked_sets(self, scope: Scope, resident: Resident) -> Iterable[frozenset[str]]:
        return [scope.problem.codes(self.inside)] if self.inside else []

    def vacation_weeks(self, scope: Scope, resident: Resident) -> frozenset[int]:
        if not self.owed:
            return frozenset()
        weeks = _whole_weeks(scope)
        return weeks - self._closed(scope) if self.hard else weeks

    def _closed(self, scope: Scope) -> frozenset[int]:
        """Indices of the weeks that share a day with the blackout."""
        calendar = scope.problem.calendar
        parts = () if self.blackout is None else self.blackout.closed(scope.problem)
        return frozenset(calendar.parts[p].week for p in parts)

    def post(self, year: YearModel, scope: Scope) -> None:
        weeks = sorted(_whole_weeks(scope))
        closed = self._closed(scope)
        for resident in scope.residents:
            asked = ((week, year.vacation(resident, week)) for week in weeks)
            taken = {week: here for week, here in asked if here}
            self._post_owed(year, resident, taken)
            if closed:
                year.at_most(Sum.of(taken[w] for w in taken if w in closed), 0, self)
            if self.each_half_minimum is not None:
                self._post_halves(year, scope, resident, taken)
            if self.pieces:
                post_pieces(year, self, taken, self.pieces)
            if self.apart_minimum is not None:
                post_apart_minimum(year, self, taken, self.apart_minimum)
            if self.apart_maximum is not None:
                excess = post_apart_maximum(year, self, taken, self.apart_maximum)
                missed = None if self.hard else excess
                year.orders.apart(resident.index, taken, self.apart_maximum, missed)
        if self.counts_people:
            self._post_at_once(year, scope, weeks)

    def _post_owed(self, year: YearModel, resident: Resident, taken: dict[int, Sum]) -> None:
        total = Sum.of(taken.values())
        if self.least(resident):
            year.at_least(total, self.least(resident), self)
        if self.most(resident) < len(taken):
            year.at_most(total, self.most(resident), self)
            if self.hard:
                year.orders.at_most(resident.index, taken, self.most(resident))

    def _post_halves(
        self, year: YearModel, scope: Scope, resident: Resident, taken: dict[int, Sum]
    ) -> None:
        calendar = scope.problem.calendar
        middle = (len(calendar.weeks) + 1) // 2
        asked = (self.each_half_minimum or 0) - resident.leave_vacation_weeks
        for half in (range(middle), range(middle, len(calendar.weeks))):
            possible = sum(
                resident.available.issuperset(calendar.parts_of_week[week])
                for week in _whole_weeks(scope).intersection(half)
            )
            if min(asked, possible) > 0:
                here = Sum.of(taken[w] for w in half if w in taken)
                year.at_least(here, min(asked, possible), self)

    def _post_at_once(self, year: YearModel, scope: Scope, weeks: list[int]) -> None:
        limit = self.limit(len(scope.residents))
        calendar = scope.problem.calendar
        for week in weeks:
            if not self.inside:
                first = calendar.parts_of_week[week][0]
                here = (one for one in scope.residents if scope.means(one, first))
                people = Sum.of(year.vacation(resident, week) for resident in here)
                year.at_most(people, limit, self)
            else:
                for part in calendar.parts_of_week[week]:
                    year.at_most(self._away_from(year, scope, week, part), limit, self)

    def _away_from(self, year: YearModel, scope: Scope, week: int, part: int) -> Sum:
        """People whose block at ``part`` is on ``inside`` and who do not work there."""
        codes = scope.problem.codes(self.inside or [])
        total = Sum()
        for resident in scope.residents:
            if scope.means(resident, part) and year.vacation(resident, week):
                total.add(year.on(resident, part, codes))
                total.add(year.worked(resident, part, codes), -1)
        return total

    def audit(self, schedule: Schedule, scope: Scope) -> Iterator[Violation]:
        return audit_vacation(self, schedule, scope)

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "the weeks owed",
            {"rule": "vacation", "weeks": 2},
            {"A": "CLINIC VAC WARD WARD VAC CLINIC"},
            block_weeks=2,
        ),
        Example(
            "one week short of what a leave leaves",
            {"rule": "vacation", "weeks": 3},
            {"A": "VAC WARD CLINIC", "B": "LEAVE CLINIC CLINIC"},
            finds=(
                "A has 1 week of vacation, owed 3",
                "B has 0 weeks of vacation, owed 1 (leave uses up 2 weeks)",
            ),
            amounts=(2, 1),
            residents={"B": Person(leave=(1,), leave_vacation_weeks=2)},
        ),
        Example(
            "a range, by year of training",
            {"rule": "vacation", "minimum": 1, "maximum": 2, "weight": 5, "who": {"pgy": 1}},
            {"A": "VAC VAC VAC WARD", "B": "WARD WARD WARD WARD"},
            finds=("A has 3 weeks of vacation, at most 2",),
            amounts=(1,),
            residents={"B": Person(pgy=2)},
        ),
        Example(
            "two weeks in each half of the year",
            {"rule": "vacation", "each_half_minimum": 2, "weight": 3},
            {"A": "VAC CLINIC WARD WARD VAC VAC", "B": "AWAY AWAY VAC CLINIC VAC WARD"},
            finds=("A has 1 week of vacation in the first half of the year, at least 2 wanted",),
            amounts=(1,),
            residents={"B": Person(away=(1, 2), leave_vacation_weeks=1)},
            others=({"rule": "vacation", "minimum": 0},),
        ),
        Example(
            "pieces of at most two weeks",
            {"rule": "vacation", "pieces": [1, 2]},
            {"A": "VAC VAC VAC WARD VAC"},
            finds=(
                "A has a piece of vacation of 3 weeks in weeks 1-3 (2026-06-29 to 2026-07-19), "
                "allowed 1 or 2",
            ),
            amounts=(1,),
            others=({"rule": "vacation", "minimum": 0},),
        ),
        Example(
            "pieces of two or four weeks",
            {"rule": "vacation", "pieces": [2, 4], "weight": 2},
            {"A": "VAC VAC VAC VAC VAC VAC WARD VAC"},
            finds=(
                "A has a piece of vacation of 6 weeks in weeks 1-6 (2026-06-29 to 2026-08-09), "
                "allowed 2 or 4",
                "A has a piece of vacation of 1 week in week 8 (2026-08-17), allowed 2 or 4",
            ),
            amounts=(
                2,
                1,
            ),
            others=({"rule": "vacation", "minimum": 0},),
        ),
        Example(
            "at least three weeks between pieces",
            {"rule": "vacation", "apart_minimum": 3, "weight": 1},
            {"A": "WARD VAC WARD VAC CLINIC WARD VAC"},
            finds=(
                "A has 1 week between vacation in week 2 (2026-07-06) and week 4 (2026-07-20), "
                "at least 3 wanted",
                "A has 2 weeks between vacation in week 4 (2026-07-20) and week 7 (2026-08-10), "
                "at least 3 wanted",
            ),
            amounts=(
                2,
                1,
            ),
            others=({"rule": "vacation", "minimum": 0},),
        ),
        Example(
            "between one and two weeks apart",
            {"rule": "vacation", "apart_minimum": 1, "apart_maximum": 2},
            {"A": "VAC WARD VAC WARD CLINIC WARD VAC CLINIC"},
            finds=(
                "A has 3 weeks between vacation in week 3 (2026-07-13) and week 7 (2026-08-10), "
                "at most 2 wanted",
            ),
            amounts=(1,),
            others=({"rule": "vacation", "minimum": 0, "maximum": 3},),
        ),
        Example(
            "no vacation in the first weeks",
            {"rule": "vacation", "blackout": {"to": "2026-07-07"}},
            {"A": "CLINIC VAC VAC CLINIC"},
            finds=("A has vacation in week 2 (2026-07-06), closed to vacation",),
            amounts=(1,),
            block_weeks=2,
            others=({"rule": "vacation", "minimum": 1},),
        ),
        Example(
            "no vacation in the week of a holiday, if it can be",
            {"rule": "vacation", "blackout": {"holiday": "christmas"}, "weight": 2},
            {"A": "CLINIC VAC VAC"},
            finds=("A has vacation in week 2 (2026-07-06), closed to vacation",),
            amounts=(1,),
            holidays={"thanksgiving": (1,), "christmas": (2,)},
            others=({"rule": "vacation", "minimum": 1},),
        ),
        Example(
            "half of them at once",
            {"rule": "vacation", "at_once_percent": 50, "weight": 4},
            {"A": "VAC CLINIC", "B": "VAC CLINIC", "C": "CLINIC VAC"},
            finds=("On vacation in week 1 (2026-06-29): 2 of residents, at most 1 at once",),
            amounts=(1,),
            others=({"rule": "vacation", "minimum": 1},),
        ),
        Example(
            "one at once from the clinic",
            {"rule": "vacation", "at_once": 1, "inside": "CLINIC"},
            {"A": "CLINIC VAC", "B": "CLINIC VAC", "C": "VAC VAC", "D": "ELEC VAC"},
            finds=(
                "On vacation from CLINIC in week 2 (2026-07-06): 2 of residents, at most 1 at once",
            ),
            amounts=(1,),
            block_weeks=2,
            rotations=("CLINIC", "ELEC"),
            others=({"rule": "vacation", "minimum": 1},),
        ),
    )


def _whole_weeks(scope: Scope) -> frozenset[int]:
    """Indices of the weeks of seven days that lie wholly in the rule's scope."""
    calendar = scope.problem.calendar
    return frozenset(
        week.index
        for week in calendar.weeks
        if week.is_full and scope.part_set.issuperset(calendar.parts_of_week[week.index])
    )
