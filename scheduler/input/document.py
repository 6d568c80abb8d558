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

from scheduler.input.weekends import Weekends
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
    """A grid: blocks through the year, or a cycle repeated until the year ends.

    With ``from`` or ``to`` it holds between these dates only, and its blocks begin
    there; before and after, its people follow another grid.
    """

    who: Who = Who()
    first: date | None = Field(None, alias="from", description="first date it holds")
    last: date | None = Field(None, alias="to", description="last date it holds")
    blocks: Blocks | None = None
    cycle: Pieces | None = None
    offset: int = Field(0, ge=0, description="weeks into the cycle in its first week")

    @model_validator(mode="after")
    def _one_shape(self) -> GridEntry:
        if (self.blocks is None) == (self.cycle is None):
            raise ValueError("say either 'blocks' or 'cycle'")
        if self.first and self.last and self.first > self.last:
            raise ValueError(f"from {self.first} is after to {self.last}")
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


class WishEntry(Section):
    """One alternative of a default request, as a line of the table of requests says it."""

    type: Literal["vacation", "date", "holiday", "rotation", "avoid"]
    what: Names = []
    first: date | None = Field(None, alias="from")
    last: date | None = Field(None, alias="to")


class DefaultRequest(Section):
    """What residents are given to wish for who ask for nothing in its lane."""

    who: Who = Who()
    alternatives: list[WishEntry] = Field(min_length=1, description="the most wanted first")


class BurdenEntry(Section):
    """A burden: weeks on rotations, a number of the rotations, duties in holidays, or wishes."""

    name: str = ""
    rotations: Names | None = Field(None, min_length=1, description="weeks on these")
    number: Literal["nights", "weekend_days", "hours"] | None = Field(
        None, description="the number a week that each rotation carries"
    )
    duty: Literal["worked", "pulled"] | None = Field(None, description="holidays worked, or pulls")
    wishes: Literal["denied", "points"] | None = Field(
        None, description="choices of which nothing was granted, or the points charged for wishes"
    )
    weight: int = Field(1, ge=0, le=100, description="in the order of who bears most; 0: not")

    @model_validator(mode="after")
    def _one_measure(self) -> BurdenEntry:
        if (self.rotations, self.number, self.duty, self.wishes).count(None) != 3:
            raise ValueError("say one of 'rotations', 'number', 'duty' or 'wishes'")
        return self


class Fairness(Section):
    """What is compared among peers, and who they are."""

    peers: Names | None = None
    burdens: dict[str, dict[str, Any]] = {}


class Tables(Section):
    """The tables beside the program, each a .csv or .xlsx file."""

    residents: str
    visitors: str | None = None
    requests: str | None = None
    history: str | None = None
    leave: str | None = None
    locks: str | None = None
    carry_over: str | None = None


class Settings(Section):
    """Settings of the run and of the reading; None leaves it to the command line."""

    time_limit: float | None = Field(None, gt=0, description="seconds")
    gap: float | None = Field(None, ge=0, le=1, description="fraction of at_stake")
    leave_weekdays: int = Field(
        3, ge=1, le=5, description="weekdays of a week that make it a week of leave or vacation"
    )
    vacation_weekends: Weekends = Field(
        Weekends.OWN, description="the weekends that a week of vacation takes in"
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
    fairness: Fairness = Fairness()
    default_requests: dict[str, dict[str, Any]] = {}
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
    fairness: Fairness = Fairness()
    default_requests: dict[str, dict[str, Any]] = {}
    rules: list[dict[str, Any]] = []
    settings: Settings = Settings()


#: Options of a program that must be there.
NEEDED = ("name", "year", "rotations", "grids", "tables")
