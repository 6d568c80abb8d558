"""Starting from a schedule: it is encoded exactly, and mended where it no longer fits."""

from __future__ import annotations

from dataclasses import replace
from unittest import mock

import numpy as np
import pytest

from scheduler.audit.audit import audit
from scheduler.engine import solve as engine
from scheduler.engine.outcome import Clock, Outcome, Status
from scheduler.engine.settings import Settings
from scheduler.engine.solve import solve
from scheduler.input.load import load_program
from scheduler.model.encode import UNKNOWN, encode
from scheduler.model.year import YearModel
from scheduler.problem.problem import Problem
from scheduler.problem.rotation import VACATION
from scheduler.rules.example import bind
from scheduler.rules.keep import Keep
from scheduler.rules.lock import Lock
from scheduler.schedule.schedule import Schedule
from tests.cli.command import TINY
from tests.engine.tiny import best
from tests.rules.judges import decided_columns, decided_values
from tests.rules.random_problems import random_problem


@pytest.mark.parametrize("seed", range(12))
def test_a_full_schedule_is_encoded_as_it_is(seed: int) -> None:
    """Every column that a schedule decides has the value that the judges of the rules give it."""
    problem, schedules = random_problem(seed, 1000)
    year = YearModel(problem)
    decided = decided_columns(year)
    for schedule in schedules[:: max(1, len(schedules) // 40)]:
        meant, found = decided_values(year, schedule), encode(year, schedule)
        if meant is not None:
            assert found[decided].tolist() == meant[decided].tolist()
        rest = np.setdiff1d(np.arange(len(found)), decided)
        assert (found[rest] == UNKNOWN).all()


@pytest.mark.parametrize("seed", range(12))
def test_what_is_open_is_unknown(seed: int) -> None:
    """Without one resident's cells that resident's choices are unknown, all others as before."""
    problem, schedules = random_problem(seed, 1000)
    year = YearModel(problem)
    for schedule in schedules[:: max(1, len(schedules) // 10)]:
        empty = tuple("" for _ in schedule.cells[0])
        found = encode(year, replace(schedule, cells=(empty, *schedule.cells[1:])))
        whole = encode(year, schedule)
        first, stop = year.column_ranges[0]
        choices = [c for grid in year.grids[0] for b in grid.blocks for c in b.choices.values()]
        assert (found[choices] == UNKNOWN).all()
        outside = np.r_[0:first, stop : len(found)]
        assert found[outside].tolist() == whole[outside].tolist()


# -- a whole solve ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def tiny() -> Problem:
    """The tiny example."""
    return load_program(TINY).problem


@pytest.fixture(scope="module")
def solved(tiny: Problem) -> Outcome:
    """Its schedule, proven best."""
    return _judged(tiny, best())


def _solve(problem: Problem, start: Schedule) -> Outcome:
    return _judged(problem, solve(problem, Settings(gap=0.0), Clock(limit=400), start=start))


def _judged(problem: Problem, found: Outcome) -> Outcome:
    assert found.status == Status.OPTIMAL
    assert found.schedule is not None
    report = audit(problem, found.schedule)
    assert (report.cost, report.hard_violations) == (found.cost, ())
    return found


def _kept(problem: Problem, earlier: Schedule, weight: int | None = 2) -> Problem:
    """``problem`` started from ``earlier``, a changed week at a price."""
    keep = bind(Keep(name="keep", weight=weight), problem)
    return replace(problem, earlier=earlier, rules=(*problem.rules, keep))


def _changed(old: Schedule, new: Schedule) -> int:
    rows = zip(old.cells, new.cells, strict=True)
    return sum(a != b for one, other in rows for a, b in zip(one, other, strict=True))


def test_nothing_changes_without_a_reason(tiny: Problem, solved: Outcome) -> None:
    """A best schedule is its own answer, known before anything is searched."""
    assert solved.schedule is not None
    again = _solve(_kept(tiny, solved.schedule), solved.schedule)
    assert again.schedule is not None
    assert again.schedule.cells == solved.schedule.cells
    assert again.schedule.duties == solved.schedule.duties
    assert again.cost == solved.cost
    first = next(step for step in again.progress if step.cost is not None)
    assert first.cost == solved.cost


def test_a_new_lock_moves_little(tiny: Problem, solved: Outcome) -> None:
    """What a small edit forces is changed, and not much more."""
    assert solved.schedule is not None
    rows = enumerate(solved.schedule.cells)
    who, week = next((r, w) for r, row in rows for w in range(10, 52) if row[w] == "ICU")
    lock = Lock.model_validate({"rule": "lock", "name": "new", "not": "ICU"})
    problem = _kept(tiny, solved.schedule)
    bound = replace(bind(lock, problem), residents=(who,), parts=(week,))
    found = _solve(replace(problem, rules=(*problem.rules, bound)), solved.schedule)
    assert found.schedule is not None
    assert 0 < _changed(solved.schedule, found.schedule) <= 12


def test_a_schedule_that_breaks_rules_is_mended(tiny: Problem, solved: Outcome) -> None:
    """Cells that no rule allows are decided anew; what is right stays."""
    assert solved.schedule is not None
    cells = list(solved.schedule.cells)
    cells[0] = tuple(VACATION if code != "LEAVE" else code for code in cells[0])
    cells[1] = tuple("" for _ in cells[1])
    broken = replace(solved.schedule, cells=tuple(cells))
    found = _solve(_kept(tiny, broken, 9), broken)
    assert found.schedule is not None
    kept = [i for i in range(2, len(cells)) if found.schedule.cells[i] == cells[i]]
    assert len(kept) >= len(cells) - 4


def test_an_empty_schedule_to_start_from(tiny: Problem, solved: Outcome) -> None:
    """Where nothing is decided yet, the search is as without."""
    cells = tuple(tuple("" for _ in tiny.calendar.parts) for _ in tiny.residents)
    empty = Schedule(cells, tuple(one.grids[0] for one in tiny.residents))
    assert _solve(_kept(tiny, empty), empty).cost == solved.cost


# -- the search for large models -----------------------------------------------------------


def _first_cost(problem: Problem, start: Schedule) -> int:
    """The cost of the first schedule that the search for large models finds from ``start``."""
    with mock.patch.object(engine, "SMALL_COLUMNS", 0):
        found = solve(problem, Settings(gap=0.02), Clock(limit=200), start=start)
    assert found.schedule is not None
    report = audit(problem, found.schedule)
    assert (report.cost, report.hard_violations) == (found.cost, ())
    return next(step.cost for step in found.progress if step.cost is not None)


def test_guided_search_begins_with_the_earlier_schedule(tiny: Problem, solved: Outcome) -> None:
    """Where it still fits it is the first answer; a broken year is settled among the others."""
    assert solved.schedule is not None and solved.cost is not None
    problem = _kept(tiny, solved.schedule)
    assert _first_cost(problem, solved.schedule) == solved.cost
    cells = list(solved.schedule.cells)
    cells[6] = tuple(VACATION for _ in cells[6])
    broken = replace(solved.schedule, cells=tuple(cells))
    assert _first_cost(problem, broken) <= solved.cost + 80


@pytest.mark.parametrize("deterministic", [False, True])
def test_a_program_between_small_and_large_starts_from_what_was(
    tiny: Problem, solved: Outcome, deterministic: bool
) -> None:
    """Where CP-SAT is not asked for a first schedule, the earlier one is it and nobody waits."""
    assert solved.schedule is not None
    settings = Settings(gap=0.02, deterministic=deterministic, time_limit=60.0)
    with mock.patch.multiple("scheduler.engine.small", FIRST_COLUMNS=0, WHOLE_COLUMNS=0):
        found = solve(tiny, settings, Clock(limit=60), start=solved.schedule)
        fresh = solve(tiny, settings, Clock(limit=60))
    assert found.cost == solved.cost
    assert fresh.cost is not None
    assert fresh.seconds["search"] < 60.0
