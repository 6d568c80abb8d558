"""The program's wishes for residents who ask for nothing in a lane; knows no rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from scheduler.input.checked import checked
from scheduler.input.document import DefaultRequest, WishEntry
from scheduler.input.faults import Faults, Place
from scheduler.input.names import Names
from scheduler.input.policy import Documents
from scheduler.input.requests import RequestReader, Requests
from scheduler.input.tables import Row
from scheduler.problem.resident import Resident
from scheduler.problem.wish import Choice
from scheduler.rules.select import Who

SECTION = "default_requests"


@dataclass(frozen=True)
class _Default:
    """A choice of nobody yet, and for whom it is."""

    who: Who
    choice: Choice


def default_choices(
    documents: Documents,
    reader: RequestReader,
    names: Names,
    residents: Iterable[Resident],
    requests: Requests,
) -> tuple[Choice, ...]:
    """The default choices of every resident who asked for nothing in the lane of each."""
    defaults = list(_read(documents, reader, names, reader.faults))
    return tuple(
        replace(default.choice, resident=resident.index, default=True)
        for resident in residents
        for default in defaults
        if default.who.matches(resident)
        and (resident.index, default.choice.lane) not in requests.asked
    )


def _read(
    documents: Documents, reader: RequestReader, names: Names, faults: Faults
) -> Iterator[_Default]:
    for name, merged in documents.merged(SECTION).items():
        entry = checked(DefaultRequest, merged.options, merged, faults)
        if entry is None:
            continue
        names.check_who(entry.who, merged, ("who",), faults)
        rows = [
            _row(name, wish, number, merged.place(("alternatives", number)))
            for number, wish in enumerate(entry.alternatives)
        ]
        choice = reader.choice(name, rows)
        if choice is not None:
            yield _Default(entry.who, choice)


def _row(name: str, wish: WishEntry, number: int, place: Place) -> Row:
    """An alternative as a line of the table of requests."""
    dates = {"from": wish.first, "to": wish.last}
    return Row(
        place,
        {
            "choice": name,
            "priority": str(number + 1),
            "type": wish.type,
            "what": " ".join(wish.what),
            **{column: str(day) for column, day in dates.items() if day is not None},
            "weeks": "" if wish.weeks is None else str(wish.weeks),
        },
    )
