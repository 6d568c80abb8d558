"""Writes a generated program as people write theirs: YAML and tables in a folder.

The folder is read back by the project's own loader: first without rules, for
the grids on which the hidden roster is made; then whole, when the audit must
find that the roster keeps every hard rule.
"""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from scheduler.audit.audit import audit
from scheduler.input.load import load_program
from scheduler.problem.holiday import HolidayStatus
from scheduler.problem.problem import Problem
from scheduler.problem.rotation import AWAY, LEAVE, VACATION
from scheduler.schedule.schedule import HolidayDuty, Schedule
from tests.benchmarks.cases import EXAMPLE, EXAMPLE_SCALES, Case
from tests.benchmarks.derive import Derived, Entry
from tests.benchmarks.roster import Column, Filler, Units, name_electives
from tests.benchmarks.services import (
    AMBULATORY_BLOCK,
    CLINIC_WEEK,
    INTERN,
    PGY,
    SENIOR,
    electives,
)
from tests.benchmarks.time_off import Off, TimeOff, holidays_off
from tests.benchmarks.wishes import Wishes

HERE = Path(__file__).resolve().parent
EXAMPLE_FOLDER = HERE.parents[1] / "examples" / EXAMPLE
#: The policies beside every program, and beside those with balance, by the file they are kept in.
POLICIES = {"benchmark": "policy.yaml", "benchmark-balance": "balance.yaml"}

#: Cohorts of the 4+1 grid; interns among residents; visitors' places among interns'.
COHORTS, INTERNS, VISITING = 5, 0.36, 0.06
#: The programs of a campus: shape and share of its residents.
CAMPUS = {"A": ("blocks", 0.4), "B": ("four-plus-one", 0.3), "C": ("months", 0.2),
          "D": ("four-weeks", 0.1)}  # fmt: skip

_GRIDS = {"blocks": "{weeks: 2}", "four-weeks": "{weeks: 4}", "months": "months"}
_TABLES = {
    "residents": "id name pgy track program cohort",
    "visitors": "id name pgy department program cohort present",
    "requests": "id choice priority type what from to status",
    "leave": "id from to kind",
    "locks": "id from to code",
}
_HEAD = """\
format: 1
name: Benchmark program {name}
policy: [{policies}]
year: {{starts: 2026-06-29, weeks: 52, week_starts: monday}}
groupings: [program, cohort]
departments:
  neurology: {{name: Neurology}}
tables: {{{tables}}}
"""


class NotPlantedError(Exception):
    """The hidden roster breaks a rule that was derived from it: a fault of the generator."""


@dataclass(frozen=True)
class Unit:
    """One program of a campus (its name is '' where there is no other)."""

    name: str
    shape: str
    residents: int

    @property
    def cohorts(self) -> int:
        return COHORTS if self.shape == "four-plus-one" else 1

    def grids(self) -> dict[str, str]:
        """The grids by name, as YAML."""
        own = f"program: {self.name}, " if self.name else ""
        if self.shape != "four-plus-one":
            who = f"who: {{{own[:-2]}}}, " if own else ""
            return {f"grid{self.name}": f"{{{who}blocks: {_GRIDS[self.shape]}}}"}
        cycle = f"cycle: [{{weeks: 4}}, {{weeks: 1, rotation: {CLINIC_WEEK}}}]"
        return {
            f"grid{self.name}{n}": f"{{who: {{{own}cohort: {n}}}, {cycle}, offset: {n - 1}}}"
            for n in range(1, COHORTS + 1)
        }

    def columns(self) -> list[dict[str, Any]]:
        """What is known of each column before there is a calendar."""
        interns = round(INTERNS * self.residents)
        visiting = round(VISITING * interns)
        kinds = [(INTERN, 1, False)] * interns + [(INTERN, 1, True)] * visiting
        for number in range(self.residents - interns):
            kinds.append((SENIOR, PGY[SENIOR][number % 2], False))
        return [
            {"unit": self.name, "shape": self.shape, "team": team, "pgy": pgy, "visiting": visiting,
             "cohort": str(number % self.cohorts + 1)}
            for number, (team, pgy, visiting) in enumerate(kinds)
        ]  # fmt: skip


def units_of(case: Case) -> list[Unit]:
    """The programs that ``case`` is made of."""
    if case.shape != "campus":
        return [Unit("", case.shape, case.residents)]
    return [
        Unit(name, shape, round(share * case.residents)) for name, (shape, share) in CAMPUS.items()
    ]


def make(case: Case, folder: Path) -> None:
    """Write the program of ``case`` into ``folder``, which is made."""
    if case.shape == EXAMPLE:
        _example(case, folder)
    else:
        _Maker(case, folder).make()


