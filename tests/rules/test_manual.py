"""The manual shows everything of every rule, in YAML that is read, and fits a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import MISSING, Field, fields, replace
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from scheduler.input.faults import Faults
from scheduler.input.text_file import Source
from scheduler.input.yaml_file import read_yaml
from scheduler.rules import manual
from scheduler.rules.base import Rule
from scheduler.rules.example import EXAMPLE_ROTATIONS, Example, Person
from scheduler.rules.manual.page import page_of as make_page_of
from scheduler.rules.manual.people import person_words, rotation_words
from scheduler.rules.manual.shown import Shown, shown
from scheduler.rules.registry import rule_class, rule_kinds
from scheduler.rules.select import When, Who
from tests.rules.variants import all_examples, build_rule, examples_of
from tests.rules.write_manual import FILE, manual_of

#: Each is made once; they are looked at many times.
page, page_of, markdown = cache(manual.page), cache(make_page_of), cache(manual.markdown)

every_example = pytest.mark.parametrize(("kind", "number"), all_examples())
every_rule = pytest.mark.parametrize("kind", rule_kinds())

#: The width of a terminal, in columns.
TERMINAL = 80
#: What a number of a rule may count.
UNITS = re.compile(
    r"\b(weeks?|days?|hours?|stays?|blocks?|times|people|person|holidays?|choices|points?|percent|"
    r"cost|years?|dates?|nights?|pulls?|wishes|teams?|residents?)\b"
)


@every_rule
def test_page_fits_a_terminal(kind: str) -> None:
    """No line of a page is wider than a terminal, and none ends in blanks."""
    lines = page(kind).splitlines()
    assert [line for line in lines if len(line) > TERMINAL or line != line.rstrip()] == []


@every_example
def test_yaml_of_an_example_is_read_as_the_example(kind: str, number: int) -> None:
    """What the page shows as YAML is, read back, the rule that the tests run."""
    example = examples_of(kind)[number]
    text = "\n".join(["rules:", *shown(example).yaml]).encode()
    faults = Faults()
    read = read_yaml(Source("page.yaml", Path("page.yaml"), text), faults)
    assert read is not None and not len(faults)
    expected = [example.rule, *example.others]
    assert [build_rule(one) for one in read.data["rules"]] == [build_rule(o) for o in expected]


@every_example
def test_page_leaves_nothing_of_an_example_out(kind: str, number: int) -> None:
    """Every part of an example that is said changes what is shown, and stands on the page."""
    example = examples_of(kind)[number]
    for field in fields(Example):
        if field.name in ("title", "rule", "grid", "finds", "amounts", "rotations"):
            continue
        others: dict[str, Any] = {"choices": ()} if field.name == "holidays" else {}
        one, plain = replace(example, **others), _plain(field)
        if getattr(one, field.name) != plain and not (field.name == "block_weeks" and one.pattern):
            assert shown(replace(one, **{field.name: plain})) != shown(one), field.name
    assert set(example.rotations) <= {code for code, _ in page_of(kind).rotations}
    said = _joined(page(kind))
    assert all(_joined(line) in said for line in _lines(shown(example)))


def _plain(field: Field[Any]) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()


def _lines(one: Shown) -> Iterator[str]:
    yield from (one.title, *one.yaml, *one.given, *one.grid, *one.finds)


def _joined(text: str) -> str:
    """``text`` without its line breaks and the blanks that align it."""
    return " ".join(text.split())


@every_example
def test_page_tells_what_is_particular_about_people(kind: str, number: int) -> None:
    """Nothing that sets a person or a rotation of an example apart goes unsaid."""
    example = examples_of(kind)[number]
    people = [(person, person_words, Person()) for person in example.residents.values()]
    services = [EXAMPLE_ROTATIONS[code] for code in example.rotations]
    for one, words, plain in people:
        for field in fields(one):
            same = replace(one, **{field.name: getattr(plain, field.name)})
            assert same == one or words(same) != words(one), field.name
    assert all(rotation_words(service) for service in services)


def test_what_the_manual_has_no_words_for_names_itself() -> None:
    """A field that nobody wrote words for is shown all the same."""
    ward = replace(EXAMPLE_ROTATIONS["WARD"], site="across the river")
    assert "site across the river" in rotation_words(ward)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)


def _options(model: type[BaseModel]) -> Iterator[tuple[str, Any]]:
    """Every option of a group of options, and of those inside it."""
    for name, field in model.model_fields.items():
        if name == "rule":
            continue
        yield f"{model.__name__}.{name}", field
        for inner in _models(field.annotation):
            yield from _options(inner) if inner not in (model, Who, When) else ()


@pytest.mark.parametrize("model", [Who, When, *map(rule_class, rule_kinds())])
def test_every_option_says_what_it_is_and_in_what_unit(model: type[BaseModel]) -> None:
    """An option has a description; one that is a number says what it counts."""
    for name, field in _options(model):
        assert field.description, name
        kinds = {type(None), *get_args(field.annotation), field.annotation}
        if {int, float, list[int]} & kinds - {bool}:
            assert UNITS.search(field.description), f"{name}: {field.description}"


@every_rule
def test_page_lists_every_option_and_message(kind: str) -> None:
    """The page has each option by the name one writes, and each message."""
    said = _joined(page(kind))
    for name, field in rule_class(kind).model_fields.items():
        assert name == "rule" or f" {field.alias or name} {field.description}" in said, name
    for example in examples_of(kind):
        assert all(_joined(f"=> {message} [amount ") in said for message in example.finds)
        assert example.finds or "=> passes" in said


def test_configs_readme_has_the_manual_of_today() -> None:
    """``python -m tests.rules.write_manual`` writes it anew."""
    same = manual_of(FILE.read_text(encoding="utf-8")) == markdown().strip()
    assert same, "run python -m tests.rules.write_manual"


@every_rule
def test_both_manuals_say_the_same(kind: str) -> None:
    """What a terminal shows of a rule stands in the Markdown, marks aside."""
    told = markdown().split(f"\n### {kind}\n")[1].split("\n### ")[0]
    one = page_of(kind)
    lines = [one.first, one.amounts, *(o.says for o in one.own)]
    lines += [line for example in one.examples for line in _lines(example)]
    assert all(line.lower() in told.lower() for line in lines)
    assert set(map(str, Rule.model_fields)) - {"rule"} <= set(re.findall(r"`(\w+)`", markdown()))
