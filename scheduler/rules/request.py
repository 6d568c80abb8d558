"""The request rule: what wishes cost where they are not met; each lane by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from operator import attrgetter
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, model_validator

from scheduler.audit.violation import Violation
from scheduler.audit.wishes import received, received_words
from scheduler.model.linear import Sum
from scheduler.model.wishes import held_wish, releasable
from scheduler.model.year import YearModel
from scheduler.problem.burden import SEVENTHS
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.problem.wish import Alternative, Choice, Lane, WishKind, WishStatus
from scheduler.rules.asking import asks, date, holiday, rotation, vacation, weeks_of
from scheduler.rules.base import Rule, Scope
from scheduler.rules.example import Example, Person
from scheduler.rules.select import When
from scheduler.schedule.schedule import Schedule

Points = Annotated[int, Field(ge=0)]


def _listed(value: Any) -> Any:
    """One number stands for lists of any length."""
    return [value] if isinstance(value, int) and not isinstance(value, bool) else value


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
      of the year is; with a number of weeks (column ``weeks``), if so many weeks
      between the dates are, or of the year: two weeks of it, some time in autumn.
      They need not be in a row, and four days or more of a week count as one.
    - A wish to *avoid* rotations holds if in no part it names the block is on one
      of them; without dates, in none of the year.

    A wish with a partner (column ``with`` of the table) holds only if it holds
    for both.  A wish that no schedule can meet, whatever the others do, and the
    same thing asked for in a later choice do not count: they are left out when
    the program is read, and it is said why.  Residents who ask for nothing in a
    lane get the program's ``default_requests``.

    A soft rule charges points: those of the rank received, or ``denied``, and
    for each denial after a resident's first in the lane ``further`` points more.
    ``denied`` is a list as well: of a short list, where nothing is granted, it
    costs what the next rank would have cost, so that a list of one alternative
    presses no harder for it than a list of four.  Whoever was denied more than
    their peers in earlier years and carries that over (burden ``carry_over`` in
    the table of that name) has points that are higher by ``carry_percent`` for
    each unit carried, rounded up.

    So asking for less, for the same again, for what is easily had or for what is
    impossible gains nothing, whatever others ask for.  What remains is to ask for
    what is possible but hopeless beside the wishes of others: behind what is
    wanted it makes a denial dearer, up to that of the longest list, and as a
    choice of its own it makes another denial a further one; ``choices`` limits it.

    The cost is the weight times the points, the amount is the points.  A hard
    rule demands that each choice gets some alternative, and its amount is the
    choices denied.  Nobody else is ever named as the reason.
    """

    visitors: ClassVar[str] = "also"
    unit: ClassVar[str] = "point"

    rule: Literal["request"] = "request"
    lane: Literal["protected", "time-off", "rotations"] = Field(
        description="which wishes are meant: 'protected', 'time-off' or 'rotations'"
    )
    denied: Annotated[list[Points], BeforeValidator(_listed)] = Field(
        [3, 5, 7, 10],
        min_length=1,
        description="points where nothing is granted of a list of 1, 2 ... alternatives; longer "
        "lists cost as much as the last",
    )
    ranks: list[Points] = Field(
        [0, 3, 5, 7],
        min_length=1,
        description="points for the 1st, 2nd ... alternative; later ones cost as much as the last",
    )
    further: int = Field(
        5, ge=0, description="points more for each denial after a resident's first in the lane"
    )
    choices: int | None = Field(
        None, ge=1, description="most choices of a resident that count, by number, else as written"
    )
    carry_over: str | None = Field(
        None, description="the burden by which wishes of whoever carries it over weigh more"
    )
    carry_percent: int = Field(
        10, ge=0, le=1000, description="percent by which points rise for each unit carried over"
    )
    carry_at_most: int | None = Field(
        None,
        ge=0,
        description="most that counts of what was carried over, in the burden's unit "
        "(choices or points); none: all",
    )

    @model_validator(mode="after")
    def _consistent(self) -> Request:
        for points in (self.ranks, self.denied):
            if any(better > worse for better, worse in pairwise(points)):
                raise ValueError("points may not fall from one rank to the next")
        longest = max(len(self.ranks), len(self.denied))
        if any(self.points(n, n) > self.points(None, n) for n in range(1, longest + 1)):
            raise ValueError("a denial may not cost less than the last alternative of a list")
        if self.when != When():
            raise ValueError("requests have dates of their own; leave out 'when'")
        return self

    def carried_names(self) -> Iterable[str]:
        return [self.carry_over] if self.carry_over else []

    def points(self, rank: int | None, length: int) -> int:
        """Points for the alternative of ``rank`` (from 1), or for none, of a list of ``length``."""
        if rank is None:
            return self.denied[min(length, len(self.denied)) - 1]
        return self.ranks[min(rank, len(self.ranks)) - 1]

    def _raised(self, resident: Resident, points: int) -> int:
        """Points for somebody who carries something over."""
        carried = max(0, resident.carried.get(self.carry_over or "", 0))
        if self.carry_at_most is not None:
            carried = min(carried, self.carry_at_most * SEVENTHS)
        whole = 100 * SEVENTHS
        return -(-points * (whole + self.carry_percent * carried) // whole)

    def sentence(self) -> str:
        first = f" (the first {self.choices} of each)" if self.choices else ""
        whose = f"{self.lane.removesuffix('s')} requests of {self.who.words()}{first}"
        if self.hard:
            return f"All {whose} are met"
        ranks, denied = (", ".join(map(str, points)) for points in (self.ranks, self.denied))
        lists = " for a list of one, two ... alternatives" if len(self.denied) > 1 else ""
        return (
            f"As many {whose} as possible are met: the alternatives cost {ranks} points in "
            f"order, a denial {denied}{lists}, each further denial of the same person "
            f"{self.further} more"
        )

    def stake(self, scope: Scope) -> int:
        """All denied less all best, over the residents (nothing for a hard rule)."""
        points = 0
        for one in scope.residents:
            choices = self.counted(scope.problem, one)
            worst = [
                self._raised(one, self.points(None, len(choice.priorities))) for choice in choices
            ]
            best = self._raised(one, self.ranks[0]) * len(choices)
            points += sum(worst) - best
            points += max(0, len(choices) - 1) * self._raised(one, self.further)
        return points * (self.weight or 0)

    def counted(self, problem: Problem, resident: Resident) -> list[Choice]:
        """The resident's choices in this lane that count: by number, else as they were written."""
        wanted = [
            choice
            for choice in problem.choices_of.get(resident.index, ())
            if choice.lane == Lane(self.lane) and choice.status != WishStatus.DECLINED
        ]
        return sorted(wanted, key=attrgetter("number"))[: self.choices]

    # -- the model -------------------------------------------------------------------------

    def worked_sets(self, scope: Scope, resident: Resident) -> Iterable[frozenset[str]]:
        wishes = (a for c in self.counted(scope.problem, resident) for a in c.alternatives)
        dated = any(wish.kind == WishKind.DATE for wish in wishes)
        return [releasable(scope.problem)] if dated else []

    def post(self, year: YearModel, scope: Scope) -> None:
        for resident in scope.residents:
            choices = self.counted(scope.problem, resident)
            granted = Sum()
            for choice in choices:
                granted.add(self._post_choice(year, resident, choice))
            if len(choices) > 1 and self.further and not self.hard:
                more = year.helper(0, len(choices) - 1)
                year.define(more.copy().add(granted), lower=len(choices) - 1)
                year.charge(more, self._raised(resident, self.further) * (self.weight or 0))

    def _post_choice(self, year: YearModel, resident: Resident, choice: Choice) -> Sum:
        """1 if the choice is granted: at most one of its alternatives counts."""
        granted = Sum()
        priorities = choice.priorities
        denied = self._raised(resident, self.points(None, len(priorities)))
        points = Sum(constant=denied)
        for wish in choice.alternatives:
            column = held_wish(year, choice, wish)
            rank = priorities.index(wish.priority) + 1
            granted.add(column)
            points.add(column, self._raised(resident, self.points(rank, 0)) - denied)
        if len(granted.terms) > 1:
            year.define(granted, upper=1)
        if self.hard:
            year.at_least(granted, 1, self)
        else:
            year.charge(points, self.weight or 0)
        return granted

    # -- the audit -------------------------------------------------------------------------

    def audit(self, schedule: Schedule, scope: Scope) -> Iterator[Violation]:
        for resident in scope.residents:
            denials = 0
            for choice in self.counted(scope.problem, resident):
                found = received(scope.problem, schedule, choice)
                denials += found.denied
                if self.hard:
                    amount = int(found.denied)
                else:
                    amount = self._raised(resident, self.points(found.rank, len(choice.priorities)))
                    if found.denied and denials > 1:
                        amount += self._raised(resident, self.further)
                if amount:
                    message = received_words(scope.problem, found)
                    yield self.violation(amount, message, resident, _parts(scope.problem, choice))

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "the first choice of vacation, and a free day beside it",
            {"rule": "request", "lane": "time-off", "weight": 1},
            {"A": "CLINIC VAC CLINIC CLINIC"},
            block_weeks=2,
            others=({"rule": "vacation", "weeks": 1},),
            choices=(
                asks("1", vacation(1, 1), vacation(2, 2)),
                asks("2", Alternative(1, WishKind.DATE, parts=(3,))),
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
                3,
                10,
            ),
            others=({"rule": "vacation", "minimum": 0},),
            choices=(
                asks("2", vacation(1, 0, 1)),
                asks("3", Alternative(1, WishKind.DATE, parts=(0, 3)), vacation(2, 0)),
                asks("1", vacation(1, 1), vacation(2, 2)),
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
                asks("1", rotation(1, "WARD", 0), rotation(2, "CLINIC", 2, 3)),
                asks("2", rotation(1, "ICU")),
                asks("3", Alternative(1, WishKind.AVOID, (), (1, 2), frozenset({"CLINIC"}))),
            ),
        ),
        Example(
            "two weeks of a rotation some time in three, and in the whole year",
            {"rule": "request", "lane": "rotations", "weight": 2},
            {"A": "WARD CLINIC CLINIC WARD CLINIC", "B": "WARD WARD CLINIC VAC WARD"},
            finds=(
                "B, request 1: denied (2 weeks of CLINIC in weeks 1-3 (2026-06-29 to "
                "2026-07-19), or 1 week of ICU in the year)",
                "B, request 2: denied (2 weeks of WARD in weeks 3-4 (2026-07-13 to 2026-07-26))",
            ),
            amounts=(5, 8),
            rotations=("WARD", "CLINIC", "ICU"),
            others=({"rule": "vacation", "minimum": 0, "maximum": 1},),
            choices=(
                asks("1", weeks_of(1, 2, "CLINIC", 0, 1, 2)),
                asks("2", weeks_of(1, 3, "CLINIC")),
                asks("1", weeks_of(1, 2, "CLINIC", 0, 1, 2), weeks_of(2, 1, "ICU"), who=1),
                asks("2", weeks_of(1, 2, "WARD", 2, 3), who=1),
            ),
        ),
        Example(
            "days that the vacation of either week frees, and days that none does",
            {"rule": "request", "lane": "time-off", "weight": 1, "further": 0},
            {"A": "WARD VAC CLINIC WARD"},
            finds=("A, request 2: denied (free days in week 2 (2026-07-06))",),
            amounts=(3,),
            block_weeks=1,
            others=({"rule": "vacation", "minimum": 0},),
            choices=(
                asks("1", date(1, (0, (0, 1)))),
                asks("2", date(1, (1, (2,)))),
                asks("3", date(1, (2, ()), (1, (0, 1)))),
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
                asks("1", vacation(1, 0), vacation(1, 1), lane=Lane.PROTECTED),
                asks("1", Alternative(1, WishKind.DATE, parts=(0,)), who=1, lane=Lane.PROTECTED),
                asks("2", vacation(1, 1), who=1, lane=Lane.PROTECTED),
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
                asks("1", holiday(1, "thanksgiving"), holiday(2, "christmas")),
                asks("1", holiday(1, "christmas"), holiday(3, "thanksgiving"), who=1),
            ),
        ),
        Example(
            "a couple's vacation counts only if both get it",
            {"rule": "request", "lane": "time-off", "weight": 1, "denied": 8},
            {"A": "CLINIC VAC VAC", "B": "VAC VAC CLINIC"},
            finds=(
                "A, request 1: denied (vacation in weeks 2-3 (2026-07-06 to 2026-07-19), together)",
            ),
            amounts=(8,),
            others=({"rule": "vacation", "minimum": 0, "maximum": 2},),
            choices=(
                asks("1", replace(vacation(1, 1, 2), partner=1)),
                asks("2", replace(vacation(1, 1), partner=1)),
                asks("1", vacation(1, 0), who=1),
            ),
        ),
        Example(
            "who carries denials over has wishes that weigh more",
            {
                "rule": "request",
                "lane": "rotations",
                "weight": 2,
                "carry_over": "denied",
                "carry_percent": 20,
                "carry_at_most": 3,
            },
            {"A": "WARD WARD", "B": "WARD WARD", "C": "WARD WARD"},
            finds=(
                "A, request 1: denied (CLINIC in week 1 (2026-06-29))",
                "B, request 1: denied (CLINIC in week 1 (2026-06-29))",
                "B, request 2: denied (CLINIC in week 2 (2026-07-06))",
                "C, request 1: denied (CLINIC in week 1 (2026-06-29))",
            ),
            amounts=(3, 5, 13, 4),
            residents={
                "B": Person(carried={"denied": 35}),
                "C": Person(carried={"denied": 7, "icu": 70}),
            },
            choices=(
                asks("1", rotation(1, "CLINIC", 0)),
                asks("1", rotation(1, "CLINIC", 0), who=1),
                asks("2", rotation(1, "CLINIC", 1), who=1),
                asks("1", rotation(1, "CLINIC", 0), who=2),
            ),
        ),
        Example(
            "only the first choice counts, and declined ones do not",
            {"rule": "request", "lane": "rotations", "weight": 3, "choices": 1},
            {"A": "WARD WARD"},
            choices=(
                asks("10", rotation(1, "CLINIC")),
                asks("2", rotation(1, "WARD", 1)),
                asks("1", rotation(1, "CLINIC", 0), status=WishStatus.DECLINED),
            ),
        ),
    )


def _parts(problem: Problem, choice: Choice) -> list[int]:
    """The parts that the choice is about, whichever alternative."""
    by_week = problem.calendar.parts_of_week
    found = {p for wish in choice.alternatives for week in wish.weeks for p in by_week[week]}
    return sorted(found.union(*(wish.parts for wish in choice.alternatives)))
