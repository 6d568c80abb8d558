"""Which blocks belong to no stay of a length that may be; knows no rule and no schedule.

What is found to fit nowhere is a proof: no vacation or leave beside a block mends it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from scheduler.problem.calendar import DAYS_IN_WEEK
from scheduler.problem.grid import Grid
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident


@dataclass(frozen=True)
class Span:
    """A block as a stay counts it; ``wild`` if overlays may take all of it.

    A wild block beside a stay may be counted to it where it would be too short.
    """

    index: int
    weeks: int
    wild: bool


@dataclass(frozen=True)
class Lengths:
    """The weeks a stay may last, ``some`` of them only or so many and more; None: no longest."""

    shortest: int
    longest: int | None
    some: frozenset[int] = frozenset()

    def allow(self, weeks: int) -> bool:
        """Whether a stay that is not too long may be of so many weeks."""
        return weeks in self.some if self.some else weeks >= self.shortest

    def leave_out(self, run: Sequence[Span]) -> set[int]:
        """The blocks of ``run`` (following each other) that are in no allowed stay."""
        left = {span.index for span in run}
        for start in range(len(run)):
            weeks = 0
            for stop in range(start, len(run)):
                weeks += run[stop].weeks
                if self.longest is not None and weeks > self.longest:
                    break
                if self.allow(weeks):
                    left -= {span.index for span in run[start : stop + 1]}
        return {
            s.index for at, s in enumerate(run) if s.index in left and not self._made_up(run, at)
        }

    def _made_up(self, run: Sequence[Span], at: int) -> bool:
        """Whether a stay on block ``at`` becomes longer than the longest by wild blocks beside it.

        Work ends in time then, and no length above the longest is missed.
        """
        for start in range(at, -1, -1):
            for stop in range(at, len(run)):
                weeks = sum(span.weeks for span in run[start : stop + 1])
                if self.longest is None or weeks > self.longest:
                    break
                if weeks + _wild(reversed(run[:start])) + _wild(run[stop + 1 :]) > self.longest:
                    return True
        return False


def runs_of(
    problem: Problem, resident: Resident, grid: Grid, parts: frozenset[int], vacation: bool
) -> Iterator[list[Span]]:
    """The blocks of ``parts``, cut where the resident is absent; assigned ones are passed over.

    ``vacation`` says whether a block may be wholly on vacation.
    """
    run: list[Span] = []
    for block in grid.blocks:
        here = [part for part in block.parts if part in resident.present]
        if not here or parts.isdisjoint(block.parts):
            yield run
            run = []
        elif not block.assigned:
            days = sum(problem.calendar.part_days[part] for part in here)
            wild = vacation or resident.leave.issuperset(here)
            run.append(Span(block.index, max(1, round(days / DAYS_IN_WEEK)), wild))
    yield run


def _wild(spans: Iterable[Span]) -> int:
    """Weeks of the wild blocks at the beginning of ``spans``."""
    weeks = 0
    for span in spans:
        if not span.wild:
            break
        weeks += span.weeks
    return weeks
