"""Reading a workbook back, after whatever people did to it; judges no rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scheduler.problem.grid import Grid
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.schedule.schedule import Schedule
from scheduler.workbook.book import column_name
from scheduler.workbook.facts import PUBLIC
from scheduler.workbook.reading.codes import Codes, retired_codes
from scheduler.workbook.reading.holidays import read_duties
from scheduler.workbook.reading.jeopardy import read_backups
from scheduler.workbook.reading.layers import Layers, read_layers
from scheduler.workbook.reading.opened import OpenedWorkbook, ReadSheet
from scheduler.workbook.reading.schedule import SHEET, ReadCells, read_cells
from scheduler.workbook.reading.teams import read_teams
from scheduler.workbook.sheets import about, holidays, jeopardy, layers, legend, teams

Key = tuple[int, int]


@dataclass(frozen=True)
class ReadBack:
    """What a workbook holds; keys are (resident index, part index).

    ``schedule`` has '' in empty and half-decided cells; ``undecided`` maps the
    half-decided ones ('WARD, MICU', '!MICU') to the codes they leave open.
    ``locks`` maps locked cells to the lock's text, ``locked`` to the codes it allows,
    ``vacated`` the cells of wholly vacated blocks to the rotations they allow, ``team_locks``
    cells to the team that a person locked there.

    Of an earlier day's workbook, ``missing`` are the residents without a row, ``gone``
    the ids (with names) of those who have left, ``retired`` the codes that are no
    rotations any more; they stand in ``schedule`` as they are.
    """

    file: str
    schedule: Schedule
    undecided: Mapping[Key, frozenset[str]]
    locks: Mapping[Key, str]
    locked: Mapping[Key, frozenset[str]]
    vacated: Mapping[Key, frozenset[str]]
    rows: Mapping[int, int] = field(default_factory=dict)
    columns: Mapping[int, int] = field(default_factory=dict)
    missing: tuple[int, ...] = ()
    gone: Mapping[str, str] = field(default_factory=dict)
    retired: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    team_locks: Mapping[Key, str] = field(default_factory=dict)

    def cell(self, resident: int, part: int) -> str:
        """Where a cell stands: 'Schedule!K17'."""
        return f"{SHEET}!{column_name(self.columns[part])}{self.rows[resident] + 1}"


def read_workbook(path: Path, problem: Problem) -> ReadBack:
    """The schedule in ``path``; raises BadInput with every fault, each by its cell."""
    return _read(OpenedWorkbook(path), problem)


def read_earlier(path: Path, problem: Problem) -> ReadBack:
    """The schedule of an earlier day, though people and rotations have changed since.

    Raises BadInput with everything that cannot be understood.  Whoever has no row
    has no cells; only the duties that are listed are there, and without a sheet
    Jeopardy backup is open.
    """
    return _read(OpenedWorkbook(path, lenient=True), problem)


def _read(book: OpenedWorkbook, problem: Problem) -> ReadBack:
    faults = book.faults
    sheet = book.sheet(SHEET)
    if sheet is None:
        faults.at_file(f"has no sheet {SHEET}", "give the sheet its name back")
    _refuse_public(book, sheet)
    retired = retired_codes(problem, book.sheet(legend.SHEET)) if faults.lenient else frozenset()
    codes = Codes(problem, faults, retired)
    read = read_cells(problem, sheet, codes, faults)
    cells = {index: [meaning.code for meaning in row] for index, row in read.meanings.items()}
    found = read_layers(problem, book.sheet(layers.SHEET), read.ids, codes, faults)
    duties = read_duties(problem, cells, book.sheet(holidays.SHEET), codes, faults)
    divided = read_teams(problem, cells, book.sheet(teams.SHEET), codes, faults)
    named = book.sheet(jeopardy.SHEET)
    backups = read_backups(problem, named, faults)
    faults.stop_if_any()
    empty = ["" for _ in problem.calendar.parts]
    rows = [cells.get(resident.index, empty) for resident in problem.residents]
    schedule = Schedule(
        tuple(map(tuple, rows)),
        _grids(problem, rows, found),
        duties,
        divided.teams,
        backups,
        backups_open=faults.lenient and named is None,
    )
    return ReadBack(
        file=faults.file,
        schedule=schedule,
        undecided=_undecided(read),
        locks=found.locks,
        locked=found.locked,
        vacated=found.vacated,
        rows=read.rows,
        columns=read.columns,
        missing=tuple(r.index for r in problem.residents if r.index not in cells),
        gone=read.gone,
        retired=retired,
        notes=tuple(faults.notes),
        team_locks=divided.locked,
    )


def _refuse_public(book: OpenedWorkbook, schedule: ReadSheet) -> None:
    """A public copy has neither vacation nor locks: whatever was said of it would be wrong."""
    told = book.sheet(about.SHEET)
    tops = [schedule.text(0, 0)] if schedule.rows and schedule.rows[0] else []
    tops += [told.text(row, 0) for row in range(len(told.rows))] if told else []
    if any(text.startswith(PUBLIC) for text in tops):
        book.faults.at_file(
            "is a public copy (vacation and leave read OFF, locks are left out) and cannot be "
            "audited or started from",
            "use the full workbook, written without --public",
        )


def _undecided(read: ReadCells) -> dict[Key, frozenset[str]]:
    return {
        (index, part): meaning.allowed
        for index, row in read.meanings.items()
        for part, meaning in enumerate(row)
        if meaning.allowed is not None
    }


def _grids(problem: Problem, rows: Sequence[Sequence[str]], found: Layers) -> tuple[str, ...]:
    people = zip(problem.residents, rows, strict=True)
    return tuple(_grid(problem, r, row, found.grids.get(r.index)) for r, row in people)


def _grid(problem: Problem, resident: Resident, row: Sequence[str], known: str | None) -> str:
    """The grid it was written with if the cells still fit; else the first candidate they fit."""
    candidates = problem.candidate_grids(resident)
    if known in resident.grids:
        candidates = tuple(sorted(candidates, key=lambda grid: grid.name != known))
    fitting = [grid.name for grid in candidates if _fits(problem, grid, row)]
    return fitting[0] if fitting else candidates[0].name


def _fits(problem: Problem, grid: Grid, row: Sequence[str]) -> bool:
    """Whether every block has one rotation, the assigned one where the grid says so."""
    for block in grid.blocks:
        codes = {row[part] for part in block.parts} & problem.rotations.keys()
        if len(codes) > 1 or (block.assigned and codes - {block.assigned}):
            return False
    return True
