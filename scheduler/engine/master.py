"""The cheapest mixture of whole years that are known (column generation's master problem).

Its dual values are the prices to look for better years at; its values show,
with fewer fractions than the relaxation, what everybody's year should be.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csc_matrix, csr_matrix, hstack, identity, vstack

from scheduler.engine.years import Years
from scheduler.model.linear import Floats, Integers

#: A year that was in no mixture for so many rounds is forgotten.
MOST_AGE = 20
#: A share of a mixture that counts as none.
NO_SHARE = 1e-9


@dataclass(frozen=True)
class Mixture:
    """``values`` of all columns, the mixture's ``cost``, and the ``prices`` of linking rows."""

    values: Floats
    cost: float
    prices: Floats


@dataclass
class _Known:
    resident: int
    values: Floats
    cost: float
    rows: Integers
    amounts: Floats
    age: int = 0


@dataclass
class Master:
    """Whole years known so far, by resident; not for several threads at once."""

    years: Years
    _known: dict[tuple[int, bytes], _Known] = field(default_factory=dict)

    def add(self, resident: int, values: Floats) -> None:
        """Learn a year of ``resident``: integer values of the resident's columns."""
        key = (resident, values.astype(np.int32).tobytes())
        if key in self._known:
            self._known[key].age = 0
            return
        columns = self.years.columns_of[resident]
        amounts = np.asarray(self.years.links[:, columns] @ values)
        rows = np.flatnonzero(amounts)
        cost = float(self.years.arrays.cost[columns] @ values)
        self._known[key] = _Known(resident, values, cost, rows, amounts[rows])

    def solve(self, centre: Floats, width: float) -> Mixture | None:
        """The cheapest mixture in which a linking row may be missed at what its price may be at
        most: ``centre`` and ``width`` more.  So prices stay within ``width`` of ``centre``.

        None where someone has no year yet, or the solver fails.
        """
        known = list(self._known.values())
        if {one.resident for one in known} != set(self.years.residents):
            return None
        found = _solved(self.years, known, centre, width)
        if found is not None:
            self._forget(found[1])
        return None if found is None else self._mixture(known, *found)

    def _mixture(
        self, known: list[_Known], cost: float, shares: Floats, rest: Floats, prices: Floats
    ) -> Mixture:
        values = np.zeros(self.years.arrays.columns)
        values[self.years.others] = rest
        for one, share in zip(known, shares.tolist(), strict=True):
            if share > NO_SHARE:
                values[self.years.columns_of[one.resident]] += share * one.values
        return Mixture(values, cost, self.years.allowed(prices))

    def _forget(self, shares: Floats) -> None:
        for (key, one), share in zip(list(self._known.items()), shares.tolist(), strict=True):
            one.age = 0 if share > NO_SHARE else one.age + 1
            if one.age > MOST_AGE:
                del self._known[key]


def _solved(
    years: Years, known: list[_Known], centre: Floats, width: float
) -> tuple[float, Floats, Floats, Floats] | None:
    """Cost, shares of the known years, values of the others, and the linking rows' duals."""
    from scipy.optimize import linprog  # a third of a second that few need

    whole, others, linking = years.arrays, years.others, len(years.linking)
    matrix = _matrix(years, known)
    lower = np.concatenate([years.row_lower, np.ones(len(years.residents))])
    upper = np.concatenate([years.row_upper, np.ones(len(years.residents))])
    equal = np.flatnonzero(lower == upper)
    below = np.flatnonzero(np.isfinite(upper) & (lower != upper))
    above = np.flatnonzero(np.isfinite(lower) & (lower != upper))
    added = np.zeros(len(known) + 2 * linking)
    found = linprog(
        np.concatenate(
            [
                whole.cost[others],
                [one.cost for one in known],
                years.allowed(centre + width),
                -years.allowed(centre - width),
            ]
        ),
        A_ub=vstack([matrix[below], -matrix[above]]),
        b_ub=np.concatenate([upper[below], -lower[above]]),
        A_eq=matrix[equal],
        b_eq=upper[equal],
        bounds=np.column_stack(
            [
                np.concatenate([whole.lower[others], added]),
                np.concatenate([whole.upper[others], added + np.inf]),
            ]
        ),
        method="highs",
    )
    if found.x is None:
        return None
    duals = np.zeros(len(lower))
    duals[equal] = found.eqlin.marginals
    duals[below] += found.ineqlin.marginals[: len(below)]
    duals[above] -= found.ineqlin.marginals[len(below) :]
    ends = np.cumsum([len(others), len(known)])
    return float(found.fun), found.x[ends[0] : ends[1]], found.x[: ends[0]], duals[:linking]


def _matrix(years: Years, known: list[_Known]) -> csr_matrix:
    """Linking rows, then one row a resident; columns: others, known years, misses either way."""
    linking, residents = len(years.linking), np.array(years.residents)
    pointers = np.concatenate([[0], np.cumsum([len(one.rows) for one in known])])
    rows = np.concatenate([one.rows for one in known])
    amounts = np.concatenate([one.amounts for one in known])
    mixed = csc_matrix((amounts, rows, pointers), shape=(linking, len(known)))
    of_whom = np.searchsorted(residents, [one.resident for one in known])
    places = (of_whom, np.arange(len(known)))
    one_each = csr_matrix((np.ones(len(known)), places), shape=(len(residents), len(known)))
    missed = identity(linking)
    others = years.links[:, years.others]
    return vstack(
        [
            hstack([others, mixed, missed, -missed]),
            hstack(
                [
                    csr_matrix((len(residents), len(years.others))),
                    one_each,
                    csr_matrix((len(residents), 2 * linking)),
                ]
            ),
        ]
    ).tocsr()
