"""The Holidays sheet: what each person does in each holiday; read back with the schedule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scheduler.problem.holiday import Holiday, HolidayStatus
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.problem.rotation import OVERLAY_CODES
from scheduler.schedule.schedule import HolidayDuty
from scheduler.workbook.book import Book
from scheduler.workbook.layout import Layout
from scheduler.workbook.legend import Entry

SHEET = "Holidays"
TITLES = ("Id", "Name", "Holiday", "Status", "Service")
#: Percent, on paper: a long list of short lines.
_SCALE = 60
#: Lines that are printed: all of a small program's, one page of a large one's.
_ON_PAPER = 75
_INSTEAD = "On paper see Per holiday."
#: Said of somebody who works a holiday they worked last year.
AGAIN = ", again"
_LOOKS = {
    HolidayStatus.OFF: {"bg_color": "E2EFDA", "font_color": "375623"},
    HolidayStatus.PULLED: {"bg_color": "FFE699", "font_color": "7F6000"},
}


@dataclass(frozen=True)
class HolidayTable:
    """Where the columns of the Holidays sheet stand; ``titles`` are shown for names."""

    titles: Mapping[str, str]
    rows: int

    @property
    def ids(self) -> str:
        return self._range("A")

    @property
    def names(self) -> str:
        return self._range("C")

    @property
    def statuses(self) -> str:
        return self._range("D")

    def _range(self, column: str) -> str:
        return f"{SHEET}!${column}$2:${column}${max(2, self.rows + 1)}"


def holiday_titles(problem: Problem) -> dict[str, str]:
    """What each holiday is called on the sheet: its title, or its name where titles repeat."""
    titles = [holiday.title for holiday in problem.holidays]
    return {
        holiday.name: holiday.title if titles.count(holiday.title) == 1 else holiday.name
        for holiday in problem.holidays
    }


def holiday_table(layout: Layout) -> HolidayTable:
    return HolidayTable(holiday_titles(layout.problem), len(list(_rows(layout))))


def _rows(layout: Layout) -> Iterator[tuple[Holiday, Resident, HolidayDuty]]:
    duties = layout.schedule.duties
    for holiday in layout.problem.holidays:
        for resident in layout.order:
            duty = duties.get((resident.index, holiday.name))
            if duty is not None and not _is_elsewhere(layout, holiday, resident, duty):
                yield holiday, resident, duty


def _is_elsewhere(layout: Layout, holiday: Holiday, resident: Resident, duty: HolidayDuty) -> bool:
    """Whoever is away, on leave or on vacation in the whole of a holiday has no part in it."""
    row = layout.schedule.cells[resident.index]
    overlaid = all(row[part] in OVERLAY_CODES for part in holiday.parts)
    return overlaid and duty.status is HolidayStatus.ON_SERVICE


def _service(layout: Layout, holiday: Holiday, resident: Resident, duty: HolidayDuty) -> str:
    """Where somebody serves: on the days of a block's end and the next one's start, on both."""
    if duty.status is not HolidayStatus.ON_SERVICE:
        return duty.service
    row = layout.schedule.cells[resident.index]
    own = dict.fromkeys(row[part] for part in holiday.parts if row[part] not in OVERLAY_CODES)
    return ", ".join(own)


def holiday_words(layout: Layout, last_year: bool) -> dict[tuple[int, str], str]:
    """(resident index, holiday) to 'off', 'MICU' or 'pulled: MICU', in the order of the sheet.

    With ``last_year`` it tells who works again what they worked then.
    """
    return {
        (resident.index, holiday.name): _words(
            duty.status,
            _service(layout, holiday, resident, duty),
            last_year and holiday.name in resident.worked_holidays,
        )
        for holiday, resident, duty in _rows(layout)
    }


def _words(status: HolidayStatus, service: str, again: bool) -> str:
    if status is HolidayStatus.OFF:
        return status.value
    pulled = f"{status.value}: " if status is HolidayStatus.PULLED else ""
    return f"{pulled}{service}{AGAIN if again else ''}"


def write_holidays(book: Book, layout: Layout, entries: tuple[Entry, ...]) -> None:
    """A row for every person and holiday, with dropdowns for status and service."""
    sheet = book.sheet(SHEET, tab="70AD47")
    titles = holiday_titles(layout.problem)
    sheet.header(0, TITLES)
    last = 1
    for row, (holiday, resident, duty) in enumerate(_rows(layout), start=1):
        service = _service(layout, holiday, resident, duty)
        texts = (resident.id, resident.name, titles[holiday.name], duty.status.value, service)
        for column, text in enumerate(texts):
            sheet.text(row, column, text)
        last = row
    sheet.word_colours((1, 3, last, 3), {s.value: look for s, look in _LOOKS.items()})
    statuses = [status.value for status in HolidayStatus]
    sheet.raw.data_validation(1, 3, last, 3, {"validate": "list", "source": statuses})
    sheet.raw.data_validation(
        1,
        4,
        last,
        4,
        {
            "validate": "list",
            "source": f"=Legend!$A$2:$A${len(entries) + 1}",
            "error_type": "warning",
            "error_title": "Not in the legend",
            "error_message": "Codes stand on the sheet Legend.",
        },
    )
    sheet.widths((10, 30, 26, 14, 12))
    sheet.raw.freeze_panes(1, 2)
    sheet.raw.autofilter(0, 0, last, len(TITLES) - 1)
    sheet.page((0, 0), portrait=True)
    sheet.raw.set_print_scale(_SCALE)
    sheet.first_lines(0, last, len(TITLES), _ON_PAPER, _INSTEAD)
