"""The search for large models: guided by relaxations, one resident or a few at a time.

A model of residents is one small model each, tied together by rows they share.
A perturbed relaxation says what everybody's year should nearly be; each year is
then settled by itself against what the others leave open; everybody together
closes the places that are left, and moves towards relaxations drawn near the
standing; small groups lower the cost further.
"""

from __future__ import annotations

import time

import numpy as np

from scheduler.engine.crew import Crew
from scheduler.engine.groups import Groups
from scheduler.engine.guide import Guide
from scheduler.engine.incumbent import Incumbent, satisfies
from scheduler.engine.lifting import YEAR_SECONDS, Lifting
from scheduler.engine.limits import limited
from scheduler.engine.moves import RELAXATIONS, Moves
from scheduler.engine.outcome import Clock, Status
from scheduler.engine.rounds import YearBounds
from scheduler.engine.searches import Answer, Limits, Stopper
from scheduler.engine.settings import Settings
from scheduler.engine.settling import Settling
from scheduler.engine.standing import Standing
from scheduler.engine.steering import Steering
from scheduler.engine.structure import Structure
from scheduler.engine.together import MANY, Together
from scheduler.model.encode import UNKNOWN
from scheduler.model.linear import Floats, Integers

#: Price of a missed unit as a multiple of the dearest column: while years are settled one by
#: one, and once groups close what is left.  A row's rises by STEEPER, up to STEEPEST, with every
#: group that did not close it (measured: closing takes two thirds of the time of one price).
SETTLING_PRICE, OPEN_PRICE, STEEPER, STEEPEST = 1.5, 5.0, 1.5, 200.0
#: Seconds (or work) for standing on an earlier schedule.
START_SECONDS = 10.0
#: An earlier schedule that leaves more than this part of all decisions open is no start.
MOST_OPEN = 0.2
#: Groups solved before the next relaxation is asked for, where everything runs in one thread.
GROUPS_A_RELAXATION = 6
#: Work that even a group without any room is: its model must be made.
LEAST_GROUP_WORK = 0.01
#: Seconds between looks while the last threads end.
ENDING = 0.02


