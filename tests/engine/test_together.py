"""Everybody solved at once, where more places are open than groups would close in time."""

from __future__ import annotations

from unittest import mock

import numpy as np
import pytest

from scheduler.audit.audit import audit
from scheduler.engine import together
from scheduler.engine.columns import decisions
from scheduler.engine.cpsat import search
from scheduler.engine.incumbent import satisfies
from scheduler.engine.moves import RELAXATIONS, Ended, Moves
from scheduler.engine.restrict import Restricted, holding
from scheduler.engine.searches import Answer, Limits, Stopper
from scheduler.engine.settings import Settings
from scheduler.engine.standing import Standing
from scheduler.engine.structure import structure_of
from scheduler.engine.translation import solver_of
from scheduler.model.encode import UNKNOWN
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
    assert standing.cost() == _least_cost(standing)


def _least_cost(standing: Standing) -> int:
    """What the decisions that stand cost at least, charges and totals found anew."""
    structure = standing.structure
    decided = np.full(structure.arrays.columns, UNKNOWN)
    guided = structure.chosen.guided
    decided[guided] = standing.snapshot()[guided]
    return search(holding(structure.arrays, decided), Limits(seconds=60.0)).cost


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

    with mock.patch.object(Moves, "cheapen", watched):
        outcome = solve_guided(problem, Settings(time_limit=20.0, gap=0.01))
    assert moved
    assert all(valid for valid, _ in moved)
    assert outcome.schedule is not None
    report = audit(problem, outcome.schedule)
    assert not report.hard_violations
    assert report.cost == outcome.cost


@pytest.mark.parametrize(
    ("over", "relieved", "valid", "pace", "ends"),
    [
        (False, True, True, {}, False),
        (True, False, True, {}, True),
        (False, False, True, {"ended": True}, True),
        (False, False, True, {"slow": True}, False),
        (False, True, True, {"slow": True}, True),
        (False, True, True, {"far_from_nothing": True}, False),
        (False, False, False, {"slow": True}, False),
        (False, False, False, {"far_from_nothing": True}, True),
    ],
)
def test_a_piece_ends_with_all_or_when_its_pace_does(
    over: bool, relieved: bool, valid: bool, pace: dict[str, bool], ends: bool
) -> None:
    """A slowly falling cost is good enough until there is a next relaxation to move towards;
    places that would stay open for long are closed in other ways."""
    standing = mock.Mock(valid=valid)
    standing.structure.arrays.columns = 1
    everybody = together.Together(standing, mock.Mock(), Settings(), mock.Mock())
    says = {"ended": False, "slow": False, "far_from_nothing": False} | pace
    everybody._pace = mock.Mock(**{name: mock.Mock(return_value=is_) for name, is_ in says.items()})
    everybody._phase = phase = Stopper()
    everybody.watch(over, relieved)
    assert phase.stopped is ends


def test_a_piece_is_not_ended_by_the_times_of_the_one_before() -> None:
    """Watched while it is being made ready, a new piece has all its time."""
    clock, standing = mock.Mock(), mock.Mock()
    everybody = together.Together(standing, mock.Mock(), Settings(), clock)
    everybody._pace = mock.Mock(ended=lambda: True)
    clock.now.return_value = 100.0
    standing.cost.return_value = 5
    ended: list[bool] = []

    def distance(view: object) -> object:
        everybody.watch(over=False, relieved=True)
        assert everybody._phase is not None
        ended.append(everybody._phase.stopped)
        return np.zeros(3)

    standing.distance = distance
    everybody.go_near(np.zeros(3))
    everybody.run(lambda: None)
    assert ended == [False]
    assert not everybody.due


def test_where_groups_close_the_last_place_first_nothing_is_due_without_a_relaxation() -> None:
    """Closed before any relaxation came, there is nothing to go towards."""
    standing = mock.Mock(valid=False)
    standing.missed.return_value = 1
    everybody = together.Together(standing, mock.Mock(), Settings(), mock.Mock())
    everybody.begin(None)
    assert everybody.wants_view
    standing.valid = True
    everybody.polish()
    assert not everybody.due
    assert not everybody.wants_view


