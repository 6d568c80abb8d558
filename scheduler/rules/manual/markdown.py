"""The pages of all rules as Markdown, for ``configs/README.md``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scheduler.rules.base import Rule
from scheduler.rules.manual.options import Option, common_options
from scheduler.rules.manual.page import READING, Page, page_of
from scheduler.rules.manual.shown import Shown
from scheduler.rules.registry import rule_kinds


def markdown() -> str:
    """Every rule's page, after what all of them have in common."""
    pages = [page_of(kind) for kind in rule_kinds()]
    return "\n".join(line for part in (_contents(pages), *map(_page, pages)) for line in part)


def _contents(pages: Iterable[Page]) -> Iterator[str]:
    yield from ("| rule | what it is for |", "|---|---|")
    for one in pages:
        yield f"| [`{one.kind}`](#{one.kind}) | {one.first} |"
    yield from ("", "Every rule has these options; some rules say more of one of them.", "")
    yield from (*_table(common_options(Rule)), "", READING, "")


def _page(one: Page) -> Iterator[str]:
    yield from (f"### {one.kind}", "", one.first, "")
    yield from (one.text.replace("``", "`"), "")
    yield from (one.amounts, "")
    yield from (*_table([*one.own, *_who(one)]), "")
    if one.rotations:
        yield from ("The rotations of the examples:", "", "| code | what it is |", "|---|---|")
        yield from (*(f"| `{code}` | {_cell(words)} |" for code, words in one.rotations), "")
    for example in one.examples:
        yield from _example(example)


def _who(one: Page) -> Iterator[Option]:
    """The line of ``who``, whose default is the rule's own."""
    return (option for option in one.common if option.name == "who")


def _table(options: Iterable[Option]) -> Iterator[str]:
    yield from ("| option | what it says | |", "|---|---|---|")
    for option in options:
        yield f"| `{option.name}` | {_cell(option.says)} | {_cell(option.default)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _example(one: Shown) -> Iterator[str]:
    yield from (f"**{one.title[:1].upper()}{one.title[1:]}**", "", "```yaml", *one.yaml, "```", "")
    if one.given:
        yield from (*(f"- {line}" for line in one.given), "")
    yield from ("```text", *one.grid, "```", "")
    yield from (*(f"> {line}" for line in _finds(one)), "")


def _finds(one: Shown) -> Iterator[str]:
    """One paragraph a message, so that they do not run together."""
    for number, message in enumerate(one.finds or ("passes",)):
        if number:
            yield ""
        yield message.replace("*", "\\*")
