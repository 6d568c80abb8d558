"""Slack columns for missed demands, phrased so that the relaxation sees what a miss costs."""

from __future__ import annotations

from math import gcd

from scheduler.model.linear import LinearModel, Sum


class Charges:
    """Charges misses of ``total >= least`` per begun unit; equal misses share one slack."""

    def __init__(self, linear: LinearModel) -> None:
        self._linear = linear
        self._slacks: dict[tuple[frozenset[tuple[int, int]], int, int], int] = {}

    def miss(self, total: Sum, least: int, unit: int, price: int) -> Sum:
        """Charge ``price`` for every begun ``unit`` that ``total`` lacks of ``least``; returns the
        units that are charged.

        A sum that moves only in steps of several units misses some units first
        and whole steps after that; two rows say so, which one row in units would
        hide from the relaxation.
        """
        terms = total.terms
        if 0 in terms.values():
            terms = {column: k for column, k in terms.items() if k}
        short = least - total.constant
        step = gcd(*terms.values()) if terms else 0
        if step <= unit or step % unit:
            return self._row(terms, short, unit, price, 1)
        needed = -(-short // step)
        first = -(-(short - step * (needed - 1)) // unit)
        steps = {column: k // step for column, k in terms.items()}
        missed = self._row(steps, needed, 1, price, first)
        if first < step // unit:
            missed.add(self._row(steps, needed - 1, 1, price, step // unit - first))
        return missed

    def _row(self, terms: dict[int, int], least: int, unit: int, price: int, times: int) -> Sum:
        """Charge ``times`` units for every ``unit`` that is short."""
        key = (frozenset(terms.items()), least, unit)
        slack = self._slacks.get(key)
        if slack is None:
            most = -(-(least - self._smallest(terms)) // unit)
            if most <= 0:
                return Sum()
            slack = self._slacks[key] = self._linear.column(0, most)
            self._linear.row(Sum({**terms, slack: unit}), lower=least)
            self._each_alone(terms, least, unit, slack)
        self._linear.cost[slack] += price * times
        return Sum({slack: times})

    def _each_alone(self, terms: dict[int, int], least: int, unit: int, slack: int) -> None:
        """A second row where single columns take more than all there is room for.

        Such columns miss alone what they miss, and several at least the sum of that; a
        relaxation that takes a part of each hides it in the room that others leave.  (Measured
        on months of nights where at most four weeks of ten may be nights: the relaxation
        charged nothing of the 165 of the best schedule.)
        """
        room = -least
        lower, upper = self._linear.lower, self._linear.upper
        if room <= 0 or min([lower[c] for c in terms]) < 0:
            return
        large = {c: k + room for c, k in terms.items() if k + room < 0 and upper[c] == 1}
        back = {c: k for c, k in terms.items() if k > 0}
        if not large:
            return
        if room >= unit and not back:  # begun units are whole then
            self._linear.row(Sum({slack: 1} | {c: k // unit for c, k in large.items()}), lower=0)
        else:
            self._linear.row(Sum({slack: unit} | large | back), lower=0)

    def _smallest(self, terms: dict[int, int]) -> int:
        lower, upper = self._linear.lower, self._linear.upper
        return sum([k * (lower[c] if k > 0 else upper[c]) for c, k in terms.items()])
