"""A better bound from whole years: every resident's own rows, with all others at a price.

The relaxation mixes years that nobody can work as they are.  Once the rows that
couple residents are replaced by the prices its dual values put on them, what is
left falls apart into one small integer model a resident; by what the best of
their years costs above their share of the relaxation, the bound rises
(Lagrangian relaxation).  It knows arrays only.
"""

from __future__ import annotations

import threading

import numpy as np

from scheduler.engine.columns import NOBODY
from scheduler.engine.cpsat import Limits, Stopper, search
from scheduler.engine.paying import Paying
from scheduler.engine.relaxation import Relaxation, sides
from scheduler.engine.restrict import unrestricted
from scheduler.engine.structure import Structure
from scheduler.model.linear import Arrays, Floats, Integers

#: Parts of a unit of cost that prices are rounded down to, so that all is exact in integers.
PARTS = 1_000
#: What is taken off each year's gain against rounding in sums.
ROUNDING = 1e-5


class YearBounds:
    """Lifts the bound of one relaxation, resident by resident; safe to use from several threads.

    ``bound`` is without the model's offset; it holds at any time, if CP-SAT says the truth about
    single years (no schedule may be cheaper: whoever uses it checks that).
    """

    def __init__(self, structure: Structure, relaxation: Relaxation) -> None:
        arrays = structure.arrays
        below, above = sides(arrays, relaxation.duals)
        own = np.where(structure.coupling, 0.0, below + above)
        self._structure = structure
        self._price = relaxation.reduced_costs + arrays.matrix.T @ own
        self._rows_of = _rows_of(structure)
        self._in_rows = _finite_product(below, arrays.row_lower)
        self._in_rows += _finite_product(above, arrays.row_upper)
        reduced = relaxation.reduced_costs
        self._in_boxes = np.where(reduced > 0, reduced * arrays.lower, reduced * arrays.upper)
        self._left = _most_mixed_first(structure, relaxation.values)
        self._lock = threading.Lock()
        self.bound = relaxation.bound
        self.paying = Paying()

    @property
    def pays(self) -> bool:
        """Whether the next resident's year narrows the gap faster than groups do now."""
        return bool(self._left) and self.paying.years_pay_more()

    def lift(self, limits: Limits, stopper: Stopper) -> float:
        """Look at the next resident's year; the work it was."""
        with self._lock:
            if not self._left:
                return 0.0
            resident = self._left.pop()
        gain, work = self._gain(resident, limits, stopper)
        with self._lock:
            self.bound += gain
            self.paying.lifted(gain, work)
        return work

    def _gain(self, resident: int, limits: Limits, stopper: Stopper) -> tuple[float, float]:
        columns = self._structure.columns_of[resident]
        rows = self._rows_of.get(resident, np.arange(0))
        arrays = self._year(columns, rows)
        found = search(unrestricted(arrays), limits, stopper=stopper)
        share = float(self._in_rows[rows].sum() + self._in_boxes[columns].sum())
        # Rounding down is harmless where a column is not negative; else it costs a part of a unit.
        negative = float(np.minimum(self._structure.arrays.lower[columns], 0.0).sum())
        gain = (found.bound + negative) / PARTS - share - ROUNDING
        return (max(0.0, gain) if np.isfinite(gain) else 0.0), found.work

    def _year(self, columns: Integers, rows: Integers) -> Arrays:
        """One resident's own model, what they do for others at its price."""
        arrays = self._structure.arrays
        return Arrays(
            cost=np.floor(self._price[columns] * PARTS),
            lower=arrays.lower[columns],
            upper=arrays.upper[columns],
            matrix=arrays.matrix[rows][:, columns].tocsr(),
            row_lower=arrays.row_lower[rows],
            row_upper=arrays.row_upper[rows],
        )


def _finite_product(duals: Floats, bounds: Floats) -> Floats:
    return duals * np.where(np.isfinite(bounds), bounds, 0.0)


def _rows_of(structure: Structure) -> dict[int, Integers]:
    """The rows that are one resident's alone, by resident."""
    matrix = structure.arrays.matrix
    filled = np.flatnonzero((np.diff(matrix.indptr) > 0) & ~structure.coupling)
    owner = structure.owner[matrix.indices[matrix.indptr[filled]]]
    order = np.argsort(owner, kind="stable")
    found, starts = np.unique(owner[order], return_index=True)
    pieces = np.split(filled[order], starts[1:])
    return {int(one): rows for one, rows in zip(found, pieces, strict=True) if one != NOBODY}


def _most_mixed_first(structure: Structure, values: Floats) -> list[int]:
    """Residents, to be taken from the end: those whose decisions are most fractional."""
    guided = structure.chosen.guided
    mixed = np.minimum(values[guided], 1.0 - values[guided])
    size = int(structure.residents.max(initial=0)) + 1
    amount = np.bincount(structure.owner[guided], mixed, size)[structure.residents]
    return [int(one) for one in structure.residents[np.argsort(amount, kind="stable")]]
