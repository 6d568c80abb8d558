"""A rule's options written as YAML that the reader reads back as they were."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

#: Longest line of an example.
WIDTH = 72
#: Text that needs no quotes, inside brackets too.
_PLAIN = re.compile(r"\$?[A-Za-z][A-Za-z0-9_./ -]*(?<! )\Z")
_DATE = re.compile(r"\d{4}-\d\d-\d\d\Z")
_WORDS = ("true", "false", "null")


def entry_lines(options: Mapping[str, Any]) -> Iterator[str]:
    """One entry of the list ``rules``: in one line where it fits, else one option a line."""
    whole = f"- {_flow(options)}"
    if len(whole) <= WIDTH:
        yield whole
        return
    for number, (key, value) in enumerate(options.items()):
        yield f"{'  ' if number else '- '}{key}: {_flow(value)}"


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float | date):
        return str(value)
    return _text(str(value))


def _text(text: str) -> str:
    if _DATE.match(text) or (_PLAIN.match(text) and text.lower() not in _WORDS):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
