"""From the values of a model's columns to a schedule."""

from __future__ import annotations

from collections.abc import Sequence

from scheduler.model.block import GridModel
from scheduler.model.year import YearModel
from scheduler.problem.holiday import HolidayStatus
from scheduler.problem.resident import Resident
from scheduler.problem.rotation import AWAY, LEAVE, VACATION
from scheduler.schedule.schedule import HolidayDuty, Schedule


def decode(year: YearModel, values: Sequence[int]) -> Schedule:
    """The schedule that integer column ``values`` describe."""
    cells: list[tuple[str, ...]] = []
    grids: list[str] = []
    for resident in year.problem.residents:
        chosen = _chosen(year, resident, values)
        grids.append(chosen.grid.name)
        cells.append(_cells(year, resident, chosen, values))
    backups = frozenset(key for key, column in year.backups.columns.items() if values[column])
    duties = _duties(year, values, cells)
    return Schedule(tuple(cells), tuple(grids), duties, backups=backups)


def _chosen(year: YearModel, resident: Resident, values: Sequence[int]) -> GridModel:
    for grid in year.grid_models(resident):
        if grid.chosen.constant or any(values[c] for c in grid.chosen.terms):
            return grid
    raise ValueError(f"no grid is chosen for {resident.id}")


def _cells(
    year: YearModel, resident: Resident, grid: GridModel, values: Sequence[int]
) -> tuple[str, ...]:
    vacation = {w for w, c in year.vacation_columns[resident.index].items() if values[c]}
    row: list[str] = []
    for part in year.problem.calendar.parts:
        block = grid.blocks[grid.grid.block_at[part.index]]
        if part.index not in resident.present:
            row.append(AWAY)
        elif part.index in resident.leave:
            row.append(LEAVE)
        elif part.week in vacation:
            row.append(VACATION)
        else:
            row.append(next((c for c, col in block.choices.items() if values[col]), ""))
    return tuple(row)


def _duties(
    year: YearModel, values: Sequence[int], cells: list[tuple[str, ...]]
) -> dict[tuple[int, str], HolidayDuty]:
    """A duty for every resident and holiday; without a column, on their own service."""
    duties: dict[tuple[int, str], HolidayDuty] = {}
    for holiday in year.problem.holidays:
        for resident in year.problem.residents:
            own = cells[resident.index][holiday.parts[0]] if holiday.parts else ""
            duties[resident.index, holiday.name] = HolidayDuty(HolidayStatus.ON_SERVICE, own)
    for (resident_index, name, service), column in year.holidays.pull_columns.items():
        if values[column]:
            duties[resident_index, name] = HolidayDuty(HolidayStatus.PULLED, service)
    for key, column in year.holidays.off_columns.items():
        if values[column]:
            duties[key] = HolidayDuty(HolidayStatus.OFF)
    return duties
