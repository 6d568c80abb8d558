"""Sentences and wishes are read by people: names, titles and dates in plain words."""

from __future__ import annotations

import re

import pytest

from scheduler.audit.named import sentence_with_names
from scheduler.audit.wishes import all_received, wish_words
from scheduler.input.load import load_program
from scheduler.problem.problem import Problem
from scheduler.problem.wish import WishKind
from scheduler.schedule.schedule import Schedule
from tests.rules.variants import build_rule
from tests.workbook.plausible import plausible
from tests.workbook.test_hand_edits import EXAMPLES


@pytest.fixture(scope="module")
def tiny() -> Problem:
    """The tiny example."""
    return load_program(EXAMPLES / "tiny").problem


@pytest.fixture(scope="module")
def schedule(tiny: Problem) -> Schedule:
    """Some schedule of it."""
    return plausible(tiny)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (
            {"rule": "holiday", "worked_last_year": True, "holidays": ["christmas"], "weight": 3},
            "Residents who worked Christmas last year are off in it this year",
        ),
        (
            {
                "rule": "holiday",
                "worked_last_year": True,
                "holidays": ["christmas", "new_years"],
                "weight": 3,
            },
            "Residents who worked one of Christmas, New Year's last year are off in it this year",
        ),
        (
            {"rule": "apart", "residents": ["T01", "T03"], "rotations": "night"},
            "No two of T01 (Aldermere, Tova) and T03 (Okelorefe, Hana) are on night ",
        ),
        (
            {"rule": "eligibility", "who": {"resident": "T02"}, "never": "ICU"},
            "Residents with id T02 (Belombrino, Elio) never take ICU",
        ),
        (
            {"rule": "firm", "grouping": "firm", "rotations": "ward", "maximum": 0},
            "Residents work no weeks of ward outside their own firm",
        ),
        (
            {"rule": "balance", "burden": "night_weeks", "share": 6, "weight": 1},
            "Of night weeks, residents bear at most 6, their fair share",
        ),
    ],
)
def test_sentences_name_people_and_holidays(
    tiny: Problem, options: dict[str, object], words: str
) -> None:
    """Who reads Checks need not know ids, names of holidays in YAML, or underscores."""
    said = sentence_with_names(tiny, build_rule(options))
    assert said.startswith(words)
    assert not re.search(r"_|, *$", said)


def test_wishes_are_plain_words(tiny: Problem, schedule: Schedule) -> None:
    """No dots between dates, no kind of wish before a code, no name of a holiday in YAML."""
    said: dict[WishKind, set[str]] = {}
    for one in all_received(tiny, schedule):
        for wish in one.choice.alternatives:
            said.setdefault(wish.kind, set()).add(wish_words(tiny, wish))
    assert "off at Christmas" in said[WishKind.HOLIDAY]
    assert {"CARD 2026-09-07 to 2026-12-27", "ELEC at any time"} <= said[WishKind.ROTATION]
    assert "vacation 2026-08-10 to 2026-08-23" in said[WishKind.VACATION]
    assert not [text for texts in said.values() for text in texts if ".." in text or "_" in text]
