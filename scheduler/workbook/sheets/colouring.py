"""Colouring counts against limits that stand in columns of the same sheet."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.workbook.book import BAD, GOOD, MISSED, Area, Look, Sheet, column_name

OK, SHORT, OVER = "ok", "SHORT", "OVER"
#: A number between two that are allowed.
ODD = "NOT ALLOWED"
#: A number that is too low or too high carries a mark beside its colour.
SHORT_MARK: Look = {"num_format": 'General"▼"'}
OVER_MARK: Look = {"num_format": 'General"▲"'}
ODD_MARK: Look = {"num_format": 'General"■"'}


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
    paint(sheet, area, f"=AND({counts},{cell}<{least},{hard}=1)", {**BAD, **SHORT_MARK})
    paint(sheet, area, f"=AND({counts},{cell}>{most},{hard}=1)", {**BAD, **OVER_MARK})
    paint(sheet, area, f"=AND({counts},{cell}<{least})", {**MISSED, **SHORT_MARK})
    paint(sheet, area, f"=AND({counts},{cell}>{most})", {**MISSED, **OVER_MARK})
    if limits.listed is not None:
        odd = limits.odd(first, cell, limits.listed)
        paint(sheet, area, f"=AND({counts},{odd},{hard}=1)", {**BAD, **ODD_MARK})
        paint(sheet, area, f"=AND({counts},{odd})", {**MISSED, **ODD_MARK})
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
