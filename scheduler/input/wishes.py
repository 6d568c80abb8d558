"""Wishes that cannot count, taken out of the choices and told; knows no tables.

These are wishes that no schedule can grant, and the same thing wished for in two
choices: neither may lend weight to the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from operator import attrgetter

from scheduler.input.faults import Place
from scheduler.problem.problem import Problem
from scheduler.problem.wish import Alternative, Choice, Lane, LeftOut, WishKind
from scheduler.rules.possible import Possible

Places = Mapping[tuple[int, str, int], Place]


def without_idle(problem: Problem, places: Places) -> tuple[Problem, list[str]]:
    """``problem`` without wishes that cannot count, and a warning for each that was asked for.

    What is left of a list moves up.  A protected choice keeps all of it: a person
    approved it, so that it is for a person to mend.
    """
    reasons = _Reasons(problem)
    kept: list[Choice] = []
    left_out: list[LeftOut] = []
    warnings: list[str] = []
    for choice in problem.choices:
        asked = [(wish, reasons.why_not(choice, wish)) for wish in choice.alternatives]
        if not choice.default:
            warnings += [_warning(problem, choice, one, why, places) for one, why in asked if why]
        if choice.lane is Lane.PROTECTED:
            kept.append(choice)
            continue
        left = tuple(wish for wish, why in asked if not why)
        if left:
            kept.append(replace(choice, alternatives=left))
        for reason in dict.fromkeys(why for _, why in asked if why):
            out = tuple(wish for wish, why in asked if why == reason)
            left_out.append(LeftOut(replace(choice, alternatives=out), reason))
    return replace(problem, choices=tuple(kept), left_out=tuple(left_out)), warnings


class _Reasons:
    """Why wishes cannot count."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._possible = Possible(problem)

    def why_not(self, choice: Choice, wish: Alternative) -> str:
        """The reason in words; '' where the wish counts."""
        why = self._possible.why_not(choice.resident, wish)
        if why or choice.lane is Lane.PROTECTED:
            return why
        for other in self._before(choice):
            same = (one for one in other.alternatives if _same(wish, one))
            if any(not self._possible.why_not(other.resident, one) for one in same):
                return f"asked for in choice '{other.name}' already"
        return ""

    def _before(self, choice: Choice) -> Iterator[Choice]:
        """The choices of the same lane that come first: by number, else as they were written."""
        for other in sorted(self._problem.choices_of[choice.resident], key=attrgetter("number")):
            if other is choice:
                return
            if other.lane is choice.lane:
                yield other


def _same(one: Alternative, other: Alternative) -> bool:
    """Whether both ask for the same thing, at least in part."""
    if one.kind is not other.kind:
        return False
    if one.kind is WishKind.HOLIDAY:
        return one.holiday == other.holiday
    times = [set(wish.weeks) | set(wish.parts) for wish in (one, other)]
    meet = not all(times) or not times[0].isdisjoint(times[1])
    rotations = not one.rotations or not one.rotations.isdisjoint(other.rotations)
    return meet and rotations


def _warning(problem: Problem, choice: Choice, wish: Alternative, why: str, places: Places) -> str:
    who = problem.residents[choice.resident].id
    place = places[choice.resident, choice.name, wish.priority]
    then = "although it is approved" if choice.lane is Lane.PROTECTED else "so it does not count"
    if why.startswith("asked"):
        return f"{place}: {who}: {wish.asked} is {why}, {then}"
    return f"{place}: {who} can never be granted {wish.asked} ({why}), {then}"
