"""Seeded tiny problems with several rules at once, made from the registry's examples.

Rules are taken from different examples, their numbers moved by one, their
weights and now and then other options drawn anew; residents, holidays and
wishes come from the same examples.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import combinations, product
from math import prod
from random import Random
from typing import Any, Literal, get_args, get_origin

from pydantic import ValidationError

from scheduler.problem.problem import Problem
from scheduler.problem.rotation import AWAY
from scheduler.problem.wish import Alternative, Choice
from scheduler.rules.backups import backup_grants
from scheduler.rules.base import Rule
from scheduler.rules.example import Example, Person, example_problem
from scheduler.rules.registry import rule_class, rule_kinds
from scheduler.schedule.schedule import HolidayDuty, Schedule
from tests.rules.exhaustive import (
    Year,
    any_years,
    build_schedule,
    plausible_duties,
    plausible_years,
    possible_backups,
)
from tests.rules.judges import form_faults
from tests.rules.variants import build_rule, examples_of, shapes, with_leave

#: Rules of the second pass alone; random divisions are compared in test_teams.
SECOND_PASS = {kind for kind in rule_kinds() if all(one.teams for one in examples_of(kind))}

#: Rotations a random problem has at most; more would be too many schedules.
MOST_ROTATIONS = 3

#: Options that name rotations.
NAMING = ("rotations", "never", "cover_on", "be", "inside", "after", "next_to", "must", "before")

SOME_VACATION: Mapping[str, Any] = {"rule": "vacation", "minimum": 0, "maximum": 2}


@cache
def random_problem(seed: int, most: int) -> tuple[Problem, list[Schedule]]:
    """A problem of several rules with all its well-formed schedules, at most ``most``."""
    random = Random(seed)
    while True:
        examples = _some_examples(random)
        if examples is None:
            continue
        problem = _problem(examples, random)
        schedules = all_schedules(problem, most)
        if schedules is not None:
            return problem, schedules


def _some_examples(random: Random) -> list[Example] | None:
    """Examples of two to four different rules that together need few rotations."""
    kinds = random.sample(sorted({*rule_kinds()} - SECOND_PASS), random.randint(2, 4))
    drawn = [[one for one in examples_of(kind) if not one.teams] for kind in kinds]
    examples = [random.choice(some) for some in drawn]
    codes = {code for example in examples for code in example.rotations}
    return examples if len(codes) <= MOST_ROTATIONS else None


def _problem(examples: Sequence[Example], random: Random) -> Problem:
    names = "ABC"[: random.choice((1, 2, 2, 3))]
    weeks = random.choice((3, 4, 5, 6) if len(names) > 1 else (5, 6, 7, 8))
    codes = sorted({code for example in examples for code in example.rotations})
    rules = [_changed(example.rule, codes, random) for example in examples]
    others = {str(dict(options)): options for example in examples for options in example.others}
    if not others and random.random() < 0.5:
        others[""] = SOME_VACATION
    merged = Example(
        title=" + ".join(example.title for example in examples),
        rule=examples[0].rule,
        grid={name: " ".join([examples[0].rotations[0]] * weeks) for name in names},
        block_weeks=random.choice((1, 2, 2, 3)),
        residents={name: _person(examples, weeks, random) for name in names},
        rotations=tuple(codes),
        holidays=_holidays(examples, weeks),
        choices=tuple(_choices(examples, len(names), weeks)),
        **_earlier(examples, names, weeks),
    )
    problem = example_problem(merged, (*rules, *map(build_rule, others.values())))
    shaped = random.choice([shaped for _, shaped in shapes(problem)])
    return with_leave(shaped) if random.random() < 0.25 else shaped


def _changed(options: Mapping[str, Any], codes: Sequence[str], random: Random) -> Rule:
    """The rule with some options changed and another weight, as far as its class allows."""
    for _ in range(5):
        changed = {key: _other(key, value, codes, random) for key, value in options.items()}
        changed |= _drawn_options(options["rule"], random)
        changed.pop("weight", None)
        weight = random.choice((None, random.randint(1, 5)))
        try:
            return build_rule(changed if weight is None else {**changed, "weight": weight})
        except ValidationError:
            continue
    return build_rule(options)


def _other(key: str, value: Any, codes: Sequence[str], random: Random) -> Any:
    """Numbers moved by one at most; now and then other rotations."""
    if type(value) is int:
        return value + random.choice((-1, 0, 0, 1))
    if isinstance(value, list) and value and type(value[0]) is int:
        return sorted({_other(key, one, codes, random) for one in value})
    if key in NAMING and random.random() < 0.3:
        return random.sample(codes, random.randint(1, len(codes)))
    return value


def _drawn_options(kind: str, random: Random) -> dict[str, Any]:
    """Now and then who and when, and any option of which there are a few values."""
    found: dict[str, Any] = {}
    if random.random() < 0.2:
        found["who"] = random.choice(({"pgy": 1}, {"pgy": 2}, {"visitors": "also"}, {}))
    if random.random() < 0.2:
        found["when"] = {"weeks": random.choice(("1-2", "2-4", "1, 3-9", "3-5", "2, 4"))}
    for name, field in rule_class(kind).model_fields.items():
        values = get_args(field.annotation) if get_origin(field.annotation) is Literal else ()
        if len(values) > 1 and name != "lane" and random.random() < 0.2:
            found[name] = random.choice(values)
        if field.annotation is bool and random.random() < 0.2:
            found[name] = random.choice((True, False))
    return found


def _person(examples: Sequence[Example], weeks: int, random: Random) -> Person:
    known = [person for example in examples for person in example.residents.values()]
    person = random.choice([Person(), Person(pgy=2), *known])
    return replace(
        person,
        leave=tuple(week for week in person.leave if week <= weeks),
        away=tuple(week for week in person.away if week <= weeks),
        covers=tuple(week for week in person.covers if week <= weeks),
    )


def _earlier(examples: Sequence[Example], names: str, weeks: int) -> dict[str, Any]:
    """The rows and duties of the schedules that examples start from, where one of them does."""
    rows = [row.split() for example in examples for row in example.earlier.values()]
    known = {name for example in examples for name in _holidays([example], weeks)}
    duties = {
        key: said
        for example in examples
        for key, said in example.earlier_duties.items()
        if key[0] in names and key[1] in known
    }
    taken = {name: rows[number % len(rows)] for number, name in enumerate(names if rows else "")}
    long = {name: " ".join((row * weeks)[:weeks]) for name, row in taken.items()}
    backups = {
        name: tuple(number for number in numbers if number <= weeks)
        for example in examples
        for name, numbers in example.earlier_backups.items()
        if name in names
    }
    return {"earlier": long, "earlier_duties": duties, "earlier_backups": backups}


def _holidays(examples: Sequence[Example], weeks: int) -> dict[str, tuple[int, ...]]:
    found = {name: numbers for one in examples for name, numbers in one.holidays.items()}
    return {name: numbers for name, numbers in found.items() if max(numbers) <= weeks}


def _choices(examples: Sequence[Example], residents: int, weeks: int) -> Iterator[Choice]:
    """The examples' choices, as far as the smaller problem has their residents and weeks."""
    known = {name for example in examples for name in _holidays([example], weeks)}
    for choice in (choice for example in examples for choice in example.choices):
        kept = tuple(
            a
            for a in choice.alternatives
            if _fits(a, weeks, known) and (a.partner or 0) < residents
        )
        if choice.resident < residents and kept:
            yield replace(choice, alternatives=kept)


