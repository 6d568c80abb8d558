"""Whatever somebody wants and others ask for: which ways of asking gain nothing, and which may.

The audit prices every outcome of one person under every way of asking.  A way
that presses for no outcome over a worse one harder than the truth does gains
nothing, whatever the others wish for: their costs are added to these, and the
cheapest sum cannot move to an outcome that the person likes better.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import combinations, permutations, product

import pytest

from scheduler.schedule.schedule import Schedule
from tests.rules.judges import audit_verdict
from tests.rules.one_clinic import CLINIC, NEVER, WARD, WEEKS, Asks, Wish, policy, problem_of

#: A list of weeks in which one wants the clinic, the most wanted first.
Weeks = tuple[int, ...]
#: The week in which one is in the clinic; None for never.
Outcome = int | None

#: The last week is nobody's wish, so that the ward is easily had in it.
CONTESTED = range(WEEKS - 1)
EASY: Wish = (WEEKS - 1, WARD)
IMPOSSIBLE: Wish = (0, NEVER)
TRUTHS: list[Weeks] = [ask for size in (1, 2, 3) for ask in permutations(CONTESTED, size)]


def _list(weeks: Weeks) -> list[Wish]:
    return [(week, CLINIC) for week in weeks]


def _shorter(truth: Weeks) -> Iterator[Asks]:
    for size in range(1, len(truth)):
        yield [_list(truth[:size])]


def _impossible(truth: Weeks) -> Iterator[Asks]:
    plain = _list(truth)
    for place, times in product(range(len(truth) + 1), (1, 2, 4)):
        yield [[*plain[:place], *[IMPOSSIBLE] * times, *plain[place:]]]
    yield from ([[IMPOSSIBLE], plain], [plain, [IMPOSSIBLE]], [[IMPOSSIBLE]] * 3 + [plain])


def _easily_had(truth: Weeks) -> Iterator[Asks]:
    plain = _list(truth)
    yield from ([[*plain, EASY]], [plain, [EASY]], [[EASY], plain], [plain, [EASY, *plain]])


def _again(truth: Weeks) -> Iterator[Asks]:
    plain = _list(truth)
    yield from ([plain, plain], [plain] * 4, [plain, plain[::-1]], [plain, plain[:1]])


#: Ways to ask that gain nothing.
WAYS: dict[str, Callable[[Weeks], Iterator[Asks]]] = {
    "for less": _shorter,
    "for the impossible": _impossible,
    "for what is easily had": _easily_had,
    "for the same again": _again,
}


def _key(asks: Asks) -> tuple[tuple[Wish, ...], ...]:
    return tuple(tuple(choice) for choice in asks)


@cache
def _price(asks: tuple[tuple[Wish, ...], ...], outcome: Outcome) -> int:
    """The audited cost of somebody who asks so and is in the clinic in that week alone."""
    problem = problem_of([asks])
    row = tuple(CLINIC if week == outcome else WARD for week in range(WEEKS))
    cost = audit_verdict(problem, Schedule((row,), (problem.residents[0].grids[0],)))
    assert cost is not None
    return cost


def _pairs(truth: Weeks) -> Iterator[tuple[Outcome, Outcome]]:
    """Two outcomes, the first of them truly wanted more; what is not listed is wanted alike."""
    rest = [None, *(week for week in CONTESTED if week not in truth)]
    yield from combinations(truth, 2)
    yield from product(truth, rest)


def _harder(truth: Weeks, asks: Asks) -> Iterator[tuple[Outcome, Outcome, int]]:
    """Pairs for which ``asks`` presses harder than the truth, and by how much."""
    plain, other = _key([_list(truth)]), _key(asks)
    for better, worse in _pairs(truth):
        honest = _price(plain, worse) - _price(plain, better)
        more = _price(other, worse) - _price(other, better) - honest
        if more > 0:
            yield better, worse, more


@pytest.mark.parametrize("way", WAYS)
def test_this_way_of_asking_gains_nothing(way: str) -> None:
    """No outcome over a worse one is pressed for harder than by the truth, whoever else asks."""
    found = {
        (truth, _key(asks)): list(_harder(truth, asks))
        for truth in TRUTHS
        for asks in WAYS[way](truth)
    }
    assert found
    assert {which: pairs for which, pairs in found.items() if pairs} == {}


def test_a_flat_price_of_a_denial_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison can fail: were every denial equally dear, a short list would press harder."""
    flat = {**policy("wishes-rotations"), "denied": [10]}
    monkeypatch.setattr("tests.rules.one_clinic.policy", lambda _: flat)
    _price.cache_clear()
    try:
        assert list(_harder((0, 1), [_list((0,))])) == [(0, 1, 7)]
    finally:
        _price.cache_clear()


def test_what_remains_hopeless_alternatives() -> None:
    """What others will get, put behind what is wanted, presses up to the dearest denial."""
    rule = policy("wishes-rotations")
    dearest = (rule["denied"][-1] - rule["denied"][0]) * rule["weight"]
    gains = {
        longer: max((more for *_, more in _harder((0,), [_list(longer)])), default=0)
        for longer in TRUTHS
        if longer[0] == 0 and len(longer) > 1
    }
    assert all(0 < gain <= dearest for gain in gains.values()), gains


def test_what_remains_hopeless_choices() -> None:
    """A choice that others will get lends another no more than one further denial."""
    rule = policy("wishes-rotations")
    gains = [
        more
        for hopeless in ([(1,)], [(1, 2)], [(1,), (2,)])
        for better, worse, more in _harder((0,), [_list((0,)), *map(_list, hopeless)])
        if (better, worse) == (0, None)
    ]
    assert gains == [rule["further"] * rule["weight"]] * 3


def test_both_lanes_have_the_same_points() -> None:
    """What is shown of one lane holds for the other: they differ in their weight alone."""
    off, rotations = policy("wishes-time-off"), policy("wishes-rotations")
    assert set(off) == set(rotations)
    assert {key for key in off if off[key] != rotations[key]} == {"name", "lane", "weight"}


def test_costs_of_people_are_added() -> None:
    """What one person's outcome costs does not depend on what another asks for or gets."""
    mine, other = _key([_list((0, 1))]), _key([_list((1,)), _list((2,))])
    problem = problem_of([mine, other])
    rows = [tuple(CLINIC if week == got else WARD for week in range(WEEKS)) for got in (1, 2)]
    schedule = Schedule(tuple(rows), tuple(one.grids[0] for one in problem.residents))
    both = audit_verdict(problem, schedule)
    assert both == _price(mine, 1) + _price(other, 2)
