"""The second pass on random small divisions: its optimum is the best of all, by the audit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import product
from random import Random

import numpy as np
import pytest
from pydantic import ValidationError
from scipy.optimize import Bounds, LinearConstraint, milp

from scheduler.audit.audit import audit
from scheduler.audit.stays import read_stays
from scheduler.engine.settings import Settings
from scheduler.engine.teams import divide
from scheduler.model.decode import decode
from scheduler.model.teams import TeamModel
from scheduler.model.year import YearModel
from scheduler.problem.problem import Problem
from scheduler.problem.rotation import Team
from scheduler.rules.base import Rule
from scheduler.rules.example import Example, Person, bind, example_problem, example_schedule
from scheduler.schedule.schedule import Schedule
from tests.rules.judges import audit_verdict, best_cost, relaxed_audit_verdict
from tests.rules.variants import build_rule, examples_of

SEEDS = range(40)
_ANY_VACATION = {"rule": "vacation", "minimum": 0, "who": {"visitors": "also"}}
#: Divisions of one schedule at most; more are drawn anew.
MOST = 600


@cache
def _case(seed: int) -> tuple[Problem, Schedule]:
    """Two to four people over a few weeks on the floor and beside it, and two rules about teams."""
    random = Random(seed)
    while True:
        names = "ABCD"[: random.randint(2, 4)]
        weeks, block_weeks = random.choice(((4, 1), (4, 2), (6, 2)))
        codes = [random.choice(("FLOOR", "FLOOR", "WARD", "VAC")) for _ in range(4 * weeks)]
        rows = {
            name: " ".join(
                codes[number * weeks + week - week % block_weeks] for week in range(weeks)
            )
            for number, name in enumerate(names)
        }
        example = Example(
            "random",
            {"rule": "team", "even": True},
            rows,
            block_weeks=block_weeks,
            residents={name: _person(random) for name in names},
            rotations=("FLOOR", "WARD"),
        )
        rules = (*(_rule(random, weeks) for _ in range(2)), build_rule(_ANY_VACATION))
        problem = example_problem(example, rules)
        schedule = example_schedule(example, problem)
        model = TeamModel(problem, schedule)
        if model.stays and 2 ** len(model.stays) <= MOST:
            return problem, schedule


def _person(random: Random) -> Person:
    firm = random.choice(({}, {"firm": "north"}, {"firm": "south"}))
    return Person(pgy=random.choice((1, 1, 2)), visitor=random.random() < 0.3, groups=firm)


def _rule(random: Random, weeks: int) -> Rule:
    """One of the examples' rules, hard or soft, now and then for others."""
    while True:
        options = dict(random.choice(examples_of("team")).rule)
        options |= {"weight": random.randint(1, 3)} if random.random() < 0.6 else {}
        if random.random() < 0.3:
            options["who"] = random.choice(({"pgy": 1}, {"visitors": "only"}, {}))
        if random.random() < 0.3:
            options["when"] = {"weeks": f"1-{random.randint(1, weeks)}"}
        try:
            return build_rule(options)
        except ValidationError:
            continue


def _divisions(problem: Problem, schedule: Schedule) -> Iterator[Schedule]:
    """Every stay on every team."""
    stays = TeamModel(problem, schedule).stays
    for chosen in product(*(list(stay.columns) for stay in stays)):
        teams = {
            (stay.resident, part): team
            for stay, team in zip(stays, chosen, strict=True)
            for part in stay.parts
        }
        yield replace(schedule, teams=teams)


@pytest.mark.parametrize("seed", SEEDS)
def test_division_is_the_best_of_all(seed: int) -> None:
    """The pass finds what brute force by the audit finds, or the least bad where nothing fits."""
    problem, schedule = _case(seed)
    every = list(_divisions(problem, schedule))
    costs = [cost for one in every if (cost := audit_verdict(problem, one)) is not None]
    division = divide(problem, schedule, Settings())
    found = replace(schedule, teams=division.teams)
    assert division.complete == bool(costs)
    if costs:
        assert division.cost == audit_verdict(problem, found) == min(costs)
    else:
        misses = [relaxed_audit_verdict(problem, one) for one in every]
        assert relaxed_audit_verdict(problem, found) == min(m for m in misses if m is not None)


@cache
def _again(seed: int) -> tuple[Problem, Schedule]:
    """A case on two services that share the name of a team, with an earlier schedule to keep."""
    random = Random(seed)
    while True:
        problem, schedule = _case(random.randrange(10_000))
        ward = replace(problem.rotations["WARD"], teams=(Team("Red"), Team("Green")))
        bare = replace(problem, rotations={**problem.rotations, "WARD": ward})
        if 2 ** len(TeamModel(bare, schedule).stays) <= MOST:
            break
    cells = tuple(
        tuple(random.choice((code, code, "FLOOR", "WARD", "")) for code in row)
        for row in schedule.cells
    )
    teams = {
        (index, part): random.choice([*(one.name for one in bare.teams[code]), "Gone"])
        for index, row in enumerate(cells)
        for part, code in enumerate(row)
        if code in bare.teams
    }
    bare = replace(bare, earlier=replace(schedule, cells=cells, teams=teams))
    keep = build_rule({"rule": "keep", "weight": random.randint(1, 3)})
    return replace(bare, rules=(*problem.rules, bind(keep, bare))), schedule


