"""What a cost means to people: the price of one wish that is not granted."""

from __future__ import annotations

from scheduler.problem.problem import Problem
from scheduler.rules.request import Request


def yardstick(problem: Problem) -> str:
    """'One denied time-off choice costs 10.'; '' where no wish costs anything."""
    prices: dict[str, set[int]] = {}
    for bound in problem.rules:
        rule = bound.rule
        if isinstance(rule, Request) and rule.weight and bound.residents:
            prices.setdefault(rule.lane, set()).add(rule.weight * rule.denied)
    words = [
        f"one denied {lane} choice costs {' or '.join(map(str, sorted(costs)))}"
        for lane, costs in prices.items()
    ]
    return f"{', '.join(words).capitalize()}." if words else ""
