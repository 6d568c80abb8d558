"""A model in CP-SAT's own terms, its search, and the way back to arrays.

Only ``cpsat`` imports it, when it is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
from ortools.sat.python import cp_model, cp_model_helper

from scheduler.engine.restrict import Restricted
from scheduler.engine.searches import Answer, Found, Limits, Report, Stopper
from scheduler.model.linear import Integers

#: What an unbounded side of a row becomes; CP-SAT works in 64-bit integers.
INFINITE = 1 << 50
#: How CP-SAT ends, in our words; else UNKNOWN.
_ANSWERS = {
    cp_model.OPTIMAL: Answer.OPTIMAL,
    cp_model.FEASIBLE: Answer.FEASIBLE,
    cp_model.INFEASIBLE: Answer.INFEASIBLE,
}


@lru_cache(maxsize=10_000)
def _column(lower: int, upper: int) -> cp_model_helper.IntegerVariableProto:
    """A column of CP-SAT's; most have the same few bounds."""
    column = cp_model_helper.IntegerVariableProto()
    column.domain.extend([lower, upper])
    return column


def model_of(part: Restricted, hint: Integers | None) -> cp_model.CpModel:
    """The model of ``part`` for CP-SAT, with a ``hint`` of whole column values.

    (Measured: columns copied in one call take a sixth of the time that adding each takes; rows by
    way of text are no faster than one by one.)
    """
    model = cp_model.CpModel()
    proto = model.proto
    bounds = zip(part.lower.tolist(), part.upper.tolist(), strict=True)
    proto.variables.extend([_column(low, high) for low, high in bounds])
    pointers = part.matrix.indptr.tolist()
    columns = part.matrix.indices.tolist()
    coefficients = np.rint(part.matrix.data).astype(np.int64).tolist()
    row_lower = np.clip(np.ceil(part.row_lower - 1e-6), -INFINITE, INFINITE).astype(np.int64)
    row_upper = np.clip(np.floor(part.row_upper + 1e-6), -INFINITE, INFINITE).astype(np.int64)
    spans = zip(pairwise(pointers), row_lower.tolist(), row_upper.tolist(), strict=True)
    add = proto.constraints.add
    for (start, stop), low, high in spans:
        linear = add().linear
        linear.vars.extend(columns[start:stop])
        linear.coeffs.extend(coefficients[start:stop])
        linear.domain.extend([low, high])
    set_costs(model, part.cost)
    if hint is not None:
        proto.solution_hint.vars.extend(range(len(part.free)))
        proto.solution_hint.values.extend(hint[part.free].tolist())
    return model


def set_costs(model: cp_model.CpModel, cost: Integers, below: int | None = None) -> None:
    """Have ``model`` minimise ``cost``; with ``below``, only what costs less counts."""
    model.proto.clear_objective()
    priced = np.flatnonzero(cost)
    model.proto.objective.vars.extend(priced.tolist())
    model.proto.objective.coeffs.extend(cost[priced].tolist())
    if below is not None:
        model.proto.objective.domain.extend([-INFINITE, below - 1])


def _whole_numbers(listed: Sequence[int]) -> Integers:
    """The numbers of a solution.  Its text is read eight times as fast as number by number, of
    which each is a call."""
    found = np.fromstring(str(listed)[1:-1], dtype=np.int64, sep=",")
    return found if len(found) == len(listed) else np.array(listed, dtype=np.int64)


class _Watcher(cp_model.CpSolverSolutionCallback):  # type: ignore[misc]  # untyped base
    """Hands every better solution on, and stops the search when told to."""

    def __init__(self, part: Restricted, report: Report) -> None:
        super().__init__()
        self._part = part
        self._report = report

    def on_solution_callback(self) -> None:
        values = self._part.whole(_whole_numbers(self.response_proto.solution))
        if self._report(round(self.objective_value) + self._part.offset, values):
            self.stop_search()


def _bound_watcher(
    solver: cp_model.CpSolver, offset: int, report: Callable[[float], bool]
) -> Callable[[float], None]:
    def watch(bound: float) -> None:
        if report(bound + offset):
            solver.stop_search()

    return watch


def solver_of(limits: Limits) -> cp_model.CpSolver:
    """A solver with these ``limits`` and what is always asked of it."""
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    if limits.seconds is not None:
        parameters.max_time_in_seconds = max(0.01, limits.seconds)
    if limits.work is not None:
        parameters.max_deterministic_time = limits.work
    parameters.num_workers = limits.workers
    parameters.random_seed = limits.seed
    # Measured: without these two the first schedule comes in half the time (DESIGN 5).
    parameters.cp_model_probing_level = 0
    parameters.symmetry_level = 0
    # An interrupt is for Python to hear: it stops all searches and writes the best so far.
    parameters.catch_sigint_signal = False
    for name, value in limits.extra.items():
        setattr(parameters, name, getattr(cp_model, value) if isinstance(value, str) else value)
    parameters.subsolvers.extend(limits.only)
    parameters.ignore_subsolvers.extend(limits.without)
    return solver


def run(
    model: cp_model.CpModel,
    part: Restricted,
    limits: Limits,
    report: Report,
    stopper: Stopper | None = None,
    bound_report: Callable[[float], bool] | None = None,
) -> Found:
    """Solve ``model``, which is that of ``part``; reports as those of ``cpsat.search``."""
    solver = solver_of(limits)
    if stopper is not None and not stopper.attach(solver):
        return Found(Answer.UNKNOWN, None, 0, float("-inf"))
    if bound_report is not None:
        solver.best_bound_callback = _bound_watcher(solver, part.offset, bound_report)
    try:
        status = solver.solve(model, _Watcher(part, report))
    finally:
        if stopper is not None:
            stopper.release(solver)
    answer = _ANSWERS.get(status, Answer.UNKNOWN)
    work = solver.response_proto.deterministic_time
    if answer not in (Answer.OPTIMAL, Answer.FEASIBLE):
        # A search that ends before it has begun leaves a bound of 0, whatever the costs' signs.
        bound = float("inf" if answer == Answer.INFEASIBLE else "-inf")
        return Found(answer, None, 0, bound, work)
    values = part.whole(_whole_numbers(solver.response_proto.solution))
    bound = solver.best_objective_bound + part.offset
    return Found(answer, values, round(solver.objective_value) + part.offset, bound, work)
