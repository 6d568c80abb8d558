"""The second pass: the people on a service divided into its teams, once the year is made.

It reads a finished schedule and knows no rule by name and no solver.  A person
keeps the team for a whole stay; only a lock on a team divides one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from scheduler.model.linear import Sum
from scheduler.model.postings import Postings
from scheduler.problem.grid import Block
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.problem.rotation import AWAY, VACATION
from scheduler.schedule.schedule import Schedule


@dataclass(frozen=True)
class TeamStay:
    """Parts in which one resident works on one service; ``columns`` has a 0/1 column a team."""

    resident: int
    service: str
    parts: tuple[int, ...]
    columns: Mapping[str, int]


class TeamModel(Postings):
    """All stays of a schedule on services with teams; each is on one team."""

    def __init__(self, problem: Problem, schedule: Schedule, relaxed: bool = False) -> None:
        super().__init__(problem, relaxed)
        self._schedule = schedule
        bounds = self._bounds()
        self.stays = tuple(
            self._stay(resident, service, parts)
            for resident in problem.residents
            for service, whole in self._whole_stays(resident)
            for parts in _cut(whole, bounds.get(resident.index, frozenset()))
        )
        self._at = {(stay.resident, part): stay for stay in self.stays for part in stay.parts}
        for bound in problem.rules:
            bound.rule.post_teams(self, bound.scope(problem))

    # -- what a rule may ask -------------------------------------------------------------

    def service(self, resident: Resident, part: int) -> str:
        """The service with teams that the resident works on in ``part``; '' for any other."""
        stay = self._at.get((resident.index, part))
        return "" if stay is None else stay.service

    def on(self, resident: Resident, part: int, names: Collection[str]) -> Sum:
        """1 if the resident is on one of the teams ``names`` of their service in ``part``."""
        stay = self._at.get((resident.index, part))
        columns = {} if stay is None else stay.columns
        return Sum({column: 1 for name, column in columns.items() if name in names})

    # -- what comes of it ----------------------------------------------------------------

    def decode(self, values: Sequence[int]) -> dict[tuple[int, int], str]:
        """The team of each (resident index, part index) that column ``values`` describe."""
        return {
            (stay.resident, part): name
            for stay in self.stays
            for name, column in stay.columns.items()
            if values[column]
            for part in stay.parts
        }

    def known(self) -> dict[int, int]:
        """Columns and their values in the earlier schedule, where there is one.

        A stay that lay on several teams there has the one it lay on longest.
        """
        earlier, found = self.problem.earlier, dict[int, int]()
        for stay in self.stays if earlier is not None else ():
            assert earlier is not None
            were: Counter[str] = Counter()
            for part in stay.parts:
                if earlier.cells[stay.resident][part] == stay.service:
                    were[earlier.teams.get((stay.resident, part), "")] += 1
            longest = max(stay.columns, key=lambda name: were[name])
            if were[longest]:
                found |= {column: int(name == longest) for name, column in stay.columns.items()}
        return found

    # -- building ------------------------------------------------------------------------

    def _stay(self, resident: Resident, service: str, parts: tuple[int, ...]) -> TeamStay:
        names = [team.name for team in self.problem.teams[service]]
        columns = {name: self.linear.column(0, 1) for name in names}
        self.linear.row(Sum(dict.fromkeys(columns.values(), 1)), 1, 1)
        return TeamStay(resident.index, service, parts, columns)

    def _whole_stays(self, resident: Resident) -> Iterator[tuple[str, tuple[int, ...]]]:
        """Stays on services with teams; leave and the grid's own blocks end none.

        A block wholly on vacation ends those on services that allow no vacation.
        """
        staying: tuple[str, list[int]] = ("", [])
        found: list[tuple[str, list[int]]] = []
        for block in self.problem.grids[self._schedule.grids[resident.index]].blocks:
            code, parts = self._worked(resident, block)
            if block.assigned and code:
                found.append((code, parts))
            elif code and code == staying[0]:
                staying[1].extend(parts)
            elif code or self._ends(resident, block, staying[0]):
                staying = (code, parts)
                found.append(staying)
        return ((code, tuple(parts)) for code, parts in found if code in self.problem.teams)

    def _worked(self, resident: Resident, block: Block) -> tuple[str, list[int]]:
        """The rotation of a block and the parts worked on it; ('', []) where there are none."""
        row = self._schedule.cells[resident.index]
        parts = [part for part in block.parts if row[part] in self.problem.rotations]
        return (row[parts[0]], parts) if parts else ("", [])

    def _ends(self, resident: Resident, block: Block, service: str) -> bool:
        """Whether a block without a rotation ends a stay on ``service``."""
        row = self._schedule.cells[resident.index]
        cells = [row[part] for part in block.parts]
        rotation = self.problem.rotations.get(service)
        on_vacation = VACATION in cells and not block.assigned
        return set(cells) == {AWAY} or (
            on_vacation and rotation is not None and not rotation.vacation
        )

    def _bounds(self) -> dict[int, frozenset[int]]:
        """For each resident index the parts at which some rule lets the team change."""
        found: dict[int, frozenset[int]] = {}
        for bound in self.problem.rules:
            scope = bound.scope(self.problem)
            for resident in scope.residents:
                bounds = bound.rule.team_bounds(scope, resident)
                if bounds:
                    found[resident.index] = found.get(resident.index, frozenset()) | bounds
        return found


def _cut(parts: tuple[int, ...], bounds: frozenset[int]) -> Iterator[tuple[int, ...]]:
    """``parts`` in pieces that no bound divides."""
    cuts = sorted(bounds)
    pieces: dict[int, list[int]] = {}
    for part in parts:
        pieces.setdefault(sum(cut <= part for cut in cuts), []).append(part)
    return map(tuple, pieces.values())
