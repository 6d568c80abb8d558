"""Make the people and wishes of the `mgh` example; it knows no solver and no schedule.

    python generate.py                       writes the tables beside this file
    python generate.py --scale 3 --out DIR   writes a program three times as large into DIR

Everything is drawn from one seed, so the same seed and scale give the same files byte for byte.
All names are put together from invented parts. With a scale other than 1, `program.yaml` is
copied too: every number of people in its one-line `coverage` and holiday `service` rules is
multiplied by the scale (a fraction becomes a range), so that supply and demand stay in proportion.
Weeks are not scaled. Half the size still fits; much less does not, because a fifth of an intern
cannot fill a place.

The sizes per track, the windows of visitors, and every wish are assumed (see README.md).
"""

from __future__ import annotations

import argparse
import csv
import re
from collections import Counter
from math import ceil, floor
from pathlib import Path
from random import Random

from invented_people import (
    SIZES,
    Person,
    make_residents,
    make_visitors,
    monday,
    names,
    scaled,
    sunday,
)
from invented_wishes import ELECTIVES, Row, Wishes

HERE = Path(__file__).resolve().parent

# What a resident did in an earlier year, in weeks net of vacation, by year and track (tracks that
# are not named did as the categorical ones). Electives are drawn, two weeks each.
PAST = {
    (1, "categorical"): {
        "BIG": 10, "FLEX": 2, "NWH": 4, "ONC": 4, "SDU": 2, "MICU": 4, "ED": 2,
        "ACR": 6, "ASE": 6, "elective": 4, "BACK": 2, "SELF": 2,
    },
    (1, "primary-care"): {
        "BIG": 10, "FLEX": 2, "NWH": 2, "ONC": 2, "SDU": 2, "MICU": 4, "ED": 2,
        "ACR": 10, "ASE": 8, "BACK": 2, "SELF": 4,
    },
    (1, "med-peds"): {
        "BIG": 6, "FLEX": 2, "ONC": 2, "MICU": 4, "ACR": 4, "ASE": 2, "elective": 4,
    },
    (2, "categorical"): {
        "BIG": 6, "FLEX": 4, "NWH": 4, "ONC": 2, "SDU": 2, "MICU": 4, "CCU": 4, "ED": 2,
        "ACR": 6, "ASE": 4, "elective": 8, "BACK": 2,
    },
    (2, "primary-care"): {
        "BIG": 4, "FLEX": 4, "NWH": 2, "SDU": 2, "MICU": 4, "CCU": 4, "ED": 2,
        "ACR": 6, "ASE": 14, "DES": 4, "BACK": 2,
    },
    (2, "med-peds"): {
        "BIG": 4, "NWH": 2, "MICU": 2, "CCU": 2, "ED": 2, "ACR": 4, "ASE": 4, "elective": 4,
    },
    (3, "med-peds"): {
        "LEAD": 2, "NITE": 2, "TRI": 2, "ONC": 2, "MICU": 2, "ACR": 4, "ASE": 2, "elective": 8,
    },
}  # fmt: skip


# The wards are a rotation for each firm, and whoever did them did so in their own.
WARDS = {"jackson": "BIGJ", "means": "BIGM", "bauer": "BIGB"}


