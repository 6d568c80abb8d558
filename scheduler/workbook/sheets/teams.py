"""The Teams sheet: who is on which team of a service, and when; read back with the schedule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.problem.rotation import LEAVE, VACATION
from scheduler.rules.team import TeamRule
from scheduler.schedule.schedule import Schedule
from scheduler.workbook.book import PLAIN, Book, Look, Sheet
from scheduler.workbook.layout import Layout
from scheduler.workbook.legend import Entry
from scheduler.workbook.sheets.schedule import band

SHEET = "Teams"
TITLES = ("Id", "Name", "From", "To", "Service", "Team", "Locked")
DATES = ("From", "To")
_FROM = TITLES.index("From")
#: Dates at the right edge of their cells would touch the text beside them.
CENTRED: Look = {"align": "center"}
#: A line above the first row of each start, as of each week on Jeopardy.
NEW: Look = {"top": 1, "top_color": "7F7F7F"}
YES = "yes"
#: A list of names inside a dropdown may have no more characters.
LONGEST_LIST = 255


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A run of parts in which somebody is on one team; vacation and leave do not end it."""

    resident: Resident
    service: str
    team: str
    parts: tuple[int, ...]
    locked: bool


def write_teams(book: Book, layout: Layout, entries: tuple[Entry, ...]) -> None:
    """A row for every person and run of weeks, with dropdowns; no sheet where nobody has teams."""
    problem = layout.problem
    if not problem.teams:
        return
    sheet = book.sheet(SHEET, tab="4472C4")
    sheet.header(0, TITLES)
    last, before = 1, None
    for row, one in enumerate(_rows(layout), start=1):
        edge = NEW if (one.service, one.parts[0]) != before else PLAIN
        before = one.service, one.parts[0]
        group: Look = {**edge, "bg_color": band(one.resident)}
        calendar = problem.calendar.parts
        first, end = calendar[one.parts[0]].first, calendar[one.parts[-1]].last
        locked = YES if one.locked else None
        values = (one.resident.id, one.resident.name, first, end, one.service, one.team, locked)
        for column, value in enumerate(values):
            centred = CENTRED if TITLES[column] in DATES else PLAIN
            sheet.put(row, column, value, {**(group if column < _FROM else edge), **centred})
        last = row
    names = dict.fromkeys(team.name for teams in problem.teams.values() for team in teams)
    _dropdown(sheet, last, TITLES.index("Service"), f"=Legend!$A$2:$A${len(entries) + 1}")
    if sum(len(name) + 1 for name in names) <= LONGEST_LIST:
        _dropdown(sheet, last, TITLES.index("Team"), list(names))
    sheet.widths((10, 30, 14, 14, 12, 20, 9))
    sheet.raw.freeze_panes(1, 2)
    sheet.raw.autofilter(0, 0, last, len(TITLES) - 1)
    sheet.page((0, 0), portrait=True)


def _dropdown(sheet: Sheet, last: int, column: int, source: str | list[str]) -> None:
    """A list to choose from; it warns and does not forbid."""
    listed = {"validate": "list", "source": source, "error_type": "warning"}
    sheet.raw.data_validation(1, column, last, column, listed)


def _rows(layout: Layout) -> list[TeamRow]:
    """By service, then by date and team, then as on the Schedule sheet."""
    locked = _locked(layout.problem)
    rows = [
        row
        for resident in layout.order
        for row in _of_resident(layout.problem, layout.schedule, resident, locked)
    ]
    services = list(layout.problem.rotations)
    return sorted(rows, key=lambda one: (services.index(one.service), one.parts[0], one.team))


def _of_resident(
    problem: Problem, schedule: Schedule, resident: Resident, locked: frozenset[tuple[int, int]]
) -> Iterator[TeamRow]:
    run: list[int] = []
    known = ("", "", False)
    for part, code in enumerate(schedule.cells[resident.index]):
        key = (resident.index, part)
        here = (code, schedule.teams.get(key, ""), key in locked)
        if run and here != known and code not in (VACATION, LEAVE):
            yield TeamRow(resident, known[0], known[1], tuple(run), known[2])
            run = []
        if here[1] and code in problem.teams:
            run, known = [*run, part], here
    if run:
        yield TeamRow(resident, known[0], known[1], tuple(run), known[2])


def _locked(problem: Problem) -> frozenset[tuple[int, int]]:
    """Resident and part index wherever a hard rule says which team somebody is on."""
    return frozenset(
        (index, part)
        for bound in problem.rules
        if isinstance(bound.rule, TeamRule) and bound.rule.be is not None and bound.rule.hard
        for index in bound.residents
        for part in bound.parts
    )
