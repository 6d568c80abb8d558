"""One solve in a process of its own; what it finds is written line by line as it is found.

python -m tests.benchmarks.one METHOD FOLDER FILE SECONDS WORKERS SEED
"""

from __future__ import annotations

import time

#: All seconds count from here, before anything heavy is loaded, as for the command line.
STARTED = time.monotonic()

import json  # noqa: E402
import sys  # noqa: E402
from collections.abc import Callable  # noqa: E402
from dataclasses import dataclass  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import IO, Any  # noqa: E402

from scheduler.audit.audit import audit  # noqa: E402
from scheduler.engine.outcome import Clock, Step  # noqa: E402
from scheduler.engine.settings import Settings  # noqa: E402
from scheduler.engine.solve import solve  # noqa: E402
from scheduler.input.load import load_program  # noqa: E402
from scheduler.model.decode import decode  # noqa: E402
from scheduler.problem.problem import Problem  # noqa: E402
from scheduler.schedule.schedule import Schedule  # noqa: E402
from tests.benchmarks import solvers  # noqa: E402
from tests.benchmarks.bound import bound_by_years  # noqa: E402
from tests.benchmarks.model import whole_model  # noqa: E402


@dataclass
class Lines:
    """The file of what was found so far, one JSON list or object a line."""

    file: IO[str]
    cost: int | None = None
    bound: int | None = None

    def found(self, cost: int | None, bound: int | None) -> None:
        """Note a better cost or bound, and when."""
        known = self.cost, self.bound
        if cost is not None and (self.cost is None or cost < self.cost):
            self.cost = cost
        if bound is not None and (self.bound is None or bound > self.bound):
            self.bound = bound
        if known != (self.cost, self.bound):
            self.write([now(), self.cost, self.bound])

    def write(self, what: object) -> None:
        self.file.write(json.dumps(what) + "\n")
        self.file.flush()


@dataclass(frozen=True)
class Asked:
    """What may be used; ``seconds`` from the start of the process."""

    seconds: float
    workers: int
    seed: int


Ended = tuple[dict[str, Any], Schedule | None]


def now() -> float:
    return round(time.monotonic() - STARTED, 2)


def engine(problem: Problem, asked: Asked, lines: Lines) -> Ended:
    """This project's own engine, by its public entrance."""

    def listener(step: Step) -> None:
        lines.found(step.cost, step.bound)

    settings = Settings(time_limit=asked.seconds, gap=0.0, seed=asked.seed, workers=asked.workers)
    outcome = solve(problem, settings, Clock(STARTED, asked.seconds), listener)
    facts = {"status": str(outcome.status), "columns": outcome.columns, "rows": outcome.rows}
    return facts | {"built": outcome.seconds.get("build")}, outcome.schedule


def years_alone(problem: Problem, asked: Asked, lines: Lines) -> Ended:
    """This project's bound, for which the engine has no time."""

    def listener(step: Step) -> None:
        lines.found(step.cost, step.bound)

    clock = Clock(STARTED, asked.seconds)
    year, best = bound_by_years(problem, clock, asked.workers, asked.seed, listener)
    rows, columns = best.arrays.matrix.shape
    schedule = None if best.values is None else decode(year, best.values.tolist())
    status = "unknown" if schedule is None else "feasible"
    return {"status": status, "columns": columns, "rows": rows}, schedule


def _whole_model(
    method: Callable[[Any, float, int, int, solvers.Tell], solvers.Solved],
) -> Callable[[Problem, Asked, Lines], Ended]:
    """A solver that gets the whole model at once, the same that the engine gets."""

    def run(problem: Problem, asked: Asked, lines: Lines) -> Ended:
        began = now()
        year, arrays = whole_model(problem)
        offset, built = year.offset, now()

        def tell(cost: int | None, bound: int | None) -> None:
            lines.found(
                None if cost is None else cost + offset, None if bound is None else bound + offset
            )

        found = method(arrays, asked.seconds - now(), asked.workers, asked.seed, tell)
        tell(found.cost, found.bound)
        rows, columns = arrays.matrix.shape
        facts = {"status": found.status, "columns": columns, "rows": rows}
        schedule = None if found.values is None else decode(year, found.values.tolist())
        return facts | {"built": round(built - began, 2)}, schedule

    return run


METHODS: dict[str, Callable[[Problem, Asked, Lines], Ended]] = {
    "engine": engine,
    "bound": years_alone,
    "cp-sat": _whole_model(solvers.cp_sat),
    "highs": _whole_model(solvers.highs),
}


def main(method: str, folder: str, file: str, seconds: str, workers: str, seed: str) -> None:
    """Load, solve, and have the answer audited; the last line tells how it ended."""
    with Path(file).open("w", encoding="utf-8") as stream:
        lines = Lines(stream)
        problem = load_program(folder).problem
        visitors = sum(resident.visitor for resident in problem.residents)
        lines.write(
            {
                "loaded": now(),
                "residents": len(problem.residents) - visitors,
                "visitors": visitors,
                "at_stake": sum(b.rule.stake(b.scope(problem)) for b in problem.rules),
            }
        )
        asked = Asked(float(seconds), int(workers), int(seed))
        facts, schedule = METHODS[method](problem, asked, lines)
        facts["ended"] = now()
        if schedule is not None:
            report = audit(problem, schedule)
            facts["audited"] = report.cost
            facts["hard_violations"] = len(report.hard_violations)
        lines.write(facts)


if __name__ == "__main__":
    main(*sys.argv[1:])