def test_a_lower_cost_is_looked_for_towards_the_latest_relaxation() -> None:
    """One that came while places were being closed is nearer than the one before it."""
    standing = mock.Mock(valid=False)
    standing.missed.return_value = 3
    everybody = together.Together(standing, mock.Mock(), Settings(), mock.Mock())
    everybody.begin(np.zeros(2))
    later = np.ones(2)
    everybody.polish(later)
    assert everybody.due
    assert everybody._view is later


def test_rounds_for_a_lower_cost_end_when_they_gain_little() -> None:
    """Each is held against what the best of them gained."""
    standing = mock.Mock(valid=True)
    standing.distance.return_value = np.zeros(2)
    everybody = together.Together(standing, mock.Mock(), Settings(), mock.Mock())
    everybody._polishing = True
    goes_on = []
    for before, after in [(1000, 800), (800, 793), (793, 788)]:
        standing.cost.side_effect = [before, after]
        everybody.go_near(np.zeros(2))
        everybody.run(mock.Mock())
        goes_on.append(everybody.wants_view)
    assert goes_on == [True, True, False]


def _everybody_with_places_open(
    columns: int, settings: Settings, places: int = 1
) -> tuple[together.Together, mock.Mock]:
    """Years are settled, and leave places open."""
    standing = mock.Mock(valid=False)
    standing.missed.return_value = places
    standing.structure.residents = np.arange(1)
    standing.structure.columns_of = {0: np.arange(2)}
    standing.structure.arrays.columns = columns
    clock = mock.Mock()
    clock.left.return_value = 60.0
    everybody = together.Together(standing, mock.Mock(), settings, clock)
    everybody.begin(np.zeros(2))
    return everybody, standing


def _everybody_with_one_place_open(
    columns: int, settings: Settings
) -> tuple[together.Together, mock.Mock]:
    """Places are being closed, and closing everybody together leaves one open."""
    everybody, standing = _everybody_with_places_open(columns, settings)
    everybody._fitted = True
    with mock.patch.object(Moves, "close", return_value=Ended(Answer.FEASIBLE, False, 1.0)):
        everybody.run(mock.Mock())
    return everybody, standing


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (together.WHOLE, ["piece", "whole", "close"]),
        (together.WHOLE + 1, ["piece", "close", "whole", "close"]),
    ],
)
def test_any_schedule_is_looked_for_at_once_where_few_places_are_open(
    size: int, expected: list[str]
) -> None:
    """First in the piece; where there is none, in the whole, and then places are closed.  In a
    large one they are closed first, and the whole is searched where some stay open."""
    ways: list[str] = []

    def went(way: str) -> object:
        return mock.Mock(side_effect=lambda *_: ways.append(way) or 1.0)

    def held_nothing(way: str) -> object:
        ended = Ended(Answer.UNKNOWN, False, 1.0)
        return mock.Mock(side_effect=lambda *_: ways.append(way) or ended)

    everybody, _ = _everybody_with_places_open(size, Settings())
    with (
        mock.patch.object(together.Together, "_search_whole", went("whole")),
        mock.patch.object(Moves, "close", held_nothing("close")),
        mock.patch.object(Moves, "fit", held_nothing("piece")) as fit,
    ):
        while everybody.due:
            everybody.run(mock.Mock())
        assert fit.call_count == 1
        everybody.go_near(np.zeros(2))
        everybody.run(mock.Mock())
    assert ways == expected


@pytest.mark.parametrize(
    ("size", "work"),
    [(together.WHOLE, None), (together.WHOLE + 1, together.FITTING_LARGE_WORK)],
)
def test_a_large_piece_holds_a_schedule_at_once_or_none_for_long(
    size: int, work: float | None
) -> None:
    """What it takes there is taken from closing; how fast the machine is makes no difference."""
    everybody, _ = _everybody_with_places_open(size, Settings())
    with mock.patch.object(Moves, "fit", return_value=Ended(Answer.UNKNOWN, False, 1.0)) as fit:
        everybody.run(mock.Mock())
    limits = fit.call_args.args[2]
    assert (limits.seconds, limits.work) == (together.FITTING, work)


