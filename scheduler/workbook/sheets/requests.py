"""The Requests sheet: every wish, granted or denied, and why; never names another resident."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from scheduler.audit.wishes import Received, all_received, wish_words
from scheduler.problem.problem import Problem
from scheduler.problem.wish import Choice, Lane
from scheduler.workbook.book import GOOD, MISSED, NOTE, PLAIN, TABLOID, Book, Look, Sheet
from scheduler.workbook.layout import Layout
from scheduler.workbook.sheets.schedule import band
from scheduler.workbook.why import Reasons

TITLES = (
    "Name",
    "PGY",
    "Track",
    "Lane",
    "Choice",
    "Asked, most wanted first",
    "Result",
    "Received",
    "Why not better",
    "Status",
    "Id",
)
_LANES = tuple(Lane)
GRANTED, DENIED, DECLINED, LEFT_OUT = "granted", "DENIED", "declined", "left out"
#: Before the number of the alternative that was granted; "choice" is what a wish is called.
LATER = "got no."
_DECLINED = "declined by the program before the schedule was made"
_HEADER_ROW, _FIRST_ROW = 1, 2
#: Lines that are printed even where all are granted.
_ON_PAPER = 60
_INSTEAD = "The others are granted; on paper see Per resident."
_WIDTHS = (26, 6, 14, 10, 11, 60, 11, 32, 62, 10, 9)
_ASKED, _RESULT, _WHY = 5, 6, 8
_LATER: Look = {"bg_color": "FFF2CC", "font_color": "7F6000"}
_DENIED: Look = {"bg_color": "F8CBAD", "font_color": "843C0C", "bold": True}
_NEW: Look = {"top": 1, "top_color": "7F7F7F"}


@dataclass(frozen=True)
class RequestLine:
    """A choice with its result in a word, and why it is not what was wanted most."""

    found: Received
    word: str
    why: str

    @property
    def choice(self) -> Choice:
        return self.found.choice


def request_lines(
    layout: Layout, declined: Sequence[Choice], reasons: Reasons
) -> tuple[RequestLine, ...]:
    """Every choice with its result, person by person; those that do not count too."""
    found = list(all_received(layout.problem, layout.schedule))
    lines = [RequestLine(one, result(one), "; ".join(_why(reasons, one))) for one in found]
    lines += [RequestLine(Received(choice), DECLINED, _DECLINED) for choice in declined]
    left_out = layout.problem.left_out
    lines += [RequestLine(Received(one.choice), LEFT_OUT, one.why) for one in left_out]
    lines.sort(key=lambda line: (layout.row_of[line.choice.resident], _place(line.choice)))
    return tuple(lines)


def wishes_of(layout: Layout, lines: Iterable[RequestLine]) -> dict[int, str]:
    """Resident index to all of that person's wishes: a line each, granted or not, and why."""
    found: dict[int, list[str]] = {}
    for line in lines:
        why = f" - {line.why}" if line.why else ""
        said = f"{line.word}: {_asked(layout.problem, line.choice)}{why}"
        found.setdefault(line.choice.resident, []).append(said)
    return {index: "\n".join(some) for index, some in found.items()}


def write_requests(book: Book, layout: Layout, lines: Sequence[RequestLine]) -> None:
    """One row a choice: first those that are not granted, person by person as on Schedule."""
    sheet = book.sheet("Requests", tab="4472C4")
    sheet.text(0, 0, _summary(list(all_received(layout.problem, layout.schedule))), NOTE)
    sheet.header(_HEADER_ROW, TITLES)
    before = -1
    for row, line in enumerate(sorted(lines, key=_is_granted), start=_FIRST_ROW):
        edge = _NEW if line.choice.resident != before else PLAIN
        _write_line(sheet, layout, row, line, edge)
        before = line.choice.resident
    last = max(_FIRST_ROW, _FIRST_ROW + len(lines) - 1)
    looks = {GRANTED: GOOD, DENIED: _DENIED, DECLINED: MISSED, LEFT_OUT: MISSED, LATER: _LATER}
    sheet.word_colours((_FIRST_ROW, _RESULT, last, _RESULT), looks)
    sheet.widths(_WIDTHS)
    sheet.raw.freeze_panes(_FIRST_ROW, 1)
    sheet.raw.autofilter(_HEADER_ROW, 0, last, len(TITLES) - 1)
    sheet.page((_HEADER_ROW, _HEADER_ROW), 1, TABLOID)
    sheet.raw.print_area(0, 0, last, _WHY)
    most = max(_ON_PAPER, sum(not _is_granted(line) for line in lines))
    sheet.first_lines(_HEADER_ROW, last, _WHY + 1, most, _INSTEAD)


