"""Files that are no workbook, or mean harm, are refused within limits."""

from __future__ import annotations

import io
import time
import tracemalloc
import zipfile
from pathlib import Path

import openpyxl
import pytest

from scheduler.input.faults import BadInput
from scheduler.workbook.read import read_workbook
from scheduler.workbook.reading import opened
from tests.workbook.conftest import Case


def refused(case: Case, path: Path) -> str:
    """The one fault reported about ``path``."""
    with pytest.raises(BadInput) as caught:
        read_workbook(path, case.problem)
    (line,) = caught.value.lines
    return line


def repacked(case: Case, path: Path, **parts: bytes) -> Path:
    """The case's workbook with some parts replaced or added."""
    with zipfile.ZipFile(case.path) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename not in parts:
                new.writestr(part.filename, old.read(part))
        for name, content in parts.items():
            new.writestr(name, content)
    return path


def test_missing_empty_binary_and_text_files(valid: Case, tmp_path: Path) -> None:
    """None of these is a workbook, and each says so plainly."""
    assert "cannot be read" in refused(valid, tmp_path / "none.xlsx")
    for name, content in (("empty", b""), ("binary", bytes(range(256))), ("text", b"Name,PGY\n")):
        path = tmp_path / f"{name}.xlsx"
        path.write_bytes(content)
        assert refused(valid, path) == (f"{name}.xlsx: is not an Excel workbook; save it as .xlsx")


def test_any_other_zip_file(valid: Case, tmp_path: Path) -> None:
    """A zip file without a workbook in it is damaged as a workbook."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("hello.txt", "hello")
    path = tmp_path / "s.xlsx"
    path.write_bytes(packed.getvalue())
    assert "is damaged and cannot be read" in refused(valid, path)


def test_a_zip_bomb(valid: Case, tmp_path: Path) -> None:
    """What would fill the memory is not unpacked."""
    bomb = repacked(
        valid, tmp_path / "s.xlsx", **{"xl/media/a.xml": b"0" * (opened.LARGEST_UNPACKED + 1)}
    )
    assert bomb.stat().st_size < 2_000_000
    assert "is too large for a schedule" in refused(valid, bomb)


def test_entities_in_markup(valid: Case, tmp_path: Path) -> None:
    """An entity bomb needs a document type, which no spreadsheet program writes."""
    evil = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbb">]><a>&b;</a>'
    assert "is damaged" in refused(
        valid, repacked(valid, tmp_path / "s.xlsx", **{"xl/styles.xml": evil})
    )


def test_damaged_markup(valid: Case, tmp_path: Path) -> None:
    """A sheet that is cut off is damaged, not a traceback."""
    path = repacked(
        valid, tmp_path / "s.xlsx", **{"xl/worksheets/sheet1.xml": b"<worksheet><sheet"}
    )
    assert "is damaged" in refused(valid, path)


def test_a_million_rows(valid: Case, tmp_path: Path) -> None:
    """A sheet with far too many rows is refused early."""
    workbook = openpyxl.load_workbook(valid.path)
    workbook["Schedule"].cell(opened.MOST_ROWS + 10, 1).value = "x"
    workbook.save(tmp_path / "s.xlsx")
    assert "has more than 5,000 rows" in refused(valid, tmp_path / "s.xlsx")


def test_links_to_other_workbooks(valid: Case, tmp_path: Path) -> None:
    """No value is taken from a file that nobody gave."""
    link = b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    path = repacked(valid, tmp_path / "s.xlsx", **{"xl/externalLinks/externalLink1.xml": link})
    assert "takes values from other workbooks; break its links" in refused(valid, path)


BOMBS = {
    "xl/styles.xml": (b"<styleSheet>", b"<xf/>"),
    "xl/sharedStrings.xml": (b"<sst>", b"<si/>"),
    "xl/worksheets/sheet1.xml": (b"<worksheet><sheetData><row>", b"<c/>"),
    "xl/workbook.xml": (b"<workbook>", b"<sheet/>"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_small_elements_by_the_million(name: str, valid: Case, tmp_path: Path) -> None:
    """A few bytes each, yet every one would become an object: refused before that, and soon."""
    head, element = BOMBS[name]
    path = repacked(valid, tmp_path / "s.xlsx", **{name: head + element * 7_000_000})
    tracemalloc.start()
    began = time.monotonic()
    assert "is too large for a schedule" in refused(valid, path)
    highest = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert highest < 4 * opened.LARGEST_UNPACKED
    assert time.monotonic() - began < 20
