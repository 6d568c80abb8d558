"""Coverage rows: for each coverage rule the people counted in each part, as live formulas.

The numbers follow the rule's own definition, not its code: the recalculation
test compares them with the audit.
"""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.problem.problem import Problem
from scheduler.problem.rotation import VACATION
from scheduler.rules.base import BoundRule
from scheduler.rules.coverage import Coverage
from scheduler.rules.select import Who
from scheduler.rules.vacation import Vacation
from scheduler.workbook.book import Formula, quoted
from scheduler.workbook.held import Cells

_NO_LIMIT = 1_000_000


@dataclass(frozen=True)
class CoverageRow:
    """One rule on how many people there are; ``most`` is None without a maximum.

    ``held`` counts the place of a person on vacation or leave as taken.
    """

    rule: str
    who: Who
    rotations: tuple[str, ...]
    residents: frozenset[int]
    codes: frozenset[str]
    parts: tuple[int, ...]
    least: int
    most: int | None
    held: bool
    hard: bool

    @property
    def label(self) -> str:
        return f"{' + '.join(self.rotations)}: {self.who.words()}"

    @property
    def needs(self) -> str:
        """The limits in short: '6', '2-4', 'at least 3', 'at most 2'."""
        if self.most is None:
            return f"at least {self.least}"
        if self.least == self.most:
            return str(self.least)
        return f"{self.least}-{self.most}" if self.least else f"at most {self.most}"

    def is_short(self, people: int) -> bool:
        return people < self.least

    def is_over(self, people: int) -> bool:
        return self.most is not None and people > self.most


def coverage_rows(problem: Problem) -> tuple[CoverageRow, ...]:
    """A row for every coverage rule and every limit of vacation at once, in the program's order."""
    found = (_coverage_row(problem, bound) or _vacation_row(bound) for bound in problem.rules)
    return tuple(row for row in found if row is not None)


def _coverage_row(problem: Problem, bound: BoundRule) -> CoverageRow | None:
    rule = bound.rule
    if not isinstance(rule, Coverage):
        return None
    return CoverageRow(
        rule=rule.name or rule.rule,
        who=rule.who,
        rotations=tuple(rule.rotations),
        residents=frozenset(bound.residents),
        codes=problem.codes(rule.rotations),
        parts=bound.parts,
        least=rule.least,
        most=rule.most if rule.most < _NO_LIMIT else None,
        held=rule.count == "assigned",
        hard=rule.hard,
    )


def _vacation_row(bound: BoundRule) -> CoverageRow | None:
    """How many are on vacation at once; not where only some of their rotations count."""
    rule = bound.rule
    if not isinstance(rule, Vacation) or rule.inside:
        return None
    if (rule.at_once, rule.at_once_percent) == (None, None):
        return None
    return CoverageRow(
        rule=rule.name or rule.rule,
        who=rule.who,
        rotations=(VACATION,),
        residents=frozenset(bound.residents),
        codes=frozenset({VACATION}),
        parts=bound.parts,
        least=0,
        most=rule.limit(len(bound.residents)),
        held=False,
        hard=rule.hard,
    )


def people_on(cells: Cells, row: CoverageRow, part: int) -> int:
    """How many people ``row`` counts in ``part``; ``cells`` are held ones where the row says."""
    return sum(cells[index][part] in row.codes for index in row.residents)


def criterion(code: str) -> str:
    """``code`` as the criterion of COUNTIF: no wildcard, no comparison."""
    plain = code.replace("~", "~~").replace("*", "~*").replace("?", "~?")
    return quoted(f"={plain}" if plain[:1] in "<>=" else plain)


def people_formula(row: CoverageRow, cells: str, selection: str, people: int) -> Formula:
    """The live count of ``row``, now ``people``.

    ``cells`` is the range of everybody's cells in one part; ``selection`` the column
    that is 1 for those who count, empty where that is everyone in the range.
    """
    chosen = f",{selection},1" if selection else ""
    function = "COUNTIFS" if selection else "COUNTIF"
    counts = (f"{function}({cells},{criterion(code)}{chosen})" for code in sorted(row.codes))
    return Formula("=" + "+".join(counts), people)