@pytest.mark.parametrize("size", [together.WHOLE, together.WHOLE + 1])
@pytest.mark.parametrize("places", [together.MANY, together.MANY + 1])
def test_where_many_places_are_open_the_whole_is_searched_at_once(size: int, places: int) -> None:
    """What is left there is not nearly a schedule, so no piece around it holds one."""
    everybody, _ = _everybody_with_places_open(size, Settings(), places)
    whole = places > together.MANY and size <= together.WHOLE
    assert everybody._whole is whole
    assert everybody._fitted is (places > together.MANY)
    assert everybody.due


def test_a_piece_that_holds_a_schedule_is_stood_on_at_what_it_costs_least() -> None:
    """From an empty year nothing is missed; a piece without room says so and changes nothing."""
    structure = structure_of((year := YearModel(tiny_problem())).linear.arrays(), decisions(year))
    standing = Standing(structure, np.zeros(structure.arrays.columns), 1.0)
    everybody, told = _standing_together(standing), mock.Mock()
    limits = everybody._jumping(60.0, 1.0)
    every, upper = np.arange(structure.arrays.columns), structure.arrays.upper.astype(np.int64)
    narrow = Moves(standing, 1.0, Stopper()).fit(every, np.zeros_like(upper), limits, told)
    assert (narrow.answer, narrow.taken) == (Answer.INFEASIBLE, False)
    assert not standing.values.any()
    told.assert_not_called()
    wide = Moves(standing, 1.0, Stopper()).fit(every, upper, limits, told)
    assert wide.taken
    told.assert_called_once_with()
    assert standing.missed() == 0
    assert satisfies(structure.arrays, standing.snapshot())
    assert standing.cost() == _least_cost(standing)


def test_what_a_piece_leaves_to_the_next_step_is_not_forgotten() -> None:
    """It is stood on while it is told, and everybody then goes on for a lower cost at once."""
    everybody, standing = _everybody_with_places_open(together.WHOLE, Settings())

    def fit(*_: object) -> Ended:
        standing.valid = True
        everybody.polish()
        return Ended(Answer.OPTIMAL, True, 1.0)

    with mock.patch.object(Moves, "fit", fit):
        everybody.run(mock.Mock())
    assert everybody.due
    assert everybody.polishing
    assert not everybody._whole


def test_what_follows_from_a_schedule_is_found_with_relaxations_and_by_all_ways() -> None:
    """Jumps and a plain search prove no charge: each followed for ten seconds, in vain."""
    structure = structure_of((year := YearModel(tiny_problem())).linear.arrays(), decisions(year))
    standing = Standing(structure, np.zeros(structure.arrays.columns), 1.0)
    asked: list[Limits] = []

    def watched(part: object, limits: Limits, *args: object, **names: object) -> object:
        asked.append(limits)
        return search(part, limits, *args, **names)  # type: ignore[arg-type]

    limits = _standing_together(standing)._jumping(60.0, 1.0)
    every, upper = np.arange(structure.arrays.columns), structure.arrays.upper.astype(np.int64)
    with mock.patch("scheduler.engine.moves.search", watched):
        Moves(standing, 1.0, Stopper()).fit(every, upper, limits, mock.Mock())
    jumping, following = asked
    assert jumping.only == together.BESIDE
    assert not following.only
    assert not following.without
    assert following.extra == RELAXATIONS


def _standing_together(standing: Standing, **settings: object) -> together.Together:
    clock = mock.Mock()
    clock.now.return_value, clock.left.return_value = 0.0, 60.0
    return together.Together(standing, mock.Mock(), Settings(**settings), clock)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("settings", "threads", "seconds", "work"),
    [
        ({}, 2, 9.0, None),
        ({"workers": 8}, 2, 9.0, None),
        ({"workers": 1}, 1, 9.0, None),
        ({"deterministic": True}, 1, None, 3.0),
    ],
)
def test_any_schedule_is_looked_for_by_jumps_beside_one_plain_search(
    settings: dict[str, object], threads: int, seconds: float | None, work: float | None
) -> None:
    """Two threads side by side, or one that takes both in turn; others would take their time."""
    limits = _standing_together(mock.Mock(), **settings)._jumping(9.0, 3.0)
    assert (limits.workers, limits.seconds, limits.work) == (threads, seconds, work)
    assert limits.extra["interleave_search"] is (threads == 1)
    parameters = solver_of(limits).parameters
    assert list(parameters.subsolvers) == ["no_lp"]
    assert "rins/rens" in parameters.ignore_subsolvers