def _is_granted(line: RequestLine) -> bool:
    return line.word == GRANTED


def result(found: Received) -> str:
    """'granted', 'got no. 2' (of what was asked for) or 'DENIED'."""
    if found.rank is None:
        return DENIED
    return GRANTED if found.rank == 1 else f"{LATER} {found.rank}"


def _summary(found: Sequence[Received]) -> str:
    """For each lane how many got their first choice, a later one, or nothing."""
    return "   ".join(_lane_words(found, lane) for lane in Lane) if found else "No wishes."


def _lane_words(found: Sequence[Received], lane: Lane) -> str:
    ranks = Counter(min(one.rank or 0, 2) for one in found if one.choice.lane == lane)
    total = ranks.total()
    if not total:
        return f"{lane.value}: no wishes."
    return (
        f"{lane.value}: {ranks[1]} of {total} got what they wanted most, {ranks[2]} something "
        f"further down their list, {ranks[0]} nothing."
    )


def _place(choice: Choice) -> tuple[int, int, str]:
    """Lane by lane, choice 2 before choice 10."""
    return _LANES.index(choice.lane), choice.number, choice.name


def _write_line(sheet: Sheet, layout: Layout, row: int, line: RequestLine, edge: Look) -> None:
    choice, problem, word = line.choice, layout.problem, line.word
    resident = problem.residents[choice.resident]
    group: Look = {**edge, "bg_color": band(resident), "valign": "top"}
    plain: Look = {**edge, "valign": "top"}
    wrapped: Look = {**plain, "text_wrap": True}
    asked, got = _asked(problem, choice), line.found.alternative
    received = wish_words(problem, got) if got else ""
    cells: Iterator[tuple[str | int, Look]] = iter(
        (
            (resident.name, group),
            (resident.pgy, {**group, "align": "center"}),
            (resident.track, group),
            (choice.lane.value, plain),
            (choice.name, plain),
            (asked, wrapped),
            (word, {**plain, "align": "center"}),
            (received, wrapped),
            (line.why, wrapped),
            ("default" if choice.default else choice.status.value, plain),
            (resident.id, plain),
        )
    )
    for column, (value, look) in enumerate(cells):
        sheet.put(row, column, value, look)
    longest = max(((asked, _ASKED), (received, _RESULT + 1), (line.why, _WHY)), key=_lines)
    sheet.fit(row, longest[0], _WIDTHS[longest[1]])


def _lines(text_and_column: tuple[str, int]) -> float:
    text, column = text_and_column
    return len(text) / _WIDTHS[column]


def _asked(problem: Problem, choice: Choice) -> str:
    wishes = sorted(choice.alternatives, key=lambda one: one.priority)
    words = [wish_words(problem, wish) for wish in wishes]
    if len(words) == 1:
        return words[0]
    return "; ".join(f"{number}. {text}" for number, text in enumerate(words, start=1))


def _why(reasons: Reasons, found: Received) -> Iterator[str]:
    """Why the most wanted alternative was not granted."""
    if found.rank != 1:
        best = min(found.choice.alternatives, key=lambda one: one.priority)
        yield reasons.why_not(found.choice.resident, best)
