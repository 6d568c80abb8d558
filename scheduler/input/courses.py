"""The grids one person follows through the year, one after another; knows no rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

from scheduler.input.document import GridEntry
from scheduler.input.faults import Faults, quoted
from scheduler.input.grids import DatedBlock, Span, joined, outside
from scheduler.input.people import Person
from scheduler.problem.calendar import Week

#: Grids of the program that make up one person's year; one without dates comes first.
Course = tuple[str, ...]
#: Between their names.
_JOINED = " + "


def course_name(course: Course) -> str:
    """'two_week + months'."""
    return _JOINED.join(course)


@dataclass(frozen=True)
class CourseReader:
    """Puts grids that hold between dates together, and fills the rest with one that always holds.

    ``blocks`` are those of every grid that anybody follows.
    """

    blocks: Mapping[str, Sequence[DatedBlock]]
    entries: Mapping[str, GridEntry]
    weeks: Sequence[Week]
    faults: Faults

    def courses(self, person: Person, names: Sequence[str]) -> tuple[Course, ...]:
        """The courses open to a person: of grids that hold at the same time, one is chosen."""
        always = [name for name in names if not self._is_dated(name)]
        stretches: dict[Span, list[str]] = {}
        for name in names:
            if self._is_dated(name):
                first, last = self.blocks[name][0].first, self.blocks[name][-1].last
                stretches.setdefault((first, last), []).append(name)
        if not stretches:
            return tuple((name,) for name in always)
        ordered = [stretches[dates] for dates in sorted(stretches)]
        if not self._fits(person, sorted(stretches), stretches, bool(always)):
            return ()
        fills: list[Course] = [(name,) for name in always] if self._gaps(stretches) else []
        return tuple((*rest, *course) for rest in fills or [()] for course in product(*ordered))

    def blocks_of(self, course: Course) -> list[DatedBlock]:
        """The blocks of a course through the year; who is absent may be without a grid."""
        first, *others = course
        if not self._is_dated(first):
            return joined([self.blocks[name] for name in others], self.blocks[first])
        stretches = [self.blocks[name] for name in course]
        rest = self._gaps((blocks[0].first, blocks[-1].last) for blocks in stretches)
        return joined(stretches, rest)

    def _is_dated(self, name: str) -> bool:
        return bool(self.entries[name].first or self.entries[name].last)

    def _gaps(self, spans: Iterable[Span]) -> list[DatedBlock]:
        """The stretches of the year outside ``spans``."""
        return outside([DatedBlock(self.weeks[0].first, self.weeks[-1].last)], spans)

    def _fits(
        self,
        person: Person,
        spans: Sequence[Span],
        stretches: Mapping[Span, Sequence[str]],
        filled: bool,
    ) -> bool:
        """Whether the dates do not overlap, and leave no day of presence without a grid."""
        before = len(self.faults)
        for one, other in pairwise(spans):
            if other[0] <= one[1]:
                names = f"{quoted(stretches[one][0])} and {quoted(stretches[other][0])}"
                what = f"{person.id} follows the grids {names} at once from {other[0]}"
                self.faults.add(person.place, what, "change their 'from' and 'to', or their 'who'")
        if len(self.faults) == before and not filled:
            for gap in self._gaps(spans):
                windows = person.windows or [(gap.first, gap.last)]
                if any(gap.first <= last and first <= gap.last for first, last in windows):
                    what = f"no grid fits {person.id} from {gap.first} to {gap.last}"
                    todo = "widen the dates of a grid, or name one without dates"
                    self.faults.add(person.place, what, todo)
        return len(self.faults) == before
