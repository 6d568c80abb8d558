"""A workbook of an earlier day: what of it binds, what is kept, and what has changed since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from scheduler.audit.audit import audit
from scheduler.input.faults import BadInput
from scheduler.problem.calendar import build_calendar
from scheduler.problem.holiday import HolidayStatus
from scheduler.problem.problem import Problem
from scheduler.problem.resident import Resident
from scheduler.problem.rotation import LEAVE, VACATION
from scheduler.rules.example import bind
from scheduler.rules.keep import Keep
from scheduler.rules.lock import Lock
from scheduler.schedule.changes import changed_duties
from scheduler.schedule.schedule import Schedule
from scheduler.workbook.earlier import CHANGED_WEEK, Started, read_start
from scheduler.workbook.layers import lock_sets, locked
from scheduler.workbook.read import read_earlier
from tests.workbook.conftest import Case, written
from tests.workbook.edits import cell_of, edited
from tests.workbook.hospital import hospital
from tests.workbook.test_roundtrip import months


@pytest.fixture(scope="module")
def kept(small: tuple[Problem, Schedule], tmp_path_factory: pytest.TempPathFactory) -> Case:
    """The small hospital's workbook, with every lock obeyed."""
    problem, schedule = small
    cells = list(map(list, schedule.cells))
    for (index, part), codes in lock_sets(problem).items():
        if part in problem.residents[index].available and cells[index][part] not in codes:
            cells[index][part] = min(codes)
    schedule = replace(schedule, cells=tuple(map(tuple, cells)))
    return written(problem, schedule, tmp_path_factory.mktemp("kept"))


def with_people(problem: Problem, residents: Iterable[Resident]) -> Problem:
    """``problem`` with these people and no wishes, its rules about them."""
    people = tuple(replace(one, index=index) for index, one in enumerate(residents))
    bare = replace(problem, residents=people, choices=())
    return replace(bare, rules=tuple(bind(bound.rule, bare) for bound in problem.rules))


def lock_in_layers(case: Case, book: openpyxl.Workbook, resident: int, part: int, text: str) -> str:
    """Write a lock into the hidden sheet; the name of the Schedule's cell."""
    sheet = book["Layers"]
    wanted = (case.problem.residents[resident].id, "lock")
    row = next(n for n, r in enumerate(sheet.values, start=1) if (r[0], r[2]) == wanted)
    sheet.cell(row, 4 + part).value = text
    return str(cell_of(case, book["Schedule"], resident, part).coordinate)


def started(case: Case, path: Path, fill: bool = False) -> Started:
    """The case's problem started from ``path``."""
    return read_start(path, case.problem, fill)


# -- the same program --------------------------------------------------------------------


def test_everything_decided_is_kept_at_a_price(kept: Case) -> None:
    """Cells of rotations and vacation are compared; nothing is to be said of it."""
    found = started(kept, kept.path)
    assert found.notes == ()
    earlier = found.problem.earlier
    assert earlier is not None
    for old, row in zip(kept.schedule.cells, earlier.cells, strict=True):
        assert row == tuple("" if code in (LEAVE, "AWAY") else code for code in old)
    assert {duty.status for duty in earlier.duties.values()} == set(HolidayStatus)
    assert list(changed_duties(earlier, kept.schedule)) == []
    (keep,) = (b.rule for b in found.problem.rules if isinstance(b.rule, Keep))
    assert (keep.weight, keep.name) == (CHANGED_WEEK, "keep")
    assert not any(one.rule == "keep" for one in audit(found.problem, kept.schedule).violations)


def test_the_program_says_what_a_change_costs(kept: Case) -> None:
    """Where a rule keep has a weight, no other price is added."""
    rule = Keep(name="stay", weight=7)
    problem = replace(kept.problem, rules=(*kept.problem.rules, bind(rule, kept.problem)))
    found = read_start(kept.path, problem, fill=False)
    assert [b.rule for b in found.problem.rules if isinstance(b.rule, Keep)] == [rule]


def test_with_fill_every_filled_cell_binds(kept: Case) -> None:
    """The rule that keeps them is hard, and nothing is charged for changes."""
    found = started(kept, kept.path, fill=True)
    (keep,) = (b for b in found.problem.rules if isinstance(b.rule, Keep))
    assert keep.rule.hard
    assert len(keep.residents) == len(kept.problem.residents)
    assert len(keep.parts) == len(kept.problem.calendar.parts)


