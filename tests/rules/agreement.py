"""What the two judges disagree on, told so that it can be reproduced."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from scheduler.audit.audit import audit
from scheduler.audit.named import sentence_with_names
from scheduler.model.decode import decode
from scheduler.model.year import YearModel
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.rules.base import Rule
from scheduler.schedule.schedule import Schedule
from tests.rules.judges import (
    Build,
    ModelJudge,
    audit_verdict,
    best_cost,
    decided_columns,
    decided_values,
    relaxed_audit_verdict,
)


@dataclass(frozen=True)
class Disagreement:
    """A schedule the two judges see differently; None stands for 'not allowed'."""

    problem: Problem
    schedule: Schedule
    model: int | None
    audit: int | None

    def __str__(self) -> str:
        """The rules, the cells and both verdicts: all that is needed to reproduce it."""
        lines = [f"model says {_said(self.model)}, audit says {_said(self.audit)}"]
        lines += [f"  rule {_options(bound.rule)}" for bound in self.problem.rules]
        lines += [self._row(resident) for resident in self.problem.residents]
        for (index, holiday), duty in self.schedule.duties.items():
            who = self.problem.residents[index].id
            lines.append(f"  {holiday}: {who} {duty.status} {duty.service}".rstrip())
        for (index, part), team in self.schedule.teams.items():
            lines.append(f"  team of {self.problem.residents[index].id} in part {part}: {team}")
        for index, week in sorted(self.schedule.backups):
            lines.append(f"  backup in week {week + 1}: {self.problem.residents[index].id}")
        found = audit(self.problem, self.schedule).violations
        lines += [f"  audit: {v.rule}, amount {v.amount}: {v.message}" for v in found]
        return "\n".join(lines)

    def _row(self, resident: Resident) -> str:
        grid = self.problem.grids[self.schedule.grids[resident.index]]
        row = self.schedule.cells[resident.index]
        blocks = [" ".join(row[part] or "." for part in block.parts) for block in grid.blocks]
        return f"  {resident.id} (PGY{resident.pgy}, grid {grid.name}): {' | '.join(blocks)}"


def _options(rule: Rule) -> str:
    said = rule.model_dump(exclude_defaults=True, exclude_none=True, mode="json", by_alias=True)
    return str({"rule": rule.rule, **said})


def _said(verdict: int | None) -> str:
    return "not allowed" if verdict is None else f"cost {verdict}"


def disagreements(
    problem: Problem,
    schedules: Iterable[Schedule],
    relaxed: bool = False,
    build: Build = YearModel,
) -> list[Disagreement]:
    """Every one of ``schedules`` on which model and audit differ, simplest first."""
    judge = ModelJudge(problem, relaxed, build)
    audited = relaxed_audit_verdict if relaxed else audit_verdict
    found = [
        Disagreement(problem, schedule, verdict, expected)
        for schedule in schedules
        if (verdict := judge.verdict(schedule)) != (expected := audited(problem, schedule))
    ]
    return sorted(found, key=lambda one: len(audit(problem, one.schedule).violations))


def assert_agreement(
    problem: Problem, schedules: Iterable[Schedule], relaxed: bool = False
) -> None:
    """Fail with the simplest counterexample if the judges differ anywhere, or a rule is silent."""
    assert all(sentence_with_names(problem, bound.rule) for bound in problem.rules)
    found = disagreements(problem, schedules, relaxed)
    how = " (relaxed)" if relaxed else ""
    assert not found, f"{len(found)} disagreements{how} in {problem.name!r}, such as\n{found[0]}"


def assert_decodes(year: YearModel, random: Random) -> None:
    """Fail if a solution with random prices, where there is one, is no valid schedule."""
    for column in decided_columns(year):
        year.linear.cost[column] = random.randint(-9, 9)
    cost, values = best_cost(year)
    if cost is None:
        return
    schedule = decode(year, values)
    report = audit(year.problem, schedule)
    assert [one.message for one in report.hard_violations] == []
    meant = decided_values(year, schedule)
    assert meant is not None
    assert [c for c in decided_columns(year) if values[c] != meant[c]] == []
