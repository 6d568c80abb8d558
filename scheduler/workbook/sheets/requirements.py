"""The Requirements sheet: what each resident owes, has this year, and has over training."""

from __future__ import annotations

from collections.abc import Sequence

from scheduler.workbook.book import PLAIN, TABLOID, Book, Formula, Look, Sheet, column_name
from scheduler.workbook.counters import NO_LIMIT, Ratio
from scheduler.workbook.layout import Layout
from scheduler.workbook.owed import Owed
from scheduler.workbook.sheets.colouring import OK, Limits, colour_words, words
from scheduler.workbook.sheets.schedule import band

TITLES = (
    "Name",
    "PGY",
    "Track",
    "What",
    "This year",
    "Earlier or credited",
    "Training",
    "Target",
    "Status",
    "Unit",
    "Id",
    "Rule",
)
LATER = "later"
_HERE, _EARLIER, _TRAINING, _TARGET, _STATUS, _ID = 4, 5, 6, 7, 8, 10
_LEAST, _MOST, _HARD, _GOAL = 12, 13, 14, 15
#: A line above the first row of each person.
_NEW: Look = {"top": 1, "top_color": "7F7F7F"}
_KEY = 16
#: Percent: letters of six points, and as many lines on a page as can be read.
_SCALE = 60
#: Lines that are printed: all of a small program's, one page of a large one's.
_ON_PAPER = 125
_INSTEAD = "On paper see Per requirement and Per resident."
_HIDDEN = ("least", "most", "hard", "goal", "key")


def write_requirements(book: Book, layout: Layout, lines: Sequence[Owed]) -> None:
    """One row for each person and rule, in the order of the Schedule sheet."""
    sheet = book.sheet("Requirements", tab="4472C4")
    sheet.header(0, (*TITLES, *_HIDDEN))
    sheet.raw.set_row(0, 30)
    ordered = sorted(lines, key=lambda line: layout.row_of[line.resident])
    before, number = -1, 0
    for row, line in enumerate(ordered, start=1):
        _write_line(sheet, layout, row, line, _NEW if line.resident != before else PLAIN)
        number = 1 if line.resident != before else number + 1
        # Per resident finds each line by this, however the rows are sorted.
        sheet.text(row, _KEY, f"{layout.problem.residents[line.resident].id}|{number}")
        before = line.resident
    last = max(1, len(ordered))
    colour_words(sheet, (1, _STATUS, last, _STATUS), Limits(_LEAST, _MOST, _HARD), plain=(LATER,))
    sheet.widths((28, 6, 14, 34, 10, 11, 10, 14, 9, 8, 10, 30))
    sheet.raw.set_column(_LEAST, _KEY, 8, None, {"hidden": True})
    sheet.raw.freeze_panes(1, 1)
    sheet.raw.autofilter(0, 0, last, _KEY)
    sheet.page((0, 0), 1, TABLOID, portrait=True)
    sheet.raw.print_area(0, 0, last, _STATUS)
    sheet.raw.set_print_scale(_SCALE)
    sheet.first_lines(0, last, _STATUS + 1, _ON_PAPER, _INSTEAD)


def _write_line(sheet: Sheet, layout: Layout, row: int, line: Owed, edge: Look) -> None:
    resident = layout.problem.residents[line.resident]
    group: Look = {**edge, "bg_color": band(resident)}
    centre: Look = {**edge, "align": "center"}
    number: Look = {**centre, "num_format": _number_format(line)}
    sheet.text(row, 0, resident.name, group)
    sheet.number(row, 1, resident.pgy, {**group, **centre})
    sheet.text(row, 2, resident.track, group)
    sheet.text(row, 3, line.what, edge)
    sheet.formula(row, _HERE, _here(layout, row, line), number)
    sheet.blank(row, _EARLIER, edge)
    sheet.put(row, _EARLIER, _earlier(line), number)
    if line.training:
        sheet.put(row, _TRAINING, _training(layout, row, line), number)
    else:
        sheet.blank(row, _TRAINING, edge)
    sheet.text(row, _TARGET, target_words(line), centre)
    sheet.put(row, _STATUS, _status(layout, row, line), centre)
    for column, text in ((9, line.unit), (_ID, resident.id), (11, line.rule)):
        sheet.text(row, column, text, edge)
    limits = (line.least or 0, NO_LIMIT if line.most is None else line.most, int(line.hard))
    for offset, value in enumerate((*limits, line.target or 0)):
        sheet.number(row, _LEAST + offset, value)


