"""Bugs planted in models and audits: the exhaustive comparison must catch every one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from scheduler.audit import structure, teams
from scheduler.model import block
from scheduler.model.backups import BackupModel
from scheduler.model.block import BlockModel
from scheduler.model.charges import Charges
from scheduler.model.holidays import HolidayModel
from scheduler.model.linear import Sum
from scheduler.model.teams import TeamModel
from scheduler.model.year import YearModel
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.rules import hours
from scheduler.rules.base import Rule, Scope
from scheduler.rules.example import Example, example_problem
from scheduler.rules.registry import rule_class
from scheduler.schedule.schedule import Schedule
from tests.rules.agreement import assert_decodes, disagreements
from tests.rules.exhaustive import Schedules
from tests.rules.variants import (
    build_rule,
    examples_of,
    hard_and_soft,
    problem_of,
    schedule_near,
    shapes,
)

Patch = pytest.MonkeyPatch
Change = Callable[[Any], Any]

#: Schedules of a problem that are compared; a bug should not need many.
FEW = 200


def _problems(kind: str) -> Iterator[tuple[Problem, Schedule | None]]:
    """The examples' problems as written, then in all their variations."""
    rules = [(one, rule) for one in examples_of(kind) for rule in hard_and_soft(one.rule)]
    for example, rule in rules:
        problem = problem_of(example, rule)
        yield problem, schedule_near(example, problem, "as written")
    for example, rule in rules:
        for _, problem in list(shapes(problem_of(example, rule)))[1:]:
            yield problem, None


def _caught(kind: str) -> bool:
    """Whether model and audit differ on some schedule of the rule's examples."""
    return any(
        disagreements(problem, Schedules(problem, FEW, near)) for problem, near in _problems(kind)
    )


def _with_options(rule: Rule, changes: dict[str, Change]) -> Rule:
    known = {name: getattr(rule, name) for name in changes}
    return rule.model_copy(
        update={name: changes[name](old) for name, old in known.items() if old is not None}
    )


def _post_with(patch: Patch, kind: str, **changes: Change) -> None:
    """The model states the rule as if its options were changed."""
    post = rule_class(kind).post

    def wrong(self: Rule, year: YearModel, scope: Scope) -> None:
        post(_with_options(self, changes), year, scope)

    patch.setattr(rule_class(kind), "post", wrong)


def _audit_with(patch: Patch, kind: str, **changes: Change) -> None:
    """The audit judges as if the rule's options were changed."""
    audit = rule_class(kind).audit

    def wrong(self: Rule, schedule: Schedule, scope: Scope) -> Iterator[Any]:
        return audit(_with_options(self, changes), schedule, scope)

    patch.setattr(rule_class(kind), "audit", wrong)


# -- the bugs ----------------------------------------------------------------------------


def limit_off_by_one(patch: Patch) -> None:
    """Whatever may be at most n may be n + 1."""
    at_most = YearModel.at_most

    def wrong(self: YearModel, total: Sum, most: int, rule: Rule, unit: int = 1) -> None:
        at_most(self, total, most + 1, rule, unit)

    patch.setattr(YearModel, "at_most", wrong)


def begun_units_free(patch: Patch) -> None:
    """A miss of less than a whole week costs nothing."""
    demand = YearModel._demand

    def wrong(self: YearModel, total: Sum, least: int, rule: Rule, unit: int) -> None:
        demand(self, total, least if rule.hard else least - unit + 1, rule, unit)

    patch.setattr(YearModel, "_demand", wrong)


def days_charged_for_weeks(patch: Patch) -> None:
    """Every missing day costs as much as a missing week."""
    demand = YearModel._demand

    def wrong(self: YearModel, total: Sum, least: int, rule: Rule, unit: int) -> None:
        demand(self, total, least, rule, 1)

    patch.setattr(YearModel, "_demand", wrong)


def vacation_not_deducted(patch: Patch) -> None:
    """Somebody on vacation is counted as working."""

    def wrong(self: BlockModel, week: int, codes: frozenset[str]) -> Sum:
        return self.on(codes)

    patch.setattr(BlockModel, "worked", wrong)


def leave_not_deducted(patch: Patch) -> None:
    """Somebody on leave is counted as working."""
    worked = YearModel.worked

    def wrong(self: YearModel, resident: Resident, part: int, codes: frozenset[str]) -> Sum:
        return worked(self, replace(resident, leave=frozenset()), part, codes)

    patch.setattr(YearModel, "worked", wrong)


def wrong_part(patch: Patch) -> None:
    """What is asked about one part is answered about the next."""
    worked = YearModel.worked

    def wrong(self: YearModel, resident: Resident, part: int, codes: frozenset[str]) -> Sum:
        last = len(self.problem.calendar.parts) - 1
        return worked(self, resident, min(part + 1, last), codes)

    patch.setattr(YearModel, "worked", wrong)


def vacated_block_has_a_rotation(patch: Patch) -> None:
    """A block wholly on vacation is taken for a block of every rotation."""
    on = BlockModel.on

    def wrong(self: BlockModel, codes: frozenset[str]) -> Sum:
        return on(self, codes).add(self.is_vacated())

    patch.setattr(BlockModel, "on", wrong)


