"""The audit of vacation: what the cells say of one vacation rule; knows no model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from scheduler.audit.violation import Violation
from scheduler.problem.resident import Resident
from scheduler.problem.rotation import VACATION
from scheduler.rules.words import counted, dated_weeks, either
from scheduler.schedule.schedule import Schedule

if TYPE_CHECKING:
    from scheduler.rules.base import Scope
    from scheduler.rules.vacation import Vacation


def audit_vacation(rule: Vacation, schedule: Schedule, scope: Scope) -> Iterator[Violation]:
    """Find every miss of ``rule`` in ``schedule``.

    Vacation where none may stand at all is a matter of the schedule's form.
    """
    for resident in scope.residents:
        own = _Own(rule, scope, resident, _numbers(schedule, scope, resident))
        yield from _amount(own)
        yield from _halves(own)
        yield from _runs(own)
        yield from _blackout(own)
    if rule.counts_people:
        yield from _at_once(rule, schedule, scope)


@dataclass(frozen=True)
class _Own:
    """One resident's vacation: the numbers of the weeks of the scope that are vacation."""

    rule: Vacation
    scope: Scope
    resident: Resident
    numbers: tuple[int, ...]

    def found(self, amount: int, message: str, numbers: Collection[int]) -> Violation:
        text = f"{self.resident.name} has {message}"
        return self.rule.violation(amount, text, self.resident, self.parts(*numbers))

    def parts(self, *numbers: int) -> list[int]:
        by_week = self.scope.problem.calendar.parts_of_week
        return [part for number in numbers for part in by_week[number - 1]]

    def at(self, *numbers: int) -> str:
        return dated_weeks(self.scope.problem.calendar, self.parts(*numbers))


def _numbers(schedule: Schedule, scope: Scope, resident: Resident) -> tuple[int, ...]:
    """Numbers of the weeks in scope of which every part not on leave or away is vacation.

    Vacation typed over leave or absence does not belong there (the schedule's form), yet it
    is counted: whoever counts the cells of a row counts it too.
    """
    row = schedule.cells[resident.index]
    seen: dict[int, bool] = {}
    outside: set[int] = set()
    for part in scope.problem.calendar.parts:
        if part.index not in scope.part_set:
            outside.add(part.week + 1)
        free = row[part.index] == VACATION
        if free or part.index in resident.available:
            seen[part.week + 1] = seen.get(part.week + 1, True) and free
    return tuple(number for number, free in seen.items() if free and number not in outside)


def _amount(own: _Own) -> Iterator[Violation]:
    least, most = own.rule.least(own.resident), own.rule.most(own.resident)
    taken = len(own.numbers)
    if not own.rule.owed or least <= taken <= most:
        return
    wanted = f"at least {least}" if taken < least else f"at most {most}"
    wanted = f"owed {least}" if least == most else wanted
    used = own.resident.leave_vacation_weeks
    less = f" (leave uses up {counted(used, 'week')})" if used else ""
    message = f"{counted(taken, 'week')} of vacation, {wanted}{less}"
    yield own.found(max(least - taken, taken - most), message, own.numbers)


def _halves(own: _Own) -> Iterator[Violation]:
    if own.rule.each_half_minimum is None:
        return
    calendar = own.scope.problem.calendar
    wanted = own.rule.each_half_minimum - own.resident.leave_vacation_weeks
    for half, name in enumerate(("first", "second")):
        possible = [
            week.number
            for week in calendar.weeks
            if (2 * week.index >= len(calendar.weeks)) == bool(half)
            and week.is_full
            and own.scope.part_set.issuperset(own.parts(week.number))
            and all(part in own.resident.available for part in own.parts(week.number))
        ]
        taken = [number for number in own.numbers if number in possible]
        asked = min(wanted, len(possible))
        if len(taken) < asked:
            message = f"{counted(len(taken), 'week')} of vacation in the {name} half of the year"
            yield own.found(asked - len(taken), f"{message}, at least {asked} wanted", taken)


def _runs(own: _Own) -> Iterator[Violation]:
    runs: list[list[int]] = []
    for number in own.numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    for run in runs:
        miss = min((abs(len(run) - length) for length in own.rule.pieces or ()), default=0)
        if miss:
            allowed = either(map(str, own.rule.pieces or ()))
            message = f"a piece of vacation of {counted(len(run), 'week')} in {own.at(*run)}"
            yield own.found(miss, f"{message}, allowed {allowed}", run)
    for earlier, later in pairwise(runs):
        yield from _gap(own, earlier, later)


def _gap(own: _Own, earlier: list[int], later: list[int]) -> Iterator[Violation]:
    gap = later[0] - earlier[-1] - 1
    least, most = own.rule.apart_minimum, own.rule.apart_maximum
    wanted, miss = "", 0
    if least is not None and gap < least:
        wanted, miss = f"at least {least}", least - gap
    elif most is not None and gap > most:
        wanted, miss = f"at most {most}", gap - most
    if wanted:
        between = f"vacation in {own.at(*earlier)} and {own.at(*later)}"
        message = f"{counted(gap, 'week')} between {between}, {wanted} wanted"
        yield own.found(miss, message, [*earlier, *later])


def _blackout(own: _Own) -> Iterator[Violation]:
    if own.rule.blackout is None:
        return
    calendar = own.scope.problem.calendar
    closed = {calendar.parts[p].week + 1 for p in own.rule.blackout.closed(own.scope.problem)}
    found = [number for number in own.numbers if number in closed]
    if found:
        yield own.found(len(found), f"vacation in {own.at(*found)}, closed to vacation", found)


def _at_once(rule: Vacation, schedule: Schedule, scope: Scope) -> Iterator[Violation]:
    calendar = scope.problem.calendar
    limit = rule.limit(len(scope.residents))
    people: Counter[int] = Counter()
    for resident in scope.residents:
        for number in _numbers(schedule, scope, resident):
            parts = calendar.parts_of_week[number - 1]
            there = _counted(rule, schedule, scope, resident, parts)
            people.update(part for part in there if scope.means(resident, part))
    for part, count in sorted(people.items()):
        if count > limit:
            source = f" from {' + '.join(rule.inside)}" if rule.inside else ""
            message = f"On vacation{source} in {dated_weeks(calendar, [part])}: "
            message += f"{count} of {rule.who.words()}, at most {limit} at once"
            yield rule.violation(count - limit, message, parts=[part])


def _counted(
    rule: Vacation, schedule: Schedule, scope: Scope, resident: Resident, parts: tuple[int, ...]
) -> Iterator[int]:
    """Where someone on vacation in a week of ``parts`` counts: once, or in each part inside."""
    if rule.inside is None:
        yield parts[0]
        return
    wanted = scope.problem.codes(rule.inside)
    grid = scope.problem.grids[schedule.grids[resident.index]]
    row = schedule.cells[resident.index]
    for part in parts:
        block = grid.blocks[grid.block_at[part]]
        if any(row[p] in wanted for p in block.parts):
            yield part
