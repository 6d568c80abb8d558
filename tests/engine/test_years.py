"""Bounds from whole years: never above the optimum, above the relaxation where that mixes."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from math import ceil, inf
from unittest import mock

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from scheduler.engine.columns import Decisions, decisions
from scheduler.engine.cpsat import search
from scheduler.engine.master import Master
from scheduler.engine.paying import Paying
from scheduler.engine.relaxation import Relaxation, dual_bound, solve_relaxation
from scheduler.engine.restrict import unrestricted
from scheduler.engine.rounds import YearBounds
from scheduler.engine.searches import Answer, Found, Limits, Stopper
from scheduler.engine.structure import Structure, structure_of
from scheduler.engine.years import Year, Years
from scheduler.model.linear import Arrays, Integers
from scheduler.model.year import YearModel
from scheduler.problem.problem import Problem
from tests.engine.tiny import best, tiny_problem

LIMITS = Limits(work=5.0, workers=1)


def _optimum() -> int:
    cost = best().cost
    assert cost is not None
    return cost


@cache
def _schedule() -> Integers:
    """Values of all columns of the best schedule."""
    arrays = YearModel(tiny_problem()).linear.arrays()
    found = search(unrestricted(arrays), Limits(seconds=30.0, workers=2))
    assert found.values is not None
    return found.values


def _one_round(bounds: YearBounds, residents: int) -> float:
    for _ in range(residents):
        bounds.lift(LIMITS, Stopper())
    return bounds.bound


def _two_people(cost: tuple[float, float, float, float], needed: float) -> Structure:
    """Two people with two ways each to spend a year, and a service that needs some of the first."""
    arrays = Arrays(
        cost=np.array(cost),
        lower=np.zeros(4),
        upper=np.ones(4),
        matrix=csr_matrix(np.array([[1.0, 1, 0, 0], [0, 0, 1, 1], [2.0, 0, 2.0, 0]])),
        row_lower=np.array([1.0, 1.0, needed]),
        row_upper=np.array([1.0, 1.0, np.inf]),
    )
    owner = np.array([0, 0, 1, 1])
    return structure_of(arrays, Decisions(owner, np.arange(4), np.zeros(4, np.int64)))


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
    bounds = YearBounds(structure, relaxation, 3.0, lambda: np.ones(2, np.int64))
    assert bounds.pays(inf)
    assert _one_round(bounds, 2) == pytest.approx(6.0, abs=1e-2)
    assert not bounds.lift(LIMITS, Stopper())
    assert bounds.ended
    assert not bounds.pays(inf)


@pytest.mark.parametrize("seed", range(6))
def test_never_above_the_optimum_whatever_the_dual_values(seed: int) -> None:
    """On a small program, from exact, loose and disturbed dual values alike, round by round; in
    the first, years count one by one and all together the same."""
    year = YearModel(tiny_problem())
    arrays = year.linear.arrays()
    sharper = year.extension.onto(arrays)
    assert sharper.columns > arrays.columns
    relaxation = solve_relaxation(sharper, tolerance=10.0 ** -(seed % 3 + 2))
    if seed >= 3:
        noise = np.random.default_rng(seed).normal(0.0, 1.0, len(relaxation.duals))
        relaxation = _at(sharper, relaxation, relaxation.duals + noise)
    structure = structure_of(arrays, decisions(year), sharper)
    bounds = YearBounds(structure, relaxation, 1.0, _schedule)
    prices = Years(structure).allowed(relaxation.duals[Years(structure).linking])
    years = relaxation.bound - Years(structure).rest(prices)
    assert sum(bounds._shares.values()) == pytest.approx(years, abs=1e-6)
    told = [relaxation.bound]
    for _ in range(6):
        told.append(_one_round(bounds, len(structure.residents)))
    assert told == sorted(told)
    assert ceil(told[-1] - 1e-6) + year.offset <= _optimum()


@pytest.mark.parametrize("seed", range(3))
def test_never_above_the_optimum_where_people_wish_together(seed: int) -> None:
    """Rows of the sharper model that link two people have no price in whole years: what they add
    to the relaxation belongs to neither."""
    problem = _with_a_couple()
    year = YearModel(problem)
    arrays = year.linear.arrays()
    sharper = year.extension.onto(arrays)
    structure = structure_of(arrays, decisions(year), sharper)
    assert structure.of_sharper.coupling[len(arrays.row_lower) :].any()
    relaxation = solve_relaxation(sharper, tolerance=1e-3)
    noise = np.random.default_rng(seed).normal(0.0, 0.5 * seed, len(relaxation.duals))
    relaxation = _at(sharper, relaxation, relaxation.duals + noise)
    bounds = YearBounds(structure, relaxation, 1.0, lambda: None)
    years = Years(structure)
    prices = years.allowed(relaxation.duals[years.linking])
    told = _one_round(bounds, len(structure.residents))
    whole = [years.best(one, prices, LIMITS, Stopper()).bound for one in years.residents]
    at_these_prices = years.rest(prices) + sum(
        max(share, best) for share, best in zip(bounds._shares.values(), whole, strict=True)
    )
    assert told == pytest.approx(max(relaxation.bound, at_these_prices), abs=0.01)
    found = search(unrestricted(arrays), Limits(seconds=60.0, workers=2))
    assert found.answer == Answer.OPTIMAL
    assert ceil(told - 1e-6) <= found.cost


@cache
def _with_a_couple() -> Problem:
    """The tiny program, of which one wish for two weeks of vacation is now a couple's."""
    problem = tiny_problem()
    choices = list(problem.choices)
    place, choice = next(
        (place, one)
        for place, one in enumerate(choices)
        if len(one.alternatives[0].weeks) == 2 and not one.binding
    )
    partner = (choice.resident + 1) % 3
    together = tuple(replace(one, partner=partner) for one in choice.alternatives)
    choices[place] = replace(choice, alternatives=together)
    return replace(problem, choices=tuple(choices))


