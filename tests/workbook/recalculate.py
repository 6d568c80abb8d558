"""LibreOffice as the judge of the formulas: what it computes from a workbook's cells alone."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

INSTALL = "apt-get install --no-install-recommends libreoffice-calc"


def need_libreoffice() -> str:
    """The path of LibreOffice; skips the test without it, but fails where CI is set."""
    found = shutil.which("soffice")
    if found is None:
        said = f"LibreOffice is missing; install it with: {INSTALL}"
        if os.environ.get("CI"):
            pytest.fail(said)
        pytest.skip(said)
    return found


def saved_by_libreoffice(path: Path, folder: Path) -> Path:
    """A copy of ``path`` as LibreOffice opens and saves it."""
    return all_saved_by_libreoffice([path], folder)[0]


def all_saved_by_libreoffice(paths: Sequence[Path], folder: Path) -> list[Path]:
    """The same for several files, in one run."""
    office, out = need_libreoffice(), folder / "out"
    command = [office, f"-env:UserInstallation=file://{folder}/profile", "--headless",
               "--convert-to", "xlsx", "--outdir", str(out), *map(str, paths)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=600)
    return [out / f"{path.stem}.xlsx" for path in paths]


def recalculated(path: Path, folder: Path) -> openpyxl.Workbook:
    """``path`` as LibreOffice computes it; values stored in the file are thrown away first."""
    bare = folder / "in" / "schedule.xlsx"
    bare.parent.mkdir(parents=True, exist_ok=True)
    openpyxl.load_workbook(path).save(bare)  # this writer stores formulas without values
    return openpyxl.load_workbook(saved_by_libreoffice(bare, folder), data_only=True)
