"""Finding the resident a person named by id or by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from scheduler.input.faults import BadInput, Fault, nearest, nearest_id, quoted

if TYPE_CHECKING:
    from scheduler.problem.problem import Problem
    from scheduler.problem.resident import Resident

#: How alike (in percent) a name must be before it is suggested.
_ALIKE = 75
#: At most so many people are suggested.
_FEW = 4


def find_resident(problem: Problem, who: str | None) -> Resident:
    """The resident with this id, or else this name; BadInput where none or several fit."""
    if who is None:
        raise BadInput([Fault("--resident", None, None, "say whose value", "give an id or a name")])
    if who in problem.resident_by_id:
        return problem.resident_by_id[who]
    named = [r for r in problem.residents if r.name.casefold() == who.strip().casefold()]
    if len(named) == 1:
        return named[0]
    if named:
        what = f"{quoted(who)} names several residents"
        todo = f"give one of the ids {', '.join(r.id for r in named)}"
    else:
        what, todo = f"{quoted(who)} is no resident's id or name", _which(_meant(problem, who))
    raise BadInput([Fault("--resident", None, None, what, todo)])


def _which(meant: Sequence[Resident]) -> str:
    """What to do, with those who may be meant, if they are few."""
    if 0 < len(meant) <= _FEW:
        return f"did you mean {' or '.join(f'{quoted(r.name)} ({r.id})' for r in meant)}?"
    return "give the id, or the whole name as in the table"


def _meant(problem: Problem, who: str) -> list[Resident]:
    """Whose name has all these words; else whose id, name or word of a name is most like it."""
    words = _words(who)
    found = [r for r in problem.residents if words and words <= _words(r.name)]
    if found:
        return found
    ids = nearest_id(who, problem.resident_by_id)
    if ids:
        return [problem.resident_by_id[id] for id in ids]
    known: dict[str, list[Resident]] = {}
    for resident in problem.residents:
        for name in {_in_order(_words(resident.name)), *_words(resident.name)}:
            known.setdefault(name, []).append(resident)
    return [r for name in nearest(_in_order(words), known, _ALIKE) for r in known[name]]


def _words(name: str) -> frozenset[str]:
    """The words of a name: 'Last, First' and 'first last' have the same."""
    return frozenset(name.casefold().replace(",", " ").split())


def _in_order(words: Iterable[str]) -> str:
    return " ".join(sorted(words))
