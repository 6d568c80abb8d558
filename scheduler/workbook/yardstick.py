"""What a cost means to people: the price of one wish that is not granted."""

from __future__ import annotations

from scheduler.problem.problem import Problem
from scheduler.rules.request import Request


def yardstick(problem: Problem) -> str:
    """'One denied time-off choice costs 3 to 10.'; '' where no wish costs anything."""
    prices: dict[str, set[int]] = {}
    for bound in problem.rules:
        rule = bound.rule
        if isinstance(rule, Request) and rule.weight and bound.residents:
            prices.setdefault(rule.lane, set()).update(rule.weight * one for one in rule.denied)
    words = [
        f"one denied {lane} choice costs {' to '.join(map(str, sorted({min(costs), max(costs)})))}"
        for lane, costs in prices.items()
    ]
    return f"{', '.join(words).capitalize()}." if words else ""
