"""What residents bore more or less than their peers in earlier years; knows no rules."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from scheduler.input.cells import needed
from scheduler.input.faults import Faults, did_you_mean, quoted
from scheduler.input.names import Names
from scheduler.input.tables import Columns, Row
from scheduler.problem.burden import SEVENTHS
from scheduler.problem.resident import Resident

COLUMNS = Columns(("id", "burden", "amount"), ("comment",))

_AMOUNT = re.compile(r"[-+]?[0-9]{1,4}(\.[0-9]{1,4})?\Z")


def sevenths_of(amount: str) -> int | None:
    """Sevenths of a unit in '3', '-1.5' or '+4.33', to the nearest; None if it is no amount."""
    if not _AMOUNT.match(amount):
        return None
    return int((Decimal(amount) * SEVENTHS).quantize(Decimal(1), ROUND_HALF_UP))


def apply_carry_over(
    rows: Iterable[Row], residents: Iterable[Resident], names: Names, faults: Faults
) -> tuple[Resident, ...]:
    """The residents with what they carried over, by burden; lines add up."""
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        burden, amount = needed(row, "burden", faults), needed(row, "amount", faults)
        if not names.known_id(row, faults):
            continue
        if burden and burden not in names.burdens:
            what = f"burden {quoted(burden)} is not a burden of this program"
            faults.add(row.place, what, did_you_mean(burden, names.burdens))
        sevenths = sevenths_of(amount)
        if amount and sevenths is None:
            what = f"amount {quoted(amount)} is not a number"
            faults.add(row.place, what, "write it as 3, 1.5 or -2")
        elif sevenths is not None:
            carried = found.setdefault(row["id"], {})
            carried[burden] = carried.get(burden, 0) + sevenths
    return tuple(replace(one, carried=found.get(one.id, {})) for one in residents)