def test_in_a_large_whole_two_threads_jump() -> None:
    """And nothing else begins from nowhere; one thread alone takes all in turn."""
    standing = mock.Mock()
    standing.structure.arrays.columns = together.WHOLE + 1
    limits = _standing_together(standing)._jumping_whole()
    parameters = solver_of(limits).parameters
    assert (parameters.num_workers, parameters.num_full_subsolvers) == (3, 1)
    assert "fs_random_no_lp" in parameters.ignore_subsolvers
    assert not parameters.cp_model_presolve
    assert _standing_together(standing, workers=1)._jumping_whole().workers == 1


@pytest.mark.parametrize(
    ("columns", "before", "left", "searched"),
    [
        (together.WHOLE + 1, 120, 40, True),
        (together.WHOLE + 1, 20, 1, True),
        (together.WHOLE, 120, 40, False),
        (together.WHOLE, 20, 1, False),
        (together.WHOLE, 20, 11, True),
    ],
)
def test_the_whole_is_searched_where_places_stay_open(
    columns: int, before: int, left: int, searched: bool
) -> None:
    """It has been in a model that is not large, so there only where few are closed; in a large one
    jumps find a schedule around the last open place in seconds, closing not in half a minute."""
    everybody, standing = _everybody_with_places_open(columns, Settings(), before)
    everybody._fitted = True
    standing.missed.side_effect = [before, left, left]
    with mock.patch.object(Moves, "close", return_value=Ended(Answer.FEASIBLE, False, 1.0)):
        everybody.run(mock.Mock())
    assert everybody.due is searched


@pytest.mark.parametrize(
    ("times", "patience"), [(0.5, float("inf")), (2, 2 * together.JUMPS), (6, 6 * together.JUMPS)]
)
def test_closing_goes_on_for_no_longer_than_jumps_would_take(times: float, patience: float) -> None:
    """Only in large models: in others they have been tried before."""
    standing = mock.Mock()
    standing.structure.arrays.columns = times * together.WHOLE
    assert _standing_together(standing)._patience == patience


@pytest.mark.parametrize(("times", "seconds"), [(1, 20.0), (6, 120.0)])
def test_a_large_whole_has_more_time_and_threads_and_no_costs(times: int, seconds: float) -> None:
    """Twice as much for the second search; costs lead where the whole is small."""
    structure = structure_of((year := YearModel(tiny_problem())).linear.arrays(), decisions(year))
    clock = mock.Mock()
    clock.now.return_value, clock.left.return_value = 0.0, 1_000.0
    standing = Standing(structure, np.zeros(structure.arrays.columns), 1.0)
    everybody = together.Together(standing, mock.Mock(), Settings(), clock)
    asked: list[tuple[float | None, bool, int]] = []

    def searched(part: Restricted, limits: Limits, *_: object, **__: object) -> object:
        asked.append((limits.seconds, bool(part.cost.any()), limits.workers))
        return mock.Mock(values=None, work=1.0)

    size = structure.arrays.columns / times
    with (
        mock.patch.object(together, "search", searched),
        mock.patch.object(together, "WHOLE", size),
    ):
        for _ in range(2):
            everybody._whole = everybody._due = True
            everybody.run(mock.Mock())
    how = (True, 2) if times == 1 else (False, 3)
    assert asked == [(pytest.approx(seconds), *how), (pytest.approx(2 * seconds), *how)]


def test_any_schedule_of_the_whole_ends_the_closing() -> None:
    """It is stood on, and told; everybody then moves back towards where they stood."""
    year = YearModel(tiny_problem())
    structure = structure_of(year.linear.arrays(), decisions(year))
    standing = Standing(structure, np.zeros(structure.arrays.columns), 1.0)
    clock = mock.Mock()
    clock.now.return_value = 0.0
    clock.left.return_value = 60.0
    everybody = together.Together(standing, mock.Mock(), Settings(), clock)
    told: list[int] = []
    before = standing.values.copy()
    everybody._whole = everybody._due = True
    everybody.run(lambda: told.append(standing.missed()))
    assert told == [0]
    assert np.array_equal(everybody._towards, before)
    assert satisfies(structure.arrays, standing.snapshot())
    assert not everybody.due


