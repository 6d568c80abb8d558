"""Grids of every shape, and the calendar that they split."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from scheduler.input.loaded import Loaded
from tests.input.tiny import load_tiny

P = "program.yaml"
R = "residents.csv"
GRID = "two_week: {blocks: {weeks: 2}}"


def lengths(loaded: Loaded, grid: str = "two_week") -> list[int]:
    """Days of each block."""
    days = loaded.problem.calendar.part_days
    return [sum(days[p] for p in block.parts) for block in loaded.problem.grids[grid].blocks]


def assigned(loaded: Loaded, grid: str = "two_week") -> list[int]:
    """Indices of the blocks whose rotation the grid fixes."""
    return [b.index for b in loaded.problem.grids[grid].blocks if b.assigned]


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ("blocks: {weeks: 2}", [14] * 26),
        ("blocks: {weeks: 4}", [28] * 13),
        ("blocks: {weeks: 1}", [7] * 52),
        ("blocks: [2, 2, 48]", [14, 14, 336]),
        ("cycle: [4, {weeks: 1, rotation: CLINIC}]", [28, 7] * 10 + [14]),
        ("cycle: [{weeks: 6}, {weeks: 2, rotation: CLINIC}]", [42, 14] * 6 + [28]),
        (
            "cycle: [4, {weeks: 1, rotation: CLINIC}], offset: 2",
            [14, 7] + [28, 7] * 9 + [28],
        ),
        ("cycle: [4, {weeks: 1, rotation: CLINIC}], offset: 4", [7] + [28, 7] * 10 + [7]),
    ],
)
def test_shapes_of_52_weeks(tmp_path: Path, shape: str, expected: list[int]) -> None:
    """Every shape fills the year in order with whole weeks, which stay whole."""
    loaded = load_tiny(tmp_path, (P, GRID, f"two_week: {{{shape}}}"))
    assert lengths(loaded) == expected
    assert len(loaded.problem.calendar.parts) == 52
    blocks = loaded.problem.grids["two_week"].blocks
    assert [p for block in blocks for p in block.parts] == list(range(52))


def test_cycle_fixes_its_rotation(tmp_path: Path) -> None:
    """The clinic weeks of an X+Y pattern are assigned; a cohort has 10 or 11 of them."""
    five = "\n".join(
        f"  c{i}: {{who: {{firm: c{i}}}, cycle: [4, {{weeks: 1, rotation: CLINIC}}], offset: {i}}}"
        for i in range(5)
    )
    people = "".join(f'C{i},"Cohort, {i}",1,categorical,c{i}\n' for i in range(5))
    loaded = load_tiny(
        tmp_path,
        (P, f"  {GRID}", f"{five}\n  {GRID[:10]}{{who: {{firm: [north, south]}}, {GRID[11:]}"),
        (R, "track,firm\n", f"track,firm\n{people}"),
        ("visitors.csv", "present\n", "present,grid\n"),
        ("visitors.csv", "2026-08-23", "2026-08-23,two_week"),
    )
    clinic = [
        {p for block in loaded.problem.grids[f"c{i}"].blocks if block.assigned for p in block.parts}
        for i in range(5)
    ]
    assert [len(weeks) for weeks in clinic] == [10, 10, 10, 11, 11]
    assert set.union(*clinic) == set(range(52))
    assert sum(map(len, clinic)) == 52
    assert loaded.problem.resident_by_id["C3"].grids == ("c3",)
    assert loaded.problem.resident_by_id["R2"].grids == ("two_week",)


def test_calendar_months_split_weeks(tmp_path: Path) -> None:
    """A month begins inside a week, which is split there; stubs join the month beside them."""
    loaded = load_tiny(
        tmp_path,
        (P, f"  {GRID}", f"  months: {{who: {{pgy: 3}}, blocks: months}}\n  {GRID}"),
        (R, "track,firm\n", "track,firm,grid\n"),
        (R, "3,categorical,north", "3,categorical,north,months"),
    )
    problem = loaded.problem
    months = problem.grids["months"].blocks
    firsts = [problem.calendar.parts[block.parts[0]].first for block in months]
    assert firsts[:3] == [date(2026, 6, 29), date(2026, 8, 1), date(2026, 9, 1)]
    assert len(months) == 12
    assert lengths(loaded) == [14] * 26
    # eleven months begin after the first; February and March 2027 begin on a Monday
    assert len(problem.calendar.parts) == 52 + 11 - 2
    assert problem.resident_by_id["R3"].grids == ("months",)


def test_several_candidate_grids(tmp_path: Path) -> None:
    """Whoever several grids fit has several candidates."""
    loaded = load_tiny(
        tmp_path, (P, f"  {GRID}", f"  four: {{who: {{pgy: 2}}, blocks: {{weeks: 4}}}}\n  {GRID}")
    )
    assert loaded.problem.residents[1].grids == ("four", "two_week")
    assert loaded.problem.residents[0].grids == ("two_week",)


def test_year_of_53_weeks(tmp_path: Path) -> None:
    """A year from 1 July to 30 June has 53 weeks, the first and the last short."""
    year = "{starts: 2026-07-01, ends: 2027-06-30, week_starts: monday}"
    loaded = load_tiny(
        tmp_path,
        (P, "{starts: 2026-06-29, weeks: 52, week_starts: monday}", year),
        (P, "{weeks: 2}", f"[{', '.join(['2'] * 25)}, 3]"),
    )
    weeks = loaded.problem.calendar.weeks
    assert (len(weeks), weeks[0].days, weeks[-1].days) == (53, 5, 3)
    assert lengths(loaded)[-1] == 17


def test_thirteen_blocks_absorb_the_days_left_over(tmp_path: Path) -> None:
    """Blocks 1 and 13 may be longer: lengths are listed one by one."""
    year = "{starts: 2026-07-01, ends: 2027-06-30, week_starts: monday}"
    loaded = load_tiny(
        tmp_path,
        (P, "{starts: 2026-06-29, weeks: 52, week_starts: monday}", year),
        (P, "{weeks: 2}", "[5, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4]"),
    )
    assert len(lengths(loaded)) == 13
    assert sum(lengths(loaded)) == 365


def test_weeks_that_start_on_friday(tmp_path: Path) -> None:
    """The week starts when the program says, by default when the year does."""
    for given in (
        "starts: 2026-06-26, weeks: 52, week_starts: friday",
        "starts: 2026-06-26, weeks: 52",
    ):
        loaded = load_tiny(
            tmp_path, (P, "starts: 2026-06-29, weeks: 52, week_starts: monday", given)
        )
        calendar = loaded.problem.calendar
        assert {week.first.weekday() for week in calendar.weeks} == {4}
        assert (len(calendar.weeks), calendar.last) == (52, date(2027, 6, 24))


def test_weeks_count_from_a_short_first_week(tmp_path: Path) -> None:
    """A year given in weeks counts its short first week."""
    given = "starts: 2026-07-01, weeks: 52, week_starts: monday"
    loaded = load_tiny(tmp_path, (P, "starts: 2026-06-29, weeks: 52, week_starts: monday", given))
    assert loaded.problem.calendar.last == date(2027, 6, 27)
    assert loaded.problem.calendar.weeks[0].days == 5


def test_grid_of_nobody_splits_nothing_and_is_told(tmp_path: Path) -> None:
    """A grid that nobody follows is left out with a warning."""
    loaded = load_tiny(
        tmp_path, (P, f"  {GRID}", f"  old: {{who: {{pgy: 9}}, blocks: months}}\n  {GRID}")
    )
    assert len(loaded.problem.calendar.parts) == 52
    assert set(loaded.problem.grids) == {"two_week"}
    assert loaded.warnings == ("program.yaml:18:3: nobody follows the grid 'old'",)


def test_presence_inside_a_week_splits_it(tmp_path: Path) -> None:
    """A visitor's month begins and ends inside weeks: parts show who is there."""
    loaded = load_tiny(
        tmp_path, ("visitors.csv", "2026-07-27..2026-08-23", "2026-08-01..2026-08-31")
    )
    calendar = loaded.problem.calendar
    assert len(calendar.parts) == 54
    present = sorted(loaded.problem.residents[3].present)
    assert calendar.parts[present[0]].first == date(2026, 8, 1)
    assert calendar.parts[present[-1]].last == date(2026, 8, 31)
    assert sum(calendar.part_days[p] for p in present) == 31


def test_presence_in_several_windows(tmp_path: Path) -> None:
    """Windows are separated by semicolons; what lies outside the year is cut off."""
    windows = "2026-01-01..2026-07-12; 2027-06-14..2027-12-31"
    loaded = load_tiny(tmp_path, ("visitors.csv", "2026-07-27..2026-08-23", windows))
    assert sorted(loaded.problem.residents[3].present) == [0, 1, 50, 51]


def test_resident_may_have_windows_too(tmp_path: Path) -> None:
    """A resident of two departments is there part of the year."""
    loaded = load_tiny(
        tmp_path,
        (R, "track,firm\n", "track,firm,present\n"),
        (R, "primary-care,south", "primary-care,south,2026-12-28..2027-06-27"),
    )
    assert sorted(loaded.problem.residents[1].present) == list(range(26, 52))
    assert len(loaded.problem.residents[0].present) == 52
