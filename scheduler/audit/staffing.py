"""The audit of coverage: who stands on a service, part by part; knows no model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.audit.violation import Violation
from scheduler.problem.resident import WHOLE, Resident
from scheduler.problem.rotation import LEAVE, VACATION
from scheduler.rules.words import either
from scheduler.schedule.schedule import Schedule

if TYPE_CHECKING:
    from scheduler.rules.base import Scope
    from scheduler.rules.coverage import Coverage

Row = tuple[str, ...]


def audit_staffing(rule: Coverage, schedule: Schedule, scope: Scope) -> Iterator[Violation]:
    """Find every part in which a service has not the people that ``rule`` wants."""
    others = {one.index: one for one in rule.beside(scope.problem)}
    people = {one.index: one for one in scope.residents} | others
    rows = {index: _shown(rule, schedule, scope, one) for index, one in people.items()}
    codes = scope.problem.codes(rule.rotations)
    for part in scope.parts:
        here = [people[index] for index, row in rows.items() if row[part] in codes]
        service = _Service(rule, scope, part, here)
        yield from service.limits()
        yield from service.company()
        yield from service.ratio()


@dataclass(frozen=True)
class _Service:
    """One service in one part, with everyone who is there."""

    rule: Coverage
    scope: Scope
    part: int
    here: list[Resident]

    def limits(self) -> Iterator[Violation]:
        """The number of people itself, against every number there may be."""
        count = self._percent(self.scope.residents)
        missing = [max(low * WHOLE - count, count - high * WHOLE) for low, high in self.rule.ranges]
        amount = -(-min(missing) // WHOLE)
        if self.rule.has_limits and amount > 0:
            limit = "at least" if count < self.rule.least * WHOLE else "at most"
            number = self.rule.least if limit == "at least" else self.rule.most
            wanted = f"needs {limit} {number}"
            if self.rule.allowed is not None:
                wanted = f"allowed are {either(map(str, sorted(set(self.rule.allowed))))}"
            yield self._found(amount, f"{self._own(count)}, {wanted}")

    def company(self) -> Iterator[Violation]:
        """Others who must be there whenever anybody is."""
        wanted = self.rule.company
        own = {one.index for one in self.scope.residents}
        if wanted is None or not any(one.index in own for one in self.here):
            return
        count = self._percent(wanted.members(self.scope.problem))
        missing = wanted.at_least * WHOLE - count
        if missing > 0:
            them = f"{_number(count)} of {wanted.who.words()}"
            own_count = self._own(self._percent(self.scope.residents))
            yield self._found(
                -(-missing // WHOLE), f"{own_count} with {them}, needs at least {wanted.at_least}"
            )

    def ratio(self) -> Iterator[Violation]:
        """So many for each of some others."""
        per = self.rule.per
        if per is None:
            return
        count, others = (
            self._percent(self.scope.residents),
            self._percent(per.members(self.scope.problem)),
        )
        beyond = count - per.at_most * others
        if beyond > 0:
            them = f"{_number(others)} of {per.who.words()}"
            yield self._found(
                -(-beyond // WHOLE),
                f"{self._own(count)} beside {them}, at most {per.at_most} for each",
            )

    def _percent(self, people: Iterable[Resident]) -> int:
        """What those of ``people`` who are here count together, in percent of a person."""
        wanted = {one.index for one in people}
        return sum(one.counts for one in self.here if one.index in wanted)

    def _own(self, count: int) -> str:
        return f"{_number(count)} of {self.rule.who.words()}"

    def _found(self, amount: int, message: str) -> Violation:
        calendar = self.scope.problem.calendar
        shown = calendar.parts[self.part]
        at = f"week {calendar.weeks[shown.week].number} ({shown.first})"
        return self.rule.violation(
            amount,
            f"{' + '.join(self.rule.rotations)} in {at}: {message}",
            parts=[self.part],
            service=min(self.scope.problem.codes(self.rule.rotations)),
        )


def _number(percent: int) -> str:
    """'2', '1.5': people in percent as people."""
    return f"{percent / WHOLE:g}"


def _shown(rule: Coverage, schedule: Schedule, scope: Scope, resident: Resident) -> Row:
    """The resident's cells, with a held place in every overlaid cell of a block."""
    row = schedule.cells[resident.index]
    if rule.count == "worked":
        return row
    held = list(row)
    for block in scope.problem.grids[schedule.grids[resident.index]].blocks:
        here = [row[p] for p in block.parts if row[p] in scope.problem.rotations]
        for part in block.parts:
            if here and row[part] in (VACATION, LEAVE):
                held[part] = here[0]
    return tuple(held)
