"""Burdens: what should not weigh on one resident alone, and how it is counted; knows no rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from scheduler.problem.calendar import DAYS_IN_WEEK

#: Amounts are counted in sevenths of a burden's unit: a day of a weekly number is one seventh.
SEVENTHS = DAYS_IN_WEEK


class Duty(StrEnum):
    """Burdens of holidays."""

    WORKED = "worked"
    PULLED = "pulled"


class Wishes(StrEnum):
    """Burdens of wishes: choices of which nothing was granted, or points as rules charge them."""

    DENIED = "denied"
    POINTS = "points"


@dataclass(frozen=True)
class Burden:
    """One burden; exactly one of ``rates``, ``duty`` and ``wishes`` says what is counted.

    ``rates`` are units for each week worked on a rotation, net of vacation and
    leave, by code: 1 for weeks, the rotation's own number for nights.
    ``duty`` counts holidays in which a resident is pulled, or works: is pulled,
    or is neither off nor away and in some part of it on a rotation whose people
    cannot be pulled (clinics that close then are no work).  ``unit`` is the
    singular noun of one unit.  ``weight`` says how much the burden counts where
    residents are put in order by all they carry.
    """

    name: str
    title: str
    unit: str = "week"
    rates: Mapping[str, int] = field(default_factory=dict)
    duty: Duty | None = None
    wishes: Wishes | None = None
    weight: int = 1

    @cached_property
    def codes_by_rate(self) -> Mapping[int, frozenset[str]]:
        """The rotations of each rate that is not 0."""
        found: dict[int, set[str]] = {}
        for code, rate in self.rates.items():
            if rate:
                found.setdefault(rate, set()).add(code)
        return {rate: frozenset(codes) for rate, codes in found.items()}


def amount_words(amount: Fraction | int) -> str:
    """An amount in its unit, for people: '4', '3.4', '-0.5'."""
    return f"{float(amount):.1f}".removesuffix(".0")
