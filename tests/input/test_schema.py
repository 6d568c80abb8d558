"""The schema for editors takes what the reader takes, and marks slips of the pen where they are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, ValidationError

from scheduler.input.faults import Faults
from scheduler.input.schema import policy_schema, program_schema
from scheduler.input.text_file import Source
from scheduler.input.yaml_file import read_yaml
from scheduler.rules.registry import rule_class, rule_kinds
from tests.rules.variants import all_examples, examples_of

ROOT = Path(__file__).resolve().parents[2]
OF_PROGRAM, OF_POLICY = program_schema(), policy_schema()
PROGRAM, POLICY = Draft7Validator(OF_PROGRAM), Draft7Validator(OF_POLICY)
PROGRAMS = sorted(ROOT.glob("examples/*/program.yaml"))
POLICIES = sorted([*ROOT.glob("configs/*.yaml"), ROOT / "tests" / "benchmarks" / "policy.yaml"])


def _data(file: Path) -> Any:
    read = read_yaml(Source(file.name, file, file.read_bytes()), Faults())
    assert read is not None
    return read.data


def _faults(schema: Draft7Validator, data: Any) -> list[tuple[list[str | int], str]]:
    return [(list(e.absolute_path), e.message) for e in schema.iter_errors(data)]


def _tiny() -> Any:
    return deepcopy(_data(ROOT / "examples" / "tiny" / "program.yaml"))


def _one_rule(rule: Any) -> Any:
    return {**_tiny(), "rules": [rule]}


def test_schemas_are_schemas() -> None:
    """Both are sound in the dialect they name, and every reference leads somewhere."""
    for schema in (OF_PROGRAM, OF_POLICY):
        Draft7Validator.check_schema(schema)
        assert set(_references(schema)) <= {f"#/definitions/{n}" for n in schema["definitions"]}


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for one in value.values():
            yield from _references(one)
    elif isinstance(value, list):
        for one in value:
            yield from _references(one)


@pytest.mark.parametrize("file", PROGRAMS, ids=lambda file: file.parent.name)
def test_every_example_fits_the_schema(file: Path) -> None:
    """No program of the project is marked in an editor."""
    assert _faults(PROGRAM, _data(file)) == []


@pytest.mark.parametrize("file", POLICIES, ids=lambda file: file.stem)
def test_every_policy_fits_the_schema(file: Path) -> None:
    """No policy of the project is marked in an editor."""
    assert _faults(POLICY, _data(file)) == []


@pytest.mark.parametrize(("kind", "number"), all_examples())
def test_every_example_of_a_rule_fits_the_schema(kind: str, number: int) -> None:
    """What the manual shows is not marked, and with a misspelt option it is."""
    example = examples_of(kind)[number]
    for rule in (example.rule, *example.others):
        written = json.loads(json.dumps(rule, default=str))
        assert _faults(PROGRAM, _one_rule(written)) == []
        wrong = {**written, "mispelt": 1}
        (fault,) = _faults(PROGRAM, _one_rule(wrong))
        assert fault[0] == ["rules", 0] and "'mispelt' was unexpected" in fault[1]


@pytest.mark.parametrize("kind", rule_kinds())
def test_every_option_is_in_the_schema_with_its_words(kind: str) -> None:
    """An editor shows the sentence of the manual at every option."""
    rules = OF_PROGRAM["definitions"]["rule"]["allOf"]
    then = next(r["then"] for r in rules if r["if"]["properties"]["rule"]["const"] == kind)
    for name, field in rule_class(kind).model_fields.items():
        said = then["properties"][field.alias or name]["description"]
        assert name == "rule" or said == field.description


@pytest.mark.parametrize("schema", [OF_PROGRAM, OF_POLICY], ids=["program", "policy"])
def test_every_key_has_a_description(schema: dict[str, Any]) -> None:
    """No key of a document or of a group inside it is left without words."""
    groups = {"": schema, **schema["definitions"]}
    silent = [
        f"{group}.{key}"
        for group, one in groups.items()
        for key, option in one.get("properties", {}).items()
        if not option.get("description")
    ]
    assert silent == []


@pytest.mark.parametrize(
    "rule",
    [
        {"name": "heavy-running", "weight": 5},
        {"name": "heavy-running", "weight": None},
        {"name": "last-years-christmas", "off": True},
        {"rule": "holiday", "off": 1, "if_used": True},
        {"rule": "gap", "rotations": "$places", "maximum": "$clinic_gap"},
        {"rule": "gap", "rotations": ["clinic", "$places"], "maximum": 3, "weight": "$dear"},
        {"rule": "vacation", "blackout": {"weeks": "$july_weeks"}},
        {"rule": "vacation", "blackout": {"weeks": "1-4, 10", "from": None}},
        {"rule": "lock", "be": "WARD", "who": {"cohort": 3}, "when": {"weeks": 2}},
        {
            "rule": "coverage",
            "rotations": "WARD",
            "per": {"who": {"pgy": "$seniors"}, "at_most": 2},
        },
    ],
)
def test_schema_takes_what_the_reader_takes(rule: dict[str, Any]) -> None:
    """Named values, single values for lists, changes of a policy's rule, options set to nothing."""
    assert _faults(PROGRAM, _one_rule(rule)) == []


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        ({"rule": "gap", "rotations": "clinic", "maximum": 3, "mximum": 3}, []),
        ({"rule": "gap", "maximum": 3}, []),
        ({"rule": "gpa", "rotations": "clinic", "maximum": 3}, ["rule"]),
        ({"name": "heavy-running", "wieght": 5}, []),
        ({"weight": 5}, []),
        ({"rule": "gap", "rotations": "clinic", "maximum": "many"}, ["maximum"]),
        ({"rule": "gap", "rotations": "clinic", "maximum": 0}, ["maximum"]),
        ({"rule": "gap", "rotations": "clinic", "maximum": 3, "when": {"week": 1}}, ["when"]),
        ({"rule": "vacation", "blackout": {"weeks": "july"}}, ["blackout"]),
        ({"rule": "request", "lane": "timeoff"}, ["lane"]),
        (None, []),
    ],
)
def test_schema_marks_slips_in_a_rule_once(rule: Any, path: list[str]) -> None:
    """A misspelt option, kind or word, a wrong number: one mark, at the option or its rule."""
    assert [where for where, _ in _faults(PROGRAM, _one_rule(rule))] == [["rules", 0, *path]]


