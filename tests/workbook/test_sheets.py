"""What stands on each sheet, as DESIGN 7 fixes it."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from scheduler.problem.rotation import AWAY, LEAVE, VACATION
from scheduler.workbook import write
from scheduler.workbook.coverage import coverage_rows, people_on
from scheduler.workbook.facts import NOT_VALID, RunFacts
from scheduler.workbook.opens import open_rows
from scheduler.workbook.target import TargetExistsError
from scheduler.workbook.write import write_workbook
from tests.workbook.conftest import FACTS, Case, written
from tests.workbook.edits import header_row, rows_of
from tests.workbook.hospital import hospital


@pytest.fixture(scope="module")
def book(valid: Case) -> openpyxl.Workbook:
    """The small hospital's workbook, formulas as text."""
    return openpyxl.load_workbook(valid.path)


@pytest.fixture(scope="module")
def schedule(book: openpyxl.Workbook) -> Worksheet:
    sheet: Worksheet = book["Schedule"]
    return sheet


def test_sheets(book: openpyxl.Workbook) -> None:
    """Schedule comes first, Layers is hidden, and only where nobody edits are cells merged."""
    assert book.sheetnames == [
        "Schedule", "Coverage", "Print", "Per rotation", "Per block", "Per resident",
        "Requirements", "Per requirement", "Fairness", "Charts", "Requests", "Holidays",
        "Per holiday", "Checks",
        "Legend", "Long", "About", "Layers",
    ]  # fmt: skip
    assert book["Layers"].sheet_state == "hidden"
    assert [sheet.title for sheet in book if sheet.merged_cells.ranges] == [
        "Print",
        "Per resident",
    ]


def test_schedule_columns(valid: Case, schedule: Worksheet) -> None:
    """Name, PGY and Track, then a column a week headed by its date, then Id and Holiday off."""
    parts = valid.problem.calendar.parts
    header: list[Any] = [cell.value for cell in schedule[header_row(schedule)]]
    assert header[:3] == ["Name", "PGY", "Track"]
    assert [day.date() for day in header[3 : 3 + len(parts)]] == [part.first for part in parts]
    assert all(isinstance(day, datetime) for day in header[3 : 3 + len(parts)])
    assert header[3 + len(parts) :][:3] == ["Id", "Holiday off", "Check"]
    assert schedule.freeze_panes == f"D{header_row(schedule) + 1}"


def test_a_year_of_weeks_stands_in_d_to_bc(tmp_path: Path) -> None:
    """Where no week is split, weeks 1-52 stand in columns D-BC."""
    case = written(*hospital({1: 2}, visitors=0, electives=3), tmp_path)
    sheet = openpyxl.load_workbook(case.path)["Schedule"]
    numbers = {cell.coordinate: cell.value for cell in sheet[4] if cell.value is not None}
    assert (numbers["D4"], numbers["BC4"]) == (1, 52)
    assert "BD4" not in numbers


def test_rows_above_the_header(valid: Case, schedule: Worksheet) -> None:
    """A line on how to read the sheet, week numbers, and a row of block numbers for each grid."""
    top = header_row(schedule)
    assert "sheet Legend" in str(schedule.cell(3, 4).value)
    above = {schedule.cell(row, 1).value: row for row in range(4, top)}
    assert set(above) == {"Week", "Block (two_week)"}
    blocks = [schedule.cell(above["Block (two_week)"], 4 + part).value for part in range(6)]
    assert blocks == [1, 1, 2, 2, 3, 3]


def test_a_row_for_everyone_and_one_empty_row(valid: Case, schedule: Worksheet) -> None:
    """People by PGY, visitors last, no row between; one empty row before the coverage rows."""
    first = header_row(schedule) + 1
    people = valid.problem.residents
    groups = [(schedule.cell(first + i, 2).value, schedule.cell(first + i, 3).value)
              for i in range(len(people))]  # fmt: skip
    assert all(track for _, track in groups)
    assert [pgy for pgy, _ in groups[:-2]] == sorted(r.pgy for r in people if not r.visitor)
    assert {track for _, track in groups[-2:]} == {"psychiatry", "neurology"}
    empty = [cell.value for cell in schedule[first + len(people)]]
    assert not any(empty)
    assert schedule.cell(first + len(people) + 1, 1).value == "Coverage"


def test_every_cell_holds_a_code(valid: Case, schedule: Worksheet) -> None:
    """A rotation's code, VAC, LEAVE or AWAY: nothing else, and never a blank."""
    first = header_row(schedule) + 1
    known = {*valid.problem.rotations, VACATION, LEAVE, AWAY}
    for row in range(first, first + len(valid.problem.residents)):
        for part in range(len(valid.problem.calendar.parts)):
            assert schedule.cell(row, 4 + part).value in known


