"""The guided search, on a problem small enough to know the answer."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from unittest import mock

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from scheduler.audit.audit import audit
from scheduler.engine import guided, small, together
from scheduler.engine import solve as engine
from scheduler.engine.columns import decisions
from scheduler.engine.guide import SLOW, TIGHTER, Guidance, Guide, Kind
from scheduler.engine.guided import GuidedSearch
from scheduler.engine.incumbent import Incumbent
from scheduler.engine.moves import Ended, Moves, _scaled
from scheduler.engine.outcome import Clock, Status, Step
from scheduler.engine.relaxation import WORK_PER_ENTRY, Relaxation
from scheduler.engine.searches import Answer, Found, Limits, Stopper
from scheduler.engine.settings import Settings
from scheduler.engine.structure import Structure, structure_of
from scheduler.engine.totals import bounded_totals
from scheduler.engine.workers import RelaxationWorker, Relaxing, Task
from scheduler.model.extension import Extension
from scheduler.model.linear import Arrays, Sum
from scheduler.model.year import YearModel
from tests.engine.tiny import best, solve_guided, tiny_problem

ROOT = Path(__file__).parents[2]


def _quick(**more: object) -> Settings:
    return Settings(**{"time_limit": 25.0, "gap": 0.01, **more})  # type: ignore[arg-type]


def test_guided_search_agrees_with_the_audit() -> None:
    """What the search for large models finds is valid, and costs what the audit says."""
    problem = tiny_problem()
    outcome = solve_guided(problem, _quick())
    assert outcome.schedule is not None
    report = audit(problem, outcome.schedule)
    assert not report.hard_violations
    assert outcome.bound is not None
    assert report.cost == outcome.cost
    assert outcome.bound <= report.cost


def test_guided_search_comes_near_the_optimum() -> None:
    """It ends no worse than two in a hundred of what is at stake above the proven optimum."""
    known = best()
    near = solve_guided(tiny_problem(), _quick())
    assert known.cost is not None
    assert near.cost is not None
    assert known.cost <= near.cost <= known.cost + 0.02 * known.at_stake


def _search(known: Incumbent, structure: Structure, ending: Stopper) -> GuidedSearch:
    guide = Guide(structure.arrays, structure.chosen.guided, 0, None)
    return GuidedSearch(structure, guide, known, _quick(), known.clock, ending)


def test_a_search_goes_on_from_the_best_schedule_without_beginning_anew() -> None:
    """A better schedule from elsewhere is stood on; the next move is for a lower cost, no year is
    settled again."""
    year = YearModel(tiny_problem())
    structure = structure_of(
        bounded_totals(year.linear.arrays(), year.linear.totals), decisions(year)
    )
    ending, ended, later = Stopper(), Stopper(), Stopper()
    ended.stop()

    def heard(step: Step) -> None:
        if step.cost is not None:
            ending.stop()

    def moving(move: str) -> object:
        solve = getattr(guided.Moves, move)

        def moved(*asked: object) -> object:
            later.stop()
            return solve(*asked)

        return moved

    known = Incumbent(structure.arrays, Clock(limit=60.0), year.offset, 100, 0.0, heard)
    search = _search(known, structure, ending)
    search.run()
    first = known.cost
    elsewhere = Incumbent(structure.arrays, Clock(limit=5.0), year.offset, 100)
    _search(elsewhere, structure, Stopper()).run()
    assert first is not None
    assert elsewhere.cost is not None
    assert elsewhere.values is not None
    assert elsewhere.cost < first
    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(guided.Moves, "settle", side_effect=AssertionError))
        known.values, known.cost = elsewhere.values, elsewhere.cost + 1
        search.go_on(ended, None)
        assert np.array_equal(search._standing.snapshot(), elsewhere.values)
        for move in ("improve", "cheapen"):
            stack.enter_context(mock.patch.object(guided.Moves, move, moving(move)))
        search.go_on(later, None)
    assert later.stopped
    assert known.cost <= elsewhere.cost


class _Late(Relaxing):
    """A worker that answers nothing until it is told that it is ``ready``."""

    def __init__(self, arrays: Arrays) -> None:
        super().__init__(arrays, arrays)
        self.ready = self.busy = False
        self.asked: list[Task] = []

    def load(self, *models: Arrays) -> None:
        """It has them already."""

    def start(self, task: Task) -> None:
        self.asked.append(task)
        self.busy = True

    def poll(self, seconds: float = 0.0) -> Relaxation | None:
        if not self.ready:
            time.sleep(min(0.01, seconds))
            return None
        self.busy = False
        return self.run(self.asked[-1])


def test_a_search_that_ended_before_its_first_relaxation_came_waits_for_it() -> None:
    """It is not asked for a second time."""
    year = YearModel(tiny_problem())
    arrays = bounded_totals(year.linear.arrays(), year.linear.totals)
    structure = structure_of(arrays, decisions(year))
    worker, phase = _Late(arrays), Stopper()
    guide = Guide(arrays, structure.chosen.guided, 0, worker)  # type: ignore[arg-type]
    known = Incumbent(arrays, Clock(limit=60.0), year.offset, 100, gap=0.5)
    search = GuidedSearch(structure, guide, known, _quick(workers=1), known.clock, phase)
    timer = threading.Timer(0.2, phase.stop)
    timer.start()
    search.run()
    timer.join()
    assert known.cost is None
    worker.ready = True
    search.go_on(Stopper(), None)
    assert known.good_enough()
    assert sum(task.perturbed is not None and task.extra is None for task in worker.asked) == 1


def test_years_settled_twice_where_many_places_are_open_end_in_a_valid_schedule() -> None:
    """As in the largest programs: everybody moves towards a relaxation near the settled years."""
    problem = tiny_problem()
    with mock.patch.object(guided, "MANY", -1), mock.patch.object(together, "WHOLE", 0):
        outcome = solve_guided(problem, _quick())
    assert outcome.schedule is not None
    report = audit(problem, outcome.schedule)
    assert not report.hard_violations
    assert report.cost == outcome.cost


def test_a_large_model_that_pieces_do_not_close_is_searched_whole() -> None:
    """As in the largest programs: any schedule of the whole, whatever it costs, and on from it."""
    problem = tiny_problem()
    nothing = Ended(Answer.UNKNOWN, False, 0.1)
    with (
        mock.patch.object(together, "WHOLE", 0.01),
        mock.patch.object(guided.Moves, "fit", return_value=nothing),
        mock.patch.object(guided.Moves, "close", return_value=nothing) as close,
        mock.patch.object(guided.Moves, "improve", return_value=nothing),
    ):
        outcome = solve_guided(problem, _quick(deterministic=True))
    close.assert_called()  # so places were open when every year was settled
    assert outcome.schedule is not None
    report = audit(problem, outcome.schedule)
    assert not report.hard_violations
    assert report.cost == outcome.cost


@pytest.mark.parametrize("search", ["guided", "small"])
def test_deterministic_runs_are_identical_in_two_processes(search: str) -> None:
    """Two processes print the same schedule, costs, bounds and steps."""
    command = [sys.executable, "-m", "tests.engine.tiny", search]
    runs = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    said = [run.communicate(timeout=240)[0] for run in runs]
    assert said[0] == said[1]
    assert len(said[0]) > 1000


@pytest.mark.parametrize("dies", [1, 9])
def test_search_survives_the_loss_of_its_relaxations(dies: int) -> None:
    """Where the process for relaxations dies after an answer, another one goes on; where that
    dies too, relaxations are solved here, and none after the time is over."""
    answered, processes, here = RelaxationWorker.poll, set(), []

    def poll_and_die(self: RelaxationWorker, seconds: float = 0.0) -> object:
        answer = answered(self, seconds)
        if answer is not None:
            processes.add(self._process.pid)
            if len(processes) <= dies:
                self._process.kill()
                self._process.join()
        return answer

    def run_here(self: Relaxing, task: Task) -> Relaxation:
        here.append(task.seconds)
        return solved(self, task)

    problem, solved = tiny_problem(), Relaxing.run
    with (
        mock.patch.object(RelaxationWorker, "poll", poll_and_die),
        mock.patch.object(Relaxing, "run", run_here),
    ):
        outcome = solve_guided(problem, _quick(time_limit=8.0))
    assert outcome.status in (Status.FEASIBLE, Status.OPTIMAL)
    assert outcome.bound is not None
    assert outcome.schedule is not None
    assert not audit(problem, outcome.schedule).hard_violations
    assert len(processes) == 2
    assert bool(here) == (dies > 1)
    assert all(seconds is not None and seconds <= 8.0 for seconds in here)


def test_the_bound_is_told_more_and_more_tightly_and_again_where_it_is_asked_for_again() -> None:
    """A second search by the same guide gets what the first one ended with."""
    year = YearModel(tiny_problem())
    arrays = year.linear.arrays()
    guide = Guide(arrays, decisions(year).guided, 1, None)
    bounds, tight = [], []
    for _ in range(len(TIGHTER) + 1):
        guide.ask_plain()
        given = guide.answer()
        assert given is not None
        assert given.kind == Kind.PLAIN
        bounds.append(given.relaxation.bound)
        tight.append(guide.tight)
    assert tight == [False] * (len(TIGHTER) - 1) + [True, True]
    assert bounds[0] < bounds[-2]
    assert bounds[-1] >= bounds[-2] - 0.01


def test_no_step_of_the_bound_takes_longer_than_guides_can_wait() -> None:
    """Not even the tightest, where that would take very many iterations; its bound holds."""
    year = YearModel(tiny_problem())
    arrays = year.linear.arrays()
    longest = 100 * WORK_PER_ENTRY * arrays.matrix.nnz
    with mock.patch("scheduler.engine.guide.LONGEST", longest):
        short = Guide(arrays, decisions(year).guided, 1, None)
    whole = Guide(arrays, decisions(year).guided, 1, None)
    whole.ask_plain()
    assert _answer(whole).work > longest
    for _ in TIGHTER:
        short.ask_plain()
        whole.ask_plain()
        step, as_tight_as_asked = _answer(short), _answer(whole)
        assert 0.0 < step.work <= longest
        assert step.bound < as_tight_as_asked.bound


def test_a_lying_infeasible_is_said_as_such_and_never_as_a_schedule() -> None:
    """A solver that calls a feasible year INFEASIBLE leaves no schedule, only that word, which
    the relaxed search then contradicts."""
    with mock.patch(
        "scheduler.engine.moves.search", return_value=Found(Answer.INFEASIBLE, None, 0, 0.0)
    ):
        outcome = solve_guided(tiny_problem(), _quick(time_limit=8.0))
    assert outcome.schedule is None
    assert outcome.status == Status.INFEASIBLE


def test_a_fault_in_a_search_thread_is_raised_and_not_called_a_missing_schedule() -> None:
    """An exception in one of its threads ends the search as the bug it is."""
    with (
        mock.patch("scheduler.engine.moves.search", side_effect=ZeroDivisionError("planted")),
        pytest.raises(ZeroDivisionError, match="planted"),
    ):
        solve_guided(tiny_problem(), _quick(time_limit=8.0))


def test_a_fault_beside_the_search_of_a_small_model_is_raised_too() -> None:
    """An exception where bounds are lifted is no bound that silently never comes."""
    with (
        mock.patch("scheduler.engine.small.YearBounds", side_effect=ZeroDivisionError("planted")),
        pytest.raises(ZeroDivisionError, match="planted"),
    ):
        engine.solve(tiny_problem(), _quick(time_limit=20.0, gap=0.0))


def test_a_lie_about_single_years_is_no_bound_once_a_schedule_is_cheaper() -> None:
    """CP-SAT calling every year far too dear leaves the relaxation's own bound."""
    lie = Found(Answer.OPTIMAL, None, 0, 20_000.0)
    with mock.patch("scheduler.engine.years.Repriced.cheapest", return_value=lie) as asked:
        outcome = solve_guided(tiny_problem(), _quick(time_limit=14.0, gap=0.0))
    assert asked.called
    assert outcome.cost is not None
    assert outcome.bound is not None
    assert outcome.bound <= outcome.cost


