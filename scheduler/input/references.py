"""``$name`` references inside a rule's raw options: found, filled in; knows no rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from scheduler.input.values import Setting
from scheduler.input.yaml_file import Path

#: What a reference to a named value begins with.
SIGN = "$"
#: Options that are words for people; a dollar in them is a dollar.
_WORDS = ("name", "why")


def references(value: Any) -> set[str]:
    """The names of all ``$values`` inside ``value``."""
    return {name for _, name in walk_references(value, ())}


def walk_references(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str) and value.startswith(SIGN):
        yield path, value.removeprefix(SIGN)
    elif isinstance(value, dict):
        for key, one in value.items():
            if path or key not in _WORDS:
                yield from walk_references(one, (*path, key))
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from walk_references(one, (*path, index))


def substitute(value: Any, settings: Mapping[str, Setting]) -> Any:
    """``value`` with every ``$name`` replaced; a list put into a list is spread out."""
    if isinstance(value, str) and value.startswith(SIGN):
        return settings[value.removeprefix(SIGN)].value
    if isinstance(value, dict):
        return {key: substitute(one, settings) for key, one in value.items()}
    if isinstance(value, list):
        filled: list[Any] = []
        for one in value:
            new = substitute(one, settings)
            filled += new if isinstance(new, list) and not isinstance(one, list) else [new]
        return filled
    return value


def without(value: Any, names: set[str]) -> Any:
    """An option without the ``names`` it lists; None where nothing is left of it."""
    if isinstance(value, str):
        return None if value in names else value
    if isinstance(value, list):
        rest = [one for one in value if not (isinstance(one, str) and one in names)]
        return rest or None
    if isinstance(value, dict):
        kept = {key: without(one, names) for key, one in value.items()}
        return None if None in kept.values() and None not in value.values() else kept
    return value


def find_name(value: Any, name: str, path: Path) -> Path:
    """The path of ``name`` inside the options; that of the whole rule where it came by a value."""
    if value == name:
        return path
    items: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for step, one in items:
        if isinstance(one, dict | list) or one == name:
            found = find_name(one, name, (*path, step))
            if found:
                return found
    return ()
