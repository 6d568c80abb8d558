"""The audit is independent: it knows no solver, and shares with the model no more than options."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys

import pytest

from scheduler.rules.registry import rule_class, rule_kinds

IMPORT_ALL = """
import sys
import scheduler.audit.audit
from scheduler.rules.registry import all_rules
all_rules()
assert "ortools" not in sys.modules, "the audit loads the solver"
"""


def test_audit_loads_no_solver() -> None:
    """Auditing a schedule needs no solver, not even to import it."""
    subprocess.run([sys.executable, "-c", IMPORT_ALL], check=True)


def _functions(kind: str) -> dict[str, ast.FunctionDef]:
    """The functions of a rule's module and the methods of its class, by name."""
    one = rule_class(kind)
    module = ast.parse(inspect.getsource(sys.modules[one.__module__]))
    classes = [n for n in module.body if isinstance(n, ast.ClassDef) and n.name == one.__name__]
    nodes = [*module.body, *(node for found in classes for node in found.body)]
    return {node.name: node for node in nodes if isinstance(node, ast.FunctionDef)}


def _reached(functions: dict[str, ast.FunctionDef], start: str) -> set[str]:
    """The functions that ``start`` may call, directly or not."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name in functions and name not in seen:
            seen.add(name)
            nodes = list(ast.walk(functions[name]))
            waiting += [node.attr for node in nodes if isinstance(node, ast.Attribute)]
            waiting += [node.id for node in nodes if isinstance(node, ast.Name)]
    return seen


@pytest.mark.parametrize("kind", rule_kinds())
def test_model_and_audit_share_no_helper_that_sees_model_or_schedule(kind: str) -> None:
    """What both use may read the rule's options and the problem, nothing that is judged."""
    functions = _functions(kind)
    posted = _reached(functions, "post") | _reached(functions, "post_teams")
    for name in posted & _reached(functions, "audit"):
        arguments = {argument.arg for argument in functions[name].args.args}
        assert not arguments & {"year", "schedule", "row", "cells", "linear"}, name


@pytest.mark.parametrize("kind", rule_kinds())
def test_audit_calls_nothing_of_the_model(kind: str) -> None:
    """No function that the audit reaches uses what the module imports from the model."""
    one = rule_class(kind)
    functions = _functions(kind)
    module = ast.parse(inspect.getsource(sys.modules[one.__module__]))
    model = {
        alias.asname or alias.name
        for node in module.body
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("scheduler.model")
        for alias in node.names
    }
    for name in _reached(functions, "audit"):
        used = {node.id for node in ast.walk(functions[name]) if isinstance(node, ast.Name)}
        assert not used & model, name
