"""The Schedule sheet: who is where, week by week; its counters and coverage stand elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scheduler.problem.holiday import HolidayStatus
from scheduler.problem.resident import Resident
from scheduler.rules.words import counted
from scheduler.workbook.book import (
    BAD,
    HEADER,
    NOTE,
    PADDING,
    ROW,
    TABLOID,
    TEXT,
    TITLE,
    Book,
    Formula,
    Look,
    Sheet,
    column_name,
    quoted,
    rows_on_page,
)
from scheduler.workbook.facts import PUBLIC, RunFacts
from scheduler.workbook.layers import Layer
from scheduler.workbook.layout import (
    FIRST_PART,
    KEY_ROW,
    NAME,
    NOW_ROW,
    PGY,
    TITLE_ROW,
    TRACK,
    WEEK_ROW,
    Layout,
    middle,
)
from scheduler.workbook.legend import Entry
from scheduler.workbook.marks import NOTHING_FOUND, Marks
from scheduler.workbook.opens import OPEN, OpenRow
from scheduler.workbook.sheets.holidays import HolidayTable, holiday_titles

NAME_TITLES = ("Name", "PGY", "Track")
ID_TITLE, HOLIDAY_TITLE = "Id", "Holiday off"
#: Points: a date turned on its side, and the button of the filter below it.
_HEADER_HEIGHT = 54

_BANDS = {1: "DDEBF7", 2: "E2EFDA", 3: "FFF2CC", 4: "FCE4D6"}
_OTHER_BAND, _VISITOR_BAND = "F2DCDB", "EDEDED"
_THIN, _BLOCK, _LOCK, _BROKEN = "D9D9D9", "7F7F7F", "000000", "C00000"
_PARITY = ("FFFFFF", "D9E1F2")
_ASTRAY: Look = {"border": 5, "border_color": _BROKEN}
_CELL: Look = {"align": "center", "font_size": 9, **TEXT}
_OPEN_LOOK: Look = {"bg_color": "FBE5E5", "font_color": "C00000", "bold": True}
#: How to read the sheet, for whoever never saw one.
_TITLE, _VALID = "Schedule", "Every hard rule held when this was written."
_KEY_TITLE = "How to read this sheet:"
_PUBLIC_KEY = "Codes are explained on the sheet Legend."
_PUBLIC_OFF = "OFF is any time off."
_KEY = (
    f"{_PUBLIC_KEY} Black edge: locked. Red edge: against a rule, see its note. Struck out: no "
    "code. ▼ too few, ▲ too many (▽△: allowed). Change any cell: names, coverage rows and counters "
    "(far right) follow; `scheduler check` judges every rule."
)
_SMALL: Look = {"font_size": 8, "font_color": "595959", "align": "center"}


def band(resident: Resident) -> str:
    """The colour of a resident's group."""
    return _VISITOR_BAND if resident.visitor else _BANDS.get(resident.pgy, _OTHER_BAND)


def write_people(
    sheet: Sheet,
    layout: Layout,
    facts: RunFacts,
    entries: tuple[Entry, ...],
    locks: Layer,
    holidays: HolidayTable,
    coverage_rows: int,
    found: Marks = NOTHING_FOUND,
) -> None:
    """Everything above and including the rows of people, without the counters.

    Cells and names of what is against a hard rule in ``found`` get a red edge.
    """
    _write_title(sheet, layout, facts)
    _write_calendar(sheet, layout)
    _write_header(sheet, layout)
    painter = _Painter(sheet.book, {entry.code: entry for entry in entries})
    for resident in layout.order:
        _write_resident(sheet, layout, resident, painter, locks, found)
        row = layout.row_of[resident.index]
        off = _holiday_off(layout, holidays, resident, row)
        sheet.put(row, layout.holiday_column, off, {"font_size": 9})
    for number, open_row in enumerate(layout.opens):
        _write_open(sheet, layout, layout.first_row + len(layout.order) + number, open_row)
    _colour_cells(sheet, layout, entries)
    _offer_codes(sheet, layout, len(entries))
    _arrange(sheet, layout, entries, coverage_rows)


