"""The request rule: what wishes cost where they are not met; each lane by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from scheduler.audit.violation import Violation
from scheduler.audit.wishes import received, wish_words
from scheduler.model.linear import Sum
from scheduler.model.year import YearModel
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.problem.wish import Alternative, Choice, Lane, WishKind, WishStatus
from scheduler.rules.base import Rule, Scope
from scheduler.rules.example import Example, Person
from scheduler.rules.select import When
from scheduler.schedule.schedule import Schedule

Points = Annotated[int, Field(ge=0)]


def _asks(
    name: str,
    *alternatives: Alternative,
    who: int = 0,
    lane: Lane | None = None,
    status: WishStatus = WishStatus.SUBMITTED,
) -> Choice:
    """A choice of an example."""
    kinds = (WishKind.ROTATION, WishKind.AVOID)
    own = Lane.ROTATIONS if alternatives[0].kind in kinds else Lane.TIME_OFF
    return Choice(who, lane or own, name, status, alternatives)


def _vacation(priority: int, *weeks: int) -> Alternative:
    return Alternative(priority, WishKind.VACATION, weeks=weeks)


def _date(priority: int, *freed_by: tuple[int, tuple[int, ...]]) -> Alternative:
    parts = tuple(part for part, _ in freed_by)
    return Alternative(priority, WishKind.DATE, parts=parts, freed_by=freed_by)


def _rotation(priority: int, code: str, *parts: int) -> Alternative:
    return Alternative(priority, WishKind.ROTATION, parts=parts, rotations=frozenset({code}))


def _holiday(priority: int, name: str) -> Alternative:
    return Alternative(priority, WishKind.HOLIDAY, holiday=name)


class Request(Rule):
    """Wishes are met as far as they can be, the most wanted first, and nobody pays for all.

    Wishes come in three lanes that do not trade: *protected* (approved or locked
    by a person), *time-off* (vacation, dates, holidays) and *rotations* (to have
    one, or to avoid one).  A rule speaks of one lane.  A lane holds choices; each
    choice is a list of alternatives, ranked by priority (equal priorities share
    a rank), and is charged once, by the best alternative that holds, so that a
    long list weighs no more than a short one.  Declined requests do not count.

    - A *vacation* wish holds if every week it names is vacation.
    - A *date* wish holds if each of its days falls in vacation, leave or absence,
      or on a rotation whose days can be released.  Which weekends vacation takes in
      is the program's setting ``vacation_weekends``.
    - A *holiday* wish holds if the resident is off in that holiday.
    - A *rotation* wish holds if in every part it names the block is on one of the
      rotations, be it overlaid by vacation or leave; without dates, if any cell
      of the year is.
    - A wish to *avoid* holds if in no part it names the block is on one of the
      rotations; without dates, in none of the year.

    A soft rule charges points: those of the rank received, or ``denied``, and
    for each denial after a resident's first in the lane ``further`` points more.
    The cost is the weight times the points, the amount is the points.  A hard
    rule demands that each choice gets some alternative, and its amount is the
    choices denied.  Nobody else is ever named as the reason.
    """

    visitors: ClassVar[str] = "also"
    unit: ClassVar[str] = "point"

    rule: Literal["request"] = "request"
    lane: Literal["protected", "time-off", "rotations"] = Field(
        description="'protected', 'time-off' or 'rotations'"
    )
    denied: int = Field(10, ge=0, description="points for a choice of which nothing is granted")
    ranks: list[Points] = Field(
        [0, 3, 5, 7],
        min_length=1,
        description="points for the 1st, 2nd ... alternative; later ones cost as much as the last",
    )
    further: int = Field(
        5, ge=0, description="points more for each denial after a resident's first in the lane"
    )
    choices: int | None = Field(
        None, ge=1, description="most choices of a resident that count, smallest number first"
    )

    @model_validator(mode="after")
    def _consistent(self) -> Request:
        if any(better > worse for better, worse in pairwise([*self.ranks, self.denied])):
            raise ValueError("points may not fall from one rank to the next, nor to 'denied'")
        if self.when != When():
            raise ValueError("requests have dates of their own; leave out 'when'")
        return self

    def points(self, rank: int) -> int:
        """Points for the alternative of ``rank`` (from 1)."""
        return self.ranks[min(rank, len(self.ranks)) - 1]

    def sentence(self) -> str:
        first = f" (the first {self.choices} of each)" if self.choices else ""
        whose = f"{self.lane.removesuffix('s')} requests of {self.who.words()}{first}"
        if self.hard:
            return f"All {whose} are met"
        ranks = ", ".join(map(str, self.ranks))
        return (
            f"As many {whose} as possible are met: the alternatives cost {ranks} points in "
            f"order, a denial {self.denied}, each further denial of the same person "
            f"{self.further} more"
        )

    def stake(self, scope: Scope) -> int:
        """All denied less all best, over the residents (nothing for a hard rule)."""
        counts = [len(self._counted(scope.problem, one)) for one in scope.residents]
        saved = self.denied - self.ranks[0]
        points = sum(count * saved + max(0, count - 1) * self.further for count in counts)
        return points * (self.weight or 0)

    def _counted(self, problem: Problem, resident: Resident) -> list[Choice]:
        """The resident's choices in this lane that count, smallest number first."""
        wanted = [
            choice
            for choice in problem.choices_of.get(resident.index, ())
            if choice.lane == Lane(self.lane) and choice.status != WishStatus.DECLINED
        ]
        return sorted(wanted, key=_number)[: self.choices]

    # -- the model -------------------------------------------------------------------------

    def worked_sets(self, scope: Scope, resident: Resident) -> Iterable[frozenset[str]]:
        wishes = (a for c in self._counted(scope.problem, resident) for a in c.alternatives)
        dated = any(wish.kind == WishKind.DATE for wish in wishes)
        return [_releasable(scope.problem)] if dated else []

    def post(self, year: YearModel, scope: Scope) -> None:
        for resident in scope.residents:
            choices = self._counted(scope.problem, resident)
            granted = Sum()
            for choice in choices:
                granted.add(self._post_choice(year, resident, choice))
            if len(choices) > 1 and self.further and not self.hard:
                more = year.helper(0, len(choices) - 1)
                year.define(more.copy().add(granted), lower=len(choices) - 1)
                year.charge(more, self.further * (self.weight or 0))

    def _post_choice(self, year: YearModel, resident: Resident, choice: Choice) -> Sum:
        """1 if the choice is granted: at most one of its alternatives counts."""
        granted = Sum()
        points = Sum(constant=self.denied)
        priorities = sorted({one.priority for one in choice.alternatives})
        for wish in choice.alternatives:
            held = self._post_wish(year, resident, wish)
            granted.add(held)
            points.add(held, self.points(priorities.index(wish.priority) + 1) - self.denied)
        if len(granted.terms) > 1:
            year.define(granted, upper=1)
        if self.hard:
            year.at_least(granted, 1, self)
        else:
            year.charge(points, self.weight or 0)
        return granted

    def _post_wish(self, year: YearModel, resident: Resident, wish: Alternative) -> Sum:
        """A column that may be 1 where the wish holds; nothing where it never can."""
        limits = list(_limits(year, resident, wish))
        if any(not limit.terms and limit.constant < 1 for limit in limits):
            return Sum()
        held = year.helper()
        for limit in limits:
            if limit.terms:
                year.define(held.copy().add(limit, -1), upper=0)
        return held

    # -- the audit -------------------------------------------------------------------------

    def audit(self, schedule: Schedule, scope: Scope) -> Iterator[Violation]:
        for resident in scope.residents:
            denials = 0
            for choice in self._counted(scope.problem, resident):
                found = received(scope.problem, schedule, choice)
                denials += found.denied
                if self.hard:
                    amount = int(found.denied)
                elif found.rank is None:
                    amount = self.denied + (self.further if denials > 1 else 0)
                else:
                    amount = self.points(found.rank)
                if amount:
                    message = _told(scope.problem, resident, choice, found.alternative)
                    yield self.violation(amount, message, resident, _parts(scope.problem, choice))

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "the first choice of vacation, and a free day beside it",
            {"rule": "request", "lane": "time-off", "weight": 1},
            {"A": "CLINIC VAC CLINIC CLINIC"},
            block_weeks=2,
            others=({"rule": "vacation", "weeks": 1},),
            choices=(
                _asks("1", _vacation(1, 1), _vacation(2, 2)),
                _asks("2", Alternative(1, WishKind.DATE, parts=(3,))),
            ),
        ),
        Example(
            "the second choice, and two denials",
            {"rule": "request", "lane": "time-off", "weight": 2},
            {"A": "WARD CLINIC VAC CLINIC"},
            finds=(
                "A, request 1: got choice 2 of 2: vacation in week 3 (2026-07-13)",
                "A, request 2: denied (vacation in weeks 1-2 (2026-06-29 to 2026-07-12))",
                "A, request 3: denied (free days in weeks 1, 4 (2026-06-29 to 2026-07-26), or "
                "vacation in week 1 (2026-06-29))",
            ),
            amounts=(
                3,
                10,
                15,
            ),
            others=({"rule": "vacation", "minimum": 0},),
            choices=(
                _asks("2", _vacation(1, 0, 1)),
                _asks("3", Alternative(1, WishKind.DATE, parts=(0, 3)), _vacation(2, 0)),
                _asks("1", _vacation(1, 1), _vacation(2, 2)),
            ),
        ),
        Example(
            "a rotation at a time, at any time, and one to avoid",
            {"rule": "request", "lane": "rotations", "weight": 1, "ranks": [0, 4], "denied": 6},
            {"A": "ICU WARD CLINIC VAC"},
            finds=(
                "A, request 1: got choice 2 of 2: CLINIC in weeks 3-4 (2026-07-13 to 2026-07-26)",
                "A, request 3: denied (no CLINIC in weeks 2-3 (2026-07-06 to 2026-07-19))",
            ),
            amounts=(
                4,
                6,
            ),
            rotations=("WARD", "CLINIC", "ICU"),
            block_weeks=2,
            pattern=((1, None), (1, None), (2, None)),
            others=({"rule": "vacation", "minimum": 0, "maximum": 1},),
            choices=(
                _asks("1", _rotation(1, "WARD", 0), _rotation(2, "CLINIC", 2, 3)),
                _asks("2", _rotation(1, "ICU")),
                _asks("3", Alternative(1, WishKind.AVOID, (), (1, 2), frozenset({"CLINIC"}))),
            ),
        ),
        Example(
            "days that the vacation of either week frees, and days that none does",
            {"rule": "request", "lane": "time-off", "weight": 1, "further": 0},
            {"A": "WARD VAC CLINIC WARD"},
            finds=("A, request 2: denied (free days in week 2 (2026-07-06))",),
            amounts=(10,),
            block_weeks=1,
            others=({"rule": "vacation", "minimum": 0},),
            choices=(
                _asks("1", _date(1, (0, (0, 1)))),
                _asks("2", _date(1, (1, (2,)))),
                _asks("3", _date(1, (2, ()), (1, (0, 1)))),
            ),
        ),
        Example(
            "approved requests are met by one of their alternatives",
            {"rule": "request", "lane": "protected"},
            {"A": "WARD VAC", "B": "LEAVE WARD"},
            finds=("B, request 2: denied (vacation in week 2 (2026-07-06))",),
            amounts=(1,),
            residents={"B": Person(leave=(1,))},
            others=({"rule": "vacation", "minimum": 0},),
            choices=(
                _asks("1", _vacation(1, 0), _vacation(1, 1), lane=Lane.PROTECTED),
                _asks("1", Alternative(1, WishKind.DATE, parts=(0,)), who=1, lane=Lane.PROTECTED),
                _asks("2", _vacation(1, 1), who=1, lane=Lane.PROTECTED),
            ),
        ),
        Example(
            "a holiday, or else the other",
            {"rule": "request", "lane": "time-off", "weight": 1},
            {"A": "WARD CLINIC", "B": "WARD CLINIC"},
            finds=("A, request 1: got choice 2 of 2: off at Christmas",),
            amounts=(3,),
            holidays={"thanksgiving": (1,), "christmas": (2,)},
            duties={("A", "christmas"): "off", ("B", "christmas"): "off"},
            others=({"rule": "holiday", "off": 1},),
            choices=(
                _asks("1", _holiday(1, "thanksgiving"), _holiday(2, "christmas")),
                _asks("1", _holiday(1, "christmas"), _holiday(3, "thanksgiving"), who=1),
            ),
        ),
        Example(
            "only the first choice counts, and declined ones do not",
            {"rule": "request", "lane": "rotations", "weight": 3, "choices": 1},
            {"A": "WARD WARD"},
            choices=(
                _asks("10", _rotation(1, "CLINIC")),
                _asks("2", _rotation(1, "WARD", 1)),
                _asks("1", _rotation(1, "CLINIC", 0), status=WishStatus.DECLINED),
            ),
        ),
    )


