"""The invented people of the `mgh` example: how many, who they are, when they are here.

Everything in it is assumed, but for the totals of the years; it knows no wishes and no files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from random import Random

FIRST_DAY = date(2026, 6, 29)
WEEKS = 52
FIRMS = ("jackson", "means", "bauer")
HOLIDAYS = ("christmas", "thanksgiving", "new_years", "high_holidays")

# Residents by year and track. The totals of the years (76 / 68 / 52) are published, the sizes of
# the tracks are not: these were chosen so that each class becomes the next (the 8 preliminary
# interns leave after one year, the 16 physician-scientists after two).
SIZES = {
    (1, "categorical"): 34,
    (1, "primary-care"): 12,
    (1, "preliminary"): 8,
    (1, "med-peds"): 4,
    (1, "global-medicine"): 2,
    (1, "physician-scientist"): 16,
    (2, "categorical"): 34,
    (2, "primary-care"): 12,
    (2, "med-peds"): 4,
    (2, "global-medicine"): 2,
    (2, "physician-scientist"): 16,
    (3, "categorical"): 34,
    (3, "primary-care"): 12,
    (3, "med-peds"): 4,
    (3, "global-medicine"): 2,
    (4, "med-peds"): 4,
}

# Med-peds residents are here for 13 of the 26 blocks, half of them in each of two patterns
# (blocks counted from 1); each pattern holds two whole holidays.
MED_PEDS_BLOCKS = (((1, 7), (14, 19)), ((8, 13), (20, 26)))

# Visitors: department -> (people, lengths in blocks of their windows).
VISITORS = {
    "psychiatry": (16, (4, 4)),  # 16 weeks each
    "neurology": (12, (5, 5)),  # 20 weeks: 16 on services, 2 of elective, 2 of vacation
    "anesthesia": (8, (4, 3)),  # 14 weeks each, 2 of them in the MICU
}

LEAVES = (  # (pgy, track, first week, weeks); one person each, covered in pieces of at most 4 weeks
    (1, "categorical", 15, 6),
    (1, "categorical", 35, 6),
    (2, "categorical", 9, 8),
    (2, "primary-care", 31, 8),
    (2, "categorical", 41, 8),
    (3, "categorical", 13, 8),
    (3, "categorical", 37, 8),
)

GIVEN = (
    "Aldis", "Amabel", "Anouk", "Ansel", "Arlo", "Aviva", "Bastian", "Benedek", "Brisa",
    "Calix", "Cosima", "Dario", "Delphine", "Edda", "Elio", "Emeka", "Esti", "Fabian", "Farida",
    "Fenna", "Gideon", "Halina", "Hana", "Idris", "Ilse", "Imani", "Iveta", "Jarek", "Jonna",
    "Kaito", "Kamala", "Keziah", "Lale", "Leocadia", "Linus", "Lucan", "Maia", "Malik", "Marit",
    "Mateo", "Mira", "Nadir", "Naveen", "Noor", "Odile", "Olwen", "Oren", "Paloma", "Petra",
    "Quinn", "Rafi", "Ravindra", "Renske", "Rosalba", "Saskia", "Selim", "Soraya", "Sunniva",
    "Tadeo", "Tamsin", "Thandi", "Timur", "Tova", "Umi", "Valentin", "Vesna", "Wim", "Xanthe",
    "Yael", "Yorick", "Yuki", "Zelda", "Zoé",
)  # fmt: skip

# Invented family names: every first part is joined to every last part of its line.
FAMILY = (
    (
        "Alder Bram Dusk Ember Fenn Gorse Ink Kestrel Larch Nettle Otter Plover Quill Sorrel Umber",
        "combe garth hollow mere stead thwaite wick",
    ),
    ("Bel Cor Fal Gal Nov Ser Tor Val", "andrelle averra idosa ombrino uzelle"),
    ("Brez Drav Kolv Mirov Strel Vint", "anek ariuk elka oszyn ushko"),
    ("Adu Chuma Eke Oke Tunde Zube", "bazwe domi lorefe munye wankor"),
    ("Chand Devar Kalin Nilav Suram Vasut", "amoory antara eshwin ipathi uvel"),
    ("Hao Ji Mei Shen Tsuki Wata", "dokai kuremi lanzu nori-Ves tamure"),
    ("Asad Bahr Darw Karim Nasr Zahr", "avand elout iyan oustan uriel"),
    ("Céd Müll Nuñ Øst Šev", "abroix egaard illara"),
)


@dataclass
class Person:
    """One resident or visitor, as the tables describe them."""

    id: str
    name: str
    pgy: int
    track: str
    firm: str
    blocks: tuple[tuple[int, int], ...] = ()
    worked: tuple[str, ...] = ()
    leave: tuple[int, int] | None = None
    fixed_weeks: set[int] = field(default_factory=set)
    settled_half: int | None = None  # the half-year whose vacation is approved already

    @property
    def level(self) -> int:
        """Seniors of both years share their places."""
        return min(self.pgy, 3)

    def here(self, week: int) -> bool:
        """Whether the person is present and not on leave in ``week`` (from 1)."""
        present = not self.blocks or any(2 * a - 1 <= week <= 2 * b for a, b in self.blocks)
        return present and not (self.leave and self.leave[0] <= week < sum(self.leave))


def monday(week: int) -> date:
    """The first day of ``week`` (from 1)."""
    return FIRST_DAY + timedelta(weeks=week - 1)


def sunday(week: int) -> date:
    return monday(week) + timedelta(days=6)


def names(rng: Random, count: int) -> list[str]:
    """``count`` different names, "Last, First"; no family name occurs twice while they last."""
    family = [a + b for heads, tails in FAMILY for a in heads.split() for b in tails.split()]
    rng.shuffle(family)
    while len(family) < count:
        family += [f"{a}-{b}" for a, b in pairwise(family)]
    return [f"{family[i]}, {rng.choice(GIVEN)}" for i in range(count)]


def scaled(number: int, scale: float) -> int:
    """``number`` times ``scale``, rounded, one half downwards."""
    return -int((0.5 - number * scale) // 1) if scale != 1 else number


def make_residents(rng: Random, scale: float) -> list[Person]:
    """All residents, year by year; firms in turn, so that every track is spread over them."""
    people: list[Person] = []
    for (pgy, track), size in SIZES.items():
        for i in range(scaled(size, scale)):
            blocks = MED_PEDS_BLOCKS[i % 2] if track == "med-peds" else ()
            firm = FIRMS[len(people) % len(FIRMS)]
            people.append(Person(f"R{len(people) + 1:03d}", "", pgy, track, firm, blocks))
    for person in people:
        if person.pgy > 1:
            person.worked = worked_holidays(rng)
    for pgy, track, first, weeks in LEAVES:
        free = [p for p in people if (p.pgy, p.track, p.leave) == (pgy, track, None)]
        if free and scale >= 0.5:
            rng.choice(free).leave = (first, weeks)
    return people


def worked_holidays(rng: Random) -> tuple[str, ...]:
    """Last year's holidays in which the person was on a service: none, one or two."""
    return tuple(sorted(rng.sample(HOLIDAYS, rng.choice((0, 1, 1, 2)))))


