"""Selectors that every rule shares: who, and when; they know residents and dates, no rule."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from scheduler.problem.calendar import Calendar
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.rules.words import either, ranges


def _listed(value: Any) -> Any:
    """Let a single value stand for a list of one."""
    return value if isinstance(value, list) or value is None else [value]


Names = Annotated[list[str], BeforeValidator(_listed)]
Numbers = Annotated[list[int], BeforeValidator(_listed)]

#: Groups may be named by numbers ('cohort: 3'); tables know them as text.
Groups = Annotated[
    list[Annotated[str, Field(coerce_numbers_to_str=True)]], BeforeValidator(_listed)
]


def ranges_of(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Numbers as ranges, the smallest first: 0, 2, 3, 4 are [(0, 0), (2, 4)]."""
    found: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


class Who(BaseModel):
    """Which residents a rule is about; every line that is given must fit.

    Beside the keys below, any grouping of the program (``firm: north``) is a key.
    """

    model_config = ConfigDict(extra="allow", frozen=True)
    __pydantic_extra__: dict[str, Groups]

    pgy: Numbers | None = Field(None, description="years of training, such as 1 or [2, 3]")
    track: Names | None = Field(
        None, description="tracks by their keys; that of a visitor is the department"
    )
    resident: Names | None = Field(None, description="resident ids")
    visitors: Literal["no", "also", "only"] | None = Field(
        None, description="'no' leaves visitors out, 'also' takes them in, 'only' means them alone"
    )
    but_not: Annotated[list[Who], BeforeValidator(_listed)] | None = Field(
        None, description="residents to leave out again (one selection or several)"
    )

    def matches(self, resident: Resident, visitors: str = "no") -> bool:
        """Whether ``resident`` is meant; ``visitors`` is the rule's own default."""
        wanted = self.visitors or visitors
        if (resident.visitor and wanted == "no") or (not resident.visitor and wanted == "only"):
            return False
        return self._fits(resident) and not any(
            other.matches(resident, "also") for other in self.but_not or ()
        )

    def parts_of(self, resident: Resident, visitors: str = "no") -> frozenset[int]:
        """The parts in which ``resident`` is meant: all of presence, or those of some levels."""
        meant = (parts for one, parts in resident.stages() if self.matches(one, visitors))
        return frozenset().union(*meant)

    def _fits(self, resident: Resident) -> bool:
        groups = self.__pydantic_extra__ or {}
        return (
            (self.pgy is None or resident.pgy in self.pgy)
            and (self.track is None or resident.track in self.track)
            and (self.resident is None or resident.id in self.resident)
            and all(resident.groups.get(name) in allowed for name, allowed in groups.items())
        )

    def words(self) -> str:
        """This selection in plain words: 'PGY1 primary-care residents'."""
        named = [f"PGY{'/'.join(map(str, self.pgy))}"] if self.pgy else []
        named += [" or ".join(self.track)] if self.track else []
        for name, allowed in (self.__pydantic_extra__ or {}).items():
            named.append(f"{name} {' or '.join(allowed)}")
        noun = "visitors" if self.visitors == "only" else "residents"
        text = " ".join([*named, noun])
        if self.resident:
            text = f"{text} with id {', '.join(self.resident)}"
        if self.visitors == "also" and not self.resident:
            text += " and visitors"
        without = self._left_out()
        return f"{text} (but not {without})" if without else text

    def all_but(self) -> str:
        """Those left out of everybody, visitors too; empty where not everybody else is meant."""
        named = (self.pgy, self.track, self.resident, self.__pydantic_extra__)
        return "" if self.visitors != "also" or any(named) else self._left_out()

    def _left_out(self) -> str:
        return " or ".join(other.words() for other in self.but_not or ())


_WEEK_RANGE = re.compile(r"^\s*(\d+)\s*(?:-\s*(\d+)\s*)?$")


def _weeks(value: Any) -> Any:
    """Read '1-4, 10' as a list of week numbers."""
    if not isinstance(value, str):
        return _listed(value)
    numbers: list[int] = []
    for piece in value.split(","):
        match = _WEEK_RANGE.match(piece)
        if match is None or int(match[2] or match[1]) > 60:
            raise ValueError("weeks are numbers and ranges such as '1-4, 10'")
        numbers.extend(range(int(match[1]), int(match[2] or match[1]) + 1))
    return numbers


WeekNumbers = Annotated[
    list[int],
    BeforeValidator(
        _weeks,
        json_schema_input_type=int
        | list[int]
        | Annotated[str, Field(pattern=r"^\s*\d+\s*(-\s*\d+\s*)?(,\s*\d+\s*(-\s*\d+\s*)?)*$")],
    ),
]


class When(BaseModel):
    """Which stretch of the year a rule is about; without a key, the whole year."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    weeks: WeekNumbers | None = Field(
        None, description="week numbers of the academic year, as a list or as '1-4, 10'"
    )
    first: date | None = Field(None, alias="from", description="first date, such as 2026-07-01")
    last: date | None = Field(None, alias="to", description="last date, itself included")

    def parts(self, calendar: Calendar) -> tuple[int, ...]:
        """Indices of the parts meant (those that share a day with the dates)."""
        first, last = self.first or calendar.first, self.last or calendar.last
        wanted = None if self.weeks is None else {number - 1 for number in self.weeks}
        return tuple(
            index
            for index in calendar.parts_between(first, last)
            if wanted is None or calendar.parts[index].week in wanted
        )

    def words(self) -> str:
        """This stretch in plain words; empty for the whole year."""
        said: list[str] = []
        if self.weeks:
            said.append(f"in weeks {ranges(sorted(set(self.weeks)))}")
        if self.first:
            said.append(f"from {self.first}")
        if self.last:
            said.append(f"until {self.last}")
        return " ".join(said)


class Blackout(When):
    """A stretch of the year that is closed: as ``When`` says it, or where holidays are."""

    holiday: Names | None = Field(
        None, min_length=1, description="names of holidays; their dates are meant"
    )

    @model_validator(mode="after")
    def _one_way(self) -> Blackout:
        if self.holiday and (self.weeks, self.first, self.last) != (None,) * 3:
            raise ValueError("say either 'holiday' or 'weeks', 'from' and 'to'")
        return self

    def closed(self, problem: Problem) -> tuple[int, ...]:
        """Indices of the parts that are closed."""
        if self.holiday is None:
            return self.parts(problem.calendar)
        named = (problem.holiday_by_name[name].parts for name in self.holiday)
        return tuple(sorted({part for parts in named for part in parts}))

    def words(self) -> str:
        return f"at {either(self.holiday)}" if self.holiday else super().words()
