"""What is wrong on the Schedule sheet: notes as it was written, and a live line under the title."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from scheduler.workbook.book import BAD, GOOD, MISSED, Formula, Look, Sheet, column_name, quoted
from scheduler.workbook.layout import FIRST_PART, NAME, NOW_ROW, TRACK, Layout, middle
from scheduler.workbook.marks import Marks
from scheduler.workbook.sheets.colouring import OK, OVER, SHORT, paint
from scheduler.workbook.sheets.schedule_counters import NO_CODE, Astray
from scheduler.workbook.sheets.schedule_coverage import SAID, CoverageBlock, write_said

_NOTE = {"author": "scheduler", "x_scale": 2.4, "y_scale": 1.6, "font_size": 9}
#: Letters of either part of the line on top.
_LONGEST = 250
_NOW, _FINE = "Now: ", "Now: every service is within its limits, nobody is short"
_SAYS = {True: "against hard rules: ", False: "allowed, but not as wished: "}
_FINE_SHORT, _WISHED_SHORT = "Now: nothing is short", "Now: not as wished:"
_WRONG_SHORT = "Now: this is wrong:"
_SHORT_PEOPLE = " SHORT or OVER (▼▲ at the name, see Check right of the weeks)"
_BLANK_PEOPLE = " with cells that hold no code, not counted (? at the name)"
_WISHING_PEOPLE = " low or high (▽△ at the name, see Check right of the weeks)"
#: How many, of one and of more.
_PEOPLE = (" person", " people")
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
    sheet: Sheet, layout: Layout, block: CoverageBlock, check: int, astray: Astray
) -> None:
    """Under the title what is wrong now, then what is allowed and only not as wished.

    Over the names a few words that stay in sight; over either half of the year all of it.
    ``check`` is the column of people's words.
    """
    words = layout.people(check)
    people = {
        True: ((_holding(words, (SHORT, OVER)), _SHORT_PEOPLE, astray.short),
               (_holding(words, (NO_CODE,)), _BLANK_PEOPLE, astray.blank)),
        False: ((_wishing(words), _WISHING_PEOPLE, astray.wished),),
    }  # fmt: skip
    cells, now = {}, {}
    for hard, some in people.items():
        services, now[hard] = write_said(sheet, layout, block, hard)
        for count, said, number in reversed(some):
            services = f"{_counted_formula(count, said)}&{services}"
            now[hard] = (f"; {number}{_PEOPLE[number != 1]}{said}" if number else "") + now[hard]
        column = layout.column(SAID[hard])
        sheet.formula(layout.coverage_header, column, Formula(f"={services}", now[hard]))
        cells[hard] = f"${column_name(column)}${layout.coverage_header + 1}"
    _write_line(sheet, layout, Formula(_line_formula(cells), _line(now)))
    _write_short(sheet, layout, cells, now)


def _write_line(sheet: Sheet, layout: Layout, line: Formula) -> None:
    sheet.formula(NOW_ROW, FIRST_PART, line, _LOOK)
    again = Formula(f"=${column_name(FIRST_PART)}${NOW_ROW + 1}", line.value)
    sheet.formula(NOW_ROW, FIRST_PART + middle(layout), again, _LOOK)


def _write_short(
    sheet: Sheet, layout: Layout, cells: Mapping[bool, str], now: Mapping[bool, str]
) -> None:
    """The few words over the names, and the colours of the whole row."""
    text = (
        f'=IF({cells[True]}<>"",{quoted(_WRONG_SHORT)},'
        f'IF({cells[False]}<>"",{quoted(_WISHED_SHORT)},{quoted(_FINE_SHORT)}))'
    )
    said = _WRONG_SHORT if now[True] else _WISHED_SHORT if now[False] else _FINE_SHORT
    sheet.formula(NOW_ROW, NAME, Formula(text, said), _LOOK)
    names = (NOW_ROW, NAME, NOW_ROW, TRACK)
    line = (NOW_ROW, FIRST_PART, NOW_ROW, layout.last_part)
    for hard, look, ink in ((True, BAD, "C00000"), (False, MISSED, "9C5700")):
        paint(sheet, names, f'={cells[hard]}<>""', look)
        paint(sheet, line, f'={cells[hard]}<>""', {"font_color": ink})
    paint(sheet, names, f'=AND({cells[True]}="",{cells[False]}="")', GOOD)


def _line(now: Mapping[bool, str]) -> str:
    """All that is said ``now``: first of what is wrong, then of what is not as wished."""
    parts = [f"{_SAYS[hard]}{now[hard][2 : 2 + _LONGEST]}" for hard in (True, False) if now[hard]]
    return f"{_NOW}{'. '.join(parts)}" if parts else _FINE


def _line_formula(cells: Mapping[bool, str]) -> str:
    """The same, computed from the two ``cells``."""
    wrong, wished = (
        f'IF({cells[hard]}="","",{quoted(_SAYS[hard])}&MID({cells[hard]},3,{_LONGEST}))'
        for hard in (True, False)
    )
    dot = f'IF(OR({cells[True]}="",{cells[False]}=""),"",". ")'
    nothing = f'{cells[True]}&{cells[False]}=""'
    return f"=IF({nothing},{quoted(_FINE)},{quoted(_NOW)}&{wrong}&{dot}&{wished})"


def _counted_formula(count: str, said: str) -> str:
    """'; 2 people' and what is ``said`` of them, or nothing of nobody."""
    one, more = map(quoted, _PEOPLE)
    return f'IF({count}=0,"","; "&{count}&IF({count}=1,{one},{more})&{quoted(said)})'


def _holding(words: str, wanted: Iterable[str]) -> str:
    """How many people's words hold one of ``wanted``."""
    return f"SUMPRODUCT(1*(({_found(words, wanted)})>0))"


def _wishing(words: str) -> str:
    """How many people have words, but none of what is wrong."""
    wrong = _found(words, (SHORT, OVER, NO_CODE))
    return f"SUMPRODUCT((LEN({words})>0)*({words}<>{quoted(OK)})*(({wrong})=0))"


def _found(words: str, wanted: Iterable[str]) -> str:
    return "+".join(f"ISNUMBER(FIND({quoted(one)},{words}))" for one in wanted)
