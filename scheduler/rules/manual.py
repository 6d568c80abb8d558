"""The manual of the rules, made from their docstrings, options and examples."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from typing import Any

from scheduler.rules.base import Rule
from scheduler.rules.example import Example
from scheduler.rules.registry import rule_class

#: Options every rule has, listed once at the end of a page.
_COMMON = tuple(Rule.model_fields)


def one_line(kind: str) -> str:
    """The first sentence of the rule's page."""
    return (inspect.getdoc(rule_class(kind)) or "").split("\n\n")[0].replace("\n", " ")


def page(kind: str) -> str:
    """The whole page of one rule: why, options with units, examples with their messages."""
    rule = rule_class(kind)
    lines = [kind, "=" * len(kind), "", inspect.getdoc(rule) or "", "", "Options"]
    lines += [*_options(rule), "", f"Amounts are counted in {rule.unit}s.", "", "Examples"]
    for example in rule.examples:
        lines += ["", *_example(example)]
    return "\n".join(lines)


def _options(rule: type[Rule]) -> Iterator[str]:
    own = [name for name in rule.model_fields if name not in _COMMON]
    for name in [*own, *(n for n in _COMMON if n != "rule")]:
        field = rule.model_fields[name]
        needed = (
            "needed"
            if field.is_required()
            else f"default {_shown(field.get_default(call_default_factory=True))}"
        )
        yield f"  {field.alias or name:<18} {field.description or ''} ({needed})"


def _shown(value: Any) -> str:
    if value is None or value == "":
        return "none"
    if hasattr(value, "words"):
        return "everyone" if type(value).__name__ == "Who" else "the whole year"
    return str(value)


def _example(example: Example) -> Iterator[str]:
    yield f"  {example.title}:"
    yield f"    - {_flow(example.rule)}"
    width = max(map(len, example.grid))
    for name, cells in example.grid.items():
        row = " ".join(f"{code:<6}" for code in cells.split()).rstrip()
        yield f"        {name:<{width}}  {row}"
    for name, teams in example.teams.items():
        row = " ".join(f"{team:<6}" for team in teams.split()).rstrip()
        yield f"        {name:<{width}}  {row}  (teams)"
    for name, weeks in example.backups.items():
        yield f"        {name:<{width}}  is named as backup in {_weeks(weeks)}"
    for message in example.finds or ("passes",):
        yield f"      => {message}"


def _weeks(numbers: tuple[int, ...]) -> str:
    return f"week{'s' * (len(numbers) > 1)} {', '.join(map(str, numbers))}"


def _flow(value: Any) -> str:
    """``value`` as one line of YAML."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)
