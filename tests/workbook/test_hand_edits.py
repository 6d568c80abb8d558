"""After two hundred hand edits the red cells say what ``check`` finds, on both examples."""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import openpyxl
import pytest

from scheduler.audit.audit import AuditReport, audit
from scheduler.audit.structure import audit_structure
from scheduler.engine.settings import Settings
from scheduler.engine.solve import solve
from scheduler.input.load import load_program
from scheduler.problem.problem import Problem
from scheduler.schedule.schedule import Schedule
from scheduler.workbook.counters import counters
from scheduler.workbook.coverage import coverage_rows
from scheduler.workbook.layout import Layout
from scheduler.workbook.owed import owed
from scheduler.workbook.read import read_workbook
from scheduler.workbook.sheets.requirements import training_value
from scheduler.workbook.sheets.schedule_counters import NO_CODE
from tests.workbook.colours import AMBER, COLOURED, GREEN, PLAIN, RED, add_colours, colours_of
from tests.workbook.conftest import written
from tests.workbook.hand_edits import Hand
from tests.workbook.plausible import plausible
from tests.workbook.recalculate import all_saved_by_libreoffice, need_libreoffice

EXAMPLES = Path(__file__).parents[2] / "examples"
EDITS = 200
Rows = Sequence[tuple[object, ...]]
#: What is compared here, what their formulas refer to, and what else `check` reads.
KEPT = {*COLOURED, "Holidays", "Legend", "Layers", "Teams", "Jeopardy", "About"}


@dataclass(frozen=True)
class Judged:
    """A workbook as LibreOffice computes it, beside what the cells are meant to be."""

    problem: Problem
    meant: Schedule
    read: Schedule
    sheets: dict[str, Rows]

    @cached_property
    def report(self) -> AuditReport:
        return audit(self.problem, self.read)

    def colours(self) -> list[Rows]:
        return [self.sheets[colours_of(name)] for name in COLOURED]


def _judged(
    problem: Problem, hands: dict[str, Hand], path: Path, folder: Path
) -> dict[str, Judged]:
    """The workbook at ``path`` with the edits of each hand, recalculated in one go."""
    (folder / "in").mkdir()
    book = openpyxl.load_workbook(path)  # formulas only: every value must be computed anew
    for sheet in book.worksheets:
        if sheet.title not in KEPT:
            book.remove(sheet)
    add_colours(book)
    files = {}
    for name, hand in hands.items():
        hand.write(book)  # each hand goes on where the one before it ended
        files[name] = folder / "in" / f"{name}.xlsx"
        book.save(files[name])
    saved = all_saved_by_libreoffice(list(files.values()), folder)
    return {
        name: _opened(problem, hands[name], one) for name, one in zip(files, saved, strict=True)
    }


def _opened(problem: Problem, hand: Hand, path: Path) -> Judged:
    book = openpyxl.load_workbook(path, data_only=True, read_only=True)
    names = COLOURED
    sheets: dict[str, Rows] = {
        name: list(book[name].iter_rows(values_only=True))
        for name in (*names, *map(colours_of, names))
    }
    return Judged(problem, hand.now, read_workbook(path, problem).schedule, sheets)


def _copy(hand: Hand, seed: int) -> Hand:
    return Hand(hand.problem, hand.now, random.Random(seed))


def _is_valid(problem: Problem) -> Callable[[Schedule], bool]:
    """Whether the audit finds nothing hard; it stops at its first finding."""
    hard = [(bound.rule, bound.scope(problem)) for bound in problem.rules if bound.rule.hard]

    def valid(schedule: Schedule) -> bool:
        if any(audit_structure(problem, schedule)):
            return False
        for number, (rule, scope) in enumerate(hard):
            if any(found.hard for found in rule.audit(schedule, scope)):
                hard.insert(0, hard.pop(number))  # what is often broken is asked first
                return False
        return True

    return valid


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Judged]:
    """The tiny example solved, after 40 edits that keep every hard rule, and after 160 others."""
    need_libreoffice()
    problem, folder = load_program(EXAMPLES / "tiny").problem, tmp_path_factory.mktemp("tiny")
    schedule = solve(problem, Settings(time_limit=60, gap=1.0)).schedule
    assert schedule is not None
    untouched = Hand(problem, schedule, random.Random(1))
    legal = _copy(untouched, 2)
    for _ in range(40):
        legal.edit(_is_valid(problem))
    wild = _copy(legal, 3)
    for _ in range(EDITS - 40):
        wild.edit()
    path = written(problem, schedule, folder).path
    hands = {"tiny": untouched, "tiny-legal": legal, "tiny-wild": wild}
    return _judged(problem, hands, path, folder)


