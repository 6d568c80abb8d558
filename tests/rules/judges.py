"""The two judges of a schedule: the audit, and the model with the schedule fixed.

The model's judge fixes the columns that a schedule decides and minimises the
rest exactly; it uses the year's model and CP-SAT, nothing of the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from scheduler.audit.audit import audit
from scheduler.audit.structure import audit_structure
from scheduler.audit.violation import Violation
from scheduler.model.block import BlockModel, GridModel
from scheduler.model.teams import TeamModel
from scheduler.model.year import YearModel
from scheduler.problem.grid import Block
from scheduler.problem.holiday import HolidayStatus
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.problem.rotation import AWAY, LEAVE, VACATION
from scheduler.schedule.schedule import HolidayDuty, Schedule
from tests.rules.rest import Integers, groups_of, matrix_of, minimum_of

Build = Callable[[Problem, bool], YearModel]


# -- the audit ------------------------------------------------------------------------


def audit_verdict(problem: Problem, schedule: Schedule) -> int | None:
    """The audited cost; None if the schedule breaks a hard rule or its own form."""
    report = audit(problem, schedule)
    return None if report.hard_violations else report.cost


def relaxed_audit_verdict(problem: Problem, schedule: Schedule) -> int | None:
    """What a relaxed model should charge: amount times ``give`` over all hard rules.

    None where the form is broken, or a rule excludes a code that the schedule takes
    though it leaves others.
    """
    if takes_excluded(problem, schedule) or form_faults(problem, schedule):
        return None
    return sum(
        violation.amount * bound.rule.give
        for bound in problem.rules
        if bound.rule.hard
        for violation in bound.rule.audit(schedule, bound.scope(problem))
    )


def takes_excluded(problem: Problem, schedule: Schedule) -> bool:
    """Whether a cell holds a code that hard rules keep out of its block, leaving others there."""
    for resident in problem.residents:
        row = schedule.cells[resident.index]
        for block in problem.grids[schedule.grids[resident.index]].blocks:
            everything, left = _codes(problem, resident, block)
            if left and not left.issuperset(everything & {row[part] for part in block.parts}):
                return True
    return False


def _codes(problem: Problem, resident: Resident, block: Block) -> tuple[set[str], set[str]]:
    """The codes of a block before and after hard rules exclude some."""
    everything = {block.assigned} if block.assigned else set(problem.rotations)
    left = set(everything)
    for bound in problem.rules:
        if bound.rule.hard and resident.index in bound.residents:
            left -= bound.rule.excluded(bound.scope(problem), resident, block)
    return everything, left


def form_faults(problem: Problem, schedule: Schedule) -> list[Violation]:
    """Findings about the form that stand even where rules give.

    A block wholly on vacation is none, where hard rules exclude all its codes but
    some of these allow vacation: then the rules give, not the form.
    """
    found = audit_structure(problem, schedule)
    return [one for one in found if not _gives(problem, schedule, one)]


def _gives(problem: Problem, schedule: Schedule, found: Violation) -> bool:
    if "vacation in all of block" not in found.message:
        return False
    resident = problem.residents[found.resident or 0]
    grid = problem.grids[schedule.grids[resident.index]]
    everything, left = _codes(problem, resident, grid.blocks[grid.block_at[found.parts[0]]])
    return not left and any(problem.rotations[code].vacation for code in everything)


# -- the model ------------------------------------------------------------------------


class ModelJudge:
    """The model of one problem, ready to judge any number of its schedules."""

    def __init__(self, problem: Problem, relaxed: bool = False, build: Build = YearModel) -> None:
        self.year = build(problem, relaxed)
        linear = self.year.linear
        self.decided_columns = decided_columns(self.year)
        decided = np.zeros(len(linear.lower), dtype=bool)
        decided[self.decided_columns] = True
        self._matrix = matrix_of(linear)
        self._groups = list(groups_of(linear, self._matrix, np.flatnonzero(~decided)))
        self._closed_rows = np.ones(len(linear.row_lower), dtype=bool)
        for group in self._groups:
            self._closed_rows[group.rows] = False
        self._row_lower = np.array(linear.row_lower, dtype=np.int64)
        self._row_upper = np.array(linear.row_upper, dtype=np.int64)
        self._cost = np.array(linear.cost, dtype=np.int64)

    def verdict(self, schedule: Schedule) -> int | None:
        """The least cost with this schedule's columns fixed; None if it is infeasible."""
        cost = self._year_verdict(schedule)
        if cost is None or not self.year.problem.teams:
            return None if schedule.teams else cost
        teams = team_verdict(self.year.problem, schedule, self.year.relaxed)
        return None if teams is None else cost + teams

    def _year_verdict(self, schedule: Schedule) -> int | None:
        values = decided_values(self.year, schedule)
        if values is None or self.year.linear.infeasible:
            return None
        used = self._matrix @ values
        holds = (self._row_lower <= used) & (used <= self._row_upper)
        if not holds[self._closed_rows].all():
            return None
        total = int(self._cost @ values) + self.year.offset
        for group in self._groups:
            cost = group.least_cost(used)
            if cost is None:
                return None
            total += cost
        return total


def team_verdict(problem: Problem, schedule: Schedule, relaxed: bool = False) -> int | None:
    """The second pass with the schedule's teams fixed; None where it has no such division."""
    model = TeamModel(problem, schedule, relaxed)
    values = team_values(model, schedule)
    if values is None:
        return None
    for column, value in enumerate(values):
        model.linear.lower[column] = model.linear.upper[column] = value
    for column in range(len(values), len(model.linear.lower)):
        assert model.linear.lower[column] <= model.linear.upper[column]
    cost = None if model.linear.infeasible else minimum_of(model.linear)[0]
    return None if cost is None else cost + model.offset