def _number_format(line: Owed) -> str:
    if line.is_share:
        return "0%"
    return "0" if line.here == int(line.here) and line.earlier == int(line.earlier) else "0.0"


def target_words(line: Owed) -> str:
    """The limits in short: '4', '2-4', 'at least 40%'."""
    least, most = line.target or 0, line.most
    form = ".0%" if line.is_share else "g"
    if most is None:
        return f"at least {least:{form}}"
    if least == most:
        return f"{least:{form}}"
    return f"{least:{form}}-{most:{form}}" if least else f"at most {most:{form}}"


def _here(layout: Layout, row: int, line: Owed) -> Formula:
    """This year's number, looked up by id beside the person on the Schedule sheet."""
    return Formula(f"={_look_up(layout, row, layout.column(line.count))}", line.here)


def _look_up(layout: Layout, row: int, column: int) -> str:
    ids = layout.people(layout.id_column, "Schedule!")
    person = f"MATCH(${column_name(_ID)}{row + 1},{ids},0)"
    return f"INDEX({layout.people(column, 'Schedule!')},{person})"


def _earlier(line: Owed) -> float | None:
    if line.is_share:
        return line.earlier / line.earlier_whole if line.earlier_whole else None
    return line.earlier or None


def training_value(layout: Layout, line: Owed) -> float:
    """This year and earlier years together, as the limits count them."""
    if not isinstance(line.count, Ratio):
        return line.here + line.earlier
    row = layout.schedule.cells[line.resident]
    calendar = layout.problem.calendar
    top = line.count.top.value(calendar, row) + line.earlier
    bottom = line.count.bottom.value(calendar, row) + line.earlier_whole
    return round(top / bottom, 6) if bottom else 0


def _training(layout: Layout, row: int, line: Owed) -> Formula:
    value = training_value(layout, line)
    here = f"{column_name(_HERE)}{row + 1}"
    if not isinstance(line.count, Ratio):
        return Formula(f"={here}+{column_name(_EARLIER)}{row + 1}", value)
    top, bottom = (
        f"({_look_up(layout, row, layout.column(tally))}+{before!r})"
        for tally, before in (
            (line.count.top, line.earlier),
            (line.count.bottom, line.earlier_whole),
        )
    )
    return Formula(f"=IF({bottom}>0,ROUND({top}/{bottom},6),0)", value)


def status(layout: Layout, line: Owed) -> str:
    """The word as it is now; 'later' where a target is due in a later year."""
    value = training_value(layout, line)
    if value < (line.least or 0):
        return words(line.hard).short
    if line.most is not None and value > line.most:
        return words(line.hard).over
    return LATER if value < (line.target or 0) else OK


def _status(layout: Layout, row: int, line: Owed) -> Formula:
    least, most, goal = (f"{column_name(column)}{row + 1}" for column in (_LEAST, _MOST, _GOAL))
    total = f"{column_name(_TRAINING)}{row + 1}"
    if not line.training:
        total = f"({column_name(_HERE)}{row + 1}+{column_name(_EARLIER)}{row + 1})"
    said = words(line.hard)
    return Formula(
        f'=IF({total}<{least},"{said.short}",IF({total}>{most},"{said.over}",'
        f'IF({total}<{goal},"{LATER}","{OK}")))',
        status(layout, line),
    )
