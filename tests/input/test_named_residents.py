"""Rules about residents they name: who is selected, and ids that nobody has."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.input.tiny import change, faults_of, load_tiny, write_tiny

P, RULES = "program.yaml", "rules:\n"

FAULTY = [
    (
        "an id that nobody has",
        "{rule: apart, residents: [R1, R22], rotations: icu}",
        "rules[1] apart: residents[2]: 'R22' is not a resident or visitor of this program; "
        "correct it, or remove it if they have left",
    ),
    (
        "one resident alone",
        "{rule: together, residents: R1, vacation: 1}",
        "rules[1] together: residents: ",
    ),
    (
        "one resident twice",
        "{rule: together, residents: [R1, R1], vacation: 1}",
        "rules[1] together: 'residents' names somebody twice",
    ),
    (
        "residents and who",
        "{rule: apart, residents: [R1, R2], who: {pgy: 1}, vacation: true}",
        "rules[1] apart: say 'residents' instead of 'who'",
    ),
    (
        "nothing to be apart in",
        "{rule: apart, residents: [R1, R2]}",
        "rules[1] apart: say either 'rotations' (or 'same_service') or 'vacation'",
    ),
    (
        "a number that is none",
        "{rule: together, residents: [R1, R2], vacation: most}",
        "rules[1] together: vacation: say a number, or 'all'",
    ),
    (
        "a holiday that there is none of",
        "{rule: together, residents: [R1, R2], off: 1, holidays: thanksgivin}",
        "'thanksgivin' is not a holiday of this program; did you mean 'thanksgiving'?",
    ),
]


@pytest.mark.parametrize(("rule", "said"), [one[1:] for one in FAULTY], ids=[x[0] for x in FAULTY])
def test_faults(tmp_path: Path, rule: str, said: str) -> None:
    """Each is one fault, located in the program's file."""
    write_tiny(tmp_path)
    change(tmp_path, P, RULES, f"{RULES}  - {rule}\n")
    (fault,) = faults_of(tmp_path)
    assert fault.startswith("program.yaml:28")
    assert said in fault


def test_residents_are_selected_by_id(tmp_path: Path) -> None:
    """The rule binds those it names, visitors too, and is called after them."""
    rule = "  - {rule: apart, residents: [R3, V1], rotations: icu}\n"
    loaded = load_tiny(tmp_path, (P, RULES, RULES + rule))
    (bound,) = (one for one in loaded.problem.rules if one.rule.rule == "apart")
    assert [loaded.problem.residents[i].id for i in bound.residents] == ["R3", "V1"]
    assert bound.rule.name == "apart icu + R3 + V1"
