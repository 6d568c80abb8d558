"""``solve --deterministic``: two processes write the same schedule."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from openpyxl import load_workbook

from tests.cli.command import scheduler

TINY = Path(__file__).parents[2] / "examples" / "tiny"


def _cells(path: Path) -> list[tuple[object, ...]]:
    return list(load_workbook(path)["Schedule"].iter_rows(values_only=True))


def test_two_processes_write_the_same_schedule(tmp_path: Path) -> None:
    """Schedule, cost, bound and progress are identical, though the clock is not."""
    runs = []
    for name in ("one", "two"):
        book, said = tmp_path / f"{name}.xlsx", tmp_path / f"{name}.json"
        command = [sys.executable, "-m", "scheduler", "solve", str(TINY), "-o", str(book)]
        # Little work: tests/engine compares searches through all of their phases.
        command += ["--json", str(said), "--deterministic", "--time-limit", "3"]
        runs.append((subprocess.Popen(command, stderr=subprocess.DEVNULL), book, said))
    assert [run.wait(240) for run, _, _ in runs] == [0, 0]
    assert _cells(runs[0][1]) == _cells(runs[1][1])
    first, second = (json.loads(said.read_text()) for _, _, said in runs)
    assert (first["workers"], first["deterministic"]) == (1, True)
    said = {
        row[0]: row[1] for row in load_workbook(runs[0][1])["About"].iter_rows(values_only=True)
    }
    assert "is work" in str(said["deterministic"])
    assert (said["time limit"], said["Work units, search"]) == ("3 work units", 3)
    assert not [name for name in said if str(name).lower().startswith("second")]
    for key in ("cost", "bound", "status", "progress", "rules"):
        assert first[key] == second[key]


def test_more_threads_are_refused(tmp_path: Path) -> None:
    """An option that would do nothing is said to."""
    options = ("--deterministic", "--workers", "4")
    done = scheduler("solve", TINY, "-o", "s.xlsx", *options, cwd=tmp_path)
    assert done.returncode == 2
    assert "--deterministic has one thread; leave out --workers" in done.stderr
