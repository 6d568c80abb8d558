"""The moves of the guided search: hold years as they were, settle one, improve several together.

All solve a piece of the model by CP-SAT while everything else stays as it stands.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_matrix, hstack

from scheduler.engine.cpsat import search
from scheduler.engine.restrict import holding, unrestricted
from scheduler.engine.searches import Answer, Found, Limits, Report, Stopper, ignore
from scheduler.engine.standing import Piece, Standing
from scheduler.model.encode import UNKNOWN
from scheduler.model.linear import Arrays, Floats, Integers

#: Most units one row may be missed by.
MOST_MISSED = 1_000.0
#: Parts of a unit that count while others are still fractional.
PARTS = 8
#: What one block away from the relaxation costs a year that is being settled, as a multiple
#: of the median price.
FARNESS = 0.5
#: CP-SAT's own relaxations are what solves a piece quickly (measured: twelve of seventeen
#: neighbourhoods to the end in four seconds with all of them, none of sixteen without).
RELAXATIONS = {"linearization_level": 2}
#: Work for seeing whether one year can be held as it was; what takes longer counts as possible.
HOLDING_ONE = 0.5
#: Work for seeing whether somebody has a year at all.
IMPOSSIBLE = 10.0
#: Work for what follows from a group's decisions, and seconds (or work) for what follows from
#: everybody's (measured: 0.7 on 200 residents in two-week blocks).
FOLLOWING, FOLLOWING_ALL = 0.5, 10.0
#: The same at least, where the time is over: without it, a first schedule would cost many times as
#: much as it is worth.
FOLLOWING_LATE = 3.0
#: One round of presolve for one resident's year (measured in two-week blocks: all of 200 residents
#: in 3.8 s instead of 4.3, of 100 in 2.3 instead of 2.5, years as good).
ONE_ROUND = {"max_presolve_iterations": 1}
#: Seconds (or work) for one resident's year: within the support, then without it, then at length
#: (measured on examples/four-plus-one, where a resident may follow one of several grids: three
#: years are done after 2.2 to 2.9 s, none after 2).
SETTLING = ((False, 1.0), (True, 4.0), (True, 30.0))


@dataclass(frozen=True)
class Ended:
    """How a move ended: CP-SAT's answer, whether it was taken, and the work it was."""

    answer: Answer
    taken: bool
    work: float


