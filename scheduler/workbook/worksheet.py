"""XlsxWriter's worksheet without what costs time and is never needed here; the same sheet."""

from __future__ import annotations

from math import isfinite
from typing import Any
from xml.sax.saxutils import escape, unescape

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

#: Letters of a text that is surely short enough for a cell.
_SHORT = 16_000
_END = "</v></c>"


class PlainWorksheet(Worksheet):  # type: ignore[misc]
    """Cells are given by row and column, never as 'A1'; formulas are written as they are.

    A year has 300,000 cells.  Each is kept as the XML behind its address, so that at the end they
    need only be joined; a cell without a look, or of a kind that is rare, is left to XlsxWriter.
    ``autofit`` and links would look into the cells, and are not for this sheet.  A test compares
    the file with XlsxWriter's.
    """

    def _write_blank(self, row: int, col: int, blank: Any, cell_format: Any = None) -> Any:
        if cell_format is None:
            return super()._write_blank(row, col, blank)
        self.table[row][col] = f' s="{cell_format._get_xf_index()}"/>'
        return 0

    def _write_number(self, row: int, col: int, number: Any, cell_format: Any = None) -> Any:
        if cell_format is None or not isfinite(number):
            return super()._write_number(row, col, number, cell_format)
        look = cell_format._get_xf_index()
        self.table[row][col] = f' s="{look}"><v>{float(number):.16G}{_END}'
        return 0

    def _write_string(self, row: int, col: int, string: str, cell_format: Any = None) -> Any:
        if cell_format is None or len(string) > _SHORT:
            return super()._write_string(row, col, string, cell_format)
        look, index = cell_format._get_xf_index(), self.str_table._get_shared_string_index(string)
        self.table[row][col] = f' s="{look}" t="s"><v>{index}{_END}'
        return 0

    def _write_formula(
        self, row: int, col: int, formula: str, cell_format: Any = None, value: Any = 0
    ) -> Any:
        """Errors ('#N/A') and true and false are rare."""
        kind = ""
        if isinstance(value, str):
            kind, is_rare = ' t="str"' if value else "", value.startswith("#")
            shown = escape(value)
        else:
            is_rare, shown = isinstance(value, bool), value
        if cell_format is None or is_rare:
            return super()._write_formula(row, col, formula, cell_format, value)
        look, said = cell_format._get_xf_index(), escape(formula.removeprefix("="))
        self.table[row][col] = f' s="{look}"{kind}><f>{said}</f><v>{shown}{_END}'
        return 0

    write_blank = _write_blank
    write_formula = _write_formula
    write_number = _write_number
    write_string = _write_string

    def _prepare_formula(
        self,
        formula: str,
        expand_future_functions: bool = False,  # noqa: ARG002
    ) -> str:
        return formula.removeprefix("=")

    def _write_dimension(self) -> None:
        """How far the cells reach is looked up now, once a row."""
        for row, cells in self.table.items():
            if cells:
                self._check_dimensions(row, min(cells))
                self._check_dimensions(row, max(cells))
        super()._write_dimension()

    def _write_rows(self) -> None:
        """Rows without their spans, which are a hint that no reader needs."""
        names = [xl_col_to_name(column) for column in range(self.dim_colmax + 1)]
        for row in range(self.dim_rowmin, self.dim_rowmax + 1):
            info = self.row_info.get(row)
            if self.table.get(row):
                self._write_row(row, None, info)
                self._write_cells(row, names)
                self._xml_end_tag("row")
            elif info is not None or row in self.comments:
                self._write_empty_row(row, None, info)

    def _write_cells(self, row: int, names: list[str]) -> None:
        write, number = self.fh.write, row + 1
        for column, cell in sorted(self.table[row].items()):
            if isinstance(cell, str):
                write(f'<c r="{names[column]}{number}"{cell}')
            else:
                self._write_cell(row, column, cell)

    def _get_range_data(self, *area: int) -> list[Any]:
        """What the cells show that a chart is drawn from: the file keeps it beside the chart."""
        first_row, first_column, last_row, last_column = area
        return [
            shown
            for row in range(first_row, last_row + 1)
            for column in range(first_column, last_column + 1)
            for shown in self._shown(row, column)
        ]

    def _shown(self, row: int, column: int) -> list[Any]:
        cell = self.table.get(row, {}).get(column)
        if not isinstance(cell, str):
            return list(super()._get_range_data(row, column, row, column))
        head, _, value = cell.removesuffix(_END).partition("<v>")
        if head.endswith(' t="s">'):
            return [self.str_table._get_shared_string(int(value))]
        return [unescape(value) if head.endswith("</f>") else value.lower()]
