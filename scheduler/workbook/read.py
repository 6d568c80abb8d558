"""Reading a workbook back, after whatever people did to it; judges no rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scheduler.problem.grid import Grid
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.schedule.schedule import Schedule
from scheduler.workbook.reading.holidays import read_duties
from scheduler.workbook.reading.jeopardy import read_backups
from scheduler.workbook.reading.layers import read_layers
from scheduler.workbook.reading.opened import OpenedWorkbook
from scheduler.workbook.reading.schedule import SHEET, read_cells
from scheduler.workbook.reading.teams import read_teams
from scheduler.workbook.sheets import holidays, jeopardy, layers, teams

Key = tuple[int, int]


@dataclass(frozen=True)
class ReadBack:
    """What a workbook holds; keys are (resident index, part index).

    ``schedule`` has '' in empty and half-decided cells; ``undecided`` maps the
    half-decided ones ('WARD, MICU', '!MICU') to the codes they leave open.
    ``locks`` maps locked cells to the lock's text, ``vacated`` the cells of
    wholly vacated blocks to the rotations they allow.  ``team_locks`` maps cells to
    the team that a person locked there.
    """

    schedule: Schedule
    undecided: Mapping[Key, frozenset[str]]
    locks: Mapping[Key, str]
    vacated: Mapping[Key, frozenset[str]]
    team_locks: Mapping[Key, str] = field(default_factory=dict)


def read_workbook(path: Path, problem: Problem) -> ReadBack:
    """The schedule in ``path``; raises BadInput with every fault, each by its cell."""
    book = OpenedWorkbook(path)
    sheet = book.sheet(SHEET)
    if sheet is None:
        book.faults.at_file(f"has no sheet {SHEET}", "give the sheet its name back")
    meanings = read_cells(problem, sheet, book.faults)
    cells = {index: [meaning.code for meaning in row] for index, row in meanings.items()}
    found = read_layers(problem, book.sheet(layers.SHEET), book.faults)
    duties = read_duties(problem, cells, book.sheet(holidays.SHEET), book.faults)
    divided = read_teams(problem, cells, book.sheet(teams.SHEET), book.faults)
    backups = read_backups(problem, book.sheet(jeopardy.SHEET), book.faults)
    book.faults.stop_if_any()
    schedule = Schedule(
        tuple(tuple(cells[r.index]) for r in problem.residents),
        tuple(
            _grid(problem, r, cells[r.index], found.grids.get(r.index)) for r in problem.residents
        ),
        duties,
        divided.teams,
        backups,
    )
    undecided = {
        (index, part): meaning.allowed
        for index, row in meanings.items()
        for part, meaning in enumerate(row)
        if meaning.allowed is not None
    }
    return ReadBack(schedule, undecided, found.locks, found.vacated, divided.locked)


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
