"""A rule's sentence with the names of people and the titles of holidays; knows no rule."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from scheduler.problem.problem import Problem
from scheduler.rules.base import Rule


def sentence_with_names(problem: Problem, rule: Rule) -> str:
    """The sentence of ``rule``: 'T08 (Sorrelwick, Naveen)' for T08, 'Christmas' for christmas."""
    ids = {*rule.resident_ids(), *(rule.who.resident or ())}
    said = {one.id: f"{one.id} ({one.name})" for one in problem.residents if one.id in ids}
    options = set(_texts(rule.model_dump()))
    said |= {one.name: one.title for one in problem.holidays if one.name in options}
    if not said:
        return rule.sentence()
    longest_first = sorted(map(re.escape, said), key=len, reverse=True)
    known = re.compile(rf"(?<!\w)({'|'.join(longest_first)})(?!\w)")
    return known.sub(lambda found: said[found[1]], rule.sentence())


def _texts(value: object) -> Iterator[str]:
    """Every text among the values of options."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from _texts(one)
