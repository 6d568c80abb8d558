"""Leave takes whole weeks; locks split the blocks of one resident."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.input.loaded import Loaded
from tests.input.tiny import TABLES, change, faults_of, load_tiny, write_tiny

P = "program.yaml"
LEAVE = "2027-01-04,2027-02-14"
LOCKS = "id,from,to,code\n"
WITH_LOCKS = (P, "  leave: leave.csv", "  leave: leave.csv\n  locks: locks.csv")


@pytest.mark.parametrize(
    ("dates", "weeks"),
    [
        ("2027-01-06,2027-01-20", {27, 28, 29}),
        ("2027-01-07,2027-01-19", {28}),
        ("2027-01-09,2027-01-10", set()),
        ("2026-05-01,2026-07-01", {0}),
        ("2027-06-23,2027-12-31", {51}),
    ],
)
def test_leave_takes_weeks_of_three_weekdays(tmp_path: Path, dates: str, weeks: set[int]) -> None:
    """A week belongs to the leave that covers three of its weekdays; parts are never split."""
    loaded = load_tiny(tmp_path, ("leave.csv", LEAVE, dates))
    assert loaded.problem.residents[1].leave == weeks
    assert len(loaded.problem.calendar.parts) == 52


def test_number_of_weekdays_is_a_setting(tmp_path: Path) -> None:
    """A program may take a week for a single day of leave."""
    loaded = load_tiny(
        tmp_path,
        ("leave.csv", LEAVE, "2027-01-07,2027-01-11"),
        (P, "tables:\n", "settings: {leave_weekdays: 1}\ntables:\n"),
    )
    assert loaded.problem.residents[1].leave == {27, 28}


def test_two_leaves_of_one_week_add_up(tmp_path: Path) -> None:
    """Two days and two days of leave in one week take it together."""
    two = "R2,2027-01-04,2027-01-05,sick,,,\nR2,2027-01-07,2027-01-08,sick,,,"
    loaded = load_tiny(tmp_path, ("leave.csv", TABLES["leave.csv"].split("\n")[1], two))
    assert loaded.problem.residents[1].leave == {27}


def test_leave_deducts_credits_and_is_covered(tmp_path: Path) -> None:
    """Leave uses up vacation, counts as a rotation, and someone covers its weeks."""
    ada, bo = load_tiny(tmp_path).problem.residents[:2]
    assert bo.leave == set(range(27, 33))
    assert (bo.leave_vacation_weeks, bo.credit) == (1, {"CLINIC": 14})
    assert ada.covers == set(range(27, 33))
    assert bo.covers == set()


def load_locked(folder: Path, *lines: str, grid: str = "") -> Loaded:
    """The tiny program with locks and, if given, another grid."""
    (folder / "locks.csv").write_text(LOCKS + "\n".join(lines) + "\n")
    changes = [(P, "blocks: {weeks: 2}", grid)] if grid else []
    return load_tiny(folder, WITH_LOCKS, *changes)


def test_lock_becomes_a_rule(tmp_path: Path) -> None:
    """A lock on whole blocks is a hard rule for one resident and splits nothing."""
    loaded = load_locked(tmp_path, "R1,2026-06-29,2026-07-12,MICU")
    (bound,) = [one for one in loaded.problem.rules if one.rule.rule == "lock"]
    assert (bound.residents, bound.parts, bound.rule.hard) == ((0,), (0, 1), True)
    assert bound.source == "locks.csv:2"
    assert bound.rule.name == "lock R1 2026-06-29..2026-07-12"
    assert set(loaded.problem.grids) == {"two_week"}


def test_lock_inside_a_block_splits_it_for_one_resident(tmp_path: Path) -> None:
    """The other residents keep the grid; the locked one has a grid of their own."""
    problem = load_locked(tmp_path, "R1,2026-07-06,2026-07-12,MICU").problem
    assert problem.residents[0].grids == ("two_week (R1)",)
    assert problem.residents[1].grids == ("two_week",)
    blocks = problem.grids["two_week (R1)"].blocks
    assert [block.parts for block in blocks[:3]] == [(0,), (1,), (2, 3)]
    assert [block.index for block in blocks] == list(range(27))


@pytest.mark.parametrize("code", ["VAC", "!MICU", "VAC, WARD", "!icu, WARD"])
def test_lock_to_vacation_or_off_a_rotation_splits_nothing(tmp_path: Path, code: str) -> None:
    """Vacation is laid over a block, and a forbidden rotation needs no block of its own."""
    problem = load_locked(tmp_path, f'R1,2026-07-06,2026-07-12,"{code}"').problem
    assert problem.residents[0].grids == ("two_week",)


def test_one_of_several_codes(tmp_path: Path) -> None:
    """A lock may leave a choice of codes or tags."""
    loaded = load_locked(tmp_path, 'R1,2026-07-06,2026-07-12,"WARD, icu"')
    assert list(loaded.problem.rules[-1].rule.rotation_names()) == ["WARD", "icu"]


def test_lock_beats_the_pattern_of_a_grid(tmp_path: Path) -> None:
    """A clinic week of an X+Y grid may be locked to something else by hand."""
    cycle = "cycle: [4, {weeks: 1, rotation: CLINIC}]"
    problem = load_locked(tmp_path, "R1,2026-07-27,2026-08-02,MICU", grid=cycle).problem
    own = problem.grids["two_week (R1)"].blocks
    assert [block.assigned for block in own[:4]] == [None, None, None, "CLINIC"]
    kept = load_locked(tmp_path, "R1,2026-07-27,2026-08-02,CLINIC", grid=cycle).problem
    assert kept.residents[0].grids == ("two_week",)


#: (what is wrong, lines of locks.csv, the fault).
BROKEN = [
    (
        "inside a week",
        ["R1,2026-07-06,2026-07-10,MICU"],
        "2: 2026-07-06..2026-07-10 begins or ends inside a week; write 2026-07-06..2026-07-12",
    ),
    (
        "unknown code",
        ["R1,2026-07-06,2026-07-12,MIKU"],
        "2: code 'MIKU' is not a rotation or tag of this program; did you mean 'MICU'?",
    ),
    ("no code", ["R1,2026-07-06,2026-07-12,"], "2: code is blank; fill it in"),
    (
        "two codes for one week",
        ["R1,2026-07-06,2026-07-19,MICU", "R1,2026-07-13,2026-07-19,WARD"],
        "3: locks R1 to 'WARD' in dates that line 2 locks to 'MICU'; remove one of them",
    ),
    (
        "absent",
        ["V1,2026-07-20,2026-08-02,MICU"],
        "2: V1 is not present in all of 2026-07-20..2026-08-02; shorten the lock",
    ),
    (
        "another year",
        ["R1,2027-06-21,2027-07-04,MICU"],
        "2: 2027-07-04 is outside the academic year 2026-06-29..2027-06-27; correct the date",
    ),
]


@pytest.mark.parametrize(
    ("lines", "expected"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN]
)
def test_broken_locks(tmp_path: Path, lines: list[str], expected: str) -> None:
    """A lock that cannot hold is one fault."""
    change(write_tiny(tmp_path), *WITH_LOCKS)
    (tmp_path / "locks.csv").write_text(LOCKS + "\n".join(lines) + "\n")
    assert faults_of(tmp_path) == [f"locks.csv:{expected}"]
