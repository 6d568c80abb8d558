"""Coverage rows: for each coverage rule the people counted in each part, as live formulas.

The numbers follow the rule's own definition, not its code: the recalculation
test compares them with the audit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cache, cached_property

from scheduler.problem.problem import Problem
from scheduler.problem.resident import WHOLE
from scheduler.problem.rotation import VACATION
from scheduler.rules.base import BoundRule
from scheduler.rules.coverage import Coverage
from scheduler.rules.select import Who
from scheduler.rules.vacation import Vacation
from scheduler.rules.words import either
from scheduler.workbook.book import Formula, quoted
from scheduler.workbook.held import Cells

_NO_LIMIT = 1_000_000

#: What each of some residents counts, in percent of a person.
People = frozenset[tuple[int, int]]


class Shown(Enum):
    """What the number of a row is."""

    PEOPLE = "people"
    COMPANY = "company"
    ROOM = "room"


@dataclass(frozen=True)
class CoverageRow:
    """One thing that a rule says of how many people there are; ``most`` is None without a maximum.

    ``held`` counts the place of a person on vacation or leave as taken.
    ``allowed`` are the only numbers there may be, where the rule lists them.  A
    row of ``COMPANY`` shows how many of ``others`` there are, and nothing where
    none of ``people`` is; one of ``ROOM`` how many more of ``people`` the
    ``others`` could take, ``each`` so many.  ``dated`` and ``dated_others`` are the
    parts in which those who are promoted inside the year count.
    """

    rule: str
    who: Who
    rotations: tuple[str, ...]
    people: People
    codes: frozenset[str]
    parts: tuple[int, ...]
    least: int
    most: int | None
    held: bool
    hard: bool
    allowed: tuple[int, ...] = ()
    shown: Shown = Shown.PEOPLE
    beside: Who | None = None
    others: People = frozenset()
    each: int = 0
    dated: Mapping[int, frozenset[int]] = field(default_factory=dict)
    dated_others: Mapping[int, frozenset[int]] = field(default_factory=dict)

    @cached_property
    def residents(self) -> frozenset[int]:
        """Indices of ``people``."""
        return frozenset(index for index, _ in self.people)

    def changes(self) -> Iterator[int]:
        """The first part, and every part in which other people count than before."""
        before = None
        for part in self.parts:
            here = self.at(part)
            if (here.people, here.others) != before:
                yield part
            before = here.people, here.others

    def at(self, part: int) -> CoverageRow:
        """This row with those who count in ``part``."""
        if not self.dated and not self.dated_others:
            return self
        people = (one for one in self.people if part in self.dated.get(one[0], {part}))
        others = (one for one in self.others if part in self.dated_others.get(one[0], {part}))
        return replace(self, people=frozenset(people), others=frozenset(others))

    @property
    def label(self) -> str:
        return f"{' + '.join(self.rotations)}: {self.people_words}"

    @property
    def people_words(self) -> str:
        """Who is counted; of a soft rule it is said that it only wishes."""
        return self._people if self.hard else f"{self._people} (wished)"

    @property
    def _people(self) -> str:
        others = "" if self.beside is None else self.beside.words()
        if self.shown is Shown.COMPANY:
            return f"{others} with {self.who.words()}"
        if self.shown is Shown.ROOM:
            return f"room for {self.who.words()}, {self.each} for each of {others}"
        return self.who.words()

    @property
    def listed(self) -> str:
        """The allowed numbers as a formula looks them up: ',0,2,'; empty where any is allowed."""
        return f",{','.join(map(str, self.allowed))}," if self.allowed else ""

    @property
    def needs(self) -> str:
        """The limits in short: '6', '2-4', 'at least 3', 'at most 2', '0 or 2'."""
        if self.allowed:
            return either(map(str, self.allowed))
        if self.most is None:
            return f"at least {self.least}"
        if self.least == self.most:
            return str(self.least)
        return f"{self.least}-{self.most}" if self.least else f"at most {self.most}"

    def is_short(self, people: float | None) -> bool:
        return people is not None and people < self.least

    def is_over(self, people: float | None) -> bool:
        return people is not None and self.most is not None and people > self.most

    def is_odd(self, people: float | None) -> bool:
        """Whether the number lies between two allowed ones."""
        return people is not None and bool(self.allowed) and people not in self.allowed


def coverage_rows(problem: Problem) -> tuple[CoverageRow, ...]:
    """Rows for every coverage rule and every limit of vacation at once, in the program's order."""
    return tuple(row for bound in problem.rules for row in _rows(problem, bound))


def _rows(problem: Problem, bound: BoundRule) -> Iterator[CoverageRow]:
    if isinstance(bound.rule, Coverage):
        yield from _coverage_rows(problem, bound, bound.rule)
    elif isinstance(bound.rule, Vacation):
        yield from _vacation_row(bound, bound.rule)


