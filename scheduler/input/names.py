"""The names a program knows, and faults for those it does not; knows no file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from scheduler.input.cells import needed
from scheduler.input.checked import Locator
from scheduler.input.faults import Faults, Place, did_you_mean, quoted, which_id
from scheduler.input.tables import Row
from scheduler.input.yaml_file import Path
from scheduler.problem.rotation import Rotation
from scheduler.rules.select import Who

#: A visitor's department is a grouping that every program has.
DEPARTMENT = "department"


@dataclass(frozen=True)
class Names:
    """Everything a rule or a table may refer to.

    ``by_code`` are the rotations, ``tags`` maps each tag that some rotation has to
    those rotations' codes, ``tracks`` holds tracks and departments with their titles,
    ``groups`` maps a grouping to the groups that occur among people.  ``complete`` is
    False where people are missing for a fault in their tables: who or what is unknown
    then is no fault.  ``evened`` are the burdens that a rule can even out:
    points are a rule's own.  ``holidays_off`` are those that the program switches off.
    """

    by_code: Mapping[str, Rotation] = field(default_factory=dict)
    tags: Mapping[str, frozenset[str]] = field(default_factory=dict)
    tracks: Mapping[str, str] = field(default_factory=dict)
    departments: frozenset[str] = frozenset()
    groupings: tuple[str, ...] = ()
    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)
    ids: frozenset[str] = frozenset()
    complete: bool = True
    holidays: frozenset[str] = frozenset()
    holidays_off: frozenset[str] = frozenset()
    burdens: frozenset[str] = frozenset()
    evened: frozenset[str] = frozenset()

    @property
    def alike(self) -> tuple[str, ...]:
        """What residents may have in common, by name."""
        return ("pgy", "track", *self.groupings, DEPARTMENT)

    @cached_property
    def codes(self) -> frozenset[str]:
        return frozenset(self.by_code)

    def rotations(self, names: Iterable[str]) -> frozenset[str]:
        """The codes meant by codes and tags; unknown names mean none."""
        found: set[str] = set()
        for name in names:
            found |= {name} if name in self.codes else self.tags.get(name, frozenset())
        return frozenset(found)

    def is_grouping(self, name: str) -> bool:
        return name in (*self.groupings, DEPARTMENT)

    def knows(self, name: str) -> bool:
        """Whether ``name`` is a rotation or a tag that some rotation has."""
        return name in self.codes or name in self.tags

    def known_id(self, row: Row, faults: Faults) -> bool:
        """Whether the ``id`` of a line is a resident's or visitor's; a fault where it is not."""
        who = needed(row, "id", faults)
        if who and who not in self.ids:
            self.note_id(who, row, "id", faults)
        return who in self.ids

    def note_id(self, who: str, row: Row, column: str, faults: Faults) -> None:
        """A fault for an unknown id (none while people are missing)."""
        if self.complete:
            what = f"{column} {quoted(who)} is not a resident or visitor of this program"
            faults.add(row.place, what, which_id(who, self.ids))

    def note_rotation(self, name: str, place: Place, label: str, faults: Faults) -> None:
        """A fault for a ``name`` that is neither a rotation nor a tag."""
        what = f"{label}{quoted(name)} is not a rotation or tag of this program"
        todo = did_you_mean(name, [*self.codes, *self.tags]) or "correct it, or add the rotation"
        faults.add(place, what, todo)

    def check_grouping(self, name: str, place: Place, label: str, faults: Faults) -> None:
        """A fault for a ``name`` that is nothing residents may have in common."""
        if name not in self.alike:
            what = f"{label}{quoted(name)} is not a grouping of this program"
            faults.add(place, what, did_you_mean(name, self.alike))

    def check_who(self, who: Who, where: Locator, path: Path, faults: Faults) -> None:
        """Faults for tracks, residents, groupings and groups in ``who`` that do not exist."""
        check = _Check(where, path, faults)
        check.known("track", who.track, self.tracks, "a track")
        check.known("resident", who.resident, self.ids if self.complete else None, "an id")
        self._check_groups(who.__pydantic_extra__ or {}, check, Who.model_fields)
        for index, other in enumerate(who.but_not or ()):
            self.check_who(other, where, (*path, "but_not", index), faults)

    def check_groups(
        self, groups: Mapping[str, Iterable[str]], where: Locator, path: Path, faults: Faults
    ) -> None:
        """Faults for groupings and groups that do not exist."""
        self._check_groups(groups, _Check(where, path, faults))

    def _check_groups(
        self, groups: Mapping[str, Iterable[str]], check: _Check, others: Iterable[str] = ()
    ) -> None:
        """``others`` are what a misspelt grouping might be meant for as well."""
        for key, names in groups.items():
            if self.is_grouping(key):
                check.known(key, names, self._groups(key), f"a {key}")
            else:
                options = [*others, *self.groupings, DEPARTMENT]
                todo = did_you_mean(key, options)
                check.note(key, (*check.path, key), "a grouping", todo, key=True)

    def _groups(self, grouping: str) -> frozenset[str] | None:
        if grouping == DEPARTMENT:
            return self.departments
        return self.groups.get(grouping, frozenset()) if self.complete else None


@dataclass(frozen=True)
class _Check:
    """Checks the lines of one ``who``."""

    where: Locator
    path: Path
    faults: Faults

    def known(
        self, key: str, names: Iterable[str] | None, known: Collection[str] | None, noun: str
    ) -> None:
        """Every one of ``names`` is ``known`` (None: it cannot be said)."""
        todo = which_id if key == "resident" else did_you_mean
        for name in names or ():
            if known is not None and name not in known:
                self.note(name, (*self.path, key), noun, todo(name, known))

    def note(self, name: str, at: Path, noun: str, todo: str, key: bool = False) -> None:
        label = self.where.label(self.path if key else at)
        what = f"{label}{quoted(name)} is not {noun} of this program"
        self.faults.add(self.where.place(at, key), what, todo)
