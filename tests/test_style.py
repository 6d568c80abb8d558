"""The house style that machines can check."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
#: DESIGN 9: no file beyond about 400 lines.
MOST_LINES = 420


@pytest.mark.parametrize(
    "command",
    [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy", "--strict", "scheduler"]],
    ids=["ruff-check", "ruff-format", "mypy-strict"],
)
def test_checker_is_content(command: list[str]) -> None:
    """The linter, the formatter and the type checker find nothing."""
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_modules_are_small() -> None:
    """No module grows beyond what one can hold in mind."""
    long = {
        str(file.relative_to(ROOT)): count
        for file in (ROOT / "scheduler").rglob("*.py")
        if (count := len(file.read_text().splitlines())) > MOST_LINES
    }
    assert not long