def test_dropdowns_warn_and_do_not_forbid(schedule: Worksheet) -> None:
    """'WARD, MICU' may be typed although the dropdown offers single codes."""
    (validation,) = schedule.data_validations.dataValidation
    assert validation.type == "list"
    assert validation.errorStyle == "warning"
    assert str(validation.formula1).startswith("Legend!$A$2:$A$")


def test_colours_follow_the_legend(valid: Case, book: openpyxl.Workbook) -> None:
    """Each code has a conditional colour, the one its legend row shows."""
    legend = {row[0].value: row[3].value for row in book["Legend"].iter_rows(min_row=2)}
    assert set(legend) == {*valid.problem.rotations, VACATION, LEAVE, AWAY}
    found = {}
    for ranges in book["Schedule"].conditional_formatting:
        for rule in ranges.rules:
            if rule.type == "cellIs":
                found[rule.formula[0].strip('"')] = rule.dxf.fill.bgColor.rgb[-6:]
    assert found == legend


def test_live_formulas_are_plain(book: openpyxl.Workbook) -> None:
    """Only functions that Excel 2016, LibreOffice and Google Sheets share, none volatile."""
    plain = {
        "COUNTIF",
        "COUNTIFS",
        "SUMIF",
        "IF",
        "ROUND",
        "MID",
        "INDEX",
        "MATCH",
        "OR",
        "COUNTBLANK",
        "LEN",
        "SUBSTITUTE",
        "UPPER",
    }
    plain |= {"LARGE", "SUMIFS"}
    plain |= {"SUMPRODUCT", "ISNUMBER", "ISERROR", "IFERROR", "FIND", "TEXT"}
    used: set[str] = set()
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    text = str(cell.value)
                    used |= {word.split("(")[0] for word in _calls(text)}
                    assert len(text) < 8192
    assert used <= plain


def _calls(formula: str) -> list[str]:
    pieces = formula.replace("=", " ").replace("(", "( ")
    for mark in "+-&/*,<>)":
        pieces = pieces.replace(mark, " ")
    return [word for word in pieces.split() if word.endswith("(") and len(word) > 1]


def test_legend(book: openpyxl.Workbook) -> None:
    """Code, Rotation, Tags (separated by spaces) and Colour."""
    rows = rows_of(book, "Legend")
    assert rows[0] == ("Code", "Rotation", "Tags", "Colour")
    assert ("MICU", "Medical ICU", "heavy icu inpatient", "C00000") in rows


def test_holidays(valid: Case, book: openpyxl.Workbook) -> None:
    """One row for each person and holiday; who is absent, on leave or on vacation is not there."""
    rows = rows_of(book, "Holidays")
    assert rows[0] == ("Id", "Name", "Holiday", "Status", "Service")
    off = Counter(row[0] for row in rows[1:] if row[3] == "off")
    duties = valid.schedule.duties.items()
    assert off == Counter(
        valid.problem.residents[i].id for (i, _), d in duties if d.status == "off"
    )
    assert {row[3] for row in rows[1:]} == {"off", "on service", "pulled"}
    assert not {row[4] for row in rows[1:]} & {VACATION, LEAVE, AWAY}


def test_long_covers_every_day_once(valid: Case, book: openpyxl.Workbook) -> None:
    """The ranges of each person follow one another from the first day to the last."""
    rows = rows_of(book, "Long")
    assert rows[0][-1] == "stay_id"
    calendar = valid.problem.calendar
    for resident in valid.problem.residents:
        own = [row for row in rows[1:] if row[0] == resident.id]
        assert own[0][6].date() == calendar.first
        assert own[-1][7].date() == calendar.last
        for one, after in pairwise(own):
            assert (after[6] - one[7]).days == 1
            assert after[8] != one[8]


def test_a_stay_keeps_its_id_over_vacation(tmp_path: Path) -> None:
    """Vacation interrupts the dates of a stay, not the stay."""
    from dataclasses import replace

    problem, schedule = hospital({1: 1}, visitors=0, electives=3)
    row = ("CORE", "VAC", "CORE", "CORE", "MICU", "MICU", "CORE", *schedule.cells[0][7:])
    case = written(problem, replace(schedule, cells=(row,)), tmp_path)
    rows = rows_of(openpyxl.load_workbook(case.path), "Long", 2)
    found = [(row[8], row[13], row[11]) for row in rows[:5]]
    first = "R001:CORE:2026-06-29"
    assert found[0][1] == found[2][1] == first
    assert found[1] == ("VAC", "R001:VAC:2026-07-06", "vacation")
    assert found[4][1] != first


