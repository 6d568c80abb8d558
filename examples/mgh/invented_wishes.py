"""The invented wishes of the `mgh` example, crowded as in life; it knows no schedule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from invented_people import HOLIDAYS, WEEKS, Person, monday, scaled, sunday

# A quarter of the year, in which half of all vacation wishes fall: August, the long weekend of
# October, Thanksgiving, the week before Christmas, the school vacations of February and April,
# spring, June. A run of two weeks is asked for as a whole.
# What stands twice is asked for twice as often.
CROWDED_RUNS = (
    ((6, 7), (8, 9), (8, 9), (16,), (22,), (25,), (25,)),
    ((34,), (34,), (38, 39), (43,), (50, 51), (50, 51)),
)
CROWDED = frozenset(w for half in CROWDED_RUNS for run in half for w in run)
CROWDED_SHARE = 0.41  # of the wishes, drawn from the runs above; the others add the rest by chance

ELECTIVES = {  # code: how many in a hundred name it first
    "CARD": 20, "GI": 14, "HEME": 12, "PULM": 11, "ID": 9, "RHEU": 7,
    "ENDO": 7, "RENL": 5, "PALL": 5, "NEUR": 4, "GERI": 3, "DERM": 3,
}  # fmt: skip

AUTUMN = range(4, 10)  # blocks from 10 August to 1 November, before fellowship applications

Row = dict[str, str]


@dataclass
class Wishes:
    """Draws everybody's wishes and keeps count of what has been approved per level and week."""

    rng: Random
    scale: float
    rows: list[Row] = field(default_factory=list)
    approved: Counter[tuple[int, int]] = field(default_factory=Counter)

    def add(
        self,
        person: Person,
        choice: str,
        priority: int,
        kind: str,
        what: str = "",
        days: tuple[date, date] | None = None,
        status: str = "submitted",
        comment: str = "",
    ) -> None:
        first, last = (days[0].isoformat(), days[1].isoformat()) if days else ("", "")
        self.rows.append(
            {
                "id": person.id,
                "choice": choice,
                "priority": str(priority),
                "type": kind,
                "what": what,
                "from": first,
                "to": last,
                "status": status,
                "comment": comment,
            }
        )

    def of(self, person: Person) -> None:
        """All wishes of one resident: something protected, time off, rotations."""
        self.protected(person)
        for half in (0, 1):
            self.vacation(person, half)
        self.holiday(person)
        self.electives(person)
        self.timing(person)

    def room(self, person: Person, week: int, most: int) -> bool:
        return self.approved[person.level, week] < max(1, scaled(most, self.scale))

    def protected(self, person: Person) -> None:
        """Everyone names one day that must be free; a few have a vacation locked instead."""
        if person.track != "med-peds" and self.rng.random() < 0.1:
            half = self.rng.randrange(2)
            for run in self.vacation_runs(person, half, crowded=False):
                if all(self.room(person, week, 3) for week in run):
                    self.fix(person, run)
                    person.settled_half = half
                    status = self.rng.choice(("approved", "locked"))
                    days = (monday(run[0]), sunday(run[-1]))
                    self.add(
                        person, "wedding", 1, "vacation", days=days, status=status,
                        comment="wedding",
                    )  # fmt: skip
                    return
        self.protected_day(person)

    def protected_day(self, person: Person) -> None:
        weeks = [w for w in range(3, WEEKS + 1) if person.here(w) and self.room(person, w, 3)]
        week = self.rng.choice(weeks)
        self.fix(person, (week,))
        kinds: tuple[tuple[str, int, int], ...] = (
            ("family wedding", 5, 6),
            ("board examination", 2, 2),
            ("religious day", 3, 3),
            ("family day", 4, 4),
        )
        if person.pgy > 1:
            kinds += (("conference", 3, 5), ("conference", 2, 4))
        comment, first, last = self.rng.choice(kinds)
        days = (monday(week) + timedelta(first), monday(week) + timedelta(last))
        self.add(person, "free day", 1, "date", days=days, status="approved", comment=comment)

    def fix(self, person: Person, weeks: Iterable[int]) -> None:
        for week in weeks:
            person.fixed_weeks.add(week)
            self.approved[person.level, week] += 1

    def vacation(self, person: Person, half: int) -> None:
        """Two or three ranked alternatives for the vacation of one half-year."""
        if person.settled_half == half:
            return
        taken: set[int] = set()
        wanted = self.rng.choice((2, 3, 3))
        priority = 0
        while priority < wanted:
            crowded = self.rng.random() < CROWDED_SHARE
            runs = self.vacation_runs(person, half, crowded)
            runs = [run for run in runs if taken.isdisjoint(run)]
            if not runs:
                if not crowded:
                    return
                continue
            run = runs[0]
            taken.update(run)
            priority += 1
            days = (monday(run[0]), sunday(run[-1]))
            self.add(person, f"vacation {half + 1}", priority, "vacation", days=days)

    def vacation_runs(self, person: Person, half: int, crowded: bool) -> list[tuple[int, ...]]:
        """Runs of weeks the person could ask for, in random order."""
        first = (5 if person.pgy == 1 else 3) if half == 0 else 28
        last = 25 if half == 0 else WEEKS
        length = 1 if person.track == "med-peds" else 2
        if crowded:
            runs = [run[:length] for run in CROWDED_RUNS[half]]
        else:
            starts = range(first, last - length + 2)
            runs = [tuple(range(start, start + length)) for start in starts]
        runs = [run for run in runs if all(map(person.here, run))]
        self.rng.shuffle(runs)
        return runs

    def holiday(self, person: Person) -> None:
        """All holidays the person is here for, ranked; most put Christmas first."""
        weights = {"christmas": 45, "thanksgiving": 25, "new_years": 18, "high_holidays": 12}
        holiday_weeks = {
            "christmas": (26,), "thanksgiving": (22,), "new_years": (27,),
            "high_holidays": (11, 12, 13),
        }  # fmt: skip
        open_ = [h for h in HOLIDAYS if all(map(person.here, holiday_weeks[h]))]
        for priority in range(1, len(open_) + 1):
            chosen = self.rng.choices(open_, [weights[h] for h in open_])[0]
            open_.remove(chosen)
            self.add(person, "holiday", priority, "holiday", what=chosen)

    def electives(self, person: Person) -> None:
        """One or two electives wished for; juniors and seniors want the first of them in autumn."""
        ranked = self.ranked_electives(6)
        choices = 1 if person.pgy == 1 or person.track in ("primary-care", "med-peds") else 2
        if person.pgy > 1:
            self.autumn_elective(person, ranked)
            choices -= 1
        for _ in range(choices):
            for priority in range(1, self.rng.choice((2, 3)) + 1):
                self.add(person, "elective", priority, "rotation", what=ranked.pop(0))

    def autumn_elective(self, person: Person, ranked: list[str]) -> None:
        """The field of interest in one of two autumn blocks, else at any time, else another."""
        blocks = [b for b in AUTUMN if person.here(2 * b - 1) and person.here(2 * b)]
        first, second = ranked.pop(0), ranked.pop(0)
        priority = 1
        for block in self.rng.sample(blocks, min(2, len(blocks))):
            days = (monday(2 * block - 1), sunday(2 * block))
            self.add(
                person, "field", priority, "rotation", what=first, days=days,
                comment="before applications",
            )  # fmt: skip
            priority += 1
        for code in (first, second):
            self.add(person, "field", priority, "rotation", what=code)
            priority += 1

    def ranked_electives(self, count: int) -> list[str]:
        left = dict(ELECTIVES)
        ranked: list[str] = []
        for _ in range(count):
            ranked.append(self.rng.choices(list(left), list(left.values()))[0])
            del left[ranked[-1]]
        return ranked

    def timing(self, person: Person) -> None:
        """One wish about when: a service in a season, or none of a heavy one in some weeks."""
        heavy = {
            1: ("bigelow", "MICU", "ONC"),
            2: ("bigelow", "CCU", "MICU"),
            3: ("NITE", "ICUN", "MICU"),
        }
        starts = [b for b in range(2, WEEKS // 2 - 1) if person.here(2 * b - 1)]
        block = self.rng.choice(starts)
        days = (monday(2 * block - 1), sunday(2 * block))
        code = self.rng.choice(heavy[person.level])
        if self.rng.random() < 0.6:
            self.add(person, "avoid", 1, "avoid", what=code, days=days)
            return
        early = self.ranked_electives(2)
        for priority, elective in enumerate(early, 1):
            self.add(person, "then", priority, "rotation", what=elective, days=days)
