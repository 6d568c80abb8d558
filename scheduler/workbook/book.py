"""A workbook being written: sheets, looks and live formulas; knows nothing of schedules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from io import BytesIO
from types import MappingProxyType
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from scheduler.workbook.worksheet import PlainWorksheet

Look = Mapping[str, Any]
#: First row, first column, last row and last column.
Area = tuple[int, int, int, int]
PLAIN: Look = MappingProxyType({})

#: Every cell; Excel and LibreOffice both have it or a font of the same widths.
FONT = {"font_name": "Calibri", "font_size": 10, "valign": "vcenter"}
#: Keeps what is typed later as text too: 007 stays 007.
TEXT = {"num_format": "@"}
HEADER = {
    "bold": True,
    "font_color": "FFFFFF",
    "bg_color": "1F3864",
    "text_wrap": True,
    "valign": "vcenter",
    "border": 1,
    "border_color": "8EA9DB",
}
TITLE = {"bold": True, "font_size": 14, "font_color": "1F3864"}
NOTE = {"italic": True, "font_color": "595959"}
GOOD = {"bg_color": "E2EFDA", "font_color": "375623"}
BAD = {"bg_color": "C00000", "font_color": "FFFFFF", "bold": True}
MISSED = {"bg_color": "FFE699", "font_color": "7F6000"}

#: Paper of 11 x 17 inches: the least that holds a legible year.
TABLOID = 3
LETTER = 1
#: Characters across a landscape page at full size, also where the font has to be replaced.
_PAGE_WIDTH = {LETTER: 94, TABLOID: 150}
#: Points from margin to margin down a landscape page.
_PAGE_HEIGHT = {LETTER: 532, TABLOID: 712}
_PERCENT = 100
#: The edge of a column, in characters.
PADDING = 0.7
#: Points of a row of one line, and of each further line of a cell that wraps.
ROW = 15
_LINE = 13.5
#: Points: Excel has no higher rows.
_HIGHEST = 409
#: How wide letters are that are not as wide as a digit; columns are measured in digits.
_LETTERS = {
    **dict.fromkeys("ijl.,;:'|!() -ftr/", 0.6),
    **dict.fromkeys("mwMW%@", 1.5),
    **dict.fromkeys("ABCDEFGHKLNOPQRSTUVXYZ", 1.15),
}
#: Columns are measured at eleven points, cells are written at ten.
_SMALLER = 1.06

_LIKE_A_FORMULA = ("=", "+", "-", "@")
#: What cells have by themselves; a conditional format leaves the font alone.
_KINDS: Mapping[str, Look] = {
    "cell": FONT,
    "text": {**FONT, **TEXT},
    "careful": {**FONT, **TEXT, "quote_prefix": True},
    "day": {**FONT, "num_format": "yyyy-mm-dd"},
    "conditional": PLAIN,
}
#: Workbooks count days from here (right from March 1900 on).
_DAY_0 = date(1899, 12, 30)
_CREATED = datetime(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Formula:
    """A live formula with the value it has now, for viewers that do not calculate."""

    text: str
    value: str | int | float


@cache
def column_name(column: int) -> str:
    """'A' for 0, 'AA' for 26."""
    name: str = xl_col_to_name(column)
    return name


def quoted(text: str) -> str:
    """``text`` as a string inside a formula."""
    return '"' + text.replace('"', '""') + '"'


def lines_of(text: str, width: float) -> int:
    """Lines that ``text`` takes, wrapped at blanks in a column of ``width`` digits."""
    lines, filled, width = 1, 0.0, width * _SMALLER
    for word in text.split(" "):
        long = _width_of(word)
        if filled and filled + long > width:
            lines, filled = lines + 1, 0.0
        # A word longer than the column is broken.
        lines += int(long / width)
        filled += long % width + _LETTERS[" "]
    return lines


@lru_cache(maxsize=10_000)
def _width_of(word: str) -> float:
    """In digits; the same names, codes and dates are measured again and again."""
    return sum(_LETTERS.get(letter, 1.0) for letter in word)


def height_of(lines: int) -> float:
    """Points of a row whose highest cell has so many lines; no row is higher than a page."""
    return ROW if lines == 1 else min(_HIGHEST, _LINE * lines + 2)


def rows_on_page(widest: float, paper: int, header: float) -> int:
    """Rows of one line on a landscape page below ``header`` (points); ``widest`` in characters."""
    return int((_PAGE_HEIGHT[paper] * _PERCENT / _scale(widest, paper) - header) / ROW)


def page_starts(heights: Iterable[float], room: float) -> Iterator[bool]:
    """Of pieces one under another, so many rows high: whether each begins a page, so that none
    is torn apart that fits in the ``room`` (rows) of one."""
    filled = 0.0
    for number, height in enumerate(heights):
        starts = number > 0 and filled + height > room
        filled = height if starts else filled + height
        yield starts


def _scale(widest: float, paper: int) -> int:
    """Percent at which ``widest`` characters stand on a landscape page."""
    return max(20, min(_PERCENT, int(_PERCENT * _PAGE_WIDTH[paper] / widest)))


class Sheet:
    """One sheet; rows and columns count from 0, looks are format properties by name."""

    def __init__(self, book: Book, raw: Any, name: str) -> None:
        self.book = book
        self.raw = raw
        self.name = name

    def text(self, row: int, column: int, text: str, look: Look = PLAIN) -> None:
        """Text stays text, whatever it looks like."""
        kind = "careful" if text.startswith(_LIKE_A_FORMULA) else "text"
        self.raw.write_string(row, column, text, self.book.format(look, kind))

    def number(self, row: int, column: int, value: float, look: Look = PLAIN) -> None:
        self.raw.write_number(row, column, value, self.book.format(look))

    def day(self, row: int, column: int, day: date, look: Look = PLAIN) -> None:
        self.raw.write_number(row, column, (day - _DAY_0).days, self.book.format(look, "day"))

    def formula(self, row: int, column: int, formula: Formula, look: Look = PLAIN) -> None:
        self.raw.write_formula(row, column, formula.text, self.book.format(look), formula.value)
        self.book.formulas += 1

    def blank(self, row: int, column: int, look: Look) -> None:
        self.raw.write_blank(row, column, None, self.book.format(look))

    def put(self, row: int, column: int, value: object, look: Look = PLAIN) -> None:
        """Write ``value`` as what it is: formula, date, number or text; None is left empty."""
        if isinstance(value, str):  # most are
            self.text(row, column, value, look)
        elif isinstance(value, Formula):
            self.formula(row, column, value, look)
        elif isinstance(value, date):
            self.day(row, column, value, look)
        elif isinstance(value, int | float):
            self.number(row, column, value, look)
        elif value is not None:
            self.text(row, column, str(value), look)

    def fit(self, row: int, text: str, width: float) -> None:
        """Make ``row`` high enough for ``text`` wrapped in a column of ``width`` characters."""
        lines = lines_of(text, width)
        if lines > 1:
            self.raw.set_row(row, height_of(lines))

    def header(self, row: int, titles: Iterable[str], look: Look = PLAIN) -> None:
        for column, title in enumerate(titles):
            self.text(row, column, title, {**HEADER, **look})

    def widths(self, widths: Iterable[float]) -> None:
        for column, width in enumerate(widths):
            self.raw.set_column(column, column, width)

    def word_colours(self, area: Area, words: Mapping[str, Look]) -> None:
        """Colour every cell of ``area`` that begins with one of ``words``."""
        for word, look in words.items():
            self.conditional(area, {"type": "text", "criteria": "begins with", "value": word}, look)

    def conditional(self, area: Area, rule: Look, look: Look) -> None:
        """Give cells of ``area`` the look where the rule holds, and look no further there."""
        shown = self.book.format(look, "conditional")
        self.raw.conditional_format(*area, {**rule, "format": shown, "stop_if_true": True})

    def page(
        self,
        repeat_rows: tuple[int, int],
        repeat_columns: int = 0,
        paper: int = LETTER,
        portrait: bool = False,
        wide: int = 1,
    ) -> None:
        """``wide`` pages wide and as many long as it takes; headers repeated, a stamp beneath."""
        self._paper(repeat_rows, repeat_columns, paper, portrait)
        self.raw.fit_to_pages(wide, 0)

    def first_lines(self, header: int, last: int, columns: int, most: int, instead: str) -> None:
        """Print only the first ``most`` rows under ``header``, and say what to print instead."""
        lines = last - header
        if lines > most:
            self.raw.print_area(0, 0, header + most, columns - 1)
            self.raw.set_header(f"&L&9The first {most} of {lines} lines. {instead}")

    def pages(
        self,
        repeat_rows: tuple[int, int],
        repeat_columns: int,
        widest: float,
        breaks: tuple[Sequence[int], Sequence[int]],
        paper: int = LETTER,
    ) -> None:
        """Landscape pages that end where ``breaks`` (rows, columns) say; ``widest`` in characters.

        Excel minds no breaks on pages that are fitted, so the scale is reckoned here.
        """
        self._paper(repeat_rows, repeat_columns, paper, portrait=False)
        self.raw.set_print_scale(_scale(widest, paper))
        self.raw.print_across()
        rows, columns = breaks
        self.raw.set_h_pagebreaks(list(rows))
        self.raw.set_v_pagebreaks(list(columns))

    def _paper(
        self, repeat_rows: tuple[int, int], repeat_columns: int, paper: int, portrait: bool
    ) -> None:
        if portrait:
            self.raw.set_portrait()
        else:
            self.raw.set_landscape()
        self.raw.set_paper(paper)
        self.raw.set_margins(0.4, 0.4, 0.5, 0.6)
        self.raw.repeat_rows(*repeat_rows)
        if repeat_columns:
            self.raw.repeat_columns(0, repeat_columns - 1)
        self.raw.set_footer(f"&L&9&A&C&9&P / &N&R&9{self.book.stamp}")


class Book:
    """A workbook in memory; ``formulas`` counts the live formulas, ``stamp`` foots each page."""

    def __init__(self, title: str, created: datetime | None = None, stamp: str = "&D") -> None:
        self.stamp = stamp
        self._stream = BytesIO()
        self._raw = xlsxwriter.Workbook(self._stream, {"in_memory": True})
        self._raw.set_properties({"title": title, "created": created or _CREATED})
        self._raw.set_calc_mode("auto")
        self._formats: dict[object, Any] = {}
        self.formulas = 0

    def sheet(self, name: str, tab: str = "") -> Sheet:
        raw = self._raw.add_worksheet(name, worksheet_class=PlainWorksheet)
        if tab:
            raw.set_tab_color(f"#{tab}")
        return Sheet(self, raw, name)

    def chart(self, options: Look) -> Any:
        """A chart to be filled and inserted into a sheet."""
        return self._raw.add_chart(dict(options))

    def format(self, look: Look, kind: str = "cell") -> Any:
        """The format of ``look`` over what a ``kind`` of cell has by itself, made once."""
        # Half of all cells have no look of their own.
        key = (kind, *look.items()) if look else kind
        found = self._formats.get(key)
        if found is None:
            whole = {**_KINDS[kind], **look}
            found = self._raw.add_format({k: _colour(k, v) for k, v in whole.items()})
            self._formats[key] = found
        return found

    def content(self) -> bytes:
        """The finished file."""
        self._raw.close()
        return self._stream.getvalue()


def _colour(key: str, value: Any) -> Any:
    return f"#{value}" if key.endswith("color") else value
