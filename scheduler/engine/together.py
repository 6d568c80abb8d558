"""Everybody whom a relaxation would move, solved at once: where more places are open than groups
of a few would close in time.

All cores work on one large piece between the standing and the relaxation, first for fewer open
places whatever that costs, and once nothing is missed for a lower cost.  Where groups cannot close
the last few places of a model that is not too large, the whole is searched for any schedule.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from scheduler.engine.cpsat import Limits, Stopper, search
from scheduler.engine.guide import Guide
from scheduler.engine.moves import RELAXATIONS, Moves
from scheduler.engine.outcome import Clock
from scheduler.engine.restrict import unrestricted
from scheduler.engine.settings import Settings
from scheduler.engine.standing import Standing
from scheduler.model.linear import Floats, Integers

#: More open places than this are closed together (groups closed the 15 of mgh in 5 s, and 40 of the
#: 100 of a campus in 70 s, where this closed 90 in 23 s).
MANY = 25
#: How far from the standing a relaxation must be for a resident to take part.
FAR = 0.5
#: It ends after so many seconds, and this part of the time until then, without anything better;
#: the first may take longer, and each search of the whole by as much again.
FRUITLESS, PATIENT, WITHOUT = 4.0, 0.3, 20.0
#: Models of at most so many columns are searched whole where groups are of no help (measured on
#: examples/four-plus-one, 68,614 columns: 5 s, when groups and everybody towards relaxations had
#: left one place open for 85 s; CP-SAT finds nothing in a minute where there are 275,000).
WHOLE = 150_000
#: CP-SAT from a known solution: neighbourhoods and local search on all threads (measured on 120
#: open places: 46 left after 16 s, 68 with a thread for the whole; 21 and 25 after 33 s).
NEIGHBOURHOODS = {"use_lns_only": True}


class Together:
    """When everybody is to be solved at once, and towards which relaxation."""

    def __init__(self, standing: Standing, guide: Guide, settings: Settings, clock: Clock) -> None:
        self._standing = standing
        self._guide = guide
        self._settings = settings
        self._clock = clock
        self._on = False
        self._view: Floats | None = None
        self._due = False
        self._whole = False
        self._patience, self._wholes = WITHOUT, 0
        self._phase: Stopper | None = None
        self._began = self._latest = 0.0

    def begin(self, view: Floats | None) -> None:
        """Years are settled: if much is missed, everybody moves from now on."""
        if self._standing.missed() > MANY:
            self.insist()
            if self._on and view is not None:
                self.go_near(view)

    def insist(self) -> None:
        """Groups are of no help: everybody moves until nothing is missed."""
        if not (self._on or self._settings.deterministic or self._standing.valid):
            self._on = True
            if self._standing.missed() <= MANY:
                self._search_whole_next()

    def _search_whole_next(self) -> None:
        self._whole = self._due = self._standing.structure.arrays.columns <= WHOLE

    def go_near(self, view: Floats) -> None:
        """The next relaxation to move towards."""
        self._view, self._due = view, True

    def polish(self) -> None:
        """Nothing is missed any more, whatever it costs: once more for a lower cost.

        Where a group was faster than what is under way, that ends.
        """
        if self._on:
            self._on, self._whole, self._due = False, False, self._view is not None
            phase = self._phase
            if phase is not None:
                phase.stop()

    @property
    def due(self) -> bool:
        """Whether everybody is to be solved now, or is being."""
        return self._due or self._phase is not None

    @property
    def wants_view(self) -> bool:
        """Whether it waits for the next relaxation near the standing."""
        return self._on and not self._standing.valid

    def run(self, better: Callable[[], None]) -> float:
        """Solve whoever the view would move; ``better`` is called whenever the standing is.

        Returns the work it was.
        """
        # Times first: ``watch`` looks at them as soon as there is a phase.
        self._began = self._latest = self._clock.now()
        self._phase, self._due = Stopper(), False
        try:
            if not self._whole:
                self._patience = WITHOUT
                return self._go(self._phase, better)
            self._whole, self._wholes = False, self._wholes + 1
            self._patience = self._wholes * WITHOUT
            return self._search_whole(self._phase, better)
        finally:
            self._phase = None

    def _go(self, phase: Stopper, better: Callable[[], None]) -> float:
        view = self._view
        assert view is not None
        far = np.flatnonzero(self._standing.distance(view) > FAR)
        work = self._solve(far, view, phase, better) if len(far) else 0.0
        if self.wants_view and self._standing.missed() <= MANY:
            self._search_whole_next()
        return work

    def _search_whole(self, phase: Stopper, better: Callable[[], None]) -> float:
        """Any schedule at all, from scratch."""
        arrays = self._standing.structure.arrays
        limits = replace(self._limits(), extra=RELAXATIONS)
        found = search(unrestricted(arrays), limits, lambda *_: True, stopper=phase)
        if found.values is not None and not self._standing.valid:  # groups may have been faster
            self._standing.place(np.arange(arrays.columns), found.values.astype(np.float64))
            better()
        return found.work

    def watch(self, over: bool) -> None:
        """End what is under way if all is ``over``, or if nothing better has come for long."""
        since = self._clock.now() - self._latest
        patience = FRUITLESS if self._latest > self._began else self._patience
        phase = self._phase
        if phase is not None and (
            over or since > max(patience, PATIENT * (self._latest - self._began))
        ):
            phase.stop()

    def _solve(
        self, residents: Integers, view: Floats, phase: Stopper, better: Callable[[], None]
    ) -> float:
        def report() -> None:
            self._latest = self._clock.now()
            better()

        moves = Moves(self._standing, self._guide.median_price, phase)
        solve = moves.cheapen if self._standing.valid else moves.close
        columns_of = self._standing.structure.columns_of
        columns = np.concatenate([columns_of[int(one)] for one in residents])
        upper = self._guide.crossing(self._standing.values, view)
        return solve(columns, upper, self._limits(), report).work

    def _limits(self) -> Limits:
        return Limits(
            seconds=max(0.05, self._clock.left()),
            workers=self._settings.workers,
            seed=self._settings.seed,
            extra=RELAXATIONS | NEIGHBOURHOODS,
        )