def _example(case: Case, folder: Path) -> None:
    """The example itself, or what its own generator makes of it at another scale."""
    scale = EXAMPLE_SCALES[case.residents]
    if scale == 1 and case.seed == 1:
        shutil.copytree(EXAMPLE_FOLDER, folder)
        return
    command = [sys.executable, "generate.py", "--scale", str(scale), "--seed", str(case.seed)]
    subprocess.run([*command, "--out", str(folder.resolve())], cwd=EXAMPLE_FOLDER, check=True)
    if not (folder / "program.yaml").exists():
        shutil.copy(EXAMPLE_FOLDER / "program.yaml", folder)


class _Maker:
    """Makes one program."""

    def __init__(self, case: Case, folder: Path) -> None:
        self._case = case
        self._folder = folder
        self._rng = Random(f"{case.shape} {case.residents} {case.seed}")
        self._units = units_of(case)
        self._codes = Units(unit.name for unit in self._units)
        self._electives = electives(case.residents)
        self._policies = ["benchmark", *(["benchmark-balance"] if case.balance else [])]

    def make(self) -> None:
        """Write the frame, make the roster on it, write the whole, and have it audited."""
        self._folder.mkdir(parents=True)
        for policy in self._policies:
            shutil.copy(HERE / POLICIES[policy], self._folder / f"{policy}.yaml")
        raw = [column for unit in self._units for column in unit.columns()]
        for number, one in enumerate(raw, 1):
            one["id"] = f"{'C' if one['visiting'] else 'R'}{number:04}"
        self._write([], {"residents": [_resident(one) for one in raw]}, {})
        frame = load_program(self._folder).problem
        grids = {resident.id: frame.grids[resident.grids[0]] for resident in frame.residents}
        columns = [Column(grid=grids[one["id"]], **one) for one in raw]
        self._fill(frame, columns)
        off = self._time_off(frame, columns)
        people = {c.id: _presence(c, frame) for c in columns if c.visiting}
        self._write(self._rules, self._tables(frame, columns, people), self._open_to(columns))
        _verify(load_program(self._folder).problem, columns, off)

    def _fill(self, frame: Problem, columns: list[Column]) -> None:
        for unit in self._units:
            for team in PGY:
                own = [c for c in columns if (c.unit, c.team) == (unit.name, team)]
                Filler(own, self._codes, frame.calendar).fill(unit.residents, self._rng)
        self._codes.keep({code for column in columns for code in column.codes})
        name_electives(columns, self._electives, self._rng)

    def _time_off(self, frame: Problem, columns: list[Column]) -> Off:
        """Place leave, vacation and holidays, and read the rules off the finished roster."""
        time_off = TimeOff(self._codes, frame.calendar, frame.holidays, self._rng)
        time_off.leave(columns)
        away = {
            (unit.name, team): time_off.vacation(
                [c for c in columns if (c.unit, c.team) == (unit.name, team)]
            )
            for unit in self._units
            for team in PGY
        }
        off = holidays_off(columns, frame.holidays, frame.calendar)
        tight = self._case.tight
        derived = Derived(columns, self._codes, frame.calendar, frame.holidays, off, away, tight)
        self._rules = derived.rules()
        return off

    # -- files --------------------------------------------------------------------------

    def _tables(
        self, frame: Problem, columns: list[Column], visits: Mapping[str, Sequence[str]]
    ) -> dict[str, list[dict[str, str]]]:
        calendar = frame.calendar
        residents = [column for column in columns if not column.visiting]
        hard = sorted(self._codes.service)
        wishes = Wishes(calendar, frame.holidays, self._electives, hard, self._rng)
        asked = [row for column in residents for row in wishes.of(column)]
        return {
            "residents": [_resident(vars(column)) for column in residents],
            "visitors": [
                {**_person(vars(c)), "id": f"{c.id}-{number}", "name": f"Visitor, {c.id}-{number}",
                 "department": "neurology", "present": present}
                for c in columns for number, present in enumerate(visits.get(c.id, ()), 1)
            ],
            "requests": [*asked, *wishes.approved(residents)],
            "leave": [
                {"id": c.id, "kind": "parental", "from": str(calendar.weeks[min(c.leave)].first),
                 "to": str(calendar.weeks[max(c.leave)].last)}
                for c in residents if c.leave
            ],
            "locks": list(wishes.locks(residents)),
        }  # fmt: skip

    def _open_to(self, columns: Sequence[Column]) -> dict[str, list[Entry]]:
        """Who may be on each service: the programs and years that are on it in the roster."""
        found: dict[str, list[Entry]] = {}
        for code, service in self._codes.service.items():
            on = {(c.unit, c.team) for c in columns if code in c.codes}
            one_unit = {} if service.shared or not self._units[0].name else {"program": min(on)[0]}
            teams = sorted({team for _, team in on})
            found[code] = [{"pgy": [y for team in teams for y in PGY[team]], **one_unit}]
        return found

    def _write(
        self,
        rules: Sequence[Entry],
        tables: Mapping[str, list[dict[str, str]]],
        open_to: Mapping[str, list[Entry]],
    ) -> None:
        """The program's YAML and its tables, whatever was there before."""
        for name, rows in tables.items():
            path = self._folder / f"{name}.csv"
            with path.open("w", encoding="utf-8", newline="") as file:
                table = csv.DictWriter(file, _TABLES[name].split(), lineterminator="\n")
                table.writeheader()
                table.writerows(rows)
        named = ", ".join(f"{name}: {name}.csv" for name in tables)
        head = {"name": self._case.name, "policies": ", ".join(self._policies), "tables": named}
        lines = [_HEAD.format_map(head), "rotations:"]
        lines += [f"  {code}: {_flow(entry)}" for code, entry in self._rotations(open_to)]
        lines += ["grids:"]
        lines += [f"  {n}: {text}" for unit in self._units for n, text in unit.grids().items()]
        lines += ["rules:"] if rules else []
        lines += [f"  - {_flow(rule)}" for rule in rules]
        text = "\n".join(lines) + "\n"
        (self._folder / "program.yaml").write_text(text, encoding="utf-8")

    def _rotations(self, open_to: Mapping[str, list[Entry]]) -> Iterable[tuple[str, Entry]]:
        for code, service in self._codes.service.items():
            yield code, {"name": service.name, "tags": list(service.tags), "hours": service.hours,
                         "nights": service.nights,
                         **({"open_to": open_to[code]} if code in open_to else {})}  # fmt: skip
        free = {"hours": 45, "vacation": True, "releasable": True, "pullable": True}
        for code in self._electives:
            yield code, {"name": f"Elective {code}", "tags": ["elective"], **free}
        yield AMBULATORY_BLOCK, {"name": "Ambulatory block", "tags": ["clinic"], **free}
        if any(unit.shape == "four-plus-one" for unit in self._units):
            week = {"hours": 45, "pullable": True, "releasable": True}
            yield CLINIC_WEEK, {"name": "Clinic week", "tags": ["clinic"], **week}