def _fits(alternative: Alternative, weeks: int, holidays: set[str]) -> bool:
    freeing = (week for _, others in alternative.freed_by for week in others)
    inside = all(index < weeks for index in (*alternative.weeks, *alternative.parts, *freeing))
    return inside and (not alternative.holiday or alternative.holiday in holidays)


# -- every schedule of it ----------------------------------------------------------------


def all_schedules(problem: Problem, most: int) -> list[Schedule] | None:
    """All schedules whose form is allowed; None if there are more than ``most``."""
    years: list[list[Year]] = []
    for resident in problem.residents:
        space = any_years(problem, resident)
        if space.size > most:
            space = plausible_years(problem, resident, len(problem.calendar.weeks))
        if space.size > most:
            return None
        alone = [space.at(index) for index in range(space.size)]
        years.append([one for one in alone if _well_formed(problem, resident.index, one)])
    duties, grants = plausible_duties(problem), backup_grants(problem)
    if prod(map(len, years)) * duties.size > most:
        return None
    found: list[Schedule] = []
    for rows in product(*years):
        for duty in range(duties.size):
            schedule = build_schedule(problem, rows, duties.at(duty))
            able = possible_backups(problem, schedule, grants)
            if len(found) + 2 ** len(able) > most:
                return None
            named = (frozenset(c) for n in range(len(able) + 1) for c in combinations(able, n))
            every = (replace(schedule, backups=one) for one in named)
            found += [one for one in every if not form_faults(problem, one)]
    return found


def _well_formed(problem: Problem, index: int, year: Year) -> bool:
    """Whether one resident's cells are allowed, whatever the others do (they are left AWAY)."""
    name, row = year
    away = tuple(AWAY for _ in problem.calendar.parts)
    cells = tuple(row if r.index == index else away for r in problem.residents)
    grids = tuple(name if r.index == index else r.grids[0] for r in problem.residents)
    found = form_faults(problem, Schedule(cells, grids, dict[tuple[int, str], HolidayDuty]()))
    return all(one.resident != index for one in found)
