"""What stands on the page of a rule, whatever it is shown on."""

from __future__ import annotations

import inspect
from dataclasses import dataclass

from scheduler.rules.base import Rule
from scheduler.rules.example import EXAMPLE_ROTATIONS, Example
from scheduler.rules.manual.options import Option, common_options, own_options
from scheduler.rules.manual.people import rotation_words
from scheduler.rules.manual.shown import Shown, shown
from scheduler.rules.registry import rule_class

#: How the grids of the examples are read; said once.
READING = (
    "Each example is a rule, a few people and a filled grid, with what a check says of it. "
    "Unless something else is said, everybody is a PGY1 on the track categorical. "
    "A column is a week; a bar ends a block that is longer than one."
)


@dataclass(frozen=True)
class Page:
    """A rule's page; ``text`` is its docstring after the first sentence, as written."""

    kind: str
    first: str
    text: str
    own: tuple[Option, ...]
    common: tuple[Option, ...]
    amounts: str
    rotations: tuple[tuple[str, str], ...]
    examples: tuple[Shown, ...]


def page_of(kind: str) -> Page:
    """The page of the rule ``kind``; KeyError if there is none."""
    rule = rule_class(kind)
    examples: tuple[Example, ...] = rule.examples
    used = {code for example in examples for code in example.rotations}
    return Page(
        kind,
        one_line(kind),
        (inspect.getdoc(rule) or "").partition("\n\n")[2],
        tuple(own_options(rule)),
        tuple(common_options(rule)),
        _amounts(rule),
        tuple((c, rotation_words(r)) for c, r in EXAMPLE_ROTATIONS.items() if c in used),
        tuple(map(shown, examples)),
    )


def one_line(kind: str) -> str:
    """The first sentence of the rule's page."""
    return (inspect.getdoc(rule_class(kind)) or "").split("\n\n")[0].replace("\n", " ")


def _amounts(rule: type[Rule]) -> str:
    """What findings are counted in: 'weeks', 'people'."""
    units = {"person": "people"}.get(rule.unit, f"{rule.unit}s")
    return f"Amounts are counted in {units}; a weight is what one of them costs."
