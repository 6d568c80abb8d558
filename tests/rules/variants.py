"""Variations of the rules' examples: other blocks, split weeks, other grids, leave, hard or soft.

Everything is drawn from the registry, so a new rule is varied without a word here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from scheduler.problem.calendar import Calendar, build_calendar, weeks_of_year
from scheduler.problem.grid import Block, Grid
from scheduler.problem.problem import Problem
from scheduler.problem.wish import Choice
from scheduler.rules.base import Rule
from scheduler.rules.example import Example, bind, example_problem, example_schedule
from scheduler.rules.registry import rule_class, rule_kinds
from scheduler.schedule.schedule import Schedule

#: The first day of each block of a grid, with the rotation its pattern assigns.
Starts = Sequence[tuple[date, str | None]]


# -- the examples of the registry ---------------------------------------------------------


def examples_of(kind: str) -> tuple[Example, ...]:
    """The examples of a rule, as examples."""
    return rule_class(kind).examples  # type: ignore[return-value]


def all_examples() -> list[Any]:
    """A test parameter (kind, number) per example; one that fails where a module is missing."""
    found = []
    for kind in rule_kinds():
        try:
            titles = [example.title for example in examples_of(kind)]
        except Exception:  # the test itself loads the module, and shows why it cannot
            titles = ["module"]
        titles = titles or ["no example"]
        names = [f"{kind}-{n}-{title.replace(' ', '-')}" for n, title in enumerate(titles)]
        found += [pytest.param(kind, n, id=name) for n, name in enumerate(names)]
    return found


def build_rule(options: Mapping[str, Any]) -> Rule:
    """A rule from its options as a program writes them."""
    return rule_class(options["rule"]).model_validate(dict(options))


def with_weight(options: Mapping[str, Any], weight: int | None) -> Rule | None:
    """The rule made soft with ``weight``, or hard; None where its class does not allow that."""
    changed = {key: value for key, value in options.items() if key != "weight"}
    try:
        return build_rule(changed if weight is None else {**changed, "weight": weight})
    except ValidationError:
        return None


def hard_and_soft(options: Mapping[str, Any], weight: int = 3) -> Iterator[Rule]:
    """The rule as it is, then made hard and made soft as far as that differs and is allowed."""
    rule = build_rule(options)
    yield rule
    for other in (with_weight(options, None), with_weight(options, weight)):
        if other is not None and other.hard != rule.hard:
            yield other


def narrowed(example: Example) -> Iterator[Mapping[str, Any]]:
    """The example's rule for the weeks in the middle alone, and for all people but the first."""
    first, weeks = next((name, len(row.split())) for name, row in example.grid.items())
    who = dict(example.rule.get("who", {}))
    changes: list[dict[str, Any]] = [{"when": {"weeks": f"2-{max(2, weeks - 1)}"}}]
    if len(example.grid) > 1 and "but_not" not in who:
        changes.append({"who": {**who, "but_not": {"resident": first}}})
    for options in ({**example.rule, **change} for change in changes):
        with suppress(ValidationError):  # not every rule can be about a part of the year
            build_rule(options)
            yield options


def problem_of(example: Example, rule: Rule) -> Problem:
    """The example's tiny problem with ``rule`` in place of its own."""
    return example_problem(example, (rule, *map(build_rule, example.others)))


# -- other shapes of the same problem -----------------------------------------------------


def starts_of(problem: Problem, grid: Grid) -> Starts:
    """The first day of every block of ``grid``."""
    return [(problem.calendar.parts[b.parts[0]].first, b.assigned) for b in grid.blocks]


def _grid(name: str, calendar: Calendar, starts: Starts) -> Grid:
    parts: list[list[int]] = [[] for _ in starts]
    for part in calendar.parts:
        parts[sum(first <= part.first for first, _ in starts) - 1].append(part.index)
    assigned = [code for _, code in starts]
    return Grid(name, tuple(Block(i, tuple(p), assigned[i]) for i, p in enumerate(parts)))


