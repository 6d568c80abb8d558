"""Which weekends a week of vacation takes in, and which vacation frees a Saturday."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from scheduler.input.weekends import Weekends, vacation_days
from scheduler.problem.calendar import Week
from tests.input.tiny import faults_of, load_tiny, write_tiny

MONDAY = date(2026, 7, 6)


def _freed(starts: date, weekends: str) -> tuple[str, str]:
    """First and last weekday of a vacation in the week that ``starts`` then."""
    week = Week(1, starts, starts + timedelta(days=6))
    first, last = vacation_days(week, Weekends(weekends))
    assert (last - first).days < 9
    return f"{first:%a %d}", f"{last:%a %d}"


@pytest.mark.parametrize(
    ("weekends", "first", "last"),
    [
        ("own", "Mon 06", "Sun 12"),
        ("before", "Sat 04", "Fri 10"),
        ("after", "Mon 06", "Sun 12"),
        ("both", "Sat 04", "Sun 12"),
        ("none", "Mon 06", "Fri 10"),
    ],
)
def test_weeks_from_monday(weekends: str, first: str, last: str) -> None:
    """The weekend before lies in another calendar week."""
    assert _freed(MONDAY, weekends) == (first, last)


@pytest.mark.parametrize(
    ("weekends", "first", "last"),
    [
        ("own", "Sun 05", "Sat 11"),
        ("before", "Sat 04", "Fri 10"),
        ("after", "Mon 06", "Sun 12"),
        ("both", "Sat 04", "Sun 12"),
        ("none", "Mon 06", "Fri 10"),
    ],
)
def test_weeks_from_sunday(weekends: str, first: str, last: str) -> None:
    """A week from Sunday has half of either weekend."""
    assert _freed(MONDAY - timedelta(days=1), weekends) == (first, last)


@pytest.mark.parametrize("weekends", list(Weekends))
def test_weeks_from_friday(weekends: str) -> None:
    """A weekend in the middle of the week always belongs to it."""
    assert _freed(date(2026, 7, 3), weekends) == ("Fri 03", "Thu 09")


def _wedding(folder: Path, weekends: str) -> tuple[tuple[int, tuple[int, ...]], ...]:
    """What frees Saturday 18 July, in the third week from Monday 29 June."""
    loaded = load_tiny(
        folder,
        ("requests.csv", "R3,c,1,rotation,icu,,,,\n", "R3,c,1,date,,2026-07-18,,,wedding\n"),
        ("program.yaml", "rules:\n", f"settings: {{vacation_weekends: {weekends}}}\nrules:\n"),
    )
    (wish,) = loaded.problem.choices_of[2][0].alternatives
    return wish.freeing(loaded.problem.calendar)


@pytest.mark.parametrize(
    ("weekends", "weeks"),
    [("own", (2,)), ("after", (2,)), ("before", (3,)), ("both", (2, 3)), ("none", ())],
)
def test_a_saturday_wedding(tmp_path: Path, weekends: str, weeks: tuple[int, ...]) -> None:
    """It is met by vacation with that weekend, whichever week that is."""
    assert _wedding(tmp_path, weekends) == ((2, weeks),)


def test_unknown_weekends(tmp_path: Path) -> None:
    """The setting has five values."""
    write_tiny(tmp_path)
    program = tmp_path / "program.yaml"
    text = program.read_text(encoding="utf-8")
    program.write_text(f"{text}settings: {{vacation_weekends: befor}}\n", encoding="utf-8")
    assert faults_of(tmp_path) == [
        "program.yaml:36:31: settings.vacation_weekends: 'befor' is not known here; "
        "did you mean 'before'?"
    ]
