"""Rules a step looser or tighter, and schedules changed by a hand that aims at the difference.

A few people's years are drawn anew, at random prices, until a rule and its
mutant disagree: the schedule stands at the very edge of the rule, and keeps
all others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice, zip_longest
from random import Random

from scheduler.model.decode import decode
from scheduler.model.year import YearModel
from scheduler.problem.problem import Problem
from scheduler.schedule.schedule import Schedule
from tests.rules.exhaustive import divided
from tests.rules.hospital import RULES, Options, hospital, hospital_with, in_teams, name_of, solve
from tests.rules.judges import audit_verdict, best_cost, decided_columns, resident_columns

#: People whose years are drawn anew at a time.
FREE = 3

#: Cells that have a price where a hand aims.
PRICED = 15

#: Draws after which a hand gives up.
TRIES = 60

#: Schedules that keep every rule, to look for edges among.
POOL = 40


@dataclass(frozen=True, eq=False)
class Mutant:
    """The rule ``name`` written otherwise; ``aims`` are rules that lead a hand to its edge.

    ``both`` says that it is looser and tighter at once: a number that is exact.
    """

    name: str
    what: str
    instead: tuple[Options, ...]
    aims: tuple[Options, ...] = ()
    both: bool = False

    def problem(self) -> Problem:
        """The hospital with the mutant in the rule's place."""
        return hospital_with(self.name, self.instead)


@dataclass(frozen=True)
class Edge:
    """A schedule on which a rule and its mutant differ; ``broken`` says that the rule is missed."""

    mutant: Mutant
    schedule: Schedule
    broken: bool


def _lock(who: str, weeks: str, be: str) -> Options:
    return {"rule": "lock", "who": {"resident": who}, "when": {"weeks": weeks}, "be": be}


def _never(who: str, weeks: str, code: str) -> Options:
    return {"rule": "lock", "who": {"resident": who}, "when": {"weeks": weeks}, "not": code}


def _exactly(who: str, rotations: str, weeks: int) -> Options:
    who_ = {"resident": who}
    return {"rule": "requirement", "rotations": rotations, "who": who_, "exactly": weeks}


def _but_for(options: Options, who: str, **changes: object) -> tuple[Options, ...]:
    """A rule for everyone else as it is, for one resident with other options."""
    others = {**options.get("who", {}), "but_not": {"resident": who}}
    return {**options, "who": others}, {**options, "who": {"resident": who}, **changes}


_BY_NAME = {name_of(options): options for options in RULES if "weight" not in options}

#: Where a rule's number does not move by one: what it counts moves in other steps.
_STEPS = {("share", "minimum"): (1, -10), ("hours", "maximum"): (1, -2)}

#: Numbers that one resident's rule shows better than everybody's.
_SPLIT = {
    ("vacation", "weeks"),
    ("holiday", "off"),
    ("holiday-ward", "minimum"),
    ("together", "vacation"),
}

#: What leads to the edge of a number where chance seldom does.
_AIMS: dict[tuple[str, str], tuple[Options, ...]] = {
    ("requirement", "maximum +1"): (_exactly("A", "ICU", 4),),
    ("share", "minimum -10"): (_exactly("A", "outpatient", 1),),
    ("requirement", "maximum -1"): (_exactly("A", "ICU", 3),),
    ("stay", "maximum +1"): (_lock("C", "6-8", "ICU"),),
    ("elective-run", "minimum +1"): (_lock("G", "9-11", "ELEC"), _never("G", "7-8, 12", "ELEC")),
    ("spacing", "apart_minimum -1"): (_lock("A", "5, 9-10", "ICU"), _never("A", "6", "ICU")),
    ("spacing", "apart_minimum +1"): (_lock("A", "6, 11", "ICU"),),
    ("gap", "maximum +1"): (_lock("F", "3-4, 12", "CLINIC"), _never("F", "5-11", "CLINIC")),
    ("balance", "beyond -1"): (
        _exactly("C", "ICU", 3),
        _exactly("D", "ICU", 0),
        _exactly("F", "ICU", 0),
    ),
    ("balance", "beyond +1"): (
        _exactly("C", "ICU", 4),
        _exactly("D", "ICU", 0),
        _exactly("F", "ICU", 0),
    ),
}


