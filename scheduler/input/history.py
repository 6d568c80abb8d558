"""What residents did in earlier years, from its table; knows no rules."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from scheduler.input.cells import needed, whole
from scheduler.input.faults import Faults, quoted
from scheduler.input.names import Names
from scheduler.input.tables import Columns, Row
from scheduler.problem.calendar import DAYS_IN_WEEK
from scheduler.problem.resident import Resident
from scheduler.problem.rotation import LEAVE

COLUMNS = Columns(("id", "rotation", "weeks"), ("stays", "comment"))

_MOST_STAYS = 999
_AMOUNT = re.compile(r"[0-9]{1,3}(\.[0-9]{1,4})?\Z")


def days_of(weeks: str) -> int | None:
    """Days in an amount of weeks such as '4' or '4.33', to the nearest day; None if it is none."""
    if not _AMOUNT.match(weeks):
        return None
    return int((Decimal(weeks) * DAYS_IN_WEEK).quantize(Decimal(1), ROUND_HALF_UP))


def apply_history(
    rows: Iterable[Row], residents: list[Resident], names: Names, faults: Faults
) -> list[Resident]:
    """The residents with the days they worked earlier, by rotation or tag; lines add up.

    A line of LEAVE is leave that counts toward a limit over training.
    """
    found: dict[str, dict[str, int]] = {}
    stays: dict[str, dict[str, int]] = {}
    for row in rows:
        name, weeks = needed(row, "rotation", faults), needed(row, "weeks", faults)
        if not names.known_id(row, faults):
            continue
        if name and name != LEAVE and not names.knows(name):
            names.note_rotation(name, row.place, "rotation ", faults)
        days = days_of(weeks)
        if weeks and days is None:
            what = f"weeks {quoted(weeks)} is not a number of weeks"
            faults.add(row.place, what, "write it as 4 or 4.5")
        elif days is not None:
            _add(found.setdefault(row["id"], {}), name, days)
        _add(stays.setdefault(row["id"], {}), name, whole(row, "stays", 0, _MOST_STAYS, faults))
    leave = {who: worked.pop(LEAVE, 0) for who, worked in found.items()}
    return [
        replace(
            one,
            history=found.get(one.id, {}),
            earlier_leave=leave.get(one.id, 0),
            earlier_stays=stays.get(one.id, {}),
        )
        for one in residents
    ]


def _add(numbers: dict[str, int], name: str, number: int | None) -> None:
    if number is not None:
        numbers[name] = numbers.get(name, 0) + number