@pytest.mark.parametrize("seed", SEEDS)
def test_the_model_reads_the_stays_of_the_audit(seed: int) -> None:
    """Those on a floor go on behind a vacation, those on a ward, which allows none, do not."""
    problem, schedule = _again(seed)
    problem = replace(problem, rules=())  # which may divide stays
    stays = TeamModel(problem, schedule).stays
    found = {(stay.resident, stay.service, stay.parts) for stay in stays}
    everything = frozenset(range(len(problem.calendar.parts)))
    assert found == {
        (one.index, code, tuple(p for p in stay.parts if schedule.cells[one.index][p] == code))
        for one in problem.residents
        for code in problem.teams
        for stay in read_stays(problem, schedule, one, {code}, everything)
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_a_division_that_keeps_earlier_teams_is_the_best_of_all(seed: int) -> None:
    """Another team on the same service costs its weeks; a team of another service has no say."""
    problem, schedule = _again(seed)
    every = (audit_verdict(problem, one) for one in _divisions(problem, schedule))
    costs = [cost for cost in every if cost is not None]
    division = divide(problem, schedule, Settings())
    assert division.complete == bool(costs)
    if costs:
        found = replace(schedule, teams=division.teams)
        assert audit_verdict(problem, found) == min(costs)


@pytest.mark.parametrize("seed", SEEDS[:10])
def test_of_equally_good_divisions_the_earlier_one_is_taken(seed: int) -> None:
    """Without a rule that says so people stay on their teams too, where nothing is lost by it."""
    random, (problem, schedule) = Random(seed), _case(seed)
    every = list(_divisions(problem, schedule))
    costs = [audit_verdict(problem, one) for one in every]
    known = [cost for cost in costs if cost is not None]
    if known:
        ties = [one for one, cost in zip(every, costs, strict=True) if cost == min(known)]
        earlier = random.choice(ties)
        again = replace(problem, earlier=earlier)
        assert divide(again, schedule, Settings()).teams == earlier.teams


def test_divisions_are_of_both_kinds() -> None:
    """Some cases have no division that keeps every hard rule, some cost nothing, some something."""
    found = [divide(*_case(seed), Settings()) for seed in SEEDS]
    assert any(not one.complete for one in found)
    assert any(one.complete and one.cost for one in found)
    assert any(one.complete and not one.cost for one in found)


def test_nothing_is_divided_without_teams() -> None:
    """A program without teams has no second pass, and no finding about it."""
    example = examples_of("coverage")[0]
    problem = example_problem(example, (build_rule(example.rule),))
    schedule = example_schedule(example, problem)
    assert divide(problem, schedule, Settings()).teams == {}
    assert not audit(problem, schedule).violations


@pytest.mark.parametrize("again", [False, True])
def test_relaxation_of_a_division_is_exact(again: bool) -> None:
    """Stays are intervals: spreading people evenly and near their own costs no fraction less.

    Nor does keeping them on the teams of an earlier schedule.
    """
    random = Random(3)
    names = [f"R{number}" for number in range(12)]
    rows = {
        name: " ".join(
            code for _ in range(6) for code in [random.choice(("FLOOR", "FLOOR", "WARD"))] * 2
        )
        for name in names
    }
    example = Example(
        "relaxed",
        {"rule": "team", "even": True},
        rows,
        block_weeks=2,
        residents={
            n: Person(pgy=1 + i % 2, groups={"firm": random.choice(("north", "south"))})
            for i, n in enumerate(names)
        },
        rotations=("FLOOR", "WARD"),
    )
    rules = [
        {"rule": "team", "even": True, "who": {"pgy": 1}},
        {"rule": "team", "even": True, "who": {"pgy": 2}, "weight": 3},
        {"rule": "team", "own": "firm", "weight": 1},
    ]
    problem = example_problem(example, tuple(map(build_rule, rules)))
    schedule = example_schedule(example, problem)
    if again:
        problem = _with_keep(problem, schedule, random)
    arrays = TeamModel(problem, schedule).linear.arrays()
    relaxed = milp(
        arrays.cost,
        constraints=LinearConstraint(arrays.matrix, arrays.row_lower, arrays.row_upper),
        bounds=Bounds(arrays.lower, arrays.upper),
    )
    best = divide(problem, schedule, Settings()).cost
    relaxed.fun += TeamModel(problem, schedule).offset
    assert best > 0
    assert np.ceil(relaxed.fun - 1e-6) == best


def test_a_year_brings_each_team_people_of_its_own() -> None:
    """A year that leaves a team without anybody who may be on it is none, where both rules bind."""
    example = Example(
        "three of the north",
        {"rule": "team", "minimum": 1},
        {"A": "FLOOR FLOOR", "B": "FLOOR FLOOR", "C": "FLOOR FLOOR", "D": "WARD WARD"},
        residents={
            name: Person(groups={"firm": firm})
            for name, firm in zip("ABCD", ["north"] * 3 + ["south"], strict=True)
        },
        rotations=("FLOOR", "WARD"),
    )
    ward = {"rule": "requirement", "rotations": "WARD", "who": {"resident": "D"}, "minimum": 2}
    rules = (
        {"rule": "team", "minimum": 1},
        {"rule": "team", "own": "firm", "name": "own"},
        {"rule": "coverage", "rotations": "FLOOR", "exactly": 3},
        {**ward, "weight": 1},
    )
    problem = example_problem(example, tuple(map(build_rule, rules)))
    year = YearModel(problem)
    cost, values = best_cost(year)
    assert cost == 2  # D is wanted on the ward, and needed on the floor in every week
    assert divide(problem, decode(year, values), Settings()).complete


def _with_keep(problem: Problem, schedule: Schedule, random: Random) -> Problem:
    """``problem`` with a price on leaving the teams of an earlier schedule, drawn stay by stay."""
    teams = {
        (stay.resident, part): team
        for stay in TeamModel(problem, schedule).stays
        for team in [random.choice(("Red", "Blue"))]
        for part in stay.parts
    }
    bare = replace(problem, earlier=replace(schedule, teams=teams))
    keep = bind(build_rule({"rule": "keep", "weight": 2}), bare)
    return replace(bare, rules=(*bare.rules, keep))
