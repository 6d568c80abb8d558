"""The Per holiday sheet: who is off when and who works which; follows the sheet Holidays."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import starmap

from scheduler.problem.holiday import Holiday, HolidayStatus
from scheduler.problem.resident import Resident
from scheduler.workbook.book import (
    GOOD,
    MISSED,
    NOTE,
    TABLOID,
    Book,
    Formula,
    Look,
    Sheet,
    column_name,
    quoted,
)
from scheduler.workbook.layout import Layout
from scheduler.workbook.sheets.holidays import (
    AGAIN,
    HolidayTable,
    holiday_table,
    holiday_titles,
    holiday_words,
)
from scheduler.workbook.sheets.schedule import band

SHEET = "Per holiday"
ABSENT = "absent"
_OFF = HolidayStatus.OFF.value
_NAME, _PGY, _TRACK, _FIRST = 0, 1, 2, 3
_DATES_ROW, _HEADER_ROW = 1, 5
_FIRST_ROW = _HEADER_ROW + 1
_COUNTED = (("off", HolidayStatus.OFF), ("on their own service", HolidayStatus.ON_SERVICE),
            ("pulled to a service", HolidayStatus.PULLED))  # fmt: skip
_LONGEST = 400
_CENTRE: Look = {"align": "center", "font_size": 9}
_WORKS: Look = {"font_size": 9, "text_wrap": True}
_WORKS_WIDTH, _LAST_YEAR_WIDTH = 72, 22


def worked_words(layout: Layout, resident: Resident, last_year: bool) -> str:
    """The holidays that somebody works, each with where: 'Christmas (MICU)'."""
    words = holiday_words(layout, last_year)
    titles = holiday_titles(layout.problem)
    shown = [words.get((resident.index, name), ABSENT) for name in titles]
    return _worked(titles.values(), shown)


def _worked(titles: Iterable[str], shown: Iterable[str]) -> str:
    pairs = zip(titles, shown, strict=True)
    return ", ".join(f"{title} ({one})" for title, one in pairs if one not in (_OFF, ABSENT))


def worked_formula(layout: Layout, ident: str) -> str:
    """The same as a formula: of the person whose id stands in the cell ``ident``."""
    worked, ids = (
        f"'{SHEET}'!{_people(layout, column)}"
        for column in (_worked_column(layout), _id_column(layout))
    )
    return f"=INDEX({worked},MATCH({ident},{ids},0))"


def write_per_holiday(book: Book, layout: Layout, last_year: bool = True) -> None:
    """A row a person and a column a holiday; ``last_year`` tells who worked it then.

    Nothing is written where the program has no holidays.
    """
    holidays = layout.problem.holidays
    if not holidays:
        return
    sheet = book.sheet(SHEET, tab="70AD47")
    said = "Follows the sheet Holidays, where it is changed. Absent: not here in any of its weeks."
    again = f" '{AGAIN}': worked it last year too." if last_year else ""
    sheet.text(0, 0, said + again, NOTE)
    table, titles = holiday_table(layout), list(holiday_titles(layout.problem).values())
    for column, (holiday, title) in enumerate(zip(holidays, titles, strict=True), start=_FIRST):
        _write_summary(sheet, layout, column, holiday, (table, title))
    heads = (
        "Name",
        "PGY",
        "Track",
        *titles,
        "Off",
        "Worked last year" if last_year else "",
        "Works",
        "Id",
    )
    sheet.header(_HEADER_ROW, heads)
    words = holiday_words(layout, last_year)
    for row, resident in enumerate(layout.order, start=_FIRST_ROW):
        shown = [words.get((resident.index, one.name), ABSENT) for one in holidays]
        _write_person(sheet, layout, row, resident, shown, last_year, table.rows)
        if last_year:
            names = holiday_titles(layout.problem)
            worked = [names[one.name] for one in holidays if one.name in resident.worked_holidays]
            sheet.text(row, _last_year_column(layout), ", ".join(worked), {"font_size": 9})
    _write_looked_up(sheet, layout)
    _arrange(sheet, layout, last_year)


def _last_year_column(layout: Layout) -> int:
    """The column of last year, which a public copy leaves empty and hides."""
    return _FIRST + len(layout.problem.holidays) + 1


def _worked_column(layout: Layout) -> int:
    """Everything worked in one line; not on paper, where the columns of holidays say it."""
    return _last_year_column(layout) + 1


def _id_column(layout: Layout) -> int:
    return _worked_column(layout) + 1


def _people(layout: Layout, column: int) -> str:
    name = column_name(column)
    return f"${name}${_FIRST_ROW + 1}:${name}${_FIRST_ROW + len(layout.order)}"


def _write_summary(
    sheet: Sheet, layout: Layout, column: int, holiday: Holiday, place: tuple[HolidayTable, str]
) -> None:
    """The dates of a holiday, and how many are off, on service and pulled."""
    table, title = place
    dates = "; ".join(starmap(_dates, holiday.ranges))
    sheet.text(_DATES_ROW, _NAME, "dates", {"align": "right"})
    sheet.text(_DATES_ROW, column, dates, {**_CENTRE, "bold": True})
    duties = layout.schedule.duties
    words = holiday_words(layout, last_year=False)
    for row, (said, status) in enumerate(_COUNTED, start=_DATES_ROW + 1):
        sheet.text(row, _NAME, said, {"align": "right"})
        text = f"=COUNTIFS({table.names},{quoted(title)},{table.statuses},{quoted(status.value)})"
        number = sum(
            duties[index, name].status is status for index, name in words if name == holiday.name
        )
        sheet.formula(row, column, Formula(text, number), {**_CENTRE, "bold": True})


def _dates(first: date, last: date) -> str:
    """'Dec 24-27' or 'Dec 31 - Jan 3'."""
    if first.month == last.month:
        return f"{first:%b} {first.day}-{last.day}"
    return f"{first:%b} {first.day} - {last:%b} {last.day}"


def _write_person(
    sheet: Sheet,
    layout: Layout,
    row: int,
    resident: Resident,
    shown: list[str],
    last_year: bool,
    listed: int,
) -> None:
    group: Look = {"bg_color": band(resident)}
    sheet.text(row, _NAME, resident.name, group)
    sheet.number(row, _PGY, resident.pgy, {**group, "align": "center"})
    sheet.text(row, _TRACK, resident.track, {**group, "font_size": 9})
    ident = f"${column_name(_id_column(layout))}{row + 1}"
    sheet.text(row, _id_column(layout), resident.id, {"font_size": 9})
    titles = list(holiday_titles(layout.problem).values())
    worked = []
    for column, (holiday, said) in enumerate(
        zip(layout.problem.holidays, shown, strict=True), start=_FIRST
    ):
        title = titles[column - _FIRST]
        again = last_year and holiday.name in resident.worked_holidays
        text = _looked_up(layout, f"{ident}&{quoted(f'|{title}')}", again, listed)
        sheet.formula(row, column, Formula(text, said), _CENTRE)
        cell = f"{column_name(column)}{row + 1}"
        told = f'{quoted(f", {title} (")}&{cell}&")"'
        worked.append(f'IF(OR({cell}="{_OFF}",{cell}="{ABSENT}"),"",{told})')
    first, last = (column_name(c) for c in (_FIRST, _FIRST + len(titles) - 1))
    off = Formula(f'=COUNTIF({first}{row + 1}:{last}{row + 1},"{_OFF}")', shown.count(_OFF))
    sheet.formula(row, _FIRST + len(titles), off, _CENTRE)
    text = f"=MID({'&'.join(worked)},3,{_LONGEST})"
    said = _worked(titles, shown)
    sheet.formula(row, _worked_column(layout), Formula(text, said), _WORKS)
    sheet.fit(row, said, _WORKS_WIDTH)


def _looked_up(layout: Layout, key: str, again: bool, listed: int) -> str:
    """The words of one of the ``listed`` rows of Holidays; absent where there is none."""
    keys, words = (
        f"${name}${2}:${name}${1 + max(1, listed)}"
        for name in (column_name(_id_column(layout) + 1), column_name(_id_column(layout) + 2))
    )
    found = f"INDEX({words},MATCH({key},{keys},0))"
    more = f'&IF({found}="{_OFF}","","{AGAIN}")' if again else ""
    return f'=IFERROR({found}{more},"{ABSENT}")'


def _write_looked_up(sheet: Sheet, layout: Layout) -> None:
    """Out of sight, line by line, each row of Holidays: its id and holiday, and what it says."""
    column, titles = _id_column(layout) + 1, holiday_titles(layout.problem)
    off, pulled = _OFF, HolidayStatus.PULLED.value
    words = holiday_words(layout, last_year=False)
    for row, ((index, name), said) in enumerate(words.items(), start=1):
        ident, title, status, service = (f"Holidays!${one}${row + 1}" for one in "ACDE")
        key = f"{layout.problem.residents[index].id}|{titles[name]}"
        sheet.formula(row, column, Formula(f'={ident}&"|"&{title}', key))
        where = f'IF({status}="{pulled}","{pulled}: ","")&{service}'
        text = f'=IF({status}="{off}","{off}",{where})'
        sheet.formula(row, column + 1, Formula(text, said))


def _arrange(sheet: Sheet, layout: Layout, last_year: bool) -> None:
    titles = list(holiday_titles(layout.problem).values())
    last = _FIRST_ROW + len(layout.order) - 1
    area = (_FIRST_ROW, _FIRST, last, _FIRST + len(titles) - 1)
    again = {"type": "text", "criteria": "ends with", "value": AGAIN}
    sheet.conditional(area, again, {"bg_color": "F8CBAD", "font_color": "843C0C", "bold": True})
    words = {_OFF: GOOD, HolidayStatus.PULLED.value: MISSED, ABSENT: {"font_color": "A6A6A6"}}
    sheet.word_colours(area, words)
    sheet.widths((28, 6, 16, *(max(16, len(t) + 2) for t in titles), 6))
    out = {"hidden": True}
    past, works, ident = (at(layout) for at in (_last_year_column, _worked_column, _id_column))
    sheet.raw.set_column(past, past, _LAST_YEAR_WIDTH, None, {} if last_year else out)
    sheet.raw.set_column(works, works, _WORKS_WIDTH)
    sheet.raw.set_column(ident, ident, 9)
    sheet.raw.set_column(ident + 1, ident + 2, 8, None, out)
    sheet.raw.freeze_panes(_FIRST_ROW, 1)
    sheet.raw.autofilter(_HEADER_ROW, 0, last, _id_column(layout))
    sheet.page((_HEADER_ROW, _HEADER_ROW), 1, TABLOID)
    sheet.raw.print_area(0, 0, last, past)
