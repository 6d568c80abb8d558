"""When a search by groups looks at whole years: also with time that nobody else needs."""

from __future__ import annotations

from time import monotonic, sleep
from unittest import mock

import pytest

from scheduler.engine.columns import decisions
from scheduler.engine.guide import Guide
from scheduler.engine.guided import GuidedSearch
from scheduler.engine.incumbent import Incumbent
from scheduler.engine.lifting import Lifting
from scheduler.engine.outcome import Clock, silent
from scheduler.engine.relaxation import solve_relaxation
from scheduler.engine.rounds import YearBounds
from scheduler.engine.searches import Limits, Stopper
from scheduler.engine.settings import Settings
from scheduler.engine.structure import Structure, structure_of
from scheduler.engine.together import Together
from scheduler.engine.totals import bounded_totals
from scheduler.engine.workers import RelaxationWorker
from scheduler.model.linear import Floats
from scheduler.model.year import YearModel
from tests.engine.tiny import best, tiny_problem

LIMITS = Limits(work=5.0, workers=1)


def _tiny() -> tuple[YearModel, Structure]:
    year = YearModel(tiny_problem())
    arrays = bounded_totals(year.linear.arrays(), year.linear.totals)
    return year, structure_of(arrays, decisions(year), year.extension.onto(arrays))


def _incumbent(year: YearModel, structure: Structure) -> Incumbent:
    clock = Clock(limit=120)
    stake = best().at_stake
    return Incumbent(structure.arrays, clock, year.offset, stake, gap=-1.0, listener=silent)


def test_spare_time_goes_to_the_first_round_of_its_own_years_only() -> None:
    """Each resident once; a bound that somebody else lifts is left alone."""
    year, structure = _tiny()
    known = _incumbent(year, structure)
    relaxation = solve_relaxation(structure.sharper)
    own = Lifting(known, known.clock, Stopper(), None)
    assert not own.meanwhile(LIMITS)
    own.begin(structure, relaxation, 1.0)
    looked = []
    for _ in range(len(structure.residents) + 3):
        assert own.over is (len(looked) >= len(structure.residents))
        looked.append(own.meanwhile(LIMITS))
    assert looked == [True] * len(structure.residents) + [False] * 3
    assert own.years is not None
    assert own.years.rounds == 1
    assert known.bound is not None
    theirs = YearBounds(structure, relaxation, 1.0, lambda: None)
    others = Lifting(known, known.clock, Stopper(), theirs)
    assert not others.meanwhile(LIMITS)
    assert theirs.rounds == 0
    while not theirs.rounds:
        theirs.lift(LIMITS, Stopper())
    assert not others.over


@pytest.mark.parametrize("over", [False, True])
def test_all_threads_move_everybody_once_no_years_are_looked_at(over: bool) -> None:
    """Until then one does, and the others prove the bound."""
    year, structure = _tiny()
    known = _incumbent(year, structure)
    guide = Guide(structure.arrays, structure.chosen.guided, 1, None)
    search = GuidedSearch(structure, guide, known, Settings(), known.clock, Stopper())
    search._together, search._standing = mock.Mock(), mock.Mock()
    search._together.run.return_value = 1.0
    with mock.patch.object(Lifting, "over", over):
        search._move_together()
    assert search._together.run.call_args.kwargs == {"spare": over}


@pytest.mark.parametrize("workers", (2, 3))
def test_the_bound_is_proven_while_everybody_moves(workers: int) -> None:
    """A step for a lower cost that takes long is time for the relaxation and for whole years."""
    year, structure = _tiny()
    known, stopper = _incumbent(year, structure), Stopper()
    worker = RelaxationWorker()
    guide = Guide(structure.arrays, structure.chosen.guided, 1, worker, structure.sharper)
    settings = Settings(time_limit=120.0, workers=workers)
    search = GuidedSearch(structure, guide, known, settings, known.clock, stopper)
    rounds = []

    def always(self: Together, view: Floats) -> None:
        self._closing = True
        self.go_near(view)

    def slowly(*_: object) -> float:
        began = monotonic()
        while monotonic() < began + 60 and not (search.years and search.years.rounds):
            sleep(0.05)
        rounds.append(search.years and search.years.rounds)
        stopper.stop()
        return 0.0

    with (
        mock.patch.object(Together, "begin", always),
        mock.patch.object(Together, "_lower", slowly),
    ):
        search.run()
    worker.stop()
    assert rounds == [1]
    assert known.bound is not None
    assert known.bound <= (best().cost or 0)
