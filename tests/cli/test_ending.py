"""How the command's process ends."""

from __future__ import annotations

import subprocess
import sys

import pytest

#: A search left a thread behind, and something waits for Python's own end.
_LEFT = """
import atexit, sys, threading
from scheduler.cli import main
atexit.register(lambda: print("ended by Python"))
if {thread}:
    threading.Thread(target=threading.Event().wait, daemon=True).start()
sys.argv = ["scheduler", "rules", {name!r}]
main.run()
"""


@pytest.mark.parametrize(("name", "code"), [("gap", 0), ("no-such-rule", 2)])
@pytest.mark.parametrize("thread", [False, True])
def test_a_thread_left_behind_does_not_disturb_the_end(name: str, code: int, thread: bool) -> None:
    """All is said and the exit code kept; with a thread left, Python's own end is not waited for:
    it aborts the process where the thread is in a solver."""
    script = _LEFT.format(thread=thread, name=name)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == code
    assert len(done.stdout + done.stderr) > 50
    assert ("ended by Python" in done.stdout) is not thread
