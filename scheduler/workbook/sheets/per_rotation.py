"""The Per rotation sheet: who is on each rotation, week by week, by level; for reading only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.schedule.schedule import Schedule
from scheduler.workbook.book import HEADER, NOTE, TABLOID, TITLE, Book, Look, Sheet
from scheduler.workbook.layout import Layout
from scheduler.workbook.legend import Entry
from scheduler.workbook.opens import OPEN
from scheduler.workbook.sheets.long import stretches

SHEET = "Per rotation"
TITLES = ("Rotation", "Name", "Level")
VISITOR = "visitor"
_WEEK_ROW, _HEADER_ROW, _FIRST_ROW = 1, 2, 3
_FIRST_PART = len(TITLES)
_LINE, _EDGE = "D9D9D9", "7F7F7F"
_PALE: Look = {"font_color": "A6A6A6", "font_size": 9}
_PERSON: Look = {"font_size": 8, "border": 1, "border_color": _LINE, "shrink": True}
_SAID = "One line a place; everybody keeps a line for a whole stay. As the schedule was written."


@dataclass
class Lane:
    """One line of the sheet: part index to the name that stands there."""

    names: dict[int, str] = field(default_factory=dict)


#: Level to its lines, in the order they are shown.
Levels = Mapping[str, list[Lane]]


def lanes(layout: Layout) -> dict[str, dict[str, list[Lane]]]:
    """Rotation to level to its lines; nobody changes lines during a stay."""
    names = short_names(layout.problem.residents)
    stays = _stays(layout.problem, layout.schedule)
    found: dict[str, dict[str, list[Lane]]] = {code: {} for code in layout.problem.rotations}
    for (code, level, resident, _), parts in stays.items():
        _place(found[code].setdefault(level, []), names[resident], parts)
    for open_row in layout.opens:
        for part, code in open_row.cells.items():
            if code in found:
                _place(found[code].setdefault(OPEN, []), OPEN, {part})
    return {code: dict(sorted(levels.items(), key=_rank)) for code, levels in found.items()}


def _stays(problem: Problem, schedule: Schedule) -> dict[tuple[str, str, int, str], set[int]]:
    """(code, level, resident index, stay) to its parts, in the order the stays begin."""
    found: dict[tuple[str, str, int, str], set[int]] = {}
    for one in stretches(problem, schedule):
        if one.code in problem.rotations:
            resident = problem.residents[one.resident]
            for part in one.parts:
                level = VISITOR if resident.visitor else f"PGY{resident.pgy_at(part)}"
                found.setdefault((one.code, level, one.resident, one.stay), set()).add(part)
    return dict(sorted(found.items(), key=lambda stay: (min(stay[1]), stay[0])))


def _place(lines: list[Lane], name: str, parts: set[int]) -> None:
    """Put ``name`` on the first line that is free in all of ``parts``."""
    free = next((line for line in lines if not parts & line.names.keys()), None)
    if free is None:
        free = Lane()
        lines.append(free)
    free.names.update(dict.fromkeys(parts, name))


def _rank(levels: tuple[str, object]) -> tuple[bool, bool, str]:
    return levels[0] == OPEN, levels[0] == VISITOR, levels[0]


def short_names(residents: Iterable[Resident]) -> dict[int, str]:
    """The family name where only one person has it, else as much of the name as tells apart."""
    people = list(residents)
    choices = {one.index: _shorter(one) for one in people}
    found: dict[int, str] = {}
    for level in range(len(next(iter(choices.values()), ()))):
        often = Counter(choices[one.index][level] for one in people)
        for one in people:
            if often[choices[one.index][level]] == 1:
                found.setdefault(one.index, choices[one.index][level])
    return found


def _shorter(resident: Resident) -> tuple[str, ...]:
    """From the shortest to what nobody else can have."""
    family, _, given = (text.strip() for text in resident.name.partition(","))
    initial = f"{family}, {given[:1]}" if given else family
    return family, initial, resident.name, f"{resident.name} ({resident.id})"


def write_per_rotation(book: Book, layout: Layout, entries: tuple[Entry, ...]) -> None:
    """A line of numbers for each rotation, and its people by level beneath."""
    sheet = book.sheet(SHEET, tab="4472C4")
    sheet.text(0, 0, "Who is on each rotation", TITLE)
    sheet.text(0, _FIRST_PART, _SAID, NOTE)
    _write_header(sheet, layout)
    row = _FIRST_ROW
    looks = {entry.code: entry for entry in entries}
    for code, levels in lanes(layout).items():
        row = _write_rotation(sheet, layout, row, looks[code], levels)
    parts = len(layout.problem.calendar.parts)
    sheet.raw.autofilter(_HEADER_ROW, 0, max(_FIRST_ROW, row - 1), len(TITLES) - 1)
    sheet.widths((12, 26, 9))
    sheet.raw.set_column(_FIRST_PART, _FIRST_PART + parts - 1, 9.5)
    sheet.raw.freeze_panes(_FIRST_ROW, _FIRST_PART)
    sheet.page((_WEEK_ROW, _HEADER_ROW), _FIRST_PART, TABLOID, wide=3)


def _write_header(sheet: Sheet, layout: Layout) -> None:
    sheet.header(_HEADER_ROW, TITLES)
    sheet.text(_WEEK_ROW, _FIRST_PART - 1, "Week", {**_PALE, "align": "right"})
    for part in layout.problem.calendar.parts:
        column = _FIRST_PART + part.index
        sheet.number(_WEEK_ROW, column, part.week + 1, {**_PALE, "align": "center"})
        look = {**HEADER, "num_format": "mmm d", "align": "center", "font_size": 9}
        sheet.day(_HEADER_ROW, column, part.first, look)


def _write_rotation(sheet: Sheet, layout: Layout, row: int, entry: Entry, levels: Levels) -> int:
    """Numbers, then people; returns the row after them."""
    look: Look = {"bg_color": entry.colour, "font_color": entry.font_colour, "bold": True}
    for column, text in enumerate((entry.code, entry.name, "people")):
        sheet.text(row, column, text, look)
    lines = [line for level, some in levels.items() if level != OPEN for line in some]
    for part in range(len(layout.problem.calendar.parts)):
        people = sum(part in line.names for line in lines)
        sheet.number(row, _FIRST_PART + part, people, {**look, "align": "center"})
    row += 1
    for level, some in levels.items():
        for line in some:
            _write_lane(sheet, layout, row, (entry.code, entry.name, level), line)
            row += 1
    return row


def _write_lane(
    sheet: Sheet, layout: Layout, row: int, texts: tuple[str, str, str], line: Lane
) -> None:
    """One line: pale where nobody stands, an edge where somebody begins."""
    for column, text in enumerate(texts):
        sheet.text(row, column, text, _PALE if column < len(texts) - 1 else {"font_size": 9})
    before = ""
    for part in range(len(layout.problem.calendar.parts)):
        name = line.names.get(part, "")
        look = dict(_PERSON)
        if name and name != before:
            look |= {"left": 1, "left_color": _EDGE, "bold": True}
        if name == OPEN:
            look |= {"font_color": "C00000"}
        if name:
            sheet.text(row, _FIRST_PART + part, name, look)
        before = name
