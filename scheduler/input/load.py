"""From a program's files to a problem, or to every fault in them at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from scheduler.input import carry_over, history, leave, locks, requests
from scheduler.input.bind import Binder
from scheduler.input.candidates import CandidateReader, Candidates, unused_grids
from scheduler.input.closed import closed_by_length
from scheduler.input.default_requests import default_choices
from scheduler.input.document import Year
from scheduler.input.fairness import read_burdens, read_peers
from scheduler.input.faults import Faults, Place
from scheduler.input.holidays import read_holidays
from scheduler.input.loaded import Loaded
from scheduler.input.names import Names
from scheduler.input.people import (
    PeopleReader,
    Person,
    holidays_gone,
    person_columns,
    promotions,
)
from scheduler.input.policy import Documents, read_documents
from scheduler.input.program_names import (
    check_names,
    departments_of,
    holidays_of,
    program_names,
    tracks_of,
)
from scheduler.input.requests import RequestReader, Requests
from scheduler.input.rotations import (
    lonely_tags,
    open_to_rules,
    read_rotations,
    without_hours,
)
from scheduler.input.rule_entries import RuleEntry, collect_rules, values_named
from scheduler.input.table_files import TableFiles
from scheduler.input.values import collect_values
from scheduler.input.wishes import without_idle
from scheduler.input.year import year_weeks
from scheduler.problem.burden import Wishes
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.problem.wish import Choice
from scheduler.rules.base import BoundRule


def load_program(path: Path | str) -> Loaded:
    """Read the program at ``path``: a YAML file, or a folder that holds program.yaml.

    Raises :class:`~scheduler.input.faults.BadInput` with every fault of every file.
    """
    faults = Faults()
    documents = read_documents(Path(path), faults)
    loaded = None
    if documents is not None and documents.complete:
        loaded = _Loader(documents, faults).load()
    faults.stop_if_any()
    assert loaded is not None
    return loaded


class _Loader:
    """Reads one program step by step, collecting faults instead of stopping at the first."""

    def __init__(self, documents: Documents, faults: Faults) -> None:
        self._documents = documents
        self._content = documents.content
        self._faults = faults
        self._files = TableFiles(documents, faults)

    def load(self) -> Loaded | None:
        """The program; None (with faults) where it has no year to fit anything into."""
        rotations = read_rotations(self._documents, self._faults)
        people, complete = self._people()
        names = program_names(self._documents, rotations, people, complete)
        check_names(self._documents, names, self._faults)
        burdens = read_burdens(self._documents, rotations, names, self._faults)
        evened = {n for n, one in burdens.items() if one.wishes is not Wishes.POINTS}
        names = replace(names, burdens=frozenset(burdens), evened=frozenset(evened))
        if self._content.year is None:
            return None
        problem, candidates = self._frame(self._content.year, people, names)
        peers = read_peers(self._documents, names, self._faults)
        problem = replace(problem, rotations=rotations, burdens=burdens, peers=peers)
        wishes, choices, unmet = self._wishes(problem, names)
        lock_rules, problem = self._locked(problem, names)
        values = collect_values(self._documents)
        binder = Binder(problem.residents, problem.calendar, names, values, self._faults)
        rules = self._rules(binder, lock_rules)
        problem = replace(problem, choices=choices, rules=rules, sources=self._hashes())
        warnings: list[str] = []
        if not self._faults:  # what wishes and rules name may not exist
            problem, warnings = without_idle(problem, wishes.places)
            warnings += closed_by_length(problem, binder.bound)
        return Loaded(
            problem=problem,
            settings=self._content.settings,
            documents=self._documents.layers,
            values=values,
            rules=binder.bound,
            declined=wishes.declined,
            warnings=(
                *unused_grids(self._documents, candidates),
                *lonely_tags(self._documents, rotations),
                *without_hours(self._documents, rotations, rules),
                *promotions(people, problem.residents),
                *holidays_gone(people, names),
                *unmet,
                *warnings,
                *binder.warnings,
            ),
        )

    def _rules(self, binder: Binder, locks: list[RuleEntry]) -> tuple[BoundRule, ...]:
        """The rules of all documents, of rotations and of locks, bound."""
        written = collect_rules(self._documents, self._faults)
        entries = [*written, *open_to_rules(self._documents), *locks]
        bound = [one for entry in entries if not entry.off for one in binder.bind(entry)]
        named = values_named(self._documents, self._faults)
        if named is not None and not binder.values_missing:  # a misspelt '$name' is not two faults
            binder.values.note_unused(named, self._documents, self._faults)
        return tuple(bound)

    def _people(self) -> tuple[list[Person], bool]:
        """Everyone, and whether nobody is missing for a fault."""
        groupings = tuple(self._content.groupings)
        residents = self._files.rows("residents", person_columns(groupings, visitor=False))
        visitors = self._files.rows("visitors", person_columns(groupings, visitor=True))
        tables = self._content.tables
        if residents == [] and tables is not None:
            self._faults.add(Place(tables.residents), "lists nobody", "add a line a resident")
        reader = PeopleReader(
            tracks_of(self._documents),
            departments_of(self._documents),
            groupings,
            holidays_of(self._documents),
            self._faults,
        )
        people = reader.read(residents or [], visitors or [])
        rows = len(residents or ()) + len(visitors or ())
        return people, bool(residents) and visitors is not None and len(people) == rows

    def _frame(
        self, year: Year, people: Sequence[Person], names: Names
    ) -> tuple[Problem, Candidates]:
        """The calendar, grids, holidays and residents, with their history and leave."""
        weeks = year_weeks(year)
        reader = CandidateReader(self._documents, names, self._faults)
        candidates = reader.read(people, weeks)
        calendar = candidates.calendar(weeks, people)
        holidays = read_holidays(self._documents, calendar, self._faults)
        for person in people:
            person.check(names, calendar, self._faults)
        residents = [
            person.resident(index, calendar, grids)
            for index, (person, grids) in enumerate(zip(people, candidates.of, strict=True))
        ]
        problem = Problem(
            name=self._content.name,
            calendar=calendar,
            rotations={},
            grids=candidates.grids(calendar),
            residents=tuple(residents),
            holidays=tuple(holidays),
            groupings=names.groupings,
            tracks=names.tracks,
        )
        return replace(problem, residents=self._with_records(problem, names)), candidates

    def _with_records(self, problem: Problem, names: Names) -> tuple[Resident, ...]:
        """The residents with what they did in earlier years and their leave."""
        rows = self._files.rows("history", history.COLUMNS) or []
        residents = history.apply_history(rows, list(problem.residents), names, self._faults)
        reader = leave.LeaveReader(problem.calendar, names, self._weekdays, self._faults)
        rows = self._files.rows("leave", leave.COLUMNS) or []
        residents = reader.apply(rows, residents)
        rows = self._files.rows("carry_over", carry_over.COLUMNS) or []
        return carry_over.apply_carry_over(rows, residents, names, self._faults)

    def _wishes(
        self, problem: Problem, names: Names
    ) -> tuple[Requests, tuple[Choice, ...], list[str]]:
        """The wishes as read, all that count (the program's for whoever has none included), and
        warnings about those that cannot be met."""
        reader = RequestReader(
            problem.calendar,
            names,
            self._weekdays,
            self._faults,
            {resident.id: resident.index for resident in problem.residents},
            weekends=self._content.settings.vacation_weekends,
        )
        own = reader.read(self._files.rows("requests", requests.COLUMNS) or [])
        more = default_choices(self._documents, reader, names, problem.residents, own)
        return own, (*own.choices, *more), reader.warnings

    def _locked(self, problem: Problem, names: Names) -> tuple[list[RuleEntry], Problem]:
        """The lock rules, and the problem with the blocks that locks split."""
        reader = locks.LockReader(problem.calendar, names, self._faults)
        rows = self._files.rows("locks", locks.COLUMNS) or []
        found = reader.read(rows, problem.residents)
        residents, grids = locks.personal_grids(problem.residents, found, problem.grids, names)
        rules = [rule for lock in found for rule in lock.rules()]
        return rules, replace(problem, residents=tuple(residents), grids=grids)

    @property
    def _weekdays(self) -> int:
        return self._content.settings.leave_weekdays

    def _hashes(self) -> dict[str, str]:
        """Every file that was read, with the hash of its content."""
        sources = [layer.source for layer in self._documents.layers]
        return {one.file: one.sha256 for one in [*sources, *self._files.sources.values()]}
