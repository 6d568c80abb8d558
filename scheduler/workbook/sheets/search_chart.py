"""The search as a picture: cost and bound over the seconds; knows no engine."""

from __future__ import annotations

from collections.abc import Iterable
from math import log10
from typing import Any

from scheduler.workbook.book import HEADER, Book, Look, Sheet
from scheduler.workbook.facts import RunFacts

#: Rows of the sheet the picture takes, and its size in pixels.
ROWS = 16
_SIZE = {"width": 700, "height": 300}
#: Costs above this many times the last one are beyond the picture.
_TIMES_LAST = 4
#: The first of the columns, out of sight, that hold the picture's numbers.
_DATA = 4
_AXIS = {"min": 0, "num_font": {"size": 9}, "name_font": {"size": 9, "bold": False}}
_GRID = {"visible": True, "line": {"color": "#D9D9D9", "width": 0.75}}
_COST = {"color": "#1F3864", "width": 2.25}
_BOUND = {"color": "#C55A11", "width": 2.25, "dash_type": "dash"}

#: A corner of a line: second and value.
Corner = tuple[float, int]


def drawn(book: Book, sheet: Sheet, row: int, facts: RunFacts) -> bool:
    """Draw the search at ``row`` of ``sheet``; False where there was no schedule to speak of."""
    costs = _steps(((second, cost) for second, cost, _ in facts.progress), facts.searched)
    bounds = _steps(((second, bound) for second, _, bound in facts.progress), facts.searched)
    if not costs:
        return False
    chart = _chart(book, costs, f"{facts.unit}s")
    _add_line(chart, sheet, row, _DATA, "cost of the best schedule so far", costs, _COST)
    _add_line(chart, sheet, row, _DATA + 2, "no schedule can be below", bounds, _BOUND)
    words = f"Cost fell from {costs[0][1]} to {costs[-1][1]} while searching."
    sheet.raw.insert_chart(row, 1, chart, {"description": words, "object_position": 3})
    sheet.raw.set_column(_DATA, _DATA + 3, None, None, {"hidden": True})
    return True


def _chart(book: Book, costs: list[Corner], units: str) -> Any:
    chart = book.chart({"type": "scatter", "subtype": "straight"})
    title = f"Cost and bound while searching (first schedule: {costs[0][1]})"
    chart.set_title({"name": title, "name_font": {"size": 11}})
    chart.set_x_axis({"name": units, "major_gridlines": {"visible": False}, **_AXIS})
    chart.set_y_axis({"name": "cost", "max": _top(costs), "major_gridlines": _GRID, **_AXIS})
    chart.set_legend({"position": "top"})
    chart.set_size(_SIZE)
    chart.show_hidden_data()
    return chart


def _add_line(
    chart: Any, sheet: Sheet, row: int, column: int, name: str, corners: list[Corner], line: Look
) -> None:
    """Write ``corners`` below ``row`` and draw them."""
    sheet.text(row, column, "second", HEADER)
    sheet.text(row, column + 1, name, HEADER)
    for below, (second, value) in enumerate(corners, row + 1):
        sheet.number(below, column, second)
        sheet.number(below, column + 1, value)
    last = row + max(1, len(corners))
    chart.add_series(
        {
            "name": [sheet.name, row, column + 1],
            "categories": [sheet.name, row + 1, column, last, column],
            "values": [sheet.name, row + 1, column + 1, last, column + 1],
            "line": dict(line),
        }
    )


def _steps(changes: Iterable[tuple[float, int | None]], end: float | None) -> list[Corner]:
    """The corners of a line that keeps each value until the second of the next, and to ``end``."""
    corners: list[Corner] = []
    for second, known in changes:
        if known is None:
            continue
        # No cost is below 0, and a first bound far below would flatten everything.
        value = max(0, known)
        if corners and corners[-1][1] != value:
            corners.append((second, corners[-1][1]))
        if not corners or corners[-1][1] != value:
            corners.append((second, value))
    if corners and end is not None and end > corners[-1][0]:
        corners.append((end, corners[-1][1]))
    return corners


def _top(costs: list[Corner]) -> int | None:
    """Where the picture is cut off, so that dear first schedules do not flatten all the rest."""
    top = _TIMES_LAST * max(costs[-1][1], 1)
    if costs[0][1] <= top:
        return None
    step = int(10 ** int(log10(top)))
    return -(-top // step) * step
