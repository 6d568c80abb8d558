"""Rules bound to residents: those whose values come out equal share one bound rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from scheduler.input.faults import Faults, did_you_mean, quoted
from scheduler.input.filling import SELECTING, Filler
from scheduler.input.names import Names
from scheduler.input.references import SIGN, references, walk_references
from scheduler.input.rule_entries import RuleEntry
from scheduler.input.values import Setting, Values
from scheduler.problem.calendar import Calendar
from scheduler.problem.resident import Resident
from scheduler.rules.base import BoundRule, Rule
from scheduler.rules.registry import rule_class, rule_kinds


@dataclass
class Binder:
    """Binds rules to the residents of one program; keeps the faults and the names given."""

    residents: tuple[Resident, ...]
    calendar: Calendar
    names: Names
    values: Values
    faults: Faults
    warnings: list[str] = field(default_factory=list)
    bound: dict[str, RuleEntry] = field(default_factory=dict)
    values_missing: bool = False
    _taken: Counter[str] = field(default_factory=Counter)

    def bind(self, entry: RuleEntry) -> list[BoundRule]:
        """The bound rules that ``entry`` becomes; none where it has faults or is not used."""
        kind = self._kind(entry)
        if kind is None or not self._all_values_known(entry):
            return []
        rule = self._filler.rule(kind, entry, {})
        if rule is None:
            return []
        self.names.check_who(rule.who, entry, (SELECTING,), self.faults)
        parts = self._parts(entry, rule)
        name = self._name(entry, rule)
        self.bound[name] = entry
        return [
            BoundRule(one.model_copy(update={"name": name}), members, parts, entry.source)
            for one, members in self._groups(kind, entry, rule)
        ]

    @property
    def _filler(self) -> Filler:
        return Filler(self.names, self.values, self.faults)

    def _kind(self, entry: RuleEntry) -> type[Rule] | None:
        if entry.kind in rule_kinds():
            return rule_class(entry.kind)
        what = f"{entry.written[0].label}: there is no rule {quoted(entry.kind)}"
        todo = did_you_mean(entry.kind, rule_kinds()) or "`scheduler rules` lists the rules"
        self.faults.add(entry.written[0].place(("rule",)), what, todo)
        return None

    def _all_values_known(self, entry: RuleEntry) -> bool:
        known = self.values.names()
        missing = [(p, n) for p, n in walk_references(entry.options, ()) if n not in known]
        for path, name in missing:
            what = f"{entry.label(path)}there is no value {quoted(SIGN + name)}"
            todo = did_you_mean(name, known) or "give it in 'values'"
            self.faults.add(entry.place(path), what, todo)
        self.values_missing |= bool(missing)
        return not missing

    def _parts(self, entry: RuleEntry, rule: Rule) -> tuple[int, ...]:
        parts = rule.when.parts(self.calendar)
        if not parts:
            what = f"{entry.label(('when',))}selects no day of the year"
            year = f"{self.calendar.first}..{self.calendar.last}"
            self.faults.add(entry.place(("when",)), what, f"the year is {year}")
        return parts

    def _groups(
        self, kind: type[Rule], entry: RuleEntry, rule: Rule
    ) -> Iterator[tuple[Rule, tuple[int, ...]]]:
        """The rule for each group of residents whose values are equal.

        A rule about nobody is kept: a service nobody may staff is short all the same.
        """
        chosen = [r for r in self.residents if rule.who.matches(r, kind.visitors)]
        if not chosen and entry.from_program:
            self.warnings.append(f"{entry.place(())}: {entry.label(())}it selects nobody")
        others = {key: one for key, one in entry.options.items() if key != SELECTING}
        used = sorted(references(others))
        if not kind.per_resident:
            self._check_base(entry, used)
        if not kind.per_resident or not used or not chosen:
            yield rule, tuple(r.index for r in chosen)
            return
        for settings, members in self._by_settings(entry, used, chosen):
            one = self._filler.rule(kind, entry, settings)
            if one is not None:
                yield one, members

    def _by_settings(
        self, entry: RuleEntry, used: list[str], chosen: list[Resident]
    ) -> Iterator[tuple[dict[str, Setting], tuple[int, ...]]]:
        """Residents grouped by the values they have for the names ``used``."""
        groups: dict[str, tuple[dict[str, Setting], list[int]]] = {}
        for resident in chosen:
            settings = self._settings(entry, used, resident)
            key = repr([settings[name].value for name in used if name in settings])
            groups.setdefault(key, (settings, []))[1].append(resident.index)
        for settings, members in groups.values():
            yield settings, tuple(members)

    def _settings(
        self, entry: RuleEntry, used: list[str], resident: Resident
    ) -> dict[str, Setting]:
        found: dict[str, Setting] = {}
        for name in used:
            setting = self.values.of(name, resident)
            if setting is not None:
                found[name] = setting
            else:
                who = f"{resident.id} (PGY{resident.pgy} {resident.track})"
                self._note_without_value(entry, name, who)
        return found

    def _note_without_value(self, entry: RuleEntry, name: str, who: str) -> None:
        what = f"{entry.label(())}{quoted(SIGN + name)} has no value for {who}"
        self.faults.add(entry.place(()), what, "give it in the program's 'values'")

    def _check_base(self, entry: RuleEntry, used: Iterable[str]) -> None:
        """A rule that counts people together takes its values from the base alone."""
        for name in used:
            if name not in self.values.base:
                self._note_without_value(entry, name, "the whole program")
            self.warnings.extend(
                f"{setting.place}: the value '{name}' of {setting.level} does not reach the "
                f"rule at {entry.source}, which counts people together"
                for setting in self.values.nearer(name)
            )

    def _name(self, entry: RuleEntry, rule: Rule) -> str:
        """The rule's own name, or one made from its kind and what it names; no two are equal."""
        named = (rule.rotation_names(), rule.burden_names(), rule.resident_ids())
        names = " + ".join(chain.from_iterable(named))
        name = entry.name or f"{entry.kind} {names}".strip()
        self._taken[name] += 1
        return name if self._taken[name] == 1 else f"{name} ({self._taken[name]})"
