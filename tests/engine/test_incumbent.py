"""What the best so far believes of bounds."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix

from scheduler.engine.incumbent import Incumbent
from scheduler.engine.outcome import Clock
from scheduler.model.linear import Arrays


def _incumbent() -> Incumbent:
    """Two columns of cost 3 and -5, at most 1 each; an offset of 7."""
    arrays = Arrays(
        cost=np.array([3.0, -5.0]),
        lower=np.zeros(2),
        upper=np.ones(2),
        matrix=csr_matrix((0, 2)),
        row_lower=np.zeros(0),
        row_upper=np.zeros(0),
    )
    return Incumbent(arrays, Clock(), offset=7)


def test_a_bound_above_everything_at_once_is_not_told() -> None:
    """It says that there is no schedule, and nothing about the cost of one."""
    best = _incumbent()
    assert best.rules_out(53_510_449_672.0)
    for bound in (53_510_449_672.0, float("inf"), float("-inf")):
        best.prove(bound)
        best.claim(bound)
        assert best.bound is None


def test_a_bound_that_some_schedule_can_meet_is_told() -> None:
    """With the offset; a worse one that comes later changes nothing."""
    best = _incumbent()
    assert not best.rules_out(3.0)
    best.prove(2.4)
    best.prove(-5.0)
    assert best.bound == 10


def test_no_bound_is_below_zero() -> None:
    """A schedule costs nothing at best, so that is what a weaker bound tells, and proves."""
    said: list[int | None] = []
    best = _incumbent()
    best.listener = lambda step: said.append(step.bound)
    best.claim(-30.0)
    best.prove(-40.0)
    assert (best.bound, set(said)) == (0, {0})
    best.cost = 0
    assert best.good_enough()
    best.cost, best.claimed = 3, 4
    assert best.bound == 0  # a claim above a schedule's cost counts no more
    best.prove(-5.0)
    assert best.bound == 2
