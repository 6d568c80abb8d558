"""The YAML schema of a program and of a policy; knows their form, not how they fit together."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    model_validator,
)

from scheduler.rules.select import Groups, Names, Who

#: The format this version reads and writes.
FORMAT = 1
#: Longest year, in weeks (a year has 52 or 53; a little more for odd ones).
LONGEST_YEAR = 60

#: Dates outside these are slips of the pen.
EARLIEST, LATEST = date(1950, 1, 1), date(2199, 12, 31)

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[str, ...] = Weekday.__args__  # type: ignore[attr-defined]
Values = dict[str, Any]
Weeks = Annotated[int, Field(ge=1, le=LONGEST_YEAR)]


class Section(BaseModel):
    """A group of options; none is known but those that are listed."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Year(Section):
    """The academic year; a first or last week is short where the dates say so."""

    starts: Annotated[date, Field(ge=EARLIEST, le=LATEST)]
    weeks: Weeks | None = None
    ends: date | None = None
    week_starts: Weekday | None = Field(None, description="default: the weekday of ``starts``")

    @model_validator(mode="after")
    def _one_end(self) -> Year:
        if (self.weeks is None) == (self.ends is None):
            raise ValueError("say either 'weeks' or 'ends'")
        if self.ends is not None and not 0 <= (self.ends - self.starts).days < 7 * LONGEST_YEAR:
            raise ValueError(f"ends {self.ends} is not 1 to {LONGEST_YEAR} weeks after it starts")
        return self


class Group(Section):
    """A PGY or a person: the values that differ there."""

    values: Values = {}


class Track(Group):
    """A track, or a department that sends visitors."""

    name: str = ""


def _colour(value: Any) -> Any:
    text = str(value).removeprefix("#").upper() if isinstance(value, str | int) else ""
    if not re.fullmatch("[0-9A-F]{6}", text):
        raise ValueError("a colour is six hexadecimal digits such as C00000")
    return text


class TeamEntry(Section):
    """A team of a rotation; ``size`` maps a year of training to places."""

    groups: dict[str, Groups] = {}
    size: dict[int, Annotated[int, Field(ge=0)]] = {}


def _teams(value: Any) -> Any:
    """Let a list of names stand for teams that have nothing but a name."""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return {name: {} for name in value}
    return value


class RotationEntry(Section):
    """A rotation; the numbers are expectations for one week."""

    name: str = ""
    tags: Names = []
    colour: Annotated[str, BeforeValidator(_colour)] = "D9D9D9"
    hours: int = Field(0, ge=0, le=168)
    nights: int = Field(0, ge=0, le=7)
    weekend_days: int = Field(0, ge=0, le=2)
    outpatient: int = Field(0, ge=0, le=100, description="percent")
    clinic_sessions: int = Field(0, ge=0, le=14)
    site: str = ""
    vacation: bool = False
    releasable: bool = False
    pullable: bool = False
    groups: dict[str, Groups] = {}
    teams: Annotated[dict[str, TeamEntry], BeforeValidator(_teams)] = {}
    open_to: list[Who] | None = None


class Piece(Section):
    """One block of a list or a cycle; ``rotation`` is set where the grid fixes it."""

    weeks: Weeks
    rotation: str | None = None


class Every(Section):
    """Blocks of one length."""

    weeks: Weeks


def _pieces(value: Any) -> Any:
    """Let a number stand for a block of so many weeks."""
    if not isinstance(value, list):
        return value
    return [
        {"weeks": one} if isinstance(one, int) and not isinstance(one, bool) else one
        for one in value
    ]


def _shape(value: Any) -> str:
    if isinstance(value, list):
        return "list"
    return "every" if isinstance(value, dict | Every) else "months"


def _some_shape(value: Any) -> Any:
    if value != "months" and not isinstance(value, dict | list | Every):
        raise ValueError("say 'months', {weeks: 2} or a list of lengths such as [2, 2, 4]")
    return value


Pieces = Annotated[list[Piece], BeforeValidator(_pieces), Field(min_length=1)]
Blocks = Annotated[
    Annotated[Literal["months"], Tag("months")]
    | Annotated[Every, Tag("every")]
    | Annotated[Pieces, Tag("list")],
    Discriminator(_shape),
    BeforeValidator(_some_shape),
]


