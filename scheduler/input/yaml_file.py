"""YAML 1.2 read as plain data with the position of every key and value; knows no program.

Only mappings, lists and scalars: no tags, no code, no merge keys.  ``ON``,
``NO`` and ``OFF`` are text.  A plain number is a number only in its shortest
spelling, so that ``007`` and ``1E2`` stay the codes they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from scheduler.input.faults import Faults, Place, quoted
from scheduler.input.text_file import Source, decode

#: Largest YAML file, in bytes.
LARGEST = 500_000
#: Most values in a file after its aliases are written out.
MOST_VALUES = 100_000
#: Deepest nesting.
DEEPEST = 30

Path = tuple[str | int, ...]

_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,17})\Z")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,17})\.[0-9]{1,18}\Z")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
}


@dataclass(frozen=True)
class YamlFile:
    """A YAML file's plain ``data``, and where each key and value stands."""

    source: Source
    data: Any
    _keys: dict[Path, tuple[int, int]] = field(default_factory=dict)
    _values: dict[Path, tuple[int, int]] = field(default_factory=dict)

    def place(self, path: Path, key: bool = False) -> Place:
        """Where the value (or its ``key``) at ``path`` stands, or else what holds it."""
        if key and path in self._keys:
            return Place(self.source.file, *self._keys[path])
        while path and path not in self._values:
            path = path[:-1]
        return Place(self.source.file, *self._values.get(path, (1, 1)))


@dataclass(slots=True)
class _Node:
    """A value as written: ``content`` is text, a list of nodes or of pairs of nodes."""

    line: int
    column: int
    content: str | list[_Node] | list[tuple[_Node, _Node]]
    plain: bool = False
    mapping: bool = False


class _Stop(Exception):  # noqa: N818 - ends the reading of this file only
    """The file cannot be read any further."""


def read_yaml(source: Source, faults: Faults) -> YamlFile | None:
    """The data of a YAML file; None (and faults) where it cannot be read at all."""
    text = decode(source, faults)
    if text is None:
        return None
    try:
        root = _Parser(source.file, faults).document(YAML(typ="safe", pure=True).parse(text))
        if root is None:
            todo = "`scheduler new FOLDER` writes a program to start from"
            faults.add(Place(source.file), "is empty", todo)
            return None
        found = YamlFile(source, None)
        data = _Plain(found, faults).value(root, ())
        return YamlFile(source, data, found._keys, found._values)
    except _Stop:
        return None
    except MarkedYAMLError as error:
        _note_syntax(error, source.file, faults)
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        what = f"holds a character that YAML does not allow ({error.character:#04x})"
        faults.add(Place(source.file, line), what, "delete it")
    except (YAMLError, ValueError):
        faults.add(Place(source.file), "cannot be read as YAML")
    return None


def _note_syntax(error: MarkedYAMLError, file: str, faults: Faults) -> None:
    mark = error.problem_mark or error.context_mark
    place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
    problem = (error.problem or error.context or "").replace("\n", " ")
    if "'\\t'" in problem:
        faults.add(place, "a tab is used for indentation", "use blanks")
    elif "found character" in problem:
        faults.add(place, f"cannot be read as YAML: {problem}", "put the text in quotes")
    elif "mapping values are not allowed" in problem:
        todo = "check the indentation; text that holds ': ' needs quotes"
        faults.add(place, "cannot be read as YAML: a ':' is not expected here", todo)
    else:
        todo = "check indentation, quotes and brackets above this line"
        faults.add(place, f"cannot be read as YAML: {problem}", todo)


