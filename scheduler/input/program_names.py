"""The names one program defines, gathered from its documents and people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scheduler.input.checked import InFile
from scheduler.input.document import Track
from scheduler.input.faults import Faults, quoted, which_id
from scheduler.input.names import DEPARTMENT, Names
from scheduler.input.people import Person, person_columns
from scheduler.input.policy import Documents
from scheduler.problem.rotation import Rotation
from scheduler.rules.select import Who


def tracks_of(documents: Documents) -> dict[str, str]:
    """The tracks of all documents with their titles."""
    found: dict[str, str] = {}
    for layer in documents.layers:
        found.update(_titles(layer.content.tracks, found))
        found.update({name: name for name in layer.raw_names("tracks") if name not in found})
    return found


def departments_of(documents: Documents) -> dict[str, str]:
    """The departments that send visitors, with their titles."""
    found = _titles(documents.content.departments, {})
    return found | {n: n for n in documents.program.raw_names("departments") if n not in found}


def holidays_of(documents: Documents) -> frozenset[str]:
    """Every holiday that some document names, those switched off included."""
    return frozenset(name for layer in documents.layers for name in layer.content.holidays)


def _titles(entries: Mapping[str, Track], before: Mapping[str, str]) -> dict[str, str]:
    return {name: one.name or before.get(name, name) for name, one in entries.items()}


def program_names(
    documents: Documents,
    rotations: Mapping[str, Rotation],
    people: Sequence[Person],
    complete: bool,
) -> Names:
    """All names of a program; ``complete`` unless people are missing for a fault."""
    tags: dict[str, set[str]] = {}
    for rotation in rotations.values():
        for tag in rotation.tags:
            tags.setdefault(tag, set()).add(rotation.code)
    groupings = tuple(documents.content.groupings)
    groups = {g: frozenset(p.groups[g] for p in people if g in p.groups) for g in groupings}
    departments = departments_of(documents)
    holidays = frozenset(documents.merged("holidays"))
    return Names(
        by_code=rotations,
        tags={tag: frozenset(codes) for tag, codes in tags.items()},
        tracks=tracks_of(documents) | departments,
        departments=frozenset(departments),
        groupings=groupings,
        groups=groups,
        ids=frozenset(person.id for person in people),
        complete=complete,
        holidays=holidays,
        holidays_off=holidays_of(documents) - holidays,
    )


def check_names(documents: Documents, names: Names, faults: Faults) -> None:
    """Faults for names that mean two things, and for people and departments that do not exist."""
    yaml = documents.program.yaml
    for name in sorted(names.departments & set(tracks_of(documents))):
        what = f"departments: {quoted(name)} is also a track"
        faults.add(yaml.place(("departments", name), key=True), what, "rename one of them")
    taken = {*person_columns((), True).known, *person_columns((), False).known, *Who.model_fields}
    for index, name in enumerate(names.groupings):
        if name in taken | {DEPARTMENT}:
            what = f"groupings: {quoted(name)} is a column of its own"
            faults.add(yaml.place(("groupings", index)), what, "choose another name")
    where = InFile(yaml)
    for code, entry in documents.content.rotations.items():
        names.check_groups(entry.groups, where, ("rotations", code, "groups"), faults)
        for name, team in entry.teams.items():
            path = ("rotations", code, "teams", name, "groups")
            names.check_groups(team.groups, where, path, faults)
    for who in documents.content.people:
        if names.complete and who not in names.ids:
            what = f"people: {quoted(who)} is not a resident or visitor of this program"
            faults.add(yaml.place(("people", who), key=True), what, which_id(who, names.ids))