def reshaped(problem: Problem, grids: Mapping[str, Starts]) -> Problem:
    """``problem`` with other grids, all of them candidates of every resident."""
    cuts = [first for starts in grids.values() for first, _ in starts]
    calendar = build_calendar(problem.calendar.weeks, cuts)

    def moved(parts: Iterable[int]) -> tuple[int, ...]:
        old = [problem.calendar.parts[part] for part in parts]
        return tuple(new for p in old for new in calendar.parts_between(p.first, p.last))

    residents = tuple(
        replace(
            one,
            grids=tuple(grids),
            present=frozenset(moved(one.present)),
            leave=frozenset(moved(one.leave)),
            covers=frozenset(moved(one.covers)),
            levels=tuple((pgy, frozenset(moved(parts))) for pgy, parts in one.levels),
        )
        for one in problem.residents
    )
    holidays = tuple(
        replace(
            one,
            parts=tuple(p for dates in one.ranges for p in calendar.parts_between(*dates)),
        )
        for one in problem.holidays
    )
    old_part = [problem.calendar.part_at(part.first) for part in calendar.parts]
    bare = replace(
        problem,
        calendar=calendar,
        earlier=_moved_earlier(problem.earlier, old_part),
        grids={name: _grid(name, calendar, starts) for name, starts in grids.items()},
        residents=residents,
        holidays=holidays,
        choices=tuple(_moved_choice(choice, moved) for choice in problem.choices),
    )
    return _rebound(problem, bare)


def _moved_earlier(earlier: Schedule | None, old_part: list[int | None]) -> Schedule | None:
    """The schedule to start from, each part with what stood there before it was split."""
    if earlier is None:
        return None
    cells = tuple(tuple(row[old or 0] for old in old_part) for row in earlier.cells)
    teams = {
        (index, new): earlier.teams[index, old or 0]
        for index in range(len(cells))
        for new, old in enumerate(old_part)
        if (index, old or 0) in earlier.teams
    }
    return replace(earlier, cells=cells, teams=teams)


def _moved_choice(choice: Choice, moved: Callable[[Iterable[int]], tuple[int, ...]]) -> Choice:
    alternatives = tuple(
        replace(
            one,
            parts=moved(one.parts),
            freed_by=tuple((new, weeks) for old, weeks in one.freed_by for new in moved([old])),
        )
        for one in choice.alternatives
    )
    return replace(choice, alternatives=alternatives)


def _even(problem: Problem, weeks: int) -> Starts:
    return [(week.first, None) for week in problem.calendar.weeks[::weeks]]


def _shifted(problem: Problem, days: int = 3) -> Starts:
    """The problem's own blocks, but every second boundary some days later."""
    (grid,) = problem.grids.values()
    return [
        (first + timedelta(days=days if number % 2 else 0), code)
        for number, (first, code) in enumerate(starts_of(problem, grid))
    ]


def _rebound(problem: Problem, bare: Problem) -> Problem:
    """``bare`` with the rules of ``problem``, selecting anew."""
    return replace(bare, rules=tuple(bind(bound.rule, bare) for bound in problem.rules))


def _with_short_weeks(problem: Problem) -> Problem:
    """The year begins on a Thursday and ends on a Friday: two weeks that are not whole."""
    old = problem.calendar
    first, last = old.first + timedelta(days=3), old.last - timedelta(days=2)
    calendar = build_calendar(weeks_of_year(first, last, old.first.weekday()))
    return _rebound(problem, replace(problem, calendar=calendar))


def with_leave(problem: Problem) -> Problem:
    """The first resident on leave in the second week, the last away in the last."""
    first, *others = problem.residents
    parts = problem.calendar.parts_of_week
    gone = first.leave | (frozenset(parts[1 % len(parts)]) & first.present)
    people = [replace(first, leave=gone), *others]
    last = people[-1]
    away = frozenset(parts[-1])
    people[-1] = replace(last, present=last.present - away, leave=last.leave - away)
    return _rebound(problem, replace(problem, residents=tuple(people)))


def shapes(problem: Problem) -> Iterator[tuple[str, Problem]]:
    """The problem itself, and with other blocks, split and short weeks, leave."""
    yield "as written", problem
    (grid,) = problem.grids.values()
    own = starts_of(problem, grid)
    if not any(code for _, code in own):
        for weeks in (1, 2, 3):
            if list(own) != list(_even(problem, weeks)):
                yield f"{weeks}-week blocks", reshaped(problem, {"even": _even(problem, weeks)})
        both = {"one": _even(problem, 1), "two": _even(problem, 2)}
        yield "two candidate grids", reshaped(problem, both)
    if len(own) > 1:
        yield "blocks that split weeks", reshaped(problem, {"shifted": _shifted(problem)})
    yield "leave and absence", with_leave(problem)
    yield "short weeks", _with_short_weeks(problem)


def schedule_near(example: Example, problem: Problem, shape: str) -> Schedule | None:
    """The example's own schedule, where it fits the shape."""
    return example_schedule(example, problem) if shape == "as written" else None
