"""``solve --deterministic``: two processes write the same schedule."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from openpyxl import load_workbook

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
    for key in ("cost", "bound", "status", "progress", "rules"):
        assert first[key] == second[key]
