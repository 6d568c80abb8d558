"""Rules whose limits fit no block of somebody's grid are told when the program is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.input.tiny import load_tiny

P = "program.yaml"
GRID = "two_week: {blocks: {weeks: 2}}"
RULE = "maximum: 2\n  - {{rule: {}}}"


def _notes(folder: Path, rule: str, grid: str = "blocks: {weeks: 2}") -> list[str]:
    changes = ((P, GRID, f"two_week: {{{grid}}}"), (P, "maximum: 2", RULE.format(rule)))
    return [one for one in load_tiny(folder, *changes).warnings if "no stay" in one]


@pytest.mark.parametrize(
    ("rule", "grid", "at", "said"),
    [
        (
            "stay, rotations: icu, maximum: 1",
            "blocks: {weeks: 2}",
            "36:43: rules[3] stay: ",
            "2 weeks: MICU is closed to 3 people in all blocks of grid 'two_week'",
        ),
        (
            "stay, rotations: inpatient, maximum: 6",
            "cycle: [8, {weeks: 2, rotation: CLINIC}]",
            "36:49: rules[3] stay: ",
            "8 weeks: MICU and WARD are closed to 3 people in 5 of the 6 blocks of grid 'two_week'",
        ),
        (
            "stay, rotations: icu, lengths: [1, 3]",
            "blocks: {weeks: 2}",
            "36:43: rules[3] stay: ",
            "2 weeks: MICU is closed to 3 people in all blocks of grid 'two_week'",
        ),
        (
            "stay, rotations: icu, who: {pgy: 1}, minimum: 3, maximum: 3",
            "blocks: {weeks: 2}",
            "36:70: rules[3] stay: ",
            "2 weeks: MICU is closed to 1 person in all blocks of grid 'two_week'",
        ),
        (
            "window, rotations: [icu, CLINIC], maximum: 3, in_any: 6",
            "blocks: {weeks: 4}",
            "36:55: rules[3] window: ",
            "4 weeks: MICU is closed to 3 people in all blocks of grid 'two_week'",
        ),
    ],
)
def test_limits_that_fit_no_block_are_told(
    tmp_path: Path, rule: str, grid: str, at: str, said: str
) -> None:
    """With file and line, whom and where it closes what, and what to do."""
    wanted = f"program.yaml:{at}no stay that it allows is made of blocks of {said}; "
    todo = "allow a length that such blocks give, or leave these people out by 'who'"
    assert _notes(tmp_path, rule, grid) == [wanted + todo]


@pytest.mark.parametrize(
    ("rule", "grid"),
    [
        ("stay, rotations: icu, maximum: 2", "blocks: {weeks: 2}"),
        ("stay, rotations: icu, minimum: 4", "blocks: {weeks: 2}"),
        ("stay, rotations: icu, lengths: [2, 4]", "blocks: {weeks: 2}"),
        ("stay, rotations: icu, maximum: 1, weight: 3", "blocks: {weeks: 2}"),
        ("stay, rotations: icu, maximum: 2", "cycle: [2, {weeks: 4, rotation: CLINIC}]"),
        ("window, rotations: icu, maximum: 0", "blocks: {weeks: 2}"),
        ("window, rotations: icu, maximum: 2, in_any: 6", "blocks: {weeks: 2}"),
        ("window, rotations: icu, maximum: 1, in_any: 53", "blocks: {weeks: 2}"),
        ("stay, rotations: CLINIC, lengths: [1, 3]", "blocks: {weeks: 2}"),
    ],
)
def test_nothing_is_told_where_some_block_fits_or_the_rule_is_soft(
    tmp_path: Path, rule: str, grid: str
) -> None:
    """Blocks that add up to an allowed length fit, vacation beside them counted in; the grid's own
    blocks do not matter, and no window longer than the year is looked at."""
    assert not _notes(tmp_path, rule, grid)


def test_nothing_is_told_of_people_who_may_not_go_there_anyhow(tmp_path: Path) -> None:
    """Whom other rules keep from the rotation, this one closes nothing to."""
    rule = "stay, rotations: icu, maximum: 1}\n  - {rule: eligibility, never: icu"
    assert not _notes(tmp_path, rule)