def test_a_group_that_closes_the_last_place_ends_the_search_of_the_whole() -> None:
    """Nobody waits for any schedule at all where there is one already, nor is it replaced."""
    everybody, standing = _everybody_with_one_place_open(2, Settings())
    everybody._view = None

    def searched(*_: object, hint: object, stopper: Stopper) -> object:
        assert hint is standing.snapshot.return_value
        standing.valid = True
        everybody.polish()
        assert stopper.stopped
        return mock.Mock(values=np.zeros(2), work=1.0)

    with (
        mock.patch.object(together, "search", searched),
        mock.patch.object(together, "unrestricted"),
    ):
        assert everybody.run(mock.Mock()) == 1.0
    standing.place.assert_not_called()
    assert not everybody.due


def _closing(settings: Settings | None = None) -> tuple[together.Together, mock.Mock]:
    """Everybody stands with places open, no piece holds a schedule, and they are to be closed."""
    standing, clock = mock.Mock(valid=False), mock.Mock()
    standing.missed.return_value = 3
    standing.structure.residents = np.arange(1)
    standing.structure.columns_of = {0: np.arange(2)}
    standing.structure.arrays.columns = together.WHOLE + 1
    clock.now.return_value = 0.0
    clock.left.return_value = 60.0
    everybody = together.Together(standing, mock.Mock(), settings or Settings(), clock)
    everybody.begin(np.zeros(2))
    everybody._fitted = True
    return everybody, standing


def test_closing_is_left_alone_by_relaxations_but_not_for_ever() -> None:
    """Everything waits for it, and a relaxation beside it would slow it down."""
    everybody, standing = _closing()
    assert everybody.closing_alone
    everybody._phase, everybody._pace = Stopper(), mock.Mock(passed=together.ALONE - 1)
    assert everybody.closing_alone
    everybody._pace = mock.Mock(passed=together.ALONE + 1)
    assert not everybody.closing_alone
    standing.valid = True
    everybody._pace = mock.Mock(passed=0.0)
    assert not everybody.closing_alone


def test_what_everybody_was_closed_towards_serves_until_there_is_a_better_relaxation() -> None:
    """It ends then however well it goes, and a low gain says nothing about the next."""
    everybody, standing = _closing()
    standing.valid = True
    standing.distance.return_value = np.zeros(1)
    standing.cost.return_value = 5
    everybody.polish()
    everybody.run(mock.Mock())
    assert everybody.polishing
    everybody._pace = mock.Mock(ended=lambda: False, slow=lambda: False)
    for view, ends in ((None, True), (np.ones(2), False)):
        if view is not None:
            everybody.go_near(view)
        everybody._phase = phase = Stopper()
        everybody.watch(over=False, relieved=True)
        assert phase.stopped is ends


@pytest.mark.parametrize("spare", [False, True])
@pytest.mark.parametrize(("deterministic", "workers"), [(False, 3), (True, 1)])
def test_all_threads_close_and_one_lowers_the_cost_in_small_steps(
    deterministic: bool, workers: int, spare: bool
) -> None:
    """The others solve relaxations and prove the bound meanwhile, and lower it too once there is
    nothing else to do; where no clock may decide there is one thread."""
    everybody, standing = _closing(Settings(workers=3, deterministic=deterministic))
    limits: list[Limits] = []

    def move(*args: object) -> Ended:
        limits.append(next(one for one in args if isinstance(one, Limits)))
        return Ended(Answer.FEASIBLE, False, 1.0)

    with mock.patch.object(Moves, "close", move), mock.patch.object(Moves, "cheapen", move):
        everybody.run(mock.Mock())
        standing.valid = True
        standing.distance.return_value = np.ones(1)
        standing.cost.return_value = 5
        everybody.polish(np.zeros(2))
        everybody.run(mock.Mock(), spare)
    closing, lowering = limits
    assert (closing.workers, closing.extra["interleave_search"]) == (workers, workers == 1)
    lowers = workers if spare else 1
    assert (lowering.workers, lowering.extra["interleave_search"]) == (lowers, lowers == 1)
    assert lowering.extra["lns_initial_deterministic_limit"] == 2 * together.PER_COLUMN
    assert "lns_initial_deterministic_limit" not in closing.extra
