"""What is different between two schedules of one problem; knows no rule and no file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from scheduler.problem.holiday import HolidayStatus
from scheduler.schedule.schedule import HolidayDuty, Schedule


@dataclass(frozen=True, slots=True)
class Change:
    """An unbroken run of part indices in which one resident index has ``new`` in place of ``old``.

    ``old`` is '' where nothing was decided before.
    """

    resident: int
    parts: tuple[int, ...]
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class DutyChange:
    """A holiday (by name) in which one resident index has another duty than before."""

    resident: int
    holiday: str
    old: HolidayDuty
    new: HolidayDuty


@dataclass(frozen=True, slots=True)
class TeamChange:
    """An unbroken run of part indices on the same service as before, on another of its teams."""

    resident: int
    parts: tuple[int, ...]
    service: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class BackupChange:
    """A week index in which one resident index is ``named`` as backup and was not, or was and is
    not."""

    resident: int
    week: int
    named: bool


def changed_cells(old: Schedule, new: Schedule) -> Iterator[Change]:
    """Every run of cells that differ, resident by resident, in the order of the year."""
    for resident, (before, after) in enumerate(zip(old.cells, new.cells, strict=True)):
        cells = zip(range(len(after)), before, after, strict=True)
        for (was, now), run in groupby(cells, key=lambda cell: cell[1:]):
            if was != now:
                yield Change(resident, tuple(part for part, _, _ in run), was, now)


def changed_duties(old: Schedule, new: Schedule) -> Iterator[DutyChange]:
    """Every duty that ``old`` lists and ``new`` has otherwise; whose service it is matters not."""
    for (resident, holiday), was in old.duties.items():
        now = new.duties.get((resident, holiday), HolidayDuty(HolidayStatus.ON_SERVICE))
        if (was.status, _called_to(was)) != (now.status, _called_to(now)):
            yield DutyChange(resident, holiday, was, now)


def changed_teams(old: Schedule, new: Schedule) -> Iterator[TeamChange]:
    """Every run on one service as before whose team differs; only teams that both name."""
    for resident, (before, after) in enumerate(zip(old.cells, new.cells, strict=True)):
        keys = [(resident, part) for part in range(len(after))]
        moves = [(old.teams.get(key), new.teams.get(key)) for key in keys]
        cells = zip(range(len(after)), before, after, moves, strict=True)
        for (was, now, (one, other)), run in groupby(cells, key=lambda cell: cell[1:]):
            if was == now and one and other and one != other:
                yield TeamChange(resident, tuple(cell[0] for cell in run), now, one, other)


def changed_backups(
    old: Schedule, new: Schedule, parts_of_week: Sequence[Sequence[int]]
) -> Iterator[BackupChange]:
    """Every week in which somebody is no more named, or newly where ``old`` had decided that."""
    for resident, week in sorted(old.backups ^ new.backups):
        decided = all(old.cells[resident][part] for part in parts_of_week[week])
        named = (resident, week) in new.backups
        if not named or (decided and not old.backups_open):
            yield BackupChange(resident, week, named)


def _called_to(duty: HolidayDuty) -> str:
    """One's own service follows from the cells; another one is a duty of its own."""
    return duty.service if duty.status == HolidayStatus.PULLED else ""