def test_vacation_ends_a_stay_that_allows_none(tmp_path: Path) -> None:
    """On a service without vacation the weeks after it are another stay; leave ends none."""
    from dataclasses import replace

    problem, schedule = hospital({1: 1}, visitors=0, electives=3)
    row = ["MICU"] * 2 + ["VAC"] * 2 + ["MICU"] * 2 + ["LEAVE"] * 2 + ["MICU"] * 2
    row += schedule.cells[0][len(row) :]
    case = written(problem, replace(schedule, cells=(tuple(row),)), tmp_path)
    ids = [one[13] for one in rows_of(openpyxl.load_workbook(case.path), "Long", 2)[:5]]
    assert ids[0] == "R001:MICU:2026-06-29"
    assert ids[2] == ids[4] == "R001:MICU:2026-07-27"


def test_open_rows(not_valid: Case) -> None:
    """Every missing person-week is in an OPEN row, in as few rows as there can be."""
    problem, schedule = not_valid.problem, not_valid.schedule
    rules = {row.rule: row for row in coverage_rows(problem)}
    short = {
        name: [max(0, rules[name].least - people_on(schedule.cells, rules[name], part))
               for part in rules[name].parts]
        for name in ("ward-intern", "ward-anyone")
    }  # fmt: skip
    # An intern who is found for the ward also is anyone there.
    more = [max(0, b - a) for a, b in zip(short["ward-intern"], short["ward-anyone"], strict=True)]
    rows = open_rows(problem, schedule)
    interns = [row for row in rows if row.pgy == "1"]
    others = [row for row in rows if row.pgy == ""]
    for found, places in ((interns, short["ward-intern"]), (others, more)):
        assert len(found) == max(places) > 0
        weeks = Counter(part for row in found for part in row.cells)
        assert weeks == +Counter(dict(enumerate(places)))
        assert {code for row in found for code in row.cells.values()} == {"BIG"}
    assert [row.id for row in rows] == [f"OPEN-{n}" for n in range(1, len(rows) + 1)]
    assert len(rows) == len(interns) + len(others)


def test_open_rows_are_shown(not_valid: Case) -> None:
    """They stand beneath the people, and nobody counts them."""
    sheet = openpyxl.load_workbook(not_valid.path)["Schedule"]
    shown = [row for row in sheet.iter_rows(values_only=True) if row[0] == "OPEN"]
    assert len(shown) == len(open_rows(not_valid.problem, not_valid.schedule))
    assert all(row[2] for row in shown)


def test_not_valid_is_said_first(valid: Case, not_valid: Case) -> None:
    """A schedule that misses hard rules says so in its first cell, and on About."""
    book = openpyxl.load_workbook(not_valid.path)
    assert str(book["Schedule"]["A1"].value).startswith(NOT_VALID)
    assert book["About"]["A2"].value == NOT_VALID
    assert NOT_VALID not in str(openpyxl.load_workbook(valid.path)["Schedule"]["A1"].value)


def test_title_and_what_is_short_have_a_row_each(valid: Case, not_valid: Case) -> None:
    """Beside one another the title of a schedule that is not valid ran into what is short."""
    for case in (valid, not_valid):
        top = openpyxl.load_workbook(case.path, data_only=True)["Schedule"]
        for row, begins in ((1, case.problem.name), (2, "Now: "), (3, "Codes are explained")):
            name, *said = [cell.value for cell in top[row] if cell.value is not None]
            assert len(str(name)) < 25
            assert begins in str(said[0])
            assert len(set(said)) == 1


def test_both_halves_of_the_year_have_their_title(valid: Case) -> None:
    """On paper the second half has a page of its own, where a title over the names is cut off."""
    top = openpyxl.load_workbook(valid.path, data_only=True)["Schedule"]
    (middle,) = [found.id for found in top.col_breaks.brk]
    for row in (1, 2, 3):
        assert [cell.column for cell in top[row] if cell.value is not None] == [1, 4, middle + 1]


@pytest.mark.parametrize(("count", "words"), [(1, "1 OPEN row below"), (2, "2 OPEN rows below")])
def test_one_open_row_is_said_as_one(
    not_valid: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int, words: str
) -> None:
    """The title counts the rows that stand below the people."""
    some = open_rows(not_valid.problem, not_valid.schedule)[:count]
    assert len(some) == count
    monkeypatch.setattr(write, "open_rows", lambda *_: some)
    case = written(not_valid.problem, not_valid.schedule, tmp_path, NOT_VALID)
    assert words in str(openpyxl.load_workbook(case.path)["Schedule"]["D1"].value)