@pytest.mark.parametrize("beside", (False, True))
def test_only_the_bound_is_that_of_the_sharper_model(beside: bool) -> None:
    """Here or in a process of its own: two ways of which one fits are more than one only there,
    and what guides is as large as the model."""
    arrays = Arrays(
        cost=np.array([-4.0, -4.0]),
        lower=np.zeros(2),
        upper=np.ones(2),
        matrix=csr_matrix(np.array([[2.0, 2.0]])),
        row_lower=np.array([-np.inf]),
        row_upper=np.array([3.0]),
    )
    extension = Extension()
    extension.row(Sum({0: 1, 1: 1}).add(extension.column(), -1), upper=0)
    worker = RelaxationWorker() if beside else None
    guide = Guide(arrays, np.arange(2), 1, worker, extension.onto(arrays))
    guide.ask_perturbed()
    assert _answer(guide).values.shape == (2,)
    for _ in TIGHTER:
        guide.ask_plain()
        bound = _answer(guide)
    assert bound.values.shape == (3,)
    assert bound.bound == pytest.approx(-4.0, abs=0.1)
    if worker is not None:
        worker.stop()


def _answer(guide: Guide) -> Relaxation:
    given = guide.answer(60.0)
    assert given is not None
    return given.relaxation


def test_a_relaxation_that_all_wait_for_has_all_threads() -> None:
    """In a process of its own; here and now it has one, so that two runs are the same."""
    worker = mock.Mock()
    arrays = YearModel(tiny_problem()).linear.arrays()
    guide = Guide(arrays, np.arange(2), 1, worker)
    guide.ask_perturbed(3)
    assert worker.start.call_args.args[0].threads == 3
    guide.ask_near(np.zeros(arrays.columns), 0.5)
    assert worker.start.call_args.args[0].threads == 1
    with mock.patch("scheduler.engine.workers.solve_relaxation") as solved:
        Guide(arrays, np.arange(2), 1, None).ask_perturbed(3)
    assert solved.call_args.kwargs["threads"] == 1


