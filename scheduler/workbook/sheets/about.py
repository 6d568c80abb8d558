"""The About sheet: how this schedule came to be, and how good it is, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scheduler.audit.audit import AuditReport
from scheduler.problem.problem import Problem
from scheduler.workbook.book import BAD, GOOD, HEADER, TITLE, Book, Sheet
from scheduler.workbook.facts import FORMAT, PUBLIC, RunFacts
from scheduler.workbook.sheets.search_chart import ROWS, drawn

SHEET = "About"
_LIVE = (
    "Counters and coverage rows on Schedule, and the sheets Coverage, Requirements and "
    "Per resident, follow every edit. Print, Per rotation, Per block, Per requirement, Checks, "
    "Fairness, Requests and Long show it as it was written."
)
_PUBLIC = (
    "For sharing. Vacation and leave read OFF; requests, reasons, fairness, rules and locks are "
    "left out, so it can be neither checked nor started from. Only Per resident and Holiday off "
    "follow an edit."
)

_WIDTH = 100
_CHART = "Search"

Line = tuple[str, str | int | float | None]


def write_about(
    book: Book,
    problem: Problem,
    report: AuditReport,
    facts: RunFacts,
    yardstick: str,
    changes: str,
) -> None:
    """Sections of two columns: what, and its value."""
    sheet = book.sheet(SHEET, tab="7F7F7F")
    sheet.widths((26, _WIDTH))
    sheet.text(0, 0, problem.name, TITLE)
    sheet.text(1, 0, facts.status, {**(GOOD if facts.is_valid else BAD), "bold": True})
    sheet.text(1, 1, _status_words(report, facts))
    row = 2
    sections: tuple[tuple[str, Iterable[Line]], ...] = (
        ("Result", _result(facts, report, yardstick, changes)),
        (_CHART, ()),
        ("Program", _program(problem)),
        ("Run", _run(facts)),
        ("Inputs", ((file.role, f"{file.name}   sha256 {file.sha256}") for file in facts.inputs)),
        ("Versions", facts.versions.items()),
        ("Progress", _progress(facts)),
    )
    for title, lines in sections:
        if title == _CHART:
            row = _write_chart(book, sheet, row + 1, facts)
        else:
            row = _write_section(sheet, row + 1, title, list(lines))
    sheet.page((0, 0))


def write_public_about(book: Book, problem: Problem, facts: RunFacts) -> None:
    """What the public copy is, and of which year and day."""
    sheet = book.sheet(SHEET, tab="7F7F7F")
    sheet.widths((26, _WIDTH))
    sheet.text(0, 0, problem.name, TITLE)
    lines: list[Line] = [(PUBLIC, _PUBLIC)]
    if not facts.is_valid:
        lines.append((facts.status, "Not every rule of the program holds yet."))
    lines += [line for line in _program(problem) if line[0] not in ("Rules", "Wishes")]
    if facts.written:
        lines.append(("Written", facts.written.isoformat(" ", "minutes")))
    _write_section(sheet, 2, PUBLIC, [*lines, *facts.versions.items()])
    sheet.page((0, 0))


def _write_chart(book: Book, sheet: Sheet, row: int, facts: RunFacts) -> int:
    """The picture of the search from ``row``, where there is one; returns the row after it."""
    if not drawn(book, sheet, row + 1, facts):
        return row - 1
    sheet.text(row, 0, _CHART, HEADER)
    sheet.blank(row, 1, HEADER)
    return row + 1 + ROWS


def _write_section(sheet: Sheet, row: int, title: str, lines: list[Line]) -> int:
    """Write one section from ``row``; returns the row after it."""
    if not lines:
        return row - 1
    sheet.text(row, 0, title, HEADER)
    sheet.blank(row, 1, HEADER)
    for what, value in lines:
        row += 1
        sheet.text(row, 0, what, {"valign": "top"})
        sheet.fit(row, str(value), _WIDTH)
        sheet.put(row, 1, value, {"align": "left", "text_wrap": True, "valign": "top"})
    return row + 1


def _status_words(report: AuditReport, facts: RunFacts) -> str:
    if facts.is_valid:
        return "Every hard rule holds."
    return (
        f"{len(report.hard_violations)} findings against hard rules; see Checks. "
        "OPEN rows on Schedule are places nobody fills."
    )


def _result(facts: RunFacts, report: AuditReport, yardstick: str, changes: str) -> Iterator[Line]:
    said = facts.cost_words() if facts.cost is not None else f"Cost {report.cost}."
    yield "In words", " ".join(filter(None, [said, yardstick, facts.gap_words()]))
    yield "Cost", facts.cost if facts.cost is not None else report.cost
    yield f"No {facts.others} is below", facts.bound if facts.bound is not None else "not known"
    yield "At stake in wishes", facts.at_stake
    yield "Gap", f"{facts.gap:.4%}" if facts.gap is not None else "not known"
    yield "Live and still", _LIVE
    yield "Changes", changes or "no earlier version given"


def _program(problem: Problem) -> Iterator[Line]:
    calendar = problem.calendar
    visitors = sum(resident.visitor for resident in problem.residents)
    yield "Year", f"{calendar.first} to {calendar.last}, {len(calendar.weeks)} weeks"
    yield "Residents", len(problem.residents) - visitors
    yield "Visitors", visitors
    yield "Rotations", len(problem.rotations)
    yield "Rules", len(problem.rules)
    yield "Wishes", len(problem.choices)
    yield "Format", FORMAT


def _run(facts: RunFacts) -> Iterator[Line]:
    if facts.written:
        yield "Written", facts.written.isoformat(" ", "minutes")
    if facts.seed is not None:
        yield "Seed", facts.seed
    if facts.workers is not None:
        yield "Workers", facts.workers
    yield from facts.settings.items()
    for name, seconds in facts.seconds.items():
        yield f"{facts.unit.capitalize()}s, {name.replace('_', ' ')}", round(seconds, 1)


def _progress(facts: RunFacts) -> Iterator[Line]:
    for second, cost, bound in facts.progress:
        costs = "no schedule yet" if cost is None else f"cost {cost}"
        bounds = "no bound yet" if bound is None else f"no {facts.others} is below {bound}"
        yield f"{facts.unit} {second:.1f}", f"{costs}, {bounds}"
