"""What of a relaxation's bound is each resident's own, so that a whole year can take its place.

At prices of the rows that link residents, a model falls apart into one a resident and the rest.
The relaxation's dual values prove a bound for each of these parts, and so does the part's best
whole year; the sum of the better ones is a bound of the model.
"""

from __future__ import annotations

import numpy as np

from scheduler.engine.relaxation import Relaxation, dual_terms
from scheduler.engine.structure import Structure
from scheduler.engine.years import rows_of
from scheduler.model.linear import Floats


def shares(structure: Structure, relaxation: Relaxation) -> dict[int, float]:
    """The bound that dual values of the structure's sharper model prove for each resident's part
    of it, where the rows that link residents have the prices that these say.

    Further rows of the sharper model that link residents (a wish of two people for one week) have
    no price in whole years, so here they may have none either: whatever other dual values are, a
    bound is a bound.
    """
    sharper, arrays = structure.of_sharper, structure.sharper
    own_rows = structure.arrays.matrix.shape[0]
    unpriced = sharper.coupling & (np.arange(arrays.matrix.shape[0]) >= own_rows)
    duals = np.where(unpriced, 0.0, relaxation.duals)
    in_rows, in_boxes, _ = dual_terms(arrays, duals)
    rows = rows_of(sharper)
    return {
        one: float(in_rows[rows[one]].sum() + in_boxes[sharper.columns_of[one]].sum())
        for one in structure.residents.tolist()
    }


def most_mixed_first(structure: Structure, values: Floats) -> list[int]:
    """Residents, to be taken from the end: those whose decisions are most fractional."""
    guided = structure.chosen.guided
    mixed = np.minimum(values[guided], 1.0 - values[guided])
    size = int(structure.residents.max(initial=0)) + 1
    amount = np.bincount(structure.owner[guided], mixed, size)[structure.residents]
    return [int(one) for one in structure.residents[np.argsort(amount, kind="stable")]]