def _at(arrays: Arrays, relaxation: Relaxation, duals: np.ndarray) -> Relaxation:
    bound, reduced = dual_bound(arrays, duals)
    return replace(relaxation, duals=duals, reduced_costs=reduced, bound=bound)


def test_rounds_find_the_prices_that_the_relaxation_did_not() -> None:
    """From prices of 0, where the bound is what both would like best, to the true optimum."""
    structure = _two_people((5.0, 1.0, 9.0, 1.0), needed=1.0)
    arrays = structure.arrays
    nothing = _at(arrays, solve_relaxation(arrays), np.zeros(3))
    bounds = YearBounds(structure, nothing, 5.0, lambda: np.array([1, 0, 0, 1]))
    optimum = search(unrestricted(arrays), LIMITS).cost
    assert optimum == 6
    assert _one_round(bounds, 2) == pytest.approx(2.0, abs=0.01)
    for _ in range(40):
        if bounds.ended:
            break
        _one_round(bounds, 2)
    assert bounds.ended
    # Years are whole, their mixture need not be: half of the dearer way is enough (2 x 1/2 >= 1).
    assert ceil(bounds.bound - 1e-6) == 4
    assert bounds.bound == pytest.approx(4.0, abs=1.0)  # ends where rounding up says as much
    assert bounds.view is not None
    assert bounds.view == pytest.approx([0.5, 0.5, 0.0, 1.0], abs=0.05)


def test_the_master_misses_a_row_rather_than_let_its_price_go_farther() -> None:
    """With one year each, which leaves the service empty, it pays the centre and the reach."""
    years = Years(_two_people((5.0, 1.0, 9.0, 1.0), needed=1.0))
    master = Master(years)
    assert master.solve(np.zeros(1), 2.0) is None
    for resident in (0, 1):
        master.add(resident, np.array([0.0, 1.0]))
    mixture = master.solve(np.array([0.5]), 2.0)
    assert mixture is not None
    assert mixture.prices == pytest.approx([0.5 + 2.0])
    assert mixture.promise == pytest.approx(1 + 1 + 2.5)
    master.add(0, np.array([1.0, 0.0]))
    mixture = master.solve(np.array([0.5]), 2.0)
    assert mixture is not None
    assert mixture.prices == pytest.approx([4 / 2])
    assert mixture.promise == pytest.approx(1 + 1 + 4 / 2)
    assert mixture.values[[0, 2]] == pytest.approx([0.125, 0.0], abs=1e-5)


