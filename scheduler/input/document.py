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

    starts: date = Field(ge=EARLIEST, le=LATEST, description="the first day, such as 2026-06-29")
    weeks: Weeks | None = Field(None, description="weeks in the year; or say 'ends'")
    ends: date | None = Field(None, description="the last day; or say 'weeks'")
    week_starts: Weekday | None = Field(
        None, description="weekday on which weeks begin; without it, that of the first day"
    )

    @model_validator(mode="after")
    def _one_end(self) -> Year:
        if (self.weeks is None) == (self.ends is None):
            raise ValueError("say either 'weeks' or 'ends'")
        if self.ends is not None and not 0 <= (self.ends - self.starts).days < 7 * LONGEST_YEAR:
            raise ValueError(f"ends {self.ends} is not 1 to {LONGEST_YEAR} weeks after it starts")
        return self


class Group(Section):
    """A PGY or a person: the values that differ there."""

    values: Values = Field({}, description="named values that differ here: 'name: value'")


class Track(Group):
    """A track, or a department that sends visitors."""

    name: str = Field("", description="the name for people")


def _colour(value: Any) -> Any:
    text = str(value).removeprefix("#").upper() if isinstance(value, str | int) else ""
    if not re.fullmatch("[0-9A-F]{6}", text):
        raise ValueError("a colour is six hexadecimal digits such as C00000")
    return text


class TeamEntry(Section):
    """A team of a rotation; ``size`` maps a year of training to places."""

    groups: dict[str, Groups] = Field(
        {}, description="the groups it belongs to by grouping; without one it is everybody's"
    )
    size: dict[int, Annotated[int, Field(ge=0)]] = Field(
        {}, description="its places by year of training, such as {1: 4, 2: 1}"
    )


def _teams(value: Any) -> Any:
    """Let a list of names stand for teams that have nothing but a name."""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return {name: {} for name in value}
    return value


class RotationEntry(Section):
    """A rotation; the numbers are expectations for one week."""

    name: str = Field("", description="the name for people")
    tags: Names = Field([], description="kinds of rotation that rules name, such as icu, heavy")
    colour: Annotated[str, BeforeValidator(_colour, json_schema_input_type=str | int)] = Field(
        "D9D9D9", description="colour of its cells, six hexadecimal digits such as C00000"
    )
    hours: int = Field(0, ge=0, le=168, description="expected hours a week; 0: not stated")
    nights: int = Field(0, ge=0, le=7, description="expected nights a week")
    weekend_days: int = Field(0, ge=0, le=2, description="expected weekend days a week")
    outpatient: int = Field(0, ge=0, le=100, description="outpatient time, in percent")
    clinic_sessions: int = Field(0, ge=0, le=14, description="clinic sessions (half-days) a week")
    site: str = Field("", description="where it is")
    vacation: bool = Field(False, description="true: a vacation week may fall in it")
    releasable: bool = Field(False, description="true: single days can be released")
    pullable: bool = Field(
        False, description="true: its people may be pulled to a service in a holiday"
    )
    groups: dict[str, Groups] = Field(
        {}, description="the groups it belongs to by grouping, such as {firm: red}"
    )
    teams: Annotated[
        dict[str, TeamEntry],
        BeforeValidator(_teams, json_schema_input_type=dict[str, TeamEntry] | list[str]),
    ] = Field({}, description="the teams its people are divided into, such as {Red: {}, Blue: {}}")
    open_to: list[Who] | None = Field(
        None, description="who may take it (any of these); without it, everybody"
    )


class Piece(Section):
    """One block of a list or a cycle; ``rotation`` is set where the grid fixes it."""

    weeks: Weeks = Field(description="length of the block, in weeks")
    rotation: str | None = Field(None, description="code that the grid fixes there")


class Every(Section):
    """Blocks of one length."""

    weeks: Weeks = Field(description="length of every block, in weeks")


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


Pieces = Annotated[
    list[Piece],
    BeforeValidator(_pieces, json_schema_input_type=list[Piece | Weeks]),
    Field(min_length=1),
]
Blocks = Annotated[
    Annotated[Literal["months"], Tag("months")]
    | Annotated[Every, Tag("every")]
    | Annotated[Pieces, Tag("list")],
    Discriminator(_shape),
    BeforeValidator(_some_shape, json_schema_input_type=Literal["months"] | Every | Pieces),
]


class GridEntry(Section):
    """A grid: blocks through the year, or a cycle repeated until the year ends.

    With ``from`` or ``to`` it holds between these dates only, and its blocks begin
    there; before and after, its people follow another grid.
    """

    who: Who = Field(Who(), description="whose grid it is; without it, everybody's")
    first: date | None = Field(None, alias="from", description="first date it holds")
    last: date | None = Field(None, alias="to", description="last date it holds")
    blocks: Blocks | None = Field(
        None, description="'months', {weeks: 2}, or a list of lengths in weeks"
    )
    cycle: Pieces | None = Field(
        None, description="blocks that repeat, such as [{weeks: 4}, {weeks: 1, rotation: CLINIC}]"
    )
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

    first: date = Field(alias="from", description="first day")
    last: date = Field(alias="to", description="last day, itself included")

    @model_validator(mode="after")
    def _in_order(self) -> Dates:
        if self.first > self.last:
            raise ValueError(f"from {self.first} is after to {self.last}")
        return self


