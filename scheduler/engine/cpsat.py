"""CP-SAT on a linear model, whole or restricted to narrower column bounds.

It knows arrays only: no residents, no rules.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from ortools.sat.python import cp_model, cp_model_helper

from scheduler.engine.restrict import Restricted, whatever_the_costs
from scheduler.model.linear import Arrays, Integers

#: Gets every better (cost, whole values) of a search, and returns True to stop it.
Report = Callable[[int, Integers], bool]
#: What an unbounded side of a row becomes; CP-SAT works in 64-bit integers.
_INFINITE = 1 << 50


class Answer(StrEnum):
    """How a search ended."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Found:
    """The end of one search: full column values (None without a solution) and its cost.

    ``work`` is CP-SAT's deterministic time.
    """

    answer: Answer
    values: Integers | None
    cost: int
    bound: float
    work: float = 0.0


@dataclass(frozen=True)
class Limits:
    """What a search may use; ``work`` is CP-SAT's deterministic time.

    ``extra`` are parameters of CP-SAT by name; of its subsolvers for the whole problem there are
    ``only`` these (empty: its own choice), and of all others none ``without``.
    """

    seconds: float | None = None
    work: float | None = None
    workers: int = 2
    seed: int = 0
    extra: dict[str, Any] = field(default_factory=dict)
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


@cache
def _column(lower: int, upper: int) -> cp_model_helper.IntegerVariableProto:
    """A column of CP-SAT's; most have the same few bounds."""
    column = cp_model_helper.IntegerVariableProto()
    column.domain.extend([lower, upper])
    return column


def _proto(part: Restricted, hint: Integers | None) -> cp_model.CpModel:
    """The model for CP-SAT.  (Measured: columns copied in one call take it a third of the time
    that adding each takes; rows by way of text are no faster than one by one.)"""
    model = cp_model.CpModel()
    proto = model.proto
    bounds = zip(part.lower.tolist(), part.upper.tolist(), strict=True)
    proto.variables.extend([_column(low, high) for low, high in bounds])
    pointers = part.matrix.indptr.tolist()
    columns = part.matrix.indices.tolist()
    coefficients = np.rint(part.matrix.data).astype(np.int64).tolist()
    row_lower = np.clip(np.ceil(part.row_lower - 1e-6), -_INFINITE, _INFINITE).astype(np.int64)
    row_upper = np.clip(np.floor(part.row_upper + 1e-6), -_INFINITE, _INFINITE).astype(np.int64)
    spans = zip(pairwise(pointers), row_lower.tolist(), row_upper.tolist(), strict=True)
    add = proto.constraints.add
    for (start, stop), low, high in spans:
        linear = add().linear
        linear.vars.extend(columns[start:stop])
        linear.coeffs.extend(coefficients[start:stop])
        linear.domain.extend([low, high])
    _set_costs(model, part.cost)
    if hint is not None:
        proto.solution_hint.vars.extend(range(len(part.free)))
        proto.solution_hint.values.extend(hint[part.free].tolist())
    return model


def _set_costs(model: cp_model.CpModel, cost: Integers) -> None:
    model.proto.clear_objective()
    priced = np.flatnonzero(cost)
    model.proto.objective.vars.extend(priced.tolist())
    model.proto.objective.coeffs.extend(cost[priced].tolist())


def _whole_numbers(listed: Sequence[int]) -> Integers:
    """The numbers of a solution.  Its text is read eight times as fast as number by number, of
    which each is a call."""
    found = np.fromstring(str(listed)[1:-1], dtype=np.int64, sep=",")
    return found if len(found) == len(listed) else np.array(listed, dtype=np.int64)


class _Watcher(cp_model.CpSolverSolutionCallback):  # type: ignore[misc]  # untyped base
    """Hands every better solution on, and stops the search when told to."""

    def __init__(self, part: Restricted, report: Report) -> None:
        super().__init__()
        self._part = part
        self._report = report

    def on_solution_callback(self) -> None:
        values = self._part.whole(_whole_numbers(self.response_proto.solution))
        if self._report(round(self.objective_value) + self._part.offset, values):
            self.stop_search()


def _bound_watcher(
    solver: cp_model.CpSolver, offset: int, report: Callable[[float], bool]
) -> Callable[[float], None]:
    def watch(bound: float) -> None:
        if report(bound + offset):
            solver.stop_search()

    return watch


