"""The program's file and the policies it builds on: found, read, laid over each other.

Knows nothing of residents; what a rule's options mean is not checked here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import BaseModel

from scheduler.input.checked import InFile, checked_leniently, labelled
from scheduler.input.document import FORMAT, NEEDED, PolicyFile, ProgramFile
from scheduler.input.faults import Faults, Place, did_you_mean, nearest, quoted
from scheduler.input.installed import policy_names, policy_path
from scheduler.input.text_file import Source, read_source
from scheduler.input.yaml_file import LARGEST, YamlFile, read_yaml
from scheduler.input.yaml_file import Path as Steps

F = TypeVar("F", ProgramFile, PolicyFile)

#: The title of a program's own document.
PROGRAM = "program"

_POLICY_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*\Z")


@dataclass(frozen=True)
class Document:
    """A YAML file that was read; ``title`` says what it is: 'program' or 'policy NAME'."""

    title: str
    yaml: YamlFile
    content: ProgramFile | PolicyFile

    @property
    def source(self) -> Source:
        return self.yaml.source

    def raw(self, section: str) -> Any:
        """A section as written."""
        return self.yaml.data.get(section)

    def raw_names(self, section: str) -> list[str]:
        """The names in a section as written, faulty entries included."""
        found = self.raw(section)
        return list(map(str, found)) if isinstance(found, dict | list) else []


@dataclass(frozen=True)
class Merged:
    """A named entry that several documents made together: its options, and who set each.

    It locates them as well; ``last`` is the nearest document that has the entry.
    """

    path: tuple[str, ...]
    options: dict[str, Any]
    origins: dict[str, Document]
    last: Document

    def place(self, path: Steps, key: bool = False) -> Place:
        layer = self.origins.get(str(path[0]), self.last) if path else self.last
        return layer.yaml.place((*self.path, *path), key)

    def label(self, path: Steps) -> str:
        return labelled((*self.path, *path))


@dataclass(frozen=True)
class Documents:
    """The program and its policies, the farthest first and the program last."""

    folder: Path
    program: Document
    content: ProgramFile
    policies: tuple[Document, ...]

    @property
    def complete(self) -> bool:
        """Whether every policy was read; without one, what follows means little."""
        return len(self.policies) == len(self.content.policy)

    @property
    def layers(self) -> tuple[Document, ...]:
        return (*self.policies, self.program)

    def merged(
        self, *section: str, instead: Mapping[str, Sequence[str]] = MappingProxyType({})
    ) -> Mapping[str, Merged]:
        """The named entries of a section (of a section), options laid over each other.

        An entry with ``off: true`` in a nearer document is gone.  ``instead`` names for an option
        the further documents' options whose place it takes.
        """
        found: dict[str, Merged] = {}
        for layer in self.layers:
            for name, options in attrgetter(".".join(section))(layer.content).items():
                before = found.get(name) or Merged((*section, name), {}, {}, layer)
                gone = {one for option in options for one in instead.get(option, ())}
                kept = {k: v for k, v in before.options.items() if k not in gone}
                found[name] = Merged(
                    before.path,
                    {**kept, **options},
                    {**before.origins, **dict.fromkeys(options, layer)},
                    layer,
                )
        return {name: one for name, one in found.items() if one.options.pop("off", 0) is not True}


def read_documents(path: Path, faults: Faults) -> Documents | None:
    """The program at ``path`` (a YAML file, or a folder with program.yaml) and its policies."""
    program_path = path / "program.yaml" if path.is_dir() else path
    source = read_source(program_path, program_path.name, LARGEST, faults)
    if source is None:
        return None
    program = _read(source, PROGRAM, ProgramFile, faults)
    if program is None:
        return None
    content = program.content
    assert isinstance(content, ProgramFile)
    _note_missing(program, faults)
    policies = [
        _read_policy(name, program.yaml.place(("policy", i)), program_path.parent, faults)
        for i, name in enumerate(content.policy)
    ]
    found = tuple(policy for policy in policies if policy is not None)
    return Documents(program_path.parent, program, content, found)


def _note_missing(program: Document, faults: Faults) -> None:
    """What a program must say; a misspelt option, which is a fault already, is not missing too."""
    unknown = [key for key in program.yaml.data if key not in ProgramFile.model_fields]
    meant = {name for key in unknown for name in nearest(key, ProgramFile.model_fields)}
    for name in NEEDED:
        if program.raw(name) is None and name not in meant:
            faults.add(program.yaml.place(()), f"{quoted(name)} is missing", "add it")


def _read_policy(name: str, place: Place, folder: Path, faults: Faults) -> Document | None:
    if not _POLICY_NAME.match(name):
        what = f"policy: {quoted(name)} is not a name of a policy"
        faults.add(place, what, "use letters, digits, '-' and '_'")
        return None
    beside, installed = folder / f"{name}.yaml", policy_path(name)
    if not beside.is_file() and not installed.is_file():
        what = f"policy: {quoted(name)} is neither beside the program nor installed"
        known = [*policy_names(), *(other.stem for other in folder.glob("*.yaml"))]
        faults.add(place, what, did_you_mean(name, known))
        return None
    if not beside.is_file():
        return _read_installed(name, faults)
    source = read_source(beside, beside.name, LARGEST, faults)
    return _read(source, f"policy {name}", PolicyFile, faults) if source else None


def installed_policy(name: str) -> Document:
    """The installed policy ``name``; BadInput where somebody broke its file."""
    faults = Faults()
    found = _read_installed(name, faults)
    faults.stop_if_any()
    assert found is not None
    return found


def _read_installed(name: str, faults: Faults) -> Document | None:
    source = read_source(policy_path(name), f"configs/{name}.yaml", LARGEST, faults)
    return _read(source, f"policy {name}", PolicyFile, faults) if source else None


def _read(source: Source, title: str, model: type[F], faults: Faults) -> Document | None:
    """One document; None (and a fault) where it cannot be understood at all."""
    yaml = read_yaml(source, faults)
    if yaml is None:
        return None
    if not isinstance(yaml.data, dict):
        todo = "write 'key: value' lines"
        faults.add(yaml.place(()), f"{quoted(yaml.data)} is not a group of options", todo)
        return None
    if model is ProgramFile and _is_policy(yaml.data):
        todo = "name it under 'policy:' of a program, or give the program itself"
        faults.add(Place(source.file), "is a policy, not a program", todo)
        return None
    if not _known_format(yaml, faults):
        return None
    filled: dict[str, Any] = {k: v for k, v in yaml.data.items() if v is not None}
    content: BaseModel | None = checked_leniently(model, filled, InFile(yaml), faults)
    assert content is None or isinstance(content, ProgramFile | PolicyFile)
    return None if content is None else Document(title, yaml, content)


def _is_policy(data: Mapping[str, Any]) -> bool:
    """Whether a file says something, nothing that a program must, and only what a policy can.

    A program may name a single policy as a policy names itself; that alone tells nothing.
    """
    own = data.keys() - {"format", "policy"}
    named = not isinstance(data.get("policy"), list)
    return bool(own) and named and data.keys() <= PolicyFile.model_fields.keys()


def _known_format(yaml: YamlFile, faults: Faults) -> bool:
    found = yaml.data.get("format")
    if found == FORMAT and not isinstance(found, bool):
        return True
    if "format" not in yaml.data:
        faults.add(yaml.place(()), "'format' is missing", f"write 'format: {FORMAT}' first")
    else:
        what = f"format {quoted(found)} is not known; this version reads format {FORMAT}"
        todo = "get the version that wrote it, or rewrite the file as the README says"
        faults.add(yaml.place(("format",)), what, todo)
    return False
