"""The Changes sheet: what is different from the earlier version, by person and by week."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from scheduler.problem.holiday import HolidayStatus
from scheduler.problem.resident import Resident
from scheduler.rules.words import ranges
from scheduler.schedule.changes import BackupChange, Change, TeamChange
from scheduler.schedule.schedule import HolidayDuty
from scheduler.workbook.book import GOOD, HEADER, MISSED, TITLE, Book, Look, Sheet
from scheduler.workbook.changes import Changes
from scheduler.workbook.layout import Layout
from scheduler.workbook.sheets.holidays import holiday_titles
from scheduler.workbook.sheets.schedule import band

SHEET = "Changes"
TITLES = ("Name", "PGY", "Track", "What", "Weeks", "From", "To", "Before", "Now", "Id")
WEEK_TITLES = ("People", "Week", "From", "To", "Who: before > now")
CHANGED, FILLED, HOLIDAY, ANEW = "changed", "filled", "holiday", "anew"
TEAM, BACKUP = "team", "backup"
_LOOKS: dict[str, Look] = {
    **dict.fromkeys((CHANGED, HOLIDAY, TEAM, BACKUP), MISSED),
    **dict.fromkeys((FILLED, ANEW), GOOD),
}
#: What a change of backup says before and now.
_NAMED, _NOT_NAMED = "named as backup", "not named"
_WIDTHS = (26, 8, 14, 11, 12, 12, 12, 26, 26, 9)
_WHAT, _WHO = 3, 7
#: Below the titles that are repeated on every page, where they fit: What, Weeks, From, To, Before.
_WEEK_COLUMNS = (_WHAT, 4, 5, 6, _WHO)
_CENTRED = (1, _WHAT, 4, 5, 6)
_HEADER_ROW, _FIRST_ROW = 2, 3

#: What, weeks, from, to, before and now.
Difference = tuple[str, str, date, date, str, str]
Line = tuple[str, int, str, str, str, date, date, str, str, str]


def write_changes(book: Book, layout: Layout, changes: Changes, file: str) -> None:
    """One row for every unbroken run of changed weeks, person by person; then week by week."""
    sheet = book.sheet(SHEET, tab="FFC000")
    sheet.text(0, 0, changes.words(file), TITLE)
    sheet.header(_HEADER_ROW, TITLES)
    row = _FIRST_ROW
    for resident in layout.order:
        for line in _lines(changes, resident):
            for column, value in enumerate(line):
                look: Look = {"bg_color": band(resident)} if column < _WHAT else {}
                centred: Look = {"align": "center"} if column in _CENTRED else {}
                sheet.put(row, column, value, {**look, **centred})
            row += 1
    last = max(_FIRST_ROW, row - 1)
    sheet.word_colours((_FIRST_ROW, _WHAT, last, _WHAT), _LOOKS)
    sheet.raw.autofilter(_HEADER_ROW, 0, last, len(TITLES) - 1)
    _write_weeks(sheet, last + 2, changes)
    sheet.widths(_WIDTHS)
    sheet.raw.freeze_panes(_FIRST_ROW, 1)
    sheet.page((_HEADER_ROW, _HEADER_ROW), 1)


def _lines(changes: Changes, resident: Resident) -> Iterator[Line]:
    calendar = changes.problem.calendar
    person = (resident.name, resident.pgy, resident.track)
    if resident.index in changes.anew:
        weeks = f"1-{len(calendar.weeks)}"
        yield (*person, ANEW, weeks, calendar.first, calendar.last, "", "", resident.id)
        return
    for what, runs in ((CHANGED, changes.cells), (FILLED, changes.filled)):
        for one in runs:
            if one.resident == resident.index:
                shown = [calendar.parts[part] for part in one.parts]
                weeks = ranges(sorted({part.week + 1 for part in shown}))
                dates = shown[0].first, shown[-1].last
                yield (*person, what, weeks, *dates, one.old, one.new, resident.id)
    titles = holiday_titles(changes.problem)
    for duty in changes.duties:
        if duty.resident == resident.index:
            holiday = changes.problem.holiday_by_name[duty.holiday]
            ends = holiday.ranges[0][0], holiday.ranges[-1][1]
            was, now = (f"{titles[duty.holiday]}: {_duty(one)}" for one in (duty.old, duty.new))
            yield (*person, HOLIDAY, "", *ends, was, now, resident.id)
    for line in (*_team_lines(changes, resident), *_backup_lines(changes, resident)):
        yield (*person, *line, resident.id)


def _team_lines(changes: Changes, resident: Resident) -> Iterator[Difference]:
    for one in changes.teams:
        if one.resident == resident.index:
            shown = [changes.problem.calendar.parts[part] for part in one.parts]
            weeks = ranges(sorted({part.week + 1 for part in shown}))
            was, now = (f"{one.service}: {team}" for team in (one.old, one.new))
            yield TEAM, weeks, shown[0].first, shown[-1].last, was, now


def _backup_lines(changes: Changes, resident: Resident) -> Iterator[Difference]:
    for one in changes.backups:
        if one.resident == resident.index:
            week = changes.problem.calendar.weeks[one.week]
            was, now = (_NOT_NAMED, _NAMED) if one.named else (_NAMED, _NOT_NAMED)
            yield BACKUP, str(week.number), week.first, week.last, was, now


def _duty(duty: HolidayDuty) -> str:
    called = duty.status == HolidayStatus.PULLED
    return f"{duty.status.value} to {duty.service}" if called else duty.status.value


def _write_weeks(sheet: Sheet, row: int, changes: Changes) -> None:
    """Week by week who changed, and from what to what."""
    by_week: dict[int, dict[str, None]] = {}
    runs: list[Change | TeamChange] = [*changes.cells, *changes.teams]
    for one in runs:
        for week in sorted({changes.problem.calendar.parts[part].week for part in one.parts}):
            by_week.setdefault(week, {})[_moved(changes, one)] = None
    for named in changes.backups:
        by_week.setdefault(named.week, {})[_renamed(changes, named)] = None
    if not by_week:
        return
    sheet.text(row, 0, "Week by week", TITLE)
    for column in range(len(TITLES)):
        sheet.blank(row + 1, column, HEADER)
    for column, title in zip(_WEEK_COLUMNS, WEEK_TITLES, strict=True):
        sheet.text(row + 1, column, title, {**HEADER, "text_wrap": False})
    centred: Look = {"align": "center", "valign": "top"}
    for number, (week, moved) in enumerate(sorted(by_week.items()), start=row + 2):
        shown = changes.problem.calendar.weeks[week]
        people = f"{len(moved)} {'person' if len(moved) == 1 else 'people'}"
        values = (people, shown.number, shown.first, shown.last, "; ".join(moved))
        for column, value in zip(_WEEK_COLUMNS[:-1], values, strict=False):
            sheet.put(number, column, value, centred)
        # Many names in one line would run over the edge of the page.
        who, look = "; ".join(moved), sheet.book.format({"text_wrap": True, "valign": "top"})
        sheet.raw.merge_range(number, _WHO, number, len(TITLES) - 1, who, look)
        sheet.fit(number, who, sum(_WIDTHS[_WHO:]))


def _moved(changes: Changes, one: Change | TeamChange) -> str:
    service = f"{one.service} " if isinstance(one, TeamChange) else ""
    return f"{changes.problem.residents[one.resident].name}: {service}{one.old} > {one.new}"


def _renamed(changes: Changes, one: BackupChange) -> str:
    said = _NAMED if one.named else f"no more {_NAMED}"
    return f"{changes.problem.residents[one.resident].name}: {said}"
