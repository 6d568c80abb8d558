"""Colouring counts against limits that stand in columns of the same sheet."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.workbook.book import BAD, GOOD, MISSED, Area, Look, Sheet, column_name

OK = "ok"
SHORT, OVER = "SHORT", "OVER"


@dataclass(frozen=True, slots=True)
class Words:
    """What is said of a number outside its limits; ``odd`` is one between two that are allowed.

    A mark stands beside each such number: on paper a hard limit is told from a soft one by it.
    """

    short: str
    over: str
    odd: str
    marks: tuple[str, str, str]

    def look(self, word: str) -> Look:
        """The format of a number of which ``word`` is said."""
        mark = dict(zip((self.short, self.over, self.odd), self.marks, strict=True))[word]
        return {"num_format": f'General"{mark}"'}


HARD = Words(SHORT, OVER, "NOT ALLOWED", ("▼", "▲", "■"))
SOFT = Words("low", "high", "not wished", ("▽", "△", "□"))


def words(hard: bool) -> Words:
    """Those of a hard or of a soft rule."""
    return HARD if hard else SOFT


@dataclass(frozen=True, slots=True)
class Limits:
    """The columns that hold a row's least, most, 1 where the rule is hard, and its list."""

    least: int
    most: int
    hard: int
    listed: int | None = None

    def cells(self, row: int) -> tuple[str, str, str]:
        """Their addresses in sheet row ``row`` (from 0)."""
        columns = (self.least, self.most, self.hard)
        least, most, hard = (f"${column_name(column)}{row + 1}" for column in columns)
        return least, most, hard

    @staticmethod
    def odd(row: int, cell: str, column: int) -> str:
        """A condition: ``column`` lists allowed numbers, and ``cell`` is not among them."""
        listed = f"${column_name(column)}{row + 1}"
        return f'AND(LEN({listed})>0,ISERROR(FIND(","&{cell}&",",{listed})))'


def colour_against_limits(sheet: Sheet, area: Area, word_column: int, limits: Limits) -> None:
    """Red where a hard limit is missed, amber where a soft one is, green elsewhere.

    Rows without limits stay plain, their zeros pale.
    """
    first, left = area[0], area[1]
    cell = f"{column_name(left)}{first + 1}"
    least, most, hard = limits.cells(first)
    counts = f"ISNUMBER({cell}),ISNUMBER({least})"
    for said, look, kind in ((HARD, BAD, f",{hard}=1"), (SOFT, MISSED, "")):
        short, over, odd = ({**look, **said.look(one)} for one in (said.short, said.over, said.odd))
        paint(sheet, area, f"=AND({counts},{cell}<{least}{kind})", short)
        paint(sheet, area, f"=AND({counts},{cell}>{most}{kind})", over)
        if limits.listed is not None:
            between = limits.odd(first, cell, limits.listed)
            paint(sheet, area, f"=AND({counts},{between}{kind})", odd)
    paint(sheet, area, f"=AND({counts})", GOOD)
    paint(sheet, area, f"=AND(ISNUMBER({cell}),{cell}=0)", {"font_color": "BFBFBF"})
    colour_words(sheet, (first, word_column, area[2], word_column), limits)


def colour_words(sheet: Sheet, area: Area, limits: Limits, plain: tuple[str, ...] = ()) -> None:
    """Green where all is well, red or amber where a hard or soft rule is missed."""
    word = f"${column_name(area[1])}{area[0] + 1}"
    hard = limits.cells(area[0])[2]
    paint(sheet, area, f'={word}="{OK}"', GOOD)
    for one in plain:
        paint(sheet, area, f'={word}="{one}"', {"font_color": "595959"})
    paint(sheet, area, f"=AND(LEN({word})>0,{hard}=1)", BAD)
    paint(sheet, area, f"=LEN({word})>0", MISSED)


def paint(sheet: Sheet, area: Area, criteria: str, look: Look) -> None:
    """Give ``area`` the look wherever the formula (of its first cell) holds; then stop."""
    sheet.conditional(area, {"type": "formula", "criteria": criteria}, look)
