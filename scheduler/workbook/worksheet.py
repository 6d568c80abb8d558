"""XlsxWriter's worksheet without what costs time and is never needed here; the same file."""

from __future__ import annotations

from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell_fast
from xlsxwriter.worksheet import Worksheet


class PlainWorksheet(Worksheet):  # type: ignore[misc]
    """Cells are given by row and column, never as 'A1'; formulas are written as they are.

    A year has 300,000 cells: to look at each for an address, for newer functions and for
    letters to escape takes longer than to write it.  A test compares the file with XlsxWriter's.
    """

    write_blank = Worksheet._write_blank
    write_formula = Worksheet._write_formula
    write_number = Worksheet._write_number
    write_string = Worksheet._write_string

    def _prepare_formula(
        self,
        formula: str,
        expand_future_functions: bool = False,  # noqa: ARG002
    ) -> str:
        return formula.removeprefix("=")

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        content = None if cell.format is None else self._content(cell)
        if content is None:
            super()._write_cell(row, col, cell)
        else:
            look = cell.format._get_xf_index()
            self.fh.write(f'<c r="{xl_rowcol_to_cell_fast(row, col)}" s="{look}"{content}')

    def _content(self, cell: Any) -> str | None:
        """What follows the address and the look of a cell; None of a kind that is rare."""
        match type(cell).__name__:
            case "String":
                return f' t="s"><v>{cell.string}</v></c>'
            case "Number":
                return f"><v>{cell.number:.16G}</v></c>"
            case "Formula":
                return self._formula(cell.formula, cell.value)
            case "Blank":
                return "/>"
        return None

    def _formula(self, formula: str, value: object) -> str | None:
        """A formula with the text or number it shows; None of errors and of true and false."""
        if isinstance(value, bool) or (isinstance(value, str) and value.startswith("#")):
            return None
        kind = ' t="str"' if value and isinstance(value, str) else ""
        escaped = self._escape_data
        return f"{kind}><f>{escaped(formula)}</f><v>{escaped(value)}</v></c>"
