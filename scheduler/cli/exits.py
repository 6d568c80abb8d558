"""How the command ends: exit codes, and what is said with each (DESIGN 6)."""

from __future__ import annotations

import hashlib
import platform
import sys
import traceback
from collections.abc import Iterable
from enum import IntEnum
from pathlib import Path

import click

from scheduler import __version__


class Exit(IntEnum):
    """0 done; 1 ran properly, the answer is no; 2 bad input; 3 our bug; 130 interrupted."""

    DONE = 0
    NO = 1
    BAD_INPUT = 2
    BUG = 3
    INTERRUPTED = 130


#: What a report of a bug says of this command, as far as it came: all of it safe to paste.
_FACTS: dict[str, str] = {}


class OurBug(Exception):  # noqa: N818 - the word for people, not a programmer's error
    """Something only we can have done wrong; what it says is safe to paste in public."""


def remember(**facts: str) -> None:
    """Keep what a report of a bug in this command should hold: no names, values or paths."""
    _FACTS.update(facts)


def remember_inputs(digests: Iterable[str]) -> None:
    """The same of the files that were read, known by their hashes alone."""
    remember(**{f"hash {number}": digest[:12] for number, digest in enumerate(digests)})


def tell_bad_input(lines: list[str], ending: str) -> int:
    """Print the faults, one a line, and how many; returns the exit code."""
    for line in lines:
        click.echo(line, err=True)
    count = len(lines)
    click.echo(f"{count} problem{'s' if count != 1 else ''} found; {ending}", err=True)
    return Exit.BAD_INPUT


def tell_interrupted() -> int:
    """Say that there was nothing yet to keep; returns the exit code."""
    click.echo("Interrupted before the first schedule; nothing was written.", err=True)
    return Exit.INTERRUPTED


def tell_no_memory() -> int:
    """Say that memory ran out, and what helps; returns the exit code."""
    click.echo("There was not enough memory, and the search ended. What helps:", err=True)
    click.echo("  - close other programs, or run it on a machine with more memory", err=True)
    click.echo("  - fewer threads (--workers 1)", err=True)
    return Exit.NO


def tell_fault(fault: Exception) -> int:
    """Say what ended the search after its best schedule was found, and written; the exit code."""
    if not isinstance(fault, MemoryError):
        click.echo(
            "The search ended before its time; this is the best schedule until then.", err=True
        )
        return tell_bug(fault)
    tell_no_memory()
    click.echo("The best schedule until then was written.", err=True)
    return Exit.DONE


def tell_bug(error: BaseException) -> int:
    """Print a report to paste: versions, seed, hashes and where, never names, values or paths."""
    click.echo("This is a bug of the scheduler, not of your files.", err=True)
    click.echo("Please report it with these lines; they hold no names and no leave:", err=True)
    for key, value in {**_versions(), **_FACTS, **_where(error)}.items():
        click.echo(f"  {key}: {value}", err=True)
    return Exit.BUG


def _versions() -> dict[str, str]:
    from importlib.metadata import PackageNotFoundError, version

    found = {"scheduler": __version__, "python": platform.python_version()}
    for name in ("ortools", "numpy", "openpyxl", "pydantic"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    found["system"] = f"{platform.system()} {platform.machine()}"
    return found


def _where(error: BaseException) -> dict[str, str]:
    """The kind of error and its place in the code; the message may hold names, so its hash only."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "scheduler" in Path(frame.filename).parts]
    places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in ours[-4:]]
    said = str(error) if isinstance(error, OurBug) else ""
    digest = hashlib.sha256(str(error).encode()).hexdigest()[:12]
    return {
        "what": said or type(error).__name__,
        "where": " < ".join(reversed(places)) or "unknown",
        "message hash": digest,
    }


def stop(code: int) -> None:
    """Leave with ``code``."""
    sys.exit(int(code))
