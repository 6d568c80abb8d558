"""Our own bugs: exit 3 and a report that can be pasted in public."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scheduler.cli import main as cli_main
from scheduler.engine.outcome import Status
from scheduler.engine.small import SmallSearch
from scheduler.model.decode import decode
from scheduler.problem.rotation import VACATION
from scheduler.schedule.schedule import Schedule
from tests.cli.command import TINY
from tests.cli.test_teams import program_with_teams


def _run(monkeypatch: pytest.MonkeyPatch, *args: str) -> int:
    """Run the command in this process; its exit code."""
    monkeypatch.setattr(cli_main, "STARTED", time.monotonic())
    monkeypatch.setattr(sys, "argv", ["scheduler", *args])
    return cli_main.exit_code()


def _one_vacation_too_many(schedule: Schedule) -> Schedule:
    """A schedule in which the first resident has a week of vacation nobody gave."""
    row = list(schedule.cells[0])
    row[next(part for part, code in enumerate(row) if code != VACATION)] = VACATION
    return replace(schedule, cells=(tuple(row), *schedule.cells[1:]))


def test_planted_bug_ends_with_3_and_a_report_without_names(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A hard violation in a solved schedule is never written out silently."""

    def wrong(*args: Any, **options: Any) -> Schedule:
        return _one_vacation_too_many(decode(*args, **options))

    monkeypatch.setattr("scheduler.engine.solve.decode", wrong)
    target = tmp_path / "s.xlsx"
    code = _run(monkeypatch, "solve", str(TINY), "-o", str(target), "--gap", "1")
    said = capsys.readouterr()
    assert code == 3
    assert not target.exists()
    for expected in (
        "This is a bug",
        "scheduler: ",
        "ortools: ",
        "seed: 1",
        "hash 0: ",
        "vacation",
    ):
        assert expected in said.err
    people = [
        line.split('"')[1].split(",")[0]
        for table in ("residents.csv", "visitors.csv")
        for line in (TINY / table).read_text(encoding="utf-8").splitlines()[1:]
    ]
    assert people
    report = said.err[said.err.index("This is a bug") :]
    for secret in (*people, str(TINY), str(tmp_path), "parental", "T06", "2027-01-11"):
        assert secret not in report


def test_unforeseen_error_is_a_bug_without_its_message(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The message of an unforeseen error may hold names, so only its hash is shown."""

    def fail(*_: Any, **__: Any) -> Schedule:
        raise KeyError("Aldermere, Tova")

    monkeypatch.setattr("scheduler.engine.solve.decode", fail)
    program = program_with_teams(tmp_path)
    code = _run(monkeypatch, "solve", str(program), "-o", str(tmp_path / "s.xlsx"), "--seed", "7")
    said = capsys.readouterr().err
    assert code == 3
    assert "what: KeyError" in said
    assert "seed: 7" in said
    assert "hash 0: " in said
    assert "Aldermere" not in said
    assert "Traceback" not in said


def test_memory_that_ran_out_is_no_bug(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The answer is no, with what helps."""

    def fail(*_: Any, **__: Any) -> Schedule:
        raise MemoryError

    monkeypatch.setattr("scheduler.engine.solve.decode", fail)
    program = program_with_teams(tmp_path)
    code = _run(monkeypatch, "solve", str(program), "-o", str(tmp_path / "s.xlsx"))
    said = capsys.readouterr().err
    assert code == 1
    assert "not enough memory" in said
    assert "bug" not in said


@pytest.mark.parametrize(("fault", "code"), [(MemoryError(), 0), (ZeroDivisionError(), 3)])
def test_a_fault_costs_nobody_the_schedule_found_before_it(
    fault: Exception,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It is audited, written and told like any other; a bug is still reported."""
    _fails_late(monkeypatch, fault)
    program, target = program_with_teams(tmp_path), tmp_path / "s.xlsx"
    assert _run(monkeypatch, "solve", str(program), "-o", str(target)) == code
    said = capsys.readouterr()
    assert said.out.startswith(f"{target}: every hard rule holds.")
    assert ("This is a bug" in said.err) == (code == 3)
    assert ("not enough memory" in said.err) == (code == 0)
    assert target.exists()


def test_a_fault_is_told_where_no_valid_schedule_is_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What 'diagnose' finds with rules relaxed is no answer then."""
    _fails_late(monkeypatch, ZeroDivisionError())
    assert _run(monkeypatch, "diagnose", str(program_with_teams(tmp_path))) == 3
    assert "This is a bug" in capsys.readouterr().err


def _fails_late(monkeypatch: pytest.MonkeyPatch, fault: Exception) -> None:
    """The search ends with ``fault`` once it has searched."""
    search = SmallSearch.run

    def run(self: SmallSearch) -> Status:
        search(self)
        raise fault

    monkeypatch.setattr("scheduler.engine.small.SmallSearch.run", run)