class NamedDay(Section):
    """A day of a published calendar, with days before and after it."""

    day: str = Field(description="its name in the calendar, such as Christmas Day")
    before: int = Field(0, ge=0, le=14, description="days before it that belong to it")
    after: int = Field(0, ge=0, le=14, description="days after it that belong to it")


class HolidayEntry(Section):
    """A holiday: dates as given, or days of a published calendar found for the year."""

    name: str = Field("", description="the name for people")
    dates: list[Dates] | None = Field(
        None, min_length=1, description="its dates, such as [{from: 2026-11-26, to: 2026-11-29}]"
    )
    calendar: str | None = Field(
        None, description="country whose published calendar is looked up, such as US"
    )
    day: str | None = Field(None, description="a day of the calendar, such as Christmas Day")
    days: list[NamedDay] | None = Field(None, min_length=1, description="several such days")
    before: int = Field(0, ge=0, le=14, description="days before it that belong to it")
    after: int = Field(0, ge=0, le=14, description="days after it that belong to it")

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
    weeks: int | None = Field(
        None, ge=1, le=53, description="of a rotation: so many weeks, whenever between the dates"
    )


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

    peers: Names | None = Field(
        None, description="what peers have in common: pgy, track, groupings"
    )
    burdens: dict[str, dict[str, Any]] = Field({}, description="what is compared, by key")


class Tables(Section):
    """The tables beside the program, each a .csv or .xlsx file."""

    residents: str = Field(description="file of the residents")
    visitors: str | None = Field(None, description="file of the visitors")
    requests: str | None = Field(None, description="file of the wishes")
    history: str | None = Field(None, description="file of weeks done in earlier years")
    leave: str | None = Field(None, description="file of leaves, with dates")
    locks: str | None = Field(None, description="file of cells fixed by hand")
    carry_over: str | None = Field(
        None, description="file of burdens carried over from earlier years"
    )


class Settings(Section):
    """Settings of the run and of the reading; None leaves it to the command line."""

    time_limit: float | None = Field(None, gt=0, description="seconds for a solve")
    gap: float | None = Field(
        None,
        ge=0,
        le=1,
        description="gap at which a solve ends: a fraction of what is at stake",
    )
    leave_weekdays: int = Field(
        3, ge=1, le=5, description="weekdays of a week that make it a week of leave or vacation"
    )
    vacation_weekends: Weekends = Field(
        Weekends.OWN, description="the weekends that a week of vacation takes in"
    )


Format = Annotated[Literal[1], Field(description="the format of the file; 1 is the only one")]
NamedValues = Annotated[Values, Field(description="named values; rules say '$name'")]
ValueNotes = Annotated[dict[str, str], Field(description="what a named value means, by name")]
Tracks = Annotated[dict[str, Track], Field(description="tracks by key, with their own values")]
Years = Annotated[dict[int, Group], Field(description="values that differ by year of training")]
Tags = Annotated[dict[str, str], Field(description="what a tag means")]
Holidays = Annotated[dict[str, dict[str, Any]], Field(description="holidays by key")]
DefaultRequests = Annotated[
    dict[str, dict[str, Any]],
    Field(description="wishes of whoever has none of their own in that lane, by key"),
]
Rules = Annotated[list[dict[str, Any]], Field(description="what must hold, and what is wished for")]


class PolicyFile(Section):
    """What a policy may say."""

    format: Format
    policy: str = Field("", description="its name, which is the name of the file")
    title: str = Field("", description="what it holds, in a few words")
    values: NamedValues = {}
    value_notes: ValueNotes = {}
    tracks: Tracks = {}
    pgy: Years = {}
    tags: Tags = {}
    holidays: Holidays = {}
    fairness: Fairness = Field(Fairness(), description="burdens compared among peers")
    default_requests: DefaultRequests = {}
    rules: Rules = []


class ProgramFile(Section):
    """What a program may say; ``needed`` lists what it must."""

    format: Format
    name: str = Field("", description="the name of the program")
    policy: Names = Field([], description="names of the policies it builds on, nearest last")
    year: Year | None = Field(None, description="the academic year")
    values: NamedValues = {}
    value_notes: ValueNotes = {}
    tracks: Tracks = {}
    departments: dict[str, Track] = Field({}, description="where visitors come from, by key")
    pgy: Years = {}
    people: dict[str, Group] = Field({}, description="values that differ for one resident, by id")
    groupings: Names = Field([], description="further columns of the residents to select by")
    tags: Tags = {}
    rotations: dict[str, RotationEntry] = Field({}, description="the services, by code")
    grids: dict[str, GridEntry] = Field({}, description="how the year is cut into blocks")
    tables: Tables | None = Field(None, description="files beside this one: .csv or .xlsx")
    holidays: Holidays = {}
    fairness: Fairness = Field(Fairness(), description="burdens compared among peers")
    default_requests: DefaultRequests = {}
    rules: Rules = []
    settings: Settings = Field(Settings(), description="settings of a solve and of the reading")


#: Options of a program that must be there.
NEEDED = ("name", "year", "rotations", "grids", "tables")
