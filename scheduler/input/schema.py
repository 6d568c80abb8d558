"""The JSON Schema of a program and of a policy, for editors; made from what reads them.

An editor that knows the schema completes keys and marks faults while one types.  What
only the whole program can tell (is this tag used?) is left to ``scheduler validate``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from scheduler.input.document import NEEDED, HolidayEntry, PolicyFile, ProgramFile
from scheduler.input.references import SIGN
from scheduler.rules.manual import one_line
from scheduler.rules.registry import all_rules

#: The dialect that editors of YAML know.
DIALECT = "http://json-schema.org/draft-07/schema#"
#: Where one part of the schema refers to another.
_SHARED = "#/definitions/{model}"
_IN_RULE = "#/definitions/rule.{model}"

_VALUE = {
    "type": "string",
    "pattern": rf"^\{SIGN}.",
    "description": "a named value, such as $vacation_weeks",
}
_SWITCH = {"type": "boolean", "description": "true switches off what a policy says by this name"}
_IF_USED = {
    "type": "boolean",
    "description": "true leaves the rule out where the program has none of its rotations",
}
#: Words for people, in which a dollar is a dollar.
_WORDS = ("rule", "name", "why")
#: What is said of an option, whichever way it is written.
_SAID = ("description", "default")


class _AsRead(GenerateJsonSchema):
    """What the reader takes: one value stands for a list of one, a number for a text."""

    def function_before_schema(
        self, schema: core_schema.BeforeValidatorFunctionSchema
    ) -> JsonSchemaValue:
        found = super().function_before_schema(schema)
        if found.get("type") == "array" and "items" in found:
            return {"anyOf": [found["items"], found]}
        return found

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        found = super().str_schema(schema)
        if schema.get("coerce_numbers_to_str"):
            found["type"] = ["string", "number"]
        return found

    def tagged_union_schema(self, schema: core_schema.TaggedUnionSchema) -> JsonSchemaValue:
        found = super().tagged_union_schema(schema)
        return {"anyOf": found["oneOf"]} if "oneOf" in found else found


def program_schema() -> dict[str, Any]:
    """The schema of ``program.yaml``."""
    return _document(ProgramFile, "A residency program", NEEDED)


def policy_schema() -> dict[str, Any]:
    """The schema of a policy."""
    return _document(PolicyFile, "A policy that programs build on", ())


def _document(model: type[BaseModel], title: str, needed: Iterable[str]) -> dict[str, Any]:
    """A document's schema; a section that it need not have may also be empty."""
    found, holiday = _made(model, _SHARED), _made(HolidayEntry, _SHARED)
    shared = {**found.pop("$defs", {}), **holiday.pop("$defs", {}), "HolidayEntry": holiday}
    holiday["properties"]["off"] = _SWITCH
    required, sections = [*found["required"], *needed], found["properties"]
    sections["holidays"]["additionalProperties"] = {"$ref": "#/definitions/HolidayEntry"}
    sections["rules"]["items"] = {"$ref": "#/definitions/rule"}
    for name in sections.keys() - set(required):
        sections[name] = _or_nothing(sections[name])
    kinds, inner = _rules()
    definitions = {**shared, **inner, "rule": _entry(kinds)}
    told = {"title": title, "required": required, "definitions": definitions}
    whole: dict[str, Any] = _tidied({"$schema": DIALECT, **found, **told})
    return whole


def _made(model: type[BaseModel], template: str) -> dict[str, Any]:
    return model.model_json_schema(ref_template=template, schema_generator=_AsRead)


def _or_nothing(section: dict[str, Any]) -> dict[str, Any]:
    """A section that may stand there without anything below it."""
    if isinstance(section.get("type"), str):
        return {**section, "type": [section["type"], "null"]}
    said: dict[str, Any] = {key: section[key] for key in _SAID if key in section}
    return {**said, "anyOf": [section, {"type": "null"}]}


# -- rules -----------------------------------------------------------------------------------


def _rules() -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
    """Each rule's schema by its kind, and what they refer to."""
    kinds: dict[str, dict[str, Any]] = {}
    inner: dict[str, Any] = {}
    for kind, rule in all_rules().items():
        found = _made(rule, _IN_RULE)
        for name, one in found.pop("$defs", {}).items():
            inner[f"rule.{name}"] = _with_values(one)
        kinds[kind] = _rule(kind, _with_values(found))
    return kinds, inner


