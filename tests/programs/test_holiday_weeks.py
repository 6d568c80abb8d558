"""Vacation around the holidays of a policy follows their dates; holidays that are left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.input.load import load_program
from scheduler.input.loaded import Loaded
from scheduler.rules.vacation import Vacation
from tests.input.tiny import faults_of
from tests.programs.small import ROTATIONS, residents, write_program

PEOPLE = residents(
    "A,1,categorical,christmas",
    "B,1,categorical,new_years; christmas",
    "C,1,categorical,new_years",
    columns="id,name,pgy,track,worked_holidays",
)


def _program(starts: str, weeks: int, more: str = "") -> str:
    return f"""\
{ROTATIONS}
policy: us-holidays
year: {{starts: {starts}, weeks: {weeks}}}
tracks: {{categorical: {{name: Categorical}}}}
grids: {{two_week: {{blocks: {{weeks: 1}}}}}}
{more}
rules:
  - {{rule: vacation, name: owed, weeks: 2}}
"""


def _loaded(folder: Path, starts: str, weeks: int, more: str = "") -> Loaded:
    write_program(folder, _program(starts, weeks, more), residents=PEOPLE)
    return load_program(folder)


def _closed(loaded: Loaded) -> list[str]:
    """The first days of the weeks in which nobody is on vacation."""
    problem = loaded.problem
    rules = (bound.rule for bound in problem.rules)
    blackouts = [one.blackout for one in rules if isinstance(one, Vacation) and one.blackout]
    weeks = {problem.calendar.parts[p].week for one in blackouts for p in one.closed(problem)}
    return [problem.calendar.weeks[week].first.isoformat() for week in sorted(weeks)]


@pytest.mark.parametrize(
    ("starts", "weeks", "closed"),
    [
        ("2026-06-29", 52, ["2026-12-21", "2026-12-28"]),
        ("2026-06-22", 52, ["2026-12-21", "2026-12-28"]),
        ("2026-06-24", 52, ["2026-12-23", "2026-12-30"]),
        ("2024-07-01", 52, ["2024-12-23", "2024-12-30"]),
        # Christmas and New Year's Day on a Saturday: their days off reach into January's first week
        ("2027-06-28", 52, ["2027-12-20", "2027-12-27", "2028-01-03"]),
    ],
)
def test_no_vacation_at_christmas_whatever_day_the_year_begins(
    tmp_path: Path, starts: str, weeks: int, closed: list[str]
) -> None:
    """The weeks are those of the dates, not the 26th and the 27th."""
    assert _closed(_loaded(tmp_path, starts, weeks)) == closed


@pytest.mark.parametrize(
    ("off", "closed"),
    [
        ("new_years: {off: true}", ["2026-12-21"]),
        ("new_years: {off: true}, christmas: {off: true}", []),
    ],
)
def test_a_holiday_switched_off_closes_nothing(tmp_path: Path, off: str, closed: list[str]) -> None:
    """The policy's rules do without it."""
    assert _closed(_loaded(tmp_path, "2026-06-29", 52, f"holidays: {{{off}}}")) == closed


def test_weeks_of_the_programs_own(tmp_path: Path) -> None:
    """A program lays other weeks over the policy's holidays."""
    text = _program("2026-06-29", 52) + (
        "  - {name: vacation-christmas, blackout: {weeks: '25-27'}}\n"
    )
    write_program(tmp_path, text, residents=PEOPLE)
    assert _closed(load_program(tmp_path)) == ["2026-12-14", "2026-12-21", "2026-12-28"]


def test_who_worked_a_holiday_that_is_switched_off_is_noted(tmp_path: Path) -> None:
    """Last year's holidays are facts: no fault, but a note, as they give no priority."""
    loaded = _loaded(tmp_path, "2026-06-29", 52, "holidays: {new_years: {off: true}}")
    assert [one for one in loaded.warnings if "last year" in one] == [
        "residents.csv:3: B (and 1 more) worked 'new_years' last year, which is switched off this "
        "year; it gives no priority"
    ]
    assert not any("last year" in one for one in _loaded(tmp_path, "2026-06-29", 52).warnings)


def test_a_holiday_that_no_document_names_is_a_fault(tmp_path: Path) -> None:
    """A misspelt holiday is no holiday that was switched off."""
    people = PEOPLE.replace("categorical,christmas", "categorical,christmass")
    write_program(tmp_path, _program("2026-06-29", 52), residents=people)
    (fault,) = faults_of(tmp_path)
    assert "worked_holidays 'christmass' is not a holiday of this program" in fault
