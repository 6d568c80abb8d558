"""Random hand edits of a workbook, with a record of what the cells are then to mean."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import openpyxl

from scheduler.problem.problem import Problem
from scheduler.problem.rotation import AWAY, LEAVE, VACATION
from scheduler.schedule.schedule import Schedule
from tests.workbook.edits import header_row

#: (resident index, part index) and the text that is typed there.
Typed = dict[tuple[int, int], str]


@dataclass
class Hand:
    """Edits one schedule; ``meant`` is what its cells mean after all ``typed``."""

    problem: Problem
    schedule: Schedule
    dice: random.Random
    typed: Typed = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.meant = [list(row) for row in self.schedule.cells]
        self._codes = [*self.problem.rotations, VACATION]
        self._kinds: tuple[Callable[[], Typed], ...] = (
            self._cell, self._cell, self._block, self._swap, self._exchange, self._moved_vacation,
            self._lower_case, self._cleared, self._two_codes, self._overlay,
        )  # fmt: skip

    def edit(self, keep: Callable[[Schedule], bool] = lambda _: True) -> None:
        """Make one random edit that ``keep`` accepts (else the next)."""
        while True:
            typed = self.dice.choice(self._kinds)()
            before = {key: self.meant[key[0]][key[1]] for key in typed}
            self._type({key: self._meaning(text) for key, text in typed.items()})
            if before != {key: self.meant[key[0]][key[1]] for key in typed} and keep(self.now):
                self.typed.update(typed)
                return
            self._type(before)

    @property
    def now(self) -> Schedule:
        """The schedule that the cells are to be read as, duties as they were."""
        return replace(self.schedule, cells=tuple(map(tuple, self.meant)))

    def write(self, book: openpyxl.Workbook) -> None:
        """Type everything into the sheet Schedule of ``book``."""
        sheet = book["Schedule"]
        top = header_row(sheet)
        ids = [cell.value for cell in sheet[top]].index("Id") + 1
        rows = {sheet.cell(row, ids).value: row for row in range(top + 1, sheet.max_row + 1)}
        for (index, part), text in self.typed.items():
            sheet.cell(rows[self.problem.residents[index].id], 4 + part).value = text or None

    def _type(self, cells: Typed) -> None:
        for (index, part), code in cells.items():
            self.meant[index][part] = code

    def _meaning(self, text: str) -> str:
        return "" if "," in text or text.startswith("!") else text.upper()

    # -- kinds of edits ------------------------------------------------------------------

    def _person(self) -> int:
        return self.dice.randrange(len(self.meant))

    def _part(self) -> int:
        return self.dice.randrange(len(self.problem.calendar.parts))

    def _cell(self) -> Typed:
        return {(self._person(), self._part()): self.dice.choice(self._codes)}

    def _block(self) -> Typed:
        person, code = self._person(), self.dice.choice(self._codes)
        blocks = self.problem.grids[self.schedule.grids[person]].blocks
        return {(person, part): code for part in self.dice.choice(blocks).parts}

    def _swap(self) -> Typed:
        """Two people of one level change places for a block."""
        one = self._person()
        level = [r.index for r in self.problem.residents if r.pgy == self._pgy(one)]
        other = self.dice.choice(level)
        blocks = self.problem.grids[self.schedule.grids[one]].blocks
        parts = self.dice.choice(blocks).parts
        return {(a, p): self.meant[b][p] for a, b in ((one, other), (other, one)) for p in parts}

    def _pgy(self, person: int) -> int:
        return self.problem.residents[person].pgy

    def _exchange(self) -> Typed:
        """One person's two weeks change places."""
        person, one, other = self._person(), self._part(), self._part()
        row = self.meant[person]
        return {(person, one): row[other], (person, other): row[one]}

    def _moved_vacation(self) -> Typed:
        """A week of vacation and the code of the week beside it."""
        person = self._person()
        row = self.meant[person]
        there = [part for part, code in enumerate(row[:-1]) if code == VACATION]
        if not there:
            return {}
        part = self.dice.choice(there)
        return {(person, part): row[part + 1], (person, part + 1): VACATION}

    def _lower_case(self) -> Typed:
        return {key: code.lower() for key, code in self._cell().items()}

    def _cleared(self) -> Typed:
        return {(self._person(), self._part()): ""}

    def _two_codes(self) -> Typed:
        one, other = self.dice.sample(list(self.problem.rotations), 2)
        text = self.dice.choice((f"{one}, {other}", f"!{one}", f"{one.lower()},{VACATION}"))
        return {(self._person(), self._part()): text}

    def _overlay(self) -> Typed:
        """Vacation, leave or absence, or a rotation in their place, wherever it belongs or not."""
        key, code = (self._person(), self._part()), self.dice.choice((VACATION, LEAVE, AWAY))
        overlaid = [
            (r.index, part)
            for r in self.problem.residents
            for part in range(len(self.problem.calendar.parts))
            if part not in r.available
        ]
        if overlaid and self.dice.random() < 0.5:
            return {self.dice.choice(overlaid): self.dice.choice(self._codes)}
        return {key: code}
