"""A solved schedule, changed at random by hand: model and audit judge every change alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest

from scheduler.audit.audit import audit
from scheduler.problem.problem import Problem
from scheduler.problem.rotation import VACATION
from scheduler.rules.registry import rule_kinds
from scheduler.schedule.schedule import Schedule
from tests.rules.agreement import assert_agreement
from tests.rules.exhaustive import changed_block, changed_duty, divided, with_row
from tests.rules.hospital import RULES, WEEKS, hospital, name_of
from tests.rules.judges import ModelJudge, audit_verdict
from tests.rules.mutants import Edge, every_edge, mutants, solved

#: Changed schedules that are judged.
CHANGES = 300

# -- changes -----------------------------------------------------------------------------


def _cell(problem: Problem, schedule: Schedule, random: Random) -> Schedule:
    """One cell, anything written into it."""
    resident = random.choice(problem.residents)
    row = list(schedule.cells[resident.index])
    row[random.randrange(len(row))] = random.choice([*problem.rotations, VACATION, "LEAVE", ""])
    return with_row(problem, schedule, resident, tuple(row))


def _swap(problem: Problem, schedule: Schedule, random: Random) -> Schedule:
    """Two residents change places for a block."""
    one, other = random.sample(problem.residents, 2)
    block = random.choice(problem.grids[schedule.grids[one.index]].blocks)
    rows = [list(schedule.cells[who.index]) for who in (one, other)]
    for part in block.parts:
        rows[0][part], rows[1][part] = rows[1][part], rows[0][part]
    changed = with_row(problem, schedule, one, tuple(rows[0]))
    return with_row(problem, changed, other, tuple(rows[1]))


def _moved_vacation(problem: Problem, schedule: Schedule, random: Random) -> Schedule:
    """A vacation week goes elsewhere, its old cell takes the code beside it."""
    resident = random.choice(problem.residents)
    row = list(schedule.cells[resident.index])
    vacations = [part for part, code in enumerate(row) if code == VACATION]
    if vacations:
        old = random.choice(vacations)
        beside = [c for c in row[max(0, old - 1) : old + 2] if c in problem.rotations]
        row[old] = random.choice(beside or sorted(problem.rotations))
    row[random.randrange(len(row))] = VACATION
    return with_row(problem, schedule, resident, tuple(row))


def _backup(problem: Problem, schedule: Schedule, random: Random) -> Schedule:
    """Somebody is named in a week, or no longer."""
    key = random.randrange(len(problem.residents)), random.randrange(WEEKS)
    return replace(schedule, backups=schedule.backups ^ {key})


def _changes() -> Iterator[Schedule]:
    """The solved schedule, and edges of rules, then with one to three changes of all kinds."""
    random, problem = Random(1), hospital()
    starts = [solved(), *(edge.schedule for edge in every_edge())]
    kinds = (_cell, _swap, _moved_vacation, changed_block, changed_block, changed_duty, _backup)
    yield solved()
    for _ in range(CHANGES):
        schedule = random.choice(starts)
        for _ in range(random.randint(1, 3)):
            schedule = random.choice(kinds)(problem, schedule, random)
        yield divided(problem, schedule, random)


# -- tests -------------------------------------------------------------------------------

HARD = {name_of(options) for options in RULES if "weight" not in options}


def test_the_small_hospital_has_every_rule() -> None:
    """A new rule must join the small hospital, and at least once as a hard rule."""
    hard = {options["rule"] for options in RULES if "weight" not in options}
    assert hard == set(rule_kinds())


def test_solved_schedule_passes() -> None:
    """What the solver finds breaks no hard rule."""
    report = audit(hospital(), solved())
    assert [one.message for one in report.hard_violations] == []


def test_model_and_audit_agree_on_every_change() -> None:
    """Whatever a hand changes, both judges say the same, and so does the relaxed model."""
    assert_agreement(hospital(), _changes())
    assert_agreement(hospital(), _changes(), relaxed=True)


def test_every_hard_rule_fires() -> None:
    """The changes break every hard rule at least once, and leave some schedule allowed."""
    fired: Counter[str] = Counter()
    for schedule in _changes():
        fired.update({one.rule for one in audit(hospital(), schedule).hard_violations})
    assert HARD - fired.keys() == set()
    assert any(audit_verdict(hospital(), one) is not None for one in list(_changes())[1:])


def test_every_step_of_every_hard_rule_shows() -> None:
    """Each number a step up or down, each list an entry longer: some change tells it apart."""
    found = {(edge.mutant.name, edge.mutant.what) for edge in every_edge()}
    assert [one for one in mutants() if (one.name, one.what) not in found] == []
    assert {edge.mutant.name for edge in every_edge()} == HARD


def test_every_hard_rule_is_broken_alone_at_its_edge() -> None:
    """One step over a rule's edge and no other rule missed: its audit alone fires."""
    broken = [edge for edge in every_edge() if edge.broken]
    fired = [{one.rule for one in audit(hospital(), e.schedule).hard_violations} for e in broken]
    assert fired == [{edge.mutant.name} for edge in broken]
    assert set().union(*fired) == HARD


def test_model_and_audit_have_the_same_edges() -> None:
    """The model refuses one step over a rule's edge, and allows what stands at it."""
    schedules = [edge.schedule for edge in every_edge()]
    judge = ModelJudge(hospital())
    refused = [judge.verdict(one) is None for one in schedules]
    assert refused == [edge.broken for edge in every_edge()]
    assert_agreement(hospital(), schedules)
    assert_agreement(hospital(), schedules, relaxed=True)


@pytest.mark.parametrize("kind", rule_kinds())
def test_a_judge_one_step_off_is_seen(kind: str) -> None:
    """A model, or an audit, of the rule with another number differs from the other judge."""
    of_kind = [one for one in every_edge() if kind == _kind(one)]
    assert of_kind
    for edge in of_kind:
        wrong = edge.mutant.problem()
        assert (ModelJudge(wrong).verdict(edge.schedule) is not None) == edge.broken
        assert (audit_verdict(wrong, edge.schedule) is not None) == edge.broken


def _kind(edge: Edge) -> str:
    return next(str(one["rule"]) for one in RULES if name_of(one) == edge.mutant.name)
