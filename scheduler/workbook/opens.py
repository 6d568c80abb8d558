"""OPEN rows: the places nobody fills, for chiefs who find people outside the program."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from scheduler.problem.problem import Problem
from scheduler.schedule.schedule import Schedule
from scheduler.workbook.coverage import CoverageRow, coverage_rows, people_on
from scheduler.workbook.held import cells_of

OPEN = "OPEN"
#: The track of an OPEN row whose rule names none; ``Track`` is never blank.
ANY_TRACK = "any"


@dataclass(frozen=True)
class OpenRow:
    """One unfilled place; ``cells`` maps part index to the code that is missing there."""

    id: str
    pgy: str
    track: str
    cells: Mapping[int, str]


def open_rows(problem: Problem, schedule: Schedule) -> tuple[OpenRow, ...]:
    """As few rows as hold every place that the hard coverage rules miss.

    A place opened for a narrow rule (an intern in the MICU) also fills a wider
    one that is short in the same part (anyone in an ICU).
    """
    missing: list[tuple[CoverageRow, Counter[int]]] = []
    rules = [row for row in coverage_rows(problem) if row.hard and row.least]
    for rule in sorted(rules, key=lambda r: len(r.codes) * len(_wanted(r))):
        left = _missing(problem, schedule, rule)
        for narrow, places in missing:
            if narrow.codes <= rule.codes and _wanted(narrow) <= _wanted(rule):
                left -= places
        missing.append((rule, left))
    rows: list[OpenRow] = []
    for rule, places in sorted(missing, key=lambda pair: rules.index(pair[0])):
        for level in range(max(places.values(), default=0)):
            rows.append(_row(len(rows) + 1, rule, places, level))
    return tuple(rows)


def _missing(problem: Problem, schedule: Schedule, rule: CoverageRow) -> Counter[int]:
    """How many people ``rule`` lacks in each part."""
    cells = cells_of(problem, schedule, rule.held)
    there = {part: people_on(cells, rule, part) for part in rule.parts}
    short = {p: ceil(rule.least - n) for p, n in there.items() if n is not None}
    return Counter({part: count for part, count in short.items() if count > 0})


def _wanted(rule: CoverageRow) -> frozenset[int]:
    """Those of whom ``rule`` wants a number."""
    return rule.residents if rule.beside is None else frozenset(i for i, _ in rule.others)


def _row(number: int, rule: CoverageRow, places: Counter[int], level: int) -> OpenRow:
    code = ", ".join(sorted(rule.codes))
    who = rule.beside or rule.who
    return OpenRow(
        id=f"{OPEN}-{number}",
        pgy="/".join(map(str, who.pgy or ())),
        track=" or ".join(who.track or ()) or ANY_TRACK,
        cells={part: code for part, count in sorted(places.items()) if count > level},
    )
