"""Writing a schedule as an Excel workbook, whole or not at all; judges nothing itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from scheduler.audit.audit import AuditReport
from scheduler.problem.problem import Problem
from scheduler.problem.rotation import VACATION
from scheduler.schedule.schedule import Schedule
from scheduler.workbook.book import Book, Sheet
from scheduler.workbook.changes import Changes
from scheduler.workbook.counters import counters
from scheduler.workbook.coverage import coverage_rows
from scheduler.workbook.facts import RunFacts
from scheduler.workbook.layers import locked, one_of, vacated
from scheduler.workbook.layout import Layout
from scheduler.workbook.legend import Entry, legend
from scheduler.workbook.marks import marks
from scheduler.workbook.opens import open_rows
from scheduler.workbook.owed import Shown, owed
from scheduler.workbook.public import public_book
from scheduler.workbook.sheets.about import write_about
from scheduler.workbook.sheets.changes import write_changes
from scheduler.workbook.sheets.charts import Pictured, plan_charts, write_charts
from scheduler.workbook.sheets.checks import write_checks
from scheduler.workbook.sheets.coverage import plan_levels, write_coverage
from scheduler.workbook.sheets.fairness import write_fairness
from scheduler.workbook.sheets.holidays import holiday_table, write_holidays
from scheduler.workbook.sheets.jeopardy import write_jeopardy
from scheduler.workbook.sheets.layers import write_layers
from scheduler.workbook.sheets.legend import write_legend
from scheduler.workbook.sheets.long import write_long
from scheduler.workbook.sheets.per_block import write_per_block
from scheduler.workbook.sheets.per_holiday import write_per_holiday
from scheduler.workbook.sheets.per_requirement import write_per_requirement
from scheduler.workbook.sheets.per_resident import write_per_resident
from scheduler.workbook.sheets.per_rotation import write_per_rotation
from scheduler.workbook.sheets.print_view import write_print
from scheduler.workbook.sheets.requests import request_lines, wishes_of, write_requests
from scheduler.workbook.sheets.requirements import write_requirements
from scheduler.workbook.sheets.schedule import hide_helpers, write_people
from scheduler.workbook.sheets.schedule_counters import (
    CounterBlock,
    check_column,
    plan_counters,
    plan_limits,
    write_counters,
    write_tallies,
)
from scheduler.workbook.sheets.schedule_coverage import (
    plan_coverage,
    write_coverage_rows,
    write_selections,
)
from scheduler.workbook.sheets.schedule_held import write_held
from scheduler.workbook.sheets.schedule_notes import write_notes, write_now
from scheduler.workbook.sheets.schedule_standing import write_standing
from scheduler.workbook.sheets.teams import write_teams
from scheduler.workbook.target import write_whole
from scheduler.workbook.why import Reasons
from scheduler.workbook.yardstick import yardstick


@dataclass(frozen=True)
class Written:
    """A finished workbook and the number of its live formulas."""

    content: bytes
    formulas: int


def write_workbook(
    path: Path,
    problem: Problem,
    schedule: Schedule,
    report: AuditReport,
    facts: RunFacts,
    force: bool = False,
) -> Path | None:
    """Write ``schedule`` to ``path``; raises :class:`~scheduler.workbook.target.TargetError`.

    An existing file is replaced only with ``force``, and only by a finished one; it stays
    beside the new one under a dated name, which is returned.
    """
    content = make_workbook(problem, schedule, report, facts).content
    return write_whole(path, content, force, keep=True)


def make_workbook(
    problem: Problem, schedule: Schedule, report: AuditReport, facts: RunFacts
) -> Written:
    """The workbook in memory; OPEN rows are added where the schedule is not valid."""
    if facts.public:
        shared = public_book(problem, schedule, facts)
        return Written(shared.content(), shared.formulas)
    opens = () if facts.is_valid else open_rows(problem, schedule)
    layout = Layout(problem, schedule, opens)
    shown = Shown(problem, schedule)
    lines = owed(problem, schedule, shown)
    block = plan_counters(layout, counters(lines))
    last_shown = layout.last_column
    block = plan_limits(layout, block)
    rows = coverage_rows(problem)
    if any(row.held for row in rows) or any(one.count.held for one in block.counters):
        layout.take_held()
    coverage = plan_coverage(layout, rows)
    plan_levels(layout)
    pictured = plan_charts(layout, lines)
    entries, locks = legend(problem), locked(problem)
    book = Book(problem.name, facts.written, facts.stamp)
    sheet = book.sheet("Schedule", tab="1F3864" if facts.is_valid else "C00000")
    found, below = marks(report), len(coverage.rows)
    write_people(sheet, layout, facts, entries, locks, holiday_table(layout), below, found)
    astray = write_counters(sheet, layout, block, entries, shown)
    _write_looked_up(sheet, layout, block, pictured)
    write_coverage_rows(sheet, layout, coverage)
    write_notes(sheet, layout, coverage, found)
    write_now(sheet, layout, coverage, check_column(layout), astray)
    hide_helpers(sheet, layout, last_shown)
    write_coverage(book, layout, coverage, entries)
    write_print(book, layout, facts, entries)
    write_per_rotation(book, layout, entries)
    write_per_block(book, layout, entries)
    counted = list(zip(coverage.rows, coverage.counts, strict=True))
    asked = request_lines(layout, facts.declined, Reasons(problem, schedule, counted))
    write_per_resident(book, layout, entries, lines, VACATION, wishes_of(layout, asked))
    write_requirements(book, layout, lines)
    write_per_requirement(book, layout, lines)
    write_fairness(book, report.fairness)
    write_charts(book, layout, coverage, pictured, lines)
    write_requests(book, layout, asked)
    _write_duties(book, layout, entries)
    write_checks(book, problem, report)
    changes = None if facts.earlier is None else Changes(problem, facts.earlier, schedule)
    if changes is not None:
        write_changes(book, layout, changes, facts.previous)
    write_legend(book, entries)
    write_long(book, problem, schedule)
    moved = "" if changes is None else changes.words(facts.previous, report)
    write_about(book, problem, report, facts, yardstick(problem), moved)
    free = {key: one_of(codes) for key, codes in vacated(problem, schedule).items()}
    write_layers(book, layout, locks, free)
    return Written(book.content(), book.formulas)


def _write_looked_up(sheet: Sheet, layout: Layout, block: CounterBlock, pictured: Pictured) -> None:
    """The columns, out of sight, that formulas only look up."""
    write_tallies(sheet, layout, block, pictured.tallies)
    write_selections(sheet, layout)
    write_held(sheet, layout)
    write_standing(sheet, layout, block.spans)


def _write_duties(book: Book, layout: Layout, entries: tuple[Entry, ...]) -> None:
    """What people do beside their weeks: holidays, backup, teams."""
    write_holidays(book, layout, entries)
    write_per_holiday(book, layout)
    write_jeopardy(book, layout)
    write_teams(book, layout, entries)
