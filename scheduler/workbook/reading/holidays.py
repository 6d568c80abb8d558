"""The Holidays sheet read back: each person's duty in each holiday."""

from __future__ import annotations

from scheduler.input.faults import did_you_mean, quoted
from scheduler.problem.holiday import Holiday, HolidayStatus
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.schedule.schedule import HolidayDuty
from scheduler.workbook.reading.codes import Codes
from scheduler.workbook.reading.opened import ReadSheet, WorkbookFaults
from scheduler.workbook.reading.people import People, Place, is_open_row
from scheduler.workbook.sheets.holidays import SHEET, TITLES, holiday_titles

Duties = dict[tuple[int, str], HolidayDuty]


def read_duties(
    problem: Problem,
    cells: dict[int, list[str]],
    sheet: ReadSheet | None,
    codes: Codes,
    faults: WorkbookFaults,
) -> Duties:
    """A duty for every resident and holiday; who is not listed is on their own service.

    Leniently only the duties that are listed.
    """
    found = _listed(problem, sheet, codes, faults) if sheet is not None and problem.holidays else {}
    if faults.lenient:
        return found
    duties: Duties = {}
    for holiday in problem.holidays:
        for resident in problem.residents:
            duty = found.get((resident.index, holiday.name))
            if duty is None or duty.status is HolidayStatus.ON_SERVICE:
                row = cells.get(resident.index, [])
                own = row[holiday.parts[0]] if row and holiday.parts else ""
                duty = HolidayDuty(HolidayStatus.ON_SERVICE, own)
            duties[resident.index, holiday.name] = duty
    return duties


def _listed(problem: Problem, sheet: ReadSheet, codes: Codes, faults: WorkbookFaults) -> Duties:
    header = sheet.find_header(*TITLES)
    if header is None:
        faults.at_sheet(SHEET, f"no row holds the titles {', '.join(TITLES)}", "put them back")
        return {}
    top, titles = header
    reader = _Reader(problem, sheet, titles, codes, faults)
    found: Duties = {}
    for row in range(top + 1, len(sheet.rows)):
        line = reader.read(row)
        if line is None:
            continue
        resident, holiday, duty = line
        if (resident.index, holiday.name) in found:
            what = f"{quoted(resident.id)} stands twice at {holiday.title}"
            reader.fault(row, "id", what, "remove one of the rows")
        found[resident.index, holiday.name] = duty
    return found


class _Reader:
    """Reads one row after the other of the Holidays sheet."""

    def __init__(
        self,
        problem: Problem,
        sheet: ReadSheet,
        titles: dict[str, int],
        codes: Codes,
        faults: WorkbookFaults,
    ) -> None:
        self._sheet, self._titles, self._faults = sheet, titles, faults
        self._people, self._codes = People(problem, faults), codes
        shown = holiday_titles(problem)
        self._holidays = {holiday.name.casefold(): holiday for holiday in problem.holidays}
        self._holidays |= {shown[h.name].casefold(): h for h in problem.holidays}
        self._names = list(shown.values())

    def read(self, row: int) -> tuple[Resident, Holiday, HolidayDuty] | None:
        """A row's resident, holiday and duty; None where it is empty or (with a fault) wrong."""
        id, name, shown, status, service = (self._text(row, t.casefold()) for t in TITLES)
        if is_open_row(id, name) or not (id or name):
            return None
        place = Place(SHEET, row, self._titles["name"], self._titles["id"])
        resident = self._people.find(place, id, name)
        holiday = self._holidays.get(shown.casefold())
        if holiday is None:
            self._unknown_holiday(row, shown)
        blank = self._faults.lenient and not status  # a duty that was cleared is undecided
        duty = None if blank else self._duty(row, status, service)
        if resident is None or holiday is None or duty is None:
            return None
        return resident, holiday, duty

    def _unknown_holiday(self, row: int, shown: str) -> None:
        todo = did_you_mean(shown, self._names)
        if self._faults.lenient and not todo.startswith("did you mean"):
            self._faults.note(f": {quoted(shown)} is no holiday of the program any more")
        else:
            self.fault(row, "holiday", f"{quoted(shown)} is not a holiday", todo)

    def _duty(self, row: int, status: str, service: str) -> HolidayDuty | None:
        known = {one.value: one for one in HolidayStatus}
        word = known.get(status.casefold())
        if word is None:
            todo = did_you_mean(status, known)
            self.fault(row, "status", f"{quoted(status)} is not a status", todo)
            return None
        if word is not HolidayStatus.PULLED:
            return HolidayDuty(word)
        if not service:
            self.fault(row, "service", "who is pulled needs a service", "write its code")
            return None
        meaning = self._codes.read(service, SHEET, row, self._titles["service"])
        return HolidayDuty(word, meaning.code)

    def fault(self, row: int, title: str, what: str, todo: str) -> None:
        self._faults.at_cell(SHEET, row, self._titles[title], what, todo)

    def _text(self, row: int, title: str) -> str:
        return self._sheet.text(row, self._titles[title])
