"""The Charts sheet: outpatient share by track, vacation by week, nights by resident; all live.

The numbers behind each picture stand at the right of the sheet and follow every edit of Schedule.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.problem.rotation import VACATION
from scheduler.workbook.book import HEADER, NOTE, Book, Formula, Look, Sheet, column_name, quoted
from scheduler.workbook.counters import Ratio, Tally
from scheduler.workbook.coverage import CoverageRow, criterion
from scheduler.workbook.layout import FIRST_PART, PGY, TRACK, Layout
from scheduler.workbook.owed import Owed, outpatient_share
from scheduler.workbook.sheets.schedule_coverage import CoverageBlock

SHEET = "Charts"
_HEAD, _FIRST = 1, 2
#: Columns of the default width that a picture takes, and the first column of numbers.
_PICTURE_COLUMNS, _NUMBERS = 15, 16
_COLUMN_PIXELS, _ROW_PIXELS, _COLUMN_CHARACTERS = 64, 20, 9.14
_LOW, _HIGH = 15, 21
#: Rows of pictures on one page.
_PAGE_ROWS = 50
_COLOURS = ("5B9BD5", "70AD47", "FFC000", "ED7D31")
_LIMIT: Look = {"color": "#C00000", "width": 2.0}
_SMALL: Look = {"size": 8}
_PERCENT_OF_WEEK = 100
#: Keeps equal numbers of nights in the order of the people, and never reorders others.
_TIE = 100_000
#: So many names are legible in one picture.
_NAMES_IN_PICTURE = 60
_NIGHT_TAG, _OUTPATIENT_TAG = "night", "outpatient"


def _all_parts(problem: Problem) -> tuple[int, ...]:
    return tuple(range(len(problem.calendar.parts)))


#: A resident with what they are called in a picture.
Named = tuple[str, Resident]


@dataclass(frozen=True)
class Pictured:
    """What each person's row adds up to for the pictures; None where there is nothing to see."""

    outpatient: Tally | None
    clinical: Tally
    nights: Tally | None
    night_unit: str

    @property
    def tallies(self) -> Iterator[Tally]:
        if self.outpatient is not None:
            yield from (self.outpatient, self.clinical)
        if self.nights is not None:
            yield self.nights


def plan_charts(layout: Layout, lines: Sequence[Owed]) -> Pictured:
    """Take a hidden column for every tally that has none yet."""
    problem = layout.problem
    share = _outpatient(problem, lines)
    unit, nights = _nights(problem)
    found = Pictured(share.top if share.top.weights else None, share.bottom, nights, unit)
    titles = {share.top: "outpatient weeks", share.bottom: "clinical weeks", nights: unit}
    for tally in found.tallies:
        if not layout.has(tally):
            layout.take(tally, titles[tally])
    return found


def _outpatient(problem: Problem, lines: Sequence[Owed]) -> Ratio:
    """As a rule of the program counts it; else by the tag, or by the rotations' percentages."""
    by_number = outpatient_share(problem, _all_parts(problem))
    codes = problem.tags.get(_OUTPATIENT_TAG, frozenset())
    clinical = {code for code, _ in by_number.bottom.weights}
    by_tag = Ratio(Tally.of(codes & clinical, _all_parts(problem)), by_number.bottom)
    ruled = {line.count for line in lines if line.is_share}
    for one in (by_tag, by_number):
        if one in ruled:
            return one
    return by_tag if codes else by_number


def _nights(problem: Problem) -> tuple[str, Tally | None]:
    """Nights by the rotations' own numbers; without any, weeks on rotations tagged night."""
    parts = _all_parts(problem)
    rotations = sorted(problem.rotations.items())
    weights = [(code, _PERCENT_OF_WEEK * one.nights) for code, one in rotations if one.nights]
    if weights:
        return "nights", Tally(tuple(weights), parts)
    tagged = problem.tags.get(_NIGHT_TAG, frozenset())
    return "weeks of nights", Tally.of(tagged, parts) if tagged else None


