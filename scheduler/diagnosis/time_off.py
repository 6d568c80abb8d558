"""Time off asked for against the room there is, week by week; knows no solver."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scheduler.problem.problem import Problem
from scheduler.rules.base import BoundRule
from scheduler.rules.vacation import Vacation


@dataclass(frozen=True)
class WeekRoom:
    """People who ask first for vacation in one week against the room there is.

    ``crowded`` tells of whom too many ask, and how many, by each rule that is exceeded.
    """

    week: int
    asked: int
    room: int | None
    crowded: tuple[tuple[str, int], ...]


def time_off(problem: Problem) -> Iterator[WeekRoom]:
    """Week by week: who asks first for vacation in it, and how many may be away at once."""
    asking: list[set[int]] = [set() for _ in problem.calendar.weeks]
    for choice in problem.choices:
        first = min(choice.alternatives, key=lambda one: one.priority, default=None)
        for week in first.weeks if first is not None else ():
            asking[week].add(choice.resident)
    for index, people in enumerate(asking):
        rules = list(_rules_of(problem, index))
        crowded = tuple(_crowded(problem, index, rules, people))
        yield WeekRoom(index, len(people), _room(problem, index, rules), crowded)


_Rules = list[tuple[BoundRule, Vacation]]


def _crowded(
    problem: Problem, week: int, rules: _Rules, people: set[int]
) -> Iterator[tuple[str, int]]:
    """Of whom more ask than a rule allows, and how many more."""
    parts = set(problem.calendar.parts_of_week[week])
    for bound, rule in rules:
        asked = len(people.intersection(bound.residents))
        if _closes(problem, rule, parts):
            most = 0
        elif (rule.at_once, rule.at_once_percent) != (None, None):
            most = rule.limit(len(bound.residents))
        else:
            continue
        if asked > most:
            yield rule.who.words(), asked - most


def _room(problem: Problem, week: int, here: _Rules) -> int | None:
    """People who may be on vacation in ``week`` by the rules that cap it; None without one.

    Nobody may for whom the week is closed.
    """
    parts = set(problem.calendar.parts_of_week[week])
    counted = {
        who for bound, rule in here if _closes(problem, rule, parts) for who in bound.residents
    }
    everybody = {one.index for one in problem.residents if not one.visitor}
    caps: list[int] = [0] if counted and counted >= everybody else []
    for bound, rule in here:
        fresh = set(bound.residents) - counted
        if (rule.at_once, rule.at_once_percent) != (None, None) and bound.residents:
            counted |= fresh
            caps.append(min(len(fresh), rule.limit(len(bound.residents))))
    return sum(caps) if caps else None


def _rules_of(problem: Problem, week: int) -> Iterator[tuple[BoundRule, Vacation]]:
    """The hard rules on vacation that speak of ``week``, whatever rotations people are on."""
    parts = set(problem.calendar.parts_of_week[week])
    for bound in problem.rules:
        rule = bound.rule
        if not isinstance(rule, Vacation) or not rule.hard or parts.isdisjoint(bound.parts):
            continue
        if rule.inside is None:
            yield bound, rule


def _closes(problem: Problem, rule: Vacation, parts: set[int]) -> bool:
    """Whether the rule gives no vacation in some of ``parts``."""
    return rule.blackout is not None and not parts.isdisjoint(rule.blackout.closed(problem))
