"""The spacing rule: how many weeks lie between two stays on the same rotations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import ClassVar, Literal

from pydantic import Field

from scheduler.audit.stays import ReadStay, read_stays
from scheduler.audit.violation import Violation
from scheduler.model.linear import Sum
from scheduler.model.stays import bound_starts, joined, starts_of, stay_lines
from scheduler.model.year import YearModel
from scheduler.problem.calendar import DAYS_IN_WEEK, ONE_DAY, Calendar
from scheduler.problem.resident import Resident
from scheduler.rules.base import Rule, Scope
from scheduler.rules.example import Example, Person
from scheduler.rules.select import Names
from scheduler.rules.words import counted, dated_weeks, either, sentence
from scheduler.schedule.schedule import Schedule


class Spacing(Rule):
    """After a demanding stay there is time to recover before the next one like it.

    A stay is a run of blocks of one rotation; with ``together`` all of
    ``rotations`` count as one.  Between one stay and the next lie at least
    ``apart_minimum`` weeks.

    These are calendar weeks, from the last day of the last block of the one stay
    to the first day of the next, whatever is done in them: other rotations,
    vacation, leave, absence, clinic weeks of a grid.  Where a stay does not begin
    or end with a week, the nearest beginning of a week is taken (a calendar month
    is four weeks or five).  What lay before the year is not known.

    Vacation and leave neither end nor shorten a stay.  A block wholly on vacation
    or leave belongs to the stay if the rotation goes on after it, else it is time
    between.  Where no rotation of the stay allows vacation, nobody went on vacation
    from it, and a block with vacation and no rotation is time between.  Clinic
    weeks that the grid assigns end no stay and are none themselves.  A block in
    which the resident is wholly absent ends a stay, and so do the ends of ``when``
    (only blocks that share a day with it are seen).

    The amount is the weeks missing between each stay and the next.
    """

    rule: Literal["spacing"] = "spacing"
    rotations: Names = Field(min_length=1, description="codes or tags, each rotation by itself")
    apart_minimum: int = Field(ge=1, le=53, description="fewest weeks between two stays")
    together: bool = Field(False, description="count all rotations of the set as one")

    def sentence(self) -> str:
        together = ", all of it together," if self.together else ""
        return sentence(
            f"stays of {self.who.words()} on {either(self.rotations)}{together}",
            f"are at least {counted(self.apart_minimum, 'week')} apart",
            self.when.words(),
        )

    def _sets(self, scope: Scope) -> list[frozenset[str]]:
        codes = scope.problem.codes(self.rotations)
        return [codes] if self.together else [frozenset({code}) for code in sorted(codes)]

    # -- the model ---------------------------------------------------------------------------

    def post(self, year: YearModel, scope: Scope) -> None:
        sets = self._sets(scope)
        for resident in scope.residents:
            for codes in sets:
                self._post_stays(year, scope, resident, codes)

    def _post_stays(
        self, year: YearModel, scope: Scope, resident: Resident, codes: frozenset[str]
    ) -> None:
        """Every stay holds its own weeks and ``apart_minimum`` before it; no week is held twice.

        These are the min-down inequalities of Rajan and Takriti.  The weeks held twice are
        just those that are missing between the stays.
        """
        on: defaultdict[int, Sum] = defaultdict(Sum)
        starts: defaultdict[int, Sum] = defaultdict(Sum)
        last_weeks: set[int] = set()
        for line in stay_lines(year, resident, scope.part_set, [codes]):
            claimed = joined(year, line)
            begun = starts_of(year, claimed)
            bound_starts(year, resident, codes, line, claimed, begun)
            for place, here, start in zip(line.places, claimed, begun, strict=True):
                first = _nearest_week(year.problem.calendar, place.first)
                stop = _nearest_week(year.problem.calendar, place.last + ONE_DAY)
                starts[first].add(start)
                last_weeks.add(stop - 1)
                for week in range(first, stop):
                    on[week].add(here)
        weeks = sorted(last_weeks)
        if not self.hard or year.relaxed:  # each week is charged, those before the year too
            weeks = list(range(min(starts, default=0) - self.apart_minimum, max(weeks, default=0)))
        for week in weeks:
            held = on[week].copy()
            for later in range(week + 1, week + self.apart_minimum + 1):
                if later in starts:
                    held.add(starts[later])
            if len(held.terms) > 1:
                year.at_most(held, 1, self)

    # -- the audit ---------------------------------------------------------------------------

    def audit(self, schedule: Schedule, scope: Scope) -> Iterator[Violation]:
        for resident in scope.residents:
            for codes in self._sets(scope):
                stays = read_stays(scope.problem, schedule, resident, codes, scope.part_set)
                for one, after in pairwise(stays):
                    yield from self._judge(scope, resident, one, after)

    def _judge(
        self, scope: Scope, resident: Resident, one: ReadStay, after: ReadStay
    ) -> Iterator[Violation]:
        calendar = scope.problem.calendar
        end, begin = one.blocks[-1], after.blocks[0]
        between = _weeks_until(calendar, begin.first) - _weeks_until(calendar, end.last + ONE_DAY)
        if between < self.apart_minimum:
            name = either(self.rotations) if self.together else after.code
            yield self.violation(
                self.apart_minimum - between,
                f"{resident.name} is on {name} in {dated_weeks(calendar, end.parts)} and again in "
                f"{dated_weeks(calendar, begin.parts)}: {counted(between, 'week')} between, "
                f"at least {self.apart_minimum}",
                resident,
                (*end.parts, *begin.parts),
                after.code,
            )

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "two weeks between two stays on nights",
            {"rule": "spacing", "rotations": "NIGHT", "apart_minimum": 2},
            {"A": "NIGHT NIGHT WARD WARD NIGHT", "B": "NIGHT WARD NIGHT NIGHT WARD"},
            finds=(
                "B is on NIGHT in week 1 (2026-06-29) and again in week 3 (2026-07-13): "
                "1 week between, at least 2",
            ),
            amounts=(1,),
            rotations=("WARD", "NIGHT"),
        ),
        Example(
            "each stay is measured against the next, and each missing week costs",
            {"rule": "spacing", "rotations": ["ICU"], "apart_minimum": 3, "weight": 2},
            {"A": "ICU WARD ICU WARD WARD ICU"},
            finds=(
                "A is on ICU in week 1 (2026-06-29) and again in week 3 (2026-07-13): "
                "1 week between, at least 3",
                "A is on ICU in week 3 (2026-07-13) and again in week 6 (2026-08-03): "
                "2 weeks between, at least 3",
            ),
            amounts=(2, 1),
            rotations=("WARD", "ICU"),
        ),
        Example(
            "two kinds of nights are one burden",
            {
                "rule": "spacing",
                "rotations": ["NIGHT", "icu"],
                "apart_minimum": 2,
                "together": True,
            },
            {"A": "NIGHT ICU WARD WARD ICU", "B": "NIGHT WARD ICU WARD WARD"},
            finds=(
                "B is on NIGHT or icu in week 1 (2026-06-29) and again in week 3 (2026-07-13): "
                "1 week between, at least 2",
            ),
            amounts=(1,),
            rotations=("WARD", "NIGHT", "ICU"),
        ),
        Example(
            "vacation inside a stay does not end it, vacation after it is time between",
            {"rule": "spacing", "rotations": "CLINIC", "apart_minimum": 2, "weight": 3},
            {"A": "CLINIC VAC CLINIC WARD WARD", "B": "CLINIC VAC WARD CLINIC WARD"},
            others=({"rule": "vacation", "minimum": 0, "maximum": 1},),
        ),
        Example(
            "nobody goes on vacation from nights: a vacated block lies between two stays",
            {"rule": "spacing", "rotations": "NIGHT", "apart_minimum": 2},
            {"A": "NIGHT VAC NIGHT CLINIC", "B": "NIGHT VAC CLINIC NIGHT"},
            finds=(
                "A is on NIGHT in week 1 (2026-06-29) and again in week 3 (2026-07-13): "
                "1 week between, at least 2",
            ),
            amounts=(1,),
            rotations=("NIGHT", "CLINIC"),
            others=({"rule": "vacation", "minimum": 0, "maximum": 1},),
        ),
        Example(
            "the grid's clinic weeks end no stay, and count as time between two",
            {"rule": "spacing", "rotations": "ward", "apart_minimum": 4},
            {
                "A": "WARD CLINIC WARD CLINIC ICU CLINIC ICU",
                "B": "WARD CLINIC ICU CLINIC WARD CLINIC ICU",
            },
            finds=(
                "B is on WARD in week 1 (2026-06-29) and again in week 5 (2026-07-27): "
                "3 weeks between, at least 4",
            ),
            amounts=(1,),
            pattern=((1, None), (1, "CLINIC")),
            rotations=("WARD", "ICU", "CLINIC"),
        ),
        Example(
            "weeks away are time between; leave inside a stay ends nothing",
            {"rule": "spacing", "rotations": "WARD", "apart_minimum": 2},
            {"A": "WARD AWAY AWAY WARD", "B": "WARD LEAVE WARD WARD"},
            residents={"A": Person(away=(2, 3)), "B": Person(leave=(2,))},
        ),
    )


# -- weeks of the model ----------------------------------------------------------------------


def _nearest_week(calendar: Calendar, day: date) -> int:
    """Which beginning of a week is nearest to ``day``; the last week of the year begins at 0."""
    return ((day - calendar.weeks[-1].first).days + DAYS_IN_WEEK // 2) // DAYS_IN_WEEK


# -- weeks of the audit ----------------------------------------------------------------------


def _weeks_until(calendar: Calendar, day: date) -> int:
    """Weeks from a fixed beginning of a week to ``day``, to the nearest whole one."""
    return round((day - calendar.weeks[-1].first) / timedelta(days=DAYS_IN_WEEK))
