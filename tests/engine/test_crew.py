"""Threads that work together: a fault in one of them ends all, and is raised in the end."""

from __future__ import annotations

import threading
import time

import pytest

from scheduler.engine.crew import Crew
from scheduler.engine.searches import Stopper


def test_every_thread_works_while_somebody_steers() -> None:
    numbers: list[int] = []
    stopper, steered = Stopper(), []

    def work(number: int) -> None:
        numbers.append(number)
        stopper.wait(5.0)

    def steer() -> None:
        steered.append(True)
        stopper.stop()

    crew = Crew(stopper.stop)
    crew.run(3, work, steer)
    assert sorted(numbers) == [0, 1, 2]
    assert steered
    assert not crew.failed


@pytest.mark.parametrize("where", ["work", "steer"])
def test_a_fault_ends_all_threads_before_it_is_raised(where: str) -> None:
    """Nobody goes on to the time limit behind the back of who began it."""
    stopper, ended = Stopper(), threading.Event()

    def fails(_: int = 0) -> None:
        raise ZeroDivisionError("planted")

    def work(number: int) -> None:
        if where == "work" and number == 0:
            fails()
        stopper.wait(5.0)
        time.sleep(0.05)
        ended.set()

    crew = Crew(stopper.stop)
    with pytest.raises(ZeroDivisionError, match="planted"):
        crew.run(2, work, fails if where == "steer" else lambda: time.sleep(0.01))
    assert crew.failed
    assert ended.is_set()
