"""A program laid over its policies: the nearest wins, and everything says where it came from."""

from __future__ import annotations

from pathlib import Path

from scheduler.input.installed import configs_folder, policy_names
from scheduler.input.load import load_program
from scheduler.input.loaded import Loaded
from tests.input.tiny import change, faults_of, load_tiny, write_tiny

P = "program.yaml"
H = "house.yaml"

#: A rule whose value differs between residents (a stay of so many weeks).
STAY = "  - {rule: window, name: icu-running, rotations: icu, maximum: $icu_running}\n"


def said(loaded: Loaded, name: str, who: str) -> tuple[object, str]:
    """A value and where it came from."""
    setting = loaded.value(name, who)
    assert setting is not None
    return setting.value, setting.where


def layered(folder: Path) -> Loaded:
    """A value set on every level."""
    return load_tiny(
        folder,
        (H, "  icu_most: 3\n", "  icu_most: 3\n  icu_running: 2\n"),
        (H, "preliminary: {name: Preliminary}", "primary-care: {values: {icu_running: 3}}"),
        (H, "rules:\n", f"rules:\n{STAY}"),
        (
            P,
            "  primary-care: {name: Primary care}",
            "  primary-care: {name: Primary care, values: {icu_running: 4}}",
        ),
        (
            P,
            "psychiatry: {name: Psychiatry}",
            "psychiatry: {name: Psychiatry, values: {icu_running: 5}}",
        ),
        (P, "groupings:", "pgy: {3: {values: {icu_running: 6}}}\ngroupings:"),
    )


def test_nearest_value_wins(tmp_path: Path) -> None:
    """Base policy, then track or department, then PGY; each with file, line and level."""
    loaded = layered(tmp_path)
    assert said(loaded, "icu_running", "R1") == (2, "house.yaml:5 (policy house)")
    assert said(loaded, "icu_running", "R2") == (4, "program.yaml:9 (track primary-care)")
    assert said(loaded, "icu_running", "R3") == (6, "program.yaml:12 (PGY3)")
    assert said(loaded, "icu_running", "V1") == (5, "program.yaml:11 (department psychiatry)")


def test_person_wins_over_all(tmp_path: Path) -> None:
    """What is said for a person holds, and the chain tells what it overrides."""
    layered(tmp_path)
    change(tmp_path, P, "groupings:", "people: {R3: {values: {icu_running: 1}}}\ngroupings:")
    loaded = load_program(tmp_path)
    chain = [(one.value, one.level) for one in loaded.value_chain("icu_running", "R3")]
    assert chain == [(1, "R3"), (6, "PGY3"), (2, "policy house")]


def test_residents_of_equal_values_share_a_rule(tmp_path: Path) -> None:
    """One rule becomes a bound rule for each value, its residents in order."""
    loaded = layered(tmp_path)
    bound = [one for one in loaded.problem.rules if one.rule.name == "icu-running"]
    assert [(one.rule.model_dump()["maximum"], one.residents) for one in bound] == [
        (2, (0,)),
        (4, (1,)),
        (6, (2,)),
    ]
    assert {one.source for one in bound} == {"house.yaml:12"}


def test_value_of_a_nearer_level_does_not_reach_a_count_of_people(tmp_path: Path) -> None:
    """Coverage counts people together: a track's value cannot hold for it, and that is said."""
    loaded = load_tiny(
        tmp_path,
        (P, "{name: Primary care}", "{name: Primary care, values: {icu_most: 9}}"),
    )
    room = next(one.rule for one in loaded.problem.rules if one.rule.name == "icu-room")
    assert room.model_dump()["maximum"] == 3
    assert loaded.warnings == (
        "program.yaml:9:47: the value 'icu_most' of track primary-care does not reach the rule "
        "at house.yaml:11, which counts people together",
    )


def test_program_changes_an_option_of_a_policy_rule(tmp_path: Path) -> None:
    """Keys are merged by the rule's name; each option knows who set it last."""
    loaded = load_tiny(
        tmp_path, (P, "rules:\n", "rules:\n  - {name: icu-room, weight: 5, maximum: 4}\n")
    )
    rule = next(one.rule for one in loaded.problem.rules if one.rule.name == "icu-room")
    assert (rule.weight, rule.model_dump()["maximum"], rule.hard) == (5, 4, False)
    assert str(loaded.option("icu-room", "maximum")) == "program.yaml:28:33"
    assert str(loaded.option("icu-room", "rotations")) == "house.yaml:13:5"
    assert loaded.option("icu-room", "count") is None