@pytest.fixture(scope="module")
def mgh(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Judged]:
    """The reference program with a schedule that is nearly staffed, and after 200 edits."""
    need_libreoffice()
    problem, folder = load_program(EXAMPLES / "mgh").problem, tmp_path_factory.mktemp("mgh")
    schedule = plausible(problem)
    untouched = Hand(problem, schedule, random.Random(1))
    wild = _copy(untouched, 4)
    for _ in range(EDITS):
        wild.edit()
    path = written(problem, schedule, folder).path
    return _judged(problem, {"mgh": untouched, "mgh-wild": wild}, path, folder)


@pytest.fixture(params=["tiny", "tiny-legal", "tiny-wild", "mgh", "mgh-wild"])
def judged(request: pytest.FixtureRequest) -> Judged:
    """Each workbook in turn."""
    found: dict[str, Judged] = request.getfixturevalue(request.param.split("-")[0])
    return found[request.param]


def test_every_edit_is_read_back(judged: Judged) -> None:
    """What was typed, in whatever case, is what `check` judges; so it finds every rule's misses."""
    assert judged.read.cells == judged.meant.cells
    found = Counter((v.rule, v.message) for v in judged.report.violations)
    duties = judged.read.duties
    meant = audit(judged.problem, Schedule(judged.meant.cells, judged.meant.grids, duties))
    assert found == Counter((v.rule, v.message) for v in meant.violations)


def test_nothing_is_red_while_edits_are_legal(tiny: dict[str, Judged]) -> None:
    """A hard rule that is kept is nowhere red."""
    for name in ("tiny", "tiny-legal"):
        assert not tiny[name].report.hard_violations
        cells = [cell for rows in tiny[name].colours() for row in rows for cell in row]
        assert RED not in cells


#: At most 74 hours a week can be worked in the tiny hospital, and 80 are allowed.
_CANNOT_BE_BROKEN = {"hours"}


def test_check_finds_hard_rules_of_every_kind(tiny: dict[str, Judged]) -> None:
    """The edits break most kinds; a whole year of one code breaks what is left."""
    one = tiny["tiny-wild"]
    kinds = {finding.kind for finding in one.report.hard_violations}
    for code in ("ICU", "NIGHT", "VAC"):
        rows = tuple((code,) * len(row) for row in one.meant.cells)
        report = audit(one.problem, Schedule(rows, one.meant.grids, one.read.duties))
        kinds |= {finding.kind for finding in report.hard_violations}
    hard = {bound.rule.rule for bound in one.problem.rules if bound.rule.hard}
    assert hard - kinds == _CANNOT_BE_BROKEN


def test_coverage_is_red_where_check_says_so(judged: Judged) -> None:
    """Red cells are the weeks of the findings of hard rules, amber ones those of soft rules."""
    rows, colours = judged.sheets["Schedule"], judged.sheets[colours_of("Schedule")]
    first = next(i for i, row in enumerate(rows) if row[:3] == ("Coverage", "Needs", "Result")) + 1
    missed = defaultdict[str, set[int]](set)
    for finding in judged.report.violations:
        missed[finding.rule].update(finding.parts)
    ruled = defaultdict[str, set[int]](set)
    for number, rule in enumerate(coverage_rows(judged.problem)):
        shown = colours[first + number]
        painted = {part for part in rule.parts if shown[3 + part] in (RED, AMBER)}
        assert all(shown[3 + part] == (RED if rule.hard else AMBER) for part in painted)
        assert shown[2] in (RED, AMBER) if painted else shown[2] not in (RED, AMBER)
        ruled[rule.rule] |= painted
    for name, parts in ruled.items():
        assert parts == _weeks_in(judged, name, missed[name]), name


def _weeks_in(judged: Judged, name: str, parts: set[int]) -> set[int]:
    """Without the findings of a vacation rule about one person."""
    kinds = {bound.rule.rule for bound in judged.problem.rules if bound.rule.name == name}
    if kinds != {"vacation"}:
        return parts
    return {p for v in judged.report.violations if v.rule == name and v.resident is None
            for p in v.parts}  # fmt: skip


def test_the_line_on_top_tells_wrong_from_not_as_wished(judged: Judged) -> None:
    """In words and colour: red with what is red below, amber with what is only amber below."""
    rows, colours = judged.sheets["Schedule"], judged.sheets[colours_of("Schedule")]
    first = next(i for i, row in enumerate(rows) if row[:3] == ("Coverage", "Needs", "Result")) + 1
    said: dict[object, list[str]] = {RED: [], AMBER: []}
    for row, colour in zip(rows[first:], colours[first:], strict=False):
        if colour[2] in said:
            said[colour[2]].append(f"{row[0]} {row[2]}")
            assert row[2] in (("SHORT", "OVER") if colour[2] == RED else ("low", "high"))
    top = next(i for i, row in enumerate(rows) if row[0] == "Name")
    check = rows[top].index("Check")
    people = Counter(colour[check] for colour in colours[top + 1 : first - 2])
    names = Counter(colour[0] for colour in colours[top + 1 : first - 2])
    assert [names[one] for one in (RED, AMBER)] == [people[one] for one in (RED, AMBER)]
    wrong, wished = (bool(said[one] or people[one]) for one in (RED, AMBER))
    text = str(rows[1][3]).removeprefix("Now: ")
    fine = "every service is within its limits, nobody is short"
    assert (text == fine) == (not wrong and not wished)
    hard, _, soft = text.removeprefix(fine).partition("allowed, but not as wished: ")
    assert hard.startswith("against hard rules: ") == wrong
    _tells(hard.removeprefix("against hard rules: ").removesuffix(". "), people[RED], said[RED])
    _tells(soft, people[AMBER], said[AMBER])
    word = "this is wrong:" if wrong else "not as wished:" if wished else "nothing is short"
    assert rows[1][0] == f"Now: {word}"
    assert colours[1][0] == (RED if wrong else AMBER if wished else GREEN)


