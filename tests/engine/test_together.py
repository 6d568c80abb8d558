"""Everybody solved at once, where more places are open than groups would close in time."""

from __future__ import annotations

from unittest import mock

import numpy as np

from scheduler.audit.audit import audit
from scheduler.engine import together
from scheduler.engine.columns import decisions
from scheduler.engine.cpsat import Limits, Stopper
from scheduler.engine.incumbent import satisfies
from scheduler.engine.moves import Ended, Moves
from scheduler.engine.settings import Settings
from scheduler.engine.standing import Standing
from scheduler.engine.structure import structure_of
from scheduler.model.year import YearModel
from tests.engine.tiny import solve_guided, tiny_problem


def test_closing_ends_with_nothing_missed_and_tells_of_every_step() -> None:
    """From an empty year, fewer and fewer places are open until none is."""
    year = YearModel(tiny_problem())
    structure = structure_of(year.linear.arrays(), decisions(year))
    standing = Standing(structure, np.zeros(structure.arrays.columns), 1.0)
    before, missed = standing.missed(), []
    every = np.arange(structure.arrays.columns)
    ended = Moves(standing, 1.0, Stopper()).close(
        every,
        structure.arrays.upper.astype(np.int64),
        Limits(seconds=60.0),
        lambda: missed.append(standing.missed()),
    )
    assert ended.taken
    assert missed[-1] == standing.missed() == 0 < before
    assert missed == sorted(missed, reverse=True)
    assert satisfies(structure.arrays, standing.snapshot())


def test_a_search_that_moves_everybody_at_once_agrees_with_the_audit() -> None:
    """Closed together and then made cheaper together, a schedule is valid and costs what the
    audit says."""
    problem = tiny_problem()
    moved: list[tuple[bool, bool]] = []
    cheapen = Moves.cheapen

    def watched(self: Moves, *args: object) -> Ended:
        ended = cheapen(self, *args)  # type: ignore[arg-type]
        moved.append((self._standing.valid, ended.taken))
        return ended

    with (
        mock.patch.object(together, "MANY", -1),
        mock.patch.object(Moves, "cheapen", watched),
    ):
        outcome = solve_guided(problem, Settings(time_limit=20.0, gap=0.01))
    assert moved
    assert all(valid for valid, _ in moved)
    assert outcome.schedule is not None
    report = audit(problem, outcome.schedule)
    assert not report.hard_violations
    assert report.cost == outcome.cost


def test_it_ends_when_nothing_better_comes_or_all_is_over() -> None:
    """It waits long for the first better standing, less for later ones, and never after the end."""
    clock = mock.Mock()
    everybody = together.Together(mock.Mock(), mock.Mock(), Settings(), clock)
    for began, latest, now, over, ends in [
        (0.0, 0.0, together.WITHOUT - 1, False, False),
        (0.0, 0.0, together.WITHOUT + 1, False, True),
        (0.0, 1.0, 1.0 + together.FRUITLESS + 1, False, True),
        (0.0, 100.0, 100.0 + together.FRUITLESS + 1, False, False),
        (0.0, 1.0, 1.5, True, True),
    ]:
        phase = Stopper()
        everybody._began, everybody._latest, everybody._phase = began, latest, phase
        clock.now.return_value = now
        everybody.watch(over)
        assert phase.stopped is ends


def test_a_piece_is_not_ended_by_the_times_of_the_one_before() -> None:
    """Watched while it is being made ready, a new piece has all its time."""
    clock, standing = mock.Mock(), mock.Mock()
    everybody = together.Together(standing, mock.Mock(), Settings(), clock)
    everybody._began, everybody._latest = 0.0, 1.0
    clock.now.return_value = 100.0
    ended: list[bool] = []

    def distance(view: object) -> object:
        everybody.watch(over=False)
        assert everybody._phase is not None
        ended.append(everybody._phase.stopped)
        return np.zeros(3)

    standing.distance = distance
    everybody.go_near(np.zeros(3))
    everybody.run(lambda: None)
    assert ended == [False]
    assert not everybody.due


def test_where_groups_close_the_last_place_first_nothing_is_due_without_a_relaxation() -> None:
    """Insisted on, but closed before any relaxation came: there is nothing to go towards."""
    standing = mock.Mock(valid=False)
    standing.missed.return_value = 1
    standing.structure.arrays.columns = together.WHOLE
    everybody = together.Together(standing, mock.Mock(), Settings(), mock.Mock())
    everybody.insist()
    assert everybody.wants_view
    standing.valid = True
    everybody.polish()
    assert not everybody.due
    assert not everybody.wants_view


def test_the_whole_is_searched_where_groups_are_of_no_help() -> None:
    """A last place that groups leave open: any schedule ends that, at once and without a view."""
    year = YearModel(tiny_problem())
    structure = structure_of(year.linear.arrays(), decisions(year))
    standing = Standing(structure, np.zeros(structure.arrays.columns), 1.0)
    clock = mock.Mock()
    clock.now.return_value = 0.0
    clock.left.return_value = 60.0
    everybody = together.Together(standing, mock.Mock(), Settings(), clock)
    told: list[int] = []
    with mock.patch.object(together, "MANY", standing.missed()):
        everybody.insist()
    assert everybody.due
    everybody.run(lambda: told.append(standing.missed()))
    assert told == [0]
    assert satisfies(structure.arrays, standing.snapshot())
    assert not everybody.due


def test_the_whole_waits_its_turn() -> None:
    """Too large a model is never searched whole, and a deterministic search moves nobody at
    once; each further search of the whole may take longer."""
    clock = mock.Mock()
    clock.now.return_value = 0.0
    standing = mock.Mock(valid=False)
    standing.missed.return_value = 1
    standing.structure.arrays.columns = together.WHOLE + 1
    large = together.Together(standing, mock.Mock(), Settings(), clock)
    large.insist()
    assert large.wants_view
    assert not large.due
    standing.structure.arrays.columns = together.WHOLE
    alone = together.Together(standing, mock.Mock(), Settings(deterministic=True), clock)
    alone.insist()
    assert not alone.due
    patience = []
    small = together.Together(standing, mock.Mock(), Settings(), clock)
    small.insist()
    with mock.patch.object(
        together.Together, "_search_whole", lambda self, *_: patience.append(self._patience) or 0.0
    ):
        small.run(mock.Mock())
        small._search_whole_next()
        small.run(mock.Mock())
    assert patience == [together.WITHOUT, 2 * together.WITHOUT]


def test_a_group_that_closes_the_last_place_ends_the_search_of_the_whole() -> None:
    """Nobody waits for any schedule at all where there is one already, nor is it replaced."""
    clock, standing = mock.Mock(), mock.Mock(valid=False)
    clock.now.return_value = 0.0
    standing.missed.return_value = 1
    standing.structure.arrays.columns = 2
    everybody = together.Together(standing, mock.Mock(), Settings(), clock)
    everybody.insist()

    def searched(*_: object, stopper: Stopper) -> object:
        standing.valid = True
        everybody.polish()
        assert stopper.stopped
        return mock.Mock(values=np.zeros(2), work=1.0)

    with (
        mock.patch.object(together, "search", searched),
        mock.patch.object(together, "unrestricted"),
        mock.patch.object(together.Together, "_limits", lambda _: Limits()),
    ):
        assert everybody.run(mock.Mock()) == 1.0
    standing.place.assert_not_called()
    assert not everybody.due
