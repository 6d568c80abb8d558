"""Where everything stands on the Schedule sheet; knows no rule and writes nothing.

Rows and columns count from 0.  People stand between ``first_row`` and
``last_row`` without gaps, so that they can be sorted: every formula about one
person refers to that person's own row only, every formula about all of them to
the whole range.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from scheduler.problem.calendar import DAYS_IN_WEEK
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.schedule.schedule import Schedule
from scheduler.workbook.book import column_name
from scheduler.workbook.coverage import People, heads
from scheduler.workbook.opens import OpenRow

NAME, PGY, TRACK, FIRST_PART = 0, 1, 2, 3
TITLE_ROW, NOW_ROW, KEY_ROW, WEEK_ROW = 0, 1, 2, 3


@dataclass
class Layout:
    """The places of one workbook; columns at the right are taken one by one."""

    problem: Problem
    schedule: Schedule
    opens: tuple[OpenRow, ...] = ()
    _taken: dict[object, int] = field(default_factory=dict)
    _selections: dict[People, int] = field(default_factory=dict)
    _titles: dict[int, str] = field(default_factory=dict)
    _runs: dict[tuple[int, ...], list[tuple[int, int]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.order = in_order(self.problem)
        self.grids = shown_grids(self.problem, self.schedule)
        self.has_days = any(days != DAYS_IN_WEEK for days in self.problem.calendar.part_days)
        self.days_row = WEEK_ROW + 1
        self.block_rows = {
            name: WEEK_ROW + 1 + self.has_days + number for number, name in enumerate(self.grids)
        }
        self.header_row = WEEK_ROW + 1 + self.has_days + len(self.grids)
        self.first_row = self.header_row + 1
        self.last_row = self.header_row + len(self.order) + len(self.opens)
        self.row_of = {r.index: self.first_row + i for i, r in enumerate(self.order)}
        self.coverage_header = self.last_row + 2
        self.last_part = FIRST_PART + len(self.problem.calendar.parts) - 1
        self.id_column = self.last_part + 1
        self.holiday_column = self.last_part + 2
        self.first_held: int | None = None
        self._next = self.holiday_column + 1

    @property
    def name_width(self) -> float:
        """The width of the column of names, in characters, with room for a mark before them."""
        return min(36, max(20, *(len(one.name) for one in self.order)) * 1.05 + 3)

    # -- columns -------------------------------------------------------------------------

    def take(self, key: object, title: str) -> int:
        """The next free column at the right, remembered under ``key``."""
        self._taken[key] = self._next
        self._titles[self._next] = title
        self._next += 1
        return self._taken[key]

    def column(self, key: object) -> int:
        return self._taken[key]

    def has(self, key: object) -> bool:
        """Whether a column was taken under ``key``."""
        return key in self._taken

    @property
    def titles(self) -> dict[int, str]:
        """Column and title of everything that was taken."""
        return dict(self._titles)

    @property
    def last_column(self) -> int:
        return self._next - 1

    def take_held(self) -> None:
        """Take a column for the held cell of every part, beside one another."""
        for part in range(len(self.problem.calendar.parts)):
            column = self.take(("held", part), f"held {part + 1}")
            self.first_held = column if part == 0 else self.first_held

    # -- addresses -----------------------------------------------------------------------

    def people(self, column: int, sheet: str = "", fixed: bool = True) -> str:
        """The range of all people in ``column``: '$BD$7:$BD$206'."""
        name = f"{'$' if fixed else ''}{column_name(column)}"
        return f"{sheet}{name}${self.first_row + 1}:{name}${self.last_row + 1}"

    def part_people(self, part: int, held: bool = False) -> str:
        """The range of all people in one part: 'D$7:D$206'."""
        return self.people(self._start(held) + part, fixed=False)

    def row_parts(self, row: int, parts: tuple[int, ...], held: bool = False) -> list[str]:
        """The cells of one row in ``parts``, one range for each run: '$D7:$BC7'."""
        start = self._start(held)
        return [_row_range(start + a, start + b, f"{row + 1}") for a, b in self._runs_of(parts)]

    def days_of(self, parts: tuple[int, ...]) -> list[str]:
        """The days of ``parts``, one range for each run; beside :meth:`row_parts`."""
        row = f"${self.days_row + 1}"
        return [_row_range(FIRST_PART + a, FIRST_PART + b, row) for a, b in self._runs_of(parts)]

    def _runs_of(self, parts: tuple[int, ...]) -> list[tuple[int, int]]:
        """The runs of ``parts``, which every person's formulas ask for again."""
        if parts not in self._runs:
            self._runs[parts] = _runs(parts)
        return self._runs[parts]

    def _start(self, held: bool) -> int:
        """The column of the first part's cells, or held cells."""
        return FIRST_PART if self.first_held is None or not held else self.first_held

    # -- selections ----------------------------------------------------------------------

    def select(self, people: People, title: str) -> None:
        """Take a column of what each of ``people`` counts, unless everyone counts as one."""
        everyone = not self.opens and len(people) == len(self.order) and people == heads(people)
        if not everyone and people not in self._selections:
            self._selections[people] = self.take(("selection", people), title)

    def selections(self) -> dict[People, int]:
        """Every selection with its column."""
        return dict(self._selections)

    def selection(self, people: People, sheet: str = "") -> str:
        """The column of ``people``; empty where everyone in the range counts as one."""
        column = self._selections.get(people)
        return "" if column is None else self.people(column, sheet)


def _row_range(first: int, last: int, row: str) -> str:
    return f"${column_name(first)}{row}:${column_name(last)}{row}"


def middle(layout: Layout) -> int:
    """The part with which the second half of the year begins, at a block's start if one is near."""
    parts = len(layout.problem.calendar.parts)
    starts = {
        block.parts[0] for name in layout.grids for block in layout.problem.grids[name].blocks
    }
    half = -(-parts // 2)
    near = [start for start in starts if 0 < start < parts and abs(start - half) * 8 <= parts]
    return min(near, key=lambda start: (abs(start - half), start), default=half)


def in_order(problem: Problem) -> tuple[Resident, ...]:
    """Residents by PGY and track, then visitors; otherwise as they were given."""
    tracks = {track: number for number, track in enumerate(problem.tracks)}
    return tuple(
        sorted(
            problem.residents,
            key=lambda r: (r.visitor, r.pgy, tracks.get(r.track, len(tracks)), r.track, r.index),
        )
    )


def shown_grids(problem: Problem, schedule: Schedule) -> tuple[str, ...]:
    """The grids that people follow, without those that one person's locks made for them."""
    followers: dict[str, list[Resident]] = {}
    for resident in problem.residents:
        followers.setdefault(schedule.grids[resident.index], []).append(resident)
    personal = {name for name, people in followers.items() if name.endswith(f"({people[0].id})")}
    return tuple(name for name in problem.grids if name in followers and name not in personal)


def _runs(parts: Iterable[int]) -> list[tuple[int, int]]:
    """First and last of every run of neighbouring parts."""
    runs: list[tuple[int, int]] = []
    for part in sorted(parts):
        if runs and runs[-1][1] == part - 1:
            runs[-1] = (runs[-1][0], part)
        else:
            runs.append((part, part))
    return runs
