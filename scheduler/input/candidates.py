"""Which grids each resident may follow, and the calendar that all grids in use split."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from scheduler.input.checked import InFile
from scheduler.input.courses import CourseReader, course_name
from scheduler.input.document import GridEntry, Piece
from scheduler.input.faults import Faults, did_you_mean, quoted
from scheduler.input.grids import DatedBlock, dated_blocks, whole_parts
from scheduler.input.names import Names
from scheduler.input.people import Person
from scheduler.input.policy import Documents
from scheduler.problem.calendar import Calendar, Week, build_calendar
from scheduler.problem.grid import Grid


@dataclass(frozen=True)
class Candidates:
    """For each person the names of their grids, and the blocks of every grid in use.

    ``followed`` are the program's grids that somebody follows at some time of the year.
    """

    of: tuple[tuple[str, ...], ...]
    dated: Mapping[str, list[DatedBlock]] = field(default_factory=dict)
    followed: frozenset[str] = frozenset()

    def calendar(self, weeks: tuple[Week, ...], people: Iterable[Person]) -> Calendar:
        """The year, split where a block begins and where someone comes or goes."""
        boundaries: set[date] = {block.first for blocks in self.dated.values() for block in blocks}
        for person in people:
            boundaries.update(person.boundaries())
        return build_calendar(weeks, boundaries)

    def grids(self, calendar: Calendar) -> dict[str, Grid]:
        return {name: whole_parts(name, dated, calendar) for name, dated in self.dated.items()}


@dataclass(frozen=True)
class CandidateReader:
    """Chooses grids by their ``who`` and by the column ``grid``."""

    documents: Documents
    names: Names
    faults: Faults

    def read(self, people: Sequence[Person], weeks: tuple[Week, ...]) -> Candidates:
        before = len(self.faults)
        entries = self.documents.content.grids
        where = InFile(self.documents.program.yaml)
        for name, entry in entries.items():
            self.names.check_who(entry.who, where, ("grids", name, "who"), self.faults)
            self._check_assigned(name, entry, where)
        raw = self.documents.program.raw_names("grids")
        whole = len(entries) == len(raw) and len(self.faults) == before
        fitting = [self._fitting(person, entries, whole) for person in people]
        followed = frozenset(name for names in fitting for name in names)
        blocks = {
            name: dated_blocks(name, entry, weeks, self.faults, where)
            for name, entry in entries.items()
            if name in followed
        }
        if not all(blocks.values()):
            return Candidates(tuple(() for _ in people))
        reader = CourseReader(blocks, entries, weeks, self.faults)
        courses = [
            reader.courses(person, names) for person, names in zip(people, fitting, strict=True)
        ]
        of = tuple(tuple(map(course_name, found)) for found in courses)
        places = {name: place for place, name in enumerate(entries)}
        used = sorted(
            {one for found in courses for one in found},
            key=lambda course: [places[name] for name in course],
        )
        dated = {course_name(course): reader.blocks_of(course) for course in used}
        return Candidates(of, dated, followed)

    def _fitting(
        self, person: Person, entries: Mapping[str, GridEntry], whole: bool
    ) -> tuple[str, ...]:
        """The grids a person names, or else all whose ``who`` fits; ``whole`` if none is faulty."""
        raw = self.documents.program.raw_names("grids")
        for name in person.grids:
            if name not in raw:
                what = f"grid {quoted(name)} is not a grid of this program"
                self.faults.add(person.place, what, did_you_mean(name, raw))
        bare = person.bare(0)
        fitting = [name for name, entry in entries.items() if entry.who.matches(bare, "also")]
        found = tuple(name for name in person.grids or fitting if name in entries)
        if not found and not person.grids and whole:
            what = f"no grid fits {person.id} (PGY{person.pgy} {person.track})"
            self.faults.add(person.place, what, "widen the 'who' of a grid, or fill in 'grid'")
        return found

    def _check_assigned(self, name: str, entry: GridEntry, where: InFile) -> None:
        listed: dict[str, object] = {"blocks": entry.blocks, "cycle": entry.cycle}
        for key, pieces in listed.items():
            for index, piece in enumerate(pieces if isinstance(pieces, list) else ()):
                assert isinstance(piece, Piece)
                code = piece.rotation
                if code is not None and code not in self.names.codes:
                    path = ("grids", name, key, index, "rotation")
                    what = f"{where.label(path)}{quoted(code)} is not a rotation of this program"
                    todo = did_you_mean(code, self.names.codes)
                    self.faults.add(where.place(path), what, todo)


def unused_grids(documents: Documents, candidates: Candidates) -> Iterable[str]:
    """Warnings for grids that nobody follows."""
    for name in documents.content.grids:
        if name not in candidates.followed:
            place = documents.program.yaml.place(("grids", name), key=True)
            yield f"{place}: nobody follows the grid {quoted(name)}"
