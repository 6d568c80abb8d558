"""What each resident owes over the year or over training, as the rules that count weeks say it.

Requirements, vacation owed, shares and days of leave; what is counted here is compared with
the rules' own audits by a test.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scheduler.problem.calendar import DAYS_IN_WEEK
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.problem.rotation import LEAVE, VACATION
from scheduler.rules.base import BoundRule
from scheduler.rules.leave import Leave
from scheduler.rules.requirement import Requirement
from scheduler.rules.share import NONCLINICAL, Share
from scheduler.rules.vacation import Vacation
from scheduler.rules.words import either
from scheduler.schedule.schedule import Schedule
from scheduler.workbook.counters import Count, Ratio, Stays, Tally
from scheduler.workbook.held import cells_of
from scheduler.workbook.standing import begun, standing_row

_PERCENT = 100
LEAVE_DAYS = "leave days"


@dataclass(frozen=True)
class Owed:
    """One line of one resident: what a rule asks and what the cells show.

    Numbers are in ``unit``: weeks, days, stays or (as a ratio) share.  ``here`` is this
    year's number, ``earlier`` what was done or credited before.  A share over
    training carries ``earlier`` and ``earlier_whole`` in weeks.  ``least`` is
    what must be reached by the end of this year, ``target`` in the end.
    """

    resident: int
    rule: str
    what: str
    title: str
    unit: str
    here: float
    least: float | None
    most: float | None
    target: float | None
    hard: bool
    count: Count
    training: bool = False
    earlier: float = 0
    earlier_whole: float = 0

    @property
    def is_share(self) -> bool:
        return self.unit == "share"

    def this_year(self) -> tuple[float | None, float | None]:
        """Least and most of the counter itself, this year."""
        if self.is_share and (self.earlier or self.earlier_whole):
            return None, None
        return (
            None if self.least is None else self.least - self.earlier,
            None if self.most is None else self.most - self.earlier,
        )


def owed(problem: Problem, schedule: Schedule, shown: Shown | None = None) -> tuple[Owed, ...]:
    """Every line of every resident, rule by rule."""
    return tuple(_owed(shown or Shown(problem, schedule)))


class Shown:
    """A schedule with its cells as they stand and as they are held; counts once what is asked
    for several times."""

    def __init__(self, problem: Problem, schedule: Schedule) -> None:
        self.problem, self.schedule = problem, schedule
        self._cells = {held: cells_of(problem, schedule, held) for held in (False, True)}
        self._values: dict[Count, dict[int, float]] = {}

    def value(self, count: Count, resident: Resident) -> float:
        """What ``count`` shows beside ``resident``, in its unit."""
        known = self._values.setdefault(count, {})
        if resident.index not in known:
            known[resident.index] = self._value(count, resident)
        return known[resident.index]

    def _value(self, count: Count, resident: Resident) -> float:
        row = self._cells[count.held][resident.index]
        if isinstance(count, Stays):
            return begun(self.standing(count, resident), count.codes, count.allowing)
        return count.value(self.problem.calendar, row)

    def standing(self, stays: Stays, resident: Resident) -> list[str]:
        """The standing cells that ``stays`` counts."""
        blocks = self.problem.grids[self.schedule.grids[resident.index]].blocks
        row = self.schedule.cells[resident.index]
        return standing_row(row, blocks, self.problem.rotations, frozenset(stays.parts))


def _owed(shown: Shown) -> Iterator[Owed]:
    for bound in shown.problem.rules:
        residents = [shown.problem.residents[index] for index in bound.residents]
        if isinstance(bound.rule, Vacation) and bound.rule.owed:
            yield from (_vacation(shown, bound, bound.rule, one) for one in residents)
        elif isinstance(bound.rule, Requirement):
            yield from _requirements(shown, bound, bound.rule, residents)
        elif isinstance(bound.rule, Share):
            yield from (_share(shown, bound, bound.rule, one) for one in residents)
        elif isinstance(bound.rule, Leave) and bound.rule.maximum is not None:
            found = (_leave(shown, bound, bound.rule, one) for one in residents)
            yield from (one for one in found if one.here or one.earlier)


def _vacation(shown: Shown, bound: BoundRule, rule: Vacation, resident: Resident) -> Owed:
    count = Tally.of([VACATION], bound.parts)
    least, most = rule.least(resident), rule.most(resident)
    what = _joined("vacation", rule.when.words())
    return Owed(
        resident=resident.index,
        rule=rule.name or rule.rule,
        what=what,
        title=what,
        unit="weeks",
        here=shown.value(count, resident),
        least=least,
        most=most if most <= len(shown.problem.calendar.weeks) else None,
        target=least,
        hard=rule.hard,
        count=count,
    )


def _leave(shown: Shown, bound: BoundRule, rule: Leave, resident: Resident) -> Owed:
    """Days of leave against the limit, of those who have any."""
    count = Tally(((LEAVE, DAYS_IN_WEEK * _PERCENT),), tuple(sorted(bound.parts)))
    return Owed(
        resident=resident.index,
        rule=rule.name or rule.rule,
        what=_joined(LEAVE_DAYS, rule.when.words()),
        title=_joined(LEAVE_DAYS, rule.when.words()),
        unit="days",
        here=shown.value(count, resident),
        least=None,
        most=rule.maximum,
        target=None,
        hard=rule.hard,
        training=rule.over == "training",
        count=count,
        earlier=rule.before(resident),
    )


def _requirements(
    shown: Shown, bound: BoundRule, rule: Requirement, residents: Iterable[Resident]
) -> Iterator[Owed]:
    problem = shown.problem
    last = rule.by or problem.calendar.last
    parts = frozenset(p for p in bound.parts if problem.calendar.parts[p].last <= last)
    count = _counted(problem, rule, parts)
    time = _joined(rule.when.words(), f"by {rule.by}" if rule.by else "")
    held = rule.count == "assigned" and rule.measure == "weeks"
    assigned = "assigned" if held else "stays" if rule.measure == "stays" else ""
    what = _joined(
        either(rule.rotations), "assigned" * held, time, _due_words(rule), _allowed(rule)
    )
    title = _joined("/".join(rule.rotations), assigned, time)
    for resident in residents:
        yield Owed(
            resident=resident.index,
            rule=rule.name or rule.rule,
            what=what,
            title=title,
            unit=rule.measure,
            here=shown.value(count, resident),
            least=_due(rule, resident),
            most=rule.most,
            target=rule.least,
            hard=rule.hard,
            training=rule.over == "training",
            count=count,
            earlier=_earlier(problem, rule, resident),
        )


def _counted(problem: Problem, rule: Requirement, parts: frozenset[int]) -> Count:
    codes = problem.codes(rule.rotations)
    if rule.measure == "stays":
        allowing = tuple(code for code in sorted(codes) if problem.rotations[code].vacation)
        return Stays(tuple(sorted(codes)), tuple(sorted(parts)), allowing)
    return Tally.of(codes, parts, held=rule.count == "assigned")


def _joined(*words: str) -> str:
    return " ".join(filter(None, words))


def _due_words(rule: Requirement | Share) -> str:
    return f"by the end of PGY{rule.final_pgy}" if rule.final_pgy else ""


def _allowed(rule: Requirement) -> str:
    """Between the least and the most of these numbers, only `check` sees what is wrong."""
    return f"({rule.amounts()})" if rule.allowed else ""


def _due(rule: Requirement, resident: Resident) -> float | None:
    """What must be reached by the end of this year; later years may give the rest."""
    later = max(0, (rule.final_pgy or 0) - resident.pgy)
    if rule.least is None or (later and rule.yearly_maximum is None):
        return None
    return max(0, rule.least - later * (rule.yearly_maximum or 0))


def _earlier(problem: Problem, rule: Requirement, resident: Resident) -> float:
    """Weeks credited this year and, over training, of history; or its stays."""
    codes = problem.codes(rule.rotations)
    if rule.measure == "stays":
        known = codes.union(rule.rotations) if rule.over == "training" else ()
        return sum(number for name, number in resident.earlier_stays.items() if name in known)
    days = sum(days for code, days in resident.credit.items() if code in codes)
    if rule.over == "training":
        known = codes.union(rule.rotations)
        days += sum(days for name, days in resident.history.items() if name in known)
    return days / DAYS_IN_WEEK


def _share(shown: Shown, bound: BoundRule, rule: Share, resident: Resident) -> Owed:
    count = _share_count(shown.problem, bound, rule)
    spent, whole = _share_history(shown.problem, rule, resident)
    later = max(0, (rule.final_pgy or 0) - resident.pgy)
    what = either(rule.rotations) if rule.rotations else f"{rule.number} time"
    least, most = (None if n is None else n / _PERCENT for n in (rule.minimum, rule.maximum))
    return Owed(
        resident=resident.index,
        rule=rule.name or rule.rule,
        what=_joined(what, rule.when.words(), _due_words(rule)),
        title=_joined(what, "%", rule.when.words()),
        unit="share",
        here=shown.value(count, resident),
        least=None if later else least,
        most=None if later else most,
        target=least,
        hard=rule.hard,
        training=rule.over == "training",
        count=count,
        earlier=spent,
        earlier_whole=whole,
    )


def _share_count(problem: Problem, bound: BoundRule, rule: Share) -> Ratio:
    whole = outpatient_share(problem, bound.parts)
    if not rule.rotations:
        return whole
    clinical = {code for code, _ in whole.bottom.weights}
    return Ratio(Tally.of(problem.codes(rule.rotations) & clinical, bound.parts), whole.bottom)


def outpatient_share(problem: Problem, parts: Iterable[int]) -> Ratio:
    """Outpatient time, by the rotations' own percentages, over clinical weeks."""
    clinical = frozenset(problem.rotations) - problem.tags.get(NONCLINICAL, frozenset())
    percents = {code: problem.rotations[code].outpatient for code in sorted(clinical)}
    ordered = tuple(sorted(parts))
    top = Tally(tuple((code, percent) for code, percent in percents.items() if percent), ordered)
    return Ratio(top, Tally.of(clinical, ordered))


def _share_history(problem: Problem, rule: Share, resident: Resident) -> tuple[float, float]:
    """Weeks on the rotations, and clinical weeks, of earlier years."""
    if rule.over == "year":
        return 0, 0
    spent = whole = 0.0
    for name, days in resident.history.items():
        known = problem.rotations.get(name)
        if name == NONCLINICAL or (known and NONCLINICAL in known.tags):
            continue
        if rule.rotations is None:
            if known is None:
                continue
            percent = known.outpatient
        else:
            percent = _PERCENT * (name in rule.rotations or name in problem.codes(rule.rotations))
        whole += days / DAYS_IN_WEEK
        spent += days * percent / _PERCENT / DAYS_IN_WEEK
    return spent, whole