class Stopper:
    """Lets another thread stop every running search, and those that would start later."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._solvers: set[cp_model.CpSolver] = set()
        self._stopped = threading.Event()

    @property
    def stopped(self) -> bool:
        return self._stopped.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait until stopped, at most ``seconds``; whether it is."""
        return self._stopped.wait(seconds)

    def stop(self) -> None:
        """Stop all searches."""
        with self._lock:
            self._stopped.set()
            for solver in self._solvers:
                solver.stop_search()

    def attach(self, solver: cp_model.CpSolver) -> bool:
        """Take charge of ``solver``; False if stopping was already asked."""
        with self._lock:
            if self._stopped.is_set():
                return False
            self._solvers.add(solver)
            return True

    def release(self, solver: cp_model.CpSolver) -> None:
        """Forget a solver that has ended."""
        with self._lock:
            self._solvers.discard(solver)


def _solver(limits: Limits) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    if limits.seconds is not None:
        parameters.max_time_in_seconds = max(0.01, limits.seconds)
    if limits.work is not None:
        parameters.max_deterministic_time = limits.work
    parameters.num_workers = limits.workers
    parameters.random_seed = limits.seed
    # Measured: without these two the first schedule comes in half the time (DESIGN 5).
    parameters.cp_model_probing_level = 0
    parameters.symmetry_level = 0
    # An interrupt is for Python to hear: it stops all searches and writes the best so far.
    parameters.catch_sigint_signal = False
    for name, value in limits.extra.items():
        setattr(parameters, name, value)
    parameters.subsolvers.extend(limits.only)
    parameters.ignore_subsolvers.extend(limits.without)
    return solver


_ANSWERS = {
    cp_model.OPTIMAL: Answer.OPTIMAL,
    cp_model.FEASIBLE: Answer.FEASIBLE,
    cp_model.INFEASIBLE: Answer.INFEASIBLE,
}


def ignore(cost: int, values: Integers) -> bool:  # noqa: ARG001
    """A report nobody reads."""
    return False


def search(
    part: Restricted,
    limits: Limits,
    report: Report = ignore,
    hint: Integers | None = None,
    stopper: Stopper | None = None,
    bound_report: Callable[[float], bool] | None = None,
) -> Found:
    """Minimise the restricted model; ``report`` gets every better (cost, whole values).

    ``report`` and ``bound_report`` return True to stop.  ``hint`` is whole column
    values to start from.  A bound is valid for the restricted model only.
    """
    if part.impossible:
        return Found(Answer.INFEASIBLE, None, 0, float("inf"))
    return _run(_proto(part, hint), part, limits, report, stopper, bound_report)


class Repriced:
    """A model that is solved again and again at other costs; not for several threads at once."""

    def __init__(self, arrays: Arrays) -> None:
        self._part = whatever_the_costs(arrays)
        self._model = _proto(self._part, None)

    def cheapest(
        self,
        cost: Integers,
        limits: Limits,
        stopper: Stopper,
        below: int | None = None,
        report: Report = ignore,
    ) -> Found:
        """Minimise ``cost`` over the model; with ``below`` only what is cheaper counts, and
        infeasible means that nothing is."""
        if self._part.impossible:
            return Found(Answer.INFEASIBLE, None, 0, float("inf"))
        offset = int(cost @ self._part.start)
        part = replace(self._part, cost=cost[self._part.free], offset=offset)
        _set_costs(self._model, part.cost)
        if below is not None:
            domain = [-_INFINITE, below - 1 - offset]
            self._model.proto.objective.domain.extend(domain)
        return _run(self._model, part, limits, report, stopper)


def _run(
    model: cp_model.CpModel,
    part: Restricted,
    limits: Limits,
    report: Report,
    stopper: Stopper | None = None,
    bound_report: Callable[[float], bool] | None = None,
) -> Found:
    solver = _solver(limits)
    if stopper is not None and not stopper.attach(solver):
        return Found(Answer.UNKNOWN, None, 0, float("-inf"))
    if bound_report is not None:
        solver.best_bound_callback = _bound_watcher(solver, part.offset, bound_report)
    try:
        status = solver.solve(model, _Watcher(part, report))
    finally:
        if stopper is not None:
            stopper.release(solver)
    answer = _ANSWERS.get(status, Answer.UNKNOWN)
    work = solver.response_proto.deterministic_time
    if answer not in (Answer.OPTIMAL, Answer.FEASIBLE):
        # A search that ends before it has begun leaves a bound of 0, whatever the costs' signs.
        bound = float("inf" if answer == Answer.INFEASIBLE else "-inf")
        return Found(answer, None, 0, bound, work)
    values = part.whole(_whole_numbers(solver.response_proto.solution))
    bound = solver.best_objective_bound + part.offset
    return Found(answer, values, round(solver.objective_value) + part.offset, bound, work)
