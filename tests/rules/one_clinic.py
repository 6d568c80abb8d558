"""A small program to ask in: one person at a time in the clinic, the wishes rule of the policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from ruamel.yaml import YAML

from scheduler.input.faults import Place
from scheduler.input.installed import configs_folder
from scheduler.input.references import substitute
from scheduler.input.values import Setting
from scheduler.input.wishes import without_idle
from scheduler.problem.problem import Problem
from scheduler.problem.wish import Alternative, Choice, Lane, WishKind, WishStatus
from scheduler.rules.example import Example, Person, example_problem
from tests.rules.variants import build_rule

WEEKS = 4
#: An alternative: the week in which one wants to be there, and the rotation.
Wish = tuple[int, str]
#: What somebody asks for: choices, each a ranked list.
Asks = Sequence[Sequence[Wish]]

CLINIC, WARD, NEVER = "CLINIC", "WARD", "ICU"


@cache
def policy(name: str) -> Mapping[str, Any]:
    """A rule of the policy as it is installed, with its values put in."""
    path = configs_folder() / "internal-medicine.yaml"
    file = YAML(typ="safe", pure=True).load(path)
    values = {key: Setting(value, "", Place("")) for key, value in file["values"].items()}
    (rule,) = (one for one in file["rules"] if one.get("name") == name)
    found: Mapping[str, Any] = substitute(dict(rule), values)
    return found


def problem_of(
    asks: Sequence[Asks], carried: int = 0, forced: Mapping[str, Any] | None = None
) -> Problem:
    """One person at a time in the clinic, each once; nobody is ever in intensive care."""
    rules = [
        policy("wishes-rotations"),
        {"rule": "coverage", "rotations": CLINIC, "maximum": 1},
        {"rule": "requirement", "rotations": CLINIC, "maximum": 1},
        {"rule": "eligibility", "never": NEVER},
        *([forced] if forced else []),
    ]
    names = "ABCD"[: len(asks)]
    example = Example(
        "one clinic",
        rules[0],
        {name: " ".join([WARD] * WEEKS) for name in names},
        residents={"A": Person(carried={"denied": 7 * carried})},
        rotations=(WARD, CLINIC, NEVER),
        choices=tuple(choices_of(asks)),
    )
    problem = example_problem(example, tuple(map(build_rule, rules)))
    # What is impossible or asked for twice is left out, as when a program is read.
    nowhere = {
        (one.resident, one.name, wish.priority): Place("")
        for one in problem.choices
        for wish in one.alternatives
    }
    return without_idle(problem, nowhere)[0]


def choices_of(asks: Sequence[Asks]) -> list[Choice]:
    """The choices of everybody, numbered as they stand."""
    return [
        Choice(
            who,
            Lane.ROTATIONS,
            str(number),
            WishStatus.SUBMITTED,
            tuple(
                Alternative(rank, WishKind.ROTATION, parts=(week,), rotations=frozenset({code}))
                for rank, (week, code) in enumerate(listed, start=1)
            ),
        )
        for who, choices in enumerate(asks)
        for number, listed in enumerate(choices, start=1)
    ]
