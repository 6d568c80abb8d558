"""A file is put in its place whole or not at all, and nobody's file is lost."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scheduler.workbook.target import (
    TargetError,
    TargetExistsError,
    TargetLockedError,
    name_beside,
    write_whole,
)


def test_a_new_file_is_written(tmp_path: Path) -> None:
    """Only the file itself is left in the folder."""
    write_whole(tmp_path / "a.xlsx", b"new", force=False)
    assert (tmp_path / "a.xlsx").read_bytes() == b"new"
    assert [one.name for one in tmp_path.iterdir()] == ["a.xlsx"]


def test_an_existing_file_is_refused_without_force(tmp_path: Path) -> None:
    """Somebody's own file is left as it is."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")
    with pytest.raises(TargetExistsError, match="--force"):
        write_whole(path, b"new", force=False)
    assert path.read_bytes() == b"old"
    write_whole(path, b"new", force=True)
    assert path.read_bytes() == b"new"


def test_a_missing_folder_and_a_folder_as_name(tmp_path: Path) -> None:
    """Both say what to do."""
    with pytest.raises(TargetError, match="make it first"):
        write_whole(tmp_path / "none" / "a.xlsx", b"new", force=True)
    with pytest.raises(TargetError, match="is a folder"):
        write_whole(tmp_path, b"new", force=True)


@pytest.mark.parametrize("owner", ["~$a.xlsx", ".~lock.a.xlsx#"])
def test_a_file_open_elsewhere(owner: str, tmp_path: Path) -> None:
    """Excel and LibreOffice leave an owner file beside a workbook that is open."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")
    (tmp_path / owner).write_bytes(b"me")
    with pytest.raises(TargetLockedError, match="open in another program"):
        write_whole(path, b"new", force=True)
    assert path.read_bytes() == b"old"
    assert name_beside(path).name == "a (2).xlsx"


def test_a_failure_while_writing_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk is told, and nothing is lost or left behind."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(TargetError, match="No space left"):
        write_whole(path, b"new", force=True)
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["a.xlsx"]


_WRITER = """
import sys
from pathlib import Path
from scheduler.workbook.target import write_whole
print("ready", flush=True)
while True:
    write_whole(Path(sys.argv[1]), b"new" * 2_000_000, force=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kills by signal")
def test_killed_while_writing(tmp_path: Path) -> None:
    """Killed at a random moment, there is always a whole file."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")
    dice = random.Random(1)
    for _ in range(5):
        command = [sys.executable, "-c", _WRITER, str(path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(dice.uniform(0, 0.05))
            process.send_signal(signal.SIGKILL)
        assert path.read_bytes() in (b"old", b"new" * 2_000_000)
