"""Every resident's whole year as a model of its own, with all that residents share at a price.

Once the rows that link residents are replaced by prices, a model falls apart
into one small integer model a resident (Lagrangian relaxation).  It knows
arrays only.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.sparse import csc_matrix

from scheduler.engine.cpsat import Repriced
from scheduler.engine.relaxation import dual_terms, sides
from scheduler.engine.restrict import part_of
from scheduler.engine.searches import Limits, Stopper
from scheduler.engine.structure import Structure, grouped
from scheduler.model.linear import Arrays, Floats, Integers

#: Parts of a unit of cost that prices are rounded down to, so that all is exact in integers.
PARTS = 10_000
#: What is taken off each year's bound against rounding in sums.
ROUNDING = 1e-5
#: Years are small: presolve takes longer than it saves (measured: 62 ms a year with it and 45-54
#: without on examples/community, 37 and 21 on examples/six-plus-two); branching as the relaxation
#: says saves a tenth.  Without cuts it would be another tenth, but hard years take twice as long.
AS_THEY_ARE = {
    "cp_model_presolve": False,
    "linearization_level": 2,
    "search_branching": "LP_SEARCH",
}


@dataclass(frozen=True)
class Year:
    """The cheapest year of one resident at some prices: a ``bound`` on its priced cost, the years
    that were ``found`` on the way to it, it last (values of the resident's columns; none where
    nothing beats the known one, or no answer came in time), and the work it was."""

    bound: float
    found: tuple[Floats, ...]
    work: float


@dataclass(frozen=True)
class _Own:
    """One resident's model without what links it, the ``cost`` and least values of its columns;
    ``links`` is the columns' part in linking rows."""

    model: Repriced
    cost: Floats
    lower: Floats
    links: csc_matrix


class Years:
    """The years of all residents with decisions; safe to use from several threads.

    ``linking`` are the rows that are no resident's alone, ``others`` the columns
    of no resident.  Prices are one for each linking row.
    """

    def __init__(self, structure: Structure) -> None:
        arrays = structure.arrays
        self.arrays = arrays
        self.residents = [int(one) for one in structure.residents]
        self.columns_of = structure.columns_of
        self.rows_of = rows_of(structure)
        linking = np.diff(arrays.matrix.indptr) > 0
        for one in self.residents:
            linking[self.rows_of[one]] = False
        self.linking = np.flatnonzero(linking)
        self.others = np.flatnonzero(~np.isin(structure.owner, self.residents))
        self.row_lower = arrays.row_lower[self.linking]
        self.row_upper = arrays.row_upper[self.linking]
        self._own: dict[int, _Own] = {}

    @cached_property
    def links(self) -> csc_matrix:
        """The linking rows of all columns."""
        return self.arrays.matrix[self.linking].tocsc()

    def allowed(self, prices: Floats) -> Floats:
        """``prices`` with those set to 0 that no bound of their row stands behind."""
        lower_side, upper_side = sides(self._shared, prices)
        return lower_side + upper_side

    def rest(self, prices: Floats) -> float:
        """What linking rows and the columns of no resident add to the sum of all years' bounds."""
        rows, boxes, _ = dual_terms(self._shared, prices)
        return float(rows.sum() + boxes.sum())

    @cached_property
    def _shared(self) -> Arrays:
        return part_of(self.arrays, self.linking, self.others)

    def best(
        self,
        resident: int,
        prices: Floats,
        limits: Limits,
        stopper: Stopper,
        known: Floats | None = None,
    ) -> Year:
        """The cheapest year of ``resident`` at ``prices``; no two threads ask for one resident at
        a time.

        ``known`` is a year that is expected to be hard to beat: only what is
        cheaper is looked for (measured: a quarter to a third of the time less).
        """
        own = self._model(resident)
        cost = np.floor((own.cost - own.links.T @ prices) * PARTS).astype(np.int64)
        below = None if known is None else int(cost @ known.astype(np.int64))
        limits = replace(limits, extra={**limits.extra, **AS_THEY_ARE})
        better: list[Floats] = []

        def report(_: int, values: Integers) -> bool:
            better.append(values.astype(np.float64))
            return False

        found = own.model.cheapest(cost, limits, stopper, below, report)
        least = found.bound if below is None else min(found.bound, below)
        # Rounding down is harmless where a column is not negative; else it costs a part of a unit.
        negative = float(np.minimum(own.lower, 0.0).sum())
        bound = (least + negative) / PARTS - ROUNDING
        if not np.isfinite(bound):  # no answer in time, or none at all: no claim either way
            bound = -np.inf
        return Year(bound, tuple(better), found.work)

    def _model(self, resident: int) -> _Own:
        if resident not in self._own:
            columns, rows = self.columns_of[resident], self.rows_of[resident]
            arrays = part_of(self.arrays, rows, columns)
            links = self.links[:, columns]
            self._own[resident] = _Own(Repriced(arrays), arrays.cost, arrays.lower, links)
        return self._own[resident]


def rows_of(structure: Structure) -> dict[int, Integers]:
    """The rows that are one resident's alone, by resident."""
    matrix = structure.arrays.matrix
    filled = np.flatnonzero((np.diff(matrix.indptr) > 0) & ~structure.coupling)
    owner = structure.owner[matrix.indices[matrix.indptr[filled]]]
    rows = {int(one): np.arange(0) for one in structure.residents}
    return rows | {one: filled[some] for one, some in grouped(owner).items()}
