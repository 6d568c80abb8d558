"""Named holidays: one or more date ranges that do not touch the week grid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


@dataclass(frozen=True)
class Holiday:
    """A holiday block; ``parts`` are the part indices its date ranges touch."""

    name: str
    title: str
    ranges: tuple[tuple[date, date], ...]
    parts: tuple[int, ...]


class HolidayStatus(StrEnum):
    """What a resident does in a holiday."""

    OFF = "off"
    ON_SERVICE = "on service"
    PULLED = "pulled"
