"""How relaxations steer a guided search: which is asked for next, and what becomes of each.

The first says where to begin.  Then relaxations near where everybody stands say
what is worth changing, and the plain one says how much is left to win.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from scheduler.engine.closeness import Closeness
from scheduler.engine.cpsat import load
from scheduler.engine.groups import Groups
from scheduler.engine.guide import OPEN_CLOSENESS, Guidance, Guide, Kind
from scheduler.engine.incumbent import Incumbent
from scheduler.engine.lifting import Lifting
from scheduler.engine.outcome import Clock
from scheduler.engine.relaxation import Relaxation
from scheduler.engine.standing import Standing
from scheduler.engine.structure import Structure
from scheduler.engine.together import Together
from scheduler.model.linear import Floats

#: Seconds, and part of the limit, after which the bound is wanted even without a schedule.
BOUND_AT_LAST, BOUND_PART = 40.0, 0.5
#: Groups solved on one relaxation before the next is asked for (measured at 14 s: 11 to 31 lower
#: than when always one is under way).
GROUPS_A_VIEW = 4


class Steering:
    """One thread steers; others may read and drop what groups are drawn by.

    ``view`` is that (values of all columns); ``waiting`` is a relaxation that came while
    everybody was busy.  Both are about where everybody stood when they were asked for.
    ``bound_first``: the bound is wanted as soon as there is a schedule, whatever else waits.
    ``bound_seconds`` is how long the latest bound took, from ``begin`` on.
    """

    def __init__(
        self,
        structure: Structure,
        guide: Guide,
        groups: Groups,
        lifting: Lifting,
        best: Incumbent,
        clock: Clock,
        bound_first: bool,
    ) -> None:
        self._structure = structure
        self._guide = guide
        self._groups = groups
        self._lifting = lifting
        self._best = best
        self._clock = clock
        self._bound_first = bound_first
        self._standing: Standing
        self._together: Together
        self._closeness = Closeness()
        self._plain: Relaxation | None = None
        self._slow = False
        self._groups_on_view = 0
        self._began = 0.0
        self.view: Floats | None = None
        self.waiting: Relaxation | None = None
        self.bound_seconds = 0.0

    def begin(self) -> None:
        """The search begins now."""
        self._began = self._clock.now()

    def stand_on(self, standing: Standing, together: Together) -> None:
        """From now on relaxations are about this ``standing``."""
        self._standing, self._together = standing, together

    def first(self, threads: int, over: Callable[[], bool]) -> Floats | None:
        """Ask for the first relaxation, with so many ``threads``, if nobody has, and wait for it;
        None where the search is ``over`` before."""
        if self._guide.idle:
            self._guide.ask_perturbed(threads)
        load()  # what follows needs it; where relaxations are solved in a process, in its shadow
        while not over():
            given = self._guide.answer(0.1)
            if given is not None:
                self._clock.spend(given.relaxation.work)
                self._slow = given.slow
                return given.relaxation.values
            if self._guide.idle:
                return None
        return None

    def hear(self, seconds: float) -> None:
        """Take in what was asked for, if it comes within ``seconds``."""
        given = self._guide.answer(seconds)
        if given is not None:
            self._use(given)

    def _use(self, given: Guidance) -> None:
        self._clock.spend(given.relaxation.work)
        if given.kind == Kind.PLAIN:
            self._plain = given.relaxation
            self.bound_seconds = self._clock.now() - self._began
            self._best.prove(given.relaxation.bound)
            if self._guide.tight:
                self._lifting.begin(self._structure, given.relaxation, self._guide.median_price)
        elif given.kind == Kind.NEAR:
            self.waiting = given.relaxation

    def go_near(self) -> None:
        """Everybody moves towards the relaxation that waits, or groups are drawn by it."""
        view = self.waiting  # looked at once: the thread that moves everybody may drop it
        if view is None:
            return
        self.waiting = None
        if self._together.wants_view:
            self._together.go_near(view.values)
        else:
            far = int(np.count_nonzero(self._standing.distance(view.values) > 0.5))
            self._closeness.seen(far, self._groups.size("around"))
            self.view, self._groups_on_view = view.values, 0

    def drop(self) -> None:
        """What came is about where everybody stood before."""
        self.waiting = self.view = None

    def solved_group(self) -> None:
        """One more group was solved since the view came."""
        self._groups_on_view += 1

    def ask(self) -> bool:
        """Ask for the next relaxation: the bound once there is a schedule, or when that takes long;
        False where none would be of use now."""
        patience = max(BOUND_AT_LAST, BOUND_PART * self._clock.limit)
        late = self._clock.now() - self._began > patience
        alone = self._together.searching_whole or (self._slow and self._together.closing_alone)
        if not self._guide.support.any():
            self._guide.ask_perturbed()
        elif self._wants_bound(late):
            self._guide.ask_plain()
        elif alone:
            return False
        elif not self._standing.valid:
            self._guide.ask_near(self._standing.values, OPEN_CLOSENESS)
        elif not self._enough_seen():
            self._guide.ask_near(self._standing.values, self._closeness.now)
        elif not self._guide.tight:
            self._guide.ask_plain()
        else:
            return False
        return True

    def _wants_bound(self, late: bool) -> bool:
        """Guidance comes first where everybody moves towards it, but not until it is too late."""
        if self._bound_first and self._standing.valid:
            return self._plain is None or not self._guide.tight
        if self._plain is not None:
            return False
        return late or (self._standing.valid and not self._together.wants_view)

    def _enough_seen(self) -> bool:
        """Whether groups still have something to draw from, and nobody waits for a relaxation."""
        few = self._groups_on_view < GROUPS_A_VIEW or self._lifting.helps
        return few and not self._together.wants_view

    @property
    def rules_out(self) -> bool:
        """Whether the bound is above the cost of everything at once: there is no schedule."""
        return self._plain is not None and self._best.rules_out(self._plain.bound)