def team_values(model: TeamModel, schedule: Schedule) -> list[int] | None:
    """The value of each stay's columns, which are the first; None if they cannot say the teams."""
    values = [0] * sum(len(stay.columns) for stay in model.stays)
    left = dict(schedule.teams)
    for stay in model.stays:
        teams = {left.pop((stay.resident, part), "") for part in stay.parts}
        team = teams.pop()
        if teams or team not in stay.columns:
            return None
        values[stay.columns[team]] = 1
    return None if left else values


def model_verdict(problem: Problem, schedule: Schedule, relaxed: bool = False) -> int | None:
    """The model's verdict on one schedule; for many, keep a :class:`ModelJudge`."""
    return ModelJudge(problem, relaxed).verdict(schedule)


def best_cost(year: YearModel, presolve: bool = True) -> tuple[int | None, list[int]]:
    """The optimum of the whole model by CP-SAT, with the values of its columns."""
    if year.linear.infeasible:
        return None, []
    cost, values = minimum_of(year.linear, presolve)
    return (None if cost is None else cost + year.offset), values


# -- from a schedule to columns ---------------------------------------------------------


def decided_columns(year: YearModel) -> list[int]:
    """The columns that the cells, duties and backup weeks of a schedule decide."""
    found = [c for weeks in year.vacation_columns for c in weeks.values()]
    found += [*year.holidays.off_columns.values(), *year.holidays.pull_columns.values()]
    found += year.backups.columns.values()
    for grid in (grid for grids in year.grids for grid in grids):
        found += grid.chosen.terms
        for block in grid.blocks:
            found += block.choices.values()
            found += [] if block.vacated is None else [block.vacated]
            found += [c for group in block.classes for c in group.weeks.values()]
    return found


def decided_values(year: YearModel, schedule: Schedule) -> Integers | None:
    """The values of all columns a schedule decides (others 0); None if a column is missing."""
    taken: list[int] = []
    for resident in year.problem.residents:
        columns = resident_columns(year, resident, schedule)
        if columns is None:
            return None
        taken += columns
    for (resident_index, holiday), duty in schedule.duties.items():
        if duty.status != HolidayStatus.ON_SERVICE:
            column = _duty_column(year, resident_index, holiday, duty)
            if column is None:
                return None
            taken.append(column)
    if not schedule.backups <= year.backups.columns.keys():
        return None
    taken += [year.backups.columns[key] for key in schedule.backups]
    values = np.zeros(len(year.linear.lower), dtype=np.int64)
    values[taken] = 1
    return values


def _duty_column(year: YearModel, resident: int, holiday: str, duty: HolidayDuty) -> int | None:
    if duty.status == HolidayStatus.OFF:
        return year.holidays.off_columns.get((resident, holiday))
    return year.holidays.pull_columns.get((resident, holiday, duty.service))


def resident_columns(year: YearModel, resident: Resident, schedule: Schedule) -> list[int] | None:
    """The columns that a resident's cells take; None if one is missing."""
    row = schedule.cells[resident.index]
    name = schedule.grids[resident.index]
    grid = next((one for one in year.grid_models(resident) if one.grid.name == name), None)
    vacation = _vacation_weeks(year, resident, row)
    if grid is None or vacation is None or not _overlays_fit(resident, row):
        return None
    known = year.vacation_columns[resident.index]
    if not vacation <= known.keys():
        return None
    taken = [*grid.chosen.terms, *(known[week] for week in vacation)]
    return _block_columns(year, grid, resident, row, taken)


def _block_columns(
    year: YearModel, grid: GridModel, resident: Resident, row: Sequence[str], taken: list[int]
) -> list[int] | None:
    for block in grid.blocks:
        parts = [part for part in block.block.parts if part in resident.available]
        away = {year.problem.calendar.parts[p].week for p in parts if row[p] == VACATION}
        columns = _columns_of_block(block, [row[p] for p in parts], away)
        if columns is None:
            return None
        taken += columns
    return taken


def _overlays_fit(resident: Resident, row: Sequence[str]) -> bool:
    return all(
        (code == AWAY) == (part not in resident.present)
        and (code == LEAVE) == (part in resident.leave)
        for part, code in enumerate(row)
    )


def _vacation_weeks(year: YearModel, resident: Resident, row: Sequence[str]) -> set[int] | None:
    """The weeks wholly on vacation; None if some week is only partly so."""
    calendar = year.problem.calendar
    weeks = {calendar.parts[p].week for p, code in enumerate(row) if code == VACATION}
    whole = all(row[p] == VACATION for week in weeks for p in calendar.parts_of_week[week])
    return weeks if whole else None


def _columns_of_block(
    block: BlockModel, cells: Sequence[str], vacation: Iterable[int]
) -> list[int] | None:
    codes = {code for code in cells if code != VACATION}
    if not cells:
        return []
    if not codes:
        return None if block.vacated is None else [block.vacated]
    code = min(codes)
    if len(codes) > 1 or code not in block.choices:
        return None
    group = next((one for one in block.classes if code in one.codes), None)
    columns = [group.weeks.get(week) if group else None for week in vacation]
    found = [block.choices[code], *(c for c in columns if c is not None)]
    return found if len(found) == 1 + len(columns) else None
