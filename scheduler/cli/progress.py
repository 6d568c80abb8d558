"""Progress of a solve on stderr: a live line in a terminal, aligned lines in a log file."""

from __future__ import annotations

import sys
import threading
from typing import TextIO

from scheduler.engine.outcome import Step, gap_of

_HEADING = f"{'seconds':>8}  {'cost':>8}  {'bound':>8}  {'gap':>8}  doing"


class Progress:
    """Shows steps as they come; safe to call from several threads."""

    def __init__(self, at_stake: int = 0, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._live = self._stream.isatty()
        self._lock = threading.Lock()
        self._headed = False
        self._last_second = -1.0
        self.at_stake = at_stake

    def __call__(self, step: Step) -> None:
        with self._lock:
            if not self._headed:
                print(_HEADING, file=self._stream)
                self._headed = True
            line = step_line(step, self.at_stake)
            if self._live:
                self._stream.write(f"\r\x1b[K{line}")
                self._stream.flush()
            elif step.seconds - self._last_second >= 1.0 or step.doing:
                print(line, file=self._stream, flush=True)
                self._last_second = step.seconds

    def close(self) -> None:
        """End the live line."""
        if self._live and self._headed:
            print(file=self._stream)


def step_line(step: Step, at_stake: int) -> str:
    """One aligned line of progress."""
    gap = gap_of(step.cost, step.bound, at_stake)
    shown = "-" if gap is None else f"{gap:.2%}"
    cost = "-" if step.cost is None else str(step.cost)
    bound = "-" if step.bound is None else str(step.bound)
    return f"{step.seconds:8.1f}  {cost:>8}  {bound:>8}  {shown:>8}  {step.doing}"
