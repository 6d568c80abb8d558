"""What a cell's text means: a code, one of several, or anything but; in any case and spacing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from scheduler.input.faults import did_you_mean, quoted
from scheduler.problem.problem import Problem
from scheduler.problem.rotation import OVERLAY_CODES, VACATION
from scheduler.workbook.reading.opened import ReadSheet, WorkbookFaults

NOT = "!"
_SEVERAL = ","
_SEE_LEGEND = "codes stand on the sheet Legend"


@dataclass(frozen=True, slots=True)
class Meaning:
    """``code`` where the text is one; else ``allowed``, the codes it leaves open."""

    code: str = ""
    allowed: frozenset[str] | None = None


@dataclass
class Codes:
    """The codes of a program as people may type them.

    ``retired`` are codes of the workbook's own legend that the program no longer has;
    they are read as they are.
    """

    problem: Problem
    faults: WorkbookFaults
    retired: frozenset[str] = frozenset()
    _known: dict[str, Meaning | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.codes = (*self.problem.rotations, *sorted(OVERLAY_CODES - set(self.problem.rotations)))
        self._plain = _unambiguous((*self.codes, *self.retired))
        self._tags = _unambiguous(self.problem.tags)

    def code(self, text: str) -> str | None:
        """The code that ``text`` is, whatever its case."""
        known = text in self.codes or text in self.retired
        return text if known else self._plain.get(_plain(text))

    def lock(self, text: str, sheet: str, row: int, column: int) -> frozenset[str]:
        """The codes that the text of a lock allows; a tag may stand alone there."""
        tag = None if self.code(text) else self._names(text)
        meaning = Meaning(allowed=tag) if tag else self.read(text, sheet, row, column)
        return frozenset({meaning.code}) if meaning.allowed is None else meaning.allowed

    def read(self, text: str, sheet: str, row: int, column: int) -> Meaning:
        """What a cell says; a fault where it cannot be understood."""
        if text not in self._known:
            self._known[text] = self._meaning(text)
        meaning = self._known[text]
        if meaning is None:
            unknown, todo = self._unknown(text)
            self.faults.at_cell(sheet, row, column, f"{quoted(unknown)} is not a rotation", todo)
            return Meaning()
        return meaning

    def _meaning(self, text: str) -> Meaning | None:
        if not text:
            return Meaning()
        code = self.code(text)
        if code is not None:
            return Meaning(code)
        if _SEVERAL not in text and not text.startswith(NOT):
            return None
        sets = [self._names(name) for name in _listed(text)]
        if None in sets or not sets:
            return None
        named = frozenset().union(*(one for one in sets if one is not None))
        everything = frozenset(self.problem.rotations) | {VACATION}
        return Meaning(allowed=everything - named if text.startswith(NOT) else named)

    def _names(self, name: str) -> frozenset[str] | None:
        """The codes a name stands for: a code or a tag."""
        code = self.code(name)
        if code is not None:
            return frozenset({code})
        tag = self._tags.get(_plain(name))
        return None if tag is None else self.problem.tags[tag]

    def _unknown(self, text: str) -> tuple[str, str]:
        """The first name in ``text`` that is not known, and what to do about it."""
        for name in _listed(text):
            if self._names(name) is None:
                return name, did_you_mean(name, self.codes) or _SEE_LEGEND
        return text, did_you_mean(text, self.codes) or _SEE_LEGEND


def retired_codes(problem: Problem, legend: ReadSheet | None) -> frozenset[str]:
    """The codes of a workbook's legend that are no rotations of ``problem`` any more."""
    header = legend.find_header("Code", "Rotation") if legend is not None else None
    if legend is None or header is None:
        return frozenset()
    top, titles = header
    listed = {legend.text(row, titles["code"]) for row in range(top + 1, len(legend.rows))}
    return frozenset(listed - {""} - problem.rotations.keys() - OVERLAY_CODES)


def _listed(text: str) -> list[str]:
    return [name for one in text.removeprefix(NOT).split(_SEVERAL) if (name := one.strip())]


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()


def _unambiguous(names: Iterable[str]) -> dict[str, str]:
    """Names by their plain form, without those that share one."""
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(_plain(name), []).append(name)
    return {plain: real[0] for plain, real in found.items() if len(real) == 1}
