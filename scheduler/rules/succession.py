"""The succession rule: what may not, or must, come directly after a rotation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from scheduler.audit.violation import Violation
from scheduler.model.block import BlockModel, GridModel
from scheduler.model.linear import Sum
from scheduler.model.runs import leaving, limited, resuming
from scheduler.model.year import YearModel
from scheduler.problem.grid import Block
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.problem.rotation import AWAY, LEAVE, VACATION
from scheduler.rules.base import Rule, Scope
from scheduler.rules.example import Example, Person
from scheduler.rules.select import Names
from scheduler.rules.words import dated_weeks, either, sentence
from scheduler.schedule.schedule import Schedule

Codes = frozenset[str]
Change = tuple[int, int, int]
Blocks = Sequence[BlockModel]
Listed = dict[Codes, list[tuple[Codes, Codes]]]


class Succession(Rule):
    """Nobody goes from nights straight into intensive care, and what belongs together follows.

    ``never``: no day on one of ``after`` is directly followed by a day on one of
    these.  With ``next_to`` in place of ``after`` the order does not matter.
    Whatever lies between makes the change harmless: another rotation, a week of
    vacation or leave.  Remaining on a rotation is no change, so
    ``after: icu, never: icu`` is about going from one unit to another.

    ``must``: after a stay on ``after`` (all of them together) the next block takes
    one of these.  If ``VAC`` is among them, vacation right after the stay will do
    as well: in its last week, in the first week of the next block whatever its
    rotation, or for the whole block.  If it is not, a block wholly on vacation
    will not do, unless the stay goes on after it: vacation that a rotation of
    ``after`` allows, leave and the clinic weeks that a grid assigns end no stay.

    Clinic weeks that an X+Y grid assigns are blocks like others: they lie
    between, or are what follows.  With ``through_clinic`` they are passed over,
    and so is vacation or leave in them.

    Nothing is asked where leave or absence comes next, or at the end of the year;
    what lay before the year is not known.  ``when`` selects changes by the first
    day of the following block.  The amount is one for each change.
    """

    unit: ClassVar[str] = "change"

    rule: Literal["succession"] = "succession"
    after: Names | None = Field(None, min_length=1, description="codes or tags that come first")
    next_to: Names | None = Field(
        None, min_length=1, description="the same, whether they come first or follow (with 'never')"
    )
    never: Names | None = Field(
        None, min_length=1, description="codes or tags that may not come directly after"
    )
    must: Names | None = Field(
        None, min_length=1, description="codes or tags, or VAC, one of which comes directly after"
    )
    through_clinic: bool = Field(
        False, description="pass over the clinic weeks that an X+Y grid assigns"
    )

    @model_validator(mode="after")
    def _one_of_each(self) -> Succession:
        if (self.after is None) == (self.next_to is None):
            raise ValueError("say either 'after' or 'next_to'")
        if (self.never is None) == (self.must is None):
            raise ValueError("say either 'never' or 'must'")
        if self.must is not None and self.after is None:
            raise ValueError("'must' needs 'after'")
        if VACATION in (*self._first, *(self.never or ())):
            raise ValueError(f"only 'must' may name {VACATION}")
        return self

    @property
    def _first(self) -> list[str]:
        return self.after or self.next_to or []

    @property
    def _rests(self) -> bool:
        """Whether vacation will do."""
        return VACATION in (self.must or ())

    def rotation_names(self) -> Iterable[str]:
        return (*self._first, *(self.never or self.must or ()))

    def sentence(self) -> str:
        passed = "clinic weeks of the grid passed over" if self.through_clinic else ""
        return sentence(
            self.who.words(), self._says() + ("," if passed else ""), passed, self.when.words()
        )

    def _says(self) -> str:
        first = either(self._first)
        if self.must:
            return f"take {either(self.must)} directly after {first}"
        order = "after" if self.after else "before or after"
        return f"never take {either(self.never or ())} directly {order} {first}"

    # -- what is meant -----------------------------------------------------------------------

    def _from(self, problem: Problem) -> Codes:
        return problem.codes(self._first)

    def _met(self, problem: Problem) -> Codes:
        """Codes that may follow where one ``must``: those named, and the stay itself."""
        return self._from(problem) | problem.codes([n for n in self.must or () if n != VACATION])

    def _forbidden(self, problem: Problem) -> dict[str, Codes]:
        """For each code, those that may not come directly after it."""
        first, second = self._from(problem), problem.codes(self.never or ())
        pairs = {(one, other) for one in first for other in second if one != other}
        if self.next_to:
            pairs |= {(other, one) for one, other in pairs}
        return {one: frozenset(b for a, b in pairs if a == one) for one, _ in sorted(pairs)}

    def _groups(self, problem: Problem) -> Listed:
        """The forbidden changes in groups (from any of these, to any of those).

        Each of them is in exactly one.  Groups are listed together where leaving the
        one means entering neither it nor the other.
        """
        alike: dict[Codes, set[str]] = {}
        for one, others in self._forbidden(problem).items():
            alike.setdefault(others, set()).add(one)
        found: Listed = {}
        for others, ones in alike.items():
            found.setdefault(others | ones, []).append((frozenset(ones), others))
        return found

    def _rest(self, problem: Problem) -> Codes:
        """Codes that may not follow where one ``must``, unless they begin with vacation."""
        return frozenset(problem.rotations) - self._met(problem)

    def worked_sets(self, scope: Scope, resident: Resident) -> Iterable[Codes]:
        if self.never:
            groups = self._groups(scope.problem).values()
            return [codes for group in groups for change in group for codes in change]
        return [self._from(scope.problem), self._rest(scope.problem)] if self._rests else []

    # -- the model ---------------------------------------------------------------------------

    def post(self, year: YearModel, scope: Scope) -> None:
        listed = self._groups(scope.problem) if self.never else {}
        for resident in scope.residents:
            for grid in year.grid_models(resident):
                blocks = self._blocks(grid, resident)
                if self.never:
                    self._post_never(year, scope, resident, blocks, listed)
                else:
                    self._post_must(year, scope, resident, blocks)

    def _blocks(self, grid: GridModel, resident: Resident) -> list[BlockModel]:
        """The blocks of a grid that can be neighbours."""
        return [
            one
            for one in grid.blocks
            if not (self.through_clinic and one.block.assigned)
            or resident.present.isdisjoint(one.block.parts)
        ]

    def _post_never(
        self, year: YearModel, scope: Scope, resident: Resident, blocks: Blocks, listed: Listed
    ) -> None:
        changes = list(_changes(year, scope, resident, blocks))
        for together, groups in listed.items():
            if len(groups) > 2 or any(limited(year, resident, o, blocks) for o, _ in groups):
                self._post_leaving(year, resident, blocks, changes, groups, together)
                continue
            for ones, others in groups:
                for index, last, first in changes:
                    before = blocks[index].worked(last, ones)
                    after = blocks[index + 1].worked(first, others)
                    if before and after:
                        year.at_most(before.add(after), 1, self)

    def _post_leaving(
        self,
        year: YearModel,
        resident: Resident,
        blocks: Blocks,
        changes: Sequence[Change],
        groups: Sequence[tuple[Codes, Codes]],
        together: Codes,
    ) -> None:
        """Whoever leaves a group enters none of those listed with it."""
        left: dict[int, Sum] = {index: Sum() for index, _, _ in changes}
        for ones, _ in groups:
            sides = {
                index: (blocks[index].worked(last, ones), blocks[index + 1].worked(first, ones))
                for index, last, first in changes
            }
            for index, here in leaving(year, resident, ones, blocks, sides).items():
                left[index].add(here)
        for index, _, first in changes:
            if left[index]:
                year.at_most(left[index].add(blocks[index + 1].worked(first, together)), 1, self)

    def _post_must(self, year: YearModel, scope: Scope, resident: Resident, blocks: Blocks) -> None:
        codes, met, rest = (f(scope.problem) for f in (self._from, self._met, self._rest))
        open_ended = not self._rests or any(one.block.assigned for one in blocks)
        resumed = resuming(year, resident, codes, blocks) if open_ended else []
        changes = list(_changes(year, scope, resident, blocks))
        due = {index: self._due(blocks[index], last, codes) for index, last, _ in changes}
        if limited(year, resident, codes, blocks):
            met -= codes
            sides = {index: (here, blocks[index + 1].on(codes)) for index, here in due.items()}
            due = leaving(year, resident, codes, blocks, sides)
        for index, _, first in changes:
            after = blocks[index + 1]
            total = after.on(met)
            if open_ended:
                total.add(resumed[index + 1])
            if self._rests:  # vacation in the first week of any block that would not do
                total.add(after.is_vacated()).add(after.on(rest))
                total.add(after.worked(first, rest), -1)
            if due[index]:
                year.at_least(total.add(due[index], -1), 0, self)

    def _due(self, block: BlockModel, last: int, codes: Codes) -> Sum:
        return block.worked(last, codes) if self._rests else block.on(codes)

    # -- the audit ---------------------------------------------------------------------------

    def audit(self, schedule: Schedule, scope: Scope) -> Iterator[Violation]:
        judge = self._judge_never if self.never else self._judge_must
        for resident in scope.residents:
            row = schedule.cells[resident.index]
            grid = scope.problem.grids[schedule.grids[resident.index]]
            kept = [block for block in grid.blocks if not self._is_passed_over(row, block)]
            yield from judge(scope, resident, row, kept)

    def _is_passed_over(self, row: tuple[str, ...], block: Block) -> bool:
        here = any(row[part] != AWAY for part in block.parts)
        return self.through_clinic and block.assigned is not None and here

    def _judge_never(
        self, scope: Scope, resident: Resident, row: tuple[str, ...], kept: list[Block]
    ) -> Iterator[Violation]:
        forbidden = self._forbidden(scope.problem)
        for one, other in pairwise(kept):
            last, first = one.parts[-1], other.parts[0]
            if first in scope.part_set and row[first] in forbidden.get(row[last], ()):
                when = dated_weeks(scope.problem.calendar, [first])
                message = f"{resident.name} is on {row[first]} in {when} directly after {row[last]}"
                yield self.violation(1, message, resident, [last, first], row[first])

    def _judge_must(
        self, scope: Scope, resident: Resident, row: tuple[str, ...], kept: list[Block]
    ) -> Iterator[Violation]:
        own = [_rotation(scope.problem, row, block) for block in kept]
        codes, met = self._from(scope.problem), self._met(scope.problem)
        ends = frozenset() if _allows(scope.problem, codes) else frozenset({VACATION})
        for index, (one, other) in enumerate(pairwise(kept)):
            last, first = one.parts[-1], other.parts[0]
            if own[index] not in codes or first not in scope.part_set:
                continue
            at_rest = {AWAY, LEAVE, VACATION} if self._rests else {AWAY, LEAVE}
            if {row[last], row[first]} & at_rest or own[index + 1] in met:
                continue
            if not _resumes(row, kept[index + 1 :], own[index + 1 :], codes, ends):
                when = dated_weeks(scope.problem.calendar, [first])
                does = f"on {own[index + 1]}" if own[index + 1] else "on vacation"
                message = f"{resident.name} is {does} in {when} directly after {own[index]}"
                wanted = f"must be {either(self.must or ())}"
                yield self.violation(1, f"{message}, {wanted}", resident, [last, first])

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "no intensive care straight after nights",
            {"rule": "succession", "after": "NIGHT", "never": "icu"},
            {"A": "NIGHT WARD ICU NIGHT", "B": "NIGHT ICU WARD NIGHT"},
            finds=("B is on ICU in week 2 (2026-07-06) directly after NIGHT",),
            amounts=(1,),
            rotations=("WARD", "ICU", "NIGHT"),
        ),
        Example(
            "neither before nor after",
            {"rule": "succession", "next_to": "night", "never": "icu", "weight": 2},
            {"A": "NIGHT ICU NIGHT WARD"},
            finds=(
                "A is on ICU in week 2 (2026-07-06) directly after NIGHT",
                "A is on NIGHT in week 3 (2026-07-13) directly after ICU",
            ),
            amounts=(1, 1),
            rotations=("WARD", "ICU", "NIGHT"),
        ),
        Example(
            "remaining is no change, and leave or vacation between makes one harmless",
            {"rule": "succession", "after": ["NIGHT", "ward"], "never": ["ICU", "ward"]},
            {"A": "NIGHT LEAVE WARD WARD", "B": "WARD VAC VAC ICU"},
            residents={"A": Person(leave=(2,))},
            rotations=("WARD", "ICU", "NIGHT", "CLINIC"),
            others=({"rule": "vacation", "minimum": 0, "maximum": 2},),
        ),
        Example(
            "not from one inpatient service to another, across a clinic week either",
            {
                "rule": "succession",
                "after": "inpatient",
                "never": "inpatient",
                "through_clinic": True,
            },
            {"A": "WARD CLINIC WARD CLINIC ELEC CLINIC", "B": "ELEC CLINIC WARD CLINIC ICU CLINIC"},
            finds=("B is on ICU in week 5 (2026-07-27) directly after WARD",),
            amounts=(1,),
            pattern=((1, None), (1, "CLINIC")),
            rotations=("WARD", "ICU", "ELEC", "CLINIC"),
        ),
        Example(
            "after nights to recover: clinic, or vacation",
            {"rule": "succession", "after": "NIGHT", "must": ["CLINIC", "VAC"]},
            {"A": "NIGHT NIGHT CLINIC CLINIC WARD WARD", "B": "NIGHT NIGHT WARD WARD WARD WARD"},
            finds=(
                "B is on WARD in week 3 (2026-07-13) directly after NIGHT, must be CLINIC or VAC",
            ),
            amounts=(1,),
            block_weeks=2,
            rotations=("WARD", "NIGHT", "CLINIC"),
            others=({"rule": "vacation", "minimum": 0, "maximum": 2},),
        ),
        Example(
            "a week of vacation at the start of another block will do",
            {"rule": "succession", "after": "WARD", "must": ["CLINIC", "VAC"], "weight": 3},
            {"A": "WARD WARD VAC ELEC ELEC ELEC", "B": "WARD WARD ELEC VAC ELEC ELEC"},
            finds=(
                "B is on ELEC in week 3 (2026-07-13) directly after WARD, must be CLINIC or VAC",
            ),
            amounts=(1,),
            block_weeks=2,
            rotations=("WARD", "ELEC", "CLINIC"),
            others=({"rule": "vacation", "minimum": 0, "maximum": 2},),
        ),
        Example(
            "where vacation is not named, the stay must go on after it or it will not do",
            {"rule": "succession", "after": "CLINIC", "must": "ELEC", "weight": 2},
            {"A": "CLINIC VAC CLINIC ELEC", "B": "CLINIC VAC ELEC WARD"},
            finds=("B is on vacation in week 2 (2026-07-06) directly after CLINIC, must be ELEC",),
            amounts=(1,),
            rotations=("WARD", "CLINIC", "ELEC"),
            others=({"rule": "vacation", "minimum": 0, "maximum": 1},),
        ),
        Example(
            "nobody goes on vacation from nights, so a stay there does not go on after it",
            {"rule": "succession", "after": "NIGHT", "must": "CLINIC"},
            {"A": "NIGHT VAC NIGHT CLINIC", "B": "NIGHT NIGHT CLINIC VAC"},
            finds=("A is on vacation in week 2 (2026-07-06) directly after NIGHT, must be CLINIC",),
            amounts=(1,),
            rotations=("NIGHT", "CLINIC"),
            others=({"rule": "vacation", "minimum": 0, "maximum": 1},),
        ),
        Example(
            "the grid's clinic week follows like any other block, and does not end a stay",
            {"rule": "succession", "after": "NIGHT", "must": "ELEC"},
            {"A": "NIGHT CLINIC NIGHT", "B": "NIGHT CLINIC ELEC"},
            finds=("B is on CLINIC in week 2 (2026-07-06) directly after NIGHT, must be ELEC",),
            amounts=(1,),
            pattern=((1, None), (1, "CLINIC")),
            rotations=("NIGHT", "ELEC", "CLINIC"),
        ),
    )


# -- neighbours in the model -----------------------------------------------------------------


def _changes(year: YearModel, scope: Scope, resident: Resident, blocks: Blocks) -> Iterator[Change]:
    """The changes to judge: the first block, its last week and the next block's first week.

    Left out are those where the resident is on leave or absent on either side.
    """
    parts = year.problem.calendar.parts
    for index, (one, other) in enumerate(pairwise(blocks)):
        last, first = one.block.parts[-1], other.block.parts[0]
        if first in scope.part_set and {last, first} <= resident.available:
            yield index, parts[last].week, parts[first].week


# -- stays as the audit reads them -----------------------------------------------------------


def _allows(problem: Problem, codes: Codes) -> bool:
    """Whether vacation may fall in one of ``codes``."""
    return any(problem.rotations[code].vacation for code in codes)


def _rotation(problem: Problem, row: tuple[str, ...], block: Block) -> str:
    """The rotation of a block, '' where overlays leave none."""
    return next((row[part] for part in block.parts if row[part] in problem.rotations), "")


def _resumes(
    row: tuple[str, ...], blocks: Sequence[Block], own: Sequence[str], codes: Codes, ends: Codes
) -> bool:
    """Whether a stay on ``codes`` goes on after blocks that do not end it.

    A block without a rotation ends it if it has one of ``ends``.
    """
    for block, code in zip(blocks, own, strict=True):
        cells = {row[part] for part in block.parts}
        if code in codes:
            return True
        if cells == {AWAY} or (not block.assigned and (code or cells & ends)):
            return False
    return False
