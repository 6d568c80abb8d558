"""Why a wish was not granted, from what the schedule shows; never names another resident.

Every sentence is a fact about the schedule or the rules, not a guess at what
the engine weighed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from scheduler.audit.wishes import holds
from scheduler.problem.holiday import HolidayStatus
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.problem.rotation import AWAY, LEAVE, OVERLAY_CODES, VACATION
from scheduler.problem.wish import Alternative, WishKind
from scheduler.rules.base import Scope
from scheduler.rules.coverage import Coverage
from scheduler.rules.vacation import Vacation
from scheduler.rules.words import dated_weeks, either
from scheduler.schedule.schedule import Schedule
from scheduler.workbook.coverage import CoverageRow

_OVERLAID = {VACATION: "on vacation", LEAVE: "on leave", AWAY: "away"}


@dataclass(frozen=True)
class Reasons:
    """Knows the schedule, and how many people each coverage row counts in each part."""

    problem: Problem
    schedule: Schedule
    counted: Sequence[tuple[CoverageRow, Mapping[int, float | None]]]

    def why_not(self, index: int, wish: Alternative) -> str:
        """One or two sentences on why resident ``index`` did not get ``wish``."""
        resident = self.problem.residents[index]
        if wish.partner is not None and holds(self.problem, self.schedule, index, wish):
            return "it counts only if both get it, and one of both does not"
        found: list[str] = []
        if wish.kind == WishKind.HOLIDAY:
            found += _holiday(self.problem, self.schedule, resident, wish)
        elif wish.kind == WishKind.VACATION:
            found += _closed(self.problem, resident, wish)
            found += self._away(resident, wish)
        elif wish.kind == WishKind.ROTATION:
            found += self._rotation(resident, wish)
        found += _place(self.problem, self.schedule, resident, wish)
        return "; ".join(dict.fromkeys(found))

    def _away(self, resident: Resident, wish: Alternative) -> Iterator[str]:
        for row, full in self._full(resident, frozenset({VACATION}), _parts(self.problem, wish)):
            when = dated_weeks(self.problem.calendar, full)
            yield f"{row.most} of {row.who.words()}, the most there may be, are away in {when}"

    def _rotation(self, resident: Resident, wish: Alternative) -> Iterator[str]:
        parts = wish.parts or tuple(range(len(self.problem.calendar.parts)))
        barred = _barred(self.problem, resident, wish.rotations, parts)
        if barred:
            yield f"the rules do not let them take it ({barred})"
            return
        if not wish.parts and not wish.at_least:
            yield f"no block of their year is on {either(sorted(wish.rotations))}"
        for row, full in self._full(resident, wish.rotations, parts):
            when = dated_weeks(self.problem.calendar, full)
            if not wish.parts:
                weeks = {self.problem.calendar.parts[part].week for part in full}
                when = f"{len(weeks)} of {len(self.problem.calendar.weeks)} weeks"
            yield f"{either(row.rotations)} is full in {when} (at most {row.most})"

    def _full(
        self, resident: Resident, codes: frozenset[str], parts: Collection[int]
    ) -> Iterator[tuple[CoverageRow, list[int]]]:
        """The hard limits on ``codes`` that are reached, and in which of ``parts``."""
        for row, counts in self.counted:
            if not row.hard or resident.index not in row.residents or not codes <= row.codes:
                continue
            if row.most is not None:
                there = {part: count for part in parts if (count := counts.get(part)) is not None}
                full = [part for part, count in there.items() if count >= row.most]
                if full:
                    yield row, full


def _closed(problem: Problem, resident: Resident, wish: Alternative) -> Iterator[str]:
    """The weeks asked for in which a hard rule gives no vacation."""
    for bound in problem.rules:
        rule = bound.rule
        if isinstance(rule, Vacation) and rule.hard and resident.index in bound.residents:
            closed = rule.blackout.closed(problem) if rule.blackout else ()
            asked = set(closed).intersection(_parts(problem, wish))
            if asked:
                yield f"no vacation is given in {dated_weeks(problem.calendar, asked)}"


def _barred(
    problem: Problem, resident: Resident, codes: Collection[str], parts: Collection[int]
) -> str:
    """The name of a hard rule that keeps ``resident`` from all of ``codes`` in ``parts``."""
    grids = problem.candidate_grids(resident)
    blocks = [b for grid in grids for b in grid.blocks if not set(b.parts).isdisjoint(parts)]
    for bound in problem.rules:
        rule = bound.rule
        if not rule.hard or resident.index not in bound.residents or isinstance(rule, Coverage):
            continue
        scope = Scope(problem, (resident,), bound.parts)
        if blocks and all(set(codes) <= rule.excluded(scope, resident, block) for block in blocks):
            return rule.name or rule.rule
    return ""


def _holiday(
    problem: Problem, schedule: Schedule, resident: Resident, wish: Alternative
) -> Iterator[str]:
    for holiday in problem.holidays:
        duty = schedule.duties.get((resident.index, holiday.name))
        if duty is None:
            continue
        if holiday.name == wish.holiday and duty.service:
            word = "pulled to" if duty.status is HolidayStatus.PULLED else "on"
            yield f"{word} {duty.service} at {holiday.title}"
        elif duty.status is HolidayStatus.OFF:
            yield f"off at {holiday.title} instead"


def _place(
    problem: Problem, schedule: Schedule, resident: Resident, wish: Alternative
) -> Iterator[str]:
    """Where the resident is in the weeks the wish is about."""
    row = schedule.cells[resident.index]
    places: dict[str, list[int]] = {}
    for part in _parts(problem, wish):
        if row[part] and not _kept(problem, wish, row[part]):
            places.setdefault(row[part], []).append(part)
    for code, parts in places.items():
        state = _OVERLAID.get(code, f"on {code}")
        yield f"{state} in {dated_weeks(problem.calendar, parts)}"


def _kept(problem: Problem, wish: Alternative, code: str) -> bool:
    """Whether this cell by itself is as the wish asks."""
    if wish.kind == WishKind.VACATION:
        return code == VACATION
    if wish.kind == WishKind.DATE:
        rotation = problem.rotations.get(code)
        return code in OVERLAY_CODES or (rotation is not None and rotation.releasable)
    return (code in wish.rotations) == (wish.kind == WishKind.ROTATION)


def _parts(problem: Problem, wish: Alternative) -> list[int]:
    by_week = problem.calendar.parts_of_week
    return sorted({p for week in wish.weeks for p in by_week[week]} | set(wish.parts))
