"""Bugs planted in models and audits: the exhaustive comparison must catch every one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from scheduler.audit import staffing, structure, teams, vacation, wishes
from scheduler.model import block, burdens
from scheduler.model import wishes as model_wishes
from scheduler.model.backups import BackupModel
from scheduler.model.block import BlockModel
from scheduler.model.charges import Charges
from scheduler.model.holidays import HolidayModel
from scheduler.model.linear import Sum
from scheduler.model.teams import TeamModel
from scheduler.model.year import YearModel
from scheduler.problem.burden import SEVENTHS
from scheduler.problem.calendar import Calendar
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.problem.wish import Alternative, Choice
from scheduler.rules import apart, balance, hours, spacing, succession, together
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
    patch.setattr(BlockModel, "away", lambda *_: [])


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


def between_is_allowed(patch: Patch) -> None:
    """The audit takes a list of allowed numbers for everything between them."""
    _audit_with(patch, "coverage", allowed=lambda n: list(range(min(n), max(n) + 1)))


def nobody_is_never_allowed(patch: Patch) -> None:
    """The model forgets that a service may be empty."""
    _post_with(patch, "coverage", allowed=lambda numbers: [n for n in numbers if n] or numbers)


def one_more_for_each(patch: Patch) -> None:
    """The model gives every supervising resident one more."""
    _post_with(patch, "coverage", per=lambda per: _more(per, "at_most"))


def company_of_one_more(patch: Patch) -> None:
    """The audit wants one more of those without whom nobody may be there."""
    _audit_with(patch, "coverage", company=lambda company: _more(company, "at_least"))


def _more(company: Any, option: str) -> Any:
    return company.model_copy(update={option: getattr(company, option) + 1})


def everyone_is_whole(patch: Patch) -> None:
    """The audit counts a half-time resident as a whole person."""
    patch.setattr(staffing, "_percent", lambda people: 100 * len(people))


def promotion_forgotten(patch: Patch) -> None:
    """The audit counts everyone for all levels that they have in the year."""
    patch.setattr(Scope, "means", lambda _, resident, part: part in resident.present)


def history_forgotten(patch: Patch) -> None:
    """The audit counts this year alone where training was meant."""
    _audit_with(patch, "requirement", over=lambda _: "year")


def window_too_short(patch: Patch) -> None:
    """The model looks at windows one week shorter."""
    _post_with(patch, "window", in_any=lambda weeks: weeks - 1)


def stays_too_near(patch: Patch) -> None:
    """The model lets stays come a week nearer."""
    _post_with(patch, "spacing", apart_minimum=lambda weeks: weeks - 1)


def vacation_ends_stays(patch: Patch) -> None:
    """The model joins no two blocks of a rotation across a vacated block."""
    patch.setattr(spacing, "joined", lambda _, line: list(line.real))


def vacation_from_the_ward(patch: Patch) -> None:
    """The model takes a vacated block for one of a rotation that allows no vacation."""
    patch.setattr(YearModel, "may_vacate", lambda *_: True)


def starts_of_the_wrong_weeks(patch: Patch) -> None:
    """The model takes a stay to end a week before it does."""
    nearest = spacing._nearest_week

    def wrong(calendar: Calendar, day: date) -> int:
        return nearest(calendar, day) - (day.weekday() == 0 and day > calendar.first)

    patch.setattr(spacing, "_nearest_week", wrong)


def one_direction_forgotten(patch: Patch) -> None:
    """The model forbids one order of two neighbours only."""
    post = rule_class("succession").post

    def wrong(self: Rule, year: YearModel, scope: Scope) -> None:
        next_to = getattr(self, "next_to", None)
        ordered = {"after": next_to, "next_to": None}
        post(self.model_copy(update=ordered) if next_to else self, year, scope)

    patch.setattr(rule_class("succession"), "post", wrong)


def clinic_weeks_between(patch: Patch) -> None:
    """The audit forgets to pass over the clinic weeks of a grid."""
    _audit_with(patch, "succession", through_clinic=lambda _: False)


def vacation_is_no_rest(patch: Patch) -> None:
    """The model wants one of the rotations, and takes no vacation for it."""
    _post_with(patch, "succession", must=lambda names: [n for n in names if n != "VAC"] or names)


def stays_never_go_on(patch: Patch) -> None:
    """The model takes a stay for over where a vacation or a clinic week comes."""

    def wrong(_year: YearModel, _resident: Resident, _codes: Any, blocks: Any) -> list[Sum]:
        return [Sum() for _ in blocks]

    patch.setattr(succession, "resuming", wrong)


def leave_is_not_between(patch: Patch) -> None:
    """The model takes blocks for neighbours though leave ends or begins one of them."""
    changes = succession._changes

    def wrong(year: YearModel, scope: Scope, resident: Resident, blocks: Any) -> Iterator[Any]:
        return changes(year, scope, replace(resident, leave=frozenset()), blocks)

    patch.setattr(succession, "_changes", wrong)


def prepared_too_soon(patch: Patch) -> None:
    """The audit is content with a week less."""
    _audit_with(patch, "prerequisite", minimum=lambda weeks: weeks - 1)


def vacation_prepares(patch: Patch) -> None:
    """The model counts blocks as assigned."""
    _post_with(patch, "prerequisite", count=lambda _: "assigned")


def earlier_years_forgotten(patch: Patch) -> None:
    """The model counts this year alone where training was meant."""
    _post_with(patch, "prerequisite", over=lambda _: "year")


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


def blackout_forgotten(patch: Patch) -> None:
    """The audit gives vacation in closed weeks."""
    patch.setattr(vacation, "_blackout", lambda _: iter(()))


def weekend_of_the_other_week(patch: Patch) -> None:
    """The audit frees days by the vacation of their own calendar week only."""
    is_free = wishes._is_free

    def wrong(problem: Problem, row: tuple[str, ...], part: int, _: tuple[int, ...]) -> bool:
        return is_free(problem, row, part, (problem.calendar.parts[part].week,))

    patch.setattr(wishes, "_is_free", wrong)


def share_of_wrong_weeks(patch: Patch) -> None:
    """The model asks for one percent more."""
    _post_with(patch, "share", minimum=lambda percent: percent + 1)


def denial_too_cheap(patch: Patch) -> None:
    """The model charges a denied choice one point less."""
    _post_with(patch, "request", denied=lambda points: [one - 1 for one in points])


def carried_denials_forgotten(patch: Patch) -> None:
    """The audit charges everybody's wishes alike."""
    _audit_with(patch, "request", carry_over=lambda _: "nothing")


