"""The linear relaxation of a model by PDLP, and the lower bound its dual values prove.

It knows arrays only.  The bound is recomputed from the dual values by weak
duality over the column bounds, so it holds whatever the solver's tolerance
(DESIGN 5).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, fsum

import numpy as np
from scipy.sparse import diags

from scheduler.model.linear import Arrays, Floats

#: Absolute slack taken off a bound before it is rounded up, against rounding in sums.
BOUND_SLACK = 1e-6
#: Work of one iteration for each entry of the matrix (measured: 7 ms for 1.8 million).
WORK_PER_ENTRY = 4e-9
#: Columns that may be anything in a range of more than this (a group's total, days, shares) are
#: counted in parts of that range, or steps that suit them suit no decision.  The tolerance is then
#: STRICTER times as strict, for the same shortfalls.  (Measured on programs with balance, to where
#: about 1 to 3 units are missed: months of 100 residents 5 s instead of 21, blocks 7 for 22, 4+1 5
#: for 7; on 200 residents in two-week blocks alike, but for the tightest step of the bound: 35 to
#: 60 s instead of 4, for 911 instead of 907, which is why the guide ends it.)
WIDE, STRICTER = 100.0, 3.0


@dataclass(frozen=True)
class Relaxation:
    """A (nearly) optimal solution of the relaxation: values, reduced costs and bound.

    ``work`` is what it took, in about seconds of one core, counted and not timed.
    """

    values: Floats
    duals: Floats
    reduced_costs: Floats
    bound: float
    work: float = 0.0


def dual_bound(arrays: Arrays, duals: Floats) -> tuple[float, Floats]:
    """The bound that row ``duals`` prove by weak duality, and the reduced costs."""
    rows, boxes, reduced = dual_terms(arrays, duals)
    return fsum(rows) + fsum(boxes), reduced


def dual_terms(arrays: Arrays, duals: Floats) -> tuple[Floats, Floats, Floats]:
    """The terms of that bound, one a row and one a column, and the reduced costs.

    For any duals y: min c x >= sum_i max-side(y_i) + sum_j min over the box of
    (c - A'y)_j x_j.  Duals of the wrong sign for a one-sided row are set to 0.
    """
    lower_side, upper_side = sides(arrays, duals)
    reduced = arrays.cost - arrays.matrix.T @ (lower_side + upper_side)
    rows = lower_side * _finite(arrays.row_lower) + upper_side * _finite(arrays.row_upper)
    boxes = np.where(reduced > 0, reduced * arrays.lower, reduced * arrays.upper)
    return rows, boxes, reduced


def sides(arrays: Arrays, duals: Floats) -> tuple[Floats, Floats]:
    """What of ``duals`` prices each row's lower and upper bound; wrong signs become 0."""
    lower_side = np.where(np.isfinite(arrays.row_lower), np.maximum(duals, 0.0), 0.0)
    upper_side = np.where(np.isfinite(arrays.row_upper), np.minimum(duals, 0.0), 0.0)
    return lower_side, upper_side


def _finite(values: Floats) -> Floats:
    return np.where(np.isfinite(values), values, 0.0)


def rounded_bound(bound: float) -> int:
    """The integer cost that ``bound`` proves no schedule can be below."""
    return ceil(bound - BOUND_SLACK - 1e-9 * abs(bound))


def solve_relaxation(
    arrays: Arrays,
    cost: Floats | None = None,
    tolerance: float = 1e-4,
    seconds: float | None = None,
    iterations: int | None = None,
    start: Relaxation | None = None,
    threads: int = 1,
) -> Relaxation:
    """Solve the relaxation with ``cost`` (the model's own by default) by PDLP.

    The bound returned is always for ``cost``.  ``seconds`` and ``iterations``
    limit the work; what stands then is returned, its bound still valid.
    ``start`` is a relaxation of the same model to begin from.  Several ``threads`` are worth it
    where nothing else is under way (measured on 200 residents in two-week blocks: with two 3.6 s
    instead of 5.6).
    """
    from ortools.pdlp import solvers_pb2
    from ortools.pdlp.python import pdlp

    objective = arrays.cost if cost is None else cost
    units = _units(arrays)
    if units.max(initial=1.0) > 1.0:
        tolerance /= STRICTER
    program = pdlp.QuadraticProgram()
    program.objective_vector = objective * units
    program.constraint_matrix = (arrays.matrix @ diags(units)).tocsc()
    program.constraint_lower_bounds = arrays.row_lower
    program.constraint_upper_bounds = arrays.row_upper
    program.variable_lower_bounds = arrays.lower / units
    program.variable_upper_bounds = arrays.upper / units
    params = solvers_pb2.PrimalDualHybridGradientParams()
    params.num_threads = threads
    # Measured on 200 residents in two-week blocks: rows are missed by half of what the default
    # leaves, or less, in its time.
    params.restart_strategy = params.ADAPTIVE_DISTANCE_BASED
    criteria = params.termination_criteria
    criteria.simple_optimality_criteria.eps_optimal_absolute = tolerance
    criteria.simple_optimality_criteria.eps_optimal_relative = tolerance
    if seconds is not None:
        criteria.time_sec_limit = seconds
    if iterations is not None:
        criteria.iteration_limit = iterations
    if start is None:
        answer = pdlp.primal_dual_hybrid_gradient(program, params)
    else:
        from_there = pdlp.PrimalAndDualSolution()
        from_there.primal_solution = start.values / units
        from_there.dual_solution = start.duals
        answer = pdlp.primal_dual_hybrid_gradient(program, params, from_there)
    duals = np.asarray(answer.dual_solution)
    priced = arrays if cost is None else replace(arrays, cost=objective)
    bound, reduced = dual_bound(priced, duals)
    values = np.clip(np.asarray(answer.primal_solution) * units, arrays.lower, arrays.upper)
    work = WORK_PER_ENTRY * arrays.matrix.nnz * answer.solve_log.iteration_count
    return Relaxation(values, duals, reduced, bound, work)


def iterations_in(work: float, arrays: Arrays) -> int:
    """How many iterations on ``arrays`` are so much work."""
    of_one: float = WORK_PER_ENTRY * max(1, arrays.matrix.nnz)
    return ceil(work / of_one)


def _units(arrays: Arrays) -> Floats:
    """What one unit of each column stands for: 1, or the range of a WIDE one."""
    wide = np.isfinite(arrays.upper - arrays.lower) & (arrays.upper - arrays.lower > WIDE)
    return np.where(wide, arrays.upper - arrays.lower, 1.0)