def vacation_anywhere(patch: Patch) -> None:
    """The audit lets vacation fall on the ward."""
    patch.setattr(structure, "_vacation_in_block", lambda *_: iter(()))


def off_on_vacation(patch: Patch) -> None:
    """A vacation over a holiday may be called the holiday."""
    finish = HolidayModel._finish_part

    def wrong(self: HolidayModel, *where: Any) -> None:
        with patch.context() as inner:
            inner.setattr(YearModel, "vacation", lambda *_: Sum())
            finish(self, *where)

    patch.setattr(HolidayModel, "_finish_part", wrong)


def pulled_from_the_ward(patch: Patch) -> None:
    """People are pulled from services that do not close."""
    everything = property(lambda self: frozenset(self._year.problem.rotations))
    patch.setattr(HolidayModel, "_pullable", everything)


def minimum_and_maximum_swapped(patch: Patch) -> None:
    """The audit of coverage takes the fewest for the most."""
    audit = rule_class("coverage").audit

    def wrong(self: Any, schedule: Schedule, scope: Scope) -> Iterator[Any]:
        swapped = self.model_copy(update={"minimum": self.maximum, "maximum": self.minimum})
        return audit(swapped, schedule, scope)

    patch.setattr(rule_class("coverage"), "audit", wrong)


def history_forgotten(patch: Patch) -> None:
    """The audit counts this year alone where training was meant."""
    _audit_with(patch, "requirement", over=lambda _: "year")


def window_too_short(patch: Patch) -> None:
    """The model looks at windows one week shorter."""
    _post_with(patch, "window", in_any=lambda weeks: weeks - 1)


def gap_too_long(patch: Patch) -> None:
    """The audit allows one week away more."""
    _audit_with(patch, "gap", maximum=lambda weeks: weeks + 1)


def gap_ignores_the_end_of_the_year(patch: Patch) -> None:
    """The audit forgets a gap that the year's end closes."""
    audit = rule_class("gap").audit

    def wrong(self: Rule, schedule: Schedule, scope: Scope) -> Iterator[Any]:
        last = scope.problem.calendar.parts[-1].index
        return (one for one in audit(self, schedule, scope) if last not in one.parts)

    patch.setattr(rule_class("gap"), "audit", wrong)


def stay_too_short(patch: Patch) -> None:
    """The model asks for stays one week shorter."""
    _post_with(patch, "stay", minimum=lambda weeks: max(1, weeks - 1))


def one_week_less_owed(patch: Patch) -> None:
    """The model owes everyone a week of vacation less."""
    _post_with(patch, "vacation", weeks=lambda weeks: weeks - 1)


def vacations_too_near(patch: Patch) -> None:
    """The audit lets pieces of vacation come a week nearer."""
    _audit_with(patch, "vacation", apart_minimum=lambda weeks: weeks - 1)


def share_of_wrong_weeks(patch: Patch) -> None:
    """The model asks for one percent more."""
    _post_with(patch, "share", minimum=lambda percent: percent + 1)


def denial_too_cheap(patch: Patch) -> None:
    """The model charges a denied choice one point less."""
    _post_with(patch, "request", denied=lambda points: points - 1)


def one_holiday_more(patch: Patch) -> None:
    """The audit wants one holiday off more."""
    _audit_with(patch, "holiday", off=lambda number: number + 1)


def own_firm_is_elsewhere(patch: Patch) -> None:
    """The model takes one's own firm for the others."""
    split = rule_class("firm")._split  # type: ignore[attr-defined]
    patch.setattr(rule_class("firm"), "_split", lambda *who: split(*who)[::-1])


def a_percent_less(patch: Patch) -> None:
    """The audit allows a smaller part of the weeks elsewhere."""
    _audit_with(patch, "firm", maximum_percent=lambda percent: percent - 2)


def hours_averaged_too_long(patch: Patch) -> None:
    """The model averages over a week more."""
    _post_with(patch, "hours", in_any=lambda weeks: weeks + 1)


def an_hour_more(patch: Patch) -> None:
    """The audit allows an hour more a week."""
    _audit_with(patch, "hours", maximum=lambda hours: hours + 1)


def a_step_forgotten(patch: Patch) -> None:
    """Of the hours that two blocks together are too many, the first step is free."""
    steps = hours._steps
    patch.setattr(hours, "_steps", lambda *pieces: list(steps(*pieces))[1:])


def a_share_too_many(patch: Patch) -> None:
    """The audit allows each team one person more than its share."""
    share = rule_class("team")._share  # type: ignore[attr-defined]
    judge = rule_class("team")._audit_part  # type: ignore[attr-defined]

    def wrong(*asked: Any) -> Iterator[Any]:
        with patch.context() as inner:
            inner.setattr(rule_class("team"), "_share", lambda *who: (0, share(*who)[1] + 1))
            yield from list(judge(*asked))

    patch.setattr(rule_class("team"), "_audit_part", wrong)


