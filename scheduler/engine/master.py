"""The cheapest mixture of whole years that are known (column generation's master problem).

Its dual values are the prices to look for better years at; its values show,
with fewer fractions than the relaxation, what everybody's year should be.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csc_matrix, csr_matrix, hstack, identity, vstack

from scheduler.engine.quadratic import Quadratic, solve_quadratic
from scheduler.engine.years import Years
from scheduler.model.linear import Floats, Integers

#: A year that was in no mixture for so many rounds is forgotten.
MOST_AGE = 20
#: A share of a mixture that counts as none (an interior point method leaves a little of each).
NO_SHARE = 1e-6


@dataclass(frozen=True)
class Priced:
    """A known year of one resident (values of the resident's columns) and its ``cost`` at some
    prices."""

    values: Floats
    cost: float


@dataclass(frozen=True)
class Mixture:
    """``values`` of all columns and the next ``prices`` of linking rows; each resident's
    ``cheapest`` known year at these, and what these cost with all else: the bound that these
    prices ``promise``."""

    values: Floats
    prices: Floats
    promise: float
    cheapest: dict[int, Priced]


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

    def near(self, prices: Floats, window: float) -> dict[int, list[Floats]]:
        """The known years of each resident that cost at most ``window`` more at ``prices`` than
        the cheapest (values of the resident's columns)."""
        priced = [
            (one, one.cost - float(one.amounts @ prices[one.rows])) for one in self._known.values()
        ]
        least: dict[int, float] = {}
        for one, cost in priced:
            least[one.resident] = min(cost, least.get(one.resident, cost))
        near: dict[int, list[Floats]] = {resident: [] for resident in least}
        for one, cost in priced:
            if cost <= least[one.resident] + window:
                near[one.resident].append(one.values)
        return near

    def solve(self, centre: Floats, reach: float) -> Mixture | None:
        """The cheapest mixture in which linking rows may be missed at a price that begins at
        ``centre`` and rises by ``reach`` with every missed unit.

        So the next prices stay near the centre, the nearer the shorter the
        reach (a proximal bundle method, seen from its dual).  None where
        someone has no year yet, or the solver fails.
        """
        known = list(self._known.values())
        if {one.resident for one in known} != set(self.years.residents):
            return None
        links, whose = _links(self.years, known)
        found = solve_quadratic(_program(self.years, known, links, whose, centre, reach))
        if found is None:
            return None
        values, duals = found
        prices = self.years.allowed(duals[: len(centre)])
        ends = np.cumsum([len(self.years.others), len(known)])
        shares = values[ends[0] : ends[1]]
        cost = np.array([one.cost for one in known]) - links.T @ prices
        cheapest = _first_of_each(whose, cost)
        mixture = Mixture(
            values=self._mixed(known, shares, values[: ends[0]]),
            prices=prices,
            promise=self.years.rest(prices) + float(cost[cheapest].sum()),
            cheapest={
                known[i].resident: Priced(known[i].values, float(cost[i]))
                for i in cheapest.tolist()
            },
        )
        self._forget(shares)
        return mixture

    def _mixed(self, known: list[_Known], shares: Floats, others: Floats) -> Floats:
        values = np.zeros(self.years.arrays.columns)
        values[self.years.others] = others
        for one, share in zip(known, shares.tolist(), strict=True):
            if share > NO_SHARE:
                values[self.years.columns_of[one.resident]] += share * one.values
        return values

    def _forget(self, shares: Floats) -> None:
        for (key, one), share in zip(list(self._known.items()), shares.tolist(), strict=True):
            one.age = 0 if share > NO_SHARE else one.age + 1
            if one.age > MOST_AGE:
                del self._known[key]


def _links(years: Years, known: list[_Known]) -> tuple[csc_matrix, Integers]:
    """What known years add to linking rows (a column each), and the places of their residents."""
    pointers = np.concatenate([[0], np.cumsum([len(one.rows) for one in known])])
    rows = np.concatenate([one.rows for one in known])
    amounts = np.concatenate([one.amounts for one in known])
    links = csc_matrix((amounts, rows, pointers), shape=(len(years.linking), len(known)))
    return links, np.searchsorted(years.residents, [one.resident for one in known])


def _program(
    years: Years,
    known: list[_Known],
    links: csc_matrix,
    whose: Integers,
    centre: Floats,
    reach: float,
) -> Quadratic:
    """Columns: others, shares of known years, missed units; linking rows, then one a resident."""
    whole, others, linking = years.arrays, years.others, len(years.linking)
    residents = len(years.residents)
    places = (whose, np.arange(len(known)))
    one_each = csr_matrix((np.ones(len(known)), places), shape=(residents, len(known)))
    nobody = csr_matrix((residents, len(others)))
    unmissed = csr_matrix((residents, linking))
    free = np.full(linking, np.inf)
    mixed = np.zeros(len(known))
    return Quadratic(
        cost=np.concatenate([whole.cost[others], [one.cost for one in known], centre]),
        curvature=np.concatenate([np.zeros(len(others)), mixed, np.full(linking, reach)]),
        matrix=vstack(
            [
                hstack([years.links[:, others], links, identity(linking)]),
                hstack([nobody, one_each, unmissed]),
            ]
        ).tocsr(),
        row_lower=np.concatenate([years.row_lower, np.ones(residents)]),
        row_upper=np.concatenate([years.row_upper, np.ones(residents)]),
        lower=np.concatenate([whole.lower[others], mixed, -free]),
        upper=np.concatenate([whole.upper[others], mixed + np.inf, free]),
    )


def _first_of_each(whose: Integers, cost: Floats) -> Integers:
    """For each place in ``whose`` where it has the least ``cost``."""
    order = np.lexsort((cost, whose))
    return order[np.unique(whose[order], return_index=True)[1]]
