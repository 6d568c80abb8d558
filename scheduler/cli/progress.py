"""Progress of a solve on stderr: a live line in a terminal, aligned lines in a log file."""

from __future__ import annotations

import sys
import threading
from types import TracebackType
from typing import Protocol, TextIO

from scheduler.engine.outcome import Step, gap_of

#: What is counted: what wishes cost, or by how much hard rules are missed.
_COST, _MISSED = "cost", "missed"
#: Lines of a log are at least this many seconds apart, and at least this share of all seconds
#: so far, so that a long search fills no screens.
_APART, _APART_SHARE = 1.0, 0.04


class _Shown(Protocol):
    """Where progress is shown."""

    def show(self, step: Step, at_stake: int) -> None: ...

    def close(self) -> None: ...


class Progress:
    """Shows steps as they come, until the end of its ``with`` block; any thread may tell.

    In a ``relaxed`` search hard rules may be missed, and that is what costs.
    """

    def __init__(
        self, at_stake: int = 0, stream: TextIO | None = None, relaxed: bool = False
    ) -> None:
        self.at_stake = at_stake
        self._lock = threading.Lock()
        self._shown = _place(stream or sys.stderr, _MISSED if relaxed else _COST)

    def __call__(self, step: Step) -> None:
        with self._lock:
            self._shown.show(step, self.at_stake)

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._lock:
            self._shown.close()


def _place(stream: TextIO, counted: str) -> _Shown:
    """A live line where ``stream`` can be drawn over; only then is the terminal library loaded."""
    if stream.isatty():
        from scheduler.cli.live_line import LiveLine, terminal

        console = terminal(stream)
        if console is not None:
            return LiveLine(console, counted)
    return LogLines(stream, counted)


class LogLines:
    """One line for a change; what comes too soon after the last line waits, and is then told."""

    def __init__(self, stream: TextIO, counted: str = _COST) -> None:
        self._stream = stream
        self._heading = f"{'seconds':>8}  {counted:>8}  {'bound':>8}  {'gap':>8}  doing"
        self._lock = threading.Lock()
        self._told: Step | None = None
        self._kept: tuple[Step, int] | None = None
        self._timer: threading.Timer | None = None

    def show(self, step: Step, at_stake: int) -> None:
        """Print ``step`` now or soon, unless it is overtaken by a later one."""
        with self._lock:
            self._kept = (step, at_stake)
            wait = self._wait(step)
            if wait <= 0:
                self._print()
            elif self._timer is None:
                self._timer = threading.Timer(wait, self.close)
                self._timer.daemon = True
                self._timer.start()

    def close(self) -> None:
        """Print what is still kept."""
        with self._lock:
            self._print()

    def _print(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._kept is None:
            return
        if self._told is None:
            print(self._heading, file=self._stream)
        (step, at_stake), self._kept = self._kept, None
        if self._told is None or _numbers(step) != _numbers(self._told):
            print(step_line(step, at_stake), file=self._stream, flush=True)
            self._told = step

    def _wait(self, step: Step) -> float:
        """Seconds until ``step`` may be printed; a first schedule never waits."""
        told = self._told
        if told is None or (told.cost is None and step.cost is not None):
            return 0.0
        return told.seconds + max(_APART, _APART_SHARE * step.seconds) - step.seconds


def _numbers(step: Step) -> tuple[int | None, int | None, str]:
    return step.cost, step.bound, step.doing


def step_line(step: Step, at_stake: int) -> str:
    """One aligned line of progress."""
    gap = gap_of(step.cost, step.bound, at_stake)
    shown = "-" if gap is None else f"{gap:.2%}"
    cost = "-" if step.cost is None else str(step.cost)
    bound = "-" if step.bound is None else str(step.bound)
    return f"{step.seconds:8.1f}  {cost:>8}  {bound:>8}  {shown:>8}  {step.doing}"