@pytest.mark.parametrize(("answer", "bound"), [("infeasible", inf), ("unknown", -inf)])
def test_an_answer_that_is_none_claims_nothing(answer: str, bound: float) -> None:
    """Years called impossible, or not answered in time, leave the bound as it was."""
    structure = _two_people((5.0, 1.0, 9.0, 1.0), needed=1.0)
    relaxation = _at(structure.arrays, solve_relaxation(structure.arrays), np.zeros(3))
    bounds = YearBounds(structure, relaxation, 5.0, lambda: np.array([1, 0, 0, 1]))
    none = Found(Answer(answer), None, 0, bound)
    with mock.patch("scheduler.engine.years.Repriced.cheapest", return_value=none) as asked:
        assert _one_round(bounds, 2) == relaxation.bound
        if answer == "unknown":
            assert _one_round(bounds, 2) == relaxation.bound
    assert asked.call_count == (4 if answer == "unknown" else 2)


@pytest.mark.parametrize(("year", "beaten"), [([0.0, 1.0], False), ([1.0, 0.0], True)])
def test_a_known_year_that_nothing_beats_is_the_best(year: list[float], beaten: bool) -> None:
    """At prices of 0 the way of cost 1 is, and the way of cost 5 is not."""
    years = Years(_two_people((5.0, 1.0, 9.0, 1.0), needed=1.0))
    found = years.best(0, np.zeros(1), LIMITS, Stopper(), np.array(year))
    assert found.bound == pytest.approx(1.0, abs=1e-3)
    assert [one.tolist() for one in found.found] == ([[0.0, 1.0]] if beaten else [])


def test_years_found_on_the_way_are_known_too() -> None:
    """CP-SAT goes from one year to a cheaper one; mixtures may be made of any of them."""
    years = Years(_two_people((5.0, 1.0, 9.0, 1.0), needed=1.0))

    def improving(_: object, cost: Integers, *others: object) -> Found:
        report = others[-1]
        assert callable(report)
        for values in (np.array([1, 0]), np.array([0, 1])):
            report(int(cost @ values), values)
        return Found(Answer.OPTIMAL, np.array([0, 1]), 10_000, 10_000.0)

    with mock.patch("scheduler.engine.years.Repriced.cheapest", improving):
        found = years.best(0, np.zeros(1), LIMITS, Stopper())
    assert [one.tolist() for one in found.found] == [[1.0, 0.0], [0.0, 1.0]]


def _after_one_round() -> YearBounds:
    """Two people at prices of 0, everybody looked at once: a bound of 2, where 4 is possible."""
    structure = _two_people((5.0, 1.0, 9.0, 1.0), needed=1.0)
    nothing = _at(structure.arrays, solve_relaxation(structure.arrays), np.zeros(3))
    bounds = YearBounds(structure, nothing, 5.0, lambda: np.array([1, 0, 0, 1]))
    assert _one_round(bounds, 2) == pytest.approx(2.0, abs=0.01)
    return bounds


def test_years_of_the_best_schedule_are_near_whatever_they_cost() -> None:
    """Of the first person's ways the schedule takes the one that is dearer by 4, which no window
    holds; so what is combined always holds the schedule to begin from."""
    bounds = _after_one_round()
    near = bounds.near(0.0)
    assert [1.0, 0.0] in [one.tolist() for one in near[0]]
    assert [0.0, 1.0] in [one.tolist() for one in near[0]]
    assert {tuple(one.tolist()) for one in near[1]} == {(0.0, 1.0)}


def _year(bound: float) -> Year:
    return Year(bound, (), 0.1)


def test_a_round_ends_as_soon_as_its_prices_lift_nothing() -> None:
    """The first year says enough; the other is looked at first in the next round."""
    bounds, asked = _after_one_round(), []

    def worse(resident: int, *_: object) -> Year:
        asked.append(resident)
        return _year(-50.0)

    with mock.patch.object(bounds._years, "best", worse):
        bounds.lift(LIMITS, Stopper())
        assert bounds.rounds == 2
        bounds.lift(LIMITS, Stopper())
    assert bounds.rounds == 3
    assert sorted(asked) == [0, 1]
    assert bounds.bound == pytest.approx(2.0, abs=0.01)


