"""Rules bound to residents: those whose values come out equal share one bound rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain

from scheduler.input.faults import Faults, did_you_mean, quoted
from scheduler.input.filling import SELECTING, Filler
from scheduler.input.meant import Group, Meant, meant_by
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
        for path, who in rule.selections().items():
            self.names.check_who(who, entry, path, self.faults)
        parts = self._parts(entry, rule)
        name = self._name(entry, rule)
        self.bound[name] = entry
        return [
            BoundRule(
                rule=group.rule.model_copy(update={"name": name}),
                residents=tuple(group.members),
                parts=parts if group.only is None else tuple(p for p in parts if p in group.only),
                source=entry.source,
                dated=group.dated,
            )
            for group in self._groups(kind, entry, rule)
            if group.rule is not None
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

    def _groups(self, kind: type[Rule], entry: RuleEntry, rule: Rule) -> Iterator[Group]:
        """The rule for each group of residents whose values are equal.

        A rule about nobody is kept: a service nobody may staff is short all the same.
        """
        chosen = list(meant_by(rule, kind.visitors, self.residents))
        if not chosen and entry.from_program:
            self.warnings.append(f"{entry.place(())}: {entry.label(())}it selects nobody")
        others = {key: one for key, one in entry.options.items() if key != SELECTING}
        used = sorted(references(others))
        if not kind.per_resident:
            self._check_base(entry, used)
        used = used if kind.per_resident else []
        groups = self._by_settings(entry, used, chosen) or [Group(rule)]
        if rule.counts_people and len(groups) > 1:
            self._note_divided(entry, used, groups)
            return
        for group in groups:
            one = self._filler.rule(kind, entry, group.settings) if used else rule
            if one is not None:
                yield from replace(group, rule=one).divided()

    def _by_settings(
        self, entry: RuleEntry, used: list[str], chosen: Iterable[Meant]
    ) -> list[Group]:
        """Residents grouped by the values they have for the names ``used``."""
        groups: dict[str, Group] = {}
        for one in chosen:
            settings = self._settings(entry, used, one.resident)
            key = repr([settings[name].value for name in used if name in settings])
            if key not in groups:
                groups[key] = Group(None, settings)
            groups[key].add(one)
        return list(groups.values())

    def _note_divided(
        self,
        entry: RuleEntry,
        used: Iterable[str],
        groups: Iterable[Group],
    ) -> None:
        """A rule that counts people together cannot have several numbers for them."""
        for name in used:
            found: dict[str, str] = {}
            for group in groups:
                if name in group.settings:
                    setting, who = group.settings[name], self.residents[group.members[0]].id
                    found.setdefault(repr(setting.value), f"{who}, {setting.where}")
            if len(found) > 1:
                said = "; ".join(f"{value} for {where}" for value, where in found.items())
                what = (
                    f"{entry.label(())}counts people together, but {quoted(SIGN + name)} is {said}"
                )
                todo = "write a rule for each group, or give one value"
                self.faults.add(entry.place(()), what, todo)

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
