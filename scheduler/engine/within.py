"""A model within whole years that are known: each resident's decisions as in some of these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from scheduler.engine.restrict import Restricted, restrict
from scheduler.engine.structure import Structure
from scheduler.model.linear import Floats


def within_years(structure: Structure, known: Mapping[int, Sequence[Floats]]) -> Restricted:
    """The model in which every decision of a resident lies between the least and the most that
    it is in the resident's ``known`` years (values of the resident's columns).

    So decisions that are the same in all of them are fixed, and others may also
    be combined in ways that no known year does.
    """
    lower = structure.arrays.lower.astype(np.int64)
    upper = structure.arrays.upper.astype(np.int64)
    for resident, years in known.items():
        columns = structure.columns_of[resident]
        decided = structure.is_guided[columns]
        own = columns[decided]
        lower[own] = np.min(years, axis=0)[decided]
        upper[own] = np.max(years, axis=0)[decided]
    return restrict(structure.arrays, lower, upper)
