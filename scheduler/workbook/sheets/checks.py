"""The Checks sheet: every rule in words, kept or missed, and each finding beneath."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from scheduler.audit.audit import AuditReport, RuleFinding
from scheduler.audit.violation import Violation
from scheduler.problem.problem import Problem
from scheduler.rules.words import counted, dated_weeks
from scheduler.workbook.book import (
    BAD,
    GOOD,
    MISSED,
    NOTE,
    TABLOID,
    TITLE,
    Book,
    Look,
    Sheet,
    lines_of,
)

TITLES = ("Rule", "Kind", "Result", "Amount", "Unit", "Cost", "Findings", "In words")
FINDING_TITLES = (
    "Rule",
    "Kind",
    "Result",
    "Amount",
    "Unit",
    "Cost",
    "When",
    "Finding",
    "Id",
    "Name",
)
_WIDTHS = (30, 19, 9, 9, 13, 8, 36, 92, 9, 26)
_WHEN, _WORDS = 6, 7
PASS, FAIL, MISS = "pass", "FAIL", "missed"
_LOOKS: dict[str, Look] = {PASS: GOOD, FAIL: BAD, MISS: MISSED}
_TOP: Look = {"valign": "top"}
_CENTRE: Look = {"align": "center"}
_COLUMN_LOOKS: dict[int, Look] = {
    **dict.fromkeys((2, 3, 5), _CENTRE),
    _WHEN: {"align": "left", "text_wrap": True},
    _WORDS: {"text_wrap": True},
}
_NO_UNIT = "finding"
#: More soft findings than this are counted, not listed.
_MOST_FINDINGS = 5000


def write_checks(book: Book, problem: Problem, report: AuditReport) -> None:
    """Rules that fail first, then those missed, then those kept; findings in the same order."""
    sheet = book.sheet("Checks", tab="C00000" if report.hard_violations else "70AD47")
    sheet.text(0, 0, _headline(report), TITLE)
    sheet.header(2, TITLES)
    units = {b.rule.name or b.rule.rule: b.rule.unit for b in problem.rules}
    rules = sorted(
        report.rules, key=lambda rule: (PASS, MISS, FAIL).index(result(rule)), reverse=True
    )
    row = 3
    for rule in rules:
        _write_rule(sheet, row, rule, units.get(rule.name, _NO_UNIT))
        row += 1
    sheet.raw.autofilter(2, 0, row - 1, len(TITLES) - 1)
    findings = [(rule, violation) for rule in rules for violation in rule.violations]
    if findings:
        said = f"{counted(len(findings), 'finding')}, one by one, from row {row + 4} on."
        sheet.text(1, 0, said, NOTE)
        _write_findings(sheet, row + 1, problem, findings, units)
    sheet.widths(_WIDTHS)
    sheet.raw.freeze_panes(3, 1)
    sheet.page((2, 2), 0, TABLOID)


def result(rule: RuleFinding) -> str:
    """'pass', 'FAIL' (a hard rule) or 'missed' (a soft one)."""
    if not rule.violations:
        return PASS
    return FAIL if any(violation.hard for violation in rule.violations) else MISS


def _headline(report: AuditReport) -> str:
    hard = len(report.hard_violations)
    if hard:
        return f"NOT VALID: {counted(hard, 'finding')} against hard rules. Cost {report.cost}."
    return f"Every hard rule holds. Cost {report.cost}."


def _write_rule(sheet: Sheet, row: int, rule: RuleFinding, unit: str) -> None:
    word = result(rule)
    values = (
        rule.name,
        _kind(rule),
        word,
        rule.amount,
        unit,
        rule.cost,
        len(rule.violations),
        rule.sentence,
    )
    _write_line(sheet, row, values, word)


def _write_line(sheet: Sheet, row: int, values: Iterable[str | int | None], word: str) -> None:
    """One row of either table, as high as its words need."""
    cells = tuple(values)
    highest = max((_WORDS, _WHEN), key=lambda at: lines_of(str(cells[at]), _WIDTHS[at]))
    sheet.fit(row, str(cells[highest]), _WIDTHS[highest])
    for column, value in enumerate(cells):
        look: Look = {**_TOP, **_COLUMN_LOOKS.get(column, {})}
        if column == 2:
            look = {**look, **_LOOKS[word]}
        sheet.put(row, column, value, look)


def _write_findings(
    sheet: Sheet,
    row: int,
    problem: Problem,
    findings: list[tuple[RuleFinding, Violation]],
    units: Mapping[str, str],
) -> None:
    sheet.text(row, 0, "Findings", TITLE)
    sheet.header(row + 1, FINDING_TITLES)
    for number, (rule, violation) in enumerate(findings[:_MOST_FINDINGS]):
        word = FAIL if violation.hard else MISS
        _write_line(sheet, row + 2 + number, _finding(problem, rule, violation, units), word)
    if len(findings) > _MOST_FINDINGS:
        more = len(findings) - _MOST_FINDINGS
        sheet.text(row + 2 + _MOST_FINDINGS, _WORDS, f"and {more} more of the same kind")


def _finding(
    problem: Problem, rule: RuleFinding, violation: Violation, units: Mapping[str, str]
) -> Iterator[str | int | None]:
    resident = None if violation.resident is None else problem.residents[violation.resident]
    yield violation.rule
    yield _kind(rule)
    yield FAIL if violation.hard else MISS
    yield violation.amount
    yield units.get(rule.name, _NO_UNIT)
    yield violation.cost
    yield dated_weeks(problem.calendar, violation.parts) if violation.parts else None
    yield violation.message
    yield resident.id if resident else None
    yield resident.name if resident else None


def _kind(rule: RuleFinding) -> str:
    return rule.kind if rule.hard else f"{rule.kind} (soft)"
