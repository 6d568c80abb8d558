"""Whose row it is: by id, then by exact name; duplicates and strangers are faults."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from scheduler.input.faults import did_you_mean, quoted, which_id
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.workbook.opens import OPEN
from scheduler.workbook.reading.opened import WorkbookFaults


@dataclass(frozen=True, slots=True)
class Place:
    """A row of a sheet with the columns that say whose it is (None where there is none)."""

    sheet: str
    row: int
    name_column: int | None
    id_column: int | None

    @property
    def column(self) -> int:
        """The column to point at."""
        found = self.id_column if self.id_column is not None else self.name_column
        return found or 0


@dataclass
class People:
    """Finds the resident a row is about; ``gone`` are ids of people who have left, with names."""

    problem: Problem
    faults: WorkbookFaults
    gone: dict[str, str] = field(default_factory=dict)
    _names: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._by_id = self.problem.resident_by_id
        self._by_plain_id = {id.casefold(): r for id, r in self._by_id.items()}
        self._names = Counter(tidy(resident.name) for resident in self.problem.residents)
        self._by_name = {tidy(resident.name): resident for resident in self.problem.residents}

    def knows(self, name: str) -> bool:
        return tidy(name) in self._by_name

    def find(self, place: Place, id: str, name: str) -> Resident | None:
        """The resident; None (and a fault) where nobody fits."""
        by_id = self._by_id.get(id) or self._by_plain_id.get(id.casefold())
        named = self._by_name.get(tidy(name)) if self._names[tidy(name)] == 1 else None
        if by_id is not None:
            if named is not None and named is not by_id and tidy(by_id.name) != tidy(name):
                what = f"the id is {quoted(by_id.name)}'s, the name is {quoted(name)}"
                self._fault(place, what, "was only a part of the sheet sorted?")
                return None
            return by_id
        if named is None:
            self._unknown(place, id, name)
        return named

    def _unknown(self, place: Place, id: str, name: str) -> None:
        if self._names[tidy(name)] > 1:
            what = f"{quoted(name)} is the name of {self._names[tidy(name)]} people"
            self._fault(place, what, "give the id beside it")
        elif id and self.faults.lenient:
            self.gone[id] = name
        elif id:
            self._fault(place, f"{quoted(id)} is no id of this program", which_id(id, self._by_id))
        else:
            turned = [known for known in self._by_name if _words(known) == _words(name)]
            known = did_you_mean(turned[0] if turned else name, self._by_name)
            self._fault(place, f"{quoted(name)} is nobody of this program", known)

    def _fault(self, place: Place, what: str, todo: str) -> None:
        self.faults.at_cell(place.sheet, place.row, place.column, what, todo)


def tidy(name: str) -> str:
    """A name with its blanks as one each."""
    return " ".join(name.split())


def _words(name: str) -> list[str]:
    """The words of a name in whatever order and case: 'First Last' for 'Last, First'."""
    return sorted(name.casefold().replace(",", " ").split())


def is_open_row(id: str, name: str) -> bool:
    """Whether a row is an unfilled place and nobody's."""
    return id.upper().startswith(f"{OPEN}-") or (not id and name == OPEN)
