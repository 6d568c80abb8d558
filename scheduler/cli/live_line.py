"""The live line of a solve in a terminal; the seconds run on while the engine is silent."""

from __future__ import annotations

import time
from typing import TextIO

from rich.console import Console
from rich.live import Live
from rich.text import Text

from scheduler.cli.trend import Trend
from scheduler.engine.outcome import Step, gap_of

#: Characters of the trend: enough to see a bend, and 80 columns hold the words beside it.
TREND = 8
_REFRESHES_PER_SECOND = 5


def terminal(stream: TextIO) -> Console | None:
    """The terminal behind ``stream``; None where a line cannot be drawn over (a file, a pipe)."""
    # Rich takes FORCE_COLOR for a terminal; a log file must not fill with control characters.
    if not stream.isatty():
        return None
    console = Console(file=stream, highlight=False)
    return console if console.is_interactive else None


class LiveLine:
    """One line, drawn over five times a second until ``close``."""

    def __init__(self, console: Console, counted: str = "cost") -> None:
        self._counted = counted
        self._plain = console.options.ascii_only
        self._trend = Trend()
        self._step: Step | None = None
        self._gap: float | None = None
        self._heard = 0.0
        self._live = Live(
            console=console,
            get_renderable=self.text,
            refresh_per_second=_REFRESHES_PER_SECOND,
            redirect_stdout=False,
        )

    def show(self, step: Step, at_stake: int) -> None:
        """Take over the latest step."""
        gap = gap_of(step.cost, step.bound, at_stake)
        if gap is not None and gap != self._gap:
            self._trend.add(step.seconds, gap)
        self._step, self._gap, self._heard = step, gap, time.monotonic()
        if not self._live.is_started:
            self._live.start()

    def close(self) -> None:
        """Leave the last numbers standing; what was tried is over."""
        if self._step is not None:
            self._step = Step(self._now(self._step), self._step.cost, self._step.bound)
            self._heard = time.monotonic()
        self._live.stop()

    def text(self) -> Text:
        """The line as it is now."""
        step = self._step
        if step is None:
            return Text()
        line = Text(f"{self._now(step):6.1f} s", no_wrap=True, overflow="ellipsis")
        for name, value, width in (
            (self._counted, _shown(step.cost), 5),
            ("bound", _shown(step.bound), 5),
            ("gap", "-" if self._gap is None else f"{self._gap:.2%}", 6),
        ):
            line.append(f"  {name} ", "dim").append(f"{value:>{width}}", "bold")
        if not self._plain:
            line.append(f"  {self._trend.drawn(self._now(step), TREND)}", "cyan")
        return line.append(f"  {step.doing}")

    def _now(self, step: Step) -> float:
        """Seconds since the command's start: those of ``step``, and what has gone by since."""
        return step.seconds + time.monotonic() - self._heard


def _shown(value: int | None) -> str:
    return "-" if value is None else str(value)
