"""Tables as Excel workbooks: cells are text, formulas and bombs are refused."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from scheduler.input import workbook_file
from scheduler.input.load import load_program
from tests.input.tiny import TABLES, change, faults_of, write_tiny

P = "program.yaml"


def write_workbook(folder: Path, **sheets: list[list[Any]]) -> None:
    """residents.xlsx with these sheets, and the program reading it."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    write_tiny(folder)
    book.save(folder / "residents.xlsx")
    change(folder, P, "residents: residents.csv", "residents: residents.xlsx")


def rows_of(table: str) -> list[list[Any]]:
    """A table of the tiny program as rows of cells."""
    return [list(row) for row in csv.reader(io.StringIO(TABLES[table]))]


def test_workbook_is_read_as_text(tmp_path: Path) -> None:
    """Numbers are whole again, dates are ISO, and a name with a sign before it is a name."""
    rows = rows_of("residents.csv")
    rows[1][2], rows[2][2] = 1, 2.0
    write_workbook(tmp_path, people=rows)
    problem = load_program(tmp_path).problem
    assert [resident.pgy for resident in problem.residents] == [1, 2, 3, 1]
    assert "residents.xlsx" in problem.sources


def test_sheet_of_the_tables_name_is_read(tmp_path: Path) -> None:
    """One workbook may hold several tables, each on a sheet of its name."""
    write_workbook(
        tmp_path,
        notes=[["anything"]],
        residents=rows_of("residents.csv"),
        leave=rows_of("leave.csv"),
    )
    change(tmp_path, P, "leave: leave.csv", "leave: residents.xlsx")
    assert load_program(tmp_path).problem.residents[1].leave


def test_dates_of_a_workbook(tmp_path: Path) -> None:
    """A cell that holds a date is that date."""
    leave = rows_of("leave.csv")
    leave[1][1], leave[1][2] = date(2027, 1, 4), datetime(2027, 1, 17)
    write_workbook(tmp_path, residents=rows_of("residents.csv"), leave=leave)
    change(tmp_path, P, "leave: leave.csv", "leave: residents.xlsx")
    assert load_program(tmp_path).problem.residents[1].leave == {27, 28}


def test_leading_zeros_that_are_shown_are_kept(tmp_path: Path) -> None:
    """A number shown with leading zeros is read as it is shown."""
    write_workbook(
        tmp_path, residents=[*rows_of("residents.csv"), [7, "Bond", 1, "categorical", ""]]
    )
    book = openpyxl.load_workbook(tmp_path / "residents.xlsx")
    book.worksheets[0]["A5"].number_format = "000"
    book.save(tmp_path / "residents.xlsx")
    assert load_program(tmp_path).problem.residents[3].id == "007"


def test_formula_is_refused(tmp_path: Path) -> None:
    """What a formula shows depends on who saved it last."""
    rows = rows_of("residents.csv")
    rows[2][1] = "=A1"
    write_workbook(tmp_path, residents=rows)
    assert faults_of(tmp_path) == [
        "residents.xlsx:3: the cell B3 holds a formula; put the text itself there"
    ]


def test_error_value_is_refused(tmp_path: Path) -> None:
    """A cell that shows #N/A is no text."""
    rows = rows_of("residents.csv")
    rows[2][4] = "#N/A"
    write_workbook(tmp_path, residents=rows)
    assert faults_of(tmp_path) == [
        "residents.xlsx:3: the cell E3 holds an error value; put the text itself there"
    ]


def test_bad_cell_of_a_workbook_has_its_row(tmp_path: Path) -> None:
    """Faults in a workbook name its file and row."""
    rows = rows_of("residents.csv")
    rows[2][3] = "primary-car"
    write_workbook(tmp_path, residents=[rows[0], rows[1], [], rows[2], rows[3]])
    assert faults_of(tmp_path) == [
        "residents.xlsx:4: track 'primary-car' is not a track of this program; "
        "did you mean 'primary-care'?"
    ]


@pytest.mark.parametrize("content", [b"", b"id,name\n", b"PK\x03\x04broken", bytes(range(256)) * 9])
def test_no_workbook(tmp_path: Path, content: bytes) -> None:
    """Bytes with the name of a workbook are one fault."""
    write_workbook(tmp_path, residents=rows_of("residents.csv"))
    (tmp_path / "residents.xlsx").write_bytes(content)
    assert faults_of(tmp_path) == [
        "residents.xlsx: is not an Excel workbook; save it as .xlsx, or as .csv"
    ]


def test_archive_that_is_no_workbook(tmp_path: Path) -> None:
    """A zip file without sheets is one fault."""
    write_workbook(tmp_path, residents=rows_of("residents.csv"))
    with zipfile.ZipFile(tmp_path / "residents.xlsx", "w") as packed:
        packed.writestr("hello.txt", "hello")
    assert faults_of(tmp_path) == [
        "residents.xlsx: is damaged and cannot be read; open it in Excel and save it anew"
    ]


def test_zip_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A workbook that would fill the memory is not unpacked."""
    monkeypatch.setattr(workbook_file, "LARGEST_UNPACKED", 100_000)
    write_workbook(tmp_path, residents=rows_of("residents.csv"))
    with zipfile.ZipFile(tmp_path / "residents.xlsx", "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/bomb.xml", b"0" * 200_000)
    assert faults_of(tmp_path) == [
        "residents.xlsx: unpacks to more than 100,000 bytes; "
        "remove the sheets and pictures that are not needed"
    ]


def test_other_kinds_of_table_are_refused(tmp_path: Path) -> None:
    """Only CSV and XLSX are tables."""
    write_tiny(tmp_path)
    (tmp_path / "residents.csv").rename(tmp_path / "residents.ods")
    change(tmp_path, P, "residents: residents.csv", "residents: residents.ods")
    assert faults_of(tmp_path) == [
        "residents.ods: '.ods' is not a kind of table; use .csv or .xlsx"
    ]
