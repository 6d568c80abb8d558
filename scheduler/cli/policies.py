"""The policies that come with the tool, as lines to read: what a program can change, by name.

Knows no program, and nothing of what a rule's options mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scheduler.input.document import PolicyFile
from scheduler.input.installed import policy_names, policy_path
from scheduler.input.policy import Document, installed_policy

#: Sections of which the names alone are listed, with the word for them.
_SECTIONS = {
    "tracks": "tracks",
    "tags": "tags",
    "holidays": "holidays",
    "default_requests": "default requests",
}


def policy_text(name: str) -> str:
    """The file of an installed policy as it is, comments and all."""
    return policy_path(name).read_text(encoding="utf-8")


def policy_lines() -> Iterator[str]:
    """What each installed policy holds: its names, its values and its rules.

    Raises :class:`~scheduler.input.faults.BadInput` where somebody broke an installed file.
    """
    for index, name in enumerate(policy_names()):
        if index:
            yield ""
        yield from _described(name, installed_policy(name))


def _described(name: str, policy: Document) -> Iterator[str]:
    content = policy.content
    assert isinstance(content, PolicyFile)
    yield f"{name}: {content.title}"
    yield f"  file: {policy.source.path}"
    for section, word in _SECTIONS.items():
        yield from _named(word, getattr(content, section))
    yield from _named("burdens", content.fairness.burdens)
    yield "  values:"
    yield from _in_columns((one, _value(content, one)) for one in _value_names(content))
    yield "  rules:"
    yield from _in_columns(
        (str(rule.get("name", "")), str(rule.get("rule", "")), _strength(rule), _why(rule))
        for rule in content.rules
    )


def _named(word: str, names: Iterable[str]) -> Iterator[str]:
    if names:
        yield f"  {word}: {', '.join(names)}"


def _value_names(policy: PolicyFile) -> list[str]:
    tracks = (track.values for track in policy.tracks.values())
    return list(dict.fromkeys(name for values in (policy.values, *tracks) for name in values))


def _value(policy: PolicyFile, name: str) -> str:
    """Its value for everybody, then those of tracks and years that have their own."""
    said = [str(policy.values[name])] if name in policy.values else []
    groups = [*policy.tracks.items(), *((f"PGY{pgy}", one) for pgy, one in policy.pgy.items())]
    said += [f"{key}: {one.values[name]}" for key, one in groups if name in one.values]
    return "; ".join(said)


def _strength(rule: dict[str, object]) -> str:
    return f"weight {rule['weight']}" if "weight" in rule else "hard"


def _why(rule: dict[str, object]) -> str:
    return str(rule.get("why", ""))


def _in_columns(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """The rows below each other, every column as wide as its widest cell."""
    cells = list(rows)
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        padded = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield f"    {'  '.join(padded)}".rstrip()
