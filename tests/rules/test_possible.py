"""What is called impossible is granted by no schedule whatever."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scheduler.audit.wishes import holds
from scheduler.problem.problem import Problem
from scheduler.problem.wish import Alternative, WishKind
from scheduler.rules.possible import Possible
from tests.rules.judges import audit_verdict
from tests.rules.random_problems import random_problem

MOST = 2000


def _wishes(problem: Problem) -> list[Alternative]:
    """A wish of every kind, for every week, part, holiday and rotation."""
    weeks, parts = range(len(problem.calendar.weeks)), range(len(problem.calendar.parts))
    found = [Alternative(1, WishKind.VACATION, weeks=(week,)) for week in weeks]
    found += [Alternative(1, WishKind.VACATION, weeks=tuple(weeks)[:n]) for n in (2, 3)]
    found += [Alternative(1, WishKind.HOLIDAY, holiday=one.name) for one in problem.holidays]
    found += [Alternative(1, WishKind.DATE, parts=(part,)) for part in parts]
    for code in problem.rotations:
        for kind in (WishKind.ROTATION, WishKind.AVOID):
            dated = [
                Alternative(1, kind, parts=p, rotations=frozenset({code})) for p in ((), (0, 1))
            ]
            found += [one for one in dated if set(one.parts) <= set(parts)]
        some = Alternative(1, WishKind.ROTATION, rotations=frozenset({code}))
        for meant in ((), tuple(parts)[1:]):
            found += [replace(some, at_least=weeks, parts=meant) for weeks in (1, 2, 4)]
    return found


def _impossible(problem: Problem) -> list[tuple[int, Alternative]]:
    possible = Possible(problem)
    return [
        (resident.index, wish)
        for resident in problem.residents
        for wish in _wishes(problem)
        if possible.why_not(resident.index, wish)
    ]


@pytest.mark.parametrize("seed", range(30))
def test_no_schedule_grants_what_is_impossible(seed: int) -> None:
    """Over all allowed schedules of random tiny problems."""
    problem, schedules = random_problem(seed, MOST)
    problem = replace(problem, choices=())
    impossible = _impossible(problem)
    for schedule in schedules:
        if audit_verdict(problem, schedule) is not None:
            granted = [one for one in impossible if holds(problem, schedule, *one)]
            assert granted == []


def test_something_is_impossible_and_something_is_not() -> None:
    """The comparison is not empty."""
    problems = [random_problem(seed, MOST)[0] for seed in range(30)]
    counts = [(len(_impossible(p)), len(p.residents) * len(_wishes(p))) for p in problems]
    assert sum(found for found, _ in counts) > 100
    assert all(found < of for found, of in counts)
