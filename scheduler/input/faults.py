"""Faults in the input: where they are, what they are and what to do; knows no file format."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import fuzz, process

#: How alike (in percent) a known name must be before it is suggested.
_ALIKE = 60
#: How alike (in percent) the letters of two ids must be: one letter in five may differ.
_SAME_ID = 80
#: So many ids are taken apart once only: thousands of lines may name people who have left.
_IDS_KEPT = 10_000
#: At most so many known names that are equally near are suggested.
_EQUALLY_NEAR = 2
#: At most so many known names are listed where none is alike.
_LISTED = 8
#: From so many lines of a table on, faults of a kind may be told as one.
_CROWD = 5
#: At most so many runs of line numbers are listed for them.
_MOST_RUNS = 8
#: Longer values are cut when they are shown.
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file; line and column count from 1, None where they mean nothing."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        said = [self.file, *(str(n) for n in (self.line, self.column) if n is not None)]
        return ":".join(said)

    @property
    def short(self) -> str:
        """File and line, as shown beside a rule or a value."""
        return self.file if self.line is None else f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: ``what`` is wrong at a place, and what ``todo`` about it.

    ``many`` is said once instead where many lines of a table have such faults, after 'lines'.
    """

    file: str
    line: int | None
    column: int | None
    what: str
    todo: str = ""
    many: str = ""

    def __str__(self) -> str:
        said = f"{self.what}; {self.todo}" if self.todo else self.what
        return f"{Place(self.file, self.line, self.column)}: {said}"


class BadInput(Exception):  # noqa: N818 - the word for people, not a programmer's error
    """The input cannot be used; ``faults`` are all that is wrong with it, in file order."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.lines))

    @property
    def lines(self) -> list[str]:
        """One line a fault, in the form of DESIGN 8; a row's slip that is repeated is one line."""
        crowds = _crowds(self.faults)
        alike: dict[tuple[object, ...], list[Fault]] = {}
        for fault in self.faults:
            crowd = (fault.file, fault.many)
            alike.setdefault(crowd if crowd in crowds else _kind(fault), []).append(fault)
        return [_crowd(those) if k in crowds else _told(those) for k, those in alike.items()]


def _crowds(faults: Iterable[Fault]) -> set[tuple[object, ...]]:
    """File and words of the faults that so many lines of a table have that one line tells them."""
    found: dict[tuple[object, ...], set[int | None]] = {}
    for fault in faults:
        found.setdefault((fault.file, fault.many), set()).add(fault.line)
    return {(file, many) for (file, many), lines in found.items() if many and len(lines) >= _CROWD}


def _crowd(faults: Sequence[Fault]) -> str:
    """'requests.csv:2: 31 lines have ...; ... (lines 2-9, 11-33)'."""
    numbers = sorted({fault.line or 0 for fault in faults})
    where = Place(faults[0].file, numbers[0])
    runs = _runs(numbers).split(", ")
    if len(runs) > _MOST_RUNS:
        runs[_MOST_RUNS:] = [f"... {numbers[-1]}"]
    return f"{where}: {len(numbers):,} lines {faults[0].many} (lines {', '.join(runs)})"


def _kind(fault: Fault) -> tuple[object, ...]:
    """What rows of a table have alike that have the same fault; other faults stand alone."""
    in_table = fault.line is not None and fault.column is None
    return (fault.file, fault.what, fault.todo, None if in_table else (fault.line, fault.column))


def _told(alike: list[Fault]) -> str:
    """The first of them, and in which other lines the same is wrong."""
    also = sorted(fault.line or 0 for fault in alike[1:])
    if not also:
        return str(alike[0])
    return f"{alike[0]} (also in line{'s' * (len(also) > 1)} {_runs(also)})"