def _write_title(sheet: Sheet, layout: Layout, facts: RunFacts) -> None:
    calendar = layout.problem.calendar
    note = {**NOTE, "font_size": 9}
    sheet.text(KEY_ROW, NAME, _KEY_TITLE, note)
    for part in (0, middle(layout)):  # what is longer than a page ends where the next begins
        sheet.text(KEY_ROW, FIRST_PART + part, _PUBLIC_KEY if facts.public else _KEY, note)
    year = f"{layout.problem.name}, {calendar.first:%d %B %Y} to {calendar.last:%d %B %Y}."
    if facts.is_valid or facts.public:
        sheet.raw.set_row(TITLE_ROW, 22)
        if facts.public:
            state = PUBLIC if facts.is_valid else f"{PUBLIC}. {facts.status}"
            _write_titles(sheet, layout, state, year)
            sheet.text(NOW_ROW, FIRST_PART, _PUBLIC_OFF, note)
        else:
            _write_titles(sheet, layout, _TITLE, f"{year} {_VALID}")
        return
    look = {**BAD, "font_size": 14}
    sheet.raw.set_row(TITLE_ROW, 24, sheet.book.format(look))
    opens = counted(len(layout.opens), "OPEN row")
    places = f" {opens} below the people." if layout.opens else ""
    said = f"Hard rules are missed, see Checks.{places} {year}"
    _write_titles(sheet, layout, facts.status, said, look)


def _write_titles(sheet: Sheet, layout: Layout, short: str, said: str, look: Look = TITLE) -> None:
    """A few words that stay in sight over the names, the rest over either half of the year."""
    sheet.text(TITLE_ROW, NAME, short, look)
    for part in (0, middle(layout)):
        sheet.text(TITLE_ROW, FIRST_PART + part, said, look)


def _write_calendar(sheet: Sheet, layout: Layout) -> None:
    """Week numbers, days where a part is no whole week, and each grid's block numbers."""
    calendar = layout.problem.calendar
    label = {**_SMALL, "align": "right"}
    sheet.text(WEEK_ROW, NAME, "Week", label)
    for part in calendar.parts:
        look = {**_SMALL, "bold": True, "bg_color": _PARITY[part.week % 2]}
        sheet.number(WEEK_ROW, FIRST_PART + part.index, part.week + 1, look)
    if layout.has_days:
        sheet.text(layout.days_row, NAME, "Days", label)
        for part in calendar.parts:
            sheet.number(layout.days_row, FIRST_PART + part.index, part.days, _SMALL)
    for name, row in layout.block_rows.items():
        sheet.text(row, NAME, f"Block ({name})", label)
        for block in layout.problem.grids[name].blocks:
            look = {**_SMALL, "bg_color": _PARITY[block.index % 2]}
            for part_index in block.parts:
                sheet.number(row, FIRST_PART + part_index, block.number, look)


def _write_header(sheet: Sheet, layout: Layout) -> None:
    row = layout.header_row
    sheet.raw.set_row(row, _HEADER_HEIGHT)
    sheet.header(row, NAME_TITLES, {"valign": "bottom"})
    for part in layout.problem.calendar.parts:
        look = {**HEADER, "num_format": "mmm d", "rotation": 90, "align": "center", "valign": "top"}
        sheet.day(row, FIRST_PART + part.index, part.first, look)
    titles = {layout.id_column: ID_TITLE, layout.holiday_column: HOLIDAY_TITLE, **layout.titles}
    for column, title in titles.items():
        sheet.text(row, column, title, {**HEADER, "valign": "bottom", "font_size": 9})


class _Painter:
    """The look of each cell: its code's colours, the start of a block, a lock."""

    def __init__(self, book: Book, entries: Mapping[str, Entry]) -> None:
        self._book = book
        self._entries = entries

    def look(self, code: str, starts: bool, locked: bool, broken: bool) -> object:
        look = {**_CELL, "border": 1, "border_color": _THIN}
        if code in self._entries:
            entry = self._entries[code]
            look |= {"bg_color": entry.colour, "font_color": entry.font_colour}
        if starts and not (locked or broken):
            look |= {"left": 1, "left_color": _BLOCK}
        if locked:
            look |= {"bold": True, "border": 2, "border_color": _LOCK}
        if broken:
            look |= _ASTRAY
        return self._book.format(look)