def _numbers() -> Iterator[Mutant]:
    """Every number of every hard rule, a step up and a step down."""
    for name, options in _BY_NAME.items():
        for option, value in options.items():
            if type(value) is int and (name, option) not in _SPLIT:
                for step in _STEPS.get((name, option), (1, -1)):
                    what = f"{option} {step:+}"
                    changed = {**options, option: value + step}
                    yield Mutant(name, what, (changed,), _AIMS.get((name, what), ()))


def _others() -> Iterator[Mutant]:
    """What no number says: lists, people, weeks, rules that are left out."""
    rule = _BY_NAME
    senior = rule["icu-senior"]
    yield Mutant("night-room", "two nights too", ({**rule["night-room"], "allowed": [0, 1, 2]},))
    yield Mutant("night-room", "no night", ({**rule["night-room"], "allowed": [0]},))
    more = {"who": {"pgy": [2, 3]}, "at_most": 2}
    yield Mutant("icu-senior", "two interns each", ({**senior, "per": more},))
    company = {k: v for k, v in senior.items() if k != "with"}
    yield Mutant("icu-senior", "interns alone", ({**company, "per": {**more, "at_most": 9}},))
    yield Mutant("floor", "a week shorter", ({**rule["floor"], "when": {"weeks": "3"}},))
    yield Mutant("floor", "a week longer", ({**rule["floor"], "when": {"weeks": "3-5"}},))
    aims = _lock("A", "11-12", "NIGHT"), _exactly("A", "NIGHT", 2)
    yield Mutant("eligibility", "left out", (), aims)
    yield Mutant("eligibility", "all", ({**rule["eligibility"], "who": {"pgy": [1, 2]}},))
    aims = _lock("F", "9-10", "NIGHT"), _lock("F", "11", "ICU"), _never("F", "12", "ICU")
    yield Mutant("succession", "left out", (), aims)
    yield Mutant("rest", "ward too", ({**rule["rest"], "must": ["CLINIC", "ELEC", "VAC", "WARD"]},))
    yield Mutant("rest", "no clinic", ({**rule["rest"], "must": ["ELEC", "VAC"]},))
    for weeks in (1, 3):
        split = _but_for(rule["vacation"], "C", weeks=weeks)
        yield Mutant("vacation", f"{weeks} weeks", split, both=True)
    for off in (0, 2):
        split = _but_for(rule["holiday"], "C", off=off)
        yield Mutant("holiday", f"{off} off", split, both=True)
    ward = rule["holiday-ward"]
    yield Mutant("holiday-ward", "Christmas only", ({**ward, "holidays": ["christmas"]},))
    yield Mutant("holiday-ward", "one more", ({**ward, "minimum": 2},))
    yield Mutant("request", "left out", (), (_never("B", "8", "VAC"),))
    for weeks_, what in (("5", "a week shorter"), ("5-7", "a week longer"), ("4-6", "earlier")):
        yield Mutant("lock", what, ({**rule["lock"], "when": {"weeks": weeks_}},))
    yield Mutant("leave", "clinic only", ({**rule["leave"], "cover_on": ["CLINIC"]},))
    cover = ["WARD", "CLINIC", "FLOOR", "ELEC"]
    yield Mutant("leave", "the floor too", ({**rule["leave"], "cover_on": cover},))
    for weeks_, what in (("1-4", "a week shorter"), ("1-6", "a week longer")):
        yield Mutant("keep", what, ({**rule["keep"], "when": {"weeks": weeks_}},))
    yield Mutant("together", "two weeks", ({**rule["together"], "vacation": 2},))
    yield Mutant("together", "left out", ())
    yield Mutant("apart", "left out", (), (_lock("A", "11", "ICU"), _lock("C", "11", "ICU")))
    yield Mutant("apart", "on the ward too", ({**rule["apart"], "rotations": ["ICU", "WARD"]},))
    yield Mutant("team", "left out", ())
    yield Mutant("own-team", "left out", ())


@cache
def mutants() -> tuple[Mutant, ...]:
    """Every hard rule of the hospital, a step looser and a step tighter."""
    return (*_numbers(), *_others())


# -- schedules ---------------------------------------------------------------------------


@cache
def solved() -> Schedule:
    """The solved schedule of the hospital, which the hand changes."""
    return solve(hospital())


