"""Progress: plain lines in a file, one live line in a terminal, and a trend in a few characters."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from scheduler.cli.live_line import LiveLine
from scheduler.cli.progress import Progress
from scheduler.cli.trend import Trend
from scheduler.engine.outcome import Step
from tests.cli.command import TINY


def _log(*steps: Step, at_stake: int = 1000) -> list[str]:
    stream = io.StringIO()
    with Progress(at_stake, stream) as progress:
        for step in steps:
            progress(step)
    return stream.getvalue().splitlines()


def test_a_log_is_aligned_and_says_what_is_tried() -> None:
    """Every number stands under its heading, and what is not known yet is a dash."""
    heading, first, second = _log(Step(0.5, None, None, "building"), Step(2.0, 412, 405, "looking"))
    ends = [heading.index(word) + len(word) for word in ("seconds", "cost", "bound", "gap")]
    assert [first[end - 1] for end in ends] == ["5", "-", "-", "-"]
    assert [second[:end].split()[-1] for end in ends] == ["2.0", "412", "405", "0.70%"]
    assert (first.split()[-1], second.split()[-1]) == ("building", "looking")


def test_a_relaxed_search_counts_what_is_missed() -> None:
    """Hard rules that give are no cost of wishes."""
    stream = io.StringIO()
    with Progress(0, stream, relaxed=True) as progress:
        progress(Step(2.0, 656, 0, "looking"))
    heading = stream.getvalue().splitlines()[0]
    assert "missed" in heading
    assert "cost" not in heading


def test_a_log_has_one_line_for_many_changes_at_once() -> None:
    """What comes too soon after the last line is told once, with the latest numbers."""
    lines = _log(*(Step(5.0 + n / 100, 900 - n, 400, "looking") for n in range(50)))
    assert [line.split()[1] for line in lines[1:]] == ["900", "851"]


def test_a_first_schedule_is_told_at_once() -> None:
    """Nobody waits for the news that there is a schedule."""
    lines = _log(Step(5.0, None, 400, "looking"), Step(5.1, 900, 400, "looking"))
    assert [line.split()[1] for line in lines[1:]] == ["-", "900"]


def test_a_silent_engine_does_not_keep_news_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that had to wait appears by itself."""
    monkeypatch.setattr("scheduler.cli.progress._APART", 0.05)
    stream = io.StringIO()
    with Progress(0, stream) as progress:
        progress(Step(0.1, None, None, "building"))
        progress(Step(0.12, None, None, "looking"))
        timer = progress._shown._timer  # type: ignore[attr-defined]
        timer.join(10)
        assert stream.getvalue().splitlines()[-1].endswith("looking")


def test_a_log_has_no_control_characters(tmp_path: Path) -> None:
    """Not even where colour is forced, as many build servers do."""
    command = [sys.executable, "-m", "scheduler", "solve", str(TINY), "-o", "s.xlsx"]
    done = subprocess.run(
        [*command, "--time-limit", "20"],
        cwd=tmp_path,
        env={**os.environ, "FORCE_COLOR": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr.isprintable() or not re.search(r"[\x00-\x09\x0b-\x1f]", done.stderr)
    assert done.stderr.splitlines()[0].split() == ["seconds", "cost", "bound", "gap", "doing"]


def _live(width: int) -> tuple[LiveLine, io.StringIO]:
    stream = io.StringIO()
    return LiveLine(Console(file=stream, force_terminal=True, width=width)), stream


def test_the_live_line_shows_it_all_in_one_line() -> None:
    """Seconds, cost, bound, gap, trend and what is tried, cut off where the terminal ends."""
    line, stream = _live(80)
    line.show(Step(2.0, 900, 400, "searching near the relaxation"), 1000)
    line.show(Step(9.0, 412, 405, "improving around the best schedule"), 1000)
    said = line.text().plain
    line.close()
    assert re.match(r" +9\.\d s  cost +412  bound +405  gap +0\.70%  [▁-█]{8}  improving ", said)
    drawn = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", stream.getvalue())
    assert all(len(one) <= 80 for one in re.split(r"[\r\n]+", drawn))


def test_the_live_line_leaves_the_terminal_as_it_was() -> None:
    """The cursor is shown again, and the last numbers stay."""
    line, stream = _live(100)
    line.show(Step(2.0, 900, 400, "looking"), 1000)
    line.close()
    assert stream.getvalue().rindex("\x1b[?25h") > stream.getvalue().rindex("\x1b[?25l")
    assert "900" in stream.getvalue().splitlines()[-2]


def test_a_live_line_that_never_began_writes_nothing() -> None:
    """A command that fails before the first step leaves the terminal alone."""
    line, stream = _live(80)
    line.close()
    assert "cost" not in stream.getvalue()


@pytest.mark.skipif(os.name == "nt", reason="pseudo terminals work differently there")
def test_a_terminal_gets_the_live_line(tmp_path: Path) -> None:
    """In a real (pseudo) terminal the command draws one line over and over."""
    import pty

    command = [sys.executable, "-m", "scheduler", "solve", str(TINY), "-o", str(tmp_path / "s")]
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm"}
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        said = b""
        while chunk := _read(ours):
            said += chunk
    os.close(ours)
    assert process.returncode == 0, said.decode()
    assert said.count(b"\x1b[2K") > 1
    assert said.index(b"every hard rule holds") > said.rindex(b"\x1b[?25h")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # the other end is closed
        return b""


def test_a_trend_falls_with_its_values() -> None:
    """Equal ratios are equal steps, and a value holds until the next."""
    trend = Trend()
    assert trend.drawn(1.0, 4) == "    "
    for second, value in ((0.0, 0.1), (5.0, 0.01), (7.5, 0.001)):
        trend.add(second, value)
    assert trend.drawn(10.0, 4) == "█▅▁▁"


def test_a_trend_without_change_is_flat() -> None:
    """One value is neither high nor low; 0 is drawn like any other."""
    trend = Trend()
    trend.add(3.0, 0.0)
    assert len(set(trend.drawn(9.0, 8))) == 1
