"""The list of rules; adding a rule touches its module and one line here."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from scheduler.rules.base import Rule

#: The kind of each rule with the module and class that hold it, in the order of the manual.
_RULES = {
    "coverage": ("coverage", "Coverage"),
    "requirement": ("requirement", "Requirement"),
    "share": ("share", "Share"),
    "eligibility": ("eligibility", "Eligibility"),
    "stay": ("stay", "Stay"),
    "spacing": ("spacing", "Spacing"),
    "window": ("window", "Window"),
    "gap": ("gap", "Gap"),
    "succession": ("succession", "Succession"),
    "prerequisite": ("prerequisite", "Prerequisite"),
    "vacation": ("vacation", "Vacation"),
    "holiday": ("holiday", "HolidayRule"),
    "request": ("request", "Request"),
    "lock": ("lock", "Lock"),
    "keep": ("keep", "Keep"),
    "leave": ("leave", "Leave"),
    "firm": ("firm", "Firm"),
    "hours": ("hours", "Hours"),
    "balance": ("balance", "Balance"),
    "together": ("together", "Together"),
    "apart": ("apart", "Apart"),
    "jeopardy": ("jeopardy", "Jeopardy"),
    "team": ("team", "TeamRule"),
}


def rule_kinds() -> tuple[str, ...]:
    """The names of all rules."""
    return tuple(_RULES)


def rule_class(kind: str) -> type[Rule]:
    """The class of the rule ``kind``; KeyError if there is none."""
    module, name = _RULES[kind]
    found: type[Rule] = getattr(import_module(f"scheduler.rules.{module}"), name)
    return found


def all_rules() -> Mapping[str, type[Rule]]:
    """Every rule's class by its kind."""
    return {kind: rule_class(kind) for kind in _RULES}