@pytest.mark.parametrize(
    ("slow", "alone", "asked"),
    [
        (True, True, False),
        (True, False, True),
        (False, True, True),
        (False, "whole", False),
    ],
)
def test_no_slow_relaxation_is_asked_for_beside_a_closing(
    slow: bool, alone: bool | str, asked: bool
) -> None:
    """Quick ones guide what comes after it; beside a search of the whole none does."""
    guide, clock = mock.Mock(), mock.Mock(limit=100.0)
    clock.now.return_value = 0.0
    structure = mock.Mock()
    structure.arrays.cost = np.ones(1)
    search = GuidedSearch(structure, guide, mock.Mock(), _quick(), clock, mock.Mock())
    work = SLOW + 1.0 if slow else SLOW
    answer = Relaxation(np.zeros(1), np.zeros(1), np.zeros(1), 0.0, work)
    guide.answer.return_value = Guidance(Kind.PERTURBED, answer)
    with (
        mock.patch.object(search, "_over", return_value=False),
        mock.patch.object(search, "_start") as start,
        mock.patch.object(search, "_on"),
    ):
        search.run()
    guide.ask_perturbed.assert_called_once_with(_quick().workers)
    start.assert_called_once_with(answer.values)
    everybody = mock.Mock(closing_alone=alone, searching_whole=alone == "whole")
    search._steering.stand_on(mock.Mock(valid=False), everybody)
    assert search._steering.ask() is asked
    assert guide.ask_near.called is asked


