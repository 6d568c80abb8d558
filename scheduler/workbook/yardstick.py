"""What a cost means to people: the price of one wish that is not granted."""

from __future__ import annotations

from scheduler.problem.problem import Problem
from scheduler.rules.request import Request


def yardstick(problem: Problem) -> str:
    """'One denied time-off choice costs 3 to 10.'; '' where nobody's wish costs anything."""
    prices: dict[str, set[int]] = {}
    asked = {(choice.resident, choice.lane.value) for choice in problem.choices}
    for bound in problem.rules:
        rule = bound.rule
        if not isinstance(rule, Request) or not rule.weight:
            continue
        if any((one, rule.lane) in asked for one in bound.residents):
            prices.setdefault(rule.lane, set()).update(rule.weight * one for one in rule.denied)
    words = [
        f"one denied {lane} choice costs {' to '.join(map(str, sorted({min(costs), max(costs)})))}"
        for lane, costs in prices.items()
    ]
    return f"{', '.join(words).capitalize()}." if words else ""