def _number(choice: Choice) -> tuple[int, str]:
    """Choices are numbered; a name that is no number comes last."""
    return (int(choice.name) if choice.name.isdecimal() else 1_000_000, choice.name)


def _releasable(problem: Problem) -> frozenset[str]:
    return frozenset(code for code, one in problem.rotations.items() if one.releasable)


def _limits(year: YearModel, resident: Resident, wish: Alternative) -> Iterator[Sum]:
    """0/1 sums that are all 1 where the wish holds, and of which one is 0 where it does not."""
    problem = year.problem
    if wish.kind == WishKind.VACATION:
        for week in wish.weeks:
            yield year.vacation(resident, week)
    elif wish.kind == WishKind.DATE:
        for part, weeks in wish.freeing(problem.calendar):
            free = year.worked(resident, part, _releasable(problem))
            for week in weeks:
                free.add(year.vacation(resident, week))
            if part in resident.available:
                yield free
    elif wish.kind == WishKind.HOLIDAY:
        yield year.holidays.off(resident, problem.holiday_by_name[wish.holiday])
    elif wish.kind == WishKind.AVOID:
        for part in wish.parts or range(len(problem.calendar.parts)):
            yield Sum(constant=1).add(year.on(resident, part, wish.rotations), -1)
    elif wish.parts:
        for part in wish.parts:
            yield year.on(resident, part, wish.rotations)
    else:
        yield _anywhere(year, resident, wish.rotations)


def _anywhere(year: YearModel, resident: Resident, codes: frozenset[str]) -> Sum:
    """The blocks of the year that are on ``codes``."""
    total = Sum()
    for grid in year.grid_models(resident):
        for block in grid.blocks:
            total.add(block.on(codes))
    return total


def _told(problem: Problem, resident: Resident, choice: Choice, granted: Alternative | None) -> str:
    wishes = sorted(choice.alternatives, key=lambda one: one.priority)
    whose = f"{resident.name}, request {choice.name}"
    if granted is None:
        return f"{whose}: denied ({', or '.join(wish_words(problem, one) for one in wishes)})"
    ranks = sorted({one.priority for one in wishes})
    place = f"choice {ranks.index(granted.priority) + 1} of {len(ranks)}"
    return f"{whose}: got {place}: {wish_words(problem, granted)}"


def _parts(problem: Problem, choice: Choice) -> list[int]:
    """The parts that the choice is about, whichever alternative."""
    by_week = problem.calendar.parts_of_week
    found = {p for wish in choice.alternatives for week in wish.weeks for p in by_week[week]}
    return sorted(found.union(*(wish.parts for wish in choice.alternatives)))
