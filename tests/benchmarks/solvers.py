"""A model's arrays handed to plain CP-SAT, and to HiGHS through MathOpt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
from ortools.math_opt import parameters_pb2, result_pb2
from ortools.sat.python import cp_model

from scheduler.model.linear import Arrays, Integers
from tests.benchmarks.mathopt import (
    bound_and_cost,
    math_opt_model,
    parameters,
    solve_by_highs,
)

#: What an unbounded side of a row becomes; CP-SAT works in 64-bit integers.
_INFINITE = 1 << 50

#: Told of every better cost or bound (None: unchanged), without the model's constant.
Tell = Callable[[int | None, int | None], None]


def silent(cost: int | None, bound: int | None) -> None:
    """Tells nobody."""


@dataclass(frozen=True)
class Solved:
    """``status`` in the words of ``solve --json``; ``values`` of all columns, or None."""

    status: str
    values: Integers | None
    cost: int | None
    bound: int | None


def whole_bound(bound: float | None) -> int | None:
    """The integer that a bound proves, allowing for rounding; None where there is none."""
    if bound is None or abs(bound) > 1e15:
        return None
    return ceil(bound - 1e-6 - 1e-9 * abs(bound))


# -- CP-SAT -----------------------------------------------------------------------------


class _Told(cp_model.CpSolverSolutionCallback):  # type: ignore[misc]  # untyped base
    def __init__(self, tell: Tell) -> None:
        super().__init__()
        self._tell = tell

    def on_solution_callback(self) -> None:
        self._tell(round(self.objective_value), None)


def cp_sat(arrays: Arrays, seconds: float, workers: int, seed: int, tell: Tell = silent) -> Solved:
    """The whole model by CP-SAT with its default parameters."""
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(0.1, seconds)
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = seed
    solver.best_bound_callback = lambda bound: tell(None, whole_bound(bound))
    status = solver.solve(_cp_model(arrays), _Told(tell))
    names = {cp_model.OPTIMAL: "optimal", cp_model.FEASIBLE: "feasible"}
    if status not in names:
        infeasible = status == cp_model.INFEASIBLE
        return Solved("infeasible" if infeasible else "unknown", None, None, None)
    values = np.array(solver.response_proto.solution, dtype=np.int64)
    bound = whole_bound(solver.best_objective_bound)
    return Solved(names[status], values, round(solver.objective_value), bound)


def _cp_model(arrays: Arrays) -> cp_model.CpModel:
    model = cp_model.CpModel()
    proto = model.proto
    lower, upper = _integers(arrays.lower), _integers(arrays.upper)
    for low, high in zip(lower, upper, strict=True):
        proto.variables.add().domain.extend([low, high])
    pointers, columns = arrays.matrix.indptr.tolist(), arrays.matrix.indices.tolist()
    coefficients = _integers(arrays.matrix.data)
    bounds = zip(_integers(arrays.row_lower), _integers(arrays.row_upper), strict=True)
    for row, (low, high) in enumerate(bounds):
        start, stop = pointers[row], pointers[row + 1]
        linear = proto.constraints.add().linear
        linear.vars.extend(columns[start:stop])
        linear.coeffs.extend(coefficients[start:stop])
        linear.domain.extend([low, high])
    priced = np.flatnonzero(arrays.cost)
    proto.objective.vars.extend(priced.tolist())
    proto.objective.coeffs.extend(_integers(arrays.cost[priced]))
    return model


def _integers(values: Any) -> list[int]:
    found: list[int] = np.rint(np.clip(values, -_INFINITE, _INFINITE)).astype(np.int64).tolist()
    return found


# -- HiGHS ------------------------------------------------------------------------------


def highs(arrays: Arrays, seconds: float, workers: int, seed: int, tell: Tell = silent) -> Solved:
    """The whole model as a MIP by HiGHS; what it finds meanwhile is read from its log."""

    def heard(lines: Sequence[str]) -> None:
        for line in lines:
            bound, cost = bound_and_cost(line)
            if bound is not None or cost is not None:
                tell(None if cost is None else round(cost), whole_bound(bound))

    asked = parameters(seconds)
    asked.relative_gap_tolerance = 0.0
    asked.highs.int_options["threads"] = workers
    asked.highs.int_options["random_seed"] = seed
    result = solve_by_highs(math_opt_model(arrays, whole=True), asked, heard)
    reason = result.termination.reason
    bound = whole_bound(result.termination.objective_bounds.dual_bound)
    if not result.solutions:
        infeasible = reason == result_pb2.TERMINATION_REASON_INFEASIBLE
        return Solved("infeasible" if infeasible else "unknown", None, None, bound)
    primal = result.solutions[0].primal_solution
    values = np.zeros(arrays.columns)
    values[list(primal.variable_values.ids)] = list(primal.variable_values.values)
    whole = np.rint(values).astype(np.int64)
    status = "optimal" if reason == result_pb2.TERMINATION_REASON_OPTIMAL else "feasible"
    return Solved(status, whole, round(float(arrays.cost @ whole)), bound)


def relaxed_optimum(arrays: Arrays, seconds: float = 120.0) -> float | None:
    """The exact optimum of the linear relaxation, by the simplex of HiGHS; None if there is none.

    Raises RuntimeError where the time is too short.
    """
    asked = parameters(seconds)
    asked.lp_algorithm = parameters_pb2.LP_ALGORITHM_DUAL_SIMPLEX
    result = solve_by_highs(math_opt_model(arrays, whole=False), asked)
    reason = result.termination.reason
    if reason == result_pb2.TERMINATION_REASON_INFEASIBLE:
        return None
    if reason != result_pb2.TERMINATION_REASON_OPTIMAL:
        raise RuntimeError(f"the relaxation was not solved: {result.termination.detail}")
    return float(result.termination.objective_bounds.primal_bound)
