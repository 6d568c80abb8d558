"""Relaxations solved in processes of their own, so that bound and search run side by side."""

from __future__ import annotations

import contextlib
import signal
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection

import numpy as np

from scheduler.engine.relaxation import Relaxation, solve_relaxation
from scheduler.model.linear import Arrays, Floats, Integers

#: A process that dies twice (no memory, no way to start one) would die again.
MOST_PROCESSES = 2


@dataclass(frozen=True)
class Task:
    """One relaxation to solve.

    With ``perturbed`` columns, each gets a random bonus in [0, ``bonus``) by
    ``seed``, which singles out one of the many schedules that tie (DESIGN 5);
    ``extra`` is a further cost on every column (None for none).  With ``go_on``
    it begins where the last such task ended; one of the model's own cost where
    the last of these ended.
    """

    seed: int = 0
    bonus: float = 0.0
    perturbed: Integers | None = None
    extra: Floats | None = None
    go_on: bool = False
    tolerance: float = 1e-4
    seconds: float | None = None
    iterations: int | None = None
    threads: int = 1


def task_cost(arrays: Arrays, task: Task) -> Floats | None:
    """The objective of ``task``; None for the model's own."""
    if task.perturbed is None and task.extra is None:
        return None
    cost = arrays.cost.copy() if task.extra is None else arrays.cost + task.extra
    if task.perturbed is not None:
        random = np.random.default_rng(task.seed)
        cost[task.perturbed] -= task.bonus * random.random(len(task.perturbed))
    return cost


class Relaxing:
    """Solves tasks about one model here and now, and remembers where the last one ended.

    Tasks of the model's own cost are about ``sharper``, which has more columns and rows.
    """

    def __init__(self, arrays: Arrays, sharper: Arrays) -> None:
        self._arrays = arrays
        self._sharper = sharper
        self._last: dict[bool, Relaxation] = {}

    def run(self, task: Task) -> Relaxation:
        """Solve ``task``."""
        cost = task_cost(self._arrays, task)
        plain = cost is None  # its optimum is a blur, no place to begin another's from
        found = solve_relaxation(
            self._sharper if plain else self._arrays,
            cost,
            tolerance=task.tolerance,
            seconds=task.seconds,
            iterations=task.iterations,
            start=self._last.get(plain) if task.go_on else None,
            threads=task.threads,
        )
        self._last[plain] = found
        return found


def _serve(pipe: Connection) -> None:
    """The loop of a worker process: take the model, then tasks; an interrupt is the parent's."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from ortools.pdlp.python import pdlp  # noqa: F401 - loaded while the model is being built

    try:
        relaxing = Relaxing(*pipe.recv())
        while True:
            pipe.send(relaxing.run(pipe.recv()))
    except (EOFError, BrokenPipeError):
        return


class RelaxationWorker:
    """A process that solves one relaxation at a time.

    It is started before there is a model (``load`` brings it), so that what it
    needs is loaded meanwhile.
    """

    def __init__(self) -> None:
        self._begun = 0
        self._begin()

    def _begin(self) -> None:
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs,), daemon=True)
        process.start()
        self._pipe, self._process = ours, process
        theirs.close()
        self.busy = False
        self._begun += 1

    def begin_again(self) -> bool:
        """Another process for one that died, to be loaded anew; False if another died already, or
        none can be started."""
        if self._begun >= MOST_PROCESSES:
            return False
        self.stop()
        try:
            self._begin()
        except OSError:  # no memory for one
            return False
        return True

    def load(self, arrays: Arrays, sharper: Arrays) -> None:
        """Give it the model that all tasks are about, and what its bound is taken from."""
        self._send((arrays, sharper))

    def start(self, task: Task) -> None:
        """Begin ``task``; ``poll`` or ``wait`` gives its answer."""
        self._send(task)
        self.busy = True

    def _send(self, content: tuple[Arrays, Arrays] | Task) -> None:
        """Send; a process that died shows as an answer that never comes."""
        with contextlib.suppress(BrokenPipeError):
            self._pipe.send(content)

    def poll(self, seconds: float = 0.0) -> Relaxation | None:
        """The answer if it comes within ``seconds``; None also when the process died."""
        try:
            if not self.busy or not self._pipe.poll(seconds):
                return None
            answer = self._pipe.recv()
        except (EOFError, ConnectionError):
            answer = None
        self.busy = False
        found: Relaxation | None = answer
        return found

    def stop(self) -> None:
        """End the process at once."""
        self._process.kill()
        self._process.join()
        self._pipe.close()
