"""The Jeopardy sheet: who is named as backup in which week; read back with the schedule."""

from __future__ import annotations

from scheduler.rules.backups import backup_grants
from scheduler.workbook.book import MISSED, PLAIN, Book, Look, Sheet
from scheduler.workbook.layout import Layout
from scheduler.workbook.sheets.schedule import band
from scheduler.workbook.sheets.teams import CENTRED, DATES, NEW

SHEET = "Jeopardy"
TITLES = ("Id", "Name", "PGY", "Week", "From", "To", "Works on")
#: Stands where a person would work, in a row that holds no name yet.
NOBODY = "nobody is named"
_CENTRED = (*DATES, "PGY", "Week")
_WEEK = TITLES.index("Week")


def write_jeopardy(book: Book, layout: Layout) -> None:
    """A row for every week and person named, one to be filled for a week without any.

    No sheet where no rule names anybody.
    """
    if not backup_grants(layout.problem):
        return
    sheet = book.sheet(SHEET, tab="FFC000")
    sheet.header(0, TITLES)
    before, lines = -1, _lines(layout)
    for row, (number, index) in enumerate(lines, start=1):
        _write_row(sheet, layout, row, (number, index), NEW if number != before else PLAIN)
        before = number
    last = max(1, len(lines))
    sheet.widths((10, 30, 6, 7, 14, 14, 16))
    sheet.raw.freeze_panes(1, 2)
    sheet.raw.autofilter(0, 0, last, len(TITLES) - 1)
    sheet.page((0, 0), portrait=True)


def _lines(layout: Layout) -> list[tuple[int, int | None]]:
    """Week and resident of everybody named, week by week; None where nobody is but could be."""
    place = {resident.index: number for number, resident in enumerate(layout.order)}
    named = sorted((week, place[index]) for index, week in layout.schedule.backups)
    open_weeks = {week for _, week in backup_grants(layout.problem)} - {week for week, _ in named}
    lines: list[tuple[int, int | None]] = [(week, layout.order[at].index) for week, at in named]
    return sorted([*lines, *((week, None) for week in open_weeks)], key=lambda line: line[0])


def _write_row(
    sheet: Sheet, layout: Layout, row: int, line: tuple[int, int | None], edge: Look
) -> None:
    number, index = line
    calendar = layout.problem.calendar
    week = calendar.weeks[number]
    dates = (week.number, week.first, week.last)
    values: tuple[object, ...] = ("", "", "", *dates, NOBODY)
    group: Look = {**edge, **MISSED}
    if index is not None:
        resident = layout.problem.residents[index]
        cells = [layout.schedule.cells[index][part] for part in calendar.parts_of_week[number]]
        works = ", ".join(dict.fromkeys(cells))
        values = (resident.id, resident.name, resident.pgy, *dates, works)
        group = {**edge, "bg_color": band(resident)}
    for column, value in enumerate(values):
        centred = CENTRED if TITLES[column] in _CENTRED else PLAIN
        filled = column < _WEEK or value == NOBODY
        sheet.put(row, column, value, {**(group if filled else edge), **centred})
