"""How the tests call the command: as people do, in a process of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TINY = ROOT / "examples" / "tiny"

#: The verbs that are built, in the order of help.
VERBS = ("new", "validate", "solve", "check", "diagnose", "rules")


def scheduler(*args: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run ``scheduler`` with ``args`` in the folder ``cwd``."""
    return subprocess.run(
        [sys.executable, "-m", "scheduler", *map(str, args)],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=150,
    )


def copy_tiny(folder: Path) -> Path:
    """A copy of the tiny example to change."""
    return Path(shutil.copytree(TINY, folder / "tiny"))


def change(file: Path, old: str, new: str) -> None:
    """Replace the one place in ``file`` that reads ``old``."""
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{file.name} has {text.count(old)} places that read {old!r}"
    file.write_text(text.replace(old, new), encoding="utf-8")


def one_more_icu_team(program: Path) -> None:
    """Ask for one more intern in intensive care than four interns can staff."""
    change(
        program / "program.yaml",
        "name: icu-intern, rotations: ICU, who: {pgy: 1}, exactly: 1",
        "name: icu-intern, rotations: ICU, who: {pgy: 1}, exactly: 2",
    )
