"""``solve`` where a schedule exists, and where its files may not be written."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest

from scheduler import __version__
from tests.cli.command import TINY, change, copy_tiny, scheduler
from tests.cli.conftest import Run
from tests.cli.test_teams import program_with_teams

#: Every key that DESIGN 6 promises.
KEYS = {
    "format",
    "version",
    "status",
    "cost",
    "bound",
    "at_stake",
    "gap",
    "hard_violations",
    "residents",
    "visitors",
    "weeks",
    "seed",
    "workers",
    "deterministic",
    "fill",
    "seconds",
    "progress",
    "grids",
    "rules",
    "fairness",
}


@pytest.fixture
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A program of four people, for tests of what happens to files."""
    return program_with_teams(tmp_path_factory.mktemp("few"))


def test_solve_writes_a_valid_schedule(solved: Run) -> None:
    """Exit 0, a workbook, and words with a yardstick on stdout; progress on stderr."""
    assert solved.done.returncode == 0, solved.done.stderr
    assert solved.workbook.is_file()
    assert "every hard rule holds" in solved.done.stdout
    assert f"Cost {solved.report['cost']}" in solved.done.stdout
    assert "seconds" in solved.done.stderr
    assert "bound" not in solved.done.stdout.splitlines()[0]


def test_report_has_every_key(solved: Run) -> None:
    """The JSON holds what DESIGN 6 promises, and its numbers fit each other."""
    report = solved.report
    assert set(report) == KEYS
    assert (report["format"], report["version"]) == (1, __version__)
    assert (report["residents"], report["visitors"], report["weeks"]) == (10, 1, 52)
    assert report["status"] in ("optimal", "feasible")
    assert (report["status"] == "optimal") == (report["cost"] == report["bound"])
    assert report["hard_violations"] == 0
    assert report["gap"] == (report["cost"] - report["bound"]) / report["at_stake"]
    assert set(report["seconds"]) == {
        *("first_schedule", "build", "bound", "search", "write", "total")
    }
    assert report["progress"][-1][1] == report["cost"]
    assert all(
        set(rule) == {"rule", "name", "hard", "violations", "amount", "cost"}
        for rule in report["rules"]
    )
    assert sum(rule["cost"] for rule in report["rules"]) == report["cost"]


def test_declined_wishes_are_listed(solved: Run) -> None:
    """A wish that a person declined stands in Requests as declined."""
    sheet = openpyxl.load_workbook(solved.workbook)["Requests"]
    found = [row for row in sheet.iter_rows(values_only=True) if "declined" in row]
    assert [row[-1] for row in found] == ["T09"]


def test_existing_workbook_is_refused_untouched(tmp_path: Path) -> None:
    """A user's own file is never replaced without --force."""
    mine = tmp_path / "mine.xlsx"
    mine.write_bytes(b"mine")
    done = scheduler("solve", TINY, "-o", mine, cwd=tmp_path)
    assert done.returncode == 2
    assert "--force" in done.stderr
    assert done.stderr.rstrip().endswith("1 problem found; nothing was solved.")
    assert mine.read_bytes() == b"mine"


def test_an_open_workbook_is_left_and_the_schedule_goes_beside_it(
    tmp_path: Path, few: Path
) -> None:
    """Excel's owner file says that it is open: told at once, and where the schedule is."""
    mine, owner = tmp_path / "mine.xlsx", tmp_path / "~$mine.xlsx"
    mine.write_bytes(b"mine")
    owner.write_bytes(b"me")
    done = scheduler("solve", few, "-o", mine, "--force", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith(f"{mine} is open in another program")
    beside = tmp_path / "mine (2).xlsx"
    assert f"The schedule was written to {beside} instead." in done.stderr
    assert done.stdout.startswith(f"{beside}: every hard rule holds.")
    assert mine.read_bytes() == b"mine"
    assert openpyxl.load_workbook(beside, read_only=True).sheetnames[0] == "Schedule"


def test_a_replaced_workbook_stays_under_a_dated_name(tmp_path: Path, few: Path) -> None:
    """With --force the file that was there is kept beside the new one, and that is told."""
    mine = tmp_path / "mine.xlsx"
    mine.write_bytes(b"mine")
    done = scheduler("solve", few, "-o", mine, "--force", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (kept,) = (one for one in tmp_path.iterdir() if one != mine)
    assert f"The workbook that was there is kept as {kept}." in done.stderr
    assert re.fullmatch(r"mine \d{4}-\d\d-\d\d \d{6}\.xlsx", kept.name)
    assert kept.read_bytes() == b"mine"
    assert openpyxl.load_workbook(mine, read_only=True).sheetnames[0] == "Schedule"


def test_report_in_a_missing_folder_is_refused_at_once(tmp_path: Path) -> None:
    """Where the JSON cannot be written, that is said before the search, not after it."""
    done = scheduler("solve", TINY, "-o", "s.xlsx", "--json", "no/r.json", cwd=tmp_path)
    assert done.returncode == 2
    assert "is not a folder" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_bad_program_is_located(tmp_path: Path) -> None:
    """Every fault has its file and line; nothing is solved, nothing is written."""
    program = copy_tiny(tmp_path)
    change(
        program / "residents.csv",
        'T03,"Okelorefe, Hana",1,primary-care',
        "T03,Okelorefe,1,primary-car",
    )
    change(
        program / "program.yaml",
        "name: icu-senior, rotations: ICU, who: {pgy: [2, 3]}, exactly: 1",
        "name: icu-senior, rotations: ICU, who: {pgy: [2, 3]}, exactl: 1",
    )
    done = scheduler("solve", program, "-o", "s.xlsx", cwd=tmp_path)
    lines = done.stderr.splitlines()
    assert done.returncode == 2
    assert any(line.startswith("program.yaml:") and "exactly" in line for line in lines)
    assert (
        "residents.csv:4: track 'primary-car' is not a track of this program; "
        "did you mean 'primary-care'?"
    ) in lines
    assert lines[-1] == f"{len(lines) - 1} problems found; nothing was solved."
    assert not (tmp_path / "s.xlsx").exists()


def test_missing_program_is_bad_input(tmp_path: Path) -> None:
    """A program that is not there is said so, without a traceback."""
    done = scheduler("solve", "nowhere", "-o", "s.xlsx", cwd=tmp_path)
    assert done.returncode == 2
    assert "there is no such file" in done.stderr
    assert "Traceback" not in done.stderr


def test_report_tells_who_bears_how_much(solved: Run) -> None:
    """Every resident once, by id and never by name, the worst off first, with their peer group."""
    fair = solved.report["fairness"]
    assert fair["peers"] == ["pgy"]
    above = [one["above"] for one in fair["people"]]
    assert len(above) == 10
    assert above == sorted(above, reverse=True)
    names = [burden["name"] for burden in fair["burdens"]]
    assert {"nights", "icu", "heavy", "holidays", "pulls", "denied"} <= set(names)
    assert all(list(one["burdens"]) == names for one in (*fair["people"], *fair["groups"]))
    (carrier,) = (one for one in fair["people"] if one["id"] == "T05")
    assert carrier["burdens"]["nights"]["carried"] == 12
    assert sum(group["people"] for group in fair["groups"]) == 10
    assert "Dravelka" not in str(fair)
