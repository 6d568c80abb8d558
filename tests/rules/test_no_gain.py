"""A resident gains nothing by asking for less, for the same twice, or for the impossible.

Small problems are really solved: once where the resident must get what they want
most, and once where they must not.  The difference of both costs is how hard
their wishes press for it; none of these ways of asking may press harder than the
plain truth.  ``test_every_asking`` says it of every way of asking and any wishes of
others, by the audit alone, and what remains to be gained.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from scheduler.audit.wishes import received
from scheduler.engine.outcome import Status
from scheduler.engine.settings import Settings
from scheduler.engine.solve import solve
from scheduler.problem.problem import Problem
from scheduler.problem.wish import Alternative, Choice, Lane, WishKind, WishStatus
from scheduler.schedule.schedule import Schedule
from tests.rules.one_clinic import CLINIC, NEVER, WARD, WEEKS, Asks, Wish, policy, problem_of


def _solved(problem: Problem) -> tuple[int, Schedule]:
    outcome = solve(problem, Settings(time_limit=20, gap=0.0, workers=1))
    assert outcome.status is Status.OPTIMAL
    assert outcome.schedule is not None and outcome.cost is not None
    return outcome.cost, outcome.schedule


def _press(asks: Sequence[Asks], want: Wish, carried: int = 0) -> int:
    """What it costs all together if A is denied ``want``, less what it costs if A gets it."""
    lock = {"rule": "lock", "who": {"resident": "A"}, "when": {"weeks": str(want[0] + 1)}}
    without = problem_of(asks, carried, {**lock, "not": want[1]})
    with_it = problem_of(asks, carried, {**lock, "be": want[1]})
    return _solved(without)[0] - _solved(with_it)[0]


def _list(*weeks: int) -> list[Wish]:
    return [(week, CLINIC) for week in weeks]


#: What A truly wants, and what the others ask for.
TRUTHS: Mapping[str, tuple[list[Wish], list[Asks]]] = {
    "both want the same": (_list(0, 1), [[_list(0, 1)]]),
    "the other wants nothing else": (_list(0, 1, 2), [[_list(0)]]),
    "the other has more to fall back on": (_list(2, 1), [[_list(2, 0, 1, 3)]]),
    "two others": (_list(1, 0, 3), [[_list(1, 2)], [_list(0, 1)]]),
    "one week alone": (_list(3), [[_list(3, 0)]]),
}

IMPOSSIBLE = [(week, NEVER) for week in range(WEEKS)]


def _ways(truth: list[Wish]) -> dict[str, Asks]:
    """Ways to ask other than the truth."""
    taken = {week for week, _ in truth}
    rest = [(week, WARD) for week in range(WEEKS) if week not in taken]
    return {
        "only the first": [truth[:1]],
        "only the first two": [truth[:2]],
        "more to fall back on": [[*truth, *rest]],
        "more choices, easily had": [truth, *([one] for one in rest)],
        "the same twice": [truth, truth],
        "the same twice, the first alone before": [truth[:1], truth],
        "more choices than count": [truth, *([one] for one in (*rest, *IMPOSSIBLE, *truth))],
        "the impossible first": [[IMPOSSIBLE[0], *truth]],
        "a list filled up with the impossible": [[truth[0], *IMPOSSIBLE]],
        "impossible choices before": [*([one] for one in IMPOSSIBLE), truth],
        "impossible choices after": [truth, *([one] for one in IMPOSSIBLE)],
    }


@pytest.mark.parametrize("name", TRUTHS)
def test_no_way_of_asking_presses_harder_than_the_truth(name: str) -> None:
    """Not more, not less, not the same again, and not the impossible."""
    truth, others = TRUTHS[name]
    plain = _press([[truth], *others], truth[0])
    presses = {way: _press([asks, *others], truth[0]) for way, asks in _ways(truth).items()}
    assert {way: press for way, press in presses.items() if press > plain} == {}


def test_a_flat_price_of_a_denial_would_reward_asking_for_less(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The test can fail: were a denial as dear after one alternative as after four, it would."""
    flat = {**policy("wishes-rotations"), "denied": [10]}
    monkeypatch.setattr("tests.rules.one_clinic.policy", lambda _: flat)
    truth, others = TRUTHS["both want the same"]
    assert _press([[truth[:1]], *others], truth[0]) > _press([[truth], *others], truth[0])


def test_equals_are_treated_equally() -> None:
    """Two who ask for the same press alike, whether the program asks for one of them or not."""
    asks: list[Asks] = [[_list(0, 1)], [_list(0, 1)]]
    assert _press(asks, (0, CLINIC)) == 0
    problem = problem_of(asks)
    by_default = tuple(replace(one, default=one.resident == 0) for one in problem.choices)
    assert _solved(replace(problem, choices=by_default))[0] == _solved(problem)[0]


@pytest.mark.parametrize("carried", [1, 4, 40])
def test_carried_denials_win_a_tie(carried: int) -> None:
    """Whoever was denied more than their peers gets it this time, all else being equal."""
    asks: list[Asks] = [[_list(0, 1)], [_list(0, 1)]]
    assert _press(asks, (0, CLINIC), carried) > 0
    problem = problem_of(asks, carried)
    _, schedule = _solved(problem)
    first, second = (received(problem, schedule, choice) for choice in problem.choices)
    assert (first.rank, second.rank) == (1, 2)


def test_carried_denials_count_up_to_the_cap() -> None:
    """Forty points carried weigh no more than the most that count."""
    most = policy("wishes-rotations")["carry_at_most"]
    asks: list[Asks] = [[_list(0, 1)], [_list(0, 1)]]
    assert _press(asks, (0, CLINIC), 40) == _press(asks, (0, CLINIC), most)


def test_lanes_do_not_trade() -> None:
    """Denials in one lane give no weight in another."""
    asks: list[Asks] = [[_list(0, 1)], [_list(0, 1)]]
    problem = problem_of(asks)
    denied = Alternative(1, WishKind.VACATION, weeks=(2,))
    other = [Choice(0, Lane.TIME_OFF, str(n), WishStatus.SUBMITTED, (denied,)) for n in range(3)]
    crowded = replace(problem, choices=(*problem.choices, *other))
    assert _solved(crowded)[0] == _solved(problem)[0]