# -- what has changed since ----------------------------------------------------------------


def test_people_come_and_go(kept: Case) -> None:
    """Who has left is left out, who is new has no cells; both are said, neither is a fault."""
    gone, *others = kept.problem.residents
    new = replace(others[0], id="R999", name="Intern 14")
    problem = with_people(kept.problem, [*others, new])
    found = read_start(kept.path, problem, fill=False)
    assert found.was.cells[:-1] == kept.schedule.cells[1:]
    assert not any(found.was.cells[-1])
    assert found.notes == (
        f"schedule.xlsx: no longer in the program, and left out: {gone.id} ({gone.name})",
        "schedule.xlsx: not in it, and scheduled anew: R999 (Intern 14)",
    )


def test_a_placeholder_is_named_later(kept: Case) -> None:
    """The id is permanent: a new name moves nothing, and nothing need be said."""
    first, *others = kept.problem.residents
    problem = with_people(kept.problem, [replace(first, name="Vellathorne, Una"), *others])
    found = read_start(kept.path, problem, fill=False)
    assert found.was.cells == kept.schedule.cells
    assert found.notes == ()


def test_another_id_and_the_same_name(kept: Case) -> None:
    """By exact name a person is found too, and the locks come along."""
    people = [replace(one, id=f"X{one.id}") for one in kept.problem.residents]
    problem = replace(kept.problem, residents=tuple(people), rules=(), choices=())
    found = read_earlier(kept.path, problem)
    assert found.schedule.cells == kept.schedule.cells
    assert found.locks == locked(kept.problem)
    assert found.notes == ()


def test_a_rotation_that_is_gone_leaves_its_cells_open(kept: Case) -> None:
    """A code of the old legend is no typing mistake: its cells are empty now."""
    rotations = {code: one for code, one in kept.problem.rotations.items() if code != "GI"}
    problem = replace(kept.problem, rotations=rotations, rules=(), choices=())
    found = read_start(kept.path, problem, fill=False)
    gone = [(i, p) for i, row in enumerate(kept.schedule.cells) for p, c in enumerate(row)
            if c == "GI"]  # fmt: skip
    assert gone
    assert all(found.was.cells[i][p] == "GI" and not found.start.cells[i][p] for i, p in gone)
    said = f"GI is no rotation of the program any more; its {len(gone)} cells are empty now"
    assert f"schedule.xlsx: {said}" in found.notes


def test_weeks_that_are_split_now(kept: Case, tmp_path: Path) -> None:
    """A part without a column of its own has what the whole week had; and the other way round."""
    problem, schedule = months()
    whole = build_calendar(problem.calendar.weeks)
    plain, old = hospital({1: 3, 2: 2, 3: 3}, visitors=2, calendar=whole, electives=3)
    case = written(plain, old, tmp_path)
    found = read_earlier(case.path, replace(problem, rules=(), choices=()))
    for row, was in zip(found.schedule.cells, old.cells, strict=True):
        assert row == tuple(was[part.week] for part in problem.calendar.parts)
    split = written(problem, schedule, tmp_path)
    back = read_earlier(split.path, replace(plain, rules=(), choices=()))
    firsts = [parts[0] for parts in problem.calendar.parts_of_week]
    for row, was in zip(back.schedule.cells, schedule.cells, strict=True):
        assert row == tuple(was[part] for part in firsts)


def test_a_cleared_duty_is_undecided(kept: Case, tmp_path: Path) -> None:
    """An empty status on Holidays is a duty to be decided, as an empty cell is."""
    path = edited(kept, tmp_path / "s.xlsx", lambda wb: setattr(wb["Holidays"]["D2"], "value", ""))
    before, after = (read_earlier(one, kept.problem).schedule for one in (kept.path, path))
    assert len(before.duties) - len(after.duties) == 1


# -- locks -------------------------------------------------------------------------------


