"""Phases of the search for small models: who ends them, and what is combined from known years."""

from __future__ import annotations

import time
from unittest import mock

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from scheduler.engine.columns import Decisions
from scheduler.engine.incumbent import Incumbent
from scheduler.engine.outcome import Clock
from scheduler.engine.searches import Stopper
from scheduler.engine.structure import Structure, structure_of
from scheduler.engine.watch import Watch
from scheduler.engine.within import within_years
from scheduler.model.linear import Arrays


def _structure() -> Structure:
    """Two people with two blocks each, one decision a block."""
    arrays = Arrays(
        cost=np.ones(4),
        lower=np.zeros(4),
        upper=np.ones(4),
        matrix=csr_matrix(np.array([[1.0, 1, 0, 0], [0, 0, 1, 1], [1.0, 0, 1.0, 0]])),
        row_lower=np.array([0.0, 0.0, 1.0]),
        row_upper=np.array([2.0, 2.0, np.inf]),
    )
    owner = np.array([0, 0, 1, 1])
    return structure_of(arrays, Decisions(owner, np.arange(4), np.zeros(4, np.int64)))


def _best() -> Incumbent:
    return Incumbent(_structure().arrays, Clock())


def test_a_phase_ends_when_there_is_enough_and_the_rest_goes_on() -> None:
    """Its stopper is stopped soon, that of all is not."""
    with Watch(Stopper(), _best(), clocked=True) as watch:
        phase = watch.phase(lambda: True)
        assert phase.wait(5.0)
        assert not watch.ending.stopped


def test_no_phase_ends_by_the_clock_where_none_may_decide() -> None:
    """Only from outside."""
    outside = Stopper()
    with Watch(outside, _best(), clocked=False) as watch:
        phase = watch.phase(lambda: True)
        assert not phase.wait(0.3)
        outside.stop()
        assert phase.wait(5.0)
        assert watch.phase(lambda: False).stopped


def test_where_no_clock_decides_a_phase_is_over_for_who_asks() -> None:
    """Else the first phase of a deterministic search would take all the work there is."""
    enough: list[bool] = []
    with Watch(Stopper(), _best(), clocked=False) as watch:
        phase = watch.phase(lambda: bool(enough))
        assert not phase.stopped
        enough.append(True)
        assert phase.stopped


def test_a_search_that_has_only_just_begun_is_told_again() -> None:
    """A solver does not hear what is said to it before it is at work."""
    told = mock.Mock()
    with Watch(Stopper(), _best(), clocked=True) as watch:
        phase = watch.phase(lambda: True)
        assert phase.wait(5.0)
        phase._solvers.add(told)  # as if it had been there already, and deaf
        deadline = time.monotonic() + 5.0
        while told.stop_search.call_count < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
    assert told.stop_search.call_count >= 2
    assert not phase.attach(mock.Mock())


def test_a_schedule_that_is_good_enough_ends_all() -> None:
    """The phase under way too."""
    best = _best()
    best.prove(1.0)
    with Watch(Stopper(), best, clocked=True) as watch:
        phase = watch.phase(lambda: False)
        best.offer(1, np.array([1, 0, 0, 0]))
        assert phase.wait(5.0)
        assert watch.ending.stopped


def test_a_fault_beside_ends_all_and_is_raised() -> None:
    """At the end of the search, by whom it was begun."""

    def fails() -> None:
        raise ZeroDivisionError("planted")

    with (
        pytest.raises(ZeroDivisionError, match="planted"),
        Watch(Stopper(), _best(), clocked=True) as watch,
    ):
        watch.beside(fails)
        assert watch.ending.wait(5.0)


def test_years_are_combined_within_what_is_known() -> None:
    """What is the same in all years of a resident is fixed; of nobody else's anything is."""
    first, second = np.array([1.0, 0.0]), np.array([1.0, 1.0])
    part = within_years(_structure(), {0: [first, second]})
    values = part.whole(np.zeros(len(part.free), dtype=np.int64))
    assert 0 not in part.free
    assert values[0] == 1
    assert not part.impossible
