"""One rule with its values put in and its names checked; knows no residents."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from scheduler.input.checked import checked
from scheduler.input.faults import Faults, Place, did_you_mean, quoted, which_id
from scheduler.input.names import DEPARTMENT, Names
from scheduler.input.references import find_name, references, substitute, without
from scheduler.input.rule_entries import RuleEntry
from scheduler.input.values import Setting, Values
from scheduler.input.yaml_file import Path
from scheduler.problem.rotation import VACATION
from scheduler.rules.base import Rule

#: The option that selects residents; its values are those of the whole program.
SELECTING = "who"


@dataclass(frozen=True)
class _Filled:
    """Locates a rule's options and says which values were put in for a faulty one."""

    entry: RuleEntry
    settings: Mapping[str, Setting]

    def place(self, path: Path, key: bool = False) -> Place:
        return self.entry.place(path, key)

    def label(self, path: Path) -> str:
        names = references(self.entry.options.get(str(path[0]))) if path else set()
        said = [f"${name} from {self.settings[name].where}" for name in sorted(names)]
        label = self.entry.label(path)
        return f"{label.removesuffix(': ')} ({', '.join(said)}): " if said else label


@dataclass(frozen=True)
class _Named:
    """Names of one kind in a rule, those of the program, and what to do about an unknown one."""

    noun: str
    names: tuple[str, ...]
    known: Collection[str]
    todo: Callable[[str, Collection[str]], str] = did_you_mean


@dataclass(frozen=True)
class Filler:
    """Makes rules of a program from entries and settings."""

    names: Names
    values: Values
    faults: Faults

    def rule(self, kind: type[Rule], entry: RuleEntry, given: Mapping[str, Setting]) -> Rule | None:
        """The rule with the ``given`` settings, or else those of the program.

        None where it has faults, or where nothing it names is used and it says
        ``if_used``.
        """
        common = self._common(entry)
        settings = {**common, **given}
        options = {
            option: substitute(value, common if option == SELECTING else settings)
            for option, value in entry.options.items()
        }
        where = _Filled(entry, settings)
        rule = checked(kind, {**options, "rule": entry.kind}, where, self.faults)
        if rule is not None and (unknown := set(self._unknown(rule))):
            rule = self._without_unknown(kind, options, rule, unknown, where)
        return rule if rule is not None and self._says_something(rule, where) else None

    def _common(self, entry: RuleEntry) -> dict[str, Setting]:
        """The settings of the whole program (of any level, for want of one)."""
        found = {name: self.values.anywhere(name) for name in references(entry.options)}
        return {name: setting for name, setting in found.items() if setting is not None}

    def _unknown(self, rule: Rule) -> Iterator[str]:
        """Names of rotations, tags, holidays and so on that the program does not have."""
        yield from (n for n in rule.rotation_names() if n != VACATION and not self.names.knows(n))
        for one in self._named(rule):
            yield from (name for name in one.names if name not in one.known)

    def _named(self, rule: Rule) -> tuple[_Named, ...]:
        """What the rule names beside rotations and tags."""
        names = self.names
        people = _Named(
            "a resident or visitor of this program",
            tuple(rule.resident_ids()),
            names.ids,
            which_id,
        )
        groupings = (*names.alike, DEPARTMENT)
        return (
            _Named("a holiday of this program", tuple(rule.holiday_names()), names.holidays),
            _Named("a burden that rules can even out", tuple(rule.burden_names()), names.evened),
            _Named("a burden of this program", tuple(rule.carried_names()), names.burdens),
            _Named("a grouping of this program", tuple(rule.grouping_names()), groupings),
            *([people] if names.complete else []),
        )

    def _says_something(self, rule: Rule, where: _Filled) -> bool:
        """Whether the rotations are such that the rule is about something; else a fault."""
        missing = rule.lacks(self.names.by_code)
        if missing and not where.entry.if_used:
            what, _, todo = missing.partition("; ")
            self.faults.add(where.place(()), f"{where.label(())}{what}", todo)
        return not missing

    def _without_unknown(
        self,
        kind: type[Rule],
        options: dict[str, object],
        rule: Rule,
        unknown: set[str],
        where: _Filled,
    ) -> Rule | None:
        """With ``if_used``, the rule without the unknown names, unless an option is left empty."""
        if not where.entry.if_used:
            for name in sorted(unknown):
                self._note(rule, name, where)
            return None
        kept = {k: v if k == "name" else without(v, unknown) for k, v in options.items()}
        if None in kept.values():
            return None
        return checked(kind, {**kept, "rule": where.entry.kind}, where, self.faults)

    def _note(self, rule: Rule, name: str, where: _Filled) -> None:
        path = find_name(where.entry.options, name, ())
        for one in self._named(rule):
            if name in one.names and name not in one.known:
                what = f"{where.label(path)}{quoted(name)} is not {one.noun}"
                self.faults.add(where.place(path), what, one.todo(name, one.known))
                return
        self.names.note_rotation(name, where.place(path), where.label(path), self.faults)