def test_a_lock_of_the_workbook_binds(kept: Case, tmp_path: Path) -> None:
    """It is said, and the cell that it overrules is nobody's change."""
    place = []

    def change(book: openpyxl.Workbook) -> None:
        cell_of(kept, book["Schedule"], 5, 9).value = "BIG"
        place.append(lock_in_layers(kept, book, 5, 9, "micu"))

    found = started(kept, edited(kept, tmp_path / "s.xlsx", change))
    assert lock_sets(found.problem)[5, 9] == {"MICU"}
    assert set(lock_sets(found.problem)) - set(lock_sets(kept.problem)) == {(5, 9)}
    name = kept.problem.residents[5].name
    assert found.notes == (
        f"s.xlsx: {name} is locked to MICU in week 10 (2026-08-31) on its hidden sheet Layers, "
        "not by the program",
        f"s.xlsx, Schedule!{place[0]}: BIG, but locked to MICU; the lock holds",
    )
    assert found.problem.earlier is not None
    assert found.problem.earlier.cells[5][9] == ""
    assert found.was.cells[5][9] == "BIG"


def test_half_decided_cells_bind_and_are_written_as_locks(kept: Case, tmp_path: Path) -> None:
    """'BIG, MICU' is one of these, '!MICU' anything but; the next workbook still knows."""

    def change(book: openpyxl.Workbook) -> None:
        cell_of(kept, book["Schedule"], 5, 8).value = "micu, big"
        cell_of(kept, book["Schedule"], 5, 9).value = "!MICU"

    found = started(kept, edited(kept, tmp_path / "s.xlsx", change))
    assert found.start.cells[5][8:10] == ("", "")
    rules = {b.parts: b.rule for b in found.problem.rules if "half-decided" in b.rule.name}
    one_of, none_of = rules[(8,)], rules[(9,)]
    assert isinstance(one_of, Lock) and isinstance(none_of, Lock)
    assert (one_of.be, none_of.not_be) == (["BIG", "MICU"], ["MICU"])
    cells = list(map(list, kept.schedule.cells))
    cells[5][8], cells[5][9] = "BIG", VACATION
    schedule = replace(kept.schedule, cells=tuple(map(tuple, cells)))
    again = written(found.problem, schedule, tmp_path)
    back = read_earlier(again.path, kept.problem)
    assert (back.locks[5, 8], back.locks[5, 9]) == ("BIG, MICU", "!MICU")


def test_what_cannot_be_kept_together_is_reported_by_cell(kept: Case, tmp_path: Path) -> None:
    """The program's lock, the workbook's lock and the cell's own text, each pair by its cell."""
    (locked_to_vacation, *_) = (key for key, codes in lock_sets(kept.problem).items()
                                if codes == {VACATION})  # fmt: skip
    places = []

    def change(book: openpyxl.Workbook) -> None:
        for key, lock, text in (
            (locked_to_vacation, "MICU", None),
            ((5, 8), "MICU", "BIG, CCU"),
            ((6, 8), "BIG", "!BIG"),
        ):
            places.append(lock_in_layers(kept, book, *key, lock))
            if text is not None:
                cell_of(kept, book["Schedule"], *key).value = text

    with pytest.raises(BadInput) as caught:
        started(kept, edited(kept, tmp_path / "s.xlsx", change))
    said = {
        places[0]: "the program locks it to VAC, and the sheet Layers locks it to MICU",
        places[1]: "the cell says BIG, CCU, and the sheet Layers locks it to MICU",
        places[2]: "the cell says !BIG, and the sheet Layers locks it to BIG",
    }
    assert sorted(caught.value.lines) == sorted(
        f"s.xlsx, Schedule!{place}: {what}; change one of them" for place, what in said.items()
    )


# -- filled cells --------------------------------------------------------------------------


def test_what_filled_cells_break_by_themselves(kept: Case, tmp_path: Path) -> None:
    """A block of two rotations and vacation on intensive care are named; empty cells are not."""

    def change(book: openpyxl.Workbook) -> None:
        for part in range(len(kept.problem.calendar.parts)):
            for resident in range(3):
                cell_of(kept, book["Schedule"], resident, part).value = None
        for part, text in ((0, "BIG"), (1, "MICU"), (4, "MICU"), (5, "VAC")):
            cell_of(kept, book["Schedule"], 0, part).value = text

    path = edited(kept, tmp_path / "s.xlsx", change)
    found = started(kept, path, fill=True)
    name = kept.problem.residents[0].name
    own = [line for line in found.conflicts if name in line]
    assert f"grid: {name} has BIG and MICU in one block (1)" in own
    assert any(f"{name} is on vacation in week 6" in line for line in own)
    assert not any("nothing" in line or "empty" in line for line in found.conflicts)
    assert started(kept, path).conflicts == ()
