"""Whom a rule is about, and when: residents in groups of equal values, promotions by their date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from scheduler.input.values import Setting
from scheduler.problem.resident import Resident
from scheduler.rules.base import Rule


@dataclass(frozen=True)
class Meant:
    """Somebody a rule is about; of one who is promoted, as of one level, ``parts`` of the year."""

    resident: Resident
    parts: frozenset[int] | None = None


def meant_by(rule: Rule, visitors: str, residents: Iterable[Resident]) -> Iterator[Meant]:
    """Whom ``rule`` is about, those promoted inside the year as of each level that it means."""
    for resident in residents:
        if resident.levels and rule.by_date:
            stages = (Meant(one, parts) for one, parts in resident.stages())
            yield from (one for one in stages if rule.who.matches(one.resident, visitors))
        elif rule.who.matches(resident, visitors):
            yield Meant(resident)


@dataclass(frozen=True)
class Group:
    """Residents whose values are equal; ``dated`` are those meant in some parts only.

    ``only`` are the parts of the whole group, where these are not the rule's own.
    """

    rule: Rule | None
    settings: Mapping[str, Setting] = field(default_factory=dict)
    members: list[int] = field(default_factory=list)
    dated: dict[int, frozenset[int]] = field(default_factory=dict)
    only: frozenset[int] | None = None

    def add(self, one: Meant) -> None:
        """Take in somebody; one who is meant as of every level is meant all year."""
        index = one.resident.index
        if index not in self.members:
            self.members.append(index)
        if one.parts is not None:
            self.dated[index] = self.dated.get(index, frozenset()) | one.parts
            if self.dated[index] >= one.resident.present:
                del self.dated[index]

    def divided(self) -> Iterator[Group]:
        """Everyone counted together; or else who is meant in other parts by themselves."""
        if self.rule is None or self.rule.counts_people or not self.dated:
            yield self
            return
        always = [index for index in self.members if index not in self.dated]
        if always:
            yield replace(self, members=always, dated={})
        for parts in dict.fromkeys(self.dated.values()):
            alike = [index for index, own in self.dated.items() if own == parts]
            yield replace(self, members=alike, dated={}, only=parts)
