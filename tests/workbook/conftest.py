"""A small made-up hospital, and its workbook written once, for all tests of the workbook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest

from scheduler.audit.audit import AuditReport, audit
from scheduler.problem.calendar import build_calendar, weeks_of_year
from scheduler.problem.problem import Problem
from scheduler.schedule.schedule import Schedule
from scheduler.workbook.facts import NOT_VALID, VALID, InputFile, RunFacts
from scheduler.workbook.write import write_workbook
from tests.workbook.hospital import FIRST, hospital
from tests.workbook.recalculate import recalculated

FACTS = RunFacts(
    cost=412,
    bound=409,
    at_stake=4000,
    gap=3 / 4000,
    seed=1,
    workers=2,
    seconds={"first_schedule": 4.2, "total": 60.0},
    versions={"scheduler": "0.1.0"},
    inputs=(InputFile("program.yaml", "program", "ab" * 32),),
    settings={"time limit": "60 s"},
    progress=(
        (1.5, None, -20),
        (2.0, None, 400),
        (4.2, 800, 400),
        (9.0, 430, 405),
        (30.0, 412, 409),
    ),
    searched=60.0,
)


@dataclass(frozen=True)
class Case:
    """A problem with its schedule, the audit's report, and the workbook of both."""

    problem: Problem
    schedule: Schedule
    report: AuditReport
    path: Path


def written(problem: Problem, schedule: Schedule, folder: Path, status: str = VALID) -> Case:
    """Write ``schedule`` into ``folder`` with its audit."""
    report = audit(problem, schedule)
    path = folder / "schedule.xlsx"
    facts = RunFacts(**{**{name: getattr(FACTS, name) for name in FACTS.__dataclass_fields__},
                        "status": status})  # fmt: skip
    write_workbook(path, problem, schedule, report, facts, force=True)
    return Case(problem, schedule, report, path)


@pytest.fixture(scope="session")
def small() -> tuple[Problem, Schedule]:
    """Ten residents and two visitors over half a year."""
    half = build_calendar(weeks_of_year(FIRST, FIRST + timedelta(weeks=26, days=-1), 0))
    return hospital({1: 4, 2: 3, 3: 2, 4: 1}, visitors=2, calendar=half, electives=3)


@pytest.fixture(scope="session")
def valid(small: tuple[Problem, Schedule], tmp_path_factory: pytest.TempPathFactory) -> Case:
    """The small hospital's workbook (said to be valid)."""
    return written(*small, tmp_path_factory.mktemp("valid"))


@pytest.fixture(scope="session")
def not_valid(small: tuple[Problem, Schedule], tmp_path_factory: pytest.TempPathFactory) -> Case:
    """The small hospital's workbook, headed NOT VALID, with OPEN rows."""
    return written(*small, tmp_path_factory.mktemp("not_valid"), NOT_VALID)


@dataclass(frozen=True)
class Saved:
    """A workbook as LibreOffice saved it, and what its cells held then."""

    path: Path
    book: openpyxl.Workbook


@pytest.fixture(scope="session")
def unedited(valid: Case, tmp_path_factory: pytest.TempPathFactory) -> Saved:
    """The valid workbook, every value computed anew; nobody changes it."""
    folder = tmp_path_factory.mktemp("unedited")
    return Saved(folder / "out" / "schedule.xlsx", recalculated(valid.path, folder))