@dataclass
class _Page:
    """The sheet being filled: the next picture goes to ``row``, the next table to ``column``."""

    book: Book
    sheet: Sheet
    layout: Layout
    row: int = _FIRST
    column: int = _NUMBERS
    breaks: list[int] = field(default_factory=list)
    _page_began: int = 0

    def show(self, chart: Any, title: str, rows: int = _LOW) -> None:
        """Put ``chart`` below the one before, on a new page where it would be cut."""
        if self.row + rows > self._page_began + _PAGE_ROWS:
            self.breaks.append(self.row)
            self._page_began = self.row
        chart.set_title({"name": title, "overlay": False, "name_font": {"size": 12}})
        width = _PICTURE_COLUMNS * _COLUMN_PIXELS
        chart.set_size({"width": width, "height": rows * _ROW_PIXELS})
        options = {"description": title, "object_position": 3}
        self.sheet.raw.insert_chart(self.row, 0, chart, options)
        self.row += rows + 1

    def table(self, titles: Sequence[str]) -> int:
        """Write the titles of a table of numbers; returns its first column."""
        first = self.column
        for column, title in enumerate(titles, start=first):
            self.sheet.text(_HEAD, column, title, HEADER)
        self.column += len(titles) + 1
        return first

    def cells(self, column: int, count: int) -> list[Any]:
        """``count`` cells of a table's column, as a chart refers to them."""
        return [SHEET, _FIRST, column, _FIRST + count - 1, column]

    def name(self, column: int) -> list[Any]:
        return [SHEET, _HEAD, column]


def write_charts(
    book: Book, layout: Layout, block: CoverageBlock, pictured: Pictured, lines: Sequence[Owed]
) -> None:
    """The sheet with every picture that has something to show."""
    sheet = book.sheet(SHEET, tab="4472C4")
    said = "The pictures follow every edit of Schedule; their numbers stand at the right."
    sheet.text(0, 0, said, NOTE)
    sheet.raw.set_row(_HEAD, 30)
    page = _Page(book, sheet, layout)
    if pictured.outpatient is not None:
        _draw_shares(page, pictured.outpatient, pictured.clinical, lines)
    limits = [number for number, row in enumerate(block.rows) if row.codes == {VACATION}]
    for number in limits:
        _draw_vacation(page, _limited(block, number), block.rows[number])
    if not limits:
        _draw_vacation(page, _everyone(layout), None)
    if pictured.nights is not None:
        _draw_nights(page, pictured.nights, pictured.night_unit)
    _arrange(page)


def _arrange(page: _Page) -> None:
    sheet, last = page.sheet, max(page.row, _FIRST)
    sheet.raw.hide_gridlines(2)
    wide = _PICTURE_COLUMNS * _COLUMN_CHARACTERS
    sheet.pages((0, 0), 0, wide, (page.breaks, ()))
    sheet.raw.print_area(0, 0, last, _PICTURE_COLUMNS - 1)
    sheet.raw.freeze_panes(_FIRST, 0)


# -- outpatient share by track -------------------------------------------------------------


def _draw_shares(page: _Page, top: Tally, bottom: Tally, lines: Sequence[Owed]) -> None:
    """A column for every year of training, track by track, and what rules ask for."""
    people = [one for one in page.layout.order if not one.visitor]
    tracks = list(dict.fromkeys(one.track for one in people))
    years = sorted({one.pgy for one in people})
    asked = _asked(page.layout, top, lines)
    titles = ["Track", *(f"PGY{pgy}" for pgy in years), *(["asked for"] if asked else [])]
    first = page.table(titles)
    percent: Look = {"num_format": "0%", "align": "center"}
    for row, track in enumerate(tracks, start=_FIRST):
        page.sheet.text(row, first, track)
        for column, pgy in enumerate(years, start=first + 1):
            own = [one for one in people if (one.track, one.pgy) == (track, pgy)]
            if own:
                page.sheet.formula(row, column, _share(page.layout, top, bottom, own), percent)
        if track in asked:
            page.sheet.number(row, first + 1 + len(years), asked[track], percent)
    page.sheet.raw.set_column(first, first, 18)
    chart = page.book.chart({"type": "column"})
    for number, column in enumerate(range(first + 1, first + 1 + len(years))):
        _add(page, chart, first, column, len(tracks), _bars(number, "0%"))
    if asked:
        marks = page.book.chart({"type": "line"})
        dash = {"type": "long_dash", "size": 14, "fill": _LIMIT, "border": _LIMIT}
        column = first + 1 + len(years)
        _add(page, marks, first, column, len(tracks), {"line": {"none": True}, "marker": dash})
        chart.combine(marks)
    _axes(chart, "share of clinical weeks", "0%")
    page.show(chart, "Outpatient share of clinical weeks this year, by track and year of training")


