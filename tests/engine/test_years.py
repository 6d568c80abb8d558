"""The bound from whole years: never above the optimum, above the relaxation where that mixes."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from math import ceil

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from scheduler.engine import solve as engine
from scheduler.engine.columns import Decisions, decisions
from scheduler.engine.cpsat import Limits, Stopper
from scheduler.engine.outcome import Status
from scheduler.engine.paying import Paying
from scheduler.engine.relaxation import Relaxation, dual_bound, solve_relaxation
from scheduler.engine.settings import Settings
from scheduler.engine.structure import structure_of
from scheduler.engine.years import YearBounds
from scheduler.model.linear import Arrays
from scheduler.model.year import YearModel
from tests.engine.tiny import tiny_problem

LIMITS = Limits(work=5.0, workers=1)


@cache
def _optimum() -> int:
    best = engine.solve(tiny_problem(), Settings(time_limit=60.0, gap=0.0))
    assert best.status == Status.OPTIMAL
    assert best.cost is not None
    return best.cost


def _lifted(bounds: YearBounds, residents: int) -> float:
    for _ in range(residents):
        bounds.lift(LIMITS, Stopper())
    assert not bounds.pays
    return bounds.bound


def test_two_people_who_cannot_work_half_a_year_each() -> None:
    """Each owes 2x >= 1 at cost 3 (half of it in the relaxation); a place holds both."""
    arrays = Arrays(
        cost=np.array([3.0, 3.0]),
        lower=np.zeros(2),
        upper=np.ones(2),
        matrix=csr_matrix(np.array([[2.0, 0.0], [0.0, 2.0], [1.0, 1.0]])),
        row_lower=np.array([1.0, 1.0, -np.inf]),
        row_upper=np.array([np.inf, np.inf, 2.0]),
    )
    structure = structure_of(arrays, Decisions(np.arange(2), np.arange(2), np.zeros(2, np.int64)))
    relaxation = solve_relaxation(arrays, tolerance=1e-7)
    assert relaxation.bound == pytest.approx(3.0, abs=1e-3)
    bounds = YearBounds(structure, relaxation)
    assert bounds.pays
    assert _lifted(bounds, 2) == pytest.approx(6.0, abs=1e-2)


@pytest.mark.parametrize("seed", range(6))
def test_never_above_the_optimum_whatever_the_dual_values(seed: int) -> None:
    """On a small program, from exact, loose and disturbed dual values alike."""
    year = YearModel(tiny_problem())
    arrays = year.linear.arrays()
    relaxation = solve_relaxation(arrays, tolerance=10.0 ** -(seed % 3 + 2))
    if seed >= 3:
        noise = np.random.default_rng(seed).normal(0.0, 1.0, len(relaxation.duals))
        relaxation = _at(arrays, relaxation, relaxation.duals + noise)
    structure = structure_of(arrays, decisions(year))
    lifted = _lifted(YearBounds(structure, relaxation), len(structure.residents))
    assert lifted >= relaxation.bound
    assert ceil(lifted - 1e-6) + year.offset <= _optimum()


def _at(arrays: Arrays, relaxation: Relaxation, duals: np.ndarray) -> Relaxation:
    bound, reduced = dual_bound(arrays, duals)
    return replace(relaxation, duals=duals, reduced_costs=reduced, bound=bound)


def test_years_are_looked_at_while_they_narrow_the_gap_faster() -> None:
    """Three are tried; then whichever gained more for its work goes on."""
    paying = Paying()
    paying.improved(10.0, 1.0)
    for _ in range(3):
        assert paying.years_pay_more()
        paying.lifted(0.0, 0.1)
    assert not paying.years_pay_more()
    for _ in range(80):
        paying.improved(0.0, 1.0)
    paying.lifted(1.0, 0.1)
    assert paying.years_pay_more()
