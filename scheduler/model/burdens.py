"""What a resident bears of a burden, as a linear sum that is exact; knows no rule."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import gcd

from scheduler.model.counting import days_worked
from scheduler.model.linear import Sum
from scheduler.model.wishes import granted, releasable
from scheduler.model.year import YearModel
from scheduler.problem.burden import SEVENTHS, Burden, Duty
from scheduler.problem.holiday import Holiday
from scheduler.problem.problem import Problem
from scheduler.problem.resident import WHOLE, Resident
from scheduler.problem.wish import Lane


def burden_sets(problem: Problem, burden: Burden) -> list[frozenset[str]]:
    """What a rule that counts ``burden`` must name in its ``worked_sets``."""
    if burden.duty is Duty.WORKED:
        return [_open_codes(problem)]
    if burden.wishes:
        return [releasable(problem)]
    return list(burden.codes_by_rate.values())


def borne(year: YearModel, resident: Resident, parts: Collection[int], burden: Burden) -> Sum:
    """What ``resident`` bears of ``burden`` in ``parts``, in sevenths of its unit."""
    total = Sum()
    for rate, codes in burden.codes_by_rate.items():
        total.add(days_worked(year, resident, parts, codes), rate)
    for holiday in year.problem.holidays if burden.duty else ():
        if not set(parts).isdisjoint(holiday.parts):
            total.add(_duty(year, resident, holiday, burden), SEVENTHS)
    for choice in year.problem.choices_of.get(resident.index, ()) if burden.wishes else ():
        if choice.lane is not Lane.PROTECTED:
            total.add(Sum(constant=1).add(granted(year, choice), -1), SEVENTHS)
    return total


def largest_piece(
    problem: Problem, resident: Resident, parts: Collection[int], burden: Burden
) -> int:
    """The most that one block in ``parts`` (or one holiday) can bring, in sevenths; not 0."""
    most = max(burden.rates.values(), default=0)
    pieces = [
        (burden.rates.get(block.assigned, 0) if block.assigned else most)
        * sum(problem.calendar.part_days[part] for part in block.parts if part in parts)
        for grid in problem.candidate_grids(resident)
        for block in grid.blocks
    ]
    return max(pieces, default=0) or SEVENTHS


def _open_codes(problem: Problem) -> frozenset[str]:
    """Services that do not close in a holiday."""
    return frozenset(code for code, one in problem.rotations.items() if not one.pullable)


def _duty(year: YearModel, resident: Resident, holiday: Holiday, burden: Burden) -> Sum:
    pulled = year.holidays.pulled(resident, holiday)
    if burden.duty is Duty.PULLED:
        return pulled
    codes = _open_codes(year.problem)
    here = [year.worked(resident, part, codes) for part in holiday.parts]
    return _works(year, pulled, [one for one in here if one], year.holidays.off(resident, holiday))


def _works(year: YearModel, pulled: Sum, here: list[Sum], off: Sum) -> Sum:
    """1 if pulled, or in some part ``here`` without being off."""
    if not here:
        return pulled
    works = year.helper()
    for one in here:
        year.define(works.copy().add(one, -1).add(pulled, -1).add(off), lower=0)
    year.define(works.copy().add(Sum.of(here), -1).add(pulled, -1), upper=0)
    if off:
        year.define(works.copy().add(off), upper=1)
    return works


# -- what is fair --------------------------------------------------------------------------


@dataclass(frozen=True)
class Peer:
    """One of a group: what they bear and carried over, their days there, their percent then."""

    bears: Sum
    carried: int
    days: int
    counts: int = WHOLE


def fair_steps(year: YearModel, peers: Sequence[Peer], step: int) -> list[Sum]:
    """For each peer, how many steps (of ``step`` sevenths) their rounded fair share has.

    The share is what all of them bear and carried, in proportion to days times
    percent, less what the peer carried.  Each sum may be that number or less: right for a
    limit, which is never better for being lower.
    """
    total, most = _group_total(year, peers)
    unit = gcd(*(peer.counts for peer in peers))  # small numbers suit solvers better
    everyone = sum(peer.days * peer.counts // unit for peer in peers)
    carried = sum(peer.carried for peer in peers)
    known: dict[tuple[int, int], Sum] = {}
    for peer in peers:
        own = peer.days * peer.counts // unit
        key = (own, peer.carried)
        if key not in known:
            # step x steps < share + step, times everyone's part so that all is whole
            free = own * carried - everyone * (peer.carried - step) - 1
            top = max(0, (own * most + free) // (everyone * step))
            known[key] = year.helper(0, top)
            row = Sum().add(known[key], everyone * step).add(total, -own)
            _limit(year, known[key], row, free, top)
    return [known[peer.days * peer.counts // unit, peer.carried] for peer in peers]


def _limit(year: YearModel, steps: Sum, row: Sum, free: int, top: int) -> None:
    """``row <= free``; where carrying too much makes that impossible, the steps may be none."""
    if free < 0:
        some = year.helper()
        year.define(steps.copy().add(some, -top), upper=0)
        row, free = row.add(some, -free), 0
    year.define(row, upper=free)


def _group_total(year: YearModel, peers: Sequence[Peer]) -> tuple[Sum, int]:
    """What all peers bear, by a column that may also be lower, and the most it can be."""
    total = Sum.of(peer.bears for peer in peers)
    unit = gcd(total.constant, *total.terms.values()) or 1
    lower, upper = year.linear.lower, year.linear.upper
    ends = (k * (upper[c] if k > 0 else lower[c]) for c, k in total.terms.items())
    most = total.constant + sum(ends)
    column = year.helper(0, most // unit)
    year.linear.totals += column.terms
    year.define(Sum().add(column, unit).add(total, -1), upper=0)
    return Sum().add(column, unit), most
