"""The stay rule: how long a resident remains on a rotation at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, model_validator

from scheduler.audit.stays import ReadStay, read_stays
from scheduler.audit.violation import Violation
from scheduler.model.linear import Sum
from scheduler.model.stays import (
    Line,
    claims,
    lengths_between,
    needing,
    reached,
    scaled,
    starts_of,
    stay_lines,
)
from scheduler.model.year import YearModel
from scheduler.problem.calendar import DAYS_IN_WEEK
from scheduler.problem.grid import Block, Grid
from scheduler.problem.resident import Resident
from scheduler.rules.base import Rule, Scope
from scheduler.rules.example import Example, Person
from scheduler.rules.fitting import Lengths, runs_of
from scheduler.rules.select import Names, Numbers
from scheduler.rules.words import counted, dated_weeks, either, limits, sentence
from scheduler.schedule.schedule import Schedule


def _dates(value: object) -> object:
    return value if isinstance(value, list) or value is None else [value]


class Stay(Rule):
    """A service keeps its people long enough to know them, and lets them go in time.

    A stay is a run of blocks of one rotation; with ``together`` all of
    ``rotations`` count as one.  Its length is counted in weeks: a block counts as
    many whole weeks as are nearest to its days (a calendar month counts four, a
    short first block at least one; absence is left out).

    Vacation and leave neither end nor shorten a stay.  A block wholly on
    vacation or leave belongs to the stay if the rotation goes on after it;
    before the first or after the last block of the rotation it may be counted
    to the stay, each block as a whole, where the stay would otherwise be too
    short.  But where no rotation of the stay allows vacation, nobody went on
    vacation from it: a block with vacation and no rotation ends the stay and
    counts in none.  Clinic weeks that the grid assigns are passed over: they end no stay
    and count in none.  A block in which the resident is wholly absent ends a
    stay, and so do the ends of the year (or of ``when``: only blocks that share a
    day with it are seen).

    - ``minimum``: the amount of a stay is the weeks it lacks; every stay has one week.
    - ``maximum``: the amount is the weeks on the rotation after so many weeks of
      the stay are over (vacated blocks count in its length, not in the amount).
    - ``lengths``: no other lengths are allowed.  A shorter stay is measured
      against the next longer of them, a stay beyond the longest as by ``maximum``.
      Blocks that add up to no allowed length close the rotation to the people of
      that grid; reading the program says so.
    - ``not_across``: no stay holds both one of these dates and the day before.  The
      amount is one for each stay and date.
    """

    rule: Literal["stay"] = "stay"
    rotations: Names = Field(min_length=1, description="codes or tags, each rotation by itself")
    minimum: int | None = Field(None, ge=1, le=53, description="shortest stay in weeks")
    maximum: int | None = Field(None, ge=1, le=53, description="longest stay in weeks")
    lengths: Numbers | None = Field(
        None, min_length=1, description="allowed lengths of a stay, in weeks"
    )
    together: bool = Field(False, description="true counts all of 'rotations' as one rotation")
    not_across: Annotated[list[date], BeforeValidator(_dates)] | None = Field(
        None, min_length=1, description="dates that no stay may hold together with the day before"
    )

    @model_validator(mode="after")
    def _some_limit(self) -> Stay:
        if self.lengths is not None and (self.minimum, self.maximum) != (None, None):
            raise ValueError("say either 'lengths' or 'minimum' and 'maximum'")
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError(f"minimum {self.minimum} is above maximum {self.maximum}")
        if (self.minimum, self._longest, self.not_across) == (None, None, None):
            raise ValueError("say 'minimum', 'maximum', 'lengths' or 'not_across'")
        if not all(1 <= length <= 53 for length in self._allowed):
            raise ValueError("lengths are weeks, from 1 to 53")
        return self

    @property
    def _allowed(self) -> list[int]:
        """Lengths that a stay which is not too long must have, the last or more of them."""
        if self.lengths is not None:
            return sorted(set(self.lengths))
        return [self.minimum] if self.minimum and self.minimum > 1 else []

    @property
    def _longest(self) -> int | None:
        return max(self.lengths) if self.lengths is not None else self.maximum

    @property
    def by_date(self) -> bool:
        return True

    def sentence(self) -> str:
        together = ", all of it together," if self.together else ""
        said = []
        if self.lengths:
            said.append(f"last {either(map(str, self._allowed))} weeks")
        elif self.minimum or self.maximum:
            said.append(f"last {limits(self.minimum, self.maximum, 'week')}")
        if self.not_across:
            said.append(f"do not run across {either(map(str, self.not_across))}")
        names = either(self.rotations)
        return sentence(
            f"stays of {self.who.words()} on {names}{together}",
            " and ".join(said),
            self.when.words(),
        )

    def _sets(self, scope: Scope) -> list[frozenset[str]]:
        codes = scope.problem.codes(self.rotations)
        return [codes] if self.together else [frozenset({code}) for code in sorted(codes)]

    def limits_runs(self, scope: Scope, codes: frozenset[str]) -> bool:
        return self._longest is not None and any(codes <= known for known in self._sets(scope))

    def forbids_run(
        self, scope: Scope, resident: Resident, blocks: Sequence[Block], codes: frozenset[str]
    ) -> bool:
        days = scope.problem.calendar.part_days
        weeks = [round(sum(days[p] for p in block.parts) / DAYS_IN_WEEK) for block in blocks]
        seen = not any(scope.part_set.isdisjoint(block.parts) for block in blocks)
        return seen and sum(max(1, number) for number in weeks) > (self._longest or 0)

    def closes(self, scope: Scope, resident: Resident, grid: Grid) -> Mapping[int, frozenset[str]]:
        """Blocks that belong to no run of blocks as long as a stay may be, with overlays in it."""
        problem, found = scope.problem, dict[int, frozenset[str]]()
        lengths = Lengths(self.minimum or 1, self._longest, frozenset(self.lengths or ()))
        restful = {code for code, one in problem.rotations.items() if one.vacation}
        for vacation in (False, True):
            sets = [one for one in self._sets(scope) if one.isdisjoint(restful) != vacation]
            codes = frozenset[str]().union(*sets)
            for run in runs_of(problem, resident, grid, scope.part_set, vacation) if codes else ():
                for index in lengths.leave_out(run):
                    found[index] = found.get(index, frozenset()) | codes
        return found

    # -- the model ---------------------------------------------------------------------------

    def post(self, year: YearModel, scope: Scope) -> None:
        sets = self._sets(scope)
        for resident in scope.residents:
            for line in stay_lines(year, resident, scope.part_set, sets):
                self._post_line(year, line)

    def _post_line(self, year: YearModel, line: Line) -> None:
        holes = list(lengths_between(line, self._allowed))
        here = reached(year, line) if holes or self._longest or self.not_across else []
        if self._longest is not None:
            self._post_longest(year, line, here, self._longest)
        if self._allowed:
            self._post_lengths(year, line, here, holes)
        for day in self.not_across or ():
            self._post_crossing(year, line, here, day)

    def _post_lengths(
        self, year: YearModel, line: Line, here: list[Sum], holes: list[tuple[int, int, int]]
    ) -> None:
        least = self._allowed[0]
        if not holes and all(one + two >= least for one, two in pairwise(line.weeks)):
            self._post_not_alone(year, line, least)
            return
        claimed = claims(year, line, here if holes else None)
        self._post_shortest(year, line, claimed, least)
        self._post_holes(year, claimed, holes)

    def _post_longest(self, year: YearModel, line: Line, here: list[Sum], most: int) -> None:
        """For each block, no stay may have reached it from so far back that it is too long."""
        for block, weeks in enumerate(line.weeks):
            length = charged = 0
            for start in range(block, -1, -1):
                length += line.weeks[start]
                price = min(weeks, length - most) - charged
                if price > 0:
                    charged += price
                    between = [line.filled(index) for index in range(start + 1, block)]
                    first = [here[start]] if start < block else []
                    self._forbid(year, [*first, *between, line.real[block]], price)
                if charged == weeks:
                    break

    def _forbid(self, year: YearModel, members: list[Sum], price: int) -> None:
        """Not all of these at once, or ``price`` weeks for it."""
        if all(members):
            year.at_most(scaled(members, price), price * (len(members) - 1), self)

    def _post_not_alone(self, year: YearModel, line: Line, least: int) -> None:
        """Where two blocks are always enough: no block without one beside it."""
        for block, real in enumerate(line.real):
            missing = least - line.weeks[block]
            if missing > 0 and real:
                beside = [i for i in (block - 1, block + 1) if 0 <= i < len(line.places)]
                total = scaled([line.filled(index) for index in beside], missing)
                year.at_least(total.add(real, -missing), 0, self)

    def _post_shortest(self, year: YearModel, line: Line, claimed: list[Sum], least: int) -> None:
        """Week by week: of the stays that began so late that they need it, none is over.

        These are the inequalities of Rajan and Takriti; their misses add up to
        the weeks that all short stays lack.
        """
        starts = starts_of(year, claimed)
        for block, going_on in enumerate(claimed):
            for needed_by, weeks in needing(line.weeks, block, least):
                began = scaled([starts[start] for start in needed_by], -weeks)
                if began and needed_by != [block]:
                    year.at_least(began.add(going_on, weeks), 0, self)
        for start, began in enumerate(starts):
            missing = least - sum(line.weeks[start:])
            if began and missing > 0:
                year.at_most(scaled([began], missing), 0, self)

    def _post_holes(
        self, year: YearModel, claimed: list[Sum], holes: list[tuple[int, int, int]]
    ) -> None:
        """No stay of exactly these blocks, whose length lies between two allowed ones."""
        beside = [Sum(), *claimed, Sum()]
        for start, stop, missing in holes:
            members = claimed[start : stop + 1]
            if all(members):
                total = scaled(members, missing)
                total.add(beside[start], -missing).add(beside[stop + 2], -missing)
                year.at_most(total, missing * (len(members) - 1), self)

    def _post_crossing(self, year: YearModel, line: Line, here: list[Sum], day: date) -> None:
        """No stay that came up to ``day`` reaches back from the blocks after it."""
        before = sum(place.last < day for place in line.places)
        after = sum(place.first < day for place in line.places)
        if after == 0 or before == len(line.places):
            return
        arrived = here[after - 1]
        if after > before:  # one block holds both days
            real = line.real[before]
            self._forbid(year, [real], 1)
            arrived = Sum({c: k for c, k in arrived.terms.items() if c not in real.terms})
        back = [Sum(), *reached(year, line.after(after).backwards())][-1]
        self._forbid(year, [arrived, back], 1)

    # -- the audit ---------------------------------------------------------------------------

    def audit(self, schedule: Schedule, scope: Scope) -> Iterator[Violation]:
        for resident in scope.residents:
            for codes in self._sets(scope):
                for stay in read_stays(scope.problem, schedule, resident, codes, scope.part_set):
                    name = either(self.rotations) if self.together else stay.code
                    when = dated_weeks(scope.problem.calendar, stay.parts)
                    for amount, what in self._faults(stay):
                        message = f"{resident.name} is on {name} in {when}: {what}"
                        yield self.violation(amount, message, resident, stay.parts, stay.code)

    def _faults(self, stay: ReadStay) -> Iterator[tuple[int, str]]:
        """What is wrong with a stay, each with its amount."""
        longest, length = self._longest, counted(stay.weeks, "week")
        if longest is not None and stay.weeks > longest:
            yield stay.real_weeks_after(longest), f"{length}, at most {longest}"
        elif self._allowed and (amount := min(map(self._short, stay.possible_weeks()))):
            limit = f"at least {self.minimum}" if self.lengths is None else self._said_lengths()
            yield amount, f"{length}, {limit}"
        for day in self.not_across or ():
            if stay.blocks[0].first < day <= stay.blocks[-1].last:
                yield 1, f"not across {day}"

    def _said_lengths(self) -> str:
        return f"allowed are {either(map(str, self._allowed))}"

    def _short(self, length: int) -> int:
        """Weeks that a stay of this length lacks of the next allowed one."""
        return min((allowed - length for allowed in self._allowed if allowed >= length), default=0)

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "two to four weeks; a vacated block beside it makes up what is missing",
            {"rule": "stay", "rotations": "clinic", "minimum": 2, "maximum": 4},
            {"A": "CLINIC CLINIC WARD CLINIC VAC", "B": "CLINIC VAC CLINIC CLINIC WARD"},
            others=({"rule": "vacation", "minimum": 0, "maximum": 1},),
        ),
        Example(
            "one week or two: only too long is too long",
            {"rule": "stay", "rotations": "WARD", "minimum": 1, "maximum": 2},
            {"A": "WARD CLINIC WARD WARD", "B": "WARD WARD WARD CLINIC"},
            finds=("B is on WARD in weeks 1-3 (2026-06-29 to 2026-07-19): 3 weeks, at most 2",),
            amounts=(1,),
        ),
        Example(
            "two weeks at least",
            {"rule": "stay", "rotations": "WARD", "minimum": 2},
            {"A": "WARD WARD CLINIC CLINIC WARD", "B": "CLINIC WARD CLINIC WARD WARD"},
            finds=(
                "A is on WARD in week 5 (2026-07-27): 1 week, at least 2",
                "B is on WARD in week 2 (2026-07-06): 1 week, at least 2",
            ),
            amounts=(1, 1),
        ),
        Example(
            "vacation does not shorten a stay, and leave does not end it",
            {"rule": "stay", "rotations": ["CLINIC", "WARD"], "minimum": 3, "weight": 2},
            {"A": "CLINIC VAC VAC WARD WARD WARD", "B": "WARD WARD LEAVE WARD CLINIC CLINIC"},
            finds=("B is on CLINIC in weeks 5-6 (2026-07-27 to 2026-08-09): 2 weeks, at least 3",),
            amounts=(1,),
            residents={"B": Person(leave=(3,))},
            others=({"rule": "vacation", "minimum": 0, "maximum": 2},),
        ),
        Example(
            "nobody goes on vacation from the ward: a vacated block ends a stay there",
            {"rule": "stay", "rotations": "WARD", "minimum": 2},
            {"A": "WARD VAC WARD WARD", "B": "WARD WARD VAC CLINIC"},
            finds=("A is on WARD in week 1 (2026-06-29): 1 week, at least 2",),
            amounts=(1,),
            others=({"rule": "vacation", "minimum": 0, "maximum": 2},),
        ),
        Example(
            "at most four weeks, each rotation by itself",
            {"rule": "stay", "rotations": "inpatient", "maximum": 4},
            {"A": "WARD WARD WARD WARD ICU ICU", "B": "ICU ICU ICU ICU ICU ICU"},
            finds=("B is on ICU in weeks 1-6 (2026-06-29 to 2026-08-09): 6 weeks, at most 4",),
            amounts=(2,),
            block_weeks=2,
            rotations=("WARD", "ICU"),
        ),
        Example(
            "the same, all inpatient rotations together",
            {
                "rule": "stay",
                "rotations": "inpatient",
                "maximum": 4,
                "together": True,
                "weight": 3,
            },
            {"A": "WARD WARD WARD WARD ICU ICU"},
            finds=(
                "A is on inpatient in weeks 1-6 (2026-06-29 to 2026-08-09): 6 weeks, at most 4",
            ),
            amounts=(2,),
            block_weeks=2,
            rotations=("WARD", "ICU", "ELEC"),
        ),
        Example(
            "a stay interrupted by the grid's clinic week is one stay",
            {"rule": "stay", "rotations": ["WARD", "ICU"], "lengths": 4},
            {
                "A": "WARD WARD CLINIC WARD WARD CLINIC ICU ICU",
                "B": "ICU ICU CLINIC ICU ICU CLINIC ICU ICU",
            },
            finds=(
                "A is on ICU in weeks 7-8 (2026-08-10 to 2026-08-23): 2 weeks, allowed are 4",
                "B is on ICU in weeks 1-2, 4-5, 7-8 (2026-06-29 to 2026-08-23): 6 weeks, at most 4",
            ),
            amounts=(2, 2),
            pattern=((2, None), (1, "CLINIC")),
            rotations=("WARD", "ICU", "CLINIC"),
        ),
        Example(
            "two weeks or four, and nothing between",
            {"rule": "stay", "rotations": ["CLINIC"], "lengths": [2, 4], "weight": 2},
            {"A": "CLINIC CLINIC CLINIC WARD WARD", "B": "CLINIC CLINIC CLINIC VAC WARD"},
            finds=(
                "A is on CLINIC in weeks 1-3 (2026-06-29 to 2026-07-19): 3 weeks, "
                "allowed are 2 or 4",
            ),
            amounts=(1,),
            others=({"rule": "vacation", "minimum": 0, "maximum": 2},),
        ),
        Example(
            "no stay on nights across the start of the new interns",
            {"rule": "stay", "rotations": "NIGHT", "not_across": date(2026, 7, 13)},
            {"A": "NIGHT NIGHT WARD NIGHT", "B": "WARD NIGHT NIGHT WARD"},
            finds=("B is on NIGHT in weeks 2-3 (2026-07-06 to 2026-07-19): not across 2026-07-13",),
            amounts=(1,),
            rotations=("WARD", "NIGHT"),
        ),
        Example(
            "vacation does not keep a stay from running across a date",
            {"rule": "stay", "rotations": "clinic", "not_across": [date(2026, 7, 9)]},
            {"A": "CLINIC VAC CLINIC WARD", "B": "WARD VAC CLINIC CLINIC"},
            finds=(
                "A is on CLINIC in weeks 1-3 (2026-06-29 to 2026-07-19): not across 2026-07-09",
            ),
            amounts=(1,),
            others=({"rule": "vacation", "minimum": 0, "maximum": 2},),
        ),
    )
