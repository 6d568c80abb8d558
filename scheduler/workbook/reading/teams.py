"""The Teams sheet read back: each person's team, week by week."""

from __future__ import annotations

from dataclasses import dataclass, field

from scheduler.input.faults import did_you_mean, quoted
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.workbook.book import column_name
from scheduler.workbook.reading.codes import Codes
from scheduler.workbook.reading.opened import ReadSheet, WorkbookFaults, as_day
from scheduler.workbook.reading.people import People, Place, is_open_row
from scheduler.workbook.sheets.teams import SHEET, TITLES

Key = tuple[int, int]
#: What the column Locked may say for no.
_NOT_LOCKED = ("", "no", "false", "0")
#: Cells that are named in a note before the rest is counted.
_NAMED = 8


@dataclass
class Teams:
    """By resident index and part index; ``locked`` are those that a person locked."""

    teams: dict[Key, str] = field(default_factory=dict)
    locked: dict[Key, str] = field(default_factory=dict)


def read_teams(
    problem: Problem,
    cells: dict[int, list[str]],
    sheet: ReadSheet | None,
    codes: Codes,
    faults: WorkbookFaults,
) -> Teams:
    """The team in every cell of a service with teams; weeks now spent elsewhere are passed over.

    Leniently so are services and teams that the program has no more, with a note.
    """
    found = Teams()
    if sheet is None or not problem.teams:
        return found
    header = sheet.find_header(*TITLES[:-1])
    if header is None:
        titles = ", ".join(TITLES[:-1])
        faults.at_sheet(SHEET, f"no row holds the titles {titles}", "put them back")
        return found
    top, titles_at = header
    reader = _Reader(problem, cells, sheet, titles_at, codes, faults)
    for row in range(top + 1, len(sheet.rows)):
        reader.read(row, found)
    reader.note_passed()
    return found


@dataclass
class _Reader:
    """Reads one row after the other of the Teams sheet."""

    problem: Problem
    cells: dict[int, list[str]]
    sheet: ReadSheet
    titles: dict[str, int]
    codes: Codes
    faults: WorkbookFaults

    def __post_init__(self) -> None:
        self._people = People(self.problem, self.faults)
        self._passed: dict[str, list[str]] = {}

    def note_passed(self) -> None:
        """Say of which rows nothing was taken, the first of them by cell."""
        for what, cells in self._passed.items():
            more = f" and {len(cells) - _NAMED} more" if len(cells) > _NAMED else ""
            rows = "its row is" if len(cells) == 1 else f"its {len(cells)} rows are"
            where = f"{SHEET}!{', '.join(cells[:_NAMED])}{more}"
            self.faults.note(f", {where}: {what}; {rows} passed over")

    def read(self, row: int, found: Teams) -> None:
        """Add a row's weeks to ``found``; a fault for everything in it that is wrong."""
        id, name, service, team = (self._text(row, t) for t in ("id", "name", "service", "team"))
        if is_open_row(id, name) or not (id or name):
            return
        place = Place(SHEET, row, self.titles["name"], self.titles["id"])
        resident = self._people.find(place, id, name)
        known = self._team(row, service, team)
        parts = self._parts(row)
        if resident is None or known is None or parts is None:
            return
        code, team = known
        locked = self._text(row, "locked").casefold() not in _NOT_LOCKED
        for part in parts:
            if self.cells.get(resident.index, [])[part : part + 1] == [code]:
                self._note(row, resident, part, team, found)
                if locked:
                    found.locked[resident.index, part] = team

    def _note(self, row: int, resident: Resident, part: int, team: str, found: Teams) -> None:
        before = found.teams.setdefault((resident.index, part), team)
        if before != team:
            day = self.problem.calendar.parts[part].first
            what = f"{quoted(resident.id)} is on {before} and on {team} in the week of {day}"
            self._fault(row, "team", what, "correct the dates of one of the rows")

    def _team(self, row: int, service: str, team: str) -> tuple[str, str] | None:
        """The service's code and the team as the program spells them."""
        code = self.codes.read(service, SHEET, row, self.titles["service"]).code
        if code in self.codes.retired:
            self._gone(row, "service", f"{code} is no rotation of the program any more")
        elif code and code not in self.problem.teams:
            todo = f"services with teams: {', '.join(self.problem.teams)}"
            self._gone(row, "service", f"{code} has no teams", todo)
        names = [one.name for one in self.problem.teams.get(code, ())]
        meant = {" ".join(name.split()).casefold(): name for name in names}.get(team.casefold())
        if names and meant is None:
            what = f"{quoted(team)} is no team of {code}"
            self._gone(row, "team", what, did_you_mean(team, names))
        return None if meant is None else (code, meant)

    def _gone(self, row: int, title: str, what: str, todo: str = "") -> None:
        """A fault; leniently a row to pass over, as the program may have changed since."""
        if self.faults.lenient:
            cell = f"{column_name(self.titles[title])}{row + 1}"
            said = f"{what} ({todo})" if todo else what
            self._passed.setdefault(said, []).append(cell)
        else:
            self._fault(row, title, what, todo)

    def _parts(self, row: int) -> tuple[int, ...] | None:
        """The parts between a row's dates, which begin and end with parts."""
        days = []
        for title in ("from", "to"):
            column = self.titles[title]
            cells = self.sheet.rows[row]
            day = as_day(cells[column]) if column < len(cells) else None
            days.append(day)
            if day is None:
                shown = self._text(row, title)
                self._fault(row, title, f"{quoted(shown)} is not a date", "write it as 2026-07-31")
        first, last = days
        if first is None or last is None:
            return None
        parts = self.problem.calendar.parts_between(first, last) if first <= last else ()
        listed = self.problem.calendar.parts
        if not parts:
            self._fault(row, "from", f"{first} to {last} are no dates of this year", "correct them")
        elif not self.faults.lenient and (listed[parts[0]].first, listed[parts[-1]].last) != (
            first,
            last,
        ):
            whole = f"{listed[parts[0]].first} to {listed[parts[-1]].last}"
            self._fault(row, "from", f"{first} to {last} divides a week", f"write {whole}")
        else:
            return parts
        return None

    def _fault(self, row: int, title: str, what: str, todo: str) -> None:
        self.faults.at_cell(SHEET, row, self.titles[title], what, todo)

    def _text(self, row: int, title: str) -> str:
        return self.sheet.text(row, self.titles.get(title))
