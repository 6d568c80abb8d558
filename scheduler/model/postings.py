"""What rules may say to a model; here, and only here, is decided what a miss means.

A miss is forbidden (hard) or charged (soft).  It knows no rule by name and no
solver.
"""

from __future__ import annotations

from scheduler.model.charges import Charges
from scheduler.model.linear import LinearModel, Sum
from scheduler.problem.problem import Problem
from scheduler.rules.base import Rule


class Postings:
    """A linear model of ``problem``; ``relaxed`` charges hard misses and ignores soft ones."""

    def __init__(self, problem: Problem, relaxed: bool = False) -> None:
        self.problem = problem
        self.relaxed = relaxed
        self.linear = LinearModel()
        self.offset = 0
        self._charges = Charges(self.linear)

    def helper(self, lower: int = 0, upper: int = 1) -> Sum:
        """A fresh integer column, as a sum."""
        return Sum({self.linear.column(lower, upper): 1})

    def define(self, total: Sum, lower: int | None = None, upper: int | None = None) -> None:
        """State what a helper means; never relaxed, never charged."""
        if lower is not None:
            self.linear.row(total, lower=lower)
        if upper is not None:
            self.linear.row(total, upper=upper)

    def at_least(self, total: Sum, least: int, rule: Rule, unit: int = 1) -> Sum:
        """``total >= least``, or a charge for every ``unit`` (begun units whole) it is short.

        Returns the units that are charged, empty where nothing may be missed.
        """
        return self._demand(total, least, rule, unit)

    def at_most(self, total: Sum, most: int, rule: Rule, unit: int = 1) -> None:
        """``total <= most``, or a charge for every ``unit`` (begun units whole) above it."""
        less = Sum({column: -k for column, k in total.terms.items()}, -total.constant)
        self._demand(less, -most, rule, unit)

    def charge(self, total: Sum, price: int) -> None:
        """Add ``price`` x ``total`` to the cost (not while rules are relaxed)."""
        if self.relaxed:
            return
        self.offset += price * total.constant
        for column, coefficient in total.terms.items():
            self.linear.cost[column] += price * coefficient

    def _demand(self, total: Sum, least: int, rule: Rule, unit: int) -> Sum:
        if rule.hard and not self.relaxed:
            self.linear.row(total, lower=least)
        elif rule.hard or not self.relaxed:
            return self._charges.miss(total, least, unit, rule.weight or rule.give)
        return Sum()
