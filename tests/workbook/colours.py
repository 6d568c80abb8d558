"""The colours that conditional formatting gives, computed by LibreOffice itself.

A program that saves a workbook keeps its rules of colouring and not their results.  So each
coloured cell gets a formula on a sheet of its own, made of the very rules in the file.
"""

from __future__ import annotations

from collections.abc import Iterator

import openpyxl
from openpyxl.formula.tokenizer import Token, Tokenizer
from openpyxl.formula.translate import Translator
from openpyxl.styles import PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils.cell import get_column_letter
from openpyxl.worksheet.cell_range import CellRange

from scheduler.workbook.book import BAD, GOOD, MISSED

RED, AMBER, GREEN, PLAIN = "red", "amber", "green", "plain"
_WORDS = {BAD["bg_color"]: RED, MISSED["bg_color"]: AMBER, GOOD["bg_color"]: GREEN}
#: Sheets that are coloured by limits.
COLOURED = ("Schedule", "Requirements")


def colours_of(name: str) -> str:
    """The sheet that holds the colours of the sheet ``name``, cell by cell."""
    return f"{name} colours"


def add_colours(book: openpyxl.Workbook) -> None:
    """A sheet of colours for each coloured sheet; the people's own cells are left out."""
    for name in COLOURED:
        sheet = book.create_sheet(colours_of(name))
        for found in book[name].conditional_formatting:
            if all(rule.type == "expression" for rule in found.rules):
                (area,) = found.sqref.ranges
                ordered = sorted(found.rules, key=lambda rule: rule.priority)
                rules = [(_on_sheet(one.formula[0], name), _word(one.dxf)) for one in ordered]
                for cell, formula in _formulas(area, rules):
                    sheet[cell] = formula


def _formulas(area: CellRange, rules: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """For each cell of ``area`` the formula of its colour: the first rule that holds."""
    corner = f"{get_column_letter(area.min_col)}{area.min_row}"
    whole = '""'
    for formula, word in reversed(rules):
        whole = f'IF({formula},"{word}",{whole})'
    moving = Translator(f"={whole}", corner)
    for row, column in area.cells:
        cell = f"{get_column_letter(column)}{row}"
        yield cell, moving.translate_formula(cell)


def _word(look: DifferentialStyle) -> str:
    colour = str(look.fill.bgColor.rgb)[-6:] if isinstance(look.fill, PatternFill) else ""
    return _WORDS.get(colour, PLAIN)


def _on_sheet(formula: str, name: str) -> str:
    """``formula`` with every address on the sheet ``name``."""
    return "".join(
        f"{name}!{one.value}" if one.subtype == Token.RANGE else one.value
        for one in Tokenizer(f"={formula}").items
    )
