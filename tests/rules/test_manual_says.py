"""What the pages of the manual claim in words is so."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from inspect import cleandoc
from pathlib import Path

from scheduler.input.load import load_program
from scheduler.rules.example import Example, Person, example_problem
from scheduler.rules.holiday import HolidayRule
from scheduler.rules.requirement import Requirement
from tests.cli.command import copy_tiny
from tests.rules.variants import build_rule, examples_of


def test_what_is_owed_before_the_final_year() -> None:
    """The page's twelve weeks: two by the end of PGY1, seven of PGY2, all of PGY3."""
    said = " ".join(cleandoc(Requirement.__doc__ or "").split())
    numbers = re.search(
        r"Of (\d+) weeks due by the end of PGY3 with a ``yearly_maximum`` of (\d+), a PGY1 must "
        r"have (\d+) by the end of this year, a PGY2 must have (\d+), a PGY3 all (\d+)",
        said,
    )
    assert numbers is not None
    least, yearly, *owed = map(int, numbers.groups())
    options = {"rotations": "ICU", "over": "training", "minimum": least, "final_pgy": 3}
    rule = build_rule({"rule": "requirement", **options, "yearly_maximum": yearly})
    late = build_rule({"rule": "requirement", **options})
    assert isinstance(rule, Requirement) and isinstance(late, Requirement)
    year = examples_of("requirement")[0]
    people = {"A": Person(pgy=1), "B": Person(pgy=2), "C": Person(pgy=3)}
    grid = dict.fromkeys(people, "WARD ICU")
    problem = example_problem(_with(year, grid, people), (rule,))
    assert [rule.least_of(one) for one in problem.residents] == owed
    assert [late.least_of(one) for one in problem.residents] == [0, 0, least]


def _with(example: Example, grid: dict[str, str], people: dict[str, Person]) -> Example:
    return replace(example, grid=grid, residents=people)


def test_holidays_are_written_as_the_page_shows(tmp_path: Path) -> None:
    """A program reads the page's lines: one of its own, one by the calendar, one off."""
    page = cleandoc(HolidayRule.__doc__ or "")
    lines = page.split("along, and a program may add its own or switch one off:\n\n")[1]
    written = cleandoc("\n" + lines.split("\n\n")[0])
    program = copy_tiny(tmp_path)
    text = (program / "program.yaml").read_text(encoding="utf-8")
    (program / "program.yaml").write_text(f"{text}\n{written}\n", encoding="utf-8")
    _without(program / "requests.csv", "high_holidays")
    found = {one.name: one.ranges for one in load_program(program).problem.holidays}
    assert found["retreat"] == ((date(2026, 10, 8), date(2026, 10, 11)),)
    assert found["labor_day"] == ((date(2026, 9, 5), date(2026, 9, 7)),)
    assert "high_holidays" not in found
    assert "christmas" in found


def _without(table: Path, word: str) -> None:
    """Take the rows of a table that say ``word`` away."""
    lines = table.read_text(encoding="utf-8").splitlines()
    table.write_text("\n".join(line for line in lines if word not in line) + "\n", "utf-8")
