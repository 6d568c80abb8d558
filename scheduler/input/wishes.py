"""Wishes that cannot count, taken out of the choices and told; knows no tables.

These are wishes that no schedule can grant, and the same thing wished for in two
choices: neither may lend weight to the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from operator import attrgetter

from scheduler.input.faults import Place
from scheduler.problem.problem import Problem
from scheduler.problem.wish import Alternative, Choice, Lane, LeftOut, WishKind
from scheduler.rules.possible import Possible
from scheduler.rules.words import ranges

#: So many wishes that cannot count for one reason are told one by one.
_MOST_ALIKE = 4

Places = Mapping[tuple[int, str, int], Place]


def without_idle(problem: Problem, places: Places) -> tuple[Problem, list[str]]:
    """``problem`` without wishes that cannot count, and a warning for each that was asked for.

    What is left of a list moves up.  A protected choice keeps all of it: a person
    approved it, so that it is for a person to mend.
    """
    reasons = _Reasons(problem)
    kept: list[Choice] = []
    left_out: list[LeftOut] = []
    idle: list[_Idle] = []
    for choice in problem.choices:
        asked = [(wish, reasons.why_not(choice, wish)) for wish in choice.alternatives]
        if not choice.default:
            found = ((one, why) for one, why in asked if why)
            idle += [_idle(problem, choice, one, why, places) for one, why in found]
        if choice.lane is Lane.PROTECTED:
            kept.append(choice)
            continue
        left = tuple(wish for wish, why in asked if not why)
        if left:
            kept.append(replace(choice, alternatives=left))
        for reason in dict.fromkeys(why for _, why in asked if why):
            out = tuple(wish for wish, why in asked if why == reason)
            left_out.append(LeftOut(replace(choice, alternatives=out), reason))
    return replace(problem, choices=tuple(kept), left_out=tuple(left_out)), _told(idle)


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


@dataclass(frozen=True)
class _Idle:
    """A wish that cannot count: its place, what is said of it alone, and of several like it."""

    place: Place
    alone: str
    alike: str


def _idle(problem: Problem, choice: Choice, wish: Alternative, why: str, places: Places) -> _Idle:
    who = problem.residents[choice.resident].id
    place = places[choice.resident, choice.name, wish.priority]
    protected = choice.lane is Lane.PROTECTED
    then = "although it is approved" if protected else "so it does not count"
    many = "although they are approved" if protected else "so they do not count"
    if why.startswith("asked"):
        alike = "wishes are asked for in an earlier choice already"
        return _Idle(place, f"{who}: {wish.asked} is {why}, {then}", f"{alike}, {many}")
    return _Idle(
        place,
        f"{who} can never be granted {wish.asked} ({why}), {then}",
        f"wishes can never be granted ({why}), {many}",
    )


def _told(idle: Iterable[_Idle]) -> list[str]:
    """A line for each, in the order of the file; many of a kind share one, where the first is."""
    kinds: dict[tuple[str, str], list[_Idle]] = {}
    for one in idle:
        kinds.setdefault((one.place.file, one.alike), []).append(one)
    told: list[tuple[str, int, str]] = []
    for (file, alike), those in kinds.items():
        lines = sorted(one.place.line or 0 for one in those)
        if len(those) > _MOST_ALIKE:
            told.append((file, lines[0], f"{file}: {len(those)} {alike}: lines {ranges(lines)}"))
        else:
            told += [(file, one.place.line or 0, f"{one.place}: {one.alone}") for one in those]
    return [line for _, _, line in sorted(told)]
