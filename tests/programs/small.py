"""Small programs as a chief would write them: loaded, solved, audited, written and read back."""

from __future__ import annotations

import textwrap
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from scheduler.audit.audit import AuditReport, audit
from scheduler.diagnosis.counting import shortages
from scheduler.engine.outcome import Outcome
from scheduler.engine.settings import Settings
from scheduler.engine.solve import solve
from scheduler.input.load import load_program
from scheduler.input.loaded import Loaded
from scheduler.problem.problem import Problem
from scheduler.schedule.schedule import Schedule
from scheduler.workbook.facts import RunFacts
from scheduler.workbook.read import read_workbook
from scheduler.workbook.write import write_workbook

#: Seconds a small program may search; most are done in one or two.
SECONDS = 20

#: Services of a small hospital, to be named in any program's ``rotations``.
ROTATIONS = """\
rotations:
  WARD: {name: Ward, tags: [inpatient, ward], hours: 68}
  ICU: {name: Intensive care, tags: [inpatient, icu], hours: 74}
  NIGHT: {name: Night float, tags: [inpatient, night], hours: 66, nights: 6}
  CLINIC: {name: Clinic, tags: [outpatient], vacation: true, releasable: true, pullable: true}
  CARD: {name: Cardiology, tags: [elective], vacation: true, releasable: true, pullable: true}
  ELEC: {name: Elective, tags: [elective], vacation: true, releasable: true, pullable: true}
"""


@dataclass(frozen=True)
class Solved:
    """A program that was solved; ``schedule`` is what its workbook says."""

    loaded: Loaded
    outcome: Outcome
    schedule: Schedule
    report: AuditReport
    workbook: Path

    @property
    def problem(self) -> Problem:
        return self.loaded.problem

    def row(self, who: str) -> tuple[str, ...]:
        """The cells of the resident with this id."""
        return self.schedule.cells[self.problem.resident_by_id[who].index]

    def people_on(self, codes: str, part: int, pgy: int | None = None) -> int:
        """People whose cell is one of ``codes`` (separated by blanks) in ``part``."""
        return sum(
            self.schedule.cells[one.index][part] in codes.split()
            for one in self.problem.residents
            if pgy in (None, one.pgy)
        )

    def days(self, who: str) -> Counter[str]:
        """Days of the year by code."""
        found: Counter[str] = Counter()
        for code, days in zip(self.row(who), self.problem.calendar.part_days, strict=True):
            found[code] += days
        return found


def write_program(folder: Path, program: str, **tables: str) -> Path:
    """Write ``program`` and its tables (residents and so on, by name) into ``folder``."""
    named = {name: f"{name}.csv" for name in tables}
    text = f"format: 1\nname: Small Hospital\ntables: {named}\n".replace("'", "")
    (folder / "program.yaml").write_text(text + textwrap.dedent(program), encoding="utf-8")
    for name, table in tables.items():
        (folder / f"{name}.csv").write_text(textwrap.dedent(table), encoding="utf-8")
    return folder


def residents(*lines: str, columns: str = "id,name,pgy,track") -> str:
    """A table of residents; a line ``R1,1`` becomes a categorical resident of PGY1."""
    found = [columns]
    for line in lines:
        who, pgy, *more = line.split(",")
        track = more[0] if more else "categorical"
        found.append(",".join([who, f"Name {who}", pgy, track, *more[1:]]))
    return "\n".join(found) + "\n"


def solved(folder: Path, seconds: float = SECONDS) -> Solved:
    """Load, solve, audit, write and read back the program in ``folder``; all must go well."""
    loaded = load_program(folder)
    problem = loaded.problem
    assert [str(count) for count in shortages(problem)] == []
    outcome = solve(problem, Settings(time_limit=seconds, gap=0.0, workers=1))
    assert outcome.schedule is not None, outcome.status
    report = audit(problem, outcome.schedule)
    assert [one.message for one in report.hard_violations] == []
    assert report.cost == outcome.cost
    path = folder / "schedule.xlsx"
    write_workbook(path, problem, outcome.schedule, report, RunFacts(), force=True)
    read = read_workbook(path, problem)
    assert read.schedule == outcome.schedule
    assert not read.undecided
    return Solved(loaded, outcome, read.schedule, report, path)
