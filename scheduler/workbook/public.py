"""The workbook for everyone: who is where, and nothing that is private; cannot be audited."""

from __future__ import annotations

from dataclasses import replace

from scheduler.problem.problem import Problem
from scheduler.problem.rotation import LEAVE, VACATION
from scheduler.schedule.schedule import Schedule
from scheduler.workbook.book import Book
from scheduler.workbook.facts import RunFacts
from scheduler.workbook.layout import Layout
from scheduler.workbook.legend import OFF, public_legend
from scheduler.workbook.opens import open_rows
from scheduler.workbook.sheets.about import write_public_about
from scheduler.workbook.sheets.holidays import holiday_table, write_holidays
from scheduler.workbook.sheets.legend import write_legend
from scheduler.workbook.sheets.long import write_long
from scheduler.workbook.sheets.per_block import write_per_block
from scheduler.workbook.sheets.per_holiday import write_per_holiday
from scheduler.workbook.sheets.per_resident import write_per_resident
from scheduler.workbook.sheets.per_rotation import write_per_rotation
from scheduler.workbook.sheets.print_view import write_print
from scheduler.workbook.sheets.schedule import write_people


def masked(schedule: Schedule) -> Schedule:
    """``schedule`` with one code for vacation and leave, which nobody can tell apart."""
    rows = (
        tuple(OFF if code in (VACATION, LEAVE) else code for code in row) for row in schedule.cells
    )
    return replace(schedule, cells=tuple(rows))


def public_book(problem: Problem, schedule: Schedule, facts: RunFacts) -> Book:
    """The sheets meant for everyone; no locks, no layers, no counters, no rules."""
    opens = () if facts.is_valid else open_rows(problem, schedule)
    # Sheets that show no time off take the true cells, which know where a stay goes on.
    true, shown = (Layout(problem, one, opens) for one in (schedule, masked(schedule)))
    entries = public_legend(problem)
    book = Book(problem.name, facts.written, facts.stamp)
    sheet = book.sheet("Schedule", tab="1F3864" if facts.is_valid else "C00000")
    write_people(sheet, shown, facts, entries, {}, holiday_table(true), 0)
    write_print(book, shown, facts, entries)
    write_per_rotation(book, true, entries)
    write_per_block(book, shown, entries)
    write_per_resident(book, shown, entries, (), OFF)
    write_holidays(book, true, entries)
    write_per_holiday(book, true, last_year=False)
    write_legend(book, entries)
    write_long(book, problem, shown.schedule)
    write_public_about(book, problem, facts)
    return book
