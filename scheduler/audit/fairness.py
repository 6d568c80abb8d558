"""Who bears how much among their peers, this year and carried over; knows no model.

Burdens and peers are the program's (``Problem.burdens``, ``Problem.peers``);
visitors are nobody's peers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

from scheduler.audit.burdens import borne_by
from scheduler.audit.wishes import received
from scheduler.problem.burden import SEVENTHS, Burden, Wishes
from scheduler.problem.problem import Problem
from scheduler.problem.resident import WHOLE, Resident
from scheduler.rules.request import Request
from scheduler.schedule.schedule import Schedule


@dataclass(frozen=True)
class Load:
    """What one resident bears of one burden, in its unit.

    ``amount`` is this year's, ``carried`` what was carried over into it, ``fair``
    the share of all that the peers bear and carried, in proportion to days there,
    half days for half time (not of wishes: those are everyone's alike).  Someone who
    counts for nothing is not compared: just what they bear and carried is fair.
    ``carry_over`` is what goes into next year: of wishes what this year's amount
    lies above the peers' median (what was carried has had its effect), of other
    burdens all that is above or below the fair share.
    """

    amount: Fraction
    carried: Fraction
    fair: Fraction
    carry_over: Fraction

    @property
    def beyond(self) -> Fraction:
        """How far above (or, below 0, under) the fair share."""
        return self.amount + self.carried - self.fair


@dataclass(frozen=True)
class Bearer:
    """One resident; ``above`` is how far above their peers, from -1 to 1.

    It is the mean over the burdens (by their weights) of what lies beyond the
    fair share, as a part of the most that one of the peers bears and carried.
    """

    resident: Resident
    group: str
    loads: Mapping[str, Load]
    above: Fraction


@dataclass(frozen=True)
class PeerGroup:
    """Residents who are compared, the worst off first; ``name`` is such as 'PGY1 categorical'."""

    name: str
    people: tuple[Bearer, ...]

    def spread(self, burden: str) -> tuple[Fraction, Fraction, Fraction]:
        """Mean, least and most of this year's amounts."""
        amounts = [one.loads[burden].amount for one in self.people]
        return Fraction(sum(amounts)) / len(amounts), min(amounts), max(amounts)


@dataclass(frozen=True)
class Fairness:
    """All burdens of all residents."""

    burdens: tuple[Burden, ...]
    peers: tuple[str, ...]
    groups: tuple[PeerGroup, ...]

    @property
    def people(self) -> tuple[Bearer, ...]:
        """Everyone, whoever is worst off first."""
        everyone = (one for group in self.groups for one in group.people)
        return tuple(sorted(everyone, key=lambda one: (-one.above, one.resident.index)))


def fairness(problem: Problem, schedule: Schedule) -> Fairness:
    """Compare every resident of the program with their peers."""
    groups: dict[tuple[str, ...], list[Resident]] = {}
    for resident in problem.residents:
        if resident.available and not resident.visitor:
            groups.setdefault(resident.alike(problem.peers), []).append(resident)
    judged = _Judged(problem, schedule)
    return Fairness(
        burdens=tuple(problem.burdens.values()),
        peers=problem.peers,
        groups=tuple(
            PeerGroup(_named(key), judged.compared(members, _named(key)))
            for key, members in sorted(groups.items())
        ),
    )


def _named(key: tuple[str, ...]) -> str:
    return " ".join(filter(None, key)) or "everyone"


@dataclass(frozen=True)
class _Judged:
    """A schedule, and what its residents bear."""

    problem: Problem
    schedule: Schedule

    def compared(self, members: list[Resident], group: str) -> tuple[Bearer, ...]:
        """The members of one group, whoever is worst off first."""
        burdens = self.problem.burdens.values()
        loads = {burden.name: self._loads(burden, members) for burden in burdens}
        most = {name: _most(listed) for name, listed in loads.items()}
        weights = {burden.name: burden.weight for burden in burdens if most[burden.name]}
        bearers = []
        for place, resident in enumerate(members):
            own = {name: listed[place] for name, listed in loads.items()}
            above = sum(weight * own[name].beyond / most[name] for name, weight in weights.items())
            mean = Fraction(above) / (sum(weights.values()) or 1)
            bearers.append(Bearer(resident, group, own, mean))
        return tuple(sorted(bearers, key=lambda one: (-one.above, one.resident.index)))

    def _loads(self, burden: Burden, members: list[Resident]) -> list[Load]:
        """The loads of ``members``, in their order."""
        days = [self._days(one, burden) for one in members]
        amounts = [self._amount(burden, one) for one in members]
        carried = [Fraction(one.carried.get(burden.name, 0), SEVENTHS) for one in members]
        totals = [here + before for here, before in zip(amounts, carried, strict=True)]
        compared = (total for total, there in zip(totals, days, strict=True) if there)
        rate = sum(compared, Fraction(0)) / (sum(days) or 1)
        middle = median(amounts)
        found = []
        for amount, before, there in zip(amounts, carried, days, strict=True):
            fair = rate * there if there else amount + before
            over = amount + before - fair if there else before
            if burden.wishes:
                over = max(Fraction(0), amount - middle)
            found.append(Load(amount, before, fair, carry_over=over))
        return found

    def _days(self, resident: Resident, burden: Burden) -> int:
        """Days there, in hundredths, by which shares go."""
        days = sum(self.problem.calendar.part_days[part] for part in resident.available)
        return days * (WHOLE if burden.wishes else resident.counts)

    def _amount(self, burden: Burden, resident: Resident) -> Fraction:
        if burden.wishes is Wishes.POINTS:
            return Fraction(self._points(resident))
        parts = range(len(self.problem.calendar.parts))
        return borne_by(self.problem, self.schedule, resident, burden, parts)

    def _points(self, resident: Resident) -> int:
        """Points that soft rules charge for wishes, before anything carried over raises them."""
        points = 0
        for bound in self.problem.rules:
            rule = bound.rule
            if not isinstance(rule, Request) or rule.hard or resident.index not in bound.residents:
                continue
            choices = rule.counted(self.problem, resident)
            found = [received(self.problem, self.schedule, choice) for choice in choices]
            points += sum(rule.points(one.rank, len(one.choice.priorities)) for one in found)
            points += rule.further * max(0, sum(one.denied for one in found) - 1)
        return points


def _most(loads: list[Load]) -> Fraction:
    """The most that one of a group bears and carried; 0 where nobody bears anything."""
    return max(Fraction(0), *(one.amount + one.carried for one in loads))
