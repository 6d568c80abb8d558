"""The Per requirement sheet: what everybody has of each requirement, a line a person; for paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from scheduler.problem.resident import Resident
from scheduler.workbook.book import (
    BAD,
    HEADER,
    MISSED,
    NOTE,
    PADDING,
    ROW,
    TABLOID,
    TITLE,
    Book,
    Look,
    Sheet,
    page_starts,
    rows_on_page,
)
from scheduler.workbook.layout import Layout
from scheduler.workbook.owed import Owed
from scheduler.workbook.sheets.colouring import HARD, SOFT
from scheduler.workbook.sheets.requirements import LATER, status, target_words, training_value
from scheduler.workbook.sheets.schedule import band

SHEET = "Per requirement"
_SAID = (
    "What the target counts: this year, with earlier years and credit where they count. "
    "▼ too little, ▲ too much (▽△ only less good), grey: due in a later year. As it was written."
)
_TITLE_ROW, _SAID_ROW, _FIRST_ROW = 0, 1, 3
_NAME_WIDTH, _WIDTH = 26.0, 6.0
#: Points: names of requirements on their side.
_HEADER_HEIGHT = 105
_MARKS = {word: mark for one in (HARD, SOFT)
          for word, mark in zip((one.short, one.over), one.marks, strict=False)}  # fmt: skip
_LOOK: Look = {"align": "center", "font_size": 9, "border": 1, "border_color": "D9D9D9"}
_GREY: Look = {"font_color": "7F7F7F", "italic": True}
_NONE: Look = {"font_color": "BFBFBF"}

#: A requirement: what it asks, the rule that does, and which of the rule's lines it is.
Asked = tuple[str, str, int]


@dataclass(frozen=True)
class Peers:
    """People of one PGY and track, what each owes, and the target that most of them have."""

    people: tuple[Resident, ...]
    owed: dict[int, dict[Asked, Owed]]
    targets: dict[Asked, str]

    @property
    def words(self) -> str:
        one = self.people[0]
        level = "Visitors" if one.visitor else f"PGY{one.pgy}"
        return f"{level} {one.track}: {len(self.people)}"

    @property
    def rows(self) -> float:
        """How high the table is, in rows of one line."""
        return _HEADER_HEIGHT / ROW + 2 + len(self.people)


def peers(layout: Layout, lines: Sequence[Owed]) -> Iterator[Peers]:
    """Everybody who owes anything, in the order of the Schedule sheet."""
    owed: dict[int, dict[Asked, Owed]] = {}
    for line in lines:
        own = owed.setdefault(line.resident, {})
        again = sum((line.what, line.rule) == asked[:2] for asked in own)
        own[line.what, line.rule, again] = line
    for _, some in groupby(layout.order, key=lambda one: (one.visitor, one.pgy, one.track)):
        people = tuple(one for one in some if one.index in owed)
        often: dict[Asked, Counter[str]] = {}
        for one in people:
            for asked, line in owed[one.index].items():
                often.setdefault(asked, Counter())[_short(target_words(line))] += 1
        if people:
            common = {asked: found.most_common(1)[0][0] for asked, found in often.items()}
            yield Peers(people, owed, common)


def write_per_requirement(book: Book, layout: Layout, lines: Sequence[Owed]) -> None:
    """A table for each PGY and track; on paper none is torn apart that fits a page."""
    sheet = book.sheet(SHEET, tab="4472C4")
    sheet.text(_TITLE_ROW, 0, "Who has what of each requirement", TITLE)
    sheet.text(_SAID_ROW, 0, _SAID, NOTE)
    tables = list(peers(layout, lines))
    most = max((len(table.targets) for table in tables), default=1)
    widest = _NAME_WIDTH + most * (_WIDTH + PADDING)
    row, breaks = _FIRST_ROW, []
    room = rows_on_page(widest, TABLOID, ROW * _FIRST_ROW)
    starts = page_starts((table.rows for table in tables), room)
    for table, starts_page in zip(tables, starts, strict=True):
        if starts_page:
            breaks.append(row)
        row = _write_table(sheet, layout, row, table)
    sheet.raw.set_column(0, 0, _NAME_WIDTH)
    sheet.raw.set_column(1, most, _WIDTH)
    sheet.raw.freeze_panes(0, 1)
    sheet.pages((_TITLE_ROW, _SAID_ROW), 0, widest, (breaks, ()), TABLOID)


def _write_table(sheet: Sheet, layout: Layout, row: int, table: Peers) -> int:
    """Requirements on their side, their targets, then the people; returns the next table's row."""
    sheet.raw.set_row(row, _HEADER_HEIGHT)
    sheet.text(row, 0, table.words, {**HEADER, "valign": "bottom"})
    sheet.text(row + 1, 0, "target", {**_LOOK, "align": "left", "bold": True})
    for column, (asked, target) in enumerate(table.targets.items(), start=1):
        turned: Look = {"rotation": 90, "font_size": 9, "align": "center", "valign": "bottom"}
        sheet.text(row, column, asked[0], {**HEADER, **turned})
        sheet.text(row + 1, column, target, {**_LOOK, "bold": True, "shrink": True})
    for number, one in enumerate(table.people, start=row + 2):
        look: Look = {"bg_color": band(one), "border": 1, "border_color": "D9D9D9"}
        sheet.text(number, 0, one.name, {**look, "shrink": True})
        for column, (asked, target) in enumerate(table.targets.items(), start=1):
            line = table.owed[one.index].get(asked)
            if line is not None:
                _write_cell(sheet, layout, (number, column), line, target)
    return row + 3 + len(table.people)


def _write_cell(
    sheet: Sheet, layout: Layout, place: tuple[int, int], line: Owed, target: str
) -> None:
    """The number, a mark where it misses the target, and the target where it is another."""
    value, word, own = training_value(layout, line), status(layout, line), target_words(line)
    said = f"{value:.0%}" if line.is_share else f"{round(value, 1):g}"
    other = "" if _short(own) == target else f" ({_short(own)})"
    look = _NONE if not value else {}
    if word in _MARKS:
        look = BAD if line.hard else MISSED
    elif word == LATER:
        look = _GREY
    text = f"{said}{_MARKS.get(word, '')}{other}"
    sheet.text(*place, text, {**_LOOK, "shrink": True, **look})


def _short(target: str) -> str:
    return target.replace("at least ", "≥").replace("at most ", "≤")
