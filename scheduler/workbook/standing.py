"""Standing cells: the rotation of each block of a person, as stays are counted from them.

A block of leave, and the clinic weeks of a grid, are passed over: a stay goes on behind them.
So does one on a rotation that allows vacation behind a block of vacation, which has a standing
cell of its own.  A block without a rotation ends it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import groupby

from scheduler.problem.grid import Block
from scheduler.problem.rotation import AWAY, LEAVE, VACATION
from scheduler.workbook.book import Formula, quoted

ENDED, PASSED = "-", ""
_NO_ROTATION = ("", VACATION, LEAVE, AWAY)


def standing_row(
    row: Sequence[str], blocks: Sequence[Block], rotations: Collection[str], parts: Collection[int]
) -> list[str]:
    """For each of ``blocks`` its rotation in one ``row`` of codes; ended outside ``parts``."""
    found = []
    for block in blocks:
        here = [row[part] for part in block.parts if row[part] != AWAY]
        on = [code for code in here if code in rotations]
        if not here or set(parts).isdisjoint(block.parts):
            found.append(ENDED)
        elif block.assigned or set(here) == {LEAVE}:
            found.append(PASSED)
        elif on:
            found.append(on[0])
        else:
            found.append(VACATION if set(here) <= {VACATION, LEAVE} else ENDED)
    return found


def begun(standing: Sequence[str], codes: Collection[str], allowing: Collection[str]) -> int:
    """The number of stays on ``codes``, each by itself; those ``allowing`` vacation outlast it."""
    total = 0
    for code in codes:
        passed = {PASSED, VACATION} if code in allowing else {PASSED}
        total += sum(one == code for one, _ in groupby(s for s in standing if s not in passed))
    return total


def standing_formula(block: Block, cells: Sequence[str], value: str) -> Formula:
    """The live standing cell of ``block``; ``cells`` are those of its parts, in order."""
    run = f"{cells[0]}:{cells[-1]}"
    ends = f"COUNTIF({run},{quoted(AWAY)})={len(cells)}"
    if not block.assigned:
        ends = f"OR({ends},COUNTBLANK({run})>0)"
    found = quoted(PASSED)
    if not block.assigned:
        found = f"IF(COUNTIF({run},{quoted(VACATION)})>0,{quoted(VACATION)},{found})"
    found = f"IF({ends},{quoted(ENDED)},{found})"
    for cell in () if block.assigned else reversed(cells):
        nothing = ",".join(f"{cell}={quoted(text)}" for text in _NO_ROTATION)
        found = f"IF(OR({nothing}),{found},{cell})"
    return Formula(f"={found}", value)


def line_formula(cells: Sequence[str], standing: Sequence[str]) -> Formula:
    """All standing cells of a person in one text, without those passed over."""
    terms = (f'IF({cell}="","","<"&{cell}&"::"&{cell}&">")' for cell in cells)
    value = "".join(f"<{code}::{code}>" for code in standing if code != PASSED)
    return Formula(f"=UPPER({'&'.join(terms)})", value.upper())


def begun_formula(
    line: str, codes: Sequence[str], allowing: Collection[str], value: float
) -> Formula:
    """The number of stays in the text of cell ``line``: each block less those that go on."""
    terms = []
    outlasting = f'SUBSTITUTE({line},{quoted(f"<{VACATION}::{VACATION}>")},"")'
    for code in codes:
        text, name = outlasting if code in allowing else line, code.upper()
        one, pair = f"<{name}::{name}>", f":{name}><{name}:"
        terms += [f"+{_often(text, one)}", f"-{_often(text, pair)}"]
    return Formula(f"={''.join(terms).removeprefix('+') or '0'}", value)


def _often(line: str, text: str) -> str:
    return f'(LEN({line})-LEN(SUBSTITUTE({line},{quoted(text)},"")))/{len(text)}'
