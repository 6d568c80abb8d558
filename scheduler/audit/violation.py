"""One finding of the audit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule missed by ``amount`` units of the rule (weeks, people, wishes ...).

    ``message`` is a plain sentence.  ``resident`` is an index or None, ``parts``
    are the part indices concerned, ``service`` a rotation code where one is
    meant.  ``cost`` is the amount times the weight for soft rules (0 if hard).
    """

    rule: str
    kind: str
    amount: int
    message: str
    resident: int | None = None
    parts: tuple[int, ...] = ()
    service: str = ""
    hard: bool = True
    cost: int = 0
