"""Everybody solved at once: years are settled one by one, what they leave open is closed together.

One large piece, everybody within what relaxations use, is solved first so that no place stays
open, whatever that costs, and once nothing is missed for a lower cost, towards one relaxation near
the standing after the other, as long as that pays.  CP-SAT finds such a schedule at once, in the
piece or in the whole; in large models places are closed one after the other where the piece holds
none, before the whole is searched.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from scheduler.engine.cpsat import search
from scheduler.engine.guide import Guide
from scheduler.engine.limits import limited
from scheduler.engine.moves import RELAXATIONS, Moves
from scheduler.engine.outcome import Clock
from scheduler.engine.pace import Pace
from scheduler.engine.restrict import unrestricted
from scheduler.engine.searches import Limits, Stopper
from scheduler.engine.settings import Settings
from scheduler.engine.standing import Standing
from scheduler.model.linear import Floats, Integers

#: How far from the standing a relaxation must be for a resident to take part in a lower cost.
FAR = 0.5
#: The first better standing may take so many seconds, and each search of the whole as much again.
WITHOUT = 20.0
#: Where no clock may decide: the work of one piece, and of the whole (once more each time).
WORK, WHOLE_WORK = 1.0, 10.0
#: A round that lowers the cost by less than this part of what the first one did is the last.
LITTLE = 0.03
#: Where more places than this are open, what is left is not nearly a schedule: the whole is
#: searched at once, or, where that is large, years are settled once more while a relaxation near
#: the standing is solved (measured on 1,000 people: 389 and 443 places after one round, 232 after
#: two, from where jumps lead to a schedule more surely).
MANY = 200
#: A model of more columns is large.
WHOLE = 150_000
#: Where few places are open, any schedule is looked for at once between the standing and the view,
#: for so many seconds at most; in a large model, where closing comes next, for so much work.
#: (Measured on four programs of 200 residents: found with a work of 0.005 to 0.03, with about half
#: of them moved that closing place by place moves, but on two others, a hospital with 36 visitors
#: and a campus of several programs, not with 20; at 100 residents with 0.002 to 0.055, or with
#: balance 1.4.)
FITTING, FITTING_LARGE_WORK = 4.0, 0.1
#: The whole is next where that is not large; there once more where a piece closed less than half
#: of the places that were open, if these were few.
FEW = 25
#: In a large model places are closed first, as long as that promises to end within the seconds that
#: jumps then take (in proportion to its columns); the whole is searched for what stays open.
#: (Measured: a campus of 200 from 10, 5 and 1 open places 3 to 4 s in each of eight cases, where
#: closing left one open for 35 s; 200 residents in two-week blocks from 130 open places 4 to 8 s,
#: closing 5.)
JUMPS = 4.0
#: Feasibility jump finds it, from where everybody stands, once it may jump for long enough at a
#: time; a plain search beside it is of use, others only take its time.  Presolve takes longer than
#: all that, and what is left after it does not begin where everybody stands.  (Measured in a piece
#: of 99,000 columns: 0.6 s with 850 of them moved, 1.5 s and 6,200 after presolve; in the whole of
#: a 4+1 program of 60,000: alike.  In the whole of 966,000: 33 to 42 s in four cases of five; after
#: presolve, which takes 55 s, none in 125 s.)
JUMPING = {"cp_model_presolve": False, "feasibility_jump_batch_dtime": 0.3}
BESIDE, NOT_BESIDE = ("no_lp",), ("feasibility_pump", "rins/rens")
#: In a large whole two threads jump (whether one begins in a way that leads to a schedule is luck);
#: with the plain search these are as many as two and a relaxation beside them elsewhere.
JUMPING_TWICE = {"num_full_subsolvers": 1}
NO_OTHERS = tuple(
    f"fs_random{how}" for how in ("", "_no_lp", "_quick_restart", "_quick_restart_no_lp")
)
#: CP-SAT from a known solution: its neighbourhoods.  One round of presolve takes a third less time
#: than all, none at all half as much again.
NEIGHBOURHOODS = {"use_lns_only": True, "max_presolve_iterations": 1}
#: Closing has all threads, and where relaxations are slow none beside it for so many seconds:
#: everything waits for it.  (Measured on 200 residents in two-week blocks where memory is slow: 117
#: and 132 open places closed after 9.9 and 9 s by two threads alone, 9.8 and 14 by one alone, 19 by
#: one beside a relaxation, which takes 21 s there, and 6 by itself.  Where they take 1 to 2 s, one
#: near where everybody stood before closing is wanted at once after it: blocks-100-tight 1203, 1153
#: and 1177 after 50 s, 1400, 1303 and 1188 with one near the first schedule.)
ALONE = 20.0
#: Work of one neighbourhood for a lower cost, for each column of those who move, a third or less of
#: which a relaxation leaves free; CP-SAT's own is 0.1.  (Measured on 97,000 columns of
#: blocks-100-tight after 20 s: 502 won with 0.03, 407 with 0.1 and 315 with 0.3; on 250,000 of 200
#: residents 0.03 and 0.1 are alike, and closing takes half as long again with 0.03.  Between whole
#: runs of 50 seconds the difference is within their noise.)
PER_COLUMN = 3e-7


class Together:
    """When everybody is to be solved at once, and towards which relaxation."""

    def __init__(self, standing: Standing, guide: Guide, settings: Settings, clock: Clock) -> None:
        self._standing = standing
        self._guide = guide
        self._settings = settings
        self._clock = clock
        self._closing = False
        self._polishing = False
        self._view: Floats | None = None
        self._stale = False
        self._due = False
        self._fitted = False
        self._whole, self._wholes = False, 0
        self._searching_whole = False
        self._most_gained = 0
        self._phase: Stopper | None = None
        self._pace = Pace(clock, WITHOUT)

    def begin(self, view: Floats | None) -> None:
        """Years are settled: while anything is missed, everybody moves, towards ``view`` or (None)
        the next one near the standing."""
        missed = 0 if self._standing.valid else self._standing.missed()
        self._closing = missed > 0
        if self._closing and view is not None:
            self.go_near(view)
        if missed > MANY and not self._fitted:
            self._fitted = True
            if not self.large:
                self._whole = self._due = True

    def go_near(self, view: Floats) -> None:
        """The next relaxation to move towards."""
        self._view, self._due, self._stale = view, True, False

    def polish(self, view: Floats | None = None) -> None:
        """Nothing is missed any more, whatever it costs: from now on for a lower cost, towards the
        latest ``view`` first.

        Where a group was faster than what is under way, that ends.  What everybody was closed
        towards serves until there is a relaxation near the schedule, and no longer.
        """
        if self._closing:
            self._closing = self._whole = self._due = False
            latest = self._view if view is None or self._searching_whole else view
            if latest is not None:
                self.go_near(latest)
            self._stale = view is None and not self._searching_whole
            self._polishing = self._due
            phase = self._phase
            if phase is not None:
                phase.stop()

    @property
    def _towards(self) -> Floats:
        assert self._view is not None
        return self._view

    @property
    def large(self) -> bool:
        """Whether the whole is too large to be searched before anything else."""
        return self._standing.structure.arrays.columns > WHOLE

    @property
    def due(self) -> bool:
        """Whether everybody is to be solved now, or is being."""
        return self._due or self._phase is not None

    @property
    def polishing(self) -> bool:
        """Whether everybody moves for a lower cost, from one view to the next."""
        return self._polishing

    @property
    def wants_view(self) -> bool:
        """Whether it goes on with the next relaxation near the standing."""
        return self._closing or self._polishing

    @property
    def searching_whole(self) -> bool:
        """Whether any schedule is being looked for: all threads have enough to do with that, and a
        relaxation near where everybody stands would be for nothing."""
        return self._searching_whole

    @property
    def closing_alone(self) -> bool:
        """Whether all threads close what is open, and a relaxation would only slow them down."""
        closing = self.due and not self._standing.valid
        return closing and (self._phase is None or self._pace.passed < ALONE)

    def run(self, better: Callable[[], None], spare: bool = False) -> float:
        """Solve whoever the view would move; ``better`` is called whenever the standing is.

        With ``spare`` all threads lower the cost, else one does.  Returns the work it was.
        """
        # Times first: ``watch`` looks at them as soon as there is a phase.
        self._pace = Pace(self._clock, self._whole_takes(WITHOUT) if self._whole else WITHOUT)
        self._phase, self._due = Stopper(), False
        try:
            if self._whole:
                self._whole, self._searching_whole = False, True
                return self._search_whole(self._phase, better)
            if self._standing.valid:
                return self._lower(self._phase, better, self._settings.workers if spare else 1)
            return (self._close if self._fitted else self._fit)(self._phase, better)
        finally:
            self._phase, self._searching_whole = None, False

    def watch(self, over: bool, relieved: bool) -> None:
        """End what is under way if all is ``over``, or if it does not pay any more; a slowly
        falling cost is better than nothing until the next view can ``relieve`` it."""
        phase, pace = self._phase, self._pace
        if phase is not None and (over or pace.ended() or self._pays_no_more(pace, relieved)):
            phase.stop()

    def _pays_no_more(self, pace: Pace, relieved: bool) -> bool:
        if self._searching_whole:
            return False
        hopeless = not self._standing.valid and pace.far_from_nothing(self._patience)
        return hopeless or (relieved and (self._stale or pace.slow()))

    @property
    def _patience(self) -> float:
        """Seconds that closing may still take: where jumps come next, no more than these take."""
        return self._in_proportion(JUMPS) if self.large else float("inf")

    def _fit(self, phase: Stopper, better: Callable[[], None]) -> float:
        """Everybody between the standing and the view so that no place is open; else the whole,
        where that is not large."""
        self._fitted = True
        standing = self._standing
        upper = self._guide.crossing(standing.values, self._towards)
        moves = Moves(standing, self._guide.median_price, phase)
        limits = self._jumping(FITTING, WORK)
        if self.large:
            limits = replace(limits, work=FITTING_LARGE_WORK)
        work = moves.fit(self._columns(standing.structure.residents), upper, limits, better).work
        if not standing.valid:  # else ``polish`` has said how to go on
            self._whole, self._due = not self.large, True
        return work

    def _close(self, phase: Stopper, better: Callable[[], None]) -> float:
        """Everybody, for fewer open places: where they are many, only between the standing and
        the view, else within all that relaxations use.

        (Measured on 309 open places of 1,000 people: 85 left after 20 s within the former, 129
        within the latter; of 12 places of 200 people the former left one for good, in one of two
        cases.)
        """
        standing, before = self._standing, self._standing.missed()
        within = self._guide.upper if before <= FEW else self._guide.crossing
        upper = within(standing.values, self._towards)
        moves = Moves(standing, self._guide.median_price, phase)
        report = self._telling(standing.missed, better)
        columns = self._columns(standing.structure.residents)
        limits = self._limits(self._settings.workers)
        work = moves.close(columns, upper, limits, report).work
        if not standing.valid and self._stuck(before, standing.missed()):
            self._whole = self._due = True
        return work

    def _stuck(self, before: int, missed: int) -> bool:
        """Whether closing goes so slowly that any schedule of the whole will come sooner."""
        return missed > 0 if self.large else before / 2 < missed <= FEW

    def _lower(self, phase: Stopper, better: Callable[[], None], threads: int) -> float:
        """Whoever the view would move, between it and the standing, for a lower cost."""
        standing, before = self._standing, self._standing.cost()
        residents = np.flatnonzero(standing.distance(self._towards) > FAR)
        work = 0.0
        if len(residents):
            upper = self._guide.crossing(standing.values, self._towards)
            moves = Moves(standing, self._guide.median_price, phase)
            report = self._telling(standing.cost, better)
            columns = self._columns(residents)
            small = PER_COLUMN * len(columns)
            limits = self._limits(threads, lns_initial_deterministic_limit=small)
            work = moves.cheapen(columns, upper, limits, report).work
        gained = before - standing.cost()
        self._most_gained = max(self._most_gained, gained)
        self._polishing = self._stale or gained > LITTLE * self._most_gained
        return work

    def _telling(self, left: Callable[[], int], better: Callable[[], None]) -> Callable[[], None]:
        def report() -> None:
            self._pace.better(left())
            better()

        return report

    def _columns(self, residents: Integers) -> Integers:
        columns_of = self._standing.structure.columns_of
        return np.concatenate([columns_of[int(one)] for one in residents])

    def _search_whole(self, phase: Stopper, better: Callable[[], None]) -> float:
        """Any schedule at all; everybody then moves back towards where they stood, and what they
        miss there."""
        standing, arrays = self._standing, self._standing.structure.arrays
        # Costs lead the jumps to a schedule that is cheaper by 200 to 900, in the same time.  What
        # fits in a piece is found 1.5 s sooner without them, in which more than they save is won.
        # Without them jumps are known to find one in a large model, too.
        limits, hint = self._jumping_whole(), standing.snapshot()
        if self.large:
            arrays = replace(arrays, cost=np.zeros(arrays.columns))
        self._wholes += 1
        found = search(unrestricted(arrays), limits, lambda *_: True, hint=hint, stopper=phase)
        work = found.work
        if found.values is not None and not standing.valid:  # groups may have been faster
            self._view = standing.values.copy()
            standing.place(np.arange(arrays.columns), found.values.astype(np.float64))
            moves = Moves(standing, self._guide.median_price, phase)
            everybody = self._columns(standing.structure.residents)
            work += moves.follow(everybody, self._limits(), time.monotonic())
            better()
        return work

    def _jumping_whole(self) -> Limits:
        limits = self._jumping(self._whole_takes(WITHOUT), self._whole_takes(WHOLE_WORK))
        if limits.workers == 1 or not self.large:
            return limits
        extra, without = limits.extra | JUMPING_TWICE, limits.without + NO_OTHERS
        return replace(limits, workers=3, extra=extra, without=without)

    def _whole_takes(self, first: float) -> float:
        """The ``first`` search of the whole may take so much, the next as much again; more in
        proportion where the whole is large."""
        return (1 + self._wholes) * self._in_proportion(first)

    def _in_proportion(self, seconds: float) -> float:
        """More for a large whole."""
        return max(1.0, self._standing.structure.arrays.columns / WHOLE) * seconds

    def _jumping(self, seconds: float, work: float) -> Limits:
        """For any schedule, in so many seconds; where no clock decides, within so much work."""
        alone = self._settings.deterministic or self._settings.workers == 1
        extra, workers = JUMPING | {"interleave_search": alone}, 1 if alone else 2
        limits = limited(
            self._settings, self._clock, seconds, extra=extra, work=work, workers=workers
        )
        return replace(limits, only=BESIDE, without=NOT_BESIDE)

    def _limits(self, workers: int = 1, **more: float) -> Limits:
        """For a piece, with CP-SAT's neighbourhoods side by side or taken in turn by one thread."""
        in_turn = self._settings.deterministic or workers == 1
        extra = RELAXATIONS | NEIGHBOURHOODS | {"interleave_search": in_turn} | more
        return limited(self._settings, self._clock, extra=extra, work=WORK, workers=workers)
