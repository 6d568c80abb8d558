"""A file is put in its place whole or not at all, and nobody's file is lost."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import pytest

from scheduler.workbook.target import (
    TargetError,
    TargetExistsError,
    TargetLockedError,
    check_target,
    elsewhere,
    name_beside,
    write_whole,
)

ROOT = Path(__file__).parents[2]


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


def test_a_folder_that_takes_no_files_is_told_before_the_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not after minutes; and trying leaves nothing behind."""
    check_target(tmp_path / "a.xlsx", force=False)
    assert not list(tmp_path.iterdir())

    def refused(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(tempfile, "mkstemp", refused)
    with pytest.raises(TargetError, match=r"nothing can be written in .*: Permission denied"):
        check_target(tmp_path / "a.xlsx", force=False)
    (tmp_path / "a.xlsx").write_bytes(b"old")
    with pytest.raises(TargetError, match="nothing can be written in"):
        check_target(tmp_path / "a.xlsx", force=True)


def test_what_cannot_go_there_goes_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside a file that is open or new; among the temporary files where the folder takes none."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")
    assert elsewhere(path, TargetLockedError("open")).name == "a (2).xlsx"
    assert elsewhere(path, TargetError("full")) == tmp_path / "temporary" / "a.xlsx"


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


def test_a_dated_copy_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every version stays, also of one second, and where a file cannot have a second name."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"1")
    os.utime(path, (1_800_000_000, 1_800_000_000))
    first = write_whole(path, b"2", force=True, keep=True)
    os.utime(path, (1_800_000_000, 1_800_000_000))
    second = write_whole(path, b"3", force=True, keep=True)

    def refused(*_: object) -> None:
        raise OSError("no second names here")

    monkeypatch.setattr(os, "link", refused)
    third = write_whole(path, b"4", force=True, keep=True)
    assert first is not None and second is not None and third is not None
    assert [one.read_bytes() for one in (first, second, third, path)] == [b"1", b"2", b"3", b"4"]
    assert first.name.startswith("a 2027-01-1") and second.name == f"{first.stem} (2).xlsx"
    assert len(list(tmp_path.iterdir())) == 4
    assert write_whole(tmp_path / "new.xlsx", b"1", force=True, keep=True) is None


#: Writes a workbook, or a large file that was made before, in a process of its own for every
#: line it reads.
_WRITER = """
import io, os, sys, zipfile
from pathlib import Path
from scheduler.workbook.target import write_whole
from scheduler.workbook.write import write_workbook
from tests.workbook.conftest import FACTS
from tests.workbook.hospital import hospital
from scheduler.audit.audit import audit

problem, schedule = hospital({1: 2}, visitors=0, electives=3)
report = audit(problem, schedule)
path, large = Path(sys.argv[1]), io.BytesIO()
with zipfile.ZipFile(large, "w") as packed:
    packed.writestr("xl/workbook.xml", os.urandom(8_000_000))
print("ready", flush=True)
while sys.stdin.readline():
    child = os.fork()
    if not child:
        if sys.argv[2] == "making":
            write_workbook(path, problem, schedule, report, FACTS, force=True)
        else:
            write_whole(path, large.getvalue(), force=True, keep=True)
        os._exit(0)
    print(child, flush=True)
    print(os.waitpid(child, 0)[1], flush=True)
"""


def _line(process: subprocess.Popen[str], say: str = "") -> str:
    """The next line of the writer, after it was told something."""
    assert process.stdin is not None and process.stdout is not None
    if say:
        print(say, file=process.stdin, flush=True)
    return process.stdout.readline().strip()


def _is_whole(path: Path) -> bool:
    with zipfile.ZipFile(path) as packed:
        return packed.testzip() is None and "xl/workbook.xml" in packed.namelist()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that split")
@pytest.mark.parametrize("what", ["making", "writing"])
def test_killed_fifty_times(what: str, tmp_path: Path) -> None:
    """Killed at moments spread over making and writing a workbook, or over the mere writing of a
    large one: always a whole file."""
    path, dice, killed = tmp_path / "a.xlsx", random.Random(1), 0
    command = [sys.executable, "-c", _WRITER, str(path), what]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, text=True
    ) as writer:
        assert _line(writer) == "ready"
        whole = min(_seconds_to_write(writer) for _ in range(3))
        assert _is_whole(path)
        for number in range(50):
            child = int(_line(writer, "go"))
            time.sleep(whole * (number + dice.random()) / 50)
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            killed += _line(writer) == str(int(signal.SIGKILL))
            assert path.exists() and _is_whole(path)
            for dated in tmp_path.glob("a *.xlsx"):
                assert _is_whole(dated)
                dated.unlink()
    assert killed > 20, "most were killed before they were done"


def _seconds_to_write(writer: subprocess.Popen[str]) -> float:
    """How long it takes when nobody kills it."""
    began = time.monotonic()
    _line(writer, "go")
    assert _line(writer) == "0"
    return time.monotonic() - began