class _Parser:
    """Builds nodes from the events of the YAML library, within the limits."""

    def __init__(self, file: str, faults: Faults) -> None:
        self._file = file
        self._faults = faults
        self._anchors: dict[str, _Node | None] = {}

    def document(self, events: Iterator[Any]) -> _Node | None:
        root: _Node | None = None
        for event in events:
            if isinstance(event, DocumentStartEvent) and root is not None:
                self._stop(event, "holds a second document", "remove '---' and what follows")
            if isinstance(event, NodeEvent):
                root = self._node(event, events, 0)
        return None if root is None or (root.content == "" and root.plain) else root

    def _node(self, event: Any, events: Iterator[Any], depth: int) -> _Node:
        if depth > DEEPEST:
            self._stop(event, f"is nested deeper than {DEEPEST} levels", "write it flatter")
        if isinstance(event, AliasEvent):
            return self._alias(event)
        if event.tag is not None:
            tag = str(event.tag).replace("tag:yaml.org,2002:", "!!")
            self._fault(event, f"the tag {quoted(tag)} is not allowed", "remove it")
        if event.anchor is not None:
            self._anchors[event.anchor] = None  # set once the value is complete
        node = self._content(event, events, depth)
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return node

    def _content(self, event: Any, events: Iterator[Any], depth: int) -> _Node:
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        if isinstance(event, ScalarEvent):
            return _Node(line, column, event.value, plain=event.style in (None, ""))
        if isinstance(event, SequenceStartEvent):
            return _Node(line, column, list(self._items(SequenceEndEvent, events, depth)))
        assert isinstance(event, MappingStartEvent)
        inside = self._items(MappingEndEvent, events, depth)
        return _Node(line, column, [(key, next(inside)) for key in inside], mapping=True)

    def _items(self, end: type[Any], events: Iterator[Any], depth: int) -> Iterator[_Node]:
        for event in events:
            if isinstance(event, end):
                return
            yield self._node(event, events, depth + 1)

    def _alias(self, event: Any) -> _Node:
        node = self._anchors.get(event.anchor)
        if node is None:
            known = event.anchor in self._anchors
            what = "holds itself" if known else "stands for nothing"
            self._stop(event, f"the alias {quoted('*' + event.anchor)} {what}", "write it out")
        assert node is not None
        return node

    def _fault(self, event: Any, what: str, todo: str) -> None:
        mark = event.start_mark
        self._faults.add(Place(self._file, mark.line + 1, mark.column + 1), what, todo)

    def _stop(self, event: Any, what: str, todo: str) -> None:
        self._fault(event, what, todo)
        raise _Stop


class _Plain:
    """Turns nodes into plain data and notes every position; counts values against bombs."""

    def __init__(self, into: YamlFile, faults: Faults) -> None:
        self._into = into
        self._faults = faults
        self._count = 0

    def value(self, node: _Node, path: Path) -> Any:
        self._count += 1
        if self._count > MOST_VALUES:
            what = f"holds more than {MOST_VALUES:,} values once its aliases are written out"
            self._faults.add(Place(self._into.source.file), what, "use fewer aliases")
            raise _Stop
        self._into._values[path] = (node.line, node.column)
        if isinstance(node.content, str):
            return _scalar(node.content) if node.plain else node.content
        if node.mapping:
            return self._mapping(node.content, path)  # type: ignore[arg-type]
        return [self.value(item, (*path, i)) for i, item in enumerate(node.content)]  # type: ignore[arg-type]

    def _mapping(self, pairs: list[tuple[_Node, _Node]], path: Path) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key, value in pairs:
            place = Place(self._into.source.file, key.line, key.column)
            if not isinstance(key.content, str):
                self._faults.add(place, "a key is a list or a group of options", "use a plain name")
                continue
            here = (*path, key.content)
            if key.content in data:
                first = self._into._keys[here][0]
                what = f"{quoted(key.content)} is given twice (first in line {first})"
                self._faults.add(place, what, "keep one of them")
                continue
            self._into._keys[here] = (key.line, key.column)
            data[key.content] = self.value(value, here)
        return data


def _scalar(text: str) -> Any:
    """A plain scalar by the rules of the module's docstring."""
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.match(text):
        return int(text)
    if _DECIMAL.match(text):
        return float(text)
    return text
