"""Who may be named as backup in which week, and from which rotations: what rules grant."""

from __future__ import annotations

from collections.abc import Mapping

from scheduler.problem.problem import Problem

#: By resident index and week index: the codes from which the resident may be named.
Grants = Mapping[tuple[int, int], frozenset[str]]


def backup_grants(problem: Problem) -> Grants:
    """What the rules of ``problem`` grant together; nothing where nobody is there all week."""
    found: dict[tuple[int, int], frozenset[str]] = {}
    for bound in problem.rules:
        scope = bound.scope(problem)
        codes = bound.rule.backup_from(scope)
        if not codes:
            continue
        for week, parts in enumerate(problem.calendar.parts_of_week):
            for resident in scope.residents if scope.part_set.issuperset(parts) else ():
                if resident.available.issuperset(parts):
                    key = (resident.index, week)
                    found[key] = found.get(key, frozenset()) | codes
    return found
