"""What the records say: distances against the best bound of any method, and how times grow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, log
from typing import Any

import numpy as np

Record = dict[str, Any]
#: Moments at which cost and bound are told, and gaps to which the time is told (fractions).
SECONDS = (10, 30, 60, 300)
GAPS = (0.05, 0.01, 0.002)
#: The method that works at the bound alone; its schedule comes by the way.
BOUND = "bound"


@dataclass(frozen=True)
class Program:
    """The newest records of one program, one for each method, longest limit first.

    ``bound`` is the best that any record of this very program proved, ``cost`` the
    best audited; None where there is none.
    """

    name: str
    records: Sequence[Record]
    bound: int | None
    cost: int | None

    @property
    def lies(self) -> bool:
        """Whether a bound lies above a schedule that exists: then some solver was wrong."""
        return self.bound is not None and self.cost is not None and self.bound > self.cost


def programs(records: Iterable[Record]) -> list[Program]:
    """The programs of ``records``; older versions of a program are left out."""
    by_case: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        by_case[record["case"]].append(record)
    found = []
    for name, own in by_case.items():
        same = [record for record in own if record["program"] == own[-1]["program"]]
        bounds = [b for record in same for _, _, b in record["progress"] if b is not None]
        costs = [c for record in same if (c := final_cost(record)) is not None]
        found.append(
            Program(name, _newest(same), max(bounds, default=None), min(costs, default=None))
        )
    return sorted(found, key=lambda program: (program.records[0]["size"], program.name))


def _newest(records: Sequence[Record]) -> list[Record]:
    """For each method, of what its last code did, the last record with the longest limit."""
    best: dict[str, Record] = {}
    for record in records:
        known = best.get(record["method"])
        same = known is not None and known["code"] == record["code"]
        if not same or record["limit"] >= known["limit"]:
            best[record["method"]] = record
    return [best[method] for method in sorted(best)]


def final_cost(record: Record) -> int | None:
    """The audited cost at the end; the last told where the process did not come to that."""
    if record.get("hard_violations"):
        return None
    costs = [cost for _, cost, _ in record["progress"] if cost is not None]
    costs += [record["audited"]] if record.get("audited") is not None else []
    return min(costs, default=None)


def at(record: Record, second: float) -> tuple[int | None, int | None] | None:
    """Cost and bound that stood at ``second``; None beyond the record's limit."""
    ended = record.get("ended")
    if second > record["limit"] and record["status"] != "optimal":
        return None
    steps = [(cost, bound) for when, cost, bound in record["progress"] if when <= second]
    cost, bound = steps[-1] if steps else (None, None)
    if ended is not None and ended <= second and record.get("audited") is not None:
        cost = record["audited"] if cost is None else min(cost, record["audited"])
    return cost, bound


def distance(record: Record, cost: int | None, bound: int | None) -> float | None:
    """The gap of a cost as DESIGN 6 defines it, against ``bound``."""
    if cost is None or bound is None:
        return None
    return float((cost - bound) / (record.get("at_stake") or max(1, cost)))


def first_schedule(record: Record) -> float | None:
    """The second of the first schedule."""
    return next((when for when, cost, _ in record["progress"] if cost is not None), None)


def time_to(record: Record, gap: float, bound: int | None) -> float | None:
    """The first second with a cost within ``gap`` of ``bound``."""
    for when, cost, _ in record["progress"]:
        far = distance(record, cost, bound)
        if far is not None and far <= gap + 1e-12:
            return float(when)
    return None


# -- growth -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Growth:
    """``seconds`` at 100 residents and the ``power`` of the size with which they grow."""

    method: str
    reached: int
    tried: int
    seconds: float | None
    power: float | None


def growth(found: Sequence[Program], gap: float) -> list[Growth]:
    """For each method a line through (log size, log seconds to ``gap``), by least squares.

    Programs that did not come so far are counted, and cannot be fitted: where many
    are missing, the true growth is steeper.
    """
    points: dict[str, list[tuple[float, float | None]]] = defaultdict(list)
    for program in found:
        for record in program.records:
            if record["method"] == BOUND:
                continue
            size = record.get("residents") or record["size"]
            points[record["method"]].append((size, time_to(record, gap, program.bound)))
    return [_fitted(method, own) for method, own in sorted(points.items())]


def _fitted(method: str, points: list[tuple[float, float | None]]) -> Growth:
    known = [(log(size), log(max(seconds, 0.1))) for size, seconds in points if seconds is not None]
    if len({size for size, _ in known}) < 2:
        return Growth(method, len(known), len(points), None, None)
    sizes, seconds_to = np.array(known).T
    power, level = np.polyfit(sizes, seconds_to, 1)
    seconds = exp(level + power * log(100))
    return Growth(method, len(known), len(points), seconds, float(power))