def test_a_year_of_a_round_that_has_ended_counts_in_no_other() -> None:
    """One thread is still at a year when the other ends its round and begins the next, in which
    nobody looks at the same resident; what it finds is known, and says nothing of the bound."""
    bounds = _after_one_round()
    slow: list[int] = []

    def best(resident: int, *_: object) -> Year:
        if slow:
            assert resident != slow[0]
            return _year(-50.0 if bounds.rounds == 1 else bounds._cheapest[resident].cost)
        slow.append(resident)
        assert bounds.lift(LIMITS, Stopper())  # another thread, whose year ends this round
        assert bounds.rounds == 2
        assert bounds.lift(LIMITS, Stopper())  # the other one again, in the next
        assert not bounds.lift(LIMITS, Stopper())
        assert bounds._left == [resident]
        return Year(1000.0, (np.array([7.0, 7.0]),), 0.1)

    with mock.patch.object(bounds._years, "best", best):
        bounds.lift(LIMITS, Stopper())
    assert [7.0, 7.0] in [one.values.tolist() for one in bounds._master._known.values()]
    assert bounds.bound == pytest.approx(2.0, abs=0.01)
    assert bounds._busy == set()


def test_rounds_wait_for_a_schedule() -> None:
    """Without one there is nothing to look at after the first round, and nothing pays."""
    structure = _two_people((5.0, 1.0, 9.0, 1.0), needed=1.0)
    relaxation = _at(structure.arrays, solve_relaxation(structure.arrays), np.zeros(3))
    known: list[Integers] = []
    bounds = YearBounds(structure, relaxation, 5.0, lambda: known[-1] if known else None)
    _one_round(bounds, 2)
    bounds.paying.improved(0.0, 100.0)
    assert not bounds.lift(LIMITS, Stopper())
    assert (bounds.pays(inf), bounds.ended) == (False, False)
    known.append(np.array([1, 0, 0, 1]))
    assert bounds.pays(inf)
    assert _one_round(bounds, 2) > relaxation.bound


def test_years_that_serve_no_mixture_are_forgotten() -> None:
    """A year of twice the cost is dropped after some rounds, the others stay."""
    years = Years(_two_people((5.0, 1.0, 9.0, 1.0), needed=0.0))
    master = Master(years)
    for values in ([1.0, 0.0], [0.0, 1.0]):
        for resident in (0, 1):
            master.add(resident, np.array(values))
    for _ in range(25):
        mixture = master.solve(np.zeros(1), 1.0)
        assert mixture is not None
        assert mixture.promise == pytest.approx(2.0)
    assert len(master._known) == 2


def test_later_rounds_wait_for_time_and_for_groups() -> None:
    """They begin where many fit, and take no more work than groups have had."""
    structure = _two_people((5.0, 1.0, 9.0, 1.0), needed=1.0)
    relaxation = _at(structure.arrays, solve_relaxation(structure.arrays), np.zeros(3))
    bounds = YearBounds(structure, relaxation, 5.0, lambda: np.array([1, 0, 0, 1]))
    _one_round(bounds, 2)
    bounds.paying.improved(0.0, 100.0)
    assert not bounds.pays(left=1.0)
    assert bounds.pays(left=100.0)
    fresh = YearBounds(structure, relaxation, 5.0, lambda: np.array([1, 0, 0, 1]))
    _one_round(fresh, 2)
    assert not fresh.pays(left=100.0)


def test_years_are_looked_at_while_they_narrow_the_gap_faster() -> None:
    """Three are tried, then ten groups; then whichever gained more for its work goes on."""
    paying = Paying()
    for _ in range(3):
        assert paying.years_pay_more()
        paying.lifted(1.0, 0.1)
    for _ in range(10):
        assert not paying.years_pay_more()
        paying.improved(0.0, 1.0)
    assert paying.years_pay_more()
    paying.improved(1000.0, 1.0)
    assert not paying.years_pay_more()
    for _ in range(120):
        paying.improved(0.0, 1.0)
    paying.lifted(1.0, 0.1)
    assert paying.years_pay_more()
