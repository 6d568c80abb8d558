"""Reading a file's bytes and text within limits; knows neither YAML nor tables."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from scheduler.input.faults import Faults, Place

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Source:
    """A file that was read: ``file`` is its name as shown to people."""

    file: str
    path: Path
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def read_source(path: Path, file: str, limit: int, faults: Faults) -> Source | None:
    """The bytes of ``path``; None (and a fault) where it is missing, special or above ``limit``."""
    faults.open(file)
    place = Place(file)
    try:
        if not path.is_file():
            missing = "is not a file" if path.exists() else "there is no such file"
            faults.add(place, missing, "check the name and the folder")
            return None
        if path.stat().st_size > limit:
            faults.add(place, f"is larger than {limit:,} bytes", "remove what is not used")
            return None
        return Source(file, path, path.read_bytes())
    except OSError as error:
        faults.add(place, f"cannot be read ({error.strerror or 'unknown reason'})")
        return None


def decode(source: Source, faults: Faults) -> str | None:
    """The text of a source, without a byte-order mark; None (and a fault) where it is no UTF-8."""
    content = source.content
    if content.startswith(_UTF16_MARKS):
        faults.add(Place(source.file), "is UTF-16 text", "save it as UTF-8 (Excel: 'CSV UTF-8')")
        return None
    if b"\0" in content:
        faults.add(Place(source.file), "is a binary file, not text", "give a text file")
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        faults.add(
            Place(source.file, line),
            f"holds a character that is not UTF-8 (byte {content[error.start]:02X})",
            "save the file as UTF-8 (Excel: 'CSV UTF-8')",
        )
        return None