def test_checks_tell_every_rule_and_finding(valid: Case, book: openpyxl.Workbook) -> None:
    """Each rule in words with pass or fail, and each finding with person and weeks."""
    rows = rows_of(book, "Checks")
    results = {row[0]: row[2] for row in rows[3 : 3 + len(valid.report.rules)]}
    for rule in valid.report.rules:
        wanted = "pass" if not rule.violations else "FAIL" if rule.hard else "missed"
        assert results[rule.name] == wanted
    messages = {row[7] for row in rows}
    assert messages >= {finding.message for finding in valid.report.violations}
    first = next(number for number, row in enumerate(rows, start=1) if row[6] == "When") + 1
    assert rows[1][0] == (
        f"{len(valid.report.violations)} findings, one by one, from row {first} on."
    )


def test_requests_never_name_anybody_else(valid: Case, book: openpyxl.Workbook) -> None:
    """A denial says why without naming another resident."""
    rows = rows_of(book, "Requests", 3)
    assert len(rows) == len(valid.problem.choices)
    names = {resident.name for resident in valid.problem.residents}
    ids = {resident.id for resident in valid.problem.residents}
    for row in rows:
        said = " ".join(str(value) for value in row[5:9] if value)
        assert not any(name in said for name in names)
        assert not ids & set(said.split())
        assert row[6] == "granted" or row[8]


def test_about_says_cost_and_inputs(book: openpyxl.Workbook) -> None:
    """About tells the cost with a yardstick and the inputs' hashes, and calls nothing a draft."""
    values = {row[0]: str(row[1]) for row in book["About"].iter_rows(values_only=True)}
    assert values["In words"].startswith("Cost 412, and no schedule can be below 409.")
    assert "choice costs" in values["In words"]
    assert "ab" * 32 in values["program"]
    assert "State" not in values
    assert values["Seed"] == "1"


def test_the_same_twice(valid: Case, tmp_path: Path) -> None:
    """The same schedule gives the same file, byte for byte."""
    again = written(valid.problem, valid.schedule, tmp_path)
    assert again.path.read_bytes() == valid.path.read_bytes()


def test_an_existing_workbook_is_kept(valid: Case, tmp_path: Path) -> None:
    """Without force the file that is there stays as it is."""
    path = tmp_path / "schedule.xlsx"
    path.write_bytes(b"mine")
    with pytest.raises(TargetExistsError):
        write_workbook(path, valid.problem, valid.schedule, valid.report, FACTS)
    assert path.read_bytes() == b"mine"


def test_about_draws_the_search(valid: Case, tmp_path: Path) -> None:
    """A chart of cost and bound in steps; each value holds until the next, the last to the end."""
    book = openpyxl.load_workbook(valid.path)
    (chart,) = book["About"]._charts
    lines = [
        [
            [cell.value for (cell,) in book["About"][reference.numRef.f.split("!")[1]]]
            for reference in (series.xVal, series.yVal)
        ]
        for series in chart.series
    ]
    assert lines[0] == [[4.2, 9.0, 9.0, 30.0, 30.0, 60.0], [800, 800, 430, 430, 412, 412]]
    assert lines[1][1] == [0, 0, 400, 400, 405, 405, 409, 409]
    assert lines[1][0][-1] == 60.0


def test_about_draws_nothing_without_a_search(valid: Case, tmp_path: Path) -> None:
    """Where no schedule was searched for, there is no empty picture."""
    path = tmp_path / "schedule.xlsx"
    write_workbook(path, valid.problem, valid.schedule, valid.report, RunFacts())
    assert not openpyxl.load_workbook(path)["About"]._charts


def test_coverage_is_a_heat_map(valid: Case) -> None:
    """Between the limits there are three looks: just enough, more, and full."""
    sheet = openpyxl.load_workbook(valid.path)["Coverage"]
    looks = {}
    for ranges in sheet.conditional_formatting:
        for rule in ranges.rules:
            if rule.dxf is not None and rule.dxf.fill is not None:
                looks[rule.formula[0]] = rule.dxf.fill.bgColor.rgb[-6:]
    (full,) = [colour for formula, colour in looks.items() if re.search(r"E4=\$\w+4\)$", formula)]
    (room,) = [colour for formula, colour in looks.items() if re.search(r"E4>.*E4<", formula)]
    assert len({full, room, "E2EFDA"}) == 3
