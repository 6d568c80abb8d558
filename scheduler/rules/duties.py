"""Which holiday duties each resident may have: what rules grant, less what they may never do."""

from __future__ import annotations

from collections.abc import Mapping

from scheduler.problem.grid import Block
from scheduler.problem.holiday import Holiday
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.rules.base import Rule, Scope
from scheduler.schedule.schedule import HolidayDuty

#: By resident index and holiday name: the duties beside one's own service.
Duties = Mapping[tuple[int, str], frozenset[HolidayDuty]]


def possible_duties(problem: Problem) -> Duties:
    """The duties some rule grants, without pulls to a service that eligibility forbids then.

    A lock on the resident's block forbids no pull: people are pulled from the
    clinic that they are locked to.
    """
    found: dict[tuple[int, str], frozenset[HolidayDuty]] = {}
    granting = [bound for bound in problem.rules if bound.answers("holiday_duties")]
    for bound in granting if problem.holidays else ():
        scope = bound.scope(problem)
        for holiday in problem.holidays:
            for resident in scope.residents:
                duties = bound.rule.holiday_duties(scope, resident, holiday)
                if duties:
                    key = (resident.index, holiday.name)
                    found[key] = found.get(key, frozenset()) | duties
    strict = _strict(problem)
    return {key: _able(problem, strict[key[0]], key, duties) for key, duties in found.items()}


def _strict(problem: Problem) -> list[list[tuple[Rule, Scope]]]:
    """By resident index the hard rules of eligibility that are about them."""
    found: list[list[tuple[Rule, Scope]]] = [[] for _ in problem.residents]
    for bound in problem.rules:
        if bound.rule.hard and bound.rule.rule == "eligibility":
            scope = bound.scope(problem)
            for index in bound.residents:
                found[index].append((bound.rule, scope))
    return found


def _able(
    problem: Problem,
    rules: list[tuple[Rule, Scope]],
    key: tuple[int, str],
    duties: frozenset[HolidayDuty],
) -> frozenset[HolidayDuty]:
    if not any(duty.service for duty in duties):  # to be off needs no leave of eligibility
        return duties
    resident, holiday = problem.residents[key[0]], problem.holiday_by_name[key[1]]
    never = _never(rules, resident, holiday)
    return frozenset(duty for duty in duties if duty.service not in never)


def _never(rules: list[tuple[Rule, Scope]], resident: Resident, holiday: Holiday) -> frozenset[str]:
    """The services that the resident may not take on some day of the holiday."""
    found: set[str] = set()
    blocks = [Block(0, (part,)) for part in holiday.parts]
    for rule, scope in rules:
        for block in blocks:
            found |= rule.excluded(scope, resident, block)
    return frozenset(found)
