"""Holidays with dates given, and looked up for the year."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from scheduler.input.cells import but_for_case
from tests.input.tiny import load_tiny

P = "program.yaml"
GIVEN = "thanksgiving: {name: Thanksgiving, dates: [{from: 2026-11-26, to: 2026-11-29}]}"


def test_dates_as_given(tmp_path: Path) -> None:
    """A holiday's dates are the program's own."""
    (holiday,) = load_tiny(tmp_path).problem.holidays
    assert (holiday.name, holiday.title) == ("thanksgiving", "Thanksgiving")
    assert holiday.ranges == ((date(2026, 11, 26), date(2026, 11, 29)),)
    assert holiday.parts == (21,)


def test_jewish_high_holidays_begin_on_the_eve(tmp_path: Path) -> None:
    """Rosh Hashanah and Yom Kippur of 2026 are 11-13 and 20-21 September."""
    days = "[{day: Rosh Hashanah, before: 1}, {day: Yom Kippur, before: 1}]"
    loaded = load_tiny(tmp_path, (P, GIVEN, f"{GIVEN}\n  high: {{calendar: IL, days: {days}}}"))
    holiday = loaded.problem.holidays[0]
    assert holiday.ranges == (
        (date(2026, 9, 11), date(2026, 9, 13)),
        (date(2026, 9, 20), date(2026, 9, 21)),
    )
    assert holiday.parts == (10, 11, 12)


def test_days_are_found_for_the_academic_year(tmp_path: Path) -> None:
    """New Year's Day is that of the second calendar year; days around it join it."""
    new = "{calendar: US, days: [{day: New Year's Day, after: 2}, {day: New Year's Eve}]}"
    loaded = load_tiny(tmp_path, (P, GIVEN, f"{GIVEN}\n  new_years: {new}"))
    assert loaded.problem.holidays[1].ranges == ((date(2026, 12, 31), date(2027, 1, 3)),)


def test_day_with_days_around_it(tmp_path: Path) -> None:
    """Christmas with the eve and two days after."""
    entry = "{calendar: US, day: Christmas Day, before: 1, after: 2}"
    loaded = load_tiny(tmp_path, (P, GIVEN, f"{GIVEN}\n  christmas: {entry}"))
    assert loaded.problem.holidays[1].ranges == ((date(2026, 12, 24), date(2026, 12, 27)),)


def test_policy_holidays_are_overridden_by_name(tmp_path: Path) -> None:
    """A program changes one option of a policy's holiday, or switches it off."""
    policy = """\
holidays:
  xmas: {calendar: US, day: Christmas Day, before: 1}
  fall: {calendar: US, day: Labor Day}
"""
    loaded = load_tiny(
        tmp_path,
        ("house.yaml", "rules:\n", f"{policy}rules:\n"),
        (P, GIVEN, f"{GIVEN}\n  xmas: {{after: 2}}\n  fall: {{off: true}}"),
    )
    holidays = loaded.problem.holiday_by_name
    assert set(holidays) == {"thanksgiving", "xmas"}
    assert holidays["xmas"].ranges == ((date(2026, 12, 24), date(2026, 12, 27)),)


def test_dates_take_the_place_of_a_policys_calendar(tmp_path: Path) -> None:
    """A program gives its own dates, or another day, for a holiday that its policy looks up."""
    policy = """\
holidays:
  xmas: {name: Christmas, calendar: US, day: Christmas Day, before: 1}
  fall: {dates: [{from: 2026-09-05, to: 2026-09-07}]}
"""
    loaded = load_tiny(
        tmp_path,
        ("house.yaml", "rules:\n", f"{policy}rules:\n"),
        (
            P,
            GIVEN,
            f"{GIVEN}\n  xmas: {{dates: [{{from: 2026-12-21, to: 2026-12-27}}]}}\n"
            "  fall: {calendar: US, day: Labor Day}",
        ),
    )
    holidays = loaded.problem.holiday_by_name
    assert holidays["xmas"].ranges == ((date(2026, 12, 21), date(2026, 12, 27)),)
    assert holidays["xmas"].title == "Christmas"
    assert holidays["fall"].ranges == ((date(2026, 9, 7), date(2026, 9, 7)),)


def test_worked_holidays(tmp_path: Path) -> None:
    """The table of residents says who worked which holiday last year."""
    loaded = load_tiny(
        tmp_path,
        ("residents.csv", "track,firm\n", "track,firm,worked_holidays\n"),
        ("residents.csv", "primary-care,south", "primary-care,south,thanksgiving"),
    )
    assert loaded.problem.residents[1].worked_holidays == {"thanksgiving"}


def test_a_holidays_name_is_understood_in_capitals_or_not(tmp_path: Path) -> None:
    """Forms say 'Thanksgiving' where the program says 'thanksgiving'."""
    loaded = load_tiny(
        tmp_path,
        ("residents.csv", "track,firm\n", "track,firm,worked_holidays\n"),
        ("residents.csv", "primary-care,south", "primary-care,south,Thanksgiving"),
        ("requests.csv", "holiday,thanksgiving", "holiday,THANKSGIVING"),
    )
    assert loaded.problem.residents[1].worked_holidays == {"thanksgiving"}
    (wish,) = (one for c in loaded.problem.choices for one in c.alternatives if one.holiday)
    assert wish.holiday == "thanksgiving"


def test_names_that_differ_in_capitals_only_are_two() -> None:
    """Where two are alike, each is itself and what is neither is unknown."""
    known = {"Fall", "fall", "xmas"}
    said = [but_for_case(name, known) for name in ("fall", "Fall", "FALL", "Xmas", "winter")]
    assert said == ["fall", "Fall", "FALL", "xmas", "winter"]
