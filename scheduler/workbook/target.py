"""Putting a finished file in its place whole or not at all; knows nothing of workbooks."""

from __future__ import annotations

import os
import shutil
import tempfile
from datetime import datetime
from pathlib import Path


class TargetError(Exception):
    """The file cannot be written where it was asked for; the message says what to do."""


class TargetExistsError(TargetError, FileExistsError):
    """A file is already there, and nobody said it may be replaced."""


class TargetLockedError(TargetError, PermissionError):
    """The file is open in another program or may not be written."""


def check_target(path: Path, force: bool) -> None:
    """Raise a :class:`TargetError` now rather than after minutes of solving."""
    _check_place(path, force)
    _write_beside(path, b"").unlink()  # only trying tells whether the folder takes files


def _check_place(path: Path, force: bool) -> None:
    folder = path.parent
    if not folder.is_dir():
        raise TargetError(f"{folder} is not a folder; make it first")
    if path.is_dir():
        raise TargetError(f"{path} is a folder; name a file in it")
    if path.exists() and not force:
        raise TargetExistsError(
            f"{path} is already there and was left as it is; "
            "give another name with -o, or --force to replace it"
        )
    _refuse_open(path)


def write_whole(path: Path, content: bytes, force: bool, keep: bool = False) -> Path | None:
    """Write ``content`` to a temporary file beside ``path``, then put it in its place.

    With ``keep`` the file that was there stays under a dated name, which is returned.
    """
    _check_place(path, force)
    temporary = _write_beside(path, content)
    try:
        _check_place(path, force)
        kept = _keep_dated(path) if keep and path.exists() else None
        temporary.replace(path)
        return kept
    except PermissionError as error:
        raise _locked(path) from error
    except OSError as error:
        raise TargetError(f"{path} cannot be written: {error.strerror}") from error
    finally:
        temporary.unlink(missing_ok=True)


def _keep_dated(path: Path) -> Path:
    """A copy of ``path`` named after the moment it was last changed, whole or not at all."""
    changed = datetime.fromtimestamp(path.stat().st_mtime)
    dated = path.with_name(f"{path.stem} {changed:%Y-%m-%d %H%M%S}{path.suffix}")
    kept = name_beside(dated) if dated.exists() else dated
    try:
        os.link(path, kept)  # the file itself under a second name: nothing to copy
    except OSError:  # some file systems know no second names
        copy = _write_beside(kept, path.read_bytes())
        shutil.copystat(path, copy)
        copy.replace(kept)
    return kept


def name_beside(path: Path) -> Path:
    """A free name beside ``path`` ('schedule (2).xlsx'), for when it is open elsewhere."""
    number = 2
    while (found := path.with_name(f"{path.stem} ({number}){path.suffix}")).exists():
        number += 1
    return found


def elsewhere(path: Path, error: TargetError) -> Path:
    """A free name for what could not go to ``path``: beside it where only that file is open or
    new, else among the temporary files, so that what was searched for is not lost."""
    beside = isinstance(error, TargetExistsError | TargetLockedError)
    wanted = path if beside else Path(tempfile.gettempdir()) / path.name
    return name_beside(wanted) if wanted.exists() else wanted


def _write_beside(path: Path, content: bytes) -> Path:
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    except OSError as error:
        raise TargetError(f"nothing can be written in {path.parent}: {error.strerror}") from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
    except BaseException as error:
        temporary.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise TargetError(f"{path} cannot be written: {error.strerror}") from error
        raise
    return temporary


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _refuse_open(path: Path) -> None:
    """Excel and LibreOffice leave an owner file beside a workbook that is open."""
    for owner in (path.with_name(f"~${path.name}"), path.with_name(f".~lock.{path.name}#")):
        if path.exists() and owner.exists():
            raise _locked(path, f" (if it is not, remove {owner.name})")


def _locked(path: Path, more: str = "") -> TargetLockedError:
    return TargetLockedError(
        f"{path} is open in another program or may not be written; close it there{more}, "
        "or give another name"
    )