def _runs(numbers: list[int]) -> str:
    """'2-4, 9' for the sorted numbers 2, 3, 4, 9."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(f"{one}-{last}" if last > one else str(one) for one, last in runs)


@dataclass
class Faults:
    """Collects faults while the rest of the input is still read."""

    _found: dict[Fault, None] = field(default_factory=dict)
    _files: list[str] = field(default_factory=list)

    def open(self, file: str) -> None:
        """Files are reported in the order in which they were opened."""
        if file not in self._files:
            self._files.append(file)

    def add(self, place: Place, what: str, todo: str = "", many: str = "") -> None:
        """Note a fault; the same fault is noted once."""
        self.open(place.file)
        self._found[Fault(place.file, place.line, place.column, what, todo, many)] = None

    def __bool__(self) -> bool:
        return bool(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def any_in(self, file: str) -> bool:
        """Whether anything is wrong with a file so far."""
        return any(fault.file == file for fault in self._found)

    def ordered(self) -> list[Fault]:
        """All faults in file order."""
        rank = {file: index for index, file in enumerate(self._files)}
        return sorted(self._found, key=lambda f: (rank[f.file], f.line or 0, f.column or 0))

    def stop_if_any(self) -> None:
        """Raise :class:`BadInput` with everything found so far, if anything was."""
        if self._found:
            raise BadInput(self.ordered())


def quoted(value: object) -> str:
    """``value`` in quotes on one line, short, and harmless to a terminal."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "a group of options"
    text = str(value)
    safe = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text[: _SHOWN + 1])
    return f"'{safe[:_SHOWN]}...'" if len(safe) > _SHOWN else f"'{safe}'"


def nearest(word: object, known: Iterable[str], alike: int = _ALIKE) -> tuple[str, ...]:
    """The known name most like ``word``, or the two that are equally near.

    None where none is alike; and none where more are equally near, which are the names of a
    scheme ('NF1', 'NF2', ...) rather than one name with a slip.
    """
    close = process.extract(
        str(word),
        sorted(set(known)),
        scorer=fuzz.ratio,
        processor=str.casefold,
        score_cutoff=alike,
        limit=None,
    )
    best = tuple(name for name, score, _ in close if score == close[0][1])
    return best if len(best) <= _EQUALLY_NEAR else ()


def did_you_mean(word: object, known: Iterable[str], alike: int = _ALIKE) -> str:
    """What to do about an unknown ``word``: the known name most like it, or the known names."""
    names = sorted(set(known))
    close = nearest(word, names, alike)
    if close:
        return f"did you mean {' or '.join(map(quoted, close))}?"
    if not names:
        return "none is named yet; name it first, or leave it out"
    if len(names) <= _LISTED:
        return f"known: {', '.join(map(quoted, names))}"
    return ""


def which_id(unknown: str, ids: Iterable[str]) -> str:
    """What to do about an id that nobody has: most often its owner has left."""
    close = nearest_id(unknown, ids)
    if len(close) == 1:
        return f"did you mean {quoted(close[0])}?"
    return "correct it, or remove it if they have left"


def nearest_id(unknown: str, ids: Iterable[str]) -> tuple[str, ...]:
    """The ids that ``unknown`` may be a slip of, all that are equally near.

    Another number is another person, however alike the ids look: 'T04' is no slip of 'T01',
    but 'T4' is one of 'T04', and 'aldermeer' may be one of 'aldermere'.
    """
    letters, numbers = _parted(unknown)
    alike = {
        one: 100.0 if its == letters else fuzz.ratio(its, letters)
        for one, (its, own) in ((one, _parted(one)) for one in ids)
        if own == numbers
    }
    best = max(alike.values(), default=0.0)
    return tuple(one for one, score in alike.items() if score == best >= _SAME_ID)


@lru_cache(_IDS_KEPT)
def _parted(id: str) -> tuple[str, tuple[str, ...]]:
    """An id as its letters and its numbers, however they are written: 't-4' is 'T04'."""
    numbers = tuple(number.lstrip("0") for number in re.findall("[0-9]+", id))
    return re.sub(r"[\W0-9_]", "", id).casefold(), numbers