def test_schema_marks_slips_elsewhere() -> None:
    """Sections, rotations, grids and holidays are known by their keys, too."""
    wrong = {**_tiny(), "rotatoins": {}, "holidays": {"fair": {"date": "2026-07-04"}}}
    wrong["rotations"]["WARD"]["huors"] = 70
    wrong["grids"]["two_week"]["blocks"] = {"week": 2}
    del wrong["year"]
    found: list[ValidationError] = list(PROGRAM.iter_errors(wrong))
    assert {tuple(e.absolute_path) for e in found} == {
        (),
        ("rotations", "WARD"),
        ("grids", "two_week", "blocks"),
        ("holidays", "fair"),
    }
    assert sum("'year' is a required" in e.message for e in found) == 1


def test_sections_may_be_left_empty_as_the_reader_allows() -> None:
    """``people:`` with nothing below it is no fault; grids in every spelling are none either."""
    blocks = ["months", {"weeks": 4}, [2, 2, {"weeks": 4, "rotation": "CLINIC"}]]
    grids: dict[str, Any] = {f"g{n}": {"blocks": one} for n, one in enumerate(blocks)}
    grids["cycle"] = {"cycle": [4, {"weeks": 1, "rotation": "CLINIC"}], "from": "2027-01-04"}
    program = {**_tiny(), "people": None, "settings": None, "values": None, "grids": grids}
    program["holidays"] = {"christmas": {"off": True}}
    assert _faults(PROGRAM, program) == []
