"""Notes where the limits of a rule leave no room in somebody's blocks; knows no rule by name.

A rule about the length of stays closes a rotation to all whose blocks it does not fit, and
nothing else would say so: the service is short, and nobody may take it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from scheduler.input.faults import quoted
from scheduler.input.rule_entries import RuleEntry
from scheduler.problem.calendar import DAYS_IN_WEEK
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.rules.closing import closings
from scheduler.rules.possible import Possible
from scheduler.rules.words import either, every

#: Options that limit how long somebody remains; the first that is given is pointed at.
_LIMITS = ("lengths", "maximum", "minimum")


@dataclass
class _Closed:
    """What one rule closes, in the blocks of each grid by its name."""

    people: set[int] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    blocks: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    weeks: set[int] = field(default_factory=set)

    def told(self, problem: Problem) -> str:
        lengths = f"{either(str(weeks) for weeks in sorted(self.weeks))} week"
        many = "s" if self.weeks != {1} else ""
        people = "1 person" if len(self.people) == 1 else f"{len(self.people)} people"
        verb = "is" if len(self.codes) == 1 else "are"
        return (
            f"no stay that it allows is made of blocks of {lengths}{many}: "
            f"{every(sorted(self.codes))} {verb} closed to {people} in {self._where(problem)}"
        )

    def _where(self, problem: Problem) -> str:
        """Grids that close as many of as many blocks are told in one breath."""
        alike: defaultdict[str, list[str]] = defaultdict(list)
        for grid, shut in self.blocks.items():
            free = sum(not block.assigned for block in problem.grids[grid].blocks)
            some = "all" if len(shut) == free else f"{len(shut)} of the {free}"
            alike[some].append(quoted(grid))
        return ", ".join(
            f"{some} blocks of {'grid' if len(grids) == 1 else 'grids'} {every(grids)}"
            for some, grids in alike.items()
        )


def closed_by_length(problem: Problem, entries: Mapping[str, RuleEntry]) -> Iterator[str]:
    """A line for each rule that closes blocks which were open otherwise."""
    found: defaultdict[str, _Closed] = defaultdict(_Closed)
    for one in closings(problem, Possible(problem)) if entries else ():
        closed = found[one.rule]
        closed.people.add(one.resident.index)
        closed.codes |= one.codes
        closed.blocks[one.grid.name].add(one.block.index)
        closed.weeks.add(_weeks(problem, one.resident, one.block.parts))
    for name, closed in found.items():
        entry = entries[name]
        limit = next((one for one in _LIMITS if one in entry.options), "rule")
        place, label = entry.place((limit,)), entry.label((limit,)).removesuffix(f"{limit}: ")
        todo = "allow a length that such blocks give, or leave these people out by 'who'"
        yield f"{place}: {label}{closed.told(problem)}; {todo}"


def _weeks(problem: Problem, resident: Resident, parts: Iterable[int]) -> int:
    days = sum(problem.calendar.part_days[part] for part in parts if part in resident.present)
    return max(1, round(days / DAYS_IN_WEEK))
