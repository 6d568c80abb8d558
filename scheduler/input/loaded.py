"""What loading a program yields: the problem, and where everything in it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scheduler.input.document import Settings
from scheduler.input.faults import Place
from scheduler.input.policy import Document
from scheduler.input.rule_entries import RuleEntry
from scheduler.input.values import Setting, Values
from scheduler.problem.problem import Problem
from scheduler.problem.wish import Choice


@dataclass(frozen=True)
class Loaded:
    """A program that has no faults.

    ``documents`` are the policies, the farthest first, and the program last.
    ``rules`` are the rules as merged, by name; ``declined`` the wishes that a
    person declined; ``warnings`` lines for people about what is allowed but odd.
    """

    problem: Problem
    settings: Settings
    documents: tuple[Document, ...]
    values: Values
    rules: Mapping[str, RuleEntry]
    declined: tuple[Choice, ...] = ()
    warnings: tuple[str, ...] = ()

    def value(self, name: str, resident_id: str) -> Setting | None:
        """The value ``name`` has for a resident, with the level and place it came from."""
        return self.values.of(name, self.problem.resident_by_id[resident_id])

    def value_chain(self, name: str, resident_id: str) -> list[Setting]:
        """Every setting of ``name`` that reaches a resident, the nearest (which wins) first."""
        return self.values.chain(name, self.problem.resident_by_id[resident_id])

    def option(self, rule_name: str, option: str) -> Place | None:
        """Where an option of a rule was last set; None where it has its default."""
        return self.rules[rule_name].option(option)