def _coverage_rows(problem: Problem, bound: BoundRule, rule: Coverage) -> Iterator[CoverageRow]:
    whole = CoverageRow(
        rule=rule.name or rule.rule,
        who=rule.who,
        rotations=tuple(rule.rotations),
        people=_people(problem, bound.residents),
        codes=problem.codes(rule.rotations),
        parts=bound.parts,
        least=rule.least,
        most=rule.most if rule.most < _NO_LIMIT else None,
        held=rule.count == "assigned",
        hard=rule.hard,
        dated=bound.dated,
        allowed=tuple(sorted(set(rule.allowed or ()))),
    )
    if rule.has_limits:
        yield whole
    for company in (rule.company, rule.per):
        if company is not None:
            members = company.members(problem)
            bare = replace(
                whole,
                allowed=(),
                most=None,
                beside=company.who,
                others=_people(problem, members),
                dated_others=_dated(problem, members),
            )
            if company is rule.company:
                yield replace(bare, shown=Shown.COMPANY, least=rule.company.at_least)
            elif rule.per is not None:
                yield replace(bare, shown=Shown.ROOM, least=0, each=rule.per.at_most)


def _people(problem: Problem, indices: Iterable[int]) -> People:
    return frozenset((index, problem.residents[index].counts) for index in indices)


def _dated(problem: Problem, members: Mapping[int, frozenset[int]]) -> Mapping[int, frozenset[int]]:
    """Those of ``members`` who are promoted inside the year."""
    return {i: parts for i, parts in members.items() if problem.residents[i].levels}


def _vacation_row(bound: BoundRule, rule: Vacation) -> Iterator[CoverageRow]:
    """How many are on vacation at once; not where only some of their rotations count."""
    if rule.inside or (rule.at_once, rule.at_once_percent) == (None, None):
        return
    yield CoverageRow(
        rule=rule.name or rule.rule,
        who=rule.who,
        rotations=(VACATION,),
        people=whole(bound.residents),
        codes=frozenset({VACATION}),
        parts=bound.parts,
        least=0,
        most=rule.limit(len(bound.residents)),
        held=False,
        hard=rule.hard,
        dated=bound.dated,
    )


def people_on(cells: Cells, row: CoverageRow, part: int) -> float | None:
    """The number of ``row`` in ``part``, None where it shows nothing.

    ``cells`` are held ones where the row says.
    """
    row = row.at(part)
    own = _count(cells, row, row.people, part)
    if row.shown is Shown.PEOPLE:
        return own
    others = _count(cells, row, row.others, part)
    if row.shown is Shown.ROOM:
        return row.each * others - own
    anybody = any(cells[index][part] in row.codes for index in row.residents)
    return others if anybody else None


def _count(cells: Cells, row: CoverageRow, people: People, part: int) -> float:
    percent = sum(counts for index, counts in people if cells[index][part] in row.codes)
    return percent // WHOLE if percent % WHOLE == 0 else percent / WHOLE


@cache
def criterion(code: str) -> str:
    """``code`` as the criterion of COUNTIF: no wildcard, no comparison."""
    plain = code.replace("~", "~~").replace("*", "~*").replace("?", "~?")
    return quoted(f"={plain}" if plain[:1] in "<>=" else plain)


def people_formula(
    row: CoverageRow, cells: str, selection: Callable[[People], str], people: float | None
) -> Formula:
    """The live number of ``row``, now ``people``.

    ``cells`` is the range of everybody's cells in one part; ``selection`` gives
    the column that says what each person counts, empty where all count as one.
    """
    own = _counted(row, cells, selection(row.people))
    if row.shown is Shown.PEOPLE:
        return Formula(f"={own}", people or 0)
    others = _counted(row, cells, selection(row.others))
    if row.shown is Shown.ROOM:
        return Formula(f"={row.each}*({others})-({own})", people or 0)
    anybody = _counted(row, cells, selection(heads(row.people)))
    return Formula(f'=IF({anybody}=0,"",{others})', "" if people is None else people)


def whole(residents: Iterable[int]) -> People:
    """These residents, each counted as one."""
    return frozenset((index, WHOLE) for index in residents)


def heads(people: People) -> People:
    """The same people, each counted as one."""
    return whole(index for index, _ in people)


def _counted(row: CoverageRow, cells: str, selection: str) -> str:
    if not selection:
        return "+".join(f"COUNTIF({cells},{criterion(code)})" for code in sorted(row.codes))
    codes = sorted(row.codes)
    return "+".join(f"SUMIF({cells},{criterion(code)},{selection})" for code in codes)
