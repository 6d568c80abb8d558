"""What every verb shares: loading a program, and running the engine so that it can be stopped."""

from __future__ import annotations

import os
import shlex
import subprocess
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from scheduler.cli.exits import remember_inputs
from scheduler.cli.interrupts import interrupts

if TYPE_CHECKING:
    from scheduler.engine.searches import Stopper
    from scheduler.input.loaded import Loaded
    from scheduler.workbook.earlier import Started

T = TypeVar("T")

_WORKBOOKS, _YAML = (".xlsx", ".xlsm"), (".yaml", ".yml")

#: The argument PROGRAM of every verb that takes one.
program_argument = click.argument("program", type=click.Path(path_type=Path))


def load(program: Path) -> Loaded:
    """Read a program; raises BadInput with every fault. Warnings go to stderr."""
    from scheduler.input.faults import BadInput, Fault
    from scheduler.input.load import load_program

    if program.is_file() and _is_workbook(program):
        todo = "give the program, a folder or its program.yaml"
        raise BadInput([Fault(program.name, None, None, "is a workbook, not a program", todo)])
    loaded = load_program(program)
    remember_inputs(loaded.problem.sources.values())
    for line in loaded.warnings:
        click.echo(f"note: {line}", err=True)
    return loaded


def stop_if_swapped(verb: str, program: Path, schedule: Path) -> None:
    """Raises BadInput with what to type where PROGRAM and SCHEDULE are each the other one."""
    from scheduler.input.faults import BadInput, Fault

    if _is_workbook(program) and (schedule.is_dir() or schedule.suffix.lower() in _YAML):
        what = f"is a workbook, and {schedule} is a program: the two are swapped"
        words = typed(("scheduler", verb, str(schedule), str(program)))
        raise BadInput([Fault(program.name, None, None, what, f"type: {words}")])


def typed(words: Sequence[str], windows: bool = os.name == "nt") -> str:
    """``words`` as one types them: in quotes where the shell would take one apart."""
    return subprocess.list2cmdline(words) if windows else shlex.join(words)


def _is_workbook(path: Path) -> bool:
    return path.suffix.lower() in _WORKBOOKS


def start(loaded: Loaded, path: Path | None, fill: bool) -> Started | None:
    """What the workbook at ``path`` adds to a program, if one is given; notes go to stderr.

    Raises BadInput with everything in it that cannot be understood.
    """
    from scheduler.rules.keep import idle_rules

    if path is None:
        for line in idle_rules(loaded.problem):
            click.echo(f"note: {line}", err=True)
        return None
    from scheduler.workbook.earlier import read_start  # with what reads workbooks

    started = read_start(path, loaded.problem, fill)
    remember_inputs(started.problem.sources.values())
    for line in started.notes:
        click.echo(f"note: {line}", err=True)
    return started


def run_stoppable(work: Callable[[], T], stopper: Stopper) -> T:
    """Run ``work`` beside the main thread, so that an interrupt asks it to stop and is heard.

    A second interrupt, a second or more later, raises KeyboardInterrupt here and now.
    """
    answer: list[T] = []
    failure: list[BaseException] = []
    ended = threading.Event()

    def target() -> None:
        try:
            answer.append(work())
        except BaseException as error:
            failure.append(error)
        finally:
            ended.set()

    with interrupts() as came:
        threading.Thread(target=target, daemon=True).start()
        # Not Thread.join: once interrupted, it takes a running thread for one that has ended.
        while not ended.wait(0.1):
            if came and not stopper.stopped:
                stopper.stop()
                click.echo("\nstopping; the best schedule so far is kept", err=True)
    if failure:
        raise failure[0]
    return answer[0]
