"""Which cells of the Schedule sheet a rule finds fault with, and what it says; knows no sheet.

Wishes are left to the Requests sheet: who reads a schedule need not know what somebody asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from scheduler.audit.audit import AuditReport, RuleFinding
from scheduler.audit.violation import Violation

WISHES = "request"
#: A finding over more parts than this is said once, beside the name.
_MOST_PARTS = 8
#: More notes than this are no help, and slow to open; hard rules come first.
_MOST_NOTES = 2000
_LONGEST = 600

_Key = TypeVar("_Key")
Texts = Mapping[tuple[int, int], str]


@dataclass(frozen=True)
class Marks:
    """Notes by (resident index, part), by resident index, and by (rule, part).

    ``broken`` are the cells against a hard rule, ``astray`` the residents; what stands at
    the cells of a resident's hard findings stands beside the name too, shortly.
    """

    cells: Texts
    people: Mapping[int, str]
    services: Mapping[tuple[str, int], str]
    broken: frozenset[tuple[int, int]]
    astray: frozenset[int]


NOTHING_FOUND = Marks({}, {}, {}, frozenset(), frozenset())


def marks(report: AuditReport) -> Marks:
    """What the audit found, at the cells it is about."""
    cells: dict[tuple[int, int], list[str]] = {}
    people: dict[int, list[str]] = {}
    services: dict[tuple[str, int], list[str]] = {}
    broken: set[tuple[int, int]] = set()
    astray: set[int] = set()
    notes = 0
    for rule, one in _hard_first(report):
        said = _said(rule, one)
        if one.resident is None:
            for part in one.parts:
                services.setdefault((one.rule, part), []).append(said)
        elif not one.parts or len(one.parts) > _MOST_PARTS:
            people.setdefault(one.resident, []).append(said)
        elif notes < _MOST_NOTES:
            notes += len(one.parts)
            for part in one.parts:
                cells.setdefault((one.resident, part), []).append(said)
            if one.hard:
                people.setdefault(one.resident, []).append(f"FAIL: {one.message}")
        if one.resident is not None and one.hard:
            astray.add(one.resident)
            broken.update((one.resident, part) for part in one.parts)
    notes_of = _joined(cells), _joined(people), _joined(services)
    return Marks(*notes_of, frozenset(broken), frozenset(astray))


def _hard_first(report: AuditReport) -> Iterator[tuple[RuleFinding, Violation]]:
    for hard in (True, False):
        for rule in report.rules:
            if rule.kind != WISHES:
                yield from ((rule, one) for one in rule.violations if one.hard == hard)


def _said(rule: RuleFinding, one: Violation) -> str:
    return f"{'FAIL' if one.hard else 'missed'}: {one.message}\nRule {rule.name}: {rule.sentence}"


def _joined(texts: Mapping[_Key, list[str]]) -> dict[_Key, str]:
    whole = {key: "\n\n".join(some) for key, some in texts.items()}
    return {k: f"{t[:_LONGEST]} ..." if len(t) > _LONGEST else t for k, t in whole.items()}