class Moves:
    """Moves on one standing; safe to use from several threads."""

    def __init__(self, standing: Standing, median_price: float, stopper: Stopper) -> None:
        self._standing = standing
        self._structure = standing.structure
        self._arrays = standing.structure.arrays
        self._median = median_price
        self._stopper = stopper

    def hold(self, wanted: Integers, limits: Limits) -> tuple[Integers, float]:
        """Stand on ``wanted`` (values, or UNKNOWN), its helpers completed; misses are allowed.

        Left out are residents whose own rules do not let them be held: they are
        returned (everybody, where no time was left), with the work it was.
        """
        structure, began = self._structure, time.monotonic()
        held, work = [], 0.0
        for one in structure.residents.tolist():
            if self._stopper.stopped or _left(limits, began) <= 0:
                return structure.residents, work
            found = self._on_its_own(one, wanted, HOLDING_ONE)
            work += found.work
            if found.answer != Answer.INFEASIBLE:
                held.append(one)
        if not held:
            return structure.residents, work
        piece = self._standing.piece(np.concatenate([structure.columns_of[one] for one in held]))
        upper = self._arrays.upper[piece.columns]
        arrays = self._priced(piece, self._arrays.cost[piece.columns], upper, 1)
        found = search(holding(arrays, wanted[piece.columns]), limits, stopper=self._stopper)
        work += found.work
        if found.values is None:
            return structure.residents, work
        self._standing.put(piece, found.values[: len(piece.columns)].astype(np.float64))
        return np.setdiff1d(structure.residents, held), work

    def _on_its_own(self, resident: int, wanted: Integers, work: float) -> Found:
        """A year of ``resident`` as ``wanted`` (UNKNOWN: anything), as far as only the resident's
        own rows say; infeasible where these leave no room for it."""
        piece = self._standing.piece(self._structure.columns_of[resident])
        whole = self._plain(piece, np.zeros(len(piece.columns)), self._arrays.upper[piece.columns])
        own = np.flatnonzero(~piece.open_rows)
        arrays = replace(
            whole,
            matrix=whole.matrix[own],
            row_lower=whole.row_lower[own],
            row_upper=whole.row_upper[own],
        )
        part = holding(arrays, wanted[piece.columns])
        return search(part, Limits(work=work, workers=1), stopper=self._stopper)

    def settle(self, resident: int, target: Floats, upper: Integers, limits: Limits) -> Ended:
        """Give ``resident`` the best whole year near ``target``, given all others as they stand.

        Others may still be fractional, so rows are counted in parts of a unit.
        ``upper`` restricts the columns first; where it leaves no year, all are tried.
        Infeasible means that the resident has no year at all, whatever others do.
        """
        standing, began = self._standing, time.monotonic()
        piece = standing.piece(self._structure.columns_of[resident])
        cost = self._arrays.cost[piece.columns] + self._farness(piece.columns, target)
        limits = replace(limits, extra=limits.extra | ONE_ROUND)
        work = 0.0
        for wide, share in SETTLING:
            bounds = self._arrays.upper if wide else upper.astype(np.float64)
            arrays = self._priced(piece, cost, bounds[piece.columns], PARTS)
            found = search(
                unrestricted(arrays),
                _scaled(limits, share, began),
                stopper=self._stopper,
            )
            work += found.work
            if found.values is not None:
                standing.put(piece, found.values[: len(piece.columns)].astype(np.float64))
                return Ended(found.answer, True, work)
            if self._stopper.stopped or _left(limits, began) <= 0:
                break
            if wide and found.answer == Answer.INFEASIBLE:
                return self._impossible(resident, work)
        return Ended(Answer.UNKNOWN, False, work)

    def _impossible(self, resident: int, work: float) -> Ended:
        """Whether ``resident`` has no year by itself, or only none beside so many misses."""
        anything = np.full(self._arrays.columns, UNKNOWN, dtype=np.int64)
        found = self._on_its_own(resident, anything, IMPOSSIBLE)
        answer = Answer.INFEASIBLE if found.answer == Answer.INFEASIBLE else Answer.UNKNOWN
        return Ended(answer, False, work + found.work)

    def improve(self, columns: Integers, upper: Integers, limits: Limits) -> Ended:
        """The best values of ``columns`` together within ``upper``, all others as they stand."""
        piece = self._standing.piece(columns)
        bounds = np.maximum(upper[piece.columns], piece.current)
        found = self._from_here(self._as_it_stands(piece, bounds), piece, limits)
        if found.values is None:
            return Ended(found.answer, False, found.work)
        values = found.values[: len(piece.columns)].astype(np.float64)
        if np.array_equal(values, piece.current):
            return Ended(found.answer, False, found.work)
        if self._standing.take(piece, values):
            return Ended(found.answer, True, found.work)
        return self._take_late(columns, piece, values, found)

    def fit(
        self, columns: Integers, upper: Integers, limits: Limits, better: Callable[[], None]
    ) -> Ended:
        """Any values of ``columns`` within ``upper`` that miss nothing, whatever they cost, found
        from where they stand; what follows from them is set to what it costs least.

        ``better`` is called where there are such.
        """
        began = time.monotonic()
        piece = self._standing.piece(columns)
        bounds = np.maximum(upper[piece.columns], piece.current)
        arrays = self._plain(piece, np.zeros(len(bounds)), bounds)
        found = self._from_here(arrays, piece, limits, lambda *_: True)
        if found.values is None or self._standing.valid:  # groups may have been faster
            return Ended(found.answer, False, found.work)
        self._standing.put(piece, found.values.astype(np.float64))
        work = found.work + self.follow(columns, limits, began)
        better()
        return Ended(found.answer, True, work)

    def close(
        self, columns: Integers, upper: Integers, limits: Limits, better: Callable[[], None]
    ) -> Ended:
        """The values of ``columns`` within ``upper`` that miss least, whatever they cost.

        What misses less is put back as soon as it is found, and ``better`` called; in the end
        what follows from the decisions is set to what it costs least.
        """
        began = time.monotonic()
        piece = self._standing.piece(columns)
        bounds = np.maximum(upper[piece.columns], piece.current)
        prices = np.ones(len(piece.rows))
        arrays = self._priced(piece, np.zeros(len(bounds)), bounds, 1, prices)

        taken = False

        def report(_slack: int, found: Integers) -> bool:
            nonlocal piece, taken
            values, before = found[: len(piece.columns)].astype(np.float64), self._standing.missed()
            self._standing.put(piece, values)
            left = self._standing.missed()
            if left > before:  # the slack of an early solution may be loose
                self._standing.put(piece, piece.current)
                return False
            piece, taken = replace(piece, current=values), True
            if left:
                better()
            return not left

        found = self._from_here(arrays, piece, limits, report)
        work = found.work
        if taken:
            work += self.follow(columns, limits, began)
            better()
        return Ended(found.answer, taken, work)

    def follow(self, columns: Integers, limits: Limits, began: float) -> float:
        """Set what follows from the decisions among ``columns`` (charges, totals) to what it
        costs least; the work it was.  The time of ``limits`` counts from when they ``began``.

        Where costs did not count it stands anywhere its rows allow: a year of 200 residents
        seemed to cost 33,000 where its decisions cost 2,300.
        """
        piece = self._standing.piece(columns)
        decided = np.where(self._structure.is_guided[piece.columns], piece.current, UNKNOWN)
        arrays = self._as_it_stands(piece, self._arrays.upper[piece.columns])
        # It is done where the piece was stopped, or the time is over, too, and to its end: charges
        # prove themselves to one thread with relaxations (measured on 200 residents in two-week
        # blocks: 1.3 s; two threads prove nothing in 12 s).
        limits = _scaled(limits, FOLLOWING_ALL, began, FOLLOWING_LATE)
        limits = replace(limits, workers=1, extra=dict(RELAXATIONS), only=(), without=())
        found = search(holding(arrays, np.rint(decided).astype(np.int64)), limits)
        if found.values is not None:
            self._standing.take(piece, found.values[: len(piece.columns)].astype(np.float64))
        return found.work

    def cheapen(
        self, columns: Integers, upper: Integers, limits: Limits, better: Callable[[], None]
    ) -> Ended:
        """Like ``improve``, but what is cheaper is put back as soon as it is found."""
        piece = self._standing.piece(columns)
        bounds = np.maximum(upper[piece.columns], piece.current)
        arrays = self._as_it_stands(piece, bounds)
        taken = False

        def report(_cost: int, found: Integers) -> bool:
            nonlocal piece, taken
            values = found[: len(piece.columns)].astype(np.float64)
            if not self._standing.take(piece, values):
                return True  # somebody else moved one of them meanwhile
            piece, taken = replace(piece, current=values), True
            better()
            return False

        found = self._from_here(arrays, piece, limits, report)
        return Ended(found.answer, taken, found.work)

    def _from_here(
        self, arrays: Arrays, piece: Piece, limits: Limits, report: Report = ignore
    ) -> Found:
        hint = _start(arrays, piece)
        return search(unrestricted(arrays), limits, report, hint=hint, stopper=self._stopper)

    def _take_late(self, columns: Integers, old: Piece, values: Floats, found: Found) -> Ended:
        """Take what was solved although others have moved meanwhile: what is shared with them
        follows anew, where that still leaves it better."""
        piece = self._standing.piece(columns)
        own = ~self._structure.is_loose[piece.columns]
        same = np.array_equal(piece.columns, old.columns)
        if not same or not np.array_equal(piece.current[own], old.current[own]):
            return Ended(found.answer, False, found.work)
        arrays = self._as_it_stands(piece, self._arrays.upper[piece.columns])
        decided = np.where(own, values, UNKNOWN).astype(np.int64)
        again = search(holding(arrays, decided), Limits(work=FOLLOWING, workers=1))
        work = found.work + again.work
        if again.values is None:
            return Ended(found.answer, False, work)
        followed = again.values[: len(piece.columns)].astype(np.float64)
        return Ended(found.answer, self._standing.take(piece, followed), work)

    def _as_it_stands(self, piece: Piece, upper: Floats) -> Arrays:
        """The piece at its true cost; coupling rows may be missed as long as some are."""
        cost = self._arrays.cost[piece.columns]
        if self._standing.valid or not self._standing.missed():
            return self._plain(piece, cost, upper)
        return self._priced(piece, cost, upper, 1)

    def _farness(self, columns: Integers, target: Floats) -> Floats:
        guided = self._structure.is_guided[columns]
        price = FARNESS * self._median * (1.0 - 2.0 * target[columns])
        return np.where(guided, price, 0.0)

    def _plain(self, piece: Piece, cost: Floats, upper: Floats) -> Arrays:
        """The piece as a model of its own in which no row may be missed."""
        return Arrays(
            cost=cost,
            lower=self._arrays.lower[piece.columns],
            upper=upper.astype(np.float64),
            matrix=piece.matrix,
            row_lower=self._arrays.row_lower[piece.rows] - piece.rest,
            row_upper=self._arrays.row_upper[piece.rows] - piece.rest,
        )

    def _priced(
        self, piece: Piece, cost: Floats, upper: Floats, parts: int, prices: Floats | None = None
    ) -> Arrays:
        """The piece with a slack on each side of its coupling rows, at the standing's prices if
        none are given.

        ``parts`` counts these rows (and all costs) in that many parts of a unit,
        rounded to where they bind less.
        """
        plain = self._plain(piece, cost, upper)
        prices = self._standing.prices[piece.rows] if prices is None else prices
        scale = np.where(piece.open_rows, float(parts), 1.0)
        row_lower = np.where(piece.open_rows, _down(scale * plain.row_lower), plain.row_lower)
        row_upper = np.where(piece.open_rows, _up(scale * plain.row_upper), plain.row_upper)
        low = np.flatnonzero(piece.open_rows & np.isfinite(row_lower))
        high = np.flatnonzero(piece.open_rows & np.isfinite(row_upper))
        count = len(low) + len(high)
        signs = np.concatenate([np.ones(len(low)), -np.ones(len(high))])
        rows = np.concatenate([low, high])
        places = (rows, np.arange(count))
        slack = csr_matrix((signs, places), shape=(len(piece.rows), count))
        scaled = piece.matrix.copy()
        scaled.data = scaled.data * np.repeat(scale, np.diff(scaled.indptr))
        return Arrays(
            cost=np.concatenate([np.rint(plain.cost * parts), np.rint(prices[rows])]),
            lower=np.concatenate([plain.lower, np.zeros(count)]),
            upper=np.concatenate([plain.upper, np.full(count, MOST_MISSED * parts)]),
            matrix=hstack([scaled, slack]).tocsr(),
            row_lower=row_lower,
            row_upper=row_upper,
        )


