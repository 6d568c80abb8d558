"""What is suggested for a name that nobody knows: a slip of the pen, never another person."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.input.faults import did_you_mean, which_id
from tests.input.tiny import change, faults_of, write_tiny

IDS = [f"T{number:02d}" for number in range(1, 12) if number != 4]
GONE = "correct it, or remove it if they have left"


@pytest.mark.parametrize(
    ("unknown", "ids", "said"),
    [
        ("T04", IDS, GONE),
        ("T04", ["T01"], GONE),
        ("R22", ["R2", "R3"], GONE),
        ("V01", ["R01", "R02"], GONE),
        ("smith02", ["smith01", "jones02"], GONE),
        ("ABC", ["ABD", "XYZ"], GONE),
        ("T4", [*IDS, "T04"], "did you mean 'T04'?"),
        ("t-04", [*IDS, "T04"], "did you mean 'T04'?"),
        ("7", ["006", "007"], "did you mean '007'?"),
        ("smiht01", ["smith01", "smith02"], "did you mean 'smith01'?"),
        ("dravelca", ["dravelka", "aldermere"], "did you mean 'dravelka'?"),
        ("anna", ["annab", "annac"], GONE),
        ("T04", [], GONE),
    ],
)
def test_another_number_is_another_person(unknown: str, ids: list[str], said: str) -> None:
    """Ids of a scheme differ by a character from each other; only the same number is the same."""
    assert which_id(unknown, ids) == said


@pytest.mark.parametrize(
    ("word", "known", "said"),
    [
        ("maximim", ["minimum", "maximum"], "did you mean 'maximum'?"),
        ("MCIU", ["MICU", "WARD"], "did you mean 'MICU'?"),
        ("frm", ["firm", "from"], "did you mean 'firm' or 'from'?"),
        ("NF9", ["NF1", "NF2", "NF3"], "known: 'NF1', 'NF2', 'NF3'"),
        ("NF9", [f"NF{n}" for n in (1, 2, 3, 4, 5, 6, 7, 8, 10)], ""),
    ],
)
def test_of_several_equally_near_two_at_most_are_suggested(
    word: str, known: list[str], said: str
) -> None:
    """The first of many by the alphabet is no better than the others."""
    assert did_you_mean(word, known) == said


def test_wishes_of_who_has_left_are_nobody_elses(tmp_path: Path) -> None:
    """A removed resident's lines are told, without anybody's name to give them to."""
    change(write_tiny(tmp_path), "residents.csv", 'R3,"Cruz, Cy",3,categorical,north\n', "")
    gone = "id 'R3' is not a resident or visitor of this program"
    assert faults_of(tmp_path) == [f"requests.csv:5: {gone}; {GONE}"]
