"""A model's arrays handed to plain CP-SAT, and to HiGHS through MathOpt; knows no engine.

MathOpt's Python operators take seconds for a hundred thousand rows, so its
protocol buffer is filled from the arrays directly.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil, inf
from typing import Any

import numpy as np
from ortools.math_opt import (
    callback_pb2,
    model_parameters_pb2,
    model_pb2,
    parameters_pb2,
    result_pb2,
)
from ortools.math_opt.core.python import solver as math_opt
from ortools.sat.python import cp_model

from scheduler.model.linear import Arrays, Integers

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

#: A line of its table: source, nodes, queue, leaves, explored, bound, best, gap ...
_LINE = re.compile(r"^ ?[A-Za-z]? +\d+ +\d+ +\d+ +[\d.]+% +(\S+) +(\S+) +\S+ ")


def highs(arrays: Arrays, seconds: float, workers: int, seed: int, tell: Tell = silent) -> Solved:
    """The whole model as a MIP by HiGHS; what it finds meanwhile is read from its log."""

    def heard(lines: Sequence[str]) -> None:
        for line in lines:
            found = _LINE.match(line)
            if found:
                bound, cost = _number(found[1]), _number(found[2])
                tell(None if cost is None else round(cost), whole_bound(bound))

    asked = _parameters(seconds)
    asked.relative_gap_tolerance = 0.0
    asked.highs.int_options["threads"] = workers
    asked.highs.int_options["random_seed"] = seed
    result = _solve(math_opt_model(arrays, whole=True), asked, heard)
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
    asked = _parameters(seconds)
    asked.lp_algorithm = parameters_pb2.LP_ALGORITHM_DUAL_SIMPLEX
    result = _solve(math_opt_model(arrays, whole=False), asked, None)
    reason = result.termination.reason
    if reason == result_pb2.TERMINATION_REASON_INFEASIBLE:
        return None
    if reason != result_pb2.TERMINATION_REASON_OPTIMAL:
        raise RuntimeError(f"the relaxation was not solved: {result.termination.detail}")
    return float(result.termination.objective_bounds.primal_bound)


def math_opt_model(arrays: Arrays, whole: bool) -> model_pb2.ModelProto:
    """The model as MathOpt's protocol buffer, its columns ``whole`` numbers or not."""
    model = model_pb2.ModelProto()
    rows, columns = arrays.matrix.shape
    model.variables.ids.extend(range(columns))
    model.variables.lower_bounds.extend(arrays.lower.tolist())
    model.variables.upper_bounds.extend(arrays.upper.tolist())
    model.variables.integers.extend([whole] * columns)
    model.linear_constraints.ids.extend(range(rows))
    model.linear_constraints.lower_bounds.extend(arrays.row_lower.tolist())
    model.linear_constraints.upper_bounds.extend(arrays.row_upper.tolist())
    matrix = arrays.matrix.sorted_indices()
    filled = np.repeat(np.arange(rows), np.diff(matrix.indptr))
    model.linear_constraint_matrix.row_ids.extend(filled.tolist())
    model.linear_constraint_matrix.column_ids.extend(matrix.indices.tolist())
    model.linear_constraint_matrix.coefficients.extend(matrix.data.tolist())
    priced = np.flatnonzero(arrays.cost)
    model.objective.linear_coefficients.ids.extend(priced.tolist())
    model.objective.linear_coefficients.values.extend(arrays.cost[priced].tolist())
    return model


def _parameters(seconds: float) -> parameters_pb2.SolveParametersProto:
    asked = parameters_pb2.SolveParametersProto()
    asked.time_limit.FromTimedelta(timedelta(seconds=max(0.1, seconds)))
    return asked


def _solve(
    model: model_pb2.ModelProto,
    asked: parameters_pb2.SolveParametersProto,
    heard: Callable[[Sequence[str]], None] | None,
) -> result_pb2.SolveResultProto:
    return math_opt.solve(
        model,
        parameters_pb2.SOLVER_TYPE_HIGHS,
        parameters_pb2.SolverInitializerProto(),
        asked,
        model_parameters_pb2.ModelSolveParametersProto(),
        heard,
        callback_pb2.CallbackRegistrationProto(),
        None,
        None,
    )


def _number(text: str) -> float | None:
    """A number of the log; None where it is infinite or no number."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) < inf else None
