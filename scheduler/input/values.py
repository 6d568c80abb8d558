"""Named values and where each came from: base, then track, then PGY, then person; nearest wins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from scheduler.input.document import Group
from scheduler.input.faults import Faults, Place, did_you_mean, quoted
from scheduler.input.policy import Document, Documents
from scheduler.problem.resident import Resident


@dataclass(frozen=True)
class Setting:
    """A value with the level that set it ('policy x', 'track y', 'PGY2', 'R012') and its place."""

    value: Any
    level: str
    place: Place

    @property
    def where(self) -> str:
        """For people: 'program.yaml:12 (track primary-care)'."""
        return f"{self.place.short} ({self.level})"


Named = dict[str, Setting]


@dataclass(frozen=True)
class Values:
    """All named values of a program, by level."""

    base: Named = field(default_factory=dict)
    tracks: dict[Any, Named] = field(default_factory=dict)
    pgy: dict[Any, Named] = field(default_factory=dict)
    people: dict[Any, Named] = field(default_factory=dict)

    def chain(self, name: str, resident: Resident) -> list[Setting]:
        """Every setting of ``name`` that reaches a resident, the nearest (which wins) first."""
        levels = (
            self.people.get(resident.id, {}),
            self.pgy.get(resident.pgy, {}),
            self.tracks.get(resident.track, {}),
            self.base,
        )
        return [level[name] for level in levels if name in level]

    def of(self, name: str, resident: Resident) -> Setting | None:
        """The setting of ``name`` that holds for a resident."""
        return next(iter(self.chain(name, resident)), None)

    def names(self) -> set[str]:
        return {name for level in self._levels() for name in level}

    def anywhere(self, name: str) -> Setting | None:
        """The base setting of ``name``, or the first found at any nearer level."""
        return next((level[name] for level in self._levels() if name in level), None)

    def nearer(self, name: str) -> list[Setting]:
        """Settings of ``name`` for some residents only."""
        return [level[name] for level in self._levels() if name in level and level is not self.base]

    def _levels(self) -> Iterator[Named]:
        yield self.base
        for group in (self.tracks, self.pgy, self.people):
            yield from group.values()

    def note_unused(self, used: set[str], documents: Documents, faults: Faults) -> None:
        """A value that no rule uses and no policy declares is most likely misspelt."""
        declared = {name for policy in documents.policies for name in policy.content.values}
        known = used | declared
        for level in self._levels():
            for name, setting in level.items():
                ours = setting.place.file == documents.program.source.file
                if ours and name not in known:
                    what = f"no rule uses the value {quoted(name)}"
                    faults.add(setting.place, what, did_you_mean(name, known) or "remove it")


def collect_values(documents: Documents) -> Values:
    """The values of every document, the nearest document winning inside a level."""
    found = Values()
    for layer in documents.layers:
        content = layer.content
        found.base.update(_settings(layer, (), content.values, layer.title))
        _add_groups(found.tracks, layer, "tracks", "track {}")
        _add_groups(found.tracks, layer, "departments", "department {}")
        _add_groups(found.pgy, layer, "pgy", "PGY{}")
        _add_groups(found.people, layer, "people", "{}")
    return found


def _add_groups(into: dict[Any, Named], layer: Document, section: str, level: str) -> None:
    entries: Mapping[Any, Group] = getattr(layer.content, section, {})
    for key, entry in entries.items():
        named = _settings(layer, (section, str(key)), entry.values, level.format(key))
        into.setdefault(key, {}).update(named)


def _settings(
    layer: Document, path: tuple[str, ...], values: Mapping[str, Any], level: str
) -> Named:
    return {
        name: Setting(value, level, layer.yaml.place((*path, "values", name), key=True))
        for name, value in values.items()
    }
