"""What is wrong on the Schedule sheet: notes as it was written, and a live line under the title."""

from __future__ import annotations

from collections.abc import Iterable

from scheduler.workbook.book import Formula, Look, Sheet, column_name, quoted
from scheduler.workbook.layout import FIRST_PART, NAME, NOW_ROW, TRACK, Layout, middle
from scheduler.workbook.marks import Marks
from scheduler.workbook.sheets.colouring import OK, OVER, SHORT, paint
from scheduler.workbook.sheets.schedule_counters import NO_CODE
from scheduler.workbook.sheets.schedule_coverage import CoverageBlock

_NOTE = {"author": "scheduler", "x_scale": 2.4, "y_scale": 1.6, "font_size": 9}
#: Services named in the line on top; a formula has room for no more.
_MOST_NAMED = 70
_LONGEST = 300
_FINE = "Now: every service is within its limits, nobody is short"
_FINE_SHORT, _WRONG_SHORT = "Now: nothing is short", "Now: this is wrong:"
_SHORT_PEOPLE = " people short or over (▼▲ at the name; Check, right of the weeks: of what)"
_BLANK_PEOPLE = " people with cells that hold no code, not counted (? at the name)"
_LOOK: Look = {"bold": True, "font_size": 11, "font_color": "375623"}


def write_notes(sheet: Sheet, layout: Layout, block: CoverageBlock, marks: Marks) -> None:
    """The rule's sentence on every cell, name and coverage number it finds fault with."""
    for (resident, part), text in marks.cells.items():
        _note(sheet, layout.row_of[resident], FIRST_PART + part, text)
    for resident, text in marks.people.items():
        _note(sheet, layout.row_of[resident], NAME, text)
    said = set()
    for number, row in enumerate(block.rows):
        for part in row.parts:
            text = marks.services.get((row.rule, part), "")
            if text and (row.rule, part) not in said:
                said.add((row.rule, part))
                _note(sheet, block.first + number, FIRST_PART + part, text)


def _note(sheet: Sheet, row: int, column: int, text: str) -> None:
    sheet.raw.write_comment(row, column, text, _NOTE)


def write_now(
    sheet: Sheet,
    layout: Layout,
    block: CoverageBlock,
    check: int,
    astray: tuple[int, int],
) -> None:
    """Under the title what is short or over now, or cannot be counted.

    Over the names two words that stay in sight; over either half of the year all of it.
    ``check`` is the column of people's words; ``astray`` how many are short or over, and how
    many have cells without a code.
    """
    words, values = _services(block)
    people = layout.people(check)
    for count, said, found in zip(
        astray, (_SHORT_PEOPLE, _BLANK_PEOPLE), ((SHORT, OVER), (NO_CODE,)), strict=True
    ):
        words = f"{_people(people, found, said)}&{words}"
        values = (f"; {count}{said}" if count else "") + values
    value = f"Now: {values[2:]}"[:_LONGEST] if values else _FINE
    text = f'IF({words}="",{quoted(_FINE)},MID("Now: "&MID({words},3,{_LONGEST}),1,{_LONGEST}))'
    cell = f"${column_name(FIRST_PART)}${NOW_ROW + 1}"
    short = f"=IF({cell}={quoted(_FINE)},{quoted(_FINE_SHORT)},{quoted(_WRONG_SHORT)})"
    sheet.formula(NOW_ROW, FIRST_PART, Formula(f"={text}", value), _LOOK)
    sheet.formula(NOW_ROW, FIRST_PART + middle(layout), Formula(f"={cell}", value), _LOOK)
    said = _FINE_SHORT if value == _FINE else _WRONG_SHORT
    sheet.formula(NOW_ROW, NAME, Formula(short, said), _LOOK)
    area = (NOW_ROW, NAME, NOW_ROW, layout.last_part)
    paint(sheet, area, f"={cell}<>{quoted(_FINE)}", {"font_color": "C00000"})


def _services(block: CoverageBlock) -> tuple[str, str]:
    """What is said of the services that are not ok, as it is computed and as it is now."""
    word, name = column_name(TRACK), column_name(NAME)
    terms, now = [], ""
    for number, row in enumerate(block.rows[:_MOST_NAMED]):
        at, result = block.first + number + 1, block.result(number)
        terms.append(f'IF(${word}${at}={quoted(OK)},"","; "&${name}${at}&" "&${word}${at})')
        now += "" if result == OK else f"; {row.label} {result}"
    return "&".join(terms) or '""', now


def _people(words: str, wanted: Iterable[str], said: str) -> str:
    """How many people's words hold one of ``wanted``, and what is ``said`` of them."""
    found = "+".join(f"ISNUMBER(FIND({quoted(one)},{words}))" for one in wanted)
    count = f"SUMPRODUCT(1*(({found})>0))"
    return f'IF({count}=0,"","; "&{count}&{quoted(said)})'