class GuidedSearch:
    """One guided search: ``run`` is called once, then ``go_on`` as often as one likes.

    ``wanted`` is an earlier schedule to start from; ``years`` a bound that others lift;
    ``bound_first``: the bound is wanted as soon as there is a schedule, whatever else waits.
    """

    def __init__(
        self,
        structure: Structure,
        guide: Guide,
        best: Incumbent,
        settings: Settings,
        clock: Clock,
        stopper: Stopper,
        wanted: Integers | None = None,
        years: YearBounds | None = None,
        bound_first: bool = False,
    ) -> None:
        self._structure = structure
        self._guide = guide
        self._best = best
        self._settings = settings
        self._clock = clock
        self._stopper = stopper
        self._wanted = wanted
        self._dearest = float(np.max(structure.arrays.cost, initial=1.0))
        self._settling = Settling()
        self._stands = False
        self._standing: Standing
        self._moves: Moves
        self._together: Together
        self._whole = False
        self._groups = Groups(structure, guide)
        self._impossible = False
        self._crew = Crew(self._stop)
        self._lifting = Lifting(best, clock, stopper, years)
        self._steering = Steering(
            structure, guide, self._groups, self._lifting, best, clock, bound_first
        )

    def run(self) -> Status:
        """Search to the gap, the optimum or the time limit."""
        self._steering.begin()
        target = self._earlier()
        if target is not None:
            self._start_from(target)
        else:
            self._best.say("solving a relaxation")
            target = self._steering.first(self._settings.workers, self._over)
            if target is not None:
                self._start(target)
        return Status.UNKNOWN if target is None else self._on()

    def _on(self) -> Status:
        if self._settings.deterministic:
            self._search_alone()
        else:
            self._search()
        return Status.INFEASIBLE if self._proven_infeasible() else Status.UNKNOWN

    def go_on(self, stopper: Stopper, years: YearBounds | None) -> Status:
        """Search on from the best schedule so far, with all that was learnt; ``years`` as at the
        beginning (None: those it began itself are its own to lift)."""
        self._stopper = stopper
        self._lifting.go_on(stopper, years)
        if not self._stands:  # the last phase ended before the first relaxation came
            return self.run()
        self._moves = Moves(self._standing, self._guide.median_price, stopper)
        best = self._best.values
        self._settling.forget()  # where the last phase ended before all were settled
        if best is not None and not np.array_equal(best, self._standing.values):
            self._standing.place(np.arange(len(best)), best.astype(np.float64))
            self._steering.drop()
            self._offer()
        self._best.say("improving around the best schedule")
        return self._on()

    @property
    def years(self) -> YearBounds | None:
        """The bound by whole years, once there is a relaxation to begin from."""
        return self._lifting.years

    @property
    def bound_seconds(self) -> float:
        """How long the latest bound took."""
        return self._steering.bound_seconds

    def _earlier(self) -> Floats | None:
        """The earlier schedule to start from, where there is one that says most of the year."""
        if self._wanted is None:
            return None
        unknown = self._wanted == UNKNOWN
        if np.mean(unknown[self._structure.chosen.guided]) > MOST_OPEN:
            return None
        return np.where(unknown, self._structure.arrays.lower, self._wanted).astype(np.float64)

    def _start(self, target: Floats) -> None:
        """Stand on ``target``, fractions and all, with every year to be settled."""
        self._stand_on(target)
        self._best.say("settling each resident's year")
        self._settle_again(self._structure.residents, target)

    def _start_from(self, target: Floats) -> None:
        """Stand on an earlier schedule; only the years it no longer fits are settled."""
        assert self._wanted is not None
        self._stand_on(target)
        self._best.say("starting from the earlier schedule")
        broken, work = self._moves.hold(self._wanted, self._limits(START_SECONDS))
        self._clock.spend(work)
        self._settle_again(broken, target)
        if not len(broken):
            self._settled()

    def _stand_on(self, target: Floats) -> None:
        price = SETTLING_PRICE * self._dearest
        self._stands, self._standing = True, Standing(self._structure, target, price)
        self._moves = Moves(self._standing, self._guide.median_price, self._stopper)
        self._together = Together(self._standing, self._guide, self._settings, self._clock)
        self._steering.stand_on(self._standing, self._together)

    def _search(self) -> None:
        self._crew.run(max(1, self._settings.workers), self._moving, self._steer_on)

    def _steer_on(self) -> None:
        self._steer(0.1)
        over = self._over()
        self._together.watch(over, relieved=self._steering.waiting is not None)
        if over:
            time.sleep(ENDING)

    def _search_alone(self) -> None:
        """The same in one thread and in a fixed order, where no clock may decide."""
        random = np.random.default_rng([self._settings.seed, 0])
        groups = 0
        while not self._over():
            resident = self._settling.next()
            if resident is not None:
                self._settle(resident)
                continue
            if self._together.due:
                self._move_together()
                continue
            if groups % GROUPS_A_RELAXATION == 0 or self._together.wants_view:
                self._steer(0.0)  # asks ...
                self._steer(0.0)  # ... and uses what was asked for
            if not self._settling.under_way:
                self._improve(random)
                groups += 1

    # -- steering --------------------------------------------------------------------------

    def _steer(self, seconds: float) -> None:
        """Use the relaxation that has come in, ask for the next."""
        self._steering.hear(seconds)
        if not (self._settling.under_way or self._together.due):
            self._steering.go_near()
        if self._guide.idle and not self._over():
            if self._whole and self._steering.waiting is None:
                if not self._steering.ask():
                    self._stopper.wait(0.02)
            elif self._together.polishing and not self._guide.tight:
                self._guide.ask_plain()  # meanwhile: everybody still moves towards the last view
            else:
                self._stopper.wait(seconds)

    def _settle_again(self, residents: Integers, target: Floats) -> None:
        """Put these residents' years back to the relaxation's and settle each anew."""
        self._standing.reprice(SETTLING_PRICE * self._dearest)
        self._settling.target = target
        self._settling.upper = self._guide.upper(self._standing.values, target)
        columns = [self._structure.columns_of[int(one)] for one in residents]
        if columns and not np.array_equal(target, self._standing.values):
            every = np.concatenate(columns)
            self._standing.place(every, target[every])
        self._settling.add(residents.tolist())

    # -- moving ----------------------------------------------------------------------------

    def _moving(self, number: int) -> None:
        """One thread: settle years while there are any to settle, else solve groups."""
        random = np.random.default_rng([self._settings.seed, number])
        while not self._over():
            resident = self._settling.next()
            if resident is not None:
                self._settle(resident)
            elif self._settling.under_way or self._better_waits(number):
                self._pass_time(number)
            elif number == 0 and self._together.due:
                self._move_together()
            else:
                self._improve(random)

    def _move_together(self) -> None:
        self._clock.spend(self._together.run(self._offer, spare=self._lifting.over))
        if not self._standing.valid:
            self._steering.waiting = None  # it is about where everybody stood before

    def _better_waits(self, number: int) -> bool:
        """Whether what is under way does more with this thread's core than a group would."""
        if number > 0:  # nor may anybody be moved whom everybody together would move
            return self._together.wants_view or not self._guide.idle
        coming = self._steering.waiting is not None or not self._guide.idle
        return coming and self._together.polishing and not self._together.due

    def _pass_time(self, number: int) -> None:
        """Wait; where everybody moves and this thread's core is spare, look at a whole year."""
        spare = number > 0 and self._together.polishing and (number > 1 or self._guide.idle)
        if not (spare and self._lifting.meanwhile(self._limits(YEAR_SECONDS))):
            self._stopper.wait(0.01)

    def _settle(self, resident: int) -> None:
        near = self._settling
        ended = self._moves.settle(resident, near.target, near.upper, self._limits(30.0))
        self._clock.spend(ended.work)
        if ended.answer == Answer.INFEASIBLE:
            self._impossible = True
        if near.end():
            self._settled()

    def _settled(self) -> None:
        """Every year is whole: what is missed now is closed by everybody together, and by groups
        while these wait for a relaxation."""
        again = self._whole
        self._whole = True
        if not again and self._together.large and self._standing.missed() > MANY:
            self._settling.add(self._structure.residents.tolist())
            return
        self._standing.reprice(OPEN_PRICE * self._dearest)
        self._best.say("filling open places" if self._best.cost is None else self._best.doing)
        far = again or not self._guide.support.any()
        self._together.begin(None if far else self._settling.target)
        self._offer()

    def _improve(self, random: np.random.Generator) -> None:
        if self._standing.valid and self._lifting.one(self._limits(YEAR_SECONDS)):
            return
        missed = self._standing.missed_rows()
        view = self._lifting.seen(self._steering.view, random)
        far = None if view is None else self._standing.distance(view)
        group = self._groups.draw(self._standing, missed, view, far, random)
        if group is None:
            self._stopper.wait(0.01)
            return
        before = self._standing.cost()
        ended = self._moves.improve(group.columns, group.upper, self._limits(group.seconds))
        self._lifting.improved(before - self._standing.cost(), ended.work)
        self._groups.ended(group, ended)
        self._steering.solved_group()
        self._clock.spend(max(LEAST_GROUP_WORK, ended.work))
        if ended.taken:
            self._offer()
        self._press_on(group.row, len(missed))

    def _press_on(self, row: int | None, missed_before: int) -> None:
        """A row that is still missed becomes dearer, so that the miss moves elsewhere."""
        missed = self._standing.missed_rows()
        if row is not None and row in missed:
            self._standing.press(row, STEEPER, STEEPEST * self._dearest)
        closed = len(missed) < missed_before
        if closed and len(missed):
            self._steering.view = None  # it was about the place that is closed now

    def _offer(self) -> None:
        """Tell how it stands, and offer it once nothing is missed."""
        missed = self._standing.missed()
        self._best.still_open(missed)
        if missed:
            return
        values = self._standing.snapshot()
        if not self._standing.valid and not satisfies(self._structure.arrays, values):
            return  # somebody's year is still a mixture, of which no service is short
        self._best.offer(round(float(self._structure.arrays.cost @ values)), values)
        if not self._standing.valid:
            self._standing.valid = True
            view, self._steering.waiting = self._steering.waiting, None
            self._together.polish(None if view is None else view.values)
            self._best.say("improving around the best schedule")

    # -- ends ------------------------------------------------------------------------------

    def _proven_infeasible(self) -> bool:
        """A resident without any year, or a bound above the cost of everything missed at once."""
        if self._best.cost is not None:
            return False
        return self._impossible or self._steering.rules_out

    def _stop(self) -> None:
        self._stopper.stop()  # another one each time it goes on

    def _over(self) -> bool:
        ended = self._stopper.stopped or self._impossible or self._crew.failed
        if ended or self._best.good_enough():
            return True
        return self._clock.left() <= 0 or self._proven_infeasible()

    def _limits(self, seconds: float) -> Limits:
        return limited(self._settings, self._clock, seconds, extra=RELAXATIONS)