def one_of_the_couple_is_enough(patch: Patch) -> None:
    """The model grants a shared wish where one of both has it."""
    limits = model_wishes.wish_limits

    def wrong(year: YearModel, choice: Choice, wish: Alternative) -> Iterator[Sum]:
        return limits(year, choice, replace(wish, partner=None))

    patch.setattr(model_wishes, "wish_limits", wrong)


def carried_forgotten(patch: Patch) -> None:
    """The audit forgets what was borne in earlier years."""
    _audit_with(patch, "balance", carry_at_most=lambda _: 0)


def peers_thrown_together(patch: Patch) -> None:
    """The model compares everyone with everyone."""
    _post_with(patch, "balance", peers=lambda _: [])


def share_not_rounded(patch: Patch) -> None:
    """The audit charges the spread that no schedule avoids."""
    monkey = Fraction(1, SEVENTHS)
    patch.setattr(balance, "_one_block", lambda *_: monkey)


def days_there_forgotten(patch: Patch) -> None:
    """The audit asks the same of somebody who is there for part of the year."""
    patch.setattr(balance, "_days_there", lambda *_: 7)


def part_time_is_all_the_time(patch: Patch) -> None:
    """The audit asks the same of somebody who is there half of the time."""
    patch.setattr(balance, "_part_of_post", lambda *_: 1)


def closed_clinic_is_work(patch: Patch) -> None:
    """The model counts a holiday in a closed clinic as worked."""
    patch.setattr(burdens, "_open_codes", lambda problem: frozenset(problem.rotations))


def total_too_high(patch: Patch) -> None:
    """The model may take any amount for what the group bears."""
    patch.setattr(burdens, "_group_total", lambda year, _: (year.helper(0, 999), 999))


def some_is_all(patch: Patch) -> None:
    """The model takes a week that one of them has for one that they share."""
    weeks = together.Together._weeks

    def wrong(self: Any, year: YearModel, scope: Scope) -> Iterator[list[Sum]]:
        return (time[:1] for time in weeks(self, year, scope))

    patch.setattr(together.Together, "_weeks", wrong)


def leave_parts_a_couple(patch: Patch) -> None:
    """The audit wants vacation of both where one is on leave."""
    patch.setattr(together, "_gone", lambda *_: False)


def holidays_mixed_up(patch: Patch) -> None:
    """The audit looks at all holidays, whichever are named."""
    _audit_with(patch, "together", holidays=lambda _: None)


def each_service_by_itself(patch: Patch) -> None:
    """The model lets two be on nights of different kinds."""
    services = apart.Apart._services

    def wrong(self: Any, problem: Problem) -> list[frozenset[str]]:
        return [frozenset({code}) for codes in services(self, problem) for code in codes]

    patch.setattr(apart.Apart, "_services", wrong)


def only_pairs_are_seen(patch: Patch) -> None:
    """The audit charges three people at once like two."""
    audit = apart.Apart.audit

    def wrong(self: Any, schedule: Schedule, scope: Scope) -> Iterator[Any]:
        for one in audit(self, schedule, scope):
            amount = len(one.parts)
            yield replace(one, amount=amount, cost=amount * (self.weight or 0))

    patch.setattr(apart.Apart, "audit", wrong)


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


def kept_cells_of_the_next_part(patch: Patch) -> None:
    """The model compares each cell with the earlier one of the part before it."""
    differs = rule_class("keep")._differs  # type: ignore[attr-defined]

    def wrong(self: Rule, year: YearModel, scope: Scope, who: Resident, part: int) -> Sum:
        found: Sum = differs(self, year, scope, who, max(0, part - 1))
        return found

    patch.setattr(rule_class("keep"), "_differs", wrong)


