"""What a command may write where: no file of somebody's own is ever lost to a report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scheduler.cli.report import check_report_target, write_json
from scheduler.workbook.target import TargetError
from tests.cli.command import copy_tiny, scheduler
from tests.cli.conftest import Run


def test_check_does_not_write_its_report_over_the_workbook(tmp_path: Path, solved: Run) -> None:
    """A slip of the keyboard costs nobody a schedule edited by hand."""
    mine = tmp_path / "mine.xlsx"
    mine.write_bytes(solved.workbook.read_bytes())
    done = scheduler("check", solved.program, mine, "--json", mine, cwd=tmp_path)
    assert done.returncode == 2
    assert f"{mine} is already there and is no report of the scheduler" in done.stderr
    assert mine.read_bytes() == solved.workbook.read_bytes()


@pytest.mark.parametrize("name", ["residents.csv", "program.yaml"])
def test_no_report_goes_over_a_file_of_the_program(tmp_path: Path, name: str) -> None:
    program = copy_tiny(tmp_path)
    before = (program / name).read_bytes()
    done = scheduler("solve", program, "-o", "s.xlsx", "--json", program / name, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.endswith("1 problem found; nothing was solved.\n")
    assert (program / name).read_bytes() == before
    assert not (tmp_path / "s.xlsx").exists()


def test_workbook_and_report_have_two_names(tmp_path: Path) -> None:
    program = copy_tiny(tmp_path)
    done = scheduler("solve", program, "-o", "s.xlsx", "--json", "./s.xlsx", cwd=tmp_path)
    assert done.returncode == 2
    assert "s.xlsx is asked for twice; give another name with --json" in done.stderr


def test_a_workbook_is_named_as_one(tmp_path: Path) -> None:
    """Under another ending a spreadsheet program takes it for text."""
    done = scheduler("solve", copy_tiny(tmp_path), "-o", "s.csv", cwd=tmp_path)
    assert done.returncode == 2
    said = "s.csv would not be opened as a workbook; give a name that ends in .xlsx"
    assert said in done.stderr


def test_an_earlier_report_and_an_empty_file_are_replaced(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    path.touch()
    check_report_target(path)
    report = {"format": 1, "version": "0", "status": "passed", "hard_violations": 0}
    write_json(path, report)
    check_report_target(path)
    path.write_text(json.dumps({"name": "of something else", "version": "1"}))
    with pytest.raises(TargetError, match="is no report of the scheduler"):
        check_report_target(path)


def test_a_report_whose_folder_is_gone_goes_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """After minutes of solving that is no reason to lose it, let alone a bug."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    write_json(tmp_path / "gone" / "r.json", {"format": 1})
    assert json.loads((tmp_path / "r.json").read_text()) == {"format": 1}
    said = capsys.readouterr().err
    assert "is not a folder" in said
    assert f"The report was written to {tmp_path / 'r.json'} instead." in said
