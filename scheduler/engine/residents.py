"""One resident at a time: whether a restriction leaves each of them a possible year.

A support that leaves one resident no year at all makes the whole restriction
infeasible, though all others fit; such residents are found here and freed.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from scheduler.engine.columns import NOBODY
from scheduler.engine.cpsat import Answer, Limits, search
from scheduler.engine.elastic import Elastic, row_owner
from scheduler.engine.restrict import restrict
from scheduler.model.linear import Arrays, Integers

#: Deterministic time for one resident's year; what takes longer counts as possible.
WORK = 0.5


@dataclass(frozen=True)
class ResidentPart:
    """The columns and rows that are one resident's alone."""

    resident: int
    columns: Integers
    rows: Integers
    matrix: csr_matrix


def resident_parts(model: Elastic) -> tuple[ResidentPart, ...]:
    """Split the model by resident; rows that couple several are left out."""
    matrix = model.arrays.matrix.tocsr()
    rows_of = _grouped(row_owner(matrix, model.owner))
    found = []
    for resident, columns in _grouped(model.owner).items():
        rows = rows_of.get(resident, np.zeros(0, dtype=np.int64))
        found.append(ResidentPart(resident, columns, rows, matrix[rows][:, columns].tocsr()))
    return tuple(found)


def _grouped(owner: Integers) -> dict[int, Integers]:
    """Indices by owner, NOBODY left out."""
    order = np.argsort(owner, kind="stable")
    values, starts = np.unique(owner[order], return_index=True)
    pieces = np.split(order, starts[1:])
    return {int(v): piece for v, piece in zip(values, pieces, strict=True) if v != NOBODY}


def without_a_year(
    model: Elastic,
    parts: tuple[ResidentPart, ...],
    upper: Integers,
    threads: int,
    lower: Integers | None = None,
) -> list[ResidentPart]:
    """The residents to whom column bounds (``lower``: the model's own) leave no own year."""
    least = model.arrays.lower.astype(np.int64) if lower is None else lower
    with ThreadPoolExecutor(threads) as pool:
        possible = list(pool.map(lambda part: _has_year(model, part, least, upper), parts))
    return [part for part, fits in zip(parts, possible, strict=True) if not fits]


def _has_year(model: Elastic, part: ResidentPart, lower: Integers, upper: Integers) -> bool:
    own = Arrays(
        cost=np.zeros(len(part.columns)),
        lower=lower[part.columns].astype(np.float64),
        upper=upper[part.columns].astype(np.float64),
        matrix=part.matrix,
        row_lower=model.arrays.row_lower[part.rows],
        row_upper=model.arrays.row_upper[part.rows],
    )
    small = restrict(own, lower[part.columns], upper[part.columns])
    return search(small, Limits(work=WORK, workers=1)).answer != Answer.INFEASIBLE
