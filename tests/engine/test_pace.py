"""When something that gets better more and more slowly is ended."""

from __future__ import annotations

import pytest

from scheduler.engine.outcome import WorkClock
from scheduler.engine.pace import FRUITLESS, Pace

PATIENCE = 20.0


@pytest.mark.parametrize(
    ("steps", "now", "ended"),
    [
        ([], PATIENCE - 1, False),
        ([], PATIENCE + 1, True),
        ([1.0], 1.0 + FRUITLESS + 1, True),
        ([1.0], 1.0 + FRUITLESS - 1, False),
        ([100.0], 100.0 + FRUITLESS + 1, False),
    ],
)
def test_it_waits_long_for_the_first_and_less_for_later_ones(
    steps: list[float], now: float, ended: bool
) -> None:
    """What took long to come may take longer to come again."""
    clock = WorkClock()
    pace = Pace(clock, PATIENCE)
    for left, step in enumerate(reversed(steps)):
        clock.worked = step
        pace.better(left)
    clock.worked = now
    assert pace.ended() is ended


def _fallen(amounts: list[int]) -> Pace:
    """One amount a second, from the beginning of the first second."""
    clock = WorkClock()
    pace = Pace(clock, PATIENCE)
    for second, amount in enumerate(amounts):
        clock.worked = float(second)
        pace.better(amount)
    return pace


@pytest.mark.parametrize(("lately", "slow"), [(100, False), (10, True)])
def test_it_is_slow_where_it_falls_much_slower_than_on_average(lately: int, slow: bool) -> None:
    """Of 400 in the first four seconds and 100 or 10 in two more, the latter is slow."""
    amounts = [1000, 900, 800, 700, 600, 600 - lately // 2, 600 - lately]
    assert _fallen(amounts).slow() is slow


@pytest.mark.parametrize(("left", "far"), [(59, True), (55, False), (0, False)])
def test_it_is_far_from_nothing_where_that_takes_much_longer_than_it_has_taken(
    left: int, far: bool
) -> None:
    """Three times the six seconds it took are enough for 55 at 5 in 1.5 s, not for 59 at 1."""
    pace = _fallen([130, 100, 80, 70, 60, 60, left])
    assert pace.far_from_nothing(float("inf")) is far


@pytest.mark.parametrize(("patience", "far"), [(30.0, False), (10.0, False), (9.0, True)])
def test_it_is_far_from_nothing_where_that_takes_longer_than_anybody_waits(
    patience: float, far: bool
) -> None:
    """At 8 in 1.5 s, 52 take 9.75 s."""
    pace = _fallen([130, 100, 80, 70, 60, 57, 52])
    assert pace.far_from_nothing(patience) is far


def test_it_is_neither_from_the_start() -> None:
    """One better standing alone tells nothing of how fast it goes."""
    pace = _fallen([1000, 999])
    assert not pace.slow()
    assert not pace.far_from_nothing(1.0)
