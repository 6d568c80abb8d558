"""Who the people of an example are, and what rotations they do, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from typing import Any

from scheduler.problem.burden import SEVENTHS
from scheduler.problem.rotation import Rotation, Team
from scheduler.rules.example import Person
from scheduler.rules.words import counted, ranges, weeks_of


def listed(names: Iterable[str]) -> str:
    """'A', 'A and B', 'A, B and C'."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def in_weeks(numbers: Iterable[int]) -> str:
    """'week 2', 'weeks 1-2, 5'."""
    found = sorted(set(numbers))
    return f"week{'s' if len(found) > 1 else ''} {ranges(found)}"


def person_words(person: Person) -> str:
    """What is particular about a person; '' where nothing is."""
    return "; ".join(_particular(person, _PERSON))


def rotation_words(rotation: Rotation) -> str:
    """The tags and numbers of a rotation."""
    tags = ", ".join(sorted(rotation.tags))
    return "; ".join([tags, *_particular(rotation, _ROTATION)] if tags else [])


def _particular(one: Any, words: Mapping[str, Callable[[Any], str] | None]) -> Iterator[str]:
    """Words for each field that differs from its default; a field without words names itself."""
    plain = type(one)(**{f.name: getattr(one, f.name) for f in fields(one) if f.name in _NAMES})
    for field in fields(one):
        value = getattr(one, field.name)
        if value == getattr(plain, field.name):
            continue
        say = words.get(field.name, lambda value, name=field.name: f"{_spaced(name)} {value}")
        if say is not None:
            yield say(value)


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _amounts(days: Mapping[str, int]) -> str:
    return ", ".join(f"{weeks_of(number)} of {name}" for name, number in days.items())


def _stays(stays: Mapping[str, int]) -> str:
    """'1 stay on ELEC, 3 stays on ICU'."""
    return ", ".join(f"{counted(number, 'stay')} on {name}" for name, number in stays.items())


def _carried(amounts: Mapping[str, int]) -> str:
    """'4 of icu', '-1 of icu, 5 of denied' (given in sevenths, as burdens are kept)."""
    return ", ".join(f"{round(number / SEVENTHS, 1):g} of {n}" for n, number in amounts.items())


def _groups(groups: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{name} {group if isinstance(group, str) else ' and '.join(sorted(group))}"
        for name, group in groups.items()
    )


def _team(team: Team) -> str:
    """'Red (firm north, 2 places for PGY1)'."""
    places = [f"{counted(number, 'place')} for PGY{pgy}" for pgy, number in team.size.items()]
    said = ", ".join([_groups(team.groups)] * bool(team.groups) + places)
    return f"{team.name} ({said})" if said else team.name


#: Fields that name a rotation; they are no particulars.
_NAMES = ("code", "name")

_PERSON: dict[str, Callable[[Any], str] | None] = {
    "pgy": lambda year: f"PGY{year}",
    "track": lambda track: f"track {track}",
    "visitor": lambda _: "visitor",
    "groups": _groups,
    "leave": lambda weeks: f"leave in {in_weeks(weeks)}",
    "away": lambda weeks: f"not here in {in_weeks(weeks)}",
    "history": lambda days: f"in earlier years {_amounts(days)}",
    "earlier_stays": lambda stays: f"in earlier years {_stays(stays)}",
    "credit": lambda days: f"credited with {_amounts(days)}",
    "carried": lambda amounts: f"carried over {_carried(amounts)}",
    "leave_vacation_weeks": lambda weeks: f"the leave uses up {weeks_of(weeks * 7)} of vacation",
    "worked_holidays": lambda names: f"worked {listed(sorted(names))} last year",
    "covers": lambda weeks: f"covers for a leave in {in_weeks(weeks)}",
    "counts": lambda percent: f"counts {percent} percent of a person",
}

_ROTATION: dict[str, Callable[[Any], str] | None] = {
    "tags": None,
    "colour": None,
    "hours": lambda hours: f"{hours} hours a week",
    "nights": lambda nights: f"{nights} nights a week",
    "weekend_days": lambda days: f"{days} weekend days a week",
    "outpatient": lambda percent: f"{percent}% outpatient",
    "clinic_sessions": lambda sessions: f"{sessions} clinic sessions a week",
    "vacation": lambda _: "allows vacation",
    "releasable": lambda _: "days can be released",
    "pullable": lambda _: "people can be pulled in a holiday",
    "groups": _groups,
    "teams": lambda teams: f"teams {listed(map(_team, teams))}",
}
