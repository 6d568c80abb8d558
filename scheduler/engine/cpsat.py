"""CP-SAT on a linear model, whole or restricted to narrower column bounds.

It knows arrays only: no residents, no rules.  CP-SAT itself is loaded when it is needed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from scheduler.engine.restrict import Restricted, whatever_the_costs
from scheduler.engine.searches import Answer, Found, Limits, Report, Stopper, ignore
from scheduler.model.linear import Arrays, Integers


def load() -> None:
    """Load CP-SAT now; it takes a quarter of a second, which somebody may have to spare."""
    from scheduler.engine import translation  # noqa: F401


def search(
    part: Restricted,
    limits: Limits,
    report: Report = ignore,
    hint: Integers | None = None,
    stopper: Stopper | None = None,
    bound_report: Callable[[float], bool] | None = None,
) -> Found:
    """Minimise the restricted model; ``report`` gets every better (cost, whole values).

    ``report`` and ``bound_report`` return True to stop.  ``hint`` is whole column
    values to start from.  A bound is valid for the restricted model only.
    """
    from scheduler.engine.translation import model_of, run

    if part.impossible:
        return Found(Answer.INFEASIBLE, None, 0, float("inf"))
    return run(model_of(part, hint), part, limits, report, stopper, bound_report)


class Repriced:
    """A model that is solved again and again at other costs; not for several threads at once."""

    def __init__(self, arrays: Arrays) -> None:
        from scheduler.engine.translation import model_of

        self._part = whatever_the_costs(arrays)
        self._model = model_of(self._part, None)

    def cheapest(
        self,
        cost: Integers,
        limits: Limits,
        stopper: Stopper,
        below: int | None = None,
        report: Report = ignore,
    ) -> Found:
        """Minimise ``cost`` over the model; with ``below`` only what is cheaper counts, and
        infeasible means that nothing is."""
        from scheduler.engine.translation import run, set_costs

        if self._part.impossible:
            return Found(Answer.INFEASIBLE, None, 0, float("inf"))
        offset = int(cost @ self._part.start)
        part = replace(self._part, cost=cost[self._part.free], offset=offset)
        set_costs(self._model, part.cost, None if below is None else below - offset)
        return run(self._model, part, limits, report, stopper)
