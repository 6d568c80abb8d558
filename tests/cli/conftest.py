"""What the tests of the command share: the tiny example, solved once."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import copy_tiny, one_more_icu_team, scheduler


@dataclass(frozen=True)
class Run:
    """One finished command with the files it was asked to write."""

    program: Path
    workbook: Path
    done: subprocess.CompletedProcess[str]
    report: dict[str, Any]


def _solved(folder: Path, program: Path, *options: str) -> Run:
    workbook, report = folder / "schedule.xlsx", folder / "report.json"
    done = scheduler("solve", program, "-o", workbook, "--json", report, *options, cwd=folder)
    return Run(program, workbook, done, json.loads(report.read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The tiny example, solved; its files are not to be changed."""
    folder = tmp_path_factory.mktemp("solved")
    # To the proven best, however busy the machine is: other tests start from it.
    return _solved(folder, copy_tiny(folder), "--time-limit", "140")


@pytest.fixture(scope="session")
def least_bad(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The tiny example with one team too many, and the least bad schedule of it."""
    folder = tmp_path_factory.mktemp("least_bad")
    program = copy_tiny(folder)
    one_more_icu_team(program)
    return _solved(folder, program, "--best-effort")
