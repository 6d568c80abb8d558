"""Rules as written, a program's laid over its policies' by name; knows no rule's options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from scheduler.input.checked import labelled
from scheduler.input.faults import Faults, Place, did_you_mean, quoted
from scheduler.input.policy import PROGRAM, Document, Documents
from scheduler.input.references import references
from scheduler.input.yaml_file import Path

#: Keys of an entry that say how it is laid over others; they are no options of a rule.
#: (``off`` with a number is one, of holidays.)
_OFF, _IF_USED = "off", "if_used"


class Origin(Protocol):
    """Where an entry, or one option of it, was written."""

    @property
    def label(self) -> str: ...

    def place(self, path: Path = (), key: bool = False) -> Place: ...


@dataclass(frozen=True)
class InDocument:
    """An entry of a YAML document, rule ``path`` of it (labels count rules from 1)."""

    document: Document
    path: Path

    @property
    def label(self) -> str:
        return labelled(self.path).removesuffix(": ")

    def place(self, path: Path = (), key: bool = False) -> Place:
        return self.document.yaml.place((*self.path, *path), key)


@dataclass(frozen=True)
class AtPlace:
    """An entry made from one line of a table or one option of a rotation."""

    at: Place
    label: str

    def place(self, path: Path = (), key: bool = False) -> Place:  # noqa: ARG002
        return self.at


@dataclass
class RuleEntry:
    """A rule as merged: raw options, who last set each, and the entries it was made from."""

    kind: str
    name: str
    options: dict[str, Any]
    origins: dict[str, Origin]
    written: list[Origin]
    if_used: bool = False
    off: bool = False

    @property
    def source(self) -> str:
        """File and line of the entry that says what kind of rule it is."""
        return self.written[0].place().short

    @property
    def from_program(self) -> bool:
        """Whether the program itself, not a policy, says what rule this is."""
        first = self.written[0]
        return isinstance(first, InDocument) and first.document.title == PROGRAM

    def place(self, path: Path, key: bool = False) -> Place:
        if path and path[0] in self.origins:
            return self.origins[str(path[0])].place(path, key)
        return self.written[-1].place()

    def label(self, path: Path) -> str:
        """'rules[3] coverage: who.pgy: '."""
        origin = self.origins.get(str(path[0])) if path else None
        return f"{(origin or self.written[-1]).label} {self.kind}: {labelled(path)}"

    def option(self, name: str) -> Place | None:
        """Where an option was last set; None where it has its default."""
        origin = self.origins.get(name)
        return None if origin is None else origin.place((name,), key=True)


def collect_rules(documents: Documents, faults: Faults) -> list[RuleEntry]:
    """Every rule of the policies and the program, merged by name, those switched off left out."""
    named: dict[str, RuleEntry] = {}
    found: list[RuleEntry] = []
    for layer in documents.layers:
        here: dict[str, Place] = {}
        for index, raw in enumerate(_as_written(layer)):
            origin = InDocument(layer, ("rules", index))
            if not isinstance(raw, dict):
                continue  # already a fault of the document's form
            entry = _entry(raw, origin, named, here, faults)
            if entry is not None and entry.name:
                named[entry.name] = entry
            if entry is not None and len(entry.written) == 1:
                found.append(entry)
    return [entry for entry in found if not entry.off]


def values_named(documents: Documents, faults: Faults) -> set[str] | None:
    """The values that rules name as written, those that are switched off or faulty included.

    None where a fault hides what rules there are, such as ``rulez:``: no value can be called
    unused then.
    """
    named: set[str] = set()
    for layer in documents.layers:
        rules = _as_written(layer)
        hidden = not rules and faults.any_in(layer.source.file)
        if hidden or not all(isinstance(rule, dict) for rule in rules):
            return None
        named.update(*map(references, rules))
    return named


def _as_written(layer: Document) -> list[Any]:
    raw = layer.raw("rules")
    return raw if isinstance(raw, list) else []


def _entry(
    raw: Mapping[str, Any],
    origin: Origin,
    named: Mapping[str, RuleEntry],
    here: dict[str, Place],
    faults: Faults,
) -> RuleEntry | None:
    """The rule that ``raw`` starts, or the one that it is laid over."""
    name = raw.get("name") or ""
    label = f"{origin.label}: "
    if not isinstance(name, str):
        place = origin.place(("name",))
        faults.add(place, f"{label}name: {quoted(name)} is not text", "put it in quotes")
        return None
    if name and name in here:
        what = f"{label}the name {quoted(name)} is used twice (first in line {here[name].line})"
        faults.add(origin.place(("name",)), what, "give each rule its own name")
        return None
    if name:
        here[name] = origin.place()
    if name in named:
        return _laid_over(named[name], raw, origin, faults)
    if "rule" not in raw:
        what = f"{label}'rule' is missing, and no policy has a rule named {quoted(name)}"
        todo = did_you_mean(name, named) or "say what kind of rule it is"
        faults.add(origin.place(), what, todo if name else "say what kind of rule it is")
        return None
    entry = RuleEntry(str(raw["rule"]), name, {}, {}, [])
    return _laid_over(entry, raw, origin, faults)


def _laid_over(
    entry: RuleEntry, raw: Mapping[str, Any], origin: Origin, faults: Faults
) -> RuleEntry:
    if str(raw.get("rule", entry.kind)) != entry.kind:
        what = (
            f"{origin.label}: {quoted(entry.name)} is a {entry.kind} rule "
            f"({entry.source}), not {quoted(raw['rule'])}"
        )
        todo = "switch that one off (off: true) and give this one another name"
        faults.add(origin.place(("rule",)), what, todo)
    entry.written.append(origin)
    for option, value in raw.items():
        if option == _OFF and isinstance(value, bool):
            entry.off = value
        elif option == _IF_USED:
            entry.if_used = value is True
            if not isinstance(value, bool):
                what = f"{origin.label}: {option}: {quoted(value)} is neither true nor false"
                faults.add(origin.place((option,)), what)
        elif option != "rule":
            entry.options.pop(option, None)
            if value is not None:  # an option set to nothing returns to its default
                entry.options[option] = value
            entry.origins[option] = origin
    return entry


def made_rule(kind: str, name: str, options: dict[str, Any], origin: Origin) -> RuleEntry:
    """A rule that a table or a rotation stands for."""
    return RuleEntry(kind, name, options, dict.fromkeys(options, origin), [origin])
