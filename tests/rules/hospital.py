"""A small hospital that has every rule, at least once hard, and its solved schedule."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from scheduler.engine.settings import Settings
from scheduler.engine.teams import divide
from scheduler.model.decode import decode
from scheduler.model.year import YearModel
from scheduler.problem.problem import Problem
from scheduler.problem.wish import Alternative, Choice, Lane, WishKind, WishStatus
from scheduler.rules.example import Example, Person, bind, example_problem
from scheduler.schedule.schedule import Schedule
from tests.rules.judges import best_cost
from tests.rules.variants import build_rule

#: A rule as a program writes it.
Options = dict[str, Any]

WEEKS = 12

#: Blocks of two weeks and of one: what a rule counts can be missed by a single week.
PATTERN = ((2, None), (2, None), (1, None), (1, None))

#: One hard rule of every kind at least; a schedule that keeps them all exists.
RULES: tuple[Options, ...] = (
    {"rule": "coverage", "rotations": "WARD", "minimum": 1},
    {
        "rule": "coverage",
        "rotations": "ICU",
        "maximum": 1,
        "who": {"pgy": [2, 3]},
        "name": "icu-room",
    },
    {"rule": "coverage", "rotations": "NIGHT", "allowed": [0, 1], "name": "night-room"},
    {
        "rule": "coverage",
        "rotations": "ICU",
        "who": {"pgy": 1},
        "with": {"who": {"pgy": [2, 3]}},
        "per": {"who": {"pgy": [2, 3]}, "at_most": 1},
        "name": "icu-senior",
    },
    {
        "rule": "coverage",
        "rotations": "FLOOR",
        "minimum": 2,
        "when": {"weeks": "3-4"},
        "name": "floor",
    },
    {"rule": "requirement", "rotations": "ICU", "minimum": 2, "maximum": 3, "who": {"pgy": 1}},
    {"rule": "share", "rotations": "outpatient", "minimum": 20},
    {"rule": "eligibility", "never": "NIGHT", "who": {"pgy": 1}},
    {"rule": "stay", "rotations": "ICU", "maximum": 2},
    {"rule": "stay", "rotations": "NIGHT", "minimum": 2, "name": "nights-run"},
    {"rule": "stay", "rotations": "ELEC", "minimum": 3, "who": {"pgy": 3}, "name": "elective-run"},
    {"rule": "spacing", "rotations": "ICU", "apart_minimum": 4},
    {"rule": "window", "rotations": "inpatient", "maximum": 4, "in_any": 6},
    {"rule": "gap", "rotations": "CLINIC", "maximum": 6},
    {"rule": "succession", "next_to": "NIGHT", "never": "ICU"},
    {"rule": "succession", "after": "ICU", "must": ["CLINIC", "ELEC", "VAC"], "name": "rest"},
    {"rule": "prerequisite", "rotations": "WARD", "minimum": 2, "before": "ICU"},
    {"rule": "vacation", "weeks": 2, "who": {"pgy": [1, 2]}},
    {"rule": "vacation", "apart_minimum": 2, "name": "vacations-apart"},
    {"rule": "vacation", "at_once": 2, "name": "at-once"},
    {"rule": "holiday", "off": 1},
    {"rule": "holiday", "service": "WARD", "minimum": 1, "name": "holiday-ward"},
    {"rule": "request", "lane": "protected"},
    {"rule": "request", "lane": "rotations", "weight": 1, "name": "wishes"},
    {"rule": "lock", "who": {"resident": "G"}, "when": {"weeks": "5-6"}, "be": "CLINIC"},
    {"rule": "leave", "cover_on": ["WARD", "CLINIC"]},
    {"rule": "firm", "grouping": "firm", "maximum": 1},
    {"rule": "hours", "maximum": 74, "in_any": 4},
    {"rule": "keep", "who": {"resident": "B"}, "when": {"weeks": "1-5"}},
    {"rule": "keep", "weight": 2, "name": "keep-if-possible"},
    {"rule": "balance", "burden": "icu", "peers": "pgy", "beyond": 1},
    {"rule": "together", "residents": ["A", "B"], "vacation": 1},
    {"rule": "together", "residents": ["C", "D"], "off": "all", "weight": 1, "name": "off-too"},
    {"rule": "apart", "residents": ["A", "C"], "rotations": ["ICU", "NIGHT"]},
    {"rule": "team", "even": True},
    {"rule": "team", "own": "firm", "name": "own-team"},
    {"rule": "jeopardy", "named_from": ["clinic", "ELEC"], "minimum": 1, "when": {"weeks": "3-6"}},
    {"rule": "jeopardy", "named_from": ["clinic", "ELEC"], "weeks_maximum": 2, "name": "backup"},
)


def _wish(resident: int, lane: Lane, status: WishStatus, wanted: Alternative) -> Choice:
    return Choice(resident, lane, "1", status, (wanted,))


WISHES = (
    _wish(1, Lane.PROTECTED, WishStatus.APPROVED, Alternative(1, WishKind.VACATION, weeks=(7,))),
    _wish(
        2,
        Lane.ROTATIONS,
        WishStatus.SUBMITTED,
        Alternative(1, WishKind.ROTATION, rotations=frozenset({"NIGHT"})),
    ),
    _wish(
        0,
        Lane.ROTATIONS,
        WishStatus.SUBMITTED,
        Alternative(1, WishKind.AVOID, parts=(0, 1), rotations=frozenset({"ICU"})),
    ),
)


def name_of(options: Options) -> str:
    """What the audit calls a rule."""
    return str(options.get("name", options["rule"]))


@cache
def hospital() -> Problem:
    """Seven people, twelve weeks, every rule."""
    year = Example(
        title="a small hospital",
        rule=RULES[0],
        grid={name: " ".join(["WARD"] * WEEKS) for name in "ABCDEFG"},
        pattern=PATTERN,
        residents={
            "A": Person(groups={"firm": "north"}),
            "B": Person(groups={"firm": "south"}),
            "C": Person(pgy=2, groups={"firm": "north"}),
            "D": Person(pgy=2, counts=50, leave=(5, 6), worked_holidays=frozenset({"christmas"})),
            "E": Person(pgy=3, visitor=True, away=(1, 2), covers=(5, 6)),
            "F": Person(pgy=2, groups={"firm": "south"}),
            "G": Person(pgy=3, groups={"firm": "south"}),
        },
        rotations=("WARD", "ICU", "NIGHT", "CLINIC", "ELEC", "NORTH", "FLOOR"),
        holidays={"thanksgiving": (6,), "christmas": (9, 10)},
        choices=WISHES,
        earlier={
            "A": "CLINIC CLINIC CLINIC VAC . . ICU ICU WARD WARD WARD WARD",
            "B": "WARD WARD WARD WARD CLINIC CLINIC . . . . . .",
            **{name: " ".join(["."] * WEEKS) for name in "CDEFG"},
        },
        earlier_duties={("B", "thanksgiving"): "off", ("A", "christmas"): "off"},
    )
    return example_problem(year, tuple(map(build_rule, RULES)))


def hospital_with(name: str, instead: tuple[Options, ...], *aims: Options) -> Problem:
    """The hospital with other rules instead of the rule ``name``, and ``aims`` beside them."""
    place = next(i for i, one in enumerate(RULES) if name_of(one) == name)
    rules = (*RULES[:place], *instead, *RULES[place + 1 :], *aims)
    return replace(hospital(), rules=tuple(bind(build_rule(one), hospital()) for one in rules))


def solve(problem: Problem) -> Schedule:
    """Some schedule that keeps every hard rule; what the soft ones cost does not matter."""
    year = YearModel(problem)
    year.linear.cost[:] = [0] * len(year.linear.cost)
    cost, values = best_cost(year)
    assert cost is not None, "the small hospital has no schedule"
    return in_teams(problem, decode(year, values))


def in_teams(problem: Problem, schedule: Schedule) -> Schedule:
    """``schedule`` divided into teams by the second pass."""
    return replace(schedule, teams=divide(problem, schedule, Settings()).teams)