class GridEntry(Section):
    """A grid: blocks through the year, or a cycle repeated until the year ends."""

    who: Who = Who()
    blocks: Blocks | None = None
    cycle: Pieces | None = None
    offset: int = Field(0, ge=0, description="weeks into the cycle in week 1")

    @model_validator(mode="after")
    def _one_shape(self) -> GridEntry:
        if (self.blocks is None) == (self.cycle is None):
            raise ValueError("say either 'blocks' or 'cycle'")
        if self.cycle is None and self.offset:
            raise ValueError("'offset' belongs to a 'cycle'")
        if self.cycle is not None and self.offset >= sum(piece.weeks for piece in self.cycle):
            raise ValueError(f"offset {self.offset} is not inside the cycle")
        return self


class Dates(Section):
    """A range of dates; ``to`` is the last day."""

    first: date = Field(alias="from")
    last: date = Field(alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> Dates:
        if self.first > self.last:
            raise ValueError(f"from {self.first} is after to {self.last}")
        return self


class NamedDay(Section):
    """A day of a published calendar, with days before and after it."""

    day: str
    before: int = Field(0, ge=0, le=14)
    after: int = Field(0, ge=0, le=14)


class HolidayEntry(Section):
    """A holiday: dates as given, or days of a published calendar found for the year."""

    name: str = ""
    dates: list[Dates] | None = Field(None, min_length=1)
    calendar: str | None = None
    day: str | None = None
    days: list[NamedDay] | None = Field(None, min_length=1)
    before: int = Field(0, ge=0, le=14)
    after: int = Field(0, ge=0, le=14)

    @model_validator(mode="after")
    def _one_source(self) -> HolidayEntry:
        if (self.dates, self.day, self.days).count(None) != 2:
            raise ValueError("say one of 'dates', 'day' (with 'calendar') or 'days'")
        if (self.calendar is None) == (self.dates is None):
            raise ValueError("'day' and 'days' need a 'calendar' such as US; 'dates' needs none")
        return self

    def named_days(self) -> list[NamedDay]:
        """The days to look up; none where dates are given."""
        if self.day is not None:
            return [NamedDay(day=self.day, before=self.before, after=self.after)]
        return list(self.days or ())


class Tables(Section):
    """The tables beside the program, each a .csv or .xlsx file."""

    residents: str
    visitors: str | None = None
    requests: str | None = None
    history: str | None = None
    leave: str | None = None
    locks: str | None = None


class Settings(Section):
    """Settings of the run and of the reading; None leaves it to the command line."""

    time_limit: float | None = Field(None, gt=0, description="seconds")
    gap: float | None = Field(None, ge=0, le=1, description="fraction of at_stake")
    leave_weekdays: int = Field(
        3, ge=1, le=5, description="weekdays of a week that make it a week of leave or vacation"
    )


class PolicyFile(Section):
    """What a policy may say."""

    format: Literal[1]
    policy: str = ""
    title: str = ""
    values: Values = {}
    value_notes: dict[str, str] = {}
    tracks: dict[str, Track] = {}
    pgy: dict[int, Group] = {}
    tags: dict[str, str] = {}
    holidays: dict[str, dict[str, Any]] = {}
    rules: list[dict[str, Any]] = []


class ProgramFile(Section):
    """What a program may say; ``needed`` lists what it must."""

    format: Literal[1]
    name: str = ""
    policy: Names = []
    year: Year | None = None
    values: Values = {}
    value_notes: dict[str, str] = {}
    tracks: dict[str, Track] = {}
    departments: dict[str, Track] = {}
    pgy: dict[int, Group] = {}
    people: dict[str, Group] = {}
    groupings: Names = []
    tags: dict[str, str] = {}
    rotations: dict[str, RotationEntry] = {}
    grids: dict[str, GridEntry] = {}
    tables: Tables | None = None
    holidays: dict[str, dict[str, Any]] = {}
    rules: list[dict[str, Any]] = []
    settings: Settings = Settings()


#: Options of a program that must be there.
NEEDED = ("name", "year", "rotations", "grids", "tables")
