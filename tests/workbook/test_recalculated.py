"""LibreOffice computes from the cells what the audit finds, before and after hand edits."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import openpyxl
import pytest

from scheduler.audit.audit import AuditReport, audit
from scheduler.problem.problem import Problem
from scheduler.schedule.schedule import Schedule
from scheduler.workbook.coverage import CoverageRow, coverage_rows
from scheduler.workbook.read import read_workbook
from tests.workbook.conftest import Case, Saved, written
from tests.workbook.edits import cell_of, edited
from tests.workbook.recalculate import need_libreoffice, recalculated
from tests.workbook.test_roundtrip import CODES, months, recoded

Rows = list[tuple[object, ...]]


@dataclass(frozen=True)
class Computed:
    """A workbook as LibreOffice computes it, beside what the audit says of its cells."""

    problem: Problem
    schedule: Schedule
    report: AuditReport
    book: openpyxl.Workbook

    def rows(self, sheet: str) -> Rows:
        return list(self.book[sheet].iter_rows(values_only=True))


def computed(case: Case, path: Path, folder: Path) -> Computed:
    """``path`` recalculated; the schedule is read from what LibreOffice saved."""
    return _of(case, Saved(folder / "out" / "schedule.xlsx", recalculated(path, folder)))


def _of(case: Case, saved: Saved) -> Computed:
    schedule = read_workbook(saved.path, case.problem).schedule
    return Computed(case.problem, schedule, audit(case.problem, schedule), saved.book)


@pytest.fixture(scope="module")
def as_written(valid: Case, unedited: Saved) -> Computed:
    """The small hospital as it was written."""
    return _of(valid, unedited)


@pytest.fixture(scope="module")
def edited_by_hand(not_valid: Case, tmp_path_factory: pytest.TempPathFactory) -> Computed:
    """The small hospital after 60 random hand edits, legal and not."""
    dice, folder = random.Random(5), tmp_path_factory.mktemp("edited")
    codes = [*not_valid.problem.rotations, "VAC", "LEAVE", "AWAY", "micu", "vac"]

    def change(workbook: openpyxl.Workbook) -> None:
        for _ in range(60):
            person = dice.randrange(len(not_valid.problem.residents))
            part = dice.randrange(len(not_valid.problem.calendar.parts))
            cell_of(not_valid, workbook["Schedule"], person, part).value = dice.choice(codes)
        for part, code in {6: "CARDS", 7: "LEAVE", 8: "VAC", 9: "gi", 10: "VAC", 11: "VAC"}.items():
            cell_of(not_valid, workbook["Schedule"], 0, part).value = code

    return computed(not_valid, edited(not_valid, folder / "s.xlsx", change), folder)


@pytest.fixture(scope="module")
def divided(tmp_path_factory: pytest.TempPathFactory) -> Computed:
    """A hospital with calendar months, whose weeks are divided."""
    folder = tmp_path_factory.mktemp("divided")
    case = written(*months(), folder)
    return computed(case, case.path, folder)


@pytest.fixture(params=["as_written", "edited_by_hand", "divided"])
def found(request: pytest.FixtureRequest) -> Computed:
    """Each of the three in turn."""
    one: Computed = request.getfixturevalue(request.param)
    return one


def test_coverage_is_red_where_the_audit_says_so(found: Computed) -> None:
    """Every coverage cell outside its limits is a finding, and every finding such a cell."""
    rows = found.rows("Schedule")
    first = next(i for i, row in enumerate(rows) if row[:3] == ("Coverage", "Needs", "Result")) + 1
    for number, rule in enumerate(coverage_rows(found.problem)):
        shown = rows[first + number]
        red = {}
        for part in rule.parts:
            people = shown[3 + part]
            if people not in (None, ""):
                assert isinstance(people, int | float)
                red[part] = _missed(rule, people)
        missed = {
            part: finding.amount
            for finding in found.report.violations
            if finding.rule == rule.rule
            for part in finding.parts
        }
        assert {part: amount for part, amount in red.items() if amount > 0} == missed, rule
        assert (shown[2] == "ok") == (not missed)


def _missed(rule: CoverageRow, people: float) -> int:
    """People that ``rule`` misses; a red cell is one where that is not 0."""
    most = 99 if rule.most is None else rule.most
    distance = max(rule.least - people, people - most, 0)
    if rule.allowed:
        distance = min(abs(people - number) for number in rule.allowed)
    assert (distance > 0) == (rule.is_short(people) or rule.is_over(people) or rule.is_odd(people))
    return ceil(distance)


def test_counters_are_red_where_the_audit_says_so(found: Computed) -> None:
    """Everyone whose requirement, vacation or share is SHORT or OVER is found by the audit."""
    names = {rule.rule.name for rule in found.problem.rules if _is_owed(rule.rule.model_dump())}
    rows = found.rows("Requirements")
    column = {title: number for number, title in enumerate(rows[0])}
    red = defaultdict(set)
    for row in rows[1:]:
        if row[column["Status"]] in ("SHORT", "OVER", "low", "high"):
            red[row[column["Rule"]]].add(row[column["Id"]])
    missed = defaultdict(set)
    for finding in found.report.violations:
        if finding.rule in names and finding.resident is not None:
            missed[finding.rule].add(found.problem.residents[finding.resident].id)
    assert red == missed
    assert missed


def _is_owed(options: dict[str, object]) -> bool:
    """Whether a rule counts weeks over the year or over training."""
    kind = options["rule"]
    return kind in ("requirement", "share", "leave") or (
        kind == "vacation" and options["weeks"] is not None
    )


def test_the_word_beside_a_person(found: Computed) -> None:
    """'ok' stands beside exactly those without a missed requirement of this year."""
    rows = found.rows("Schedule")
    top = next(i for i, row in enumerate(rows) if row[0] == "Name")
    ids, checks = rows[top].index("Id"), rows[top].index("Check")
    words = {row[ids]: row[checks] for row in rows[top + 1 :] if row[ids]}
    missed = {
        found.problem.residents[finding.resident].id
        for finding in found.report.violations
        if finding.resident is not None and _is_owed(_options(found.problem, finding.rule))
    }
    shown = {resident.id for resident in found.problem.residents if words[resident.id] != "ok"}
    assert shown == missed


def _options(problem: Problem, name: str) -> dict[str, object]:
    for bound in problem.rules:
        if bound.rule.name == name:
            return {"weeks": None, **bound.rule.model_dump()}
    return {"rule": "grid"}


def test_values_in_the_file_are_those_computed(valid: Case, as_written: Computed) -> None:
    """Viewers that do not calculate show the same numbers and words."""
    stored = openpyxl.load_workbook(valid.path, data_only=True)
    for sheet in ("Schedule", "Coverage", "Requirements"):
        for before, after in zip(stored[sheet].iter_rows(), as_written.rows(sheet), strict=False):
            for cell, value in zip(before, after, strict=False):
                if isinstance(cell.value, float):
                    assert value == pytest.approx(cell.value), cell.coordinate
                else:
                    assert (value or "") == (cell.value or ""), f"{sheet}!{cell.coordinate}"


def test_no_formula_fails(found: Computed) -> None:
    """No cell of any sheet shows an error."""
    for sheet in found.book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "e", f"{sheet.title}!{cell.coordinate}"


def test_odd_codes_are_counted(small: tuple[Problem, Schedule], tmp_path: Path) -> None:
    """Codes that look like numbers, patterns or comparisons are counted as themselves."""
    problem, schedule = recoded(small, CODES)
    case = written(problem, schedule, tmp_path)
    found = computed(case, case.path, tmp_path)
    stored = openpyxl.load_workbook(case.path, data_only=True)["Coverage"]
    for before, after in zip(
        stored.iter_rows(values_only=True), found.rows("Coverage"), strict=False
    ):
        assert [value or "" for value in before] == [value or "" for value in after[: len(before)]]
    assert found.schedule == schedule


def test_without_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Skipped with the command that installs it; where CI is set that is a failure."""
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"apt-get install .*libreoffice-calc"):
        need_libreoffice()
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="apt-get install"):
        need_libreoffice()
