"""The audit of coverage: who stands on a service, part by part; knows no model."""

from __future__ import annotations

from collections.abc import Iterator
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
    problem = scope.problem
    company = rule.company.members(problem) if rule.company else {}
    teachers = rule.per.members(problem) if rule.per else {}
    own = {one.index for one in scope.residents}
    people = [problem.residents[index] for index in sorted({*own, *company, *teachers})]
    rows = [_shown(rule, schedule, scope, one) for one in people]
    codes = problem.codes(rule.rotations)
    for part in scope.parts:
        here = [one for one, row in zip(people, rows, strict=True) if row[part] in codes]
        service = _Service(
            rule,
            scope,
            part,
            [one for one in here if one.index in own and scope.means(one, part)],
            [one for one in here if part in company.get(one.index, ())],
            [one for one in here if part in teachers.get(one.index, ())],
        )
        yield from service.limits()
        yield from service.company()
        yield from service.ratio()


@dataclass(frozen=True)
class _Service:
    """One service in one part: who of the rule's people is there, and of the others it names."""

    rule: Coverage
    scope: Scope
    part: int
    here: list[Resident]
    with_them: list[Resident]
    teachers: list[Resident]

    def limits(self) -> Iterator[Violation]:
        """The number of people itself, against every number there may be."""
        count = _percent(self.here)
        missing = [max(low * WHOLE - count, count - high * WHOLE) for low, high in self.rule.ranges]
        amount = -(-min(missing) // WHOLE)
        if self.rule.has_limits and amount > 0:
            limit = "at least" if count < self.rule.least * WHOLE else "at most"
            number = self.rule.least if limit == "at least" else self.rule.most
            wanted = f"needs {limit} {number}"
            if self.rule.allowed is not None:
                wanted = f"allowed are {either(map(str, sorted(set(self.rule.allowed))))}"
            yield self._found(amount, wanted, ", ")

    def company(self) -> Iterator[Violation]:
        """Others who must be there whenever anybody is."""
        wanted = self.rule.company
        if wanted is None or not self.here:
            return
        count = _percent(self.with_them)
        missing = wanted.at_least * WHOLE - count
        if missing > 0:
            them = f"{_number(count)} of {wanted.who.words()}"
            message = f"{them}, needs at least {wanted.at_least}"
            yield self._found(-(-missing // WHOLE), message, " with ")

    def ratio(self) -> Iterator[Violation]:
        """So many for each of some others."""
        per = self.rule.per
        if per is None:
            return
        others = _percent(self.teachers)
        beyond = _percent(self.here) - per.at_most * others
        if beyond > 0:
            them = f"{_number(others)} of {per.who.words()}"
            message = f"{them}, at most {per.at_most} for each"
            yield self._found(-(-beyond // WHOLE), message, " beside ")

    def _found(self, amount: int, message: str, link: str) -> Violation:
        calendar = self.scope.problem.calendar
        shown = calendar.parts[self.part]
        at = f"week {calendar.weeks[shown.week].number} ({shown.first})"
        own = f"{_number(_percent(self.here))} of {self.rule.who.words()}"
        return self.rule.violation(
            amount,
            f"{' + '.join(self.rule.rotations)} in {at}: {own}{link}{message}",
            parts=[self.part],
            service=min(self.scope.problem.codes(self.rule.rotations)),
        )


def _percent(people: list[Resident]) -> int:
    """What these people count together, in percent of a person."""
    return sum(one.counts for one in people)


def _number(percent: int) -> str:
    """'2', '1.5': people in percent as people."""
    return f"{percent / WHOLE:g}"


def _shown(rule: Coverage, schedule: Schedule, scope: Scope, resident: Resident) -> Row:
    """The resident's cells, with a held place in every overlaid cell of a block."""
    row = schedule.cells[resident.index]
    overlaid = {part for part, code in enumerate(row) if code in (VACATION, LEAVE)}
    if rule.count == "worked" or not overlaid:
        return row
    held = list(row)
    for block in scope.problem.grids[schedule.grids[resident.index]].blocks:
        if overlaid.isdisjoint(block.parts):
            continue
        here = [row[p] for p in block.parts if row[p] in scope.problem.rotations]
        for part in block.parts:
            if here and row[part] in (VACATION, LEAVE):
                held[part] = here[0]
    return tuple(held)