def _write_resident(
    sheet: Sheet,
    layout: Layout,
    resident: Resident,
    painter: _Painter,
    locks: Layer,
    found: Marks,
) -> None:
    row = layout.row_of[resident.index]
    look = {"bg_color": band(resident), "border": 1, "border_color": _THIN}
    if resident.visitor:
        look["italic"] = True
    astray = resident.index in found.astray
    sheet.text(row, NAME, resident.name, {**look, **(_ASTRAY if astray else {})})
    sheet.number(row, PGY, resident.pgy, {**look, "align": "center"})
    sheet.text(row, TRACK, resident.track, {**look, "font_size": 9})
    sheet.text(row, layout.id_column, resident.id, {"font_size": 9})
    blocks = layout.problem.grids[layout.schedule.grids[resident.index]].block_at
    for part, code in enumerate(layout.schedule.cells[resident.index]):
        starts = part == 0 or blocks[part] != blocks[part - 1]
        key = resident.index, part
        look_of_cell = painter.look(code, starts, key in locks, key in found.broken)
        sheet.raw.write_string(row, FIRST_PART + part, code, look_of_cell)


def _holiday_off(
    layout: Layout, holidays: HolidayTable, resident: Resident, row: int
) -> Formula | None:
    """The holidays this person is off, read from the Holidays sheet by id."""
    if not layout.problem.holidays:
        return None
    person = f"${column_name(layout.id_column)}{row + 1}"
    off = quoted(HolidayStatus.OFF.value)
    terms = [
        f"IF(COUNTIFS({holidays.ids},{person},{holidays.names},{quoted(title)},"
        f'{holidays.statuses},{off})>0,{quoted(f", {title}")},"")'
        for title in holidays.titles.values()
    ]
    return Formula(f"=MID({'&'.join(terms)},3,200)", holidays_off(layout, resident))


def holidays_off(layout: Layout, resident: Resident) -> str:
    """The titles of the holidays that ``resident`` is off."""
    return ", ".join(
        title
        for name, title in holiday_titles(layout.problem).items()
        if (duty := layout.schedule.duties.get((resident.index, name)))
        and duty.status is HolidayStatus.OFF
    )


def _write_open(sheet: Sheet, layout: Layout, row: int, open_row: OpenRow) -> None:
    look = {**_OPEN_LOOK, "border": 1, "border_color": _THIN}
    sheet.text(row, NAME, OPEN, look)
    pgy = int(open_row.pgy) if open_row.pgy.isdigit() else open_row.pgy
    sheet.put(row, PGY, pgy, {**look, "align": "center"})
    sheet.text(row, TRACK, open_row.track, {**look, "font_size": 9})
    sheet.text(row, layout.id_column, open_row.id, {**_OPEN_LOOK, "font_size": 9})
    for part in range(len(layout.problem.calendar.parts)):
        code = open_row.cells.get(part, "")
        shown = {**look, **_CELL} if code else {**_CELL, "border": 1, "border_color": _THIN}
        sheet.text(row, FIRST_PART + part, code, shown)


def _colour_cells(sheet: Sheet, layout: Layout, entries: tuple[Entry, ...]) -> None:
    """A changed cell recolours itself; what is no code of the legend stands out."""
    area = (layout.first_row, FIRST_PART, layout.last_row, layout.last_part)
    top = layout.first_row + 1
    first = f"{column_name(FIRST_PART)}{top}"
    rules: list[tuple[Look, Look]] = [
        ({"type": "formula", "criteria": f'=AND($A{top}="{OPEN}",LEN({first})>0)'}, _OPEN_LOOK)
    ]
    rules += list(code_rules(entries))
    half = f'=OR(LEFT(TRIM({first}),1)="!",ISNUMBER(FIND(",",{first})))'
    rules += [
        ({"type": "formula", "criteria": half}, {"bg_color": "FFFFFF", "italic": True}),
        (
            {"type": "formula", "criteria": f"=LEN({first})>0"},
            {"bg_color": "FFFFFF", "font_color": "C00000", "bold": True, "font_strikeout": True},
        ),
        ({"type": "blanks"}, {"bg_color": "FFFFFF"}),
    ]
    for rule, look in rules:
        sheet.conditional(area, rule, look)