def make_visitors(rng: Random, scale: float) -> list[Person]:
    """All visitors; each window goes where the fewest visitors are, so that every week has some."""
    load = Counter(dict.fromkeys(range(1, WEEKS // 2 + 1), 0))
    people: list[Person] = []
    for department, (size, lengths) in VISITORS.items():
        for _ in range(scaled(size, scale)):
            taken: list[tuple[int, int]] = []
            for length in lengths:
                taken.append(place_window(rng, load, length, taken))
            firm = FIRMS[len(people) % len(FIRMS)]
            id = f"V{len(people) + 1:03d}"
            people.append(Person(id, "", 1, department, firm, tuple(sorted(taken))))
    return people


def place_window(
    rng: Random, load: Counter[int], length: int, taken: Iterable[tuple[int, int]]
) -> tuple[int, int]:
    """The least loaded run of ``length`` blocks that keeps two blocks' distance from ``taken``."""
    starts = [
        start
        for start in range(1, WEEKS // 2 - length + 2)
        if all(start > b + 2 or start + length - 1 < a - 2 for a, b in taken)
    ]
    rng.shuffle(starts)
    ends = {1, WEEKS // 2}  # the ends of the year are hard to reach, so they win ties

    def price(start: int) -> tuple[int, int]:
        run = range(start, start + length)
        return sum(load[b] ** 2 for b in run), -len(ends.intersection(run))

    best = min(starts, key=price)
    load.update(range(best, best + length))
    return best, best + length - 1