def history_rows(rng: Random, people: list[Person]) -> list[Row]:
    """Weeks done in earlier years, by rotation; no week stands in two rows."""
    rows: list[Row] = []
    for person in people:
        done: Counter[str] = Counter()
        for year in range(1, person.pgy):
            table = PAST[year, person.track if (year, person.track) in PAST else "categorical"]
            for code, weeks in table.items():
                if code == "elective":
                    done.update(dict.fromkeys(rng.sample(list(ELECTIVES), weeks // 2), 2))
                else:
                    done[WARDS[person.firm] if code == "BIG" else code] += weeks
        rows += [{"id": person.id, "rotation": c, "weeks": str(w)} for c, w in done.items()]
    return rows


def leave_rows(rng: Random, people: list[Person]) -> list[Row]:
    """Parental leaves, each piece of at most four weeks with somebody to cover it."""
    rows: list[Row] = []
    covering: set[str] = set()
    for person in (p for p in people if p.leave):
        assert person.leave is not None
        first, weeks = person.leave
        for start in range(first, first + weeks, 4):
            last = min(start + 3, first + weeks - 1)
            helpers = [
                p
                for p in people
                if p.level == max(2, person.level)
                and p.track in ("categorical", "physician-scientist")
                and p.leave is None
                and p.id not in covering
                and p.fixed_weeks.isdisjoint(range(start, last + 1))
            ]
            helper = rng.choice(helpers)
            covering.add(helper.id)
            rows.append(
                {
                    "id": person.id,
                    "from": monday(start).isoformat(),
                    "to": sunday(last).isoformat(),
                    "kind": "parental",
                    "vacation_weeks": "0",
                    "credit": "ASE:2; SELF:2" if person.pgy == 1 and start == first else "",
                    "covered_by": helper.id,
                }
            )
    return rows


def lock_rows(people: list[Person]) -> list[Row]:
    """A few cells fixed by hand: a code, one of two, anything but, a vacation week."""
    asked = (  # (pgy, n-th categorical resident, block, what)
        (1, 2, 1, "MICU"), (1, 9, 5, "!MICU"), (1, 20, 16, "BIGB, FLEX"), (2, 4, 3, "CCU"),
        (2, 11, 22, "!CARDN"), (3, 1, 1, "TRI"), (3, 6, 4, "NITE"), (3, 15, 24, "MCON, TRI"),
    )  # fmt: skip
    rows: list[Row] = []
    for pgy, number, block, code in asked:
        class_ = [p for p in people if (p.pgy, p.track) == (pgy, "categorical")]
        weeks = range(2 * block - 1, 2 * block + 1)
        for person in class_[number:]:
            if person.fixed_weeks.isdisjoint(weeks) and all(map(person.here, weeks)):
                days = (monday(weeks[0]).isoformat(), sunday(weeks[-1]).isoformat())
                rows.append({"id": person.id, "from": days[0], "to": days[1], "code": code})
                break
    return rows


def carry_over_rows(people: list[Person]) -> list[Row]:
    """Weeks of nights that a third of the seniors bore beyond their share, the others short."""
    seniors = [p for p in people if p.pgy == 3]
    return [
        {"id": person.id, "burden": "night_weeks", "amount": ("2", "-1", "-1")[index % 3]}
        for index, person in enumerate(seniors)
    ]


# -- files -----------------------------------------------------------------------------------


def present(person: Person) -> str:
    """The presence windows of ``person`` as dates; empty for the whole year."""
    return "; ".join(f"{monday(2 * a - 1)}..{sunday(2 * b)}" for a, b in person.blocks)


def person_row(person: Person, kind: str) -> Row:
    row = {
        "id": person.id,
        "name": person.name,
        "pgy": str(person.pgy),
        kind: person.track,
        "firm": person.firm,
        "present": present(person),
    }
    return row | ({"worked_holidays": "; ".join(person.worked)} if kind == "track" else {})


def write(folder: Path, name: str, rows: list[Row], columns: str) -> None:
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, columns.split(), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


_PLACES = re.compile(r"\b(minimum|maximum|exactly): (\d+)")


def scaled_places(word: str, number: int, scale: float) -> str:
    """A limit on places, scaled; "exactly" becomes a range where the result is not whole."""
    low, high = floor(number * scale), ceil(number * scale)
    if word == "exactly" and low != high:
        return f"minimum: {low}, maximum: {high}"
    return f"{word}: {high if word == 'maximum' else low}"


def scaled_percent(percent: int, scale: float) -> int:
    """The percentage that lets a smaller level have its share of people away, rounded up."""
    levels: Counter[int] = Counter()
    for (pgy, _), size in SIZES.items():
        levels[min(pgy, 3)] += scaled(size, scale)
    return max(ceil(100 * ceil(size * percent / 100) / size) for size in levels.values())


def scale_program(text: str, scale: float) -> str:
    """``program.yaml`` with the people of its coverage and holiday services scaled."""
    if scale < 1:
        percent = re.compile(r"(vacation_percent: )(\d+)")
        text = percent.sub(lambda m: f"{m[1]}{scaled_percent(int(m[2]), scale)}", text)
    lines = text.split("\n")
    for i, line in enumerate(lines):
        if re.match(r"\s*- \{rule: (coverage|holiday),.*", line):
            lines[i] = _PLACES.sub(lambda m: scaled_places(m[1], int(m[2]), scale), line)
    return "\n".join(lines)


def generate(folder: Path, seed: int, scale: float) -> None:
    """Write all tables of one program into ``folder``."""
    rng = Random(seed)
    residents = make_residents(rng, scale)
    visitors = make_visitors(rng, scale)
    everyone = residents + visitors
    for person, name in zip(everyone, names(rng, len(everyone)), strict=True):
        person.name = name
    wishes = Wishes(rng, scale)
    for person in residents:
        wishes.of(person)
    folder.mkdir(parents=True, exist_ok=True)
    people_columns = "id name pgy {} firm present"
    write(
        folder,
        "residents.csv",
        [person_row(p, "track") for p in residents],
        people_columns.format("track") + " worked_holidays",
    )
    write(
        folder,
        "visitors.csv",
        [person_row(p, "department") for p in visitors],
        people_columns.format("department"),
    )
    write(
        folder, "requests.csv", wishes.rows, "id choice priority type what from to status comment"
    )
    write(folder, "history.csv", history_rows(rng, residents), "id rotation weeks")
    write(
        folder,
        "leave.csv",
        leave_rows(rng, residents),
        "id from to kind vacation_weeks credit covered_by",
    )
    write(folder, "locks.csv", lock_rows(residents), "id from to code")
    write(folder, "carry_over.csv", carry_over_rows(residents), "id burden amount")
    if folder.resolve() != HERE:
        text = (HERE / "program.yaml").read_text(encoding="utf-8")
        (folder / "program.yaml").write_text(scale_program(text, scale), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scale", type=float, default=1.0, help="size of the program (default 1)")
    parser.add_argument("--out", type=Path, default=HERE, help="folder to write into")
    options = parser.parse_args()
    if options.scale != 1 and options.out.resolve() == HERE:
        parser.error("another scale needs --out, so that the example itself is kept")
    generate(options.out, options.seed, options.scale)


if __name__ == "__main__":
    main()