def vacation_is_no_change(patch: Patch) -> None:
    """The model takes a clinic week that became vacation for unchanged."""
    patch.setattr(YearModel, "vacation", lambda *_: Sum())


def promised_holidays_forgotten(patch: Patch) -> None:
    """The audit looks at cells alone."""
    patch.setattr(rule_class("keep"), "_changed_duties", lambda *_: iter(()))


def kept_teams_forgotten(patch: Patch) -> None:
    """The second pass puts people on any team, whatever they were on."""
    patch.setattr(rule_class("keep"), "post_teams", lambda *_: None)


def a_changed_team_is_one_week(patch: Patch) -> None:
    """The audit charges a week for another team, however long."""
    judge = rule_class("keep")._changed_teams  # type: ignore[attr-defined]

    def wrong(self: Rule, *asked: Any) -> Iterator[Any]:
        for one in judge(self, *asked):
            yield replace(one, amount=1, cost=self.weight or 0)

    patch.setattr(rule_class("keep"), "_changed_teams", wrong)


def new_backups_are_no_change(patch: Patch) -> None:
    """The audit looks only at who was named before."""
    judge = rule_class("keep")._changed_backups  # type: ignore[attr-defined]

    def wrong(self: Rule, schedule: Schedule, scope: Scope) -> Iterator[Any]:
        earlier = replace(scope.problem.earlier, backups_open=True)
        changed = replace(scope, problem=replace(scope.problem, earlier=earlier))
        yield from judge(self, schedule, changed)

    patch.setattr(rule_class("keep"), "_changed_backups", wrong)


def kept_backups_of_open_weeks(patch: Patch) -> None:
    """The audit charges backup in weeks of which nothing was decided."""
    judge = rule_class("keep")._changed_weeks  # type: ignore[attr-defined]

    def wrong(self: Rule, scope: Scope, who: Resident, *rest: Any) -> Iterator[Any]:
        earlier = scope.problem.earlier
        assert earlier is not None
        cells = tuple(tuple(code or "CLINIC" for code in row) for row in earlier.cells)
        filled = replace(scope.problem, earlier=replace(earlier, cells=cells))
        yield from judge(self, replace(scope, problem=filled), who, *rest)

    patch.setattr(rule_class("keep"), "_changed_weeks", wrong)


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
    ("coverage", between_is_allowed),
    ("coverage", nobody_is_never_allowed),
    ("coverage", one_more_for_each),
    ("coverage", company_of_one_more),
    ("coverage", everyone_is_whole),
    ("coverage", promotion_forgotten),
    ("requirement", vacation_not_deducted),
    ("requirement", days_charged_for_weeks),
    ("requirement", begun_units_free),
    ("requirement", history_forgotten),
    ("share", vacation_not_deducted),
    ("share", share_of_wrong_weeks),
    ("stay", stay_too_short),
    ("stay", vacation_from_the_ward),
    ("requirement", vacation_from_the_ward),
    ("succession", vacation_from_the_ward),
    ("spacing", vacation_from_the_ward),
    ("spacing", stays_too_near),
    ("spacing", vacation_ends_stays),
    ("spacing", starts_of_the_wrong_weeks),
    ("window", window_too_short),
    ("window", limit_off_by_one),
    ("gap", gap_too_long),
    ("gap", gap_ignores_the_end_of_the_year),
    ("succession", one_direction_forgotten),
    ("succession", clinic_weeks_between),
    ("succession", vacation_is_no_rest),
    ("succession", stays_never_go_on),
    ("succession", leave_is_not_between),
    ("prerequisite", prepared_too_soon),
    ("prerequisite", vacation_prepares),
    ("prerequisite", earlier_years_forgotten),
    ("vacation", one_week_less_owed),
    ("vacation", vacations_too_near),
    ("vacation", blackout_forgotten),
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
    ("keep", kept_cells_of_the_next_part),
    ("keep", vacation_is_no_change),
    ("keep", promised_holidays_forgotten),
    ("keep", kept_teams_forgotten),
    ("keep", a_changed_team_is_one_week),
    ("keep", new_backups_are_no_change),
    ("keep", kept_backups_of_open_weeks),
    ("keep", days_charged_for_weeks),
    ("request", weekend_of_the_other_week),
    ("request", carried_denials_forgotten),
    ("request", one_of_the_couple_is_enough),
    ("balance", carried_forgotten),
    ("balance", peers_thrown_together),
    ("balance", share_not_rounded),
    ("balance", days_there_forgotten),
    ("balance", part_time_is_all_the_time),
    ("balance", closed_clinic_is_work),
    ("balance", total_too_high),
    ("balance", vacation_not_deducted),
    ("balance", begun_units_free),
    ("together", some_is_all),
    ("together", leave_parts_a_couple),
    ("together", holidays_mixed_up),
    ("apart", each_service_by_itself),
    ("apart", only_pairs_are_seen),
    ("apart", vacation_not_deducted),
    ("apart", leave_not_deducted),
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
