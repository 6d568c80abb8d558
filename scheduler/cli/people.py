"""Finding the resident a person named by id or by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.input.faults import BadInput, Fault

if TYPE_CHECKING:
    from scheduler.problem.problem import Problem
    from scheduler.problem.resident import Resident


def find_resident(problem: Problem, who: str | None) -> Resident:
    """The resident with this id, or else this name; BadInput where none or several fit."""
    if who is None:
        raise BadInput([Fault("--resident", None, None, "say whose value", "give an id or a name")])
    if who in problem.resident_by_id:
        return problem.resident_by_id[who]
    named = [r for r in problem.residents if r.name.casefold() == who.strip().casefold()]
    if len(named) == 1:
        return named[0]
    what = (
        f"'{who}' is no resident's id or name" if not named else f"'{who}' names several residents"
    )
    todo = "give the id" if not named else f"give one of the ids {', '.join(r.id for r in named)}"
    raise BadInput([Fault("--resident", None, None, what, todo)])
