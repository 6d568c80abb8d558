"""Upper bounds of totals that other rows imply, so that what is rounded from them is tight.

A fair share is a group's total, divided and rounded up.  The relaxation does
not see the rounding, unless the total's bound is what the services can take at
most; that bound is found here from rows of the form ``sum <= limit``.  It knows
arrays only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csc_matrix, csr_matrix, vstack

from scheduler.model.linear import Arrays, Floats, Integers

_ROUNDING = 1e-6


@dataclass(frozen=True)
class Packing:
    """The rows that say no more than 'these, counted up, are at most so many'."""

    columns: csc_matrix
    limits: Floats


def bounded_totals(arrays: Arrays, totals: Sequence[int]) -> Arrays:
    """``arrays`` with lower upper bounds for the columns ``totals`` and for what is below them.

    A total stands in one row ``unit x total <= a sum``; no valid answer is lost.
    """
    if not totals:
        return arrays
    upper = arrays.upper.copy()
    columns = arrays.matrix.tocsc()
    packing = _packing(arrays)
    for total in totals:
        here = slice(columns.indptr[total], columns.indptr[total + 1])
        rows, units = columns.indices[here], columns.data[here]
        for row in rows[units > 0]:
            upper[total] = min(upper[total], _most(arrays, packing, row, total))
        for row in rows[units < 0]:
            _propagate(arrays, row, upper)
    return replace(arrays, upper=upper)


def _packing(arrays: Arrays) -> Packing:
    """Such rows among those bounded above, and (turned round) among those bounded below."""
    pieces = [
        (matrix[rows], limits[rows])
        for matrix, limits in (
            (arrays.matrix, arrays.row_upper),
            (-arrays.matrix, -arrays.row_lower),
        )
        for rows in (_counting_up(matrix, limits, arrays.lower),)
    ]
    matrix = vstack([rows for rows, _ in pieces]).tocsc()
    return Packing(matrix, np.concatenate([limits for _, limits in pieces]))


def _counting_up(matrix: csr_matrix, limits: Floats, lower: Floats) -> Integers:
    """The rows with a limit above, no negative coefficient, and no column below 0."""
    filled = np.flatnonzero(np.diff(matrix.indptr))
    starts = matrix.indptr[filled]
    good = np.zeros(matrix.shape[0], dtype=bool)
    good[filled] = np.minimum.reduceat(matrix.data, starts) > 0
    good[filled] &= np.minimum.reduceat(lower[matrix.indices], starts) >= 0
    return np.flatnonzero(good & np.isfinite(limits))


def _most(arrays: Arrays, packing: Packing, row: int, total: int) -> float:
    """The most that ``total`` can be: what it sums, covered by packing rows one by one."""
    matrix = arrays.matrix
    here = slice(matrix.indptr[row], matrix.indptr[row + 1])
    summed, share = matrix.indices[here], -matrix.data[here]
    unit = -float(share[summed == total][0])
    summed, share = summed[share > 0], share[share > 0]
    covered = _covered(packing, summed, share, share * arrays.upper[summed])
    return float(np.floor((arrays.row_upper[row] + covered) / unit + _ROUNDING))


def _covered(packing: Packing, summed: Integers, share: Floats, worth: Floats) -> float:
    """A bound of ``share x summed``, by rows that save most of what the columns are ``worth``."""
    cover = packing.columns[:, summed].tocsr()
    rows = np.flatnonzero(np.diff(cover.indptr) > 1)
    pieces = [slice(cover.indptr[row], cover.indptr[row + 1]) for row in rows]
    found = [
        (cover.indices[piece], share[cover.indices[piece]] / cover.data[piece]) for piece in pieces
    ]
    most = np.array(
        [limit * rates.max() for limit, (_, rates) in zip(packing.limits[rows], found, strict=True)]
    )
    saving = np.array(
        [limit / worth[own].sum() for limit, (own, _) in zip(most, found, strict=True)]
    )
    bound = 0.0
    for index in np.argsort(saving, kind="stable"):
        own = found[index][0]
        if most[index] < worth[own].sum():
            bound += most[index]
            worth[own] = 0.0
    return bound + float(worth.sum())


def _propagate(arrays: Arrays, row: int, upper: Floats) -> None:
    """Lower the ``upper`` bounds of what ``row`` limits by the total."""
    matrix = arrays.matrix
    here = slice(matrix.indptr[row], matrix.indptr[row + 1])
    found, factor = matrix.indices[here], matrix.data[here]
    least = np.where(factor > 0, factor * arrays.lower[found], factor * upper[found])
    room = arrays.row_upper[row] - (least.sum() - least)
    rising = factor > 0
    limit = np.floor(room[rising] / factor[rising] + _ROUNDING)
    upper[found[rising]] = np.minimum(upper[found[rising]], limit)
