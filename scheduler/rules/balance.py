"""The balance rule: what is hard to bear is borne evenly among peers, and over the years."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import groupby
from math import ceil
from typing import ClassVar, Literal

from pydantic import Field

from scheduler.audit.burdens import borne_by
from scheduler.audit.violation import Violation
from scheduler.model.burdens import Peer, borne, burden_sets, fair_steps, largest_piece
from scheduler.model.linear import Sum
from scheduler.model.year import YearModel
from scheduler.problem.burden import SEVENTHS, Burden, amount_words
from scheduler.problem.resident import WHOLE, Resident
from scheduler.problem.wish import Alternative, Choice, Lane, WishKind, WishStatus
from scheduler.rules.base import Rule, Scope
from scheduler.rules.example import Example, Person
from scheduler.rules.select import Names
from scheduler.rules.words import every, sentence
from scheduler.schedule.schedule import Schedule

_NO_LIMIT = 1_000_000


def _asks(who: int, name: str, code: str, *parts: int, weeks: int = 0) -> Choice:
    """A choice of an example."""
    codes = frozenset({code})
    wish = Alternative(1, WishKind.ROTATION, parts=parts, rotations=codes, at_least=weeks)
    return Choice(who, Lane.ROTATIONS, name, WishStatus.SUBMITTED, (wish,))


class Balance(Rule):
    """Nights, intensive care and holidays fall on everyone alike, this year and over the years.

    A program and its policies name burdens under ``fairness``; a rule evens out
    one of them:

        fairness:
          burdens:
            nights: {name: Nights, number: nights}      # rotations' own numbers
            icu: {name: Intensive care, rotations: icu} # weeks worked
            holidays: {name: Holidays worked, duty: worked}  # or pulled
            denied: {name: Wishes denied, wishes: denied}    # choices

    Residents of ``who`` who have the same ``peers`` (year of training and track,
    say) are compared.  The *fair share* of each is what the group bears in this
    very schedule, together with what its members carried over from earlier
    years, in proportion to the days on which each is present in ``when`` and not
    on leave, less what they carried over themselves.  A part-time resident's days
    go by the column ``counts`` (50: half a share), except for wishes, which are
    everyone's alike; someone who counts for nothing is not compared.  With
    ``share`` the program states what is fair for somebody who is there all the
    time, and nothing is averaged: quicker to solve where a burden fills much of
    the year.

    The fair share is rounded up to whole steps, and is never below zero: a
    spread that no schedule avoids costs nothing.  A step is the most that one
    block can bring (a block of two weeks on nights brings twelve), unless
    ``step`` says otherwise.

    The amount is what a resident bears beyond that and beyond ``beyond``, in the
    burden's unit (weeks, nights, holidays); begun units count whole.  Bearing
    less costs nothing: somebody else bears more, and is charged.  A resident
    whom other rules keep from a burden lowers the share of the rest; leave them
    out by ``who``.

    What was carried over stands in the table ``carry_over`` (id, burden, amount;
    below zero for having borne less than one's peers).
    """

    per_resident: ClassVar[bool] = False
    unit: ClassVar[str] = "unit"

    rule: Literal["balance"] = "balance"
    burden: str = Field(description="the name of a burden")
    peers: Names = Field(
        [], description="what peers have in common: 'pgy', 'track' or groupings; none: all are"
    )
    beyond: int = Field(
        0,
        ge=0,
        description="how much above the rounded fair share is free, in the burden's unit "
        "(weeks, nights or choices)",
    )
    step: int | None = Field(
        None, ge=1, description="units to which the fair share is rounded up; none: one block's"
    )
    share: int | None = Field(
        None,
        ge=0,
        description="fair for somebody there all the time, in the burden's unit (weeks, "
        "say); none: average",
    )
    carry_at_most: int | None = Field(
        None,
        ge=0,
        description="most carried over, up or down, that counts, in its unit "
        "(weeks, say); none: all",
    )

    def burden_names(self) -> Iterable[str]:
        return [self.burden]

    def grouping_names(self) -> Iterable[str]:
        return self.peers

    def sentence(self) -> str:
        names = ["PGY" if name == "pgy" else name for name in self.peers]
        alike = f" among those of one {every(names)}" if names else ""
        fair = "their fair share" if self.share is None else f"{self.share}, their fair share"
        burden = self.burden.replace("_", " ")
        return sentence(
            f"of {burden}, {self.who.words()} bear at most {fair}",
            f"and {self.beyond} more" if self.beyond else "",
            f"{alike.strip()} {self.when.words()}".strip(),
        )

    def _carried(self, resident: Resident) -> int:
        """What the resident carried over, as far as it counts, in sevenths of a unit."""
        most = SEVENTHS * (_NO_LIMIT if self.carry_at_most is None else self.carry_at_most)
        return max(-most, min(most, resident.carried.get(self.burden, 0)))

    def worked_sets(self, scope: Scope, resident: Resident) -> Iterable[frozenset[str]]:
        return burden_sets(scope.problem, scope.problem.burdens[self.burden])

    # -- the model ---------------------------------------------------------------------------

    def post(self, year: YearModel, scope: Scope) -> None:
        groups: dict[tuple[str, ...], list[Resident]] = {}
        worked = not scope.problem.burdens[self.burden].wishes
        for resident in scope.residents:
            if worked and not resident.counts:
                continue
            if not scope.part_set.isdisjoint(resident.available):
                groups.setdefault(resident.alike(self.peers), []).append(resident)
        for group in groups.values():
            self._post_group(year, scope, group)

    def _post_group(self, year: YearModel, scope: Scope, group: list[Resident]) -> None:
        burden, parts = scope.problem.burdens[self.burden], scope.part_set
        days = scope.problem.calendar.part_days
        peers = [
            Peer(
                bears=borne(year, one, parts, burden),
                carried=self._carried(one),
                days=sum(days[part] for part in parts & one.available),
                counts=WHOLE if burden.wishes else one.counts,
            )
            for one in group
        ]
        pieces = (largest_piece(scope.problem, one, parts, burden) for one in group)
        step = max(pieces) if self.step is None else self.step * SEVENTHS
        if self.share is None:
            steps = fair_steps(year, peers, step)
        else:
            whole = sum(days[part] for part in parts)
            steps = [Sum(constant=self._stated_steps(peer, whole, step)) for peer in peers]
        for peer, fair in zip(peers, steps, strict=True):
            if peer.bears.terms:
                above = peer.bears.copy().add(fair, -step)
                year.at_most(above, self.beyond * SEVENTHS, self, SEVENTHS)

    def _stated_steps(self, peer: Peer, whole: int, step: int) -> int:
        """Steps of the stated share, for the days of ``whole`` that the peer is there."""
        fair = (self.share or 0) * SEVENTHS * peer.days * peer.counts
        fair -= peer.carried * whole * WHOLE
        return max(0, -(-fair // (whole * WHOLE * step)))

    # -- the audit ---------------------------------------------------------------------------

    def audit(self, schedule: Schedule, scope: Scope) -> Iterator[Violation]:
        burden = scope.problem.burdens[self.burden]
        there = {
            one.index: _days_there(scope, one) * _part_of_post(one, burden)
            for one in scope.residents
        }
        present = [one for one in scope.residents if there[one.index]]
        for _, group in groupby(sorted(present, key=self._group), key=self._group):
            yield from self._audit_group(schedule, scope, list(group), there)

    def _group(self, resident: Resident) -> tuple[str, ...]:
        return resident.alike(self.peers)

    def _audit_group(
        self, schedule: Schedule, scope: Scope, group: list[Resident], there: dict[int, Fraction]
    ) -> Iterator[Violation]:
        burden = scope.problem.burdens[self.burden]
        step = Fraction(self.step or _one_block(scope, group, burden))
        bears = [borne_by(scope.problem, schedule, r, burden, scope.part_set) for r in group]
        carried = [Fraction(self._carried(resident), SEVENTHS) for resident in group]
        rate = (sum(bears) + sum(carried)) / sum(there[one.index] for one in group)
        if self.share is not None:
            rate = Fraction(self.share, _days(scope, scope.parts))
        for resident, has, before in zip(group, bears, carried, strict=True):
            fair = rate * there[resident.index] - before
            limit = max(0, ceil(fair / step)) * step + self.beyond
            if has > limit:
                message = self._told(resident, burden, has, limit, before)
                yield self.violation(ceil(has - limit), message, resident)

    def _told(
        self, resident: Resident, burden: Burden, has: Fraction, limit: Fraction, before: Fraction
    ) -> str:
        earlier = ""
        if before:
            word = "more" if before > 0 else "less"
            earlier = f", having borne {amount_words(abs(before))} {word} in earlier years"
        number = f"{amount_words(has)} {burden.unit}{'' if has == 1 else 's'}"
        return f"{resident.name}, {burden.title}: {number}, fair are {amount_words(limit)}{earlier}"

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "nights go round",
            {"rule": "balance", "burden": "nights"},
            {"A": "NIGHT WARD WARD", "B": "WARD NIGHT WARD", "C": "WARD WARD WARD"},
            rotations=("WARD", "NIGHT"),
        ),
        Example(
            "a spread of one block cannot be avoided, one of two can",
            {"rule": "balance", "burden": "nights", "weight": 1},
            {"A": "NIGHT NIGHT WARD NIGHT", "B": "WARD WARD NIGHT WARD"},
            finds=("A, Nights: 18 nights, fair are 12",),
            amounts=(6,),
            rotations=("WARD", "NIGHT"),
        ),
        Example(
            "only peers are compared, and whoever is there less bears less",
            {"rule": "balance", "burden": "icu", "peers": ["pgy", "firm"]},
            {
                "A": "ICU ICU WARD WARD",
                "B": "WARD WARD ICU LEAVE",
                "C": "ICU WARD WARD WARD",
                "D": "ICU ICU AWAY AWAY",
            },
            finds=("D, Intensive care: 2 weeks, fair are 1",),
            amounts=(1,),
            residents={
                "A": Person(pgy=2, groups={"firm": "red"}),
                "B": Person(pgy=2, groups={"firm": "red"}, leave=(4,)),
                "C": Person(groups={"firm": "red"}),
                "D": Person(groups={"firm": "red"}, away=(3, 4)),
            },
            rotations=("WARD", "ICU"),
        ),
        Example(
            "half time is half a share, and who counts for nothing is not compared",
            {"rule": "balance", "burden": "icu", "step": 1},
            {"A": "ICU ICU ICU WARD", "B": "ICU ICU ICU WARD", "C": "ICU ICU ICU ICU"},
            finds=("A, Intensive care: 3 weeks, fair are 2",),
            amounts=(1,),
            residents={"A": Person(counts=50), "C": Person(counts=0)},
            rotations=("WARD", "ICU"),
        ),
        Example(
            "what was borne in earlier years counts, as far as it may",
            {"rule": "balance", "burden": "icu", "carry_at_most": 2, "weight": 3},
            {"A": "ICU ICU WARD WARD", "B": "ICU ICU ICU WARD"},
            finds=("A, Intensive care: 2 weeks, fair are 1, having borne 2 more in earlier years",),
            amounts=(1,),
            residents={"A": Person(carried={"icu": 28}), "B": Person(carried={"icu": -7})},
            rotations=("WARD", "ICU"),
        ),
        Example(
            "a share that is stated, rounded up to two weeks, and one week free",
            {"rule": "balance", "burden": "backup", "share": 1, "step": 2, "beyond": 1},
            {"A": "ELEC ELEC ELEC VAC", "B": "ELEC ELEC ELEC ELEC"},
            finds=("B, Backup: 4 weeks, fair are 3",),
            amounts=(1,),
            block_weeks=2,
            rotations=("WARD", "ELEC"),
            others=({"rule": "vacation", "minimum": 0, "maximum": 1},),
        ),
        Example(
            "holidays worked: the clinic closes then, vacation is no work",
            {"rule": "balance", "burden": "holidays", "weight": 4},
            {"A": "WARD WARD WARD", "B": "CLINIC CLINIC VAC", "C": "WARD WARD WARD"},
            finds=("A, Holidays worked: 3 holidays, fair are 2",),
            amounts=(1,),
            holidays={"thanksgiving": (1,), "christmas": (2,), "new-year": (3,)},
            duties={("C", "christmas"): "off", ("C", "new-year"): "off"},
            others=(
                {"rule": "vacation", "minimum": 0, "maximum": 1},
                {"rule": "holiday", "off": 2, "weight": 1},
            ),
        ),
        Example(
            "the same people are called in again",
            {"rule": "balance", "burden": "pulls"},
            {"A": "CLINIC CLINIC", "B": "CLINIC CLINIC"},
            finds=("A, Pulls: 2 pulls, fair are 1",),
            amounts=(1,),
            holidays={"christmas": (1,), "new-year": (2,)},
            duties={("A", "christmas"): "pulled WARD", ("A", "new-year"): "pulled WARD"},
            others=({"rule": "holiday", "service": "WARD", "minimum": 1},),
        ),
        Example(
            "denials are shared out",
            {"rule": "balance", "burden": "denied", "weight": 5},
            {"A": "WARD CLINIC WARD", "B": "CLINIC WARD WARD"},
            finds=("A, Wishes denied: 2 choices, fair are 1",),
            amounts=(1,),
            choices=(
                _asks(0, "1", "WARD", 2),
                _asks(0, "2", "CLINIC", 0),
                _asks(0, "3", "CLINIC", 2),
                _asks(1, "1", "CLINIC"),
                _asks(1, "2", "WARD", 0, 1, 2, weeks=2),
            ),
        ),
    )


def _days(scope: Scope, parts: Iterable[int]) -> int:
    shown = scope.problem.calendar.parts
    return sum((shown[part].last - shown[part].first).days + 1 for part in parts)


def _days_there(scope: Scope, resident: Resident) -> int:
    gone = resident.leave.union(set(scope.parts) - resident.present)
    return _days(scope, (part for part in scope.parts if part not in gone))


def _part_of_post(resident: Resident, burden: Burden) -> Fraction:
    """How much of a share falls to a day of the resident."""
    return Fraction(1) if burden.wishes else Fraction(resident.counts, 100)


def _one_block(scope: Scope, group: list[Resident], burden: Burden) -> Fraction:
    """Units that one block of somebody in the group, or one holiday, brings at most."""
    grids = {grid.name: grid for one in group for grid in scope.problem.candidate_grids(one)}
    best = Fraction(0)
    for block in (block for grid in grids.values() for block in grid.blocks):
        codes = [block.assigned] if block.assigned else list(burden.rates)
        weeks = Fraction(_days(scope, (p for p in block.parts if p in scope.part_set)), SEVENTHS)
        best = max([best, *(burden.rates.get(code, 0) * weeks for code in codes)])
    return best or Fraction(1)
