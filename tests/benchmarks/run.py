"""Runs solves one after another, each in a process of its own, and keeps what they found."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from random import Random
from typing import Any

import psutil

from scheduler import __version__
from tests.benchmarks.cases import Case
from tests.benchmarks.distances import BOUND
from tests.benchmarks.program import make

ROOT = Path(__file__).resolve().parents[2]
RESULTS = Path(__file__).resolve().parent / "results.jsonl"
#: Seconds between two looks at the memory, and after the limit before a process is ended.
_LOOK, _GRACE = 0.2, 120.0
_VERSIONS = ("ortools", "numpy", "scipy")

Record = dict[str, Any]


@dataclass(frozen=True)
class Run:
    """What every solve of this run may use; the order of the methods is drawn by ``seed``."""

    methods: Sequence[str]
    seconds: float
    workers: int = 2
    seed: int = 1
    again: bool = False


def run_all(cases: Iterable[Case], run: Run, results: Path) -> Iterator[Record]:
    """Solve every case by every method, append to ``results``, and yield each record.

    What ``results`` has already (the same program, method, limits and version) is
    passed over unless ``again``; an interrupted run is simply started once more.
    """
    here = machine() | {"versions": versions()}
    for case in cases:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / "program"
            make(case, folder)
            known = {_key(record) for record in read(results)}
            for method in Random(f"{case.name} {run.seed}").sample(run.methods, len(run.methods)):
                head = _head(case, method, run, folder) | here
                if run.again or _key(head) not in known:
                    record = head | _solve(method, folder, run, Path(scratch) / "found")
                    with results.open("a", encoding="utf-8") as file:
                        file.write(json.dumps(record) + "\n")
                    yield record


def read(results: Path) -> list[Record]:
    """All records so far; a last line that was cut off is left out."""
    found: list[Record] = []
    if results.exists():
        for line in results.read_text(encoding="utf-8").splitlines():
            with suppress(json.JSONDecodeError):
                found.append(json.loads(line))
    return found


def _key(record: Record) -> tuple[Any, ...]:
    return tuple(
        str(record.get(name))
        for name in ("case", "program", "method", "limit", "workers", "seed", "code")
    )


def _head(case: Case, method: str, run: Run, folder: Path) -> Record:
    return {
        "case": case.name,
        "shape": case.shape,
        "size": case.residents,
        "tight": case.tight,
        "balance": case.balance,
        "program": digest([folder]),
        "method": method,
        "limit": run.seconds,
        "workers": run.workers,
        "seed": run.seed,
        # Plain solvers depend on the model alone, this engine on all of the code.
        "code": digest(ROOT / "scheduler" / name for name in _CODE[method in _OURS]),
        "at": datetime.now(UTC).isoformat("T", "seconds"),
    }


_OURS = ("engine", BOUND)
_CODE = {True: ("engine", "model", "rules"), False: ("model", "rules")}


def digest(folders: Iterable[Path]) -> str:
    """A hash of the files in ``folders``, by name and content."""
    found = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()[:16]


# -- one solve --------------------------------------------------------------------------


def _solve(method: str, folder: Path, run: Run, file: Path) -> Record:
    """Run one solve to its end, watching its memory."""
    file.unlink(missing_ok=True)
    command = [sys.executable, "-m", "tests.benchmarks.one", method, str(folder), str(file)]
    command += [str(run.seconds), str(run.workers), str(run.seed)]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, cwd=ROOT, stdout=said, stderr=said)
        peak, ended = _watch(process, run.seconds + _GRACE)
        said.seek(0)
        words = said.read().decode(errors="replace")
    record: Record = {"peak_mib": round(peak / 2**20), "progress": []}
    for line in file.read_text(encoding="utf-8").splitlines() if file.exists() else []:
        what = json.loads(line)
        if isinstance(what, dict):
            record |= what
        else:
            record["progress"].append(what)
    if "status" not in record:
        record["status"] = "killed" if not ended else "failed"
        record["said"] = words[-2000:].replace(str(ROOT), ".")
    return record


def _watch(process: subprocess.Popen[bytes], seconds: float) -> tuple[int, bool]:
    """Most bytes that the process and its children held at once; whether it ended by itself."""
    deadline = time.monotonic() + seconds
    peak = 0
    while process.poll() is None:
        peak = max(peak, _memory(process.pid))
        if time.monotonic() > deadline:
            _end(process.pid)
            process.wait()
            return peak, False
        time.sleep(_LOOK)
    return peak, True


def _tree(pid: int) -> list[psutil.Process]:
    with suppress(psutil.NoSuchProcess):
        own = psutil.Process(pid)
        return [own, *own.children(recursive=True)]
    return []


def _memory(pid: int) -> int:
    """Resident bytes of a process and all below it (what they share is counted for each)."""
    total = 0
    for process in _tree(pid):
        with suppress(psutil.NoSuchProcess):
            total += process.memory_info().rss
    return total


def _end(pid: int) -> None:
    for process in _tree(pid):
        with suppress(psutil.NoSuchProcess):
            process.kill()


# -- where it ran -----------------------------------------------------------------------


def machine() -> Record:
    """The machine in words that tell nothing of its owner."""
    memory = psutil.virtual_memory().total / 2**30
    cores = psutil.cpu_count() or os.cpu_count()
    system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return {"machine": f"{_processor()}, {cores} cores, {memory:.0f} GiB, {system}"}


def _processor() -> str:
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return " ".join(line.split(":", 1)[1].split())
    return platform.processor() or "unknown processor"


def versions() -> dict[str, str]:
    """The versions of what solves."""
    return {"scheduler": __version__} | {name: version(name) for name in _VERSIONS}
