"""How loose each rule is, as a page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.looseness import MOST_PRICE, WEIGHT, Looseness, Measured

PAGE = Path(__file__).resolve().parent / "LOOSENESS.md"

_HEAD = f"""\
# How loose each rule leaves the linear relaxation

Written by `python -m tests.benchmarks looseness`; run it again after a rule was rephrased (names of
rules measure only those, `--programs ''` leaves out the generated programs).

Each rule's examples are taken in all shapes of the tests (other blocks, split weeks, leave, two
grids ...), with prices 0 to {MOST_PRICE} drawn for every choice, so that something pulls against
the rule; a missed unit of a soft rule costs {WEIGHT}.
The relaxation is solved exactly (simplex of HiGHS), the optimum is proven by CP-SAT.

*exact* are the cases in which the relaxation, rounded up, is the optimum. The gap is (optimum -
relaxation) / optimum; *without* is the mean gap of the same cases when the rule is taken out.
"""


_PROGRAMS = """\
## Generated programs, one kind of soft rule at a time

All hard rules stay. The gap is (best cost - relaxation) / at stake; *best bound* is the better of
what CP-SAT and HiGHS proved in the time given, so that the true optimum lies between it and the
best cost.
"""


def page(rules: Sequence[Looseness], programs: Sequence[Measured]) -> str:
    """The whole page as Markdown."""
    lines = [_HEAD]
    lines.append("| rule | as | cases | exact | mean gap | without | worst gap | worst case |")
    lines.append("| --- | --- | --- | --- | --- | --- | --- | --- |")
    lines += map(rule_line, rules)
    if programs:
        lines += ["", _PROGRAMS]
        lines.append("| program | relaxation | best bound | best cost | gap | proven |")
        lines.append("| --- | --- | --- | --- | --- | --- |")
        lines += map(program_line, programs)
    return "\n".join(lines) + "\n"


def rule_line(one: Looseness) -> str:
    """One line of the table of rules."""
    worst = one.worst
    words = f"{worst.case}: {worst.relaxation:.2f} of {worst.optimum}" if worst.gap else ""
    return (
        f"| {one.kind} | {'soft' if one.soft else 'hard'} | {len(one.cases)} "
        f"| {one.exact / len(one.cases):.0%} | {one.mean:.2%} | {one.without:.2%} "
        f"| {worst.gap:.1%} | {words} |"
    )


def program_line(one: Measured) -> str:
    """One line of the table of generated programs."""
    proven = "yes" if one.proven else "no"
    return (
        f"| {one.case} | {one.relaxation:.1f} | {one.bound} | {one.optimum} "
        f"| {one.gap:.2%} | {proven} |"
    )
