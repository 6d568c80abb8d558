"""Burdens, peers and what is carried over: read, laid over a policy's, and their faults."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.input.carry_over import sevenths_of
from scheduler.problem.burden import Burden, Duty
from tests.input.tiny import change, faults_of, load_tiny, write_tiny

P, HOUSE = "program.yaml", "house.yaml"
TABLE = ("leave: leave.csv\n", "leave: leave.csv\n  carry_over: carry_over.csv\n")
RULES = "rules:\n  - rule: coverage\n    name: ward\n"
POLICY = """\
fairness:
  peers: [pgy, track]
  burdens:
    icu: {name: Intensive care, rotations: icu}
    nights: {name: Nights, number: nights}
    holidays: {duty: worked}
rules:
"""


def _with_policy(*changes: tuple[str, str, str]) -> tuple[tuple[str, str, str], ...]:
    return ((HOUSE, "rules:\n", POLICY), *changes)


def test_burdens_of_a_policy(tmp_path: Path) -> None:
    """Weeks on a tag's rotations, and holidays; what no rotation bears is left out."""
    problem = load_tiny(tmp_path, *_with_policy()).problem
    assert problem.peers == ("pgy", "track")
    assert dict(problem.burdens) == {
        "icu": Burden("icu", "Intensive care", "week", {"MICU": 1}),
        "holidays": Burden("holidays", "holidays", "holiday", duty=Duty.WORKED),
    }


def test_numbers_are_the_rotations_own(tmp_path: Path) -> None:
    """Nights are counted by what each rotation says of itself."""
    problem = load_tiny(tmp_path, *_with_policy((P, "hours: 70", "hours: 70, nights: 2"))).problem
    assert problem.burdens["nights"] == Burden("nights", "Nights", "night", {"WARD": 2})


def test_a_program_lays_its_own_over(tmp_path: Path) -> None:
    """Nearer options win, ``off`` removes, and peers are the nearest's."""
    own = """\
fairness:
  peers: firm
  burdens:
    icu: {name: ICU, weight: 0}
    holidays: {off: true}
    wards: {rotations: [WARD]}
"""
    problem = load_tiny(tmp_path, *_with_policy((P, RULES, own + RULES))).problem
    assert problem.peers == ("firm",)
    assert dict(problem.burdens) == {
        "icu": Burden("icu", "ICU", "week", {"MICU": 1}, weight=0),
        "wards": Burden("wards", "wards", "week", {"WARD": 1}),
    }


def test_carry_over_adds_up(tmp_path: Path) -> None:
    """Lines of one resident and burden add up, in sevenths of the unit."""
    table = "id,burden,amount,comment\nR1,icu,2,last year\nR1,icu,-0.5,\nR2,holidays,+1,\n"
    write_tiny(tmp_path)
    (tmp_path / "carry_over.csv").write_text(table)
    problem = load_tiny(tmp_path, *_with_policy((P, *TABLE))).problem
    assert [dict(one.carried) for one in problem.residents[:3]] == [
        {"icu": 10},
        {"holidays": 7},
        {},
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [("3", 21), ("-2", -14), ("+1", 7), ("4.33", 30), ("0.1", 1), ("", None), ("1e2", None)],
)
def test_sevenths(text: str, found: int | None) -> None:
    """Amounts are kept in sevenths, to the nearest."""
    assert sevenths_of(text) == found


def test_balance_is_bound_once_whatever_the_values(tmp_path: Path) -> None:
    """Peers are counted together, so that a rule never falls apart by residents' values."""
    rule = "  - {rule: balance, burden: icu, peers: [pgy], weight: 1}\n"
    loaded = load_tiny(tmp_path, *_with_policy((P, RULES, f"{RULES[:7]}{rule}{RULES[7:]}")))
    (bound,) = (one for one in loaded.problem.rules if one.rule.rule == "balance")
    assert (bound.rule.name, len(bound.residents)) == ("balance icu", 3)


FAULTY = [
    (
        "unknown burden in a rule",
        "rules:\n  - {rule: balance, burden: ico}\n",
        ":29: rules[1] balance: burden: 'ico' is not a burden that rules can even out; "
        "did you mean 'icu'?",
    ),
    (
        "unknown grouping in a rule",
        "rules:\n  - {rule: balance, burden: icu, peers: [pgy, frim]}\n",
        "rules[1] balance: peers[2]: 'frim' is not a grouping of this program; "
        "did you mean 'firm'?",
    ),
    (
        "unknown grouping among the peers",
        "fairness: {peers: [year]}\nrules:\n",
        "fairness.peers: 'year' is not a grouping of this program",
    ),
    (
        "a burden of a rotation that does not exist",
        "fairness: {burdens: {wards: {rotations: [WRAD]}}}\nrules:\n",
        "fairness.burdens.wards.rotations: 'WRAD' is not a rotation or tag of this program; "
        "did you mean 'WARD'?",
    ),
    (
        "a burden of two measures",
        "fairness: {burdens: {icu: {number: nights}}}\nrules:\n",
        "fairness.burdens.icu: say one of 'rotations', 'number', 'duty' or 'wishes'",
    ),
    (
        "an unknown number",
        "fairness: {burdens: {x: {number: naps}}}\nrules:\n",
        "fairness.burdens.x.number: 'naps' is not known here",
    ),
]


@pytest.mark.parametrize(("text", "said"), [one[1:] for one in FAULTY], ids=[x[0] for x in FAULTY])
def test_faults_of_the_program(tmp_path: Path, text: str, said: str) -> None:
    """Each is one fault in the program's file, with what to do."""
    write_tiny(tmp_path)
    for file, old, new in _with_policy((P, "rules:\n", text)):
        change(tmp_path, file, old, new)
    (fault,) = faults_of(tmp_path)
    assert fault.startswith("program.yaml:")
    assert said in fault


def test_faults_of_the_table(tmp_path: Path) -> None:
    """All faults at once, each with its line."""
    write_tiny(tmp_path)
    table = "id,burden,amount\nR9,icu,1\nR1,ico,1\nR1,icu,many\nR2,icu,\n"
    (tmp_path / "carry_over.csv").write_text(table)
    for file, old, new in _with_policy((P, *TABLE)):
        change(tmp_path, file, old, new)
    assert faults_of(tmp_path) == [
        "carry_over.csv:2: id 'R9' is not a resident or visitor of this program; "
        "correct it, or remove it if they have left",
        "carry_over.csv:3: burden 'ico' is not a burden of this program; did you mean 'icu'?",
        "carry_over.csv:4: amount 'many' is not a number; write it as 3, 1.5 or -2",
        "carry_over.csv:5: amount is blank; fill it in",
    ]
