"""The Jeopardy sheet: who is named as backup in which week; read back with the schedule."""

from __future__ import annotations

from scheduler.rules.backups import backup_grants
from scheduler.workbook.book import PLAIN, Book, Look
from scheduler.workbook.layout import Layout
from scheduler.workbook.sheets.schedule import band
from scheduler.workbook.sheets.teams import CENTRED, DATES, NEW

SHEET = "Jeopardy"
TITLES = ("Id", "Name", "PGY", "Week", "From", "To", "Works on")
_CENTRED = (*DATES, "PGY", "Week")
_WEEK = TITLES.index("Week")


def write_jeopardy(book: Book, layout: Layout) -> None:
    """A row for every week and person named; no sheet where no rule names anybody."""
    problem, schedule = layout.problem, layout.schedule
    if not backup_grants(problem):
        return
    sheet = book.sheet(SHEET, tab="FFC000")
    sheet.header(0, TITLES)
    place = {resident.index: number for number, resident in enumerate(layout.order)}
    named = sorted(schedule.backups, key=lambda key: (key[1], place[key[0]]))
    before = -1
    for row, (index, number) in enumerate(named, start=1):
        resident, week = problem.residents[index], problem.calendar.weeks[number]
        cells = [schedule.cells[index][part] for part in problem.calendar.parts_of_week[number]]
        edge = NEW if number != before else PLAIN
        group: Look = {**edge, "bg_color": band(resident)}
        before = number
        values = (resident.id, resident.name, resident.pgy, week.number, week.first, week.last)
        for column, value in enumerate((*values, ", ".join(dict.fromkeys(cells)))):
            centred = CENTRED if TITLES[column] in _CENTRED else PLAIN
            sheet.put(row, column, value, {**(group if column < _WEEK else edge), **centred})
    last = max(1, len(named))
    sheet.widths((10, 30, 6, 7, 14, 14, 14))
    sheet.raw.freeze_panes(1, 2)
    sheet.raw.autofilter(0, 0, last, len(TITLES) - 1)
    sheet.page((0, 0), portrait=True)