def _redrawn(problem: Problem, random: Random) -> Iterator[Schedule]:
    """The solved schedule with the years of a few people drawn anew at random prices."""
    year = YearModel(problem)
    lower, upper = list(year.linear.lower), list(year.linear.upper)
    decided = decided_columns(year)
    known = [resident_columns(year, one, solved()) or [] for one in problem.residents]
    for _ in range(TRIES):
        year.linear.lower[:], year.linear.upper[:] = lower, upper
        free = random.sample(range(len(known)), FREE)
        for index in set(range(len(known))).difference(free):
            first, last = year.column_ranges[index]
            for column in (one for one in decided if first <= one < last):
                taken = int(column in known[index])
                year.linear.lower[column] = year.linear.upper[column] = taken
        yield from _solved_at(year, {column: random.randint(-9, 9) for column in decided})


def _aimed(problem: Problem, random: Random) -> Iterator[Schedule]:
    """Everybody's year drawn anew, with a price for a few cells: the aims leave little choice."""
    year = YearModel(problem)
    decided = decided_columns(year)
    for _ in range(TRIES // 3):
        priced = random.sample(decided, PRICED)
        yield from _solved_at(year, {column: random.randint(-9, 9) for column in priced})


def _solved_at(year: YearModel, prices: Mapping[int, int]) -> Iterator[Schedule]:
    """The best schedule at ``prices``, if there is any; the soft rules' own do not count."""
    year.linear.cost[:] = [prices.get(column, 0) for column in range(len(year.linear.cost))]
    cost, found = best_cost(year, presolve=False)
    if cost is not None:
        yield decode(year, found)


@cache
def pool() -> tuple[Schedule, ...]:
    """Schedules that keep every hard rule, at random places of what is allowed."""
    drawn = islice(_redrawn(hospital(), Random(1)), POOL)
    return tuple(in_teams(hospital(), one) for one in drawn)


def _misses(problem: Problem, name: str, schedule: Schedule) -> bool:
    """Whether the audit of the rules called ``name`` finds anything."""
    return any(
        next(iter(bound.rule.audit(schedule, bound.scope(problem))), None)
        for bound in problem.rules
        if (bound.rule.name or bound.rule.rule) == name
    )


def _towards(mutant: Mutant, instead: tuple[Options, ...]) -> Iterator[Schedule]:
    """Years drawn anew under ``instead`` in the rule's place, towards the mutant's edge."""
    problem = hospital_with(mutant.name, (*instead, *mutant.aims))
    random = Random(f"{mutant.name} {mutant.what}")
    for schedule in (_aimed if mutant.aims else _redrawn)(problem, random):
        yield schedule
        if "team" in mutant.name:
            yield from (divided(problem, in_teams(problem, schedule), random) for _ in range(10))


def _drawn(mutant: Mutant, broken: bool) -> Iterator[Edge | None]:
    """Edges where the mutant is kept and the rule ``broken``, or the other way; None in between."""
    keeps, misses = (mutant.problem(), hospital()) if broken else (hospital(), mutant.problem())
    for schedule in _towards(mutant, mutant.instead if broken else (_BY_NAME[mutant.name],)):
        found = None
        if _misses(misses, mutant.name, schedule):
            whole = schedule if schedule.teams else in_teams(keeps, schedule)
            if _misses(misses, mutant.name, whole) and audit_verdict(keeps, whole) is not None:
                found = Edge(mutant, whole, broken)
        yield found


@cache
def edges(mutant: Mutant) -> tuple[Edge, ...]:
    """Where the rule and its mutant differ: in the pool, or as a hand that aims finds it."""
    other = mutant.problem()
    known = (one for one in pool() if _misses(other, mutant.name, one))
    found = [Edge(mutant, one, False) for one in islice(known, 1)]
    if found and not mutant.both:
        return tuple(found)
    drawn = zip_longest(_drawn(mutant, True), _drawn(mutant, False) if mutant.aims else ())
    both = (one for pair in drawn for one in pair if one is not None)
    return (*found, *islice(both, 1))


@cache
def every_edge() -> tuple[Edge, ...]:
    """The edges of every mutant."""
    return tuple(edge for mutant in mutants() for edge in edges(mutant))