def locks_divide_no_stay(patch: Patch) -> None:
    """The model keeps the team for a whole stay, whatever a lock says."""
    patch.setattr(TeamModel, "_bounds", lambda _: {})


def teams_change_at_will(patch: Patch) -> None:
    """The audit lets people change teams at any time."""
    patch.setattr(teams, "_changes", lambda *_: iter(()))


def own_firm_forgotten(patch: Patch) -> None:
    """The model lets everyone be on any team."""
    patch.setattr(rule_class("team"), "_is_meant", lambda *_: True)


def named_from_anywhere(patch: Patch) -> None:
    """The model names people as backup wherever they work."""
    finish = BackupModel.finish

    def wrong(self: BackupModel) -> None:
        with patch.context() as inner:
            inner.setattr(YearModel, "worked", lambda *_: Sum(constant=1))
            finish(self)

    patch.setattr(BackupModel, "finish", wrong)


def off_and_backup(patch: Patch) -> None:
    """Who is off in a holiday may be backup in its week."""
    patch.setattr(BackupModel, "_busy", lambda _: {})


def a_backup_week_more(patch: Patch) -> None:
    """The audit allows a backup week more."""
    _audit_with(patch, "jeopardy", weeks_maximum=lambda weeks: weeks + 1)


def a_smaller_share(patch: Patch) -> None:
    """The model leaves nobody a share."""
    _post_with(patch, "jeopardy", fair_share_of=lambda _: 0)


BUGS: tuple[tuple[str, Callable[[Patch], None]], ...] = (
    ("coverage", limit_off_by_one),
    ("coverage", vacation_not_deducted),
    ("coverage", leave_not_deducted),
    ("coverage", wrong_part),
    ("coverage", vacation_anywhere),
    ("coverage", minimum_and_maximum_swapped),
    ("coverage", vacated_block_has_a_rotation),
    ("requirement", vacation_not_deducted),
    ("requirement", days_charged_for_weeks),
    ("requirement", begun_units_free),
    ("requirement", history_forgotten),
    ("share", vacation_not_deducted),
    ("share", share_of_wrong_weeks),
    ("stay", stay_too_short),
    ("window", window_too_short),
    ("window", limit_off_by_one),
    ("gap", gap_too_long),
    ("gap", gap_ignores_the_end_of_the_year),
    ("vacation", one_week_less_owed),
    ("vacation", vacations_too_near),
    ("holiday", off_on_vacation),
    ("holiday", pulled_from_the_ward),
    ("holiday", one_holiday_more),
    ("request", denial_too_cheap),
    ("firm", own_firm_is_elsewhere),
    ("firm", a_percent_less),
    ("firm", vacation_not_deducted),
    ("hours", vacation_not_deducted),
    ("hours", hours_averaged_too_long),
    ("hours", an_hour_more),
    ("hours", a_step_forgotten),
    ("jeopardy", named_from_anywhere),
    ("jeopardy", off_and_backup),
    ("jeopardy", a_backup_week_more),
    ("jeopardy", a_smaller_share),
    ("jeopardy", limit_off_by_one),
    ("jeopardy", vacation_not_deducted),
    ("team", a_share_too_many),
    ("team", locks_divide_no_stay),
    ("team", teams_change_at_will),
    ("team", own_firm_forgotten),
)


@pytest.mark.parametrize(("kind", "bug"), BUGS, ids=lambda value: getattr(value, "__name__", value))
def test_bug_is_caught(kind: str, bug: Callable[[Patch], None], monkeypatch: Patch) -> None:
    """On some schedule of some example model and audit differ."""
    bug(monkeypatch)
    assert _caught(kind)


def test_price_counted_once_is_caught(monkeypatch: Patch) -> None:
    """Two rules that miss the same thing are both charged."""
    soft = build_rule({**examples_of("coverage")[0].rule, "weight": 3})
    problem = example_problem(examples_of("coverage")[0], (soft, soft))
    assert not disagreements(problem, Schedules(problem))
    row = Charges._row

    def wrong(self: Charges, *miss: Any) -> None:
        known, prices = len(self._slacks), list(self._linear.cost)
        row(self, *miss)
        if len(self._slacks) == known:
            self._linear.cost[:] = prices

    monkeypatch.setattr(Charges, "_row", wrong)
    assert disagreements(problem, Schedules(problem))


def test_loose_vacation_is_caught(monkeypatch: Patch) -> None:
    """Vacation in a class of rotations that the block does not take decodes to something else."""
    monkeypatch.setattr(block, "_limit_class", lambda *_: None)
    rule = {"rule": "vacation", "weeks": 1}
    example = Example("loose", rule, {"A": "CLINIC VAC ELEC ELEC"}, block_weeks=2)
    wanted = build_rule({"rule": "coverage", "rotations": "CLINIC", "minimum": 0})
    problem = example_problem(example, (build_rule(rule), wanted))
    random = Random(0)
    with pytest.raises(AssertionError):
        for _ in range(20):
            assert_decodes(YearModel(problem), random)