def test_program_takes_an_option_away(tmp_path: Path) -> None:
    """An option set to nothing returns to its default."""
    override = "  - {name: icu-room, maximum: , exactly: 1}\n"
    loaded = load_tiny(tmp_path, (P, "rules:\n", f"rules:\n{override}"))
    rule = next(one.rule for one in loaded.problem.rules if one.rule.name == "icu-room")
    assert (rule.model_dump()["maximum"], rule.model_dump()["exactly"]) == (None, 1)


def test_program_switches_a_policy_rule_off(tmp_path: Path) -> None:
    """A rule with off: true is not there."""
    loaded = load_tiny(tmp_path, (P, "rules:\n", "rules:\n  - {name: icu-room, off: true}\n"))
    assert "icu-room" not in [one.rule.name for one in loaded.problem.rules]


def test_rule_about_what_the_program_has_not(tmp_path: Path) -> None:
    """A policy rule is left out where it says if_used, and is a fault where it does not."""
    assert "night-room" not in [one.rule.name for one in load_tiny(tmp_path).problem.rules]
    change(tmp_path, H, ", if_used: true", "")
    assert faults_of(tmp_path) == [
        "house.yaml:15:51: rules[2] coverage: rotations: 'night' is not a rotation or tag of this "
        "program; known: 'CLINIC', 'MICU', 'WARD', 'icu', 'inpatient', 'outpatient'"
    ]


def test_rule_with_if_used_keeps_the_names_that_are_used(tmp_path: Path) -> None:
    """Of several tags only those that occur stay."""
    loaded = load_tiny(tmp_path, (H, "rotations: night", "rotations: [night, icu]"))
    rule = next(one.rule for one in loaded.problem.rules if one.rule.name == "night-room")
    assert list(rule.rotation_names()) == ["icu"]


def test_later_policy_wins(tmp_path: Path) -> None:
    """Policies are laid over each other in the order in which they are named."""
    write_tiny(tmp_path)
    (tmp_path / "strict.yaml").write_text("format: 1\npolicy: strict\nvalues: {icu_most: 1}\n")
    change(tmp_path, P, "policy: [house]", "policy: [house, strict]")
    loaded = load_program(tmp_path)
    assert said(loaded, "icu_most", "R1") == (1, "strict.yaml:3 (policy strict)")


def test_fault_in_a_merged_rule_is_where_it_was_written(tmp_path: Path) -> None:
    """A faulty override is located in the program, a faulty policy in the policy."""
    write_tiny(tmp_path)
    change(tmp_path, P, "rules:\n", "rules:\n  - {name: icu-room, weight: none}\n")
    change(tmp_path, H, "maximum: $icu_most", "maximum: $icu_most\n    minimun: 1")
    assert faults_of(tmp_path) == [
        "program.yaml:28:30: rules[1] coverage: weight: 'none' is not a whole number",
        "house.yaml:15:5: rules[1] coverage: unknown option 'minimun'; did you mean 'minimum'?",
    ]


def test_value_may_be_a_list_of_names(tmp_path: Path) -> None:
    """A list put into a list is spread out; its unknown names are faults of the rule."""
    loaded = load_tiny(
        tmp_path,
        (P, "ward_least: 0", "ward_least: 0\n  hard_places: [icu, WARD]"),
        (P, "rotations: icu", "rotations: [CLINIC, $hard_places]"),
    )
    assert list(loaded.problem.rules[-1].rule.rotation_names()) == ["CLINIC", "icu", "WARD"]


def test_value_that_some_resident_lacks(tmp_path: Path) -> None:
    """A value given for a track only has to reach everyone the rule is about."""
    write_tiny(tmp_path)
    change(tmp_path, H, "rules:\n", f"rules:\n{STAY}")
    change(tmp_path, P, "{name: Categorical}", "{name: Categorical, values: {icu_running: 2}}")
    assert faults_of(tmp_path) == [
        "house.yaml:11:5: rules[1] window: '$icu_running' has no value for R2 (PGY2 primary-care); "
        "give it in the program's 'values'"
    ]


def test_installed_policies_are_found(tmp_path: Path) -> None:
    """A policy that is not beside the program is looked up among the installed ones."""
    assert configs_folder().is_dir()
    assert "internal-medicine" in policy_names()
