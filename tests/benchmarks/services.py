"""The made-up services of the generated programs, and how many places each has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

INTERN, SENIOR = "intern", "senior"
TEAMS = (INTERN, SENIOR)
#: The years of training of each team.
PGY = {INTERN: (1,), SENIOR: (2, 3)}

#: At most this share of a team stands on services at once; the rest is clinic and electives.
MOST_STAFFED = 0.65
#: Ambulatory blocks among all that are not on a service.
AMBULATORY = 0.42

CLINIC_WEEK = "CLINIC"  # the clinic week of an X+Y grid
AMBULATORY_BLOCK = "AMB"


@dataclass(frozen=True)
class Service:
    """A staffed rotation: shares of interns' and seniors' time, and the least size that has it.

    A ``shared`` service is one for all programs of a campus, others are each program's own.
    """

    code: str
    name: str
    tags: tuple[str, ...]
    shares: tuple[float, float]
    least: int = 0
    shared: bool = False
    hours: int = 68
    nights: int = 0

    def of(self, unit: str) -> str:
        """The code in the program ``unit`` of a campus ('' where there is one program only)."""
        return self.code if self.shared or not unit else f"{self.code}{unit}"


SERVICES = (
    Service("WARD", "Ward", ("inpatient", "ward", "heavy"), (0.22, 0.10)),
    Service("ICU", "Intensive care", ("inpatient", "icu", "heavy"), (0.14, 0.12), 0, True, 74, 1),
    Service("NITE", "Nights", ("inpatient", "night", "heavy"), (0.06, 0.10), 0, True, 66, 6),
    Service("STEP", "Step-down", ("inpatient", "ward", "heavy"), (0.08, 0.06), 45),
    Service("ED", "Emergency", ("emergency", "heavy"), (0.05, 0.05), 90, True, 50, 1),
    Service("ONC", "Oncology", ("inpatient", "ward", "heavy"), (0.06, 0.05), 90),
    Service("CCU", "Cardiac care", ("inpatient", "icu", "heavy"), (0.0, 0.06), 90, False, 72, 1),
)

_ELECTIVES = [
    "CARD", "GI", "RENAL", "PULM", "ENDO", "RHEUM", "INFD", "HEME",
    "NEURO", "GERI", "PALL", "ALLRG", "DERM", "SPORT", "WOMEN", "RSCH",
]  # fmt: skip


def electives(residents: int) -> list[str]:
    """The electives of a program of so many residents: one for about twelve, at least two."""
    return _ELECTIVES[: max(2, min(len(_ELECTIVES), residents // 12))]


def places(team: str, people: int, size: int, cohorts: int) -> dict[Service, int]:
    """Places on each service in a team of ``people``, in a program of ``size`` residents.

    The places are a multiple of ``cohorts``, so that each cohort fills as many.
    """
    which = TEAMS.index(team)
    found: dict[Service, int] = {}
    for service in SERVICES:
        share = service.shares[which]
        small = team == INTERN and service.code == "NITE" and size < 45
        if not share or size < service.least or small:
            continue
        number = cohorts * max(1, round(share * people / cohorts))
        if sum(found.values()) + number <= MOST_STAFFED * people:
            found[service] = number
    return found


def interleaved(counts: Iterable[tuple[str, int]]) -> list[str]:
    """Each name as often as its count says, spread as evenly as can be."""
    at = [
        ((number + 0.5) / count, order, name)
        for order, (name, count) in enumerate(counts)
        for number in range(count)
    ]
    return [name for _, _, name in sorted(at)]


def circle(heavy: list[str], light: list[str]) -> list[str]:
    """Heavy and light places in turn, as evenly as can be: a year of work and rest."""
    turns = interleaved([("heavy", len(heavy)), ("light", len(light))])
    waiting = {"heavy": iter(heavy), "light": iter(light)}
    return [next(waiting[turn]) for turn in turns]
