"""The engine's search as a verb runs it: told while it runs, and stopped by an interrupt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.cli.session import run_stoppable

if TYPE_CHECKING:
    from scheduler.engine.outcome import Clock, Outcome
    from scheduler.engine.settings import Settings
    from scheduler.problem.problem import Problem
    from scheduler.schedule.schedule import Schedule


def search(
    problem: Problem,
    settings: Settings,
    clock: Clock,
    start: Schedule | None = None,
    relaxed: bool = False,
) -> Outcome:
    """Search, from ``start`` where there is one, with progress told on stderr; ``relaxed`` as the
    engine has it.  An interrupt ends it with the best so far, a second one raises
    KeyboardInterrupt; a fault without any schedule is raised."""
    from scheduler.cli.progress import Progress
    from scheduler.engine.searches import Stopper
    from scheduler.engine.solve import solve
    from scheduler.engine.stake import at_stake

    stopper = Stopper()
    with Progress(0 if relaxed else at_stake(problem), relaxed=relaxed) as progress:
        return run_stoppable(
            lambda: solve(problem, settings, clock, progress, stopper, relaxed, start=start),
            stopper,
        )