def _down(values: Floats) -> Floats:
    return np.floor(values + 0.25)


def _up(values: Floats) -> Floats:
    return np.ceil(values - 0.25)


def _left(limits: Limits, began: float) -> float:
    """Seconds that are left of ``limits`` which ``began`` then; where only work counts, endless."""
    return math.inf if limits.seconds is None else limits.seconds - (time.monotonic() - began)


def _scaled(limits: Limits, share: float, began: float, least: float = 0.05) -> Limits:
    """At most ``share`` of seconds or work, of what is left of ``limits`` which ``began`` then."""
    return replace(
        limits,
        seconds=None if limits.seconds is None else max(least, min(share, _left(limits, began))),
        work=None if limits.work is None else max(least, min(share, limits.work)),
    )


def _start(arrays: Arrays, piece: Piece) -> Integers:
    """The piece as it stands, with the slack its missed rows have now."""
    current = np.rint(piece.current)
    slack = arrays.matrix[:, len(current) :].tocsc()
    activity = arrays.matrix[:, : len(current)] @ current
    rows = slack.indices
    short = np.maximum(arrays.row_lower[rows] - activity[rows], 0.0)
    above = np.maximum(activity[rows] - arrays.row_upper[rows], 0.0)
    amounts = np.where(slack.data > 0, short, above)
    return np.concatenate([current, amounts]).astype(np.int64)