def _tells(part: str, people: int, services: list[str]) -> None:
    """How many people (those without codes apart), then the services as far as there is room."""
    told = [one for one in part.split("; ") if re.match(r"1 person |\d+ people ", one)]
    counts = [int(one.split()[0]) for one in told]
    assert max(counts, default=0) <= people <= sum(counts)
    rest = part.removeprefix("; ".join(told)).removeprefix("; ")
    whole = "; ".join(services)
    assert rest == whole or (len(part) == 250 and whole.startswith(rest))


def test_counters_are_red_where_check_says_so(judged: Judged) -> None:
    """Requirements, vacation, shares: red or amber on both sheets for exactly those found."""
    lines = owed(judged.problem, judged.meant)
    named = {line.rule: line.hard for line in lines}
    missed = {
        (finding.rule, judged.problem.residents[finding.resident].id)
        for finding in judged.report.violations
        if finding.rule in named and finding.resident is not None
    }
    assert _red_requirements(judged, named) == missed
    assert _red_counters(judged) == {id for rule, id in missed if named[rule]}


def test_each_counter_has_the_colour_of_its_own_limits(judged: Judged) -> None:
    """The number that is too low or too high is red or amber, and not the one beside it."""
    rows, colours = judged.sheets["Schedule"], judged.sheets[colours_of("Schedule")]
    top = next(i for i, row in enumerate(rows) if row[0] == "Name")
    ids, first = rows[top].index("Id"), rows[top].index("Check") + 1
    people = {resident.id: resident.index for resident in judged.problem.residents}
    block = counters(owed(judged.problem, judged.meant))
    for row, colour in zip(rows[top + 1 :], colours[top + 1 :], strict=False):
        for column, counter in enumerate(block if row[ids] in people else (), start=first):
            word = counter.word(people[str(row[ids])], float(str(row[column])))
            hard = " SHORT" in word or " OVER" in word
            wanted = RED if hard else AMBER if word else PLAIN
            assert (colour[column] or PLAIN) == wanted, (row[ids], counter.title)


def test_requirements_count_the_year_and_the_years_before(judged: Judged) -> None:
    """Every number of this year and over training is what a schedule with these cells has."""
    layout, people = Layout(judged.problem, judged.meant), judged.problem.residents
    lines = owed(judged.problem, judged.meant)
    wanted = {(people[line.resident].id, line.rule, line.what): line for line in lines}
    titles, *rows = judged.sheets["Requirements"]
    *key, here, training = map(titles.index, ("Id", "Rule", "What", "This year", "Training"))
    for row in rows:
        line = wanted[str(row[key[0]]), str(row[key[1]]), str(row[key[2]])]
        assert float(str(row[here])) == pytest.approx(line.here)
        if line.training:
            assert float(str(row[training])) == pytest.approx(training_value(layout, line))


def _red_requirements(judged: Judged, named: dict[str, bool]) -> set[tuple[str, str]]:
    rows, colours = judged.sheets["Requirements"], judged.sheets[colours_of("Requirements")]
    column = {title: number for number, title in enumerate(rows[0])}
    painted = set()
    for row, colour in zip(rows[1:], colours[1:], strict=False):
        shown = colour[column["Status"]]
        if shown in (RED, AMBER):
            rule = str(row[column["Rule"]])
            assert shown == (RED if named[rule] else AMBER)
            painted.add((rule, str(row[column["Id"]])))
    return painted


def _red_counters(judged: Judged) -> set[str]:
    """Whoever has a red counter; the word beside them must be red then, or for want of codes."""
    rows, colours = judged.sheets["Schedule"], judged.sheets[colours_of("Schedule")]
    top = next(i for i, row in enumerate(rows) if row[0] == "Name")
    ids, word = rows[top].index("Id"), rows[top].index("Check")
    count = len(counters(owed(judged.problem, judged.meant)))
    people = {r.id for r in judged.problem.residents}
    red = set()
    for row, colour in zip(rows[top + 1 :], colours[top + 1 :], strict=False):
        if row[ids] in people:
            painted = RED in colour[word + 1 : word + 1 + count]
            uncounted = NO_CODE in str(row[word])
            assert (painted or uncounted) == (colour[word] == RED), row[ids]
            if painted:
                red.add(str(row[ids]))
    return red
