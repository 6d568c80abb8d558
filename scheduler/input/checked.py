"""Data checked against a pydantic model, every error turned into a located fault in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Protocol, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from scheduler.input.faults import Faults, Place, did_you_mean, nearest, quoted
from scheduler.input.yaml_file import Path, YamlFile

M = TypeVar("M", bound=BaseModel)

_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d\Z")
_DATE = ("is not a date", "write it as 2026-07-31")
_WHOLE = ("is not a whole number", "")
_GROUP = ("is not a group of options", "write 'key: value' lines below it")

_UNKNOWN = "extra_forbidden"

#: How often faulty options are left out before a file is given up.
_ROUNDS = 4

#: What is said for pydantic's kinds of error, and what to do; the value stands before it.
_SAID = {
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "int_parsing_size": _WHOLE,
    "float_type": ("is not a number", ""),
    "float_parsing": ("is not a number", ""),
    "bool_type": ("is neither true nor false", ""),
    "bool_parsing": ("is neither true nor false", ""),
    "string_type": ("is not text", "put it in quotes"),
    "date_type": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _DATE,
    "list_type": ("is not a list", "write '- ' before each item"),
    "tuple_type": ("is not a list", "write '- ' before each item"),
    "set_type": ("is not a list", "write '- ' before each item"),
    "dict_type": _GROUP,
    "model_type": _GROUP,
    "model_attributes_type": _GROUP,
    "greater_than_equal": ("is too small", "the least is {ge}"),
    "greater_than": ("is too small", "it must be above {gt}"),
    "less_than_equal": ("is too large", "the most is {le}"),
    "less_than": ("is too large", "it must be below {lt}"),
    "literal_error": ("is not known here", "say {expected}"),
    "enum": ("is not known here", "say {expected}"),
}


class Locator(Protocol):
    """Knows where the option at a path was written, and what to call it."""

    def place(self, path: Path, key: bool = False) -> Place: ...

    def label(self, path: Path) -> str: ...


class InFile:
    """Locates options of a YAML file below ``base``: ``rotations.MICU.hours: ``."""

    def __init__(self, yaml: YamlFile, base: Path = ()) -> None:
        self._yaml = yaml
        self._base = base

    def place(self, path: Path, key: bool = False) -> Place:
        return self._yaml.place((*self._base, *path), key)

    def label(self, path: Path) -> str:
        return labelled((*self._base, *path))


def labelled(path: Path) -> str:
    """A path as a prefix of a message; items of lists are counted from 1."""
    text = ""
    for step in path:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}"
    return f"{text.removeprefix('.')}: " if text else ""


def checked(model: type[M], data: Any, where: Locator, faults: Faults) -> M | None:
    """``data`` as a ``model``, or None with a fault for everything that is wrong."""
    before = len(faults)
    found = _validated(model, data, where, faults)
    return found if len(faults) == before else None


def checked_leniently(model: type[M], data: Any, where: Locator, faults: Faults) -> M | None:
    """Like :func:`checked`, but leaves the faulty options out and carries on with the rest."""
    found = _validated(model, data, where, faults)
    for _ in range(_ROUNDS):
        if found is None and isinstance(data, dict):
            data = _without_faulty(model, data)
            found = _validated(model, data, where, Faults())
    return found


def _validated(model: type[M], data: Any, where: Locator, faults: Faults) -> M | None:
    try:
        found = model.model_validate(data)
    except ValidationError as error:
        _note_all(error, model, data, where, faults)
        return None
    _note_disguised(data, found, (), where, faults)
    return found


def _without_faulty(model: type[BaseModel], data: dict[str, Any]) -> dict[str, Any]:
    """``data`` less every option that has an error (less its owner, where one is missing)."""
    try:
        model.model_validate(data)
    except ValidationError as error:
        found = [_real_path(one, data) for one in error.errors()]
        paths = {path[:-1] if missing else path for path, _, missing in found}
        for path in sorted(paths, key=lambda p: [(str(type(s)), s) for s in p], reverse=True):
            data = _without(data, path)
    return data


def _without(data: Any, path: Path) -> Any:
    """A copy of ``data`` without what stands at ``path``."""
    if not path:
        return data
    if isinstance(data, dict) and path[0] in data:
        rest = {k: v for k, v in data.items() if k != path[0]}
        return rest if len(path) == 1 else {**data, path[0]: _without(data[path[0]], path[1:])}
    if isinstance(data, list) and isinstance(path[0], int) and path[0] < len(data):
        if len(path) == 1:
            return [one for i, one in enumerate(data) if i != path[0]]
        return [_without(v, path[1:]) if i == path[0] else v for i, v in enumerate(data)]
    return data


def _note_all(
    error: ValidationError, model: type[BaseModel], data: Any, where: Locator, faults: Faults
) -> None:
    """One fault for each place in the data (a union of types reports several)."""
    seen: set[Path] = set()
    for one in sorted(error.errors(), key=lambda e: e["type"] != _UNKNOWN):
        path, value, _ = _real_path(one, data)
        if path in seen:
            continue
        seen.add(path)
        if one["type"] == _UNKNOWN:
            what = f"{where.label(path[:-1])}unknown option {quoted(path[-1])}"
            options = _options(model, one)
            faults.add(where.place(path, key=True), what, did_you_mean(path[-1], options))
            # the option it was meant to be is not missing as well
            seen |= {(*path[:-1], name) for name in nearest(path[-1], options)}
        else:
            _note(one, path, value, where, faults)


def _real_path(error: ErrorDetails, data: Any) -> tuple[Path, Any, bool]:
    """The path of an error in ``data``, the value there, and whether an option is missing.

    Pydantic puts names of union members between the steps; they are left out.
    """
    path: list[str | int] = []
    value = data
    for step in error["loc"]:
        if isinstance(value, dict) and str(step) in value:
            path.append(str(step))
            value = value[str(step)]
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            path.append(step)
            value = value[step]
    missing = error["type"] == "missing"
    if missing:
        path.append(error["loc"][-1])
    return tuple(path), value, missing


def _note(error: ErrorDetails, path: Path, value: Any, where: Locator, faults: Faults) -> None:
    kind = error["type"]
    if kind == "missing":
        what = f"{where.label(path[:-1])}{quoted(path[-1])} is missing"
        faults.add(where.place(path[:-1]), what, "add it")
    elif kind in _SAID:
        said, todo = _SAID[kind]
        todo = todo.format(**error.get("ctx", {}))
        if kind == "string_type" and isinstance(value, list | dict):
            todo = ""
        if kind in ("literal_error", "enum"):
            todo = _guess(value, todo)
        faults.add(where.place(path), f"{where.label(path)}{quoted(value)} {said}", todo)
    else:
        text = error["msg"].removeprefix("Value error, ").replace("\n", " ")
        faults.add(where.place(path), f"{where.label(path)}{text}")


def _guess(value: Any, say: str) -> str:
    """Among the values that ``say`` lists, the one most like ``value``, or all."""
    close = did_you_mean(value, re.findall(r"'([^']*)'", say)) if isinstance(value, str) else ""
    return close if close.startswith("did you mean") else say


def _options(model: type[BaseModel], error: ErrorDetails) -> set[str]:
    """The options known where the error was found."""
    inside = [model]
    for step in error["loc"][:-1]:
        for one in inside:
            field = one.model_fields.get(str(step)) or next(
                (f for f in one.model_fields.values() if f.alias == step), None
            )
            if field is not None:
                inside = list(_models(field.annotation))
                break
    return {str(f.alias or n) for one in inside for n, f in one.model_fields.items()}


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """Every pydantic model inside a type annotation."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)


def _note_disguised(data: Any, found: Any, path: Path, where: Locator, faults: Faults) -> None:
    """Pydantic takes ``true`` for 1 and a number for a date; people never mean that."""
    if isinstance(found, BaseModel) and isinstance(data, dict):
        for name, field in type(found).model_fields.items():
            key = field.alias if field.alias and field.alias in data else name
            if key in data:
                _note_disguised(data[key], getattr(found, name), (*path, key), where, faults)
    elif isinstance(found, dict) and isinstance(data, dict):
        for key, value in found.items():
            _note_disguised(data.get(str(key)), value, (*path, str(key)), where, faults)
    elif isinstance(found, list) and isinstance(data, list) and len(found) == len(data):
        for i, (raw, value) in enumerate(zip(data, found, strict=True)):
            _note_disguised(raw, value, (*path, i), where, faults)
    elif isinstance(data, bool) and isinstance(found, int) and not isinstance(found, bool):
        faults.add(where.place(path), f"{where.label(path)}{quoted(data)} {_WHOLE[0]}")
    elif isinstance(found, date) and not _ISO_DATE.match(str(data)):
        faults.add(where.place(path), f"{where.label(path)}{quoted(data)} {_DATE[0]}", _DATE[1])