def code_rules(entries: tuple[Entry, ...]) -> Iterator[tuple[Look, Look]]:
    """For every code its rule of colouring and its look."""
    for entry in entries:
        yield (
            {"type": "cell", "criteria": "==", "value": quoted(entry.code)},
            {"bg_color": entry.colour, "font_color": entry.font_colour},
        )


def _offer_codes(sheet: Sheet, layout: Layout, codes: int) -> None:
    """A dropdown of the legend's codes that warns and does not forbid."""
    sheet.raw.data_validation(
        layout.first_row,
        FIRST_PART,
        layout.last_row,
        layout.last_part,
        {
            "validate": "list",
            "source": f"=Legend!$A$2:$A${codes + 1}",
            "error_type": "warning",
            "error_title": "Not in the legend",
            "error_message": "Codes stand on the sheet Legend. 'WARD, MICU' means one of these, "
            "'!MICU' anything but.",
        },
    )


def _arrange(sheet: Sheet, layout: Layout, entries: tuple[Entry, ...], coverage_rows: int) -> None:
    raw = sheet.raw
    tracks = [len(r.track) for r in layout.order]
    code = max(len(e.code) for e in entries)
    widths = (
        layout.name_width,
        6,
        min(18, max([9, *tracks]) * 0.95 + 1),
        min(12, max(5.0, code * 1.05 + 1.2)),
    )
    sheet.widths(widths[:FIRST_PART])
    raw.set_column(FIRST_PART, layout.last_part, widths[FIRST_PART])
    raw.set_column(layout.id_column, layout.id_column, 9)
    raw.set_column(layout.holiday_column, layout.holiday_column, 18)
    raw.freeze_panes(layout.header_row + 1, FIRST_PART)
    raw.autofilter(layout.header_row, 0, layout.last_row, layout.last_column)
    raw.ignore_errors({"number_stored_as_text": f"A1:{column_name(layout.last_column)}2000"})
    _arrange_pages(sheet, layout, widths, coverage_rows)


def _arrange_pages(
    sheet: Sheet, layout: Layout, widths: tuple[float, ...], coverage_rows: int
) -> None:
    """Half a year across; the coverage rows stand together, on a page of their own if need be."""
    parts, half = len(layout.problem.calendar.parts), middle(layout)
    *names, part = (width + PADDING for width in widths)
    widest = sum(names) + part * max(half, parts - half)
    last = layout.coverage_header + coverage_rows if coverage_rows else layout.last_row
    above = _HEADER_HEIGHT + ROW * (layout.header_row + 1 - WEEK_ROW)
    fits = last - layout.first_row < rows_on_page(widest, TABLOID, above)
    breaks = () if fits or not coverage_rows else (layout.coverage_header,)
    repeated = (WEEK_ROW, layout.header_row)
    sheet.pages(repeated, FIRST_PART, widest, (breaks, (FIRST_PART + half,)), TABLOID)
    sheet.raw.print_area(TITLE_ROW, 0, last, layout.last_part)


def hide_helpers(sheet: Sheet, layout: Layout, last_shown: int) -> None:
    """Widths of the counters; what formulas only look up is hidden."""
    if last_shown > layout.holiday_column:
        sheet.raw.set_column(layout.holiday_column + 1, last_shown, 9)
        sheet.raw.set_column(layout.holiday_column + 1, layout.holiday_column + 1, 22)
    if layout.last_column > last_shown:
        sheet.raw.set_column(last_shown + 1, layout.last_column, 8, None, {"hidden": True})
