"""Who bears how much among their peers: counted by hand on small schedules."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from scheduler.audit.audit import audit
from scheduler.audit.fairness import Bearer, Fairness, fairness
from scheduler.problem.burden import Burden, Wishes
from scheduler.problem.problem import Problem
from scheduler.problem.wish import Alternative, Choice, Lane, WishKind, WishStatus
from scheduler.rules.example import Example, Person, example_problem, example_schedule
from tests.rules.random_problems import random_problem
from tests.rules.variants import build_rule

REQUEST = {"rule": "request", "lane": "rotations", "weight": 3, "carry_over": "points"}
POINTS = Burden("points", "Wishes missed", "point", wishes=Wishes.POINTS)


def _wish(who: int, name: str, code: str, *parts: int) -> Choice:
    wanted = Alternative(1, WishKind.ROTATION, parts=parts, rotations=frozenset({code}))
    return Choice(who, Lane.ROTATIONS, name, WishStatus.SUBMITTED, (wanted,))


YEAR = Example(
    "four residents and a visitor",
    REQUEST,
    {
        "A": "NIGHT NIGHT ICU WARD",
        "B": "NIGHT WARD WARD CLINIC",
        "C": "ICU WARD LEAVE LEAVE",
        "D": "NIGHT NIGHT NIGHT NIGHT",
        "V": "NIGHT WARD WARD WARD",
    },
    residents={
        "B": Person(carried={"nights": 42, "points": 70}),
        "C": Person(leave=(3, 4)),
        "D": Person(pgy=2),
        "V": Person(visitor=True),
    },
    rotations=("WARD", "ICU", "NIGHT", "CLINIC"),
    holidays={"thanksgiving": (2,), "christmas": (4,)},
    duties={("A", "christmas"): "off", ("B", "thanksgiving"): "off"},
    others=({"rule": "holiday", "off": 1, "weight": 1},),
    choices=(
        _wish(0, "1", "CLINIC", 0),
        _wish(0, "2", "CLINIC", 1),
        _wish(0, "3", "WARD", 3),
        _wish(1, "1", "ICU"),
        _wish(2, "1", "WARD"),
    ),
)


def _problem(*peers: str) -> Problem:
    problem = example_problem(YEAR, tuple(map(build_rule, (REQUEST, *YEAR.others))))
    return replace(problem, peers=peers, burdens={**problem.burdens, "points": POINTS})


def _judged(*peers: str) -> Fairness:
    problem = _problem(*peers)
    return fairness(problem, example_schedule(YEAR, problem))


def _one(fair: Fairness, name: str) -> Bearer:
    (found,) = (one for one in fair.people if one.resident.name == name)
    return found


def test_amounts() -> None:
    """Nights by the rotation's number, weeks, holidays worked, choices and points."""
    names = ("nights", "icu", "holidays", "pulls", "denied", "points")
    amounts = {
        one.resident.name: [one.loads[name].amount for name in names] for one in _judged().people
    }
    assert amounts == {
        "A": [12, 1, 1, 0, 2, 3 + 3 + 5],
        "B": [6, 0, 0, 0, 1, 3],
        "C": [0, 1, 1, 0, 0, 0],
        "D": [24, 0, 2, 0, 0, 0],
    }


def test_fair_share_is_in_proportion_to_days_and_counts_what_was_carried() -> None:
    """C is on leave for half of the time, and B brought six nights along."""
    fair = _judged("pgy")
    shares = {name: _one(fair, name).loads["nights"].fair for name in "ABC"}
    together = 12 + 6 + 6
    assert shares == {
        "A": Fraction(together * 2, 5),
        "B": Fraction(together * 2, 5),
        "C": Fraction(together, 5),
    }
    assert _one(fair, "B").loads["nights"].beyond == 6 + 6 - Fraction(together * 2, 5)


def _with_part_timers() -> Fairness:
    """B is there half of the time, C counts for nothing."""
    problem = _problem("pgy")
    counts = {"B": 50, "C": 0}
    people = tuple(replace(one, counts=counts.get(one.id, 100)) for one in problem.residents)
    problem = replace(problem, residents=people)
    return fairness(problem, example_schedule(YEAR, problem))


def test_half_time_is_half_a_share() -> None:
    """Of A's and B's 24 nights A is due two thirds; who counts for nothing is not compared."""
    fair = _with_part_timers()
    assert {name: _one(fair, name).loads["nights"].fair for name in "ABC"} == {
        "A": 16,
        "B": 8,
        "C": 0,
    }
    assert _one(fair, "B").loads["nights"].carry_over == 12 - 8
    assert _one(fair, "C").loads["icu"].beyond == _one(fair, "C").loads["icu"].carry_over == 0


def test_wishes_are_everyones_alike() -> None:
    """Somebody there half of the time wishes as much as others, and is denied as much."""
    whole, part = _judged("pgy"), _with_part_timers()
    for name in "ABC":
        assert _one(whole, name).loads["denied"] == _one(part, name).loads["denied"]


def test_peers_are_compared_among_themselves() -> None:
    """D is alone in PGY2, so bears just their fair share; visitors are nobody's peers."""
    fair = _judged("pgy")
    assert [group.name for group in fair.groups] == ["PGY1", "PGY2"]
    assert _one(fair, "D").above == 0
    assert _one(fair, "D").loads["nights"].beyond == 0
    assert {one.resident.name for one in fair.people} == {"A", "B", "C", "D"}


def test_worst_off_comes_first() -> None:
    """By the mean over the burdens, each as a part of the most that a peer bears."""
    fair = _judged("pgy")
    above = [one.above for one in fair.people]
    assert above == sorted(above, reverse=True)
    assert [one.resident.name for one in fair.groups[0].people] == ["A", "C", "B"]
    assert all(-1 <= one <= 1 for one in above)


def test_weights_decide_what_counts() -> None:
    """A burden of weight 0 is counted, but moves nobody up or down."""
    problem = _problem("pgy")
    only = {name: replace(one, weight=int(name == "icu")) for name, one in problem.burdens.items()}
    problem = replace(problem, burdens=only)
    fair = fairness(problem, example_schedule(YEAR, problem))
    icu = [one.loads["icu"].beyond for one in fair.groups[0].people]
    assert [one.above for one in fair.groups[0].people] == icu  # the most is one week
    assert _one(fair, "A").loads["nights"].amount == 12


def test_what_goes_into_next_year() -> None:
    """Of wishes what lies above the peers' median this year; of burdens all of the difference."""
    fair = _judged("pgy")
    points = {one.resident.name: one.loads["points"].carry_over for one in fair.groups[0].people}
    assert points == {"A": 11 - 3, "B": 0, "C": 0}
    for one in fair.people:
        assert one.loads["nights"].carry_over == one.loads["nights"].beyond


def test_spread_of_a_group() -> None:
    """Mean, least and most of this year's amounts."""
    assert _judged("pgy").groups[0].spread("nights") == tuple(map(Fraction, (6, 0, 12)))


@pytest.mark.parametrize("seed", range(10))
def test_fair_shares_add_up(seed: int) -> None:
    """All fair shares together are all that is borne, on any schedule of any tiny problem."""
    problem, schedules = random_problem(seed, 1000)
    for schedule in schedules[:5]:
        fair = audit(problem, schedule).fairness
        for group in fair.groups:
            for burden in fair.burdens:
                assert sum(one.loads[burden.name].beyond for one in group.people) == 0
