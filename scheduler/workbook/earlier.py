"""What an earlier workbook adds to a problem: locks that bind, weeks that are kept at a price.

It solves nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

from scheduler.audit.audit import AuditReport, audit
from scheduler.audit.violation import Violation
from scheduler.input.faults import BadInput, Fault
from scheduler.problem.holiday import HolidayStatus
from scheduler.problem.problem import Problem
from scheduler.problem.rotation import AWAY, LEAVE, VACATION
from scheduler.rules.base import BoundRule
from scheduler.rules.keep import Keep
from scheduler.rules.lock import Lock
from scheduler.rules.select import When, Who
from scheduler.schedule.schedule import HolidayDuty, Schedule
from scheduler.workbook.changes import Changes
from scheduler.workbook.earlier_notes import notes
from scheduler.workbook.earlier_teams import (
    possible_teams,
    stop_where_teams_clash,
    team_lock_notes,
    team_locks,
)
from scheduler.workbook.layers import cell_text, lock_sets
from scheduler.workbook.read import Key, ReadBack, read_earlier

#: What a changed week costs where no rule ``keep`` of the program says so (in ``solve --help``).
CHANGED_WEEK = 2
#: What a filled cell weighs against one unit of other rules where no schedule keeps them all.
FILLED_GIVES = 100
#: Rules that filled cells can break whatever the empty ones become.
_BY_ONE_CELL = ("grid", "eligibility", "lock")

Allowed = dict[Key, frozenset[str]]
#: Who decides about a cell, and the codes left to it.
Told = tuple[str, frozenset[str]]


@dataclass(frozen=True)
class Started:
    """A problem with what an earlier workbook says of it.

    ``was`` is its schedule as it stands in ``file``, ``start`` what the search starts
    from: the cells that are still possible.  ``notes`` are what people should know.
    With ``fill`` every filled cell binds, and ``conflicts`` say what they break whatever
    the empty ones become.
    """

    file: str
    fill: bool
    problem: Problem
    was: Schedule
    start: Schedule
    notes: tuple[str, ...]
    conflicts: tuple[str, ...] = ()

    def changes(self, schedule: Schedule, report: AuditReport) -> str:
        """What changed against the earlier schedule, in words."""
        return Changes(self.problem, self.was, schedule).words(self.file, report)


def read_start(path: Path, problem: Problem, fill: bool) -> Started:
    """``problem`` started from the workbook at ``path``; raises BadInput with every fault."""
    back = read_earlier(path, problem)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return start_from(replace(problem, sources={**problem.sources, back.file: digest}), back, fill)


def with_locks_of(problem: Problem, back: ReadBack) -> Problem:
    """``problem`` with the locks of its workbook that say more than the program's own.

    They came from half-decided cells or from rows of the sheet Layers, so nothing else
    knows them; ``solve --from`` is bound by them, and so an edit against one is a finding.
    """
    own = _only_here(_open(problem, back.locked), lock_sets(problem))
    rules = (*_locks(problem, f"locks of {back.file}", own), *team_locks(problem, back))
    return replace(problem, rules=(*problem.rules, *rules))


def _only_here(locks: Allowed, said: Allowed) -> Allowed:
    """The locks that allow less than the program does."""
    return {key: codes for key, codes in locks.items() if not said.get(key, {""}) <= codes}


def start_from(problem: Problem, back: ReadBack, fill: bool) -> Started:
    """``problem`` started from ``back``; with ``fill`` every filled cell binds.

    Raises BadInput where locks leave nothing of a cell.
    """
    said = lock_sets(problem)
    locks, half = _open(problem, back.locked), _open(problem, back.undecided)
    _stop_if_nothing_is_left(problem, back, said, locks, half)
    stop_where_teams_clash(problem, back)
    own = _only_here(locks, said)
    start = _decided(problem, back.schedule)
    earlier = replace(start, backups_open=True) if fill else _without(start, locks)
    if not fill:
        earlier = replace(earlier, teams=dict(possible_teams(problem, earlier)))
    rules = [
        *problem.rules,
        *_locks(problem, f"locks of {back.file}", own),
        *_locks(problem, f"half-decided in {back.file}", half),
        *team_locks(problem, back),
        *_keeping(problem, fill),
    ]
    started = replace(problem, earlier=earlier, rules=tuple(rules))
    said_of_it = notes(problem, back, own, {} if fill else locks)
    said_of_it += tuple(team_lock_notes(problem, back))
    conflicts = tuple(_conflicts(started, start)) if fill else ()
    was = replace(back.schedule, duties=start.duties)
    return Started(back.file, fill, started, was, start, said_of_it, conflicts)


# -- locks and half-decided cells --------------------------------------------------------


def _open(problem: Problem, allowed: Mapping[Key, frozenset[str]]) -> Allowed:
    """The cells that are still to be scheduled, with the codes that there still are."""
    everything = {*problem.rotations, VACATION}
    return {
        (index, part): codes & everything
        for (index, part), codes in allowed.items()
        if part in problem.residents[index].available and codes & everything
    }


def _stop_if_nothing_is_left(
    problem: Problem, back: ReadBack, said: Allowed, locks: Allowed, half: Allowed
) -> None:
    """Raises BadInput for every cell that is told different things, with who tells them."""
    faults = []
    for key in sorted({*locks, *half}):
        told = {
            "the cell says": half.get(key),
            "the program locks it to": said.get(key),
            "the sheet Layers locks it to": locks.get(key),
        }
        given = [(who, codes) for who, codes in told.items() if codes is not None]
        clash = _clash(given)
        if clash:
            what = ", and ".join(f"{who} {cell_text(problem, codes)}" for who, codes in clash)
            place = f"{back.file}, {back.cell(*key)}"
            faults.append(Fault(place, None, None, what, "change one of them"))
    if faults:
        raise BadInput(faults)


def _clash(given: Sequence[Told]) -> Sequence[Told]:
    """Those that leave nothing between them: two if two do, else all; nobody if something is."""
    pairs = (pair for pair in combinations(given, 2) if pair[0][1].isdisjoint(pair[1][1]))
    left = frozenset.intersection(*(codes for _, codes in given))
    return next(pairs, () if left else given)


def _locks(problem: Problem, name: str, allowed: Allowed) -> Iterator[BoundRule]:
    """A hard lock for each person and each set of codes."""
    parts: dict[tuple[int, frozenset[str]], list[int]] = {}
    for (index, part), codes in sorted(allowed.items(), key=lambda item: item[0]):
        parts.setdefault((index, codes), []).append(part)
    for (index, codes), where in parts.items():
        text = cell_text(problem, codes)
        weeks = sorted({problem.calendar.parts[part].week + 1 for part in where})
        rule = Lock(
            name=name,
            who=Who(resident=[problem.residents[index].id], visitors="also"),
            when=When(weeks=weeks),
            **{"not" if text.startswith("!") else "be": text.removeprefix("!").split(", ")},
        )
        yield BoundRule(rule, (index,), tuple(where))


# -- what is kept ------------------------------------------------------------------------


def _keeping(problem: Problem, fill: bool) -> Iterator[BoundRule]:
    """Filled cells bind, or changed weeks cost what the program says, or else the default."""
    priced = any(isinstance(b.rule, Keep) and not b.rule.hard for b in problem.rules)
    if fill or not priced:
        filled, priced_so = {"name": "fill", "give": FILLED_GIVES}, {"weight": CHANGED_WEEK}
        rule = Keep.model_validate(filled if fill else {"name": "keep", **priced_so})
        everyone = tuple(resident.index for resident in problem.residents)
        yield BoundRule(rule, everyone, tuple(part.index for part in problem.calendar.parts))


def _decided(problem: Problem, schedule: Schedule) -> Schedule:
    """The cells that hold a rotation of the program or vacation, and the duties over such cells."""
    known = {*problem.rotations, VACATION}
    cells = tuple(tuple(c if c in known else "" for c in row) for row in schedule.cells)
    duties = {
        (index, name): duty
        for (index, name), duty in schedule.duties.items()
        if all(cells[index][part] for part in problem.holiday_by_name[name].parts)
        and (duty.status != HolidayStatus.PULLED or duty.service in problem.rotations)
    }
    return replace(schedule, cells=cells, duties=duties)


def _without(schedule: Schedule, locks: Allowed) -> Schedule:
    """``schedule`` less the cells that locks do not let be: nobody is charged for those."""
    cells = tuple(
        tuple(
            code if code in locks.get((index, part), (code,)) else ""
            for part, code in enumerate(row)
        )
        for index, row in enumerate(schedule.cells)
    )
    return replace(schedule, cells=cells)


# -- what filled cells break ---------------------------------------------------------------


def _conflicts(problem: Problem, filled: Schedule) -> Iterator[str]:
    """What filled cells break by themselves; more may follow from what they leave open."""
    cells = tuple(
        tuple(
            AWAY if part not in resident.present else LEAVE if part in resident.leave else code
            for part, code in enumerate(filled.cells[resident.index])
        )
        for resident in problem.residents
    )
    known: dict[tuple[int, str], HolidayDuty] = dict(filled.duties)
    for found in audit(problem, Schedule(cells, filled.grids, known)).hard_violations:
        if found.kind in _BY_ONE_CELL and _is_filled(found, cells):
            yield f"{found.rule}: {found.message}"


def _is_filled(found: Violation, cells: tuple[tuple[str, ...], ...]) -> bool:
    return found.resident is not None and all(cells[found.resident][p] for p in found.parts)
