"""Burdens and peers from the program and its policies; knows no residents and no rules."""

from __future__ import annotations

from collections.abc import Mapping

from scheduler.input.checked import checked
from scheduler.input.document import BurdenEntry
from scheduler.input.faults import Faults
from scheduler.input.names import Names
from scheduler.input.policy import Documents
from scheduler.input.yaml_file import Path
from scheduler.problem.burden import Burden, Duty, Wishes
from scheduler.problem.rotation import Rotation

_SECTION = "fairness"
_MEASURES = ("rotations", "number", "duty", "wishes")
#: What one unit of each number, duty and kind of wish is called.
_UNITS = {
    "nights": "night",
    "weekend_days": "weekend day",
    "hours": "hour",
    Duty.WORKED: "holiday",
    Duty.PULLED: "pull",
    Wishes.DENIED: "choice",
    Wishes.POINTS: "point",
}


def read_burdens(
    documents: Documents, rotations: Mapping[str, Rotation], names: Names, faults: Faults
) -> dict[str, Burden]:
    """The burdens by name, in the order of the documents.

    One that only policies speak of is left out where no rotation of the program
    bears it.
    """
    found: dict[str, Burden] = {}
    for name, where in documents.merged(_SECTION, "burdens").items():
        entry = checked(BurdenEntry, where.options, where, faults)
        if entry is None:
            continue
        ours = any(where.origins.get(key) is documents.program for key in _MEASURES)
        unknown = [one for one in entry.rotations or () if not names.knows(one)]
        for one in unknown if ours else ():
            path: Path = ("rotations",)
            names.note_rotation(one, where.place(path), where.label(path), faults)
        burden = _burden(name, entry, rotations, names)
        if ours or burden.rates or burden.wishes or (burden.duty and names.holidays):
            found[name] = burden
    return found


def _burden(
    name: str, entry: BurdenEntry, rotations: Mapping[str, Rotation], names: Names
) -> Burden:
    rates: dict[str, int] = {}
    if entry.rotations is not None:
        rates = dict.fromkeys(sorted(names.rotations(entry.rotations)), 1)
    elif entry.number is not None:
        numbers = {code: getattr(one, entry.number) for code, one in rotations.items()}
        rates = {code: number for code, number in numbers.items() if number}
    kind = entry.number or entry.duty or entry.wishes
    return Burden(
        name=name,
        title=entry.name or name,
        unit=_UNITS.get(kind or "", "week"),
        rates=rates,
        duty=Duty(entry.duty) if entry.duty else None,
        wishes=Wishes(entry.wishes) if entry.wishes else None,
        weight=entry.weight,
    )


def read_peers(documents: Documents, names: Names, faults: Faults) -> tuple[str, ...]:
    """What peers have in common, as the nearest document says it."""
    peers: tuple[str, ...] = ()
    for layer in documents.layers:
        if layer.content.fairness.peers is not None:
            peers = tuple(layer.content.fairness.peers)
            for index, name in enumerate(peers):
                place = layer.yaml.place((_SECTION, "peers", index))
                names.check_grouping(name, place, f"{_SECTION}.peers: ", faults)
    return peers
