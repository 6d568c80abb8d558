"""A rule that counts people together has one number for them: several are refused, not split."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.input.tiny import change, faults_of, load_tiny, write_tiny

P = "program.yaml"
VALUES = "  ward_least: 0\n"


def _with_value(folder: Path, rule: str) -> list[str]:
    """The faults of the tiny program with a value ``away`` that PGY2 has otherwise."""
    write_tiny(folder)
    change(folder, P, VALUES, f"{VALUES}  away: 10\n")
    change(folder, P, "groupings:", "pgy: {2: {values: {away: 20}}}\ngroupings:")
    change(folder, P, "rules:\n", f"rules:\n  - {rule}\n")
    return faults_of(folder)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("{rule: vacation, at_once: $away}", "vacation"),
        ("{rule: vacation, at_once_percent: $away}", "vacation"),
        ("{rule: vacation, at_once: 3, pieces: [$away]}", "vacation"),
        ("{rule: holiday, service: WARD, minimum: $away}", "holiday"),
    ],
)
def test_several_numbers_for_a_count_of_people(tmp_path: Path, rule: str, said: str) -> None:
    """At once, and on a holiday's service, everyone is counted together."""
    assert _with_value(tmp_path, rule) == [
        f"program.yaml:30:5: rules[1] {said}: counts people together, but '$away' is "
        "10 for R1, program.yaml:7 (program); 20 for R2, program.yaml:13 (PGY2); "
        "write a rule for each group, or give one value"
    ]


@pytest.mark.parametrize(
    "rule",
    [
        "{rule: vacation, pieces: [$away]}",
        "{rule: vacation, at_once: $away, who: {pgy: 2}}",
        "{rule: holiday, off: $away}",
    ],
)
def test_several_numbers_for_single_people(tmp_path: Path, rule: str) -> None:
    """Where people are judged one by one, or all have the same value, nothing is refused."""
    assert _with_value(tmp_path, rule) == []


def test_blackout_at_a_holiday_that_is_not_there(tmp_path: Path) -> None:
    """A holiday is named as everywhere; one that does not exist is a fault."""
    write_tiny(tmp_path)
    rule = "{rule: vacation, blackout: {holiday: thanksgivin}}"
    change(tmp_path, P, "rules:\n", f"rules:\n  - {rule}\n")
    assert faults_of(tmp_path) == [
        "program.yaml:28:42: rules[1] vacation: blackout.holiday: 'thanksgivin' is not a holiday "
        "of this program; did you mean 'thanksgiving'?"
    ]


def test_blackout_if_the_holiday_is_used(tmp_path: Path) -> None:
    """A policy's rule keeps the holidays that the program has, and is left out without any."""
    both = "{rule: vacation, blackout: {holiday: [thanksgiving, easter]}, if_used: true}"
    none = "{rule: vacation, name: x, blackout: {holiday: easter}, if_used: true}"
    loaded = load_tiny(tmp_path, ("house.yaml", "rules:\n", f"rules:\n  - {both}\n  - {none}\n"))
    kept = [one.rule.model_dump().get("blackout") for one in loaded.problem.rules]
    assert [one["holiday"] for one in kept if one] == [["thanksgiving"]]


def test_blackout_is_a_holiday_or_dates(tmp_path: Path) -> None:
    """Both at once would be unclear."""
    write_tiny(tmp_path)
    rule = "{rule: vacation, blackout: {holiday: thanksgiving, weeks: 3}}"
    change(tmp_path, P, "rules:\n", f"rules:\n  - {rule}\n")
    assert faults_of(tmp_path) == [
        "program.yaml:28:32: rules[1] vacation: blackout: say either 'holiday' or 'weeks', "
        "'from' and 'to'"
    ]