def test_what_follows_from_all_decisions_is_proven_by_one_thread() -> None:
    """However many were closing what was open."""
    standing = mock.Mock(valid=True)
    columns = np.arange(1)
    with (
        mock.patch("scheduler.engine.moves.holding"),
        mock.patch.object(Moves, "_as_it_stands"),
        mock.patch("scheduler.engine.moves.search") as searched,
    ):
        standing.piece.return_value = mock.Mock(columns=columns, current=np.zeros(1))
        standing.structure.is_guided = np.ones(1, dtype=bool)
        standing.structure.arrays.upper = np.ones(1)
        searched.return_value = mock.Mock(values=None, work=0.5)
        assert (
            Moves(standing, 1.0, Stopper()).follow(
                columns, Limits(seconds=5.0, workers=3), time.monotonic()
            )
            == 0.5
        )
    assert searched.call_args.args[1].workers == 1


def test_a_year_is_impossible_only_where_all_of_it_was_tried() -> None:
    """Within the support there may be none, and the search may be told to stop just then."""
    standing, stopper = mock.Mock(), mock.Mock(stopped=True)
    moves = Moves(standing, 1.0, stopper)
    nothing = Found(Answer.INFEASIBLE, None, 0, float("inf"), 0.1)
    standing.structure.arrays.cost = standing.structure.arrays.upper = np.ones(1)
    standing.structure.arrays.columns, standing.structure.columns_of = 1, {0: np.arange(1)}
    standing.piece.return_value = mock.Mock(columns=np.arange(1))
    with (
        mock.patch.object(Moves, "_farness", return_value=np.zeros(1)),
        mock.patch.object(Moves, "_priced"),
        mock.patch("scheduler.engine.moves.unrestricted"),
        mock.patch("scheduler.engine.moves.search", return_value=nothing),
        mock.patch.object(Moves, "_on_its_own", return_value=nothing),
    ):
        limits = Limits(seconds=30.0, workers=1)
        stopped = moves.settle(0, np.zeros(1), np.ones(1), limits)
        stopper.stopped = False
        tried = moves.settle(0, np.zeros(1), np.ones(1), limits)
    assert stopped.answer == Answer.UNKNOWN
    assert tried.answer == Answer.INFEASIBLE


