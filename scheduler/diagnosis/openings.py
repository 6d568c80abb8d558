"""What stays open to each resident, and which rules closed the rest; knows no rule and no solver.

A rotation is open in a block where hard rules neither forbid it nor limit it so
that no schedule has it there.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from scheduler.problem.calendar import DAYS_IN_WEEK
from scheduler.problem.grid import Block
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.rules.closing import Closing, closings
from scheduler.rules.possible import Possible
from scheduler.rules.words import every

_Codes = frozenset[str]


@dataclass(frozen=True)
class Closed:
    """Rotations that the limits of one rule close, and the people to whom.

    ``people`` have nothing left of them; to ``partly`` they are closed in some blocks only.
    """

    rule: str
    codes: tuple[str, ...]
    people: int
    partly: int

    def __str__(self) -> str:
        whole, some = f" to {_people(self.people)}", " in some blocks"
        if not self.people:
            return self.words(f" to {_people(self.partly)}{some}")
        return self.words(f"{whole}, and to {self.partly} more{some}," if self.partly else whole)

    def words(self, whom: str) -> str:
        """'NIGHT is closed by ...', with ``whom`` where it matters."""
        verb = "is" if len(self.codes) == 1 else "are"
        return f"{every(self.codes)} {verb} closed{whom} by '{self.rule}'"


class Openings:
    """Answers for one problem; what is open is looked up once."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._possible = Possible(problem)
        self._closings: list[list[Closing]] = [[] for _ in problem.residents]
        for one in closings(problem, self._possible):
            self._closings[one.resident.index].append(one)
        self._grids = cache(self._grids_of)

    def codes(self, resident: Resident) -> _Codes:
        """Codes that are open to the resident in some block."""
        return self._open_in(resident, resident.available)

    def weeks(self, resident: Resident, codes: _Codes, parts: Collection[int]) -> int:
        """Most weeks of ``parts`` in blocks in which some of ``codes`` is open.

        Begun weeks count whole: what can be given is never counted too low.
        """
        days, here = self._problem.calendar.part_days, resident.available.intersection(parts)
        totals = [
            sum(
                days[p]
                for b, open_ in grid
                if not codes.isdisjoint(open_)
                for p in b.parts
                if p in here
            )
            for grid in self._grids(resident.index)
        ]
        return -(-max(totals, default=0) // DAYS_IN_WEEK)

    def stuck(self, resident: Resident) -> list[int]:
        """Parts that nothing open can fill, on whichever grid; none where some grid has no such.

        A block that has no rotation may still be wholly on vacation, where a code
        that is not forbidden allows it: stays do not limit vacation.
        """
        rest = {code for code, one in self._problem.rotations.items() if one.vacation}
        found = [
            [
                part
                for block, open_ in grid
                if not open_ and rest.isdisjoint(self._possible.codes(resident, block))
                for part in block.parts
                if part in resident.available
            ]
            for grid in self._grids(resident.index)
        ]
        fewest = min(found, key=len, default=[])
        return sorted(fewest)

    def closed(
        self, people: Iterable[tuple[Resident, Collection[int]]], codes: _Codes
    ) -> tuple[Closed, ...]:
        """Which rules close any of ``codes`` to ``people``, each in these parts."""
        whole: Counter[str] = Counter()
        partly: Counter[str] = Counter()
        shut: defaultdict[str, _Codes] = defaultdict(_Codes)
        for resident, parts in people:
            seen = resident.available.intersection(parts)
            for rule, mine in self._closed_to(resident, codes, seen).items():
                shut[rule] |= mine
                some = not mine.isdisjoint(self._open_in(resident, seen))
                (partly if some else whole)[rule] += 1
        return tuple(
            Closed(rule, tuple(sorted(names)), whole[rule], partly[rule])
            for rule, names in shut.items()
        )

    def _closed_to(
        self, resident: Resident, codes: _Codes, parts: frozenset[int]
    ) -> Mapping[str, _Codes]:
        """By rule, those of ``codes`` that it closes to the resident somewhere in ``parts``."""
        found: defaultdict[str, _Codes] = defaultdict(_Codes)
        for one in self._closings[resident.index]:
            if not codes.isdisjoint(one.codes) and not parts.isdisjoint(one.block.parts):
                found[one.rule] |= codes & one.codes
        return found

    def _open_in(self, resident: Resident, parts: frozenset[int]) -> _Codes:
        """Codes that are open to the resident in some block that shares a day with ``parts``."""
        blocks = (one for grid in self._grids(resident.index) for one in grid)
        return _Codes().union(*(open_ for b, open_ in blocks if not parts.isdisjoint(b.parts)))

    def _grids_of(self, index: int) -> list[list[tuple[Block, _Codes]]]:
        """By candidate grid, what is open in each block in which the resident is there."""
        resident = self._problem.residents[index]
        shut: defaultdict[tuple[str, int], _Codes] = defaultdict(_Codes)
        for one in self._closings[index]:
            shut[one.grid.name, one.block.index] |= one.codes
        return [
            [
                (block, self._possible.codes(resident, block) - shut[grid.name, block.index])
                for block in grid.blocks
                if not resident.available.isdisjoint(block.parts)
            ]
            for grid in self._problem.candidate_grids(resident)
        ]


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number} people"
