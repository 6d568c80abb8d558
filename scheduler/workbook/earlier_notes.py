"""What people should know of an earlier workbook that a schedule starts from; no fault is here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from scheduler.problem.problem import Problem
from scheduler.rules.words import counted, dated_weeks
from scheduler.workbook.layers import cell_text
from scheduler.workbook.read import Key, ReadBack

#: People or cells that are named before the rest is counted.
_NAMED = 8

Allowed = Mapping[Key, frozenset[str]]


def notes(problem: Problem, back: ReadBack, own: Allowed, locks: Allowed) -> tuple[str, ...]:
    """Everything worth a line: who came and went, what is gone, which locks are the file's own.

    ``own`` are its locks that the program does not say, ``locks`` all that may overrule
    what stands in a cell.
    """
    return (
        *back.notes,
        *_people(problem, back),
        *_retired(back),
        *_own_locks(problem, back, own),
        *_overruled(problem, back, locks),
    )


def _people(problem: Problem, back: ReadBack) -> Iterator[str]:
    if back.gone:
        listed = _listed([f"{id} ({name})" for id, name in back.gone.items()])
        yield f"{back.file}: no longer in the program, and left out: {listed}"
    if back.missing:
        people = [problem.residents[index] for index in back.missing]
        listed = _listed([f"{one.id} ({one.name})" for one in people])
        yield f"{back.file}: not in it, and scheduled anew: {listed}"


def _retired(back: ReadBack) -> Iterator[str]:
    cells = Counter(code for row in back.schedule.cells for code in row if code in back.retired)
    for code, count in sorted(cells.items()):
        cells_are = "its cell is" if count == 1 else f"its {count} cells are"
        yield f"{back.file}: {code} is no rotation of the program any more; {cells_are} empty now"


def _own_locks(problem: Problem, back: ReadBack, own: Allowed) -> Iterator[str]:
    parts: dict[tuple[int, frozenset[str]], list[int]] = {}
    for (index, part), codes in sorted(own.items(), key=lambda item: item[0]):
        parts.setdefault((index, codes), []).append(part)
    said = [
        f"{back.file}: {problem.residents[index].name} is locked to {cell_text(problem, codes)} "
        f"in {dated_weeks(problem.calendar, where)} on its hidden sheet Layers, not by the program"
        for (index, codes), where in parts.items()
    ]
    yield from said[:_NAMED]
    if len(said) > _NAMED:
        yield f"{back.file}: and {len(said) - _NAMED} more locks of its own"


def _overruled(problem: Problem, back: ReadBack, locks: Allowed) -> Iterator[str]:
    """Cells that say something else than they are locked to."""
    wrong = [
        (key, code)
        for key, codes in sorted(locks.items(), key=lambda item: item[0])
        if (code := back.schedule.cells[key[0]][key[1]]) and code not in codes
    ]
    for (index, part), code in wrong[:_NAMED]:
        lock = cell_text(problem, locks[index, part])
        yield f"{back.file}, {back.cell(index, part)}: {code}, but locked to {lock}; the lock holds"
    if len(wrong) > _NAMED:
        more = counted(len(wrong) - _NAMED, "cell")
        yield f"{back.file}: and {more} more that say something else than their lock"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