def _rule(kind: str, found: dict[str, Any]) -> dict[str, Any]:
    options = found["properties"]
    options["rule"] = {"const": kind, "description": one_line(kind)}
    if "off" in options:  # a rule's own option, beside the switch
        options["off"] = {**options["off"], "anyOf": [*options["off"]["anyOf"], _SWITCH]}
    options.setdefault("off", _SWITCH)
    options["if_used"] = _IF_USED
    return found


def _with_values(schema: dict[str, Any]) -> dict[str, Any]:
    """A group of options each of which may be a ``$value``, or nothing (its default)."""
    needed = schema.get("required", ())
    options = {
        name: one if name in _WORDS else _or_value(one, name in needed)
        for name, one in schema.get("properties", {}).items()
    }
    return {**schema, "properties": options}


def _or_value(option: dict[str, Any], needed: bool) -> dict[str, Any]:
    said: dict[str, Any] = {key: option[key] for key in _SAID if key in option}
    bare = {key: one for key, one in option.items() if key not in said}
    nothing = [] if needed else [{"type": "null"}]
    return {**said, "anyOf": [*_alternatives(bare), _VALUE, *nothing]}


def _alternatives(option: dict[str, Any]) -> list[dict[str, Any]]:
    """The ways to write an option; inside a list, a ``$value`` may stand for an item."""
    if option.keys() == {"anyOf"} or option.keys() == {"anyOf", "title"}:
        found = [way for one in option["anyOf"] for way in _alternatives(one)]
        return [one for one in found if one != {"type": "null"}]
    if option.get("type") == "array" and "items" in option:
        return [{**option, "items": {"anyOf": [option["items"], _VALUE]}}]
    return [option]


def _entry(kinds: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """An entry of the list ``rules``: a rule of its own, or laid over one by its name."""
    names = sorted({option for one in kinds.values() for option in one["properties"]})
    said = {
        "enum": [*kinds],
        "description": "the kind of rule; `scheduler rules` lists them",
        "enumDescriptions": [one_line(kind) for kind in kinds],
    }
    return {
        "type": "object",
        "properties": {"rule": said, "name": next(iter(kinds.values()))["properties"]["name"]},
        "allOf": [_when(kind, one) for kind, one in kinds.items()],
        "if": {"type": "object", "not": {"required": ["rule"]}},
        "then": {"required": ["name"], "properties": _any_of(kinds.values(), names)}
        | {"additionalProperties": False},
    }


def _when(kind: str, one: dict[str, Any]) -> dict[str, Any]:
    chosen = {"properties": {"rule": {"const": kind}}, "required": ["rule"]}
    return {"if": {"type": "object", **chosen}, "then": one}


def _any_of(rules: Iterable[dict[str, Any]], names: Iterable[str]) -> dict[str, Any]:
    """The options of an entry that changes a rule of a policy: those of any rule."""
    found: dict[str, Any] = {}
    for name in names:
        ways = [one["properties"][name] for one in rules if name in one["properties"]]
        differ = [way for i, way in enumerate(ways) if way not in ways[:i]]
        found[name] = differ[0] if len(differ) == 1 else {"anyOf": differ}
    return {**found, "rule": False}


# -- tidying ---------------------------------------------------------------------------------


def _tidied(value: Any) -> Any:
    """Without what helps no editor: titles of options, defaults of nothing, marks of code."""
    if isinstance(value, str):
        return value.replace("``", "`")
    if isinstance(value, list):
        return [_tidied(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        key: {name: _tidied(one) for name, one in inside.items()}
        if key in ("properties", "definitions")
        else _tidied(inside)
        for key, inside in value.items()
        if not _is_noise(key, inside, value)
    }


def _is_noise(key: str, inside: Any, owner: Mapping[str, Any]) -> bool:
    if key == "title":
        return "$schema" not in owner and isinstance(inside, str)
    empty = inside is None or inside in ("", []) or isinstance(inside, dict)
    return key == "default" and empty