def _share(layout: Layout, top: Tally, bottom: Tally, people: Sequence[Resident]) -> Formula:
    """The weeks of all of them together; ``people`` are those of one track and year."""
    sums = []
    for tally in (top, bottom):
        column, tracks = layout.column(tally), layout.people(TRACK, "Schedule!")
        ranges = (layout.people(column, "Schedule!"), tracks, quoted(people[0].track))
        years = layout.people(PGY, "Schedule!")
        sums.append(f"SUMIFS({','.join(ranges)},{years},{people[0].pgy})")
    values = [
        sum(tally.value(layout.problem.calendar, layout.schedule.cells[one.index])
            for one in people)
        for tally in (top, bottom)
    ]  # fmt: skip
    value = values[0] / values[1] if values[1] else 0
    return Formula(f"=IF({sums[1]}>0,{sums[0]}/{sums[1]},0)", value)


def _asked(layout: Layout, top: Tally, lines: Sequence[Owed]) -> dict[str, float]:
    """Each track's largest share of outpatient weeks that a rule asks of somebody."""
    found: dict[str, float] = {}
    for line in lines:
        track = layout.problem.residents[line.resident].track
        counted = getattr(line.count, "top", None)
        if line.is_share and counted == top and line.target:
            found[track] = max(line.target, found.get(track, 0))
    return found


# -- vacation by week ----------------------------------------------------------------------


def _limited(block: CoverageBlock, number: int) -> dict[int, Formula]:
    """For each part the cell of a coverage row on Schedule."""
    at = block.first + number + 1
    return {
        part: Formula(f"=Schedule!{column_name(FIRST_PART + part)}${at}", count or 0)
        for part, count in block.counts[number].items()
    }


def _everyone(layout: Layout) -> dict[int, Formula]:
    """For each part how many of all are on vacation."""
    found = {}
    for part in _all_parts(layout.problem):
        cells = layout.people(FIRST_PART + part, "Schedule!", fixed=False)
        count = sum(row[part] == VACATION for row in layout.schedule.cells)
        found[part] = Formula(f"=COUNTIF({cells},{criterion(VACATION)})", count)
    return found


def _draw_vacation(page: _Page, cells: dict[int, Formula], row: CoverageRow | None) -> None:
    """Columns of people, and the most there may be as a line where a rule says so."""
    parts = page.layout.problem.calendar.parts
    who = "everyone" if row is None else row.people_words
    most = None if row is None else row.most
    titles = ["Week of", f"On vacation: {who}", *(["at most"] if most is not None else [])]
    first = page.table(titles)
    for at, part in enumerate(parts, start=_FIRST):
        page.sheet.text(at, first, f"{part.first:%b} {part.first.day}")
        if part.index in cells:
            page.sheet.formula(at, first + 1, cells[part.index], {"align": "center"})
            if most is not None:
                page.sheet.number(at, first + 2, most, {"align": "center"})
    page.sheet.raw.set_column(first + 1, first + 1, 16)
    chart = page.book.chart({"type": "column"})
    _add(page, chart, first, first + 1, len(parts), {**_bars(1), "gap": 30})
    if most is not None:
        line = page.book.chart({"type": "line"})
        _add(page, line, first, first + 2, len(parts), {"line": dict(_LIMIT)})
        chart.combine(line)
    _axes(chart, "people", "0", {"rotation": -90})
    limit = "" if most is None else f" (at most {most})"
    page.show(chart, f"On vacation, week by week: {who}{limit}")


# -- nights by resident --------------------------------------------------------------------


def _draw_nights(page: _Page, nights: Tally, unit: str) -> None:
    """Everybody's nights, most first; for each year of training where one picture is too small."""
    for number, (who, people) in enumerate(_groups(page.layout).items()):
        first = page.table((who, unit, "Place", "Name", "Id", unit, "Sorted by"))
        _sort_nights(page, first, people, nights)
        page.sheet.raw.set_column(first, first, 28)
        page.sheet.raw.set_column(first + 2, first + 6, 8, None, {"hidden": True})
        chart = page.book.chart({"type": "column"})
        _add(page, chart, first, first + 1, len(people), {**_bars(number), "gap": 30})
        _axes(chart, unit, "0", {"rotation": -90})
        chart.set_legend({"none": True})
        page.show(chart, f"{unit.capitalize()} this year, {who}, most first", _HIGH)


