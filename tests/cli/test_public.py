"""``solve --public``: a copy for everyone of a finished schedule."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import openpyxl

from tests.cli.command import scheduler
from tests.cli.conftest import Run


def _comments(program: Path) -> set[str]:
    """What people wrote beside their wishes, leave and locks, and the kinds of leave."""
    found: set[str] = set()
    for name in ("requests", "leave", "locks", "history", "carry_over"):
        with (program / f"{name}.csv").open(encoding="utf-8") as file:
            for line in csv.DictReader(file):
                found |= {line.get("comment") or "", line.get("kind") or ""}
    return found - {""}


def test_a_finished_schedule_is_shared(solved: Run, tmp_path: Path) -> None:
    """No cell of any sheet holds VAC, LEAVE or a comment; `check` refuses the copy, exit 2."""
    public = tmp_path / "public.xlsx"
    done = scheduler(
        "solve", solved.program, "--from", solved.workbook, "--fill", "--public", "-o", public,
        "--json", "public.json", cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "(public copy)" in done.stdout
    texts = {
        str(value)
        for sheet in openpyxl.load_workbook(public)
        for row in sheet.iter_rows(values_only=True)
        for value in row
        if value is not None
    }
    assert "OFF" in texts
    comments = _comments(solved.program)
    assert comments
    for private in ("VAC", "LEAVE", *comments):
        assert not [text for text in texts if private in text.replace("leave read OFF", "")]
    checked = scheduler("check", solved.program, public, cwd=tmp_path)
    assert checked.returncode == 2
    assert "is a public copy" in checked.stderr
    report = (tmp_path / "public.json").read_text(encoding="utf-8")
    assert not [one for one in (*comments, "denied", "request", "T01") if one in report]
    told = json.loads(report)
    assert (told["rules"], told["fairness"], told["hard_violations"]) == ([], None, 0)
    assert told["cost"] is not None
