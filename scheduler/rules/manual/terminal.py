"""A rule's page as plain text that fits a terminal of 80 columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from textwrap import wrap

from scheduler.rules.manual.options import Option
from scheduler.rules.manual.page import READING, Page, page_of
from scheduler.rules.manual.shown import Shown

#: Longest line.
WIDTH = 79
#: Where the text of an option begins.
_TEXT = 20


def page(kind: str) -> str:
    """The whole page of one rule: why, options with units, examples with their messages."""
    one = page_of(kind)
    return "\n".join(line.rstrip() for line in _lines(one))


def _lines(one: Page) -> Iterator[str]:
    yield from (one.kind, "=" * len(one.kind), "", *_wrapped(one.first), "")
    yield from (*_prose(one.text), "")
    yield one.amounts
    yield from ("", f"Options of {one.kind}", *_options(one.own))
    yield from ("", "Options of every rule", *_options(one.common))
    yield from ("", "Examples", *_wrapped(READING, "  "))
    if one.rotations:
        yield ""
    for code, words in one.rotations:
        yield from wrap(f"{code:<8}{words}", WIDTH, initial_indent="  ", subsequent_indent=" " * 10)
    for example in one.examples:
        yield from ("", *_example(example))


def _prose(text: str) -> Iterator[str]:
    """A docstring wrapped anew: paragraphs, lists, and what is set off by four blanks."""
    for number, block in enumerate(text.split("\n\n")):
        if number:
            yield ""
        if block.startswith("    "):
            yield from block.splitlines()
            continue
        for item in re.split(r"\n(?=- )", block):
            inside = "  " if item.startswith("- ") else ""
            yield from wrap(_plain(" ".join(item.split())), WIDTH, subsequent_indent=inside)


def _plain(text: str) -> str:
    """Without the marks of Markdown: code in quotes, stress as it is."""
    text = re.sub(r"``(.+?)``", r"'\1'", text)
    return re.sub(r"(?<!\w)\*(\S.*?)\*", r"\1", text)


def _options(options: Iterable[Option]) -> Iterator[str]:
    for option in options:
        text = f"{option.says} ({option.default})"
        name = f"  {option.name:<{_TEXT - 3}} "
        if len(name) > _TEXT:
            yield name
            name = " " * _TEXT
        yield from wrap(text, WIDTH, initial_indent=name, subsequent_indent=" " * _TEXT)


def _example(one: Shown) -> Iterator[str]:
    yield from _wrapped(f"{one.title}:", "  ")
    for line in one.yaml:
        yield f"    {line}"
    for line in one.given:
        yield from wrap(line, WIDTH, initial_indent="    ", subsequent_indent="      ")
    for line in one.grid:
        yield f"      {line}"
    for message in one.finds or ("passes",):
        yield from wrap(message, WIDTH, initial_indent="    => ", subsequent_indent=" " * 7)


def _wrapped(text: str, indent: str = "") -> list[str]:
    return wrap(_plain(text), WIDTH, initial_indent=indent, subsequent_indent=indent)
