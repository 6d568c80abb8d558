"""Which column of a sheet holds which part of the year, by the dates at their heads."""

from __future__ import annotations

from datetime import date

from scheduler.problem.problem import Problem
from scheduler.workbook.reading.opened import ReadSheet, WorkbookFaults, as_day


def part_columns(
    problem: Problem, sheet: ReadSheet, row: int, faults: WorkbookFaults
) -> dict[int, int]:
    """The column of each part, by the date at its head; faults where one is missing or doubled."""
    parts = {part.first: part.index for part in problem.calendar.parts}
    heads: dict[date, int] = {}
    for column, value in enumerate(sheet.rows[row]):
        day = as_day(value)
        if day is None:
            continue
        if day not in parts and not (faults.lenient and _in_year(problem, day)):
            faults.at_cell(
                sheet.name, row, column, f"{day} is no first day of a column", _todo(problem)
            )
        elif day in heads:
            faults.at_cell(
                sheet.name, row, column, f"{day} heads two columns", "remove one of them"
            )
        else:
            heads[day] = column
    found = found_columns(problem, heads, faults.lenient)
    missing = [day for day, index in parts.items() if index not in found]
    if len(missing) == len(parts):
        faults.at_sheet(sheet.name, "no column is headed by a date of this year", _todo(problem))
    elif missing:
        faults.at_sheet(sheet.name, f"no column for {_listed(missing)}", "put the date back")
    return found


def found_columns(problem: Problem, heads: dict[date, int], lenient: bool) -> dict[int, int]:
    """The column of each part that ``heads`` (columns by their dates) has one for.

    A week may be split elsewhere than on the day the sheet was written: leniently a
    part without a column of its own takes the last one before it in the same week.
    """
    found: dict[int, int] = {}
    for part in problem.calendar.parts:
        week = problem.calendar.weeks[part.week].first if lenient else part.first
        column = max((day for day in heads if week <= day <= part.first), default=None)
        if column is not None:
            found[part.index] = heads[column]
    return found


def _in_year(problem: Problem, day: date) -> bool:
    return problem.calendar.first <= day <= problem.calendar.last


def _todo(problem: Problem) -> str:
    return f"this program's year is {problem.calendar.first} to {problem.calendar.last}"


def _listed(days: list[date]) -> str:
    return ", ".join(map(str, days[:5])) + (f" and {len(days) - 5} more" if len(days) > 5 else "")
