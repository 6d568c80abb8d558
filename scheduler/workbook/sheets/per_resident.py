"""The Per resident sheet: a name is chosen and the year appears; it follows every hand edit.

Everything is looked up by plain formulas: first the person's row on Schedule by id, then each
part's code in hidden columns, then the stays from the numbers of their first parts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import accumulate, groupby
from types import MappingProxyType

from scheduler.problem.resident import Resident
from scheduler.problem.rotation import VACATION
from scheduler.workbook.book import (
    BAD,
    GOOD,
    HEADER,
    MISSED,
    NOTE,
    TITLE,
    Book,
    Formula,
    Look,
    Sheet,
    column_name,
)
from scheduler.workbook.layout import PGY, TRACK, Layout
from scheduler.workbook.legend import Entry
from scheduler.workbook.owed import Owed
from scheduler.workbook.sheets.colouring import HARD, OK, SOFT
from scheduler.workbook.sheets.per_holiday import worked_formula, worked_words
from scheduler.workbook.sheets.requirements import status, target_words, training_value
from scheduler.workbook.sheets.schedule import code_rules, holidays_off

SHEET = "Per resident"
STAY_TITLES = ("From", "To", "Weeks", "Code", "Rotation")
OWED_TITLES = ("What", "This year", "Training", "Target", "Status")
#: Columns of the Requirements sheet behind OWED_TITLES; its key column comes after the last.
_OWED_FROM = (3, 4, 6, 7, 8)
_UNIT, OWED_KEY = 9, 16
_CHOSEN, _FACTS, _TABLE = 0, 1, 8
_FIRST = _TABLE + 1
_OWED = 6
# Hidden: the names to choose from with their ids; then a line a part.
_LABEL, _ID, _FROM, _TO, _CODE, _STAY, _RUN, _DAY, _LAST_DAY, _WISHES = range(13, 23)
#: Characters of a wish in one line of the sheet, and the most that a cell can hold.
_WISH_WIDTH, _MOST_TEXT = 70, 32_000
_NO_WISHES = "no wishes"
_STATUS_LOOKS: Mapping[str, Look] = {
    OK: GOOD,
    HARD.short: BAD,
    HARD.over: BAD,
    SOFT.short: MISSED,
    SOFT.over: MISSED,
}
_EPOCH = date(1899, 12, 30)
_DATE: Look = {"num_format": "yyyy-mm-dd", "align": "center"}
_INPUT: Look = {"bg_color": "FFF2CC", "bold": True, "font_size": 14, "top": 1, "bottom": 1}


def labels(layout: Layout) -> list[tuple[str, str]]:
    """Names to choose from, by alphabet, with their ids; namesakes carry the id."""
    often = Counter(one.name for one in layout.problem.residents)
    shown = (
        (one.name if often[one.name] == 1 else f"{one.name} ({one.id})", one.id)
        for one in layout.problem.residents
    )
    return sorted(shown, key=lambda pair: pair[0].casefold())


def write_per_resident(
    book: Book,
    layout: Layout,
    entries: tuple[Entry, ...],
    lines: Sequence[Owed],
    off: str,
    wishes: Mapping[int, str] = MappingProxyType({}),
) -> None:
    """The sheet with the first name chosen.

    ``lines`` are those of Requirements (none: no such sheet), ``off`` the code whose dates
    stand in a line of their own; ``wishes`` maps a resident's index to lines of text.
    """
    sheet = book.sheet(SHEET, tab="4472C4")
    people = labels(layout)
    for row, (label, ident) in enumerate(people, start=1):
        sheet.text(row, _LABEL, label)
        sheet.text(row, _ID, ident)
    _write_facts(sheet, layout, people, off)
    _write_parts(sheet, layout, off)
    _write_stays(sheet, layout, entries)
    if lines:
        _write_owed(sheet, layout, lines)
    last = _FIRST + _most_stays(layout)
    if wishes:
        last = max(last, _write_wishes(sheet, layout, people, wishes, _most_owed(lines)))
    sheet.widths((14, 12, 8, 11, 32, 3, 34, 10, 10, 12, 9))
    sheet.raw.set_column(_LABEL, _WISHES, 8, None, {"hidden": True})
    sheet.raw.freeze_panes(_FIRST, 0)
    sheet.page((_CHOSEN, _TABLE))
    sheet.raw.fit_to_pages(1, 1)
    sheet.raw.print_area(0, 0, last, _OWED + len(OWED_TITLES) - 1)


def _most_stays(layout: Layout) -> int:
    """How many stays there is room for: with one a part, any edit has room."""
    return len(layout.problem.calendar.parts)


def _write_facts(sheet: Sheet, layout: Layout, people: list[tuple[str, str]], off: str) -> None:
    """The chosen name, and what one line says of the person."""
    last = len(people) + 1
    names, ids = (_range(column, 1, last - 1) for column in (_LABEL, _ID))
    sheet.text(_CHOSEN, 0, "Choose a name", TITLE)
    sheet.text(_CHOSEN, 3, people[0][0], {**_INPUT, "left": 1})
    sheet.blank(_CHOSEN, 4, {**_INPUT, "right": 1})
    sheet.raw.set_row(_CHOSEN, 24)
    sheet.raw.data_validation(_CHOSEN, 3, _CHOSEN, 3, {
        "validate": "list", "source": f"={names}", "error_title": "Nobody of that name",
        "error_message": "Choose a name from the list.", "input_message": "Choose a name here.",
    })  # fmt: skip
    schedule_ids = layout.people(layout.id_column, "Schedule!")
    chosen = f"INDEX({ids},MATCH({_cell(3, _CHOSEN)},{names},0))"
    one = _first(layout)
    values = {"PGY": str(one.pgy), "Track": one.track, "Holiday off": holidays_off(layout, one)}
    columns = {"PGY": PGY, "Track": TRACK, "Holiday off": layout.holiday_column}
    facts = [("Id", Formula(f"={chosen}", people[0][1]))]
    row = f"MATCH({_cell(3, _FACTS)},{schedule_ids},0)"
    facts.append(("Row of Schedule", Formula(f"={row}", _row_of(layout, people[0][1]) + 1)))
    for title, column in columns.items():
        text = f"=INDEX({layout.people(column, 'Schedule!')},{_cell(3, _FACTS + 1)})"
        facts.append((title, Formula(f'{text}&""', values[title])))
    if layout.problem.holidays:
        worked = worked_words(layout, one, off == VACATION)
        text = worked_formula(layout, _cell(3, _FACTS))
        facts.append(("Holidays worked", Formula(text, worked)))
    dates = f"=MID({_cell(_RUN, len(layout.problem.calendar.parts))},3,400)"
    facts.append((_off_title(off), Formula(dates, _times_off(layout, off)[-1][2:])))
    sheet.raw.set_row(_FACTS + 1, None, None, {"hidden": True})  # only looked up
    for number, (title, value) in enumerate(facts):
        sheet.text(_FACTS + number, 0, title, {"bold": True, "font_color": "1F3864"})
        sheet.formula(_FACTS + number, 3, value, {"align": "left"})
    sheet.text(_FACTS, _OWED, "Follows every edit of Schedule.", NOTE)


def _off_title(off: str) -> str:
    return "Vacation" if off == VACATION else "Off"


def _row_of(layout: Layout, ident: str) -> int:
    return [one.id for one in layout.order].index(ident)


def _write_parts(sheet: Sheet, layout: Layout, off: str) -> None:
    """A hidden line a part: its dates, its code, the number of its stay, the time off so far."""
    parts = layout.problem.calendar.parts
    row_of = _cell(3, _FACTS + 1)
    shown = layout.schedule.cells[_first(layout).index]
    numbers, so_fars = _numbers(shown), _times_off(layout, off)
    for row, part in enumerate(parts, start=1):
        sheet.day(row, _FROM, part.first)
        sheet.day(row, _TO, part.last)
        sheet.text(row, _DAY, f"{part.first:%b} {part.first.day}")
        sheet.text(row, _LAST_DAY, f"{part.last:%b} {part.last.day}")
        cells = layout.people(3 + part.index, "Schedule!")
        sheet.formula(row, _CODE, Formula(f'=INDEX({cells},{row_of})&""', shown[part.index]))
        code, before, after = (_cell(_CODE, at) for at in (row, row - 1, row + 1))
        stay, run = (_cell(column, row - 1) for column in (_STAY, _RUN))
        counted = "1" if row == 1 else f"IF({code}={before},{stay},{stay}+1)"
        sheet.formula(row, _STAY, Formula(f"={counted}", numbers[part.index]))
        first = "TRUE" if row == 1 else f"{before}<>{code}"
        begins = f'IF({first},", "&{_cell(_DAY, row)}&" to ","")'
        ends = f'IF({after}<>{code},{_cell(_LAST_DAY, row)},"")'
        so_far = "" if row == 1 else f"{run}&"
        text = f'={so_far}IF({code}="{off}",{begins}&{ends},"")'
        sheet.formula(row, _RUN, Formula(text, so_fars[part.index]))


def _first(layout: Layout) -> Resident:
    """Whoever is chosen in a new file."""
    ident = labels(layout)[0][1]
    return next(one for one in layout.problem.residents if one.id == ident)


def _numbers(codes: Sequence[str]) -> list[int]:
    """For each part the number of its stay, from 1."""
    changes = (code != codes[at - 1] for at, code in enumerate(codes) if at)
    return list(accumulate(changes, initial=1))


def _times_off(layout: Layout, off: str) -> list[str]:
    """For each part the dates off up to it: ', Jul 6 to Jul 19, Dec 7 to Dec 13'."""
    codes, said = (*layout.schedule.cells[_first(layout).index], ""), ""
    found = []
    for part in layout.problem.calendar.parts:
        at = part.index
        if codes[at] == off:
            begins = at == 0 or codes[at - 1] != off
            said += f", {part.first:%b} {part.first.day} to " if begins else ""
            said += f"{part.last:%b} {part.last.day}" if codes[at + 1] != off else ""
        found.append(said)
    return found


def _stays(layout: Layout, names: dict[str, str]) -> list[tuple[float | str, ...]]:
    """What each line of the stays shows in a new file, dates as serial numbers."""
    parts, codes = layout.problem.calendar.parts, layout.schedule.cells[_first(layout).index]
    found: list[tuple[float | str, ...]] = []
    for code, run in groupby(parts, key=lambda part: codes[part.index]):
        stay = list(run)
        first, last = stay[0].first, stay[-1].last
        weeks = round(((last - first).days + 1) / 7, 1)
        days = ((day - _EPOCH).days for day in (first, last))
        found.append((*days, weeks, code, names.get(code, "")))
    return found


def _write_stays(sheet: Sheet, layout: Layout, entries: tuple[Entry, ...]) -> None:
    """A line a stay, and empty ones for the stays that edits may add."""
    sheet.header(_TABLE, STAY_TITLES)
    last = len(layout.problem.calendar.parts)
    stays, ends, total = _range(_STAY, 1, last), _range(_TO, 1, last), _cell(_STAY, last)
    begins, codes = _range(_FROM, 1, last), _range(_CODE, 1, last)
    legend_codes, legend_names = (f"Legend!${c}$2:${c}${len(entries) + 1}" for c in "AB")
    known = _stays(layout, {entry.code: entry.name for entry in entries})
    for number in range(1, _most_stays(layout) + 1):
        values = known[number - 1] if number <= len(known) else ("",) * len(STAY_TITLES)
        row = _FIRST + number - 1
        first, end, code = (_cell(column, row) for column in (0, 1, 3))
        # The last part of a stay is where the sorted numbers are still not above its own.
        formulas = (
            f"INDEX({begins},MATCH({number},{stays},0))",
            f"INDEX({ends},MATCH({number},{stays},1))",
            f"ROUND(({end}-{first}+1)/7,1)",
            f"INDEX({codes},MATCH({number},{stays},0))",
            f'IFERROR(INDEX({legend_names},MATCH({code},{legend_codes},0)),"")',
        )
        looks: tuple[Look, ...] = (_DATE, _DATE, {"align": "center"}, {"align": "center"}, {})
        for column, (text, look) in enumerate(zip(formulas, looks, strict=True)):
            shown = Formula(f'=IF({number}>{total},"",{text})', values[column])
            sheet.formula(row, column, shown, look)
    area = (_FIRST, 3, _FIRST + _most_stays(layout) - 1, 3)
    for rule, look in code_rules(entries):
        sheet.conditional(area, rule, look)


def _owed_values(layout: Layout, line: Owed) -> tuple[str | float, ...]:
    """What a line of the requirements shows in a new file."""
    numbers: list[str | float] = []
    for value in (line.here, training_value(layout, line) if line.training else ""):
        if isinstance(value, str):
            numbers.append(value)
        else:
            numbers.append(f"{value:.0%}" if line.is_share else round(value, 1))
    return line.what, *numbers, target_words(line), status(layout, line)


def _write_owed(sheet: Sheet, layout: Layout, lines: Sequence[Owed]) -> None:
    """What the person owes: the lines of Requirements whose hidden key begins with the id."""
    for column, title in enumerate(OWED_TITLES):
        sheet.text(_TABLE, _OWED + column, title, HEADER)
    rows, most = len(lines), _most_owed(lines)
    first = _first(layout).index
    own = [_owed_values(layout, line) for line in lines if line.resident == first]
    keys = _other(OWED_KEY, rows)
    for number in range(1, most + 1):
        row = _FIRST + number - 1
        values = own[number - 1] if number <= len(own) else ("",) * len(OWED_TITLES)
        at = f'MATCH({_cell(3, _FACTS)}&"|{number}",{keys},0)'
        for column, source in enumerate(_OWED_FROM):
            value = f"INDEX({_other(source, rows)},{at})"
            if 0 < column < len(_OWED_FROM) - 2:
                share = f'INDEX({_other(_UNIT, rows)},{at})="share"'
                value = f'IF({value}="","",IF({share},TEXT({value},"0%"),ROUND({value},1)))'
            look: Look = {"align": "center"} if column else {}
            sheet.formula(
                row, _OWED + column, Formula(f'=IFERROR({value},"")', values[column]), look
            )
    status_column = _OWED + len(OWED_TITLES) - 1
    if most:
        area = (_FIRST, status_column, _FIRST + most - 1, status_column)
        sheet.word_colours(area, _STATUS_LOOKS)


def _most_owed(lines: Sequence[Owed]) -> int:
    return max(Counter(line.resident for line in lines).values(), default=0)


def _write_wishes(
    sheet: Sheet,
    layout: Layout,
    people: Sequence[tuple[str, str]],
    wishes: Mapping[int, str],
    most_owed: int,
) -> int:
    """Below what is owed: the person's wishes, of those that stand in a hidden column.

    Returns the last row, with which there is room for everybody's.
    """
    by_id = {one.id: _cut(wishes.get(one.index, _NO_WISHES)) for one in layout.problem.residents}
    texts = [by_id[ident] for _, ident in people]
    for row, text in enumerate(texts, start=1):
        sheet.text(row, _WISHES, text)
    names, told = (_range(column, 1, len(people)) for column in (_LABEL, _WISHES))
    top, last = _FIRST + most_owed + 1, _OWED + len(OWED_TITLES) - 1
    for column in range(_OWED, last + 1):
        sheet.blank(top, column, HEADER)
    sheet.text(top, _OWED, "Wishes, as the schedule was written", {**HEADER, "text_wrap": False})
    look: Look = {"text_wrap": True, "valign": "top", "align": "left", "font_size": 9}
    shown = sheet.book.format(look)
    rows = max(2, *map(_rows_of, texts))
    sheet.raw.merge_range(top + 1, _OWED, top + rows, last, "", shown)
    text = f"=INDEX({told},MATCH({_cell(3, _CHOSEN)},{names},0))"
    sheet.formula(top + 1, _OWED, Formula(text, texts[0]), look)
    return top + rows


def _rows_of(text: str) -> int:
    """Rows that ``text`` takes when every line is wrapped."""
    return sum(max(1, -(-len(line) // _WISH_WIDTH)) for line in text.split("\n"))


def _cut(text: str) -> str:
    """``text``, or as many of its lines as a cell holds and how many more there are."""
    lines = text.split("\n")
    sizes = list(accumulate(len(line) + 1 for line in lines))
    if sizes[-1] <= _MOST_TEXT:
        return text
    kept = sum(size <= _MOST_TEXT for size in sizes)
    return "\n".join([*lines[:kept], f"and {len(lines) - kept} more: see the sheet Requests"])


def _other(column: int, rows: int) -> str:
    name = column_name(column)
    return f"Requirements!${name}$2:${name}${rows + 1}"


def _range(column: int, first: int, last: int) -> str:
    name = column_name(column)
    return f"${name}${first + 1}:${name}${last + 1}"


def _cell(column: int, row: int) -> str:
    return f"${column_name(column)}${row + 1}"