def _flow(entry: Entry) -> str:
    """JSON is YAML."""
    return json.dumps(entry)


def _person(known: Mapping[str, Any]) -> dict[str, str]:
    return {
        "id": known["id"],
        "name": f"Resident, {known['id']}",
        "pgy": str(known["pgy"]),
        "program": known["unit"] or "all",
        "cohort": known["cohort"],
    }


def _resident(known: Mapping[str, Any]) -> dict[str, str]:
    return {**_person(known), "track": known["shape"]}


def _presence(column: Column, frame: Problem) -> list[str]:
    """The dates of the visitors who share a column: two, one after the other."""
    middle = column.grid.blocks[len(column.grid.blocks) // 2].parts[0]
    parts = frame.calendar.parts
    return [
        f"{parts[0].first}..{parts[middle - 1].last}",
        f"{parts[middle].first}..{parts[-1].last}",
    ]


# -- the proof that it can be solved ----------------------------------------------------


def _verify(problem: Problem, columns: Sequence[Column], off: Off) -> None:
    """Raise NotPlantedError if the roster is no schedule of ``problem``."""
    report = audit(problem, planted(problem, columns, off))
    if report.hard_violations:
        found = [f"{v.rule}: {v.message}" for v in report.hard_violations]
        raise NotPlantedError("\n".join(found[:20]))


def planted(problem: Problem, columns: Sequence[Column], off: Off) -> Schedule:
    """The hidden roster as a schedule of ``problem``."""
    by_id = {column.id: column for column in columns}
    rows: list[tuple[str, ...]] = []
    duties: dict[tuple[int, str], HolidayDuty] = {}
    for resident in problem.residents:
        column = by_id[resident.id.split("-")[0]]
        rows.append(
            tuple(
                AWAY if part.index not in resident.present
                else LEAVE if part.week in column.leave
                else VACATION if part.week in column.vacation
                else column.code_at(part.index)
                for part in problem.calendar.parts
            )
        )  # fmt: skip
        for holiday in problem.holidays:
            free = column.id in off[holiday.name]
            status = HolidayStatus.OFF if free else HolidayStatus.ON_SERVICE
            own = "" if free else rows[-1][holiday.parts[0]]
            duties[resident.index, holiday.name] = HolidayDuty(status, own)
    return Schedule(tuple(rows), tuple(r.grids[0] for r in problem.residents), duties)
