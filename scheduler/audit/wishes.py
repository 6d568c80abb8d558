"""What each wish received in a schedule, and wishes in plain words; knows no rule and no model."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from scheduler.problem.calendar import DAYS_IN_WEEK
from scheduler.problem.holiday import HolidayStatus
from scheduler.problem.problem import Problem
from scheduler.problem.rotation import AWAY, LEAVE, VACATION
from scheduler.problem.wish import Alternative, Choice, WishKind
from scheduler.rules.words import counted, dated_weeks, either
from scheduler.schedule.schedule import Schedule

#: What a wish is called where its rotation or dates follow at once.
_PLAIN = {WishKind.ROTATION: "", WishKind.AVOID: "no ", WishKind.DATE: "free days "}
_SPAN = re.compile(r"(?<=\d)\.\.(?=\d)")


@dataclass(frozen=True)
class Received:
    """What one choice received: the alternative and its rank from 1, or neither (denied)."""

    choice: Choice
    alternative: Alternative | None = None
    rank: int | None = None

    @property
    def denied(self) -> bool:
        return self.alternative is None


def received(problem: Problem, schedule: Schedule, choice: Choice) -> Received:
    """The most wanted alternative of ``choice`` that holds; equal priorities share a rank."""
    rank, before = 0, None
    for alternative in sorted(choice.alternatives, key=lambda one: one.priority):
        if alternative.priority != before:
            rank, before = rank + 1, alternative.priority
        if all(
            holds(problem, schedule, resident, alternative)
            for resident in (choice.resident, alternative.partner)
            if resident is not None
        ):
            return Received(choice, alternative, rank)
    return Received(choice)


def all_received(problem: Problem, schedule: Schedule) -> tuple[Received, ...]:
    """What every choice of the problem received, in the order of the choices."""
    return tuple(received(problem, schedule, choice) for choice in problem.choices)


def holds(problem: Problem, schedule: Schedule, resident: int, wish: Alternative) -> bool:
    """Whether the schedule gives resident index ``resident`` what ``wish`` asks for."""
    row = schedule.cells[resident]
    if wish.kind == WishKind.HOLIDAY:
        duty = schedule.duties.get((resident, wish.holiday))
        return duty is not None and duty.status == HolidayStatus.OFF
    if wish.kind == WishKind.VACATION:
        parts = [p for week in wish.weeks for p in problem.calendar.parts_of_week[week]]
        return all(row[part] == VACATION for part in parts)
    if wish.kind == WishKind.DATE:
        return all(_is_free(problem, row, *days) for days in wish.freeing(problem.calendar))
    stands = _blocks_on(problem, schedule, resident, wish.rotations)
    if wish.kind == WishKind.ROTATION:
        return _is_met(problem, stands, wish)
    return stands.isdisjoint(wish.parts or range(len(row)))


def _is_free(problem: Problem, row: tuple[str, ...], part: int, weeks: tuple[int, ...]) -> bool:
    """Whether days of ``part`` can be had: away, on a rotation that releases them, or vacation.

    It is the vacation of ``weeks`` that frees them.
    """
    rotation = problem.rotations.get(row[part])
    if row[part] in (LEAVE, AWAY) or (rotation is not None and rotation.releasable):
        return True
    return any(row[p] == VACATION for week in weeks for p in problem.calendar.parts_of_week[week])


def _blocks_on(
    problem: Problem, schedule: Schedule, resident: int, codes: frozenset[str]
) -> set[int]:
    """The parts, absences left out, of every block that is on ``codes`` before overlays."""
    row = schedule.cells[resident]
    found: set[int] = set()
    for block in problem.grids[schedule.grids[resident]].blocks:
        if any(row[part] in codes for part in block.parts):
            found.update(part for part in block.parts if row[part] != AWAY)
    return found


def _is_met(problem: Problem, stands: set[int], wish: Alternative) -> bool:
    """Whether blocks that hold the parts ``stands`` are as a wish for a rotation asks."""
    if not wish.at_least:
        return stands.issuperset(wish.parts) if wish.parts else bool(stands)
    inside = stands.intersection(wish.parts) if wish.parts else stands
    days = sum(problem.calendar.parts[part].days for part in inside)
    weeks, over = divmod(days, DAYS_IN_WEEK)
    return weeks + (2 * over > DAYS_IN_WEEK) >= wish.at_least


def received_words(problem: Problem, found: Received) -> str:
    """What a choice received in plain words: the alternative and its rank, or all denied."""
    choice, granted = found.choice, found.alternative
    whose = f"{problem.residents[choice.resident].name}, request {choice.name}"
    if granted is None:
        wishes = sorted(choice.alternatives, key=lambda one: one.priority)
        return f"{whose}: denied ({', or '.join(wish_words(problem, one) for one in wishes)})"
    place = f"choice {found.rank} of {len(choice.priorities)}"
    return f"{whose}: got {place}: {wish_words(problem, granted)}"


def wish_words(problem: Problem, wish: Alternative) -> str:
    """A wish in plain words: with the dates asked for, or with week numbers; names nobody."""
    as_asked = wish.asked and wish.kind is not WishKind.HOLIDAY
    words = _plain(wish) if as_asked else _asked(problem, wish)
    return words if wish.partner is None else f"{words}, together"


def _plain(wish: Alternative) -> str:
    """'vacation 2026-08-10 to 2026-08-23' for what tables write with dots, 'no ICU' for avoid."""
    rest = _SPAN.sub(" to ", wish.asked.removeprefix(wish.kind).strip())
    anywhen = wish.kind is WishKind.ROTATION and not (wish.parts or wish.at_least)
    return f"{_PLAIN.get(wish.kind, f'{wish.kind} ')}{rest}{' at any time' * anywhen}"


def _asked(problem: Problem, wish: Alternative) -> str:
    if wish.kind == WishKind.HOLIDAY:
        return f"off at {problem.holiday_by_name[wish.holiday].title}"
    names = either(sorted(wish.rotations)) if wish.rotations else ""
    if wish.kind == WishKind.VACATION:
        weeks = [p for week in wish.weeks for p in problem.calendar.parts_of_week[week]]
        return f"vacation in {_when(problem, weeks)}"
    if wish.kind == WishKind.DATE:
        return f"free days in {_when(problem, wish.parts)}"
    if wish.kind == WishKind.AVOID:
        return f"no {names} in {_when(problem, wish.parts)}"
    some = f"{counted(wish.at_least, 'week')} of " if wish.at_least else ""
    return f"{some}{names} in {_when(problem, wish.parts)}"


def _when(problem: Problem, parts: Iterable[int]) -> str:
    listed = list(parts)
    return dated_weeks(problem.calendar, listed) if listed else "the year"
