"""The options of a rule as the manual lists them, those inside other options included."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from scheduler.rules.base import Rule
from scheduler.rules.select import When, Who

#: Selections that stand in many places; their keys are listed once, among the common options.
_SELECTIONS = (Who, When)
#: Options of an entry that say how it is laid over another one; the reader knows them.
_LAYING = (
    ("off", "true switches off the rule of a policy that has this name"),
    ("if_used", "true leaves the rule out where the program has none of its rotations"),
)


@dataclass(frozen=True)
class Option:
    """One option: ``name`` is its path ('with.at_least'), ``default`` says if it is needed."""

    name: str
    says: str
    default: str


def own_options(rule: type[Rule]) -> list[Option]:
    """What a rule can say beyond every other, and what it says of common options anew."""
    found: list[Option] = []
    anew: list[Option] = []
    for name, field in rule.model_fields.items():
        common = Rule.model_fields.get(name)
        if common is None:
            found += _with_inner(field.alias or name, field)
        elif common.description != field.description and name != "rule":
            anew += _with_inner(name, field)
    return found + anew


def common_options(rule: type[Rule]) -> list[Option]:
    """What every rule can say; ``who`` has the default of this one."""
    found: list[Option] = []
    for name, field in Rule.model_fields.items():
        if name == "who":
            found.append(Option(name, field.description or "", _everyone(rule)))
            found += _keys(Who, "who.")
            found.append(Option("who.GROUPING", "a grouping's groups, as in firm: red", "optional"))
        elif name == "when":
            found.append(Option(name, field.description or "", "default the whole year"))
            found += _keys(When, "when.")
        elif name != "rule" and field.description == rule.model_fields[name].description:
            found.append(_option(name, field))
    return [*found, *(Option(name, says, "optional") for name, says in _LAYING)]


def _everyone(rule: type[Rule]) -> str:
    visitors = {"also": " and visitors", "only": ""}.get(rule.visitors, ", visitors left out")
    return f"default all {'visitors' if rule.visitors == 'only' else 'residents'}{visitors}"


def _with_inner(name: str, field: FieldInfo) -> Iterator[Option]:
    """The option, and the keys of every group of options that it may hold."""
    yield _option(name, field)
    for model in _models(field.annotation):
        if model not in _SELECTIONS:
            yield from _keys(model, f"{name}.")


def _keys(model: type[BaseModel], prefix: str) -> Iterator[Option]:
    for name, field in model.model_fields.items():
        yield _option(f"{prefix}{field.alias or name}", field)


def _option(name: str, field: FieldInfo) -> Option:
    needed = field.is_required()
    return Option(name, field.description or "", "needed" if needed else _default(field))


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True)
    if value is None or value == "" or isinstance(value, _SELECTIONS):
        return "optional"
    return f"default {str(value).lower() if isinstance(value, bool) else value}"


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """Every group of options inside a type annotation."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)
