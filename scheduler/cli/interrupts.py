"""Interrupts (Ctrl-C) as a search that can be stopped hears them."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

#: Seconds within which an interrupt is the same as the first: programs such as ``timeout`` send it
#: to a command and to its whole group, and people press twice.
SAME = 1.0


@contextmanager
def interrupts() -> Iterator[list[float]]:
    """The times (monotonic seconds) of the interrupts that come meanwhile.

    One that is not the same as the first raises KeyboardInterrupt.  Where interrupts are ignored,
    they stay so: a shell that runs the command in the background asks for that.
    """
    came: list[float] = []

    def heard(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        came.append(time.monotonic())
        if came[-1] - came[0] > SAME:
            raise KeyboardInterrupt

    before = signal.getsignal(signal.SIGINT)
    if before is not signal.default_int_handler or (
        threading.current_thread() is not threading.main_thread()
    ):
        yield came  # somebody else hears them, or nobody
        return
    signal.signal(signal.SIGINT, heard)
    try:
        yield came
    finally:
        signal.signal(signal.SIGINT, before)