def _groups(layout: Layout) -> dict[str, list[Named]]:
    """Residents with what they are called, picture by picture; visitors are nobody's peers."""
    people = [one for one in layout.order if not one.visitor]
    if len(people) <= _NAMES_IN_PICTURE:
        return {"all residents": [(f"{one.name} (PGY{one.pgy})", one) for one in people]}
    found: dict[str, list[Named]] = {}
    for one in people:
        found.setdefault(f"PGY{one.pgy}", []).append((one.name, one))
    return found


def _sort_nights(page: _Page, first: int, people: Sequence[Named], nights: Tally) -> None:
    """Two columns to see, most nights first; at their right, hidden, the people as they stand."""
    calendar, cells = page.layout.problem.calendar, page.layout.schedule.cells
    values = [nights.value(calendar, cells[one.index]) for _, one in people]
    places = sorted(range(len(people)), key=lambda at: (-values[at], at))
    names, sums, keys = (_range(first + offset, len(people)) for offset in (3, 5, 6))
    for at, placed in enumerate(places):
        row = _FIRST + at
        _write_person(page, row, first, people[at], nights, values[at])
        place = f"${column_name(first + 2)}{row + 1}"
        order = Formula(f"=MATCH(LARGE({keys},{at + 1}),{keys},0)", placed + 1)
        shown = Formula(f"=INDEX({sums},{place})", values[placed])
        page.sheet.formula(row, first + 2, order)
        page.sheet.formula(row, first, Formula(f"=INDEX({names},{place})", people[placed][0]))
        page.sheet.formula(row, first + 1, shown, {"align": "center", "num_format": "0"})


def _write_person(
    page: _Page, row: int, first: int, person: Named, nights: Tally, value: float
) -> None:
    """Name, id, nights (looked up by id on Schedule), and what the people are sorted by."""
    layout, sheet, at = page.layout, page.sheet, row - _FIRST
    ids, counts = (
        layout.people(column, "Schedule!") for column in (layout.id_column, layout.column(nights))
    )
    own, found = (f"${column_name(first + offset)}{row + 1}" for offset in (4, 5))
    sheet.text(row, first + 3, person[0])
    sheet.text(row, first + 4, person[1].id)
    look_up = f"=IFERROR(INDEX({counts},MATCH({own},{ids},0)),0)"
    sheet.formula(row, first + 5, Formula(look_up, value))
    sheet.formula(row, first + 6, Formula(f"={found}-{at}/{_TIE}", value - at / _TIE))


def _range(column: int, count: int) -> str:
    name = column_name(column)
    return f"${name}${_FIRST + 1}:${name}${_FIRST + count}"


# -- what all pictures share ---------------------------------------------------------------


def _bars(number: int, labels: str = "") -> Look:
    """A series of columns in the colour ``number``, with its numbers above where wanted."""
    look: dict[str, Any] = {"fill": {"color": f"#{_COLOURS[number % len(_COLOURS)]}"}}
    if labels:
        look["data_labels"] = {"value": True, "num_format": labels, "font": dict(_SMALL)}
    return look


def _add(
    page: _Page, chart: Any, categories: int, values: int, count: int, look: Look
) -> None:  # fmt: skip
    """A series of ``count`` rows in column ``values``, named by its title."""
    chart.add_series(
        {
            "name": page.name(values),
            "categories": page.cells(categories, count),
            "values": page.cells(values, count),
            **look,
        }
    )


def _axes(chart: Any, unit: str, form: str, names: Look | None = None) -> None:
    grid = {"visible": True, "line": {"color": "#D9D9D9", "width": 0.75}}
    chart.set_x_axis({"num_font": {**_SMALL, **(names or {})}, "text_axis": True})
    chart.set_y_axis(
        {
            "name": unit,
            "name_font": {"size": 9, "bold": False},
            "num_font": dict(_SMALL),
            "num_format": form,
            "min": 0,
            "major_gridlines": grid,
        }
    )
    chart.set_legend({"position": "top", "font": dict(_SMALL)})
