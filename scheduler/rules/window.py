"""The window rule: how much of a rotation may, or must, fall into any so many weeks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from scheduler.audit.violation import Violation
from scheduler.model.block import GridModel
from scheduler.model.linear import Sum
from scheduler.model.year import YearModel
from scheduler.problem.calendar import DAYS_IN_WEEK
from scheduler.problem.grid import Block, Grid
from scheduler.problem.resident import Resident
from scheduler.problem.rotation import AWAY, LEAVE
from scheduler.rules.base import Rule, Scope
from scheduler.rules.example import Example, Person
from scheduler.rules.select import Names
from scheduler.rules.words import counted, dated_weeks, either, limits, sentence, weeks_of
from scheduler.schedule.schedule import Schedule


class Window(Rule):
    """Heavy weeks come with lighter ones between them, and no skill rests for too long.

    Weeks worked on ``rotations`` (together, net of vacation and leave) are
    looked at in every window of consecutive weeks that lies inside the year (or
    inside ``when``), beginning with each week in turn.

    - With ``in_any``, every window of so many weeks holds at most ``maximum`` and
      at least ``minimum`` weeks, counted in days.  A window in which the resident
      is absent or on leave, even in part, is not asked for a minimum.
    - Without ``in_any``, at most ``maximum`` weeks are worked running: no window of
      one week more is worked from its first day to its last.  Vacation, leave,
      absence and any other rotation, the clinic week of a grid included, end
      the run.

    The amount is the weeks too many or missing, summed over the windows; in each
    window begun weeks count whole.  Seven weeks running where six are allowed
    are one week too many, eight are two.
    """

    rule: Literal["window"] = "window"
    rotations: Names = Field(min_length=1, description="codes or tags, counted together")
    maximum: int | None = Field(
        None, ge=0, le=53, description="most weeks worked in 'in_any' weeks; without it, running"
    )
    minimum: int | None = Field(
        None, ge=1, le=53, description="fewest weeks worked in 'in_any' weeks"
    )
    in_any: int | None = Field(None, ge=1, le=53, description="length of every window, in weeks")

    @model_validator(mode="after")
    def _complete(self) -> Window:
        if (self.maximum, self.minimum) == (None, None):
            raise ValueError("say 'maximum' or 'minimum'")
        if self.minimum is not None and self.in_any is None:
            raise ValueError("'minimum' needs 'in_any'")
        if self.in_any is not None and (self.maximum or 0) > self.in_any:
            raise ValueError(f"any {self.in_any} weeks hold no more than {self.maximum} weeks")
        if self.in_any is not None and (self.minimum or 0) > self.in_any:
            raise ValueError(f"{self.in_any} weeks cannot hold {self.minimum} weeks")
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError(f"minimum {self.minimum} is above maximum {self.maximum}")
        return self

    @property
    def by_date(self) -> bool:
        return True

    def sentence(self) -> str:
        within = "running" if self.in_any is None else f"in any {counted(self.in_any, 'week')}"
        return sentence(
            self.who.words(),
            f"work {limits(self.minimum, self.maximum, 'week')} of {either(self.rotations)}",
            within,
            self.when.words(),
        )

    @property
    def _length(self) -> int:
        """Weeks of a window."""
        return self.in_any if self.in_any is not None else (self.maximum or 0) + 1

    def worked_sets(self, scope: Scope, resident: Resident) -> Iterable[frozenset[str]]:
        return [scope.problem.codes(self.rotations)]

    def limits_runs(self, scope: Scope, codes: frozenset[str]) -> bool:
        return self.in_any is None and codes <= scope.problem.codes(self.rotations)

    def forbids_run(
        self, scope: Scope, resident: Resident, blocks: Sequence[Block], codes: frozenset[str]
    ) -> bool:
        calendar, parts = scope.problem.calendar, {p for block in blocks for p in block.parts}
        longest = running = 0
        for week in sorted({calendar.parts[part].week for part in parts}):
            here = scope.part_set.intersection(calendar.parts_of_week[week])
            running = running + 1 if here and here <= parts else 0
            longest = max(longest, running)
        return longest > (self.maximum or 0)

    def closes(self, scope: Scope, resident: Resident, grid: Grid) -> Mapping[int, frozenset[str]]:
        """Blocks that hold more weeks than may be worked, on codes without vacation."""
        rotations = scope.problem.rotations
        codes = {c for c in scope.problem.codes(self.rotations) if not rotations[c].vacation}
        if not codes or not self.maximum:  # 0: as it says, never
            return {}
        exceeds = self.forbids_run if self.in_any is None else self._overfills
        return {
            block.index: frozenset(codes)
            for block in grid.blocks
            if not block.assigned
            and resident.available.issuperset(block.parts)
            and exceeds(scope, resident, [block], frozenset(codes))
        }

    def _overfills(
        self, scope: Scope, resident: Resident, blocks: Sequence[Block], codes: frozenset[str]
    ) -> bool:
        """Whether some window holds more days of ``blocks`` than may be worked in it."""
        calendar, days = scope.problem.calendar, Counter[int]()
        for part in (part for block in blocks for part in block.parts if part in scope.part_set):
            days[calendar.parts[part].week] += calendar.part_days[part]
        most = (self.maximum or 0) * DAYS_IN_WEEK
        return any(
            sum(days[week] for week in weeks[start : start + self._length]) > most
            for weeks in _runs(scope)
            for start in range(len(weeks) + 1 - self._length)
        )

    # -- the model ---------------------------------------------------------------------------

    def post(self, year: YearModel, scope: Scope) -> None:
        codes = scope.problem.codes(self.rotations)
        runs = list(_runs(scope))
        post = self._post_running if self.in_any is None else self._post_in_any
        for resident in scope.residents:
            for weeks in runs:
                post(year, scope, resident, weeks, codes)

    def _post_in_any(
        self,
        year: YearModel,
        scope: Scope,
        resident: Resident,
        weeks: list[int],
        codes: frozenset[str],
    ) -> None:
        worked = [_days_worked(year, scope, resident, week, codes) for week in weeks]
        whole = [_is_whole(scope, resident, week) for week in weeks]
        total = Sum()
        for index, entering in enumerate(worked):
            total.add(entering)
            start = index + 1 - self._length
            if start < 0:
                continue
            if self.maximum is not None and len(total.terms) > 0:
                year.at_most(total, self.maximum * DAYS_IN_WEEK, self, DAYS_IN_WEEK)
            if self.minimum is not None and all(whole[start : index + 1]):
                year.at_least(total, self.minimum * DAYS_IN_WEEK, self, DAYS_IN_WEEK)
            _take_away(total, worked[start])

    def _post_running(
        self,
        year: YearModel,
        scope: Scope,
        resident: Resident,
        weeks: list[int],
        codes: frozenset[str],
    ) -> None:
        for grid in year.grid_models(resident):
            pieces = [_pieces(scope, resident, grid, week, codes) for week in weeks]
            starts = range(len(weeks) + 1 - self._length)
            windows = [_window(grid, pieces[start : start + self._length]) for start in starts]
            # Where rules give, every window is charged by itself.
            for window in _not_implied(windows) if self.hard and not year.relaxed else windows:
                if window is not None:
                    year.at_most(window.total, 0, self)

    # -- the audit ---------------------------------------------------------------------------

    def audit(self, schedule: Schedule, scope: Scope) -> Iterator[Violation]:
        codes = scope.problem.codes(self.rotations)
        for resident in scope.residents:
            for weeks in self._weekly(schedule, scope, resident):
                if self.in_any is None:
                    yield from self._judge_running(scope, resident, weeks, codes)
                    continue
                for start in range(len(weeks) + 1 - self._length):
                    window = weeks[start : start + self._length]
                    yield from self._judge(scope, resident, window, codes)

    def _weekly(
        self, schedule: Schedule, scope: Scope, resident: Resident
    ) -> Iterator[list[dict[int, str]]]:
        """The cells of the weeks of ``when``, week by week, in runs without a hole."""
        row, parts = schedule.cells[resident.index], scope.problem.calendar.parts
        by_week: dict[int, dict[int, str]] = {}
        for part in sorted(scope.part_set):
            by_week.setdefault(parts[part].week, {})[part] = row[part]
        runs = groupby(enumerate(by_week.items()), key=lambda item: item[1][0] - item[0])
        for _, run in runs:
            yield [cells for _, (_, cells) in run]

    def _judge_running(
        self, scope: Scope, resident: Resident, weeks: list[dict[int, str]], codes: frozenset[str]
    ) -> Iterator[Violation]:
        runs = groupby(weeks, key=lambda cells: codes.issuperset(cells.values()))
        for run in (list(run) for worked, run in runs if worked):
            parts = [part for cells in run for part in cells]
            if len(run) > (self.maximum or 0):
                yield self.violation(
                    len(run) - (self.maximum or 0),
                    f"{resident.name} works {either(self.rotations)} for "
                    f"{counted(len(run), 'week')} running, "
                    f"{dated_weeks(scope.problem.calendar, parts)}, at most {self.maximum}",
                    resident,
                    parts,
                )

    def _judge(
        self, scope: Scope, resident: Resident, window: list[dict[int, str]], codes: frozenset[str]
    ) -> Iterator[Violation]:
        calendar = scope.problem.calendar
        cells = {part: code for week in window for part, code in week.items()}
        dated = [calendar.parts[part] for part, code in cells.items() if code in codes]
        days = sum((part.last - part.first).days + 1 for part in dated)
        beyond = days - self.maximum * DAYS_IN_WEEK if self.maximum is not None else 0
        missing = (self.minimum or 0) * DAYS_IN_WEEK - days
        if not {AWAY, LEAVE}.isdisjoint(cells.values()):
            missing = 0
        if beyond > 0 or missing > 0:
            limit = f"needs at least {self.minimum}" if missing > 0 else f"at most {self.maximum}"
            yield self.violation(
                -(-max(beyond, missing) // DAYS_IN_WEEK),
                f"{resident.name} works {weeks_of(days)} of {either(self.rotations)} in "
                f"{dated_weeks(calendar, list(cells))}, {limit}",
                resident,
                cells,
            )

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "at most two heavy weeks running",
            {"rule": "window", "rotations": "inpatient", "maximum": 2},
            {"A": "WARD ICU CLINIC ICU WARD", "B": "WARD ICU WARD WARD CLINIC"},
            finds=(
                "B works inpatient for 4 weeks running, weeks 1-4 (2026-06-29 to 2026-07-26), "
                "at most 2",
            ),
            amounts=(2,),
            rotations=("WARD", "ICU", "CLINIC"),
        ),
        Example(
            "leave and the grid's clinic weeks end a run",
            {"rule": "window", "rotations": "ward", "maximum": 2},
            {"A": "WARD WARD CLINIC WARD WARD CLINIC", "B": "WARD WARD LEAVE WARD WARD CLINIC"},
            pattern=((2, None), (1, "CLINIC")),
            residents={"B": Person(leave=(3,))},
        ),
        Example(
            "vacation ends the run",
            {"rule": "window", "rotations": ["CLINIC", "WARD"], "maximum": 3},
            {"A": "WARD WARD CLINIC VAC CLINIC CLINIC", "B": "WARD WARD CLINIC CLINIC RSCH RSCH"},
            finds=(
                "B works CLINIC or WARD for 4 weeks running, "
                "weeks 1-4 (2026-06-29 to 2026-07-26), at most 3",
            ),
            amounts=(1,),
            block_weeks=2,
            rotations=("WARD", "CLINIC", "RSCH"),
            others=({"rule": "vacation", "minimum": 0, "maximum": 2},),
        ),
        Example(
            "at most two weeks of nights in any four",
            {"rule": "window", "rotations": "NIGHT", "maximum": 2, "in_any": 4, "weight": 2},
            {"A": "NIGHT NIGHT WARD WARD NIGHT", "B": "NIGHT NIGHT NIGHT NIGHT WARD"},
            finds=(
                "B works 4 weeks of NIGHT in weeks 1-4 (2026-06-29 to 2026-07-26), at most 2",
                "B works 3 weeks of NIGHT in weeks 2-5 (2026-07-06 to 2026-08-02), at most 2",
            ),
            amounts=(2, 1),
            rotations=("WARD", "NIGHT"),
        ),
        Example(
            "a clinic week in any two, but not where leave comes between",
            {"rule": "window", "rotations": "clinic", "minimum": 1, "in_any": 2},
            {"A": "CLINIC WARD LEAVE WARD WARD", "B": "CLINIC WARD CLINIC VAC CLINIC"},
            finds=(
                "A works 0 weeks of clinic in weeks 4-5 (2026-07-20 to 2026-08-02), "
                "needs at least 1",
            ),
            amounts=(1,),
            residents={"A": Person(leave=(3,))},
            others=({"rule": "vacation", "minimum": 0, "maximum": 1},),
        ),
    )


# -- weeks and windows of the model ----------------------------------------------------------


@dataclass(frozen=True)
class _Piece:
    """The days of one week that one block takes: worked on the set or not, all together.

    ``on`` are the columns of the set, ``away`` those of vacation from it in the week.
    """

    block: int
    on: list[int]
    away: list[int]


@dataclass(frozen=True)
class _Window:
    """Above 0 where a window is worked throughout; ``whole``: blocks only, no vacation."""

    total: Sum
    blocks: frozenset[int]
    whole: bool


def _runs(scope: Scope) -> Iterator[list[int]]:
    """The weeks of ``when`` in runs without a hole."""
    parts = scope.problem.calendar.parts
    run: list[int] = []
    for week in sorted({parts[part].week for part in scope.parts}):
        if run and week > run[-1] + 1:
            yield run
            run = []
        run.append(week)
    yield run


def _is_whole(scope: Scope, resident: Resident, week: int) -> bool:
    """Whether the resident is there on every day of the week that counts."""
    parts = scope.part_set.intersection(scope.problem.calendar.parts_of_week[week])
    return parts <= resident.available


def _days_worked(
    year: YearModel, scope: Scope, resident: Resident, week: int, codes: frozenset[str]
) -> Sum:
    total = Sum()
    for part in scope.problem.calendar.parts_of_week[week]:
        if part in scope.part_set:
            days = scope.problem.calendar.part_days[part]
            total.add(year.worked(resident, part, codes), days)
    return total


def _take_away(total: Sum, leaving: Sum) -> None:
    """Subtract ``leaving``, and forget the columns that have left the window."""
    total.add(leaving, -1)
    for column in leaving.terms:
        if not total.terms[column]:
            del total.terms[column]


def _pieces(
    scope: Scope, resident: Resident, grid: GridModel, week: int, codes: frozenset[str]
) -> list[_Piece] | None:
    """The pieces of a week; None where it is never worked throughout."""
    parts = scope.part_set.intersection(scope.problem.calendar.parts_of_week[week])
    if not parts <= resident.available:
        return None
    found = []
    for index in sorted({grid.grid.block_at[part] for part in parts}):
        block = grid.blocks[index]
        found.append(_Piece(index, block.among(codes), block.away(week, codes)))
    return found if all(piece.on for piece in found) else None


def _window(grid: GridModel, weeks: list[list[_Piece] | None]) -> _Window | None:
    """Each block once, less the vacation in it: tighter than a sum of weeks."""
    if None in weeks:
        return None
    total, blocks, whole = Sum(), set(), True
    for piece in (piece for week in weeks for piece in week or ()):
        if piece.block not in blocks:
            total.count(piece.on)
        total.count(piece.away, -1)
        blocks.add(piece.block)
        whole = whole and not piece.away
    return _Window(total.add(grid.chosen, 1 - len(blocks)), frozenset(blocks), whole)


def _not_implied(windows: list[_Window | None]) -> list[_Window | None]:
    """The windows, without those that say less than a neighbour does."""
    beside = [None, *windows, None]
    return [
        window
        for before, window, after in zip(beside, windows, beside[2:], strict=False)
        if window is not None
        and not any(o is not None and o.whole and o.blocks < window.blocks for o in (before, after))
    ]