def test_settling_one_year_takes_no_longer_than_it_may() -> None:
    """However many attempts, and where only work counts no more than is left of that."""
    with mock.patch("scheduler.engine.moves.time.monotonic", return_value=29.0):
        assert _scaled(Limits(seconds=30.0), 30.0, began=0.0).seconds == 1.0
        assert _scaled(Limits(seconds=10.0), 30.0, began=0.0).seconds == 0.05
        assert _scaled(Limits(seconds=10.0), 30.0, began=0.0, least=3.0).seconds == 3.0
    assert _scaled(Limits(work=0.5), 30.0, began=0.0).work == 0.5


def test_a_mixture_of_years_that_leaves_no_place_open_is_no_schedule() -> None:
    """The search goes on looking for a first one."""
    structure, others = mock.Mock(), (mock.Mock(), mock.Mock())
    structure.arrays.cost = np.ones(1)
    search = GuidedSearch(structure, *others, _quick(), mock.Mock(), mock.Mock())
    search._standing = mock.Mock(valid=False)
    search._standing.missed.return_value = 0
    with mock.patch.object(guided, "satisfies", return_value=False):
        search._offer()
    assert not search._standing.valid
    assert not search._best.offer.called  # type: ignore[attr-defined]


def test_deterministic_search_of_a_small_program_goes_through_all_phases() -> None:
    """The first schedule is not all that it uses its work for."""
    said: list[str] = []
    settings = Settings(time_limit=20.0, gap=0.0, workers=1, deterministic=True)
    with mock.patch.object(small, "FIRST_COLUMNS", 0):
        engine.solve(tiny_problem(), settings, listener=lambda step: said.append(step.doing))
    assert "looking at everybody's whole years" in said
    assert "combining whole years" in said
