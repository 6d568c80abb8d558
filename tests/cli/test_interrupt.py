"""Ctrl-C: before any schedule nothing is written, afterwards the best so far."""

from __future__ import annotations

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest

from scheduler.cli.interrupts import SAME, interrupts
from tests.cli.command import copy_tiny, scheduler

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals work differently there")

#: How many times the tiny example, so that its search does not end at once.
_TIMES = 4

#: A shell that runs the tests in the background makes its children ignore Ctrl-C: undo that.
_START = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from scheduler.cli.main import run; run()"
)


def _multiplied(folder: Path) -> Path:
    """The tiny example with people, wishes and places multiplied."""
    program = copy_tiny(folder)
    for table in program.glob("*.csv"):
        with table.open(encoding="utf-8", newline="") as stream:
            heading, *rows = csv.reader(stream)
        with table.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(heading)
            for copy in range(_TIMES):
                writer.writerows([f"{row[0]}-{copy}", *row[1:]] for row in rows)
    leave = program / "leave.csv"
    leave.write_text(re.sub(r"(-(\d),.*),T08$", r"\1,T08-\2", leave.read_text(), flags=re.M))
    yaml = program / "program.yaml"
    lines = yaml.read_text(encoding="utf-8").replace("  T09:", "  T09-0:").splitlines()
    yaml.write_text("\n".join(map(_more_places, lines)) + "\n", encoding="utf-8")
    return program


def _more_places(line: str) -> str:
    if "rule: coverage" not in line and "service:" not in line:
        return line
    number = r"(minimum|maximum|exactly): (\d+)"
    return re.sub(number, lambda m: f"{m[1]}: {int(m[2]) * _TIMES}", line)


def _interrupted(
    folder: Path, program: Path, when: Callable[[str], bool], times: int = 1
) -> tuple[int, str]:
    """Run solve and press Ctrl-C, at once so many ``times``, after the first line of progress
    ``when`` holds for."""
    command = [sys.executable, "-c", _START, "solve", str(program)]
    options = ["-o", "s.xlsx", "--json", "r.json", "--gap", "0", "--time-limit", "100"]
    said = []
    with subprocess.Popen(
        [*command, *options], cwd=folder, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            said.append(line)
            if when(line):
                for _ in range(times):
                    process.send_signal(signal.SIGINT)
                    time.sleep(0.05)
                break
        said.append(process.stderr.read())
        return process.wait(60), "".join(said)


def _has_cost(line: str) -> bool:
    return re.match(r" +[\d.]+ +\d+ ", line) is not None


@pytest.mark.parametrize("times", [1, 3])
def test_interrupt_after_the_first_schedule_writes_it(tmp_path: Path, times: int) -> None:
    """The best schedule so far is written, valid, and the command ends as usual; to press twice
    in a moment is to press once."""
    program = _multiplied(tmp_path)
    code, said = _interrupted(tmp_path, program, _has_cost, times)
    assert code == 0, said
    assert "stopping; the best schedule so far is kept" in said
    report = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert report["hard_violations"] == 0
    assert report["seconds"]["total"] < 60
    assert scheduler("check", program, "s.xlsx", cwd=tmp_path).returncode == 0


def test_interrupt_before_any_schedule_writes_nothing(tmp_path: Path) -> None:
    """Exit 130, and no file."""
    code, said = _interrupted(tmp_path, _multiplied(tmp_path), lambda line: "building" in line)
    assert code == 130, said
    assert "nothing was written" in said
    assert {file.name for file in tmp_path.iterdir()} == {"tiny"}


@pytest.mark.parametrize("later", [False, True])
def test_a_second_interrupt_is_heard_when_it_is_another(
    monkeypatch: pytest.MonkeyPatch, later: bool
) -> None:
    now = iter([100.0, 100.0 + SAME + (0.1 if later else -0.1)])
    monkeypatch.setattr("scheduler.cli.interrupts.time.monotonic", lambda: next(now))
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt) if later else nullcontext(), interrupts() as came:
            signal.raise_signal(signal.SIGINT)
            assert len(came) == 1
            signal.raise_signal(signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)


def test_ignored_interrupts_stay_ignored() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with interrupts() as came:
            signal.raise_signal(signal.SIGINT)
        assert not came
    finally:
        signal.signal(signal.SIGINT, before)
