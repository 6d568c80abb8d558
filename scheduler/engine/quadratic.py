"""A convex quadratic program with ranged rows, by an interior point method (Clarabel)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_matrix, csr_matrix, diags, identity, vstack

from scheduler.model.linear import Floats


@dataclass(frozen=True)
class Quadratic:
    """Minimise ``cost`` x + 1/2 x ``curvature`` x (one number a column, none negative) subject
    to bounds (may be infinite) on rows and columns."""

    cost: Floats
    curvature: Floats
    matrix: csr_matrix
    row_lower: Floats
    row_upper: Floats
    lower: Floats
    upper: Floats


def solve_quadratic(program: Quadratic) -> tuple[Floats, Floats] | None:
    """Values of the columns and duals of the rows (what one unit more of a row's bound would
    cost); None where the solver fails."""
    import clarabel  # a tenth of a second that few need

    rows = vstack([program.matrix, identity(len(program.cost), format="csr")]).tocsr()
    lower = np.concatenate([program.row_lower, program.lower])
    upper = np.concatenate([program.row_upper, program.upper])
    equal = np.flatnonzero(lower == upper)
    below = np.flatnonzero(np.isfinite(upper) & (lower != upper))
    above = np.flatnonzero(np.isfinite(lower) & (lower != upper))
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.max_threads = 1
    cones = [
        clarabel.ZeroConeT(len(equal)),
        clarabel.NonnegativeConeT(len(below) + len(above)),
    ]
    found = clarabel.DefaultSolver(
        csc_matrix(diags(program.curvature)),
        program.cost,
        csc_matrix(vstack([rows[equal], rows[below], -rows[above]])),
        np.concatenate([upper[equal], upper[below], -lower[above]]),
        cones,
        settings,
    ).solve()
    solved = (clarabel.SolverStatus.Solved, clarabel.SolverStatus.AlmostSolved)
    if found.status not in solved:
        return None
    multipliers = np.array(found.z)
    duals = np.zeros(len(lower))
    ends = np.cumsum([len(equal), len(below)])
    duals[equal] -= multipliers[: ends[0]]
    duals[below] -= multipliers[ends[0] : ends[1]]
    duals[above] += multipliers[ends[1] :]
    return np.array(found.x), duals[: len(program.row_lower)]
