"""A solved schedule, changed at random by hand: model and audit judge every change alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from random import Random
from typing import Any

from scheduler.audit.audit import audit
from scheduler.engine.settings import Settings
from scheduler.engine.teams import divide
from scheduler.model.decode import decode
from scheduler.model.year import YearModel
from scheduler.problem.problem import Problem
from scheduler.problem.rotation import VACATION
from scheduler.problem.wish import Alternative, Choice, Lane, WishKind, WishStatus
from scheduler.rules.example import Example, Person, example_problem
from scheduler.rules.registry import rule_kinds
from scheduler.schedule.schedule import Schedule
from tests.rules.agreement import assert_agreement
from tests.rules.exhaustive import changed_block, changed_duty, divided, with_row
from tests.rules.judges import audit_verdict, best_cost
from tests.rules.variants import build_rule

#: Changed schedules that are judged.
CHANGES = 600

WEEKS = 12

#: One hard rule of every kind at least; a schedule that keeps them all exists.
RULES: tuple[dict[str, Any], ...] = (
    {"rule": "coverage", "rotations": "WARD", "minimum": 1},
    {"rule": "coverage", "rotations": "ICU", "maximum": 2, "name": "icu-room"},
    {"rule": "coverage", "rotations": "NIGHT", "allowed": [0, 1], "name": "night-room"},
    {
        "rule": "coverage",
        "rotations": "ICU",
        "who": {"pgy": 1},
        "with": {"who": {"pgy": [2, 3]}},
        "per": {"who": {"pgy": [2, 3]}, "at_most": 1},
        "name": "icu-senior",
    },
    {"rule": "requirement", "rotations": "ICU", "minimum": 2, "maximum": 4, "who": {"pgy": 1}},
    {"rule": "share", "rotations": "outpatient", "minimum": 20},
    {"rule": "eligibility", "never": "NIGHT", "who": {"pgy": 1}},
    {"rule": "stay", "rotations": "ICU", "maximum": 2},
    {"rule": "spacing", "rotations": "ICU", "apart_minimum": 4},
    {"rule": "window", "rotations": "inpatient", "maximum": 4, "in_any": 6},
    {"rule": "gap", "rotations": "CLINIC", "maximum": 6},
    {"rule": "succession", "next_to": "NIGHT", "never": "ICU"},
    {"rule": "succession", "after": "ICU", "must": ["CLINIC", "ELEC", "VAC"], "name": "rest"},
    {"rule": "prerequisite", "rotations": "WARD", "minimum": 2, "before": "ICU"},
    {"rule": "vacation", "weeks": 2, "who": {"pgy": [1, 2]}},
    {"rule": "vacation", "apart_minimum": 2, "name": "apart"},
    {"rule": "vacation", "at_once": 2, "name": "at-once"},
    {"rule": "holiday", "off": 1},
    {"rule": "holiday", "service": "WARD", "minimum": 1, "name": "holiday-ward"},
    {"rule": "request", "lane": "protected"},
    {"rule": "request", "lane": "rotations", "weight": 1, "name": "wishes"},
    {"rule": "lock", "who": {"resident": "A"}, "when": {"weeks": "3-4"}, "be": "CLINIC"},
    {"rule": "leave", "cover_on": ["WARD", "CLINIC"]},
    {
        "rule": "coverage",
        "rotations": "FLOOR",
        "minimum": 2,
        "when": {"weeks": "3-4"},
        "name": "floor",
    },
    {"rule": "firm", "grouping": "firm", "maximum": 1},
    {"rule": "hours", "maximum": 76, "in_any": 3},
    {"rule": "keep", "who": {"resident": "B"}, "when": {"weeks": "1-6"}},
    {"rule": "keep", "weight": 2, "name": "keep-if-possible"},
    {"rule": "balance", "burden": "icu", "peers": "pgy"},
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


@cache
def _problem() -> Problem:
    year = Example(
        title="a small hospital",
        rule=RULES[0],
        grid={name: " ".join(["WARD"] * WEEKS) for name in "ABCDE"},
        block_weeks=2,
        residents={
            "B": Person(groups={"firm": "south"}),
            "C": Person(pgy=2, groups={"firm": "north"}),
            "D": Person(pgy=2, counts=50, leave=(5, 6), worked_holidays=frozenset({"christmas"})),
            "E": Person(pgy=3, visitor=True, away=(1, 2), covers=(5, 6)),
        },
        rotations=("WARD", "ICU", "NIGHT", "CLINIC", "ELEC", "NORTH", "FLOOR"),
        holidays={"thanksgiving": (6,), "christmas": (9, 10)},
        choices=WISHES,
        earlier={
            "A": "CLINIC CLINIC CLINIC VAC . . ICU ICU WARD WARD WARD WARD",
            "B": "WARD WARD WARD WARD CLINIC CLINIC . . . . . .",
            **{name: " ".join(["."] * WEEKS) for name in "CDE"},
        },
        earlier_duties={("B", "thanksgiving"): "off", ("A", "christmas"): "off"},
    )
    return example_problem(year, tuple(map(build_rule, RULES)))


@cache
def _solved() -> Schedule:
    year = YearModel(_problem())
    cost, values = best_cost(year)
    assert cost is not None, "the small hospital has no schedule"
    schedule = decode(year, values)
    division = divide(_problem(), schedule, Settings())
    assert division.complete
    return replace(schedule, teams=division.teams)


# -- changes -----------------------------------------------------------------------------


def _cell(problem: Problem, schedule: Schedule, random: Random) -> Schedule:
    """One cell, anything written into it."""
    resident = random.choice(problem.residents)
    row = list(schedule.cells[resident.index])
    row[random.randrange(len(row))] = random.choice([*problem.rotations, VACATION, "LEAVE", ""])
    return with_row(problem, schedule, resident, tuple(row))


def _swap(problem: Problem, schedule: Schedule, random: Random) -> Schedule:
    """Two residents change places for a block."""
    one, other = random.sample(problem.residents, 2)
    block = random.choice(problem.grids[schedule.grids[one.index]].blocks)
    rows = [list(schedule.cells[who.index]) for who in (one, other)]
    for part in block.parts:
        rows[0][part], rows[1][part] = rows[1][part], rows[0][part]
    changed = with_row(problem, schedule, one, tuple(rows[0]))
    return with_row(problem, changed, other, tuple(rows[1]))


def _moved_vacation(problem: Problem, schedule: Schedule, random: Random) -> Schedule:
    """A vacation week goes elsewhere, its old cell takes the code beside it."""
    resident = random.choice(problem.residents)
    row = list(schedule.cells[resident.index])
    vacations = [part for part, code in enumerate(row) if code == VACATION]
    if vacations:
        old = random.choice(vacations)
        beside = [c for c in row[max(0, old - 1) : old + 2] if c in problem.rotations]
        row[old] = random.choice(beside or sorted(problem.rotations))
    row[random.randrange(len(row))] = VACATION
    return with_row(problem, schedule, resident, tuple(row))


def _backup(problem: Problem, schedule: Schedule, random: Random) -> Schedule:
    """Somebody is named in a week, or no longer."""
    key = random.randrange(len(problem.residents)), random.randrange(WEEKS)
    return replace(schedule, backups=schedule.backups ^ {key})


def _changes() -> Iterator[Schedule]:
    """The solved schedule, then with one to three changes of all kinds."""
    random, problem = Random(1), _problem()
    kinds = (_cell, _swap, _moved_vacation, changed_block, changed_block, changed_duty, _backup)
    yield _solved()
    for _ in range(CHANGES):
        schedule = _solved()
        for _ in range(random.randint(1, 3)):
            schedule = random.choice(kinds)(problem, schedule, random)
        yield divided(problem, schedule, random)


# -- tests -------------------------------------------------------------------------------


def test_the_small_hospital_has_every_rule() -> None:
    """A new rule must join the small hospital, and at least once as a hard rule."""
    hard = {options["rule"] for options in RULES if "weight" not in options}
    assert hard == set(rule_kinds())


def test_solved_schedule_passes() -> None:
    """What the solver finds breaks no hard rule."""
    report = audit(_problem(), _solved())
    assert [one.message for one in report.hard_violations] == []


def test_model_and_audit_agree_on_every_change() -> None:
    """Whatever a hand changes, both judges say the same, and so does the relaxed model."""
    assert_agreement(_problem(), _changes())
    assert_agreement(_problem(), _changes(), relaxed=True)


def test_every_hard_rule_fires() -> None:
    """The changes break every hard rule at least once, and leave some schedule allowed."""
    fired: Counter[str] = Counter()
    for schedule in _changes():
        fired.update({one.rule for one in audit(_problem(), schedule).hard_violations})
    hard = {options.get("name", options["rule"]) for options in RULES if "weight" not in options}
    assert hard - fired.keys() == set()
    assert any(audit_verdict(_problem(), one) is not None for one in list(_changes())[1:])
