"""The results as a page: one line for each program and method, and how times grow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tests.benchmarks.distances import (
    GAPS,
    SECONDS,
    Program,
    Record,
    at,
    distance,
    first_schedule,
    growth,
    programs,
    time_to,
)

PAGE = Path(__file__).resolve().parent / "RESULTS.md"
_UNKNOWN = "-"

_HEAD = """\
# Results of the benchmark

Written by `python -m tests.benchmarks table` from `results.jsonl`; rerun it all with
`python -m tests.benchmarks run` (hours), or a part such as
`python -m tests.benchmarks run 'blocks-50-*' --seconds 60`.

Each solve ran in a process of its own, one after another. Seconds count from the start of that
process: reading the program and building the model are in them, writing a workbook is not. All
methods had the same model, workers and time: **engine** is this project's, **cp-sat** is CP-SAT on
the whole model with its default parameters, **highs** is HiGHS as a MIP through MathOpt. **bound**
makes a schedule in a fifth of its time and works at the bound alone in the rest (its limit is its
own): how far from the best possible the others are is seen best against that.

A cell shows *cost / bound (distance)*. The distance is (cost - best bound that any method proved) /
at stake, the gap of `solve --json`, so that all methods are measured against the same bound.
*to 5%* is the first second within that distance. Memory is that of all processes together, at its
highest. "-" means not reached, or beyond the time given.

`tight` programs leave exactly the room a hidden roster uses, `loose` ones somewhat more; both can
be solved by construction. `mgh` is the example, at its own size (200) and scaled by its own
generator (which promises no schedule).
"""


def page(records: Sequence[Record]) -> str:
    """The whole page as Markdown."""
    found = programs(records)
    lines = [_HEAD, *_where(records), "", *_table(found)]
    for gap in GAPS[:1]:
        lines += ["", *_growth(found, gap)]
    lines += ["", *_faults(found)] if any(_faults(found)) else []
    return "\n".join(lines) + "\n"


def _where(records: Sequence[Record]) -> Iterator[str]:
    """The machines and versions, each once."""
    yield "## Machine and versions"
    yield ""
    said = {}
    for record in records:
        known = ", ".join(f"{name} {number}" for name, number in record["versions"].items())
        said[record["machine"], known, record["workers"]] = record["at"][:10]
    for (machine, known, workers), day in said.items():
        yield f"- {machine}; {known}; {workers} workers (last on {day})"


def _table(found: Sequence[Program]) -> Iterator[str]:
    yield "## Programs"
    yield ""
    heads = ["program", "best", "method", "first schedule"]
    heads += [f"at {second} s" for second in SECONDS]
    heads += [f"to {gap:.1%}".replace(".0%", "%") for gap in GAPS]
    heads += ["memory", "ended"]
    yield _row(heads)
    yield _row(["---"] * len(heads))
    for program in found:
        for number, record in enumerate(program.records):
            yield _row([*_names(program, record, number == 0), *_numbers(program, record)])


def _names(program: Program, record: Record, first: bool) -> list[str]:
    """Name and best of a program, in its first line only; the method."""
    if not first:
        return ["", "", record["method"]]
    people = f"{record.get('residents', record['size'])} residents"
    people += f" + {record['visitors']} visitors" if record.get("visitors") else ""
    columns = f", {record['columns']:,} columns" if record.get("columns") else ""
    best = f"{_shown(program.cost)} / {_shown(program.bound)}"
    return [f"**{program.name}** ({people}{columns})", best, record["method"]]


def _numbers(program: Program, record: Record) -> Iterator[str]:
    yield _seconds(first_schedule(record))
    for second in SECONDS:
        yield _state(program, record, second)
    for gap in GAPS:
        yield _seconds(time_to(record, gap, program.bound))
    yield f"{record['peak_mib']:,} MiB"
    limit = f"{record['limit']:g} s"
    ended = f"{record['ended']:.0f} s" if "ended" in record else limit
    yield f"{record['status']}, {ended}"


def _state(program: Program, record: Record, second: float) -> str:
    found = at(record, second)
    if found is None:
        return _UNKNOWN
    far = distance(record, found[0], program.bound)
    words = "" if far is None else f" ({far:.2%})"
    return f"{_shown(found[0])} / {_shown(found[1])}{words}"


def _growth(found: Sequence[Program], gap: float) -> Iterator[str]:
    yield f"## How the time to {gap:.0%} grows"
    yield ""
    yield "Seconds = a x (residents / 100) ^ b, fitted to the programs that came so far."
    yield ""
    yield _row(["shape", "method", "reached", "a (s)", "b"])
    yield _row(["---"] * 5)
    shapes = sorted({program.records[0]["shape"] for program in found})
    for shape in ["all", *shapes]:
        own = [p for p in found if shape in ("all", p.records[0]["shape"])]
        for line in growth(own, gap):
            seconds = _UNKNOWN if line.seconds is None else f"{line.seconds:.1f}"
            power = _UNKNOWN if line.power is None else f"{line.power:.2f}"
            yield _row([shape, line.method, f"{line.reached} of {line.tried}", seconds, power])


def _faults(found: Sequence[Program]) -> list[str]:
    """What must not happen: solves that failed, invalid schedules, contradicting bounds."""
    lines = []
    for program in found:
        if program.lies:
            lines.append(
                f"- {program.name}: a bound of {program.bound} lies above a valid schedule"
            )
        for record in program.records:
            if record["status"] in ("failed", "killed", "infeasible"):
                lines.append(f"- {program.name}, {record['method']}: {record['status']}")
            if record.get("hard_violations"):
                lines.append(f"- {program.name}, {record['method']}: its schedule is not valid")
    return ["## What went wrong", "", *lines] if lines else []


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _shown(value: int | None) -> str:
    return _UNKNOWN if value is None else str(value)


def _seconds(value: float | None) -> str:
    return _UNKNOWN if value is None else f"{value:.1f} s"
