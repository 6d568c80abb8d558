"""What is at stake: the yardstick of every gap (DESIGN 6)."""

from __future__ import annotations

from scheduler.problem.problem import Problem


def at_stake(problem: Problem) -> int:
    """The most that all residents' own wishes could cost, resident by resident."""
    return sum(bound.rule.stake(bound.scope(problem)) for bound in problem.rules)
