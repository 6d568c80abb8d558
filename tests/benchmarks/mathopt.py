"""HiGHS through MathOpt, for comparison.

MathOpt's Python operators take seconds for a hundred thousand rows, so its
protocol buffer is filled from the arrays directly; bounds are read from HiGHS's
log while it runs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from math import isfinite

import numpy as np
from ortools.math_opt import (
    callback_pb2,
    model_parameters_pb2,
    model_pb2,
    parameters_pb2,
    result_pb2,
)
from ortools.math_opt.core.python import solver as math_opt

from scheduler.model.linear import Arrays

#: A line of its table: source, nodes, queue, leaves, explored, bound, best, gap ...
_LINE = re.compile(r"^ ?[A-Za-z]? +\d+ +\d+ +\d+ +[\d.]+% +(\S+) +(\S+) +\S+ ")


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


def parameters(seconds: float) -> parameters_pb2.SolveParametersProto:
    """Parameters with nothing but a time limit."""
    asked = parameters_pb2.SolveParametersProto()
    asked.time_limit.FromTimedelta(timedelta(seconds=max(0.1, seconds)))
    return asked


def solve_by_highs(
    model: model_pb2.ModelProto,
    asked: parameters_pb2.SolveParametersProto,
    heard: Callable[[Sequence[str]], None] | None = None,
) -> result_pb2.SolveResultProto:
    """Solve; ``heard`` gets the lines of the log as they come."""
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


def bound_and_cost(line: str) -> tuple[float | None, float | None]:
    """The bound and the best cost that a line of HiGHS's log tells; None where it does not."""
    found = _LINE.match(line)
    return (None, None) if found is None else (_number(found[1]), _number(found[2]))


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) else None
