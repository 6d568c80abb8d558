"""A made-up hospital of any size with a random schedule, for the tests of the workbook.

The schedule is nobody's best: it only has the form of one (grids, vacation,
leave, presence), so that every sheet has something to show.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from scheduler.problem.calendar import Calendar, build_calendar, weeks_of_year
from scheduler.problem.grid import Block, Grid
from scheduler.problem.holiday import Holiday, HolidayStatus
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident, levels_of
from scheduler.problem.rotation import AWAY, LEAVE, OVERLAY_CODES, VACATION, Rotation
from scheduler.problem.wish import Alternative, Choice, Lane, WishKind, WishStatus
from scheduler.rules.base import BoundRule, Rule
from scheduler.rules.example import bind
from scheduler.rules.registry import rule_class
from scheduler.schedule.schedule import HolidayDuty, Schedule

FIRST = date(2026, 6, 29)
LAST = FIRST + timedelta(weeks=52) - timedelta(days=1)

_SERVICES = (
    ("BIG", "Bigelow ward", "ward inpatient heavy", "9DC3E6"),
    ("FLEX", "Flex ward", "ward inpatient heavy", "BDD7EE"),
    ("NWH", "Newton-Wellesley ward", "ward inpatient", "DDEBF7"),
    ("ONC", "Oncology", "ward inpatient heavy", "8EA9DB"),
    ("SDU", "Cardiac step-down", "inpatient heavy", "F4B084"),
    ("MICU", "Medical ICU", "icu inpatient heavy", "C00000"),
    ("CCU", "Cardiac ICU", "icu inpatient heavy", "E06666"),
    ("NIGHT", "Night float", "night inpatient", "44546A"),
    ("ED", "Emergency department", "ed", "FFC000"),
)
_CLINICS = (
    ("CORE", "Ambulatory core", "outpatient clinic", "A9D08E"),
    ("PCARE", "Primary care elective", "outpatient clinic", "C6E0B4"),
    ("SELF", "Self-designed", "outpatient elective", "E2EFDA"),
)
_ELECTIVES = (
    ("CARDS", "Cardiology"), ("GI", "Gastroenterology"), ("NEURO", "Neurology"),
    ("ID", "Infectious diseases"), ("ENDO", "Endocrinology"), ("RHEUM", "Rheumatology"),
    ("PULM", "Pulmonology"), ("HEME", "Hematology"), ("RENAL", "Nephrology"),
    ("GERI", "Geriatrics"), ("PALL", "Palliative care"), ("DERM", "Dermatology"),
)  # fmt: skip
_TINTS = ("E4DFEC", "D9D2E9", "CCC0DA", "EADCF4")
_INPATIENT_SHARE = {1: 0.62, 2: 0.5, 3: 0.42, 4: 0.35}


def rotations(electives: int = len(_ELECTIVES)) -> dict[str, Rotation]:
    """Some 25 rotations with tags, colours and numbers."""
    found: dict[str, Rotation] = {}
    for code, name, tags, colour in _SERVICES:
        nights = 6 if code == "NIGHT" else 1
        found[code] = Rotation(code, name, frozenset(tags.split()), colour, 70, nights)
    for code, name, tags, colour in _CLINICS:
        found[code] = Rotation(
            code, name, frozenset(tags.split()), colour, 45,
            outpatient=100, vacation=True, releasable=True, pullable=True,
        )  # fmt: skip
    for number, (code, name) in enumerate(_ELECTIVES[:electives]):
        found[code] = Rotation(
            code, name, frozenset({"elective"}), _TINTS[number % 4], 50,
            outpatient=50, vacation=True, releasable=True, pullable=True,
        )  # fmt: skip
    return found


def two_week_grid(calendar: Calendar) -> Grid:
    """Blocks of two weeks, whatever parts they have."""
    weeks = range(0, len(calendar.weeks), 2)
    blocks = [
        tuple(p for week in (first, first + 1) if week < len(calendar.weeks)
              for p in calendar.parts_of_week[week])
        for first in weeks
    ]  # fmt: skip
    return Grid("two_week", tuple(Block(i, parts) for i, parts in enumerate(blocks)))


def month_grid(calendar: Calendar) -> Grid:
    """Calendar months; the calendar must have been split at their first days."""
    months: dict[tuple[int, int], list[int]] = {}
    for part in calendar.parts:
        months.setdefault((part.first.year, part.first.month), []).append(part.index)
    return Grid("months", tuple(Block(i, tuple(p)) for i, p in enumerate(months.values())))


def _name(number: int) -> str:
    firsts = ("Ada", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gus", "Hana", "Ivo", "Jill", "Kai")
    lasts = ("Abbott", "Brandt", "Castell", "Dorne", "Ekholm", "Farrow", "Grimaldi", "Hollis",
             "Ibarra", "Jessup", "Kowal", "Lindqvist", "Marchetti", "Novak", "Okafor", "Pryce",
             "Quill", "Rasmussen")  # fmt: skip
    tail = f" {number // 198 + 1}" if number >= 198 else ""
    return f"{lasts[number % 18]}, {firsts[number % 11]}{tail}"


def people(
    sizes: Mapping[int, int], visitors: int, calendar: Calendar, grid: str = "two_week"
) -> tuple[Resident, ...]:
    """Residents by PGY, then visitors who come for half a year."""
    every = frozenset(part.index for part in calendar.parts)
    half = len(calendar.parts) // 2
    tracks = ("categorical", "categorical", "categorical", "primary-care", "preliminary")
    found: list[Resident] = []
    for pgy, size in sizes.items():
        for number in range(size):
            track = "med-peds" if pgy == 4 else tracks[number % (5 if pgy == 1 else 4)]
            index = len(found)
            leave = frozenset(range(10, 16)) if index % 40 == 7 else frozenset()
            found.append(
                Resident(
                    index,
                    f"R{index + 1:03}",
                    _name(index),
                    pgy,
                    track,
                    levels=levels_of(pgy, every, half - 3) if index % 30 == 1 else (),
                    counts=50 if index % 30 == 11 else 100,
                    groups={"firm": ("north", "south", "east")[number % 3]},
                    grids=(grid,),
                    present=every,
                    leave=leave,
                    history={"icu": 28 * (pgy - 1), "outpatient": 84 * (pgy - 1)},
                )
            )
    for number in range(visitors):
        index = len(found)
        here = range(half) if number % 2 else range(half, len(calendar.parts))
        found.append(
            Resident(
                index,
                f"V{number + 1:03}",
                _name(index),
                1,
                ("psychiatry", "neurology", "anesthesia")[number % 3],
                visitor=True,
                grids=(grid,),
                present=frozenset(here),
            )
        )
    return tuple(found)


def random_schedule(problem: Problem, seed: int = 1) -> Schedule:
    """A rotation for every block, four weeks of vacation, and duties in the holidays."""
    dice = random.Random(seed)
    cells = tuple(_random_row(problem, resident, dice) for resident in problem.residents)
    duties = {}
    for resident in problem.residents:
        off = dice.choice(problem.holidays).name if problem.holidays else ""
        for holiday in problem.holidays:
            own = [cells[resident.index][part] for part in holiday.parts]
            duty = HolidayDuty(HolidayStatus.ON_SERVICE, own[0])
            if holiday.name == off and not OVERLAY_CODES.intersection(own):
                duty = HolidayDuty(HolidayStatus.OFF)
            elif dice.random() < 0.3 and all(
                code in problem.rotations and problem.rotations[code].pullable for code in own
            ):
                duty = HolidayDuty(HolidayStatus.PULLED, "BIG")
            duties[resident.index, holiday.name] = duty
    return Schedule(cells, tuple(r.grids[0] for r in problem.residents), duties)


def _random_row(problem: Problem, resident: Resident, dice: random.Random) -> tuple[str, ...]:
    calendar = problem.calendar
    row = [AWAY] * len(calendar.parts)
    for block in problem.grids[resident.grids[0]].blocks:
        heavy = resident.visitor or dice.random() < _INPATIENT_SHARE.get(resident.pgy, 0.4)
        pool = [c for c, r in problem.rotations.items() if ("inpatient" in r.tags) == heavy]
        weights = [4 if c in ("BIG", "CORE", "FLEX") else 2 if "icu" in problem.rotations[c].tags
                   else 1 for c in pool]  # fmt: skip
        code = block.assigned or dice.choices(pool, weights)[0]
        for part in block.parts:
            row[part] = code
    free = [
        week.index
        for week in calendar.weeks
        if week.is_full
        and all(
            p in resident.available and problem.rotations[row[p]].vacation
            for p in calendar.parts_of_week[week.index]
        )
    ]
    for week in dice.sample(free, 0 if resident.visitor else min(4, len(free))):
        for part in calendar.parts_of_week[week]:
            row[part] = VACATION
    for part in range(len(row)):
        if part not in resident.present:
            row[part] = AWAY
        elif part in resident.leave:
            row[part] = LEAVE
    return tuple(row)


def holidays(calendar: Calendar) -> tuple[Holiday, ...]:
    """Three holidays, one of them in two ranges."""
    dates = (
        ("high_holidays", "High Holidays", (((9, 11), (9, 13)), ((9, 20), (9, 21)))),
        ("thanksgiving", "Thanksgiving", (((11, 26), (11, 29)),)),
        ("christmas", "Christmas", (((12, 24), (12, 27)),)),
    )
    found = []
    for name, title, ranges in dates:
        real = tuple((date(2026, *first), date(2026, *last)) for first, last in ranges)
        parts = sorted({p for first, last in real for p in calendar.parts_between(first, last)})
        found.append(Holiday(name, title, real, tuple(parts)))
    return tuple(found)


def wishes(problem: Problem, seed: int = 2) -> tuple[Choice, ...]:
    """For each resident two ranked vacation wishes, and one for an elective or against nights."""
    dice = random.Random(seed)
    weeks, parts = range(len(problem.calendar.weeks) - 1), problem.calendar.parts_of_week
    found: list[Choice] = []
    for resident in problem.residents:
        if resident.visitor:
            continue
        firsts = [dice.choice(weeks) for _ in range(3)]
        vacations = [
            Alternative(rank, WishKind.VACATION, weeks=(first, first + 1)[: 1 + rank % 2])
            for rank, first in enumerate(firsts, start=1)
        ]
        holiday = Alternative(1, WishKind.HOLIDAY, holiday=dice.choice(problem.holidays).name)
        week = parts[dice.choice(weeks)]
        wished = dice.choice(
            [
                Alternative(1, WishKind.ROTATION, rotations=frozenset({"CARDS"})),
                Alternative(1, WishKind.ROTATION, parts=week, rotations=frozenset({"GI"})),
                Alternative(1, WishKind.AVOID, parts=week, rotations=frozenset({"NIGHT"})),
            ]
        )
        status = WishStatus.SUBMITTED
        found += [
            Choice(resident.index, Lane.TIME_OFF, "1", status, tuple(vacations)),
            Choice(resident.index, Lane.TIME_OFF, "2", status, (holiday,)),
            Choice(resident.index, Lane.ROTATIONS, "3", status, (wished,)),
        ]
    return tuple(found)


def make_rule(**options: object) -> Rule:
    """A rule from its options, as a program would write it."""
    kind = rule_class(str(options["rule"]))
    return kind.model_validate(options)


RULES: Sequence[Mapping[str, object]] = (
    {"rule": "vacation", "name": "four-weeks", "weeks": 4},
    {"rule": "holiday", "name": "one-off", "off": 1, "who": {"visitors": "also"}},
    {"rule": "holiday", "name": "ward-staffed", "service": "BIG", "minimum": 5},
    {"rule": "requirement", "name": "icu", "rotations": "icu", "minimum": 2, "maximum": 10},
    {"rule": "requirement", "name": "clinic", "rotations": "outpatient", "minimum": 8},
    {"rule": "requirement", "name": "icu-training", "rotations": "icu", "minimum": 8,
     "over": "training", "final_pgy": 3},
    {"rule": "requirement", "name": "electives-held", "rotations": "elective", "minimum": 4,
     "maximum": 7, "count": "assigned"},
    {"rule": "requirement", "name": "few-nights", "rotations": "night", "maximum": 4, "weight": 3},
    {"rule": "requirement", "name": "icu-stays", "rotations": "icu", "measure": "stays",
     "minimum": 1, "maximum": 2},
    {"rule": "requirement", "name": "early-clinic-stays", "rotations": "outpatient",
     "measure": "stays", "minimum": 2, "maximum": 3, "when": {"weeks": "4-13"}, "weight": 1},
    {"rule": "request", "name": "time-off", "lane": "time-off", "weight": 1},
    {"rule": "request", "name": "rotation-wishes", "lane": "rotations", "weight": 1},
    {"rule": "lock", "name": "wedding", "be": "VAC", "who": {"resident": "R003"},
     "when": {"weeks": "5-6"}},
    {"rule": "lock", "name": "no-icu", "not": "icu", "who": {"resident": ["R010", "R080"]},
     "when": {"weeks": "1-4"}},
    {"rule": "coverage", "name": "ward-intern", "rotations": "BIG", "minimum": 2,
     "who": {"pgy": 1}},
    {"rule": "coverage", "name": "ward-anyone", "rotations": "BIG", "minimum": 3},
    # With a limit of nobody, every single count is a finding of the audit.
    {"rule": "coverage", "name": "no-cardiology", "rotations": ["CARDS", "GI"], "maximum": 0,
     "count": "assigned", "weight": 1},
    {"rule": "coverage", "name": "no-visitor-on-ward", "rotations": "ward", "maximum": 0,
     "who": {"visitors": "only"}, "weight": 1},
    {"rule": "coverage", "name": "step-down-pairs", "rotations": "SDU", "allowed": [0, 3, 4, 9]},
    {"rule": "coverage", "name": "micu-third-year", "rotations": "MICU", "who": {"pgy": 1},
     "with": {"who": {"pgy": 3}}, "weight": 2},
    {"rule": "coverage", "name": "flex-supervised", "rotations": "FLEX", "who": {"pgy": 1},
     "per": {"who": {"pgy": [2, 3]}, "at_most": 2}},
    {"rule": "vacation", "name": "away-at-once", "at_once_percent": 13},
    {"rule": "leave", "name": "leave-days", "maximum": 35, "weight": 1},
    {"rule": "share", "name": "primary-care-outpatient", "number": "outpatient", "minimum": 40,
     "who": {"track": "primary-care"}},
)  # fmt: skip


def coverage_around(problem: Problem, schedule: Schedule, slack: float = 0.0) -> list[Rule]:
    """Coverage rules that ``schedule`` keeps in most weeks and misses in some."""
    rules: list[Rule] = []
    for code, rotation in problem.rotations.items():
        inpatient = bool(rotation.tags & {"inpatient", "ed"})
        groups: list[dict[str, object]] = [{"pgy": 1}, {"pgy": [2, 3]}] if inpatient else [{}]
        for who in groups:
            bare = make_rule(rule="coverage", rotations=code, minimum=0, who=who)
            counts = _counts(schedule, bind(bare, problem), code)
            low, high = counts[int(len(counts) * 0.06)], counts[int(len(counts) * 0.97)]
            least = max(0, int(low - slack))
            name = f"{code.lower()}-{'interns' if who.get('pgy') == 1 else 'seniors'}"
            options = {"rule": "coverage", "rotations": code, "who": who}
            if inpatient:
                rules.append(make_rule(**options, name=name, minimum=least, maximum=high))
            else:
                rules.append(
                    make_rule(
                        **options, name=f"{code.lower()}-places", maximum=high, count="assigned"
                    )
                )
    rules.append(make_rule(rule="coverage", name="icu-all", rotations="icu", minimum=9, weight=2))
    return rules


def _counts(schedule: Schedule, bound: BoundRule, code: str) -> list[int]:
    return sorted(sum(schedule.cells[i][p] == code for i in bound.residents) for p in bound.parts)


def hospital(
    sizes: Mapping[int, int] | None = None,
    visitors: int = 30,
    seed: int = 1,
    calendar: Calendar | None = None,
    electives: int = len(_ELECTIVES),
) -> tuple[Problem, Schedule]:
    """About 230 people over 26 two-week blocks, unless told otherwise."""
    calendar = calendar or build_calendar(weeks_of_year(FIRST, LAST, 0))
    bare = Problem(
        name="St. Elsewhere, internal medicine",
        calendar=calendar,
        rotations=rotations(electives),
        grids={"two_week": two_week_grid(calendar)},
        residents=people(sizes or {1: 76, 2: 68, 3: 52, 4: 4}, visitors, calendar),
        holidays=holidays(calendar),
        groupings=("firm",),
        tracks={"categorical": "Categorical", "psychiatry": "Psychiatry"},
    )
    bare = replace(bare, choices=wishes(bare))
    schedule = random_schedule(bare, seed)
    rules = [*coverage_around(bare, schedule), *(make_rule(**options) for options in RULES)]
    return replace(bare, rules=tuple(bind(rule, bare) for rule in rules)), schedule
