"""The programs that come with the package: each loads, and is solved, audited and read back."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scheduler.audit.audit import audit
from scheduler.diagnosis.counting import shortages
from scheduler.engine.settings import Settings
from scheduler.engine.solve import solve
from scheduler.input.installed import template_names, templates_folder
from scheduler.input.load import load_program
from scheduler.workbook.facts import RunFacts
from scheduler.workbook.read import read_workbook
from scheduler.workbook.write import write_workbook

#: Too large to be solved here (200 residents); it is measured by the benchmark and by hand.
LARGE = {"mgh"}
#: Work allowed, in units of about a second of one core: a clock would fail on a busy machine.
WORK = 60
#: A first schedule is enough here: no share of what is at stake has to be won.
ANY_GAP = 1.0


def test_every_example_is_a_template() -> None:
    """Each folder of examples has a program and says what it shows."""
    folders = {path.name for path in templates_folder().iterdir() if path.is_dir()}
    assert folders == set(template_names())
    assert {"tiny", "mgh", "four-plus-one", "six-plus-two"} <= folders
    told = {name for name in folders if (templates_folder() / name / "README.md").is_file()}
    assert told == folders - {"tiny"}, "tiny explains itself in program.yaml"


@pytest.mark.parametrize("name", template_names())
def test_example_is_sound(name: str) -> None:
    """It loads without a fault, warns of nothing but wishes that cannot count (residents do ask
    for such), and the counts of its people suffice."""
    loaded = load_program(templates_folder() / name)
    assert all("not count" in one for one in loaded.warnings)
    assert not shortages(loaded.problem)


@pytest.mark.parametrize("name", sorted(set(template_names()) - LARGE))
def test_example_is_solved(name: str, tmp_path: Path) -> None:
    """A valid schedule within a short limit, whose workbook is valid when read back."""
    problem = load_program(templates_folder() / name).problem
    settings = Settings(time_limit=WORK, gap=ANY_GAP, workers=1, deterministic=True)
    outcome = solve(problem, settings)
    assert outcome.schedule is not None, outcome.status
    report = audit(problem, outcome.schedule)
    path = tmp_path / "schedule.xlsx"
    write_workbook(path, problem, outcome.schedule, report, RunFacts())
    read = read_workbook(path, problem)
    again = audit(problem, read.schedule)
    assert [one.message for one in again.hard_violations] == []
    assert again.cost == report.cost <= (outcome.cost or 0)


def _other_blocks() -> list[tuple[str, str]]:
    """The grids that a comment in tiny names, each with the values it says they need."""
    text = (templates_folder() / "tiny" / "program.yaml").read_text(encoding="utf-8")
    return re.findall(r"^#   (\{blocks: .*\}) +with (.*)$", text, re.MULTILINE)


@pytest.mark.parametrize(("grid", "values"), _other_blocks())
def test_other_blocks_of_tiny_are_solved_as_its_comment_says(
    grid: str, values: str, tmp_path: Path
) -> None:
    """Whoever follows the comment has a program whose counts suffice, and a valid schedule."""
    program = tmp_path / "tiny" / "program.yaml"
    shutil.copytree(templates_folder() / "tiny", program.parent)
    text = program.read_text(encoding="utf-8").replace("{blocks: {weeks: 2}}", grid)
    named = "".join(f"  {value}\n" for value in values.split(", "))
    program.write_text(text.replace("\nvalues:\n", f"\nvalues:\n{named}"), encoding="utf-8")
    loaded = load_program(program.parent)
    assert not [one for one in loaded.warnings if "closed" in one]
    assert not shortages(loaded.problem)
    settings = Settings(time_limit=WORK, gap=ANY_GAP, workers=1, deterministic=True)
    outcome = solve(loaded.problem, settings)
    assert outcome.schedule is not None, outcome.status
    assert not audit(loaded.problem, outcome.schedule).hard_violations


def test_tiny_names_other_blocks() -> None:
    """The comment is found."""
    assert {grid for grid, _ in _other_blocks()} == {"{blocks: {weeks: 4}}", "{blocks: months}"}


def test_large_example_uses_most_rules() -> None:
    """At least twenty kinds of rule speak in mgh, of residents who are there, firms among them."""
    problem = load_program(templates_folder() / "mgh").problem
    kinds = {bound.rule.rule for bound in problem.rules if bound.residents}
    assert len(kinds) >= 20, sorted(kinds)
    assert {"firm", "prerequisite", "spacing", "succession", "balance", "together"} <= kinds


def test_large_example_is_what_its_generator_makes(tmp_path: Path) -> None:
    """The generator gives the tables of mgh again, byte for byte."""
    folder = templates_folder() / "mgh"
    script = [sys.executable, "-B", str(folder / "generate.py"), "--out", str(tmp_path)]
    subprocess.run(script, check=True)
    tables = sorted(path.name for path in folder.glob("*.csv"))
    assert tables == sorted(path.name for path in tmp_path.glob("*.csv"))
    differing = [n for n in tables if (folder / n).read_bytes() != (tmp_path / n).read_bytes()]
    assert not differing
