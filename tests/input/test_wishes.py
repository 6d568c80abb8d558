"""Wishes of couples, the program's wishes for whoever has none, and impossible ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.problem.problem import Problem
from scheduler.problem.wish import Lane, WishKind
from tests.input.tiny import change, faults_of, load_tiny, write_tiny

P, R, RULES = "program.yaml", "requests.csv", "rules:\n"
WITH = (R, "status,comment\n", "status,comment,with\n")
FIRST = "R1,a,1,vacation,,2026-07-06,2026-07-12,,\n"
DEFAULTS = """\
default_requests:
  holiday:
    alternatives:
      - {type: holiday, what: thanksgiving}
  icu:
    who: {pgy: [1, 2]}
    alternatives:
      - {type: rotation, what: [MICU], from: 2026-09-07, to: 2026-09-20}
      - {type: rotation, what: icu}
      - {type: rotation, what: [icu], weeks: 2, from: 2026-09-01, to: 2026-11-30}
"""


def _choices(problem: Problem) -> list[tuple[str, str, bool]]:
    return [(problem.residents[one.resident].id, one.name, one.default) for one in problem.choices]


# -- couples ---------------------------------------------------------------------------------


def test_a_shared_wish_names_the_other(tmp_path: Path) -> None:
    """The column ``with`` makes a wish one that both must get."""
    shared = "R1,a,1,vacation,,2026-07-06,2026-07-12,,,R2\n"
    problem = load_tiny(tmp_path, WITH, (R, FIRST, shared)).problem
    first, second = problem.choices[0].alternatives
    assert (first.partner, second.partner) == (1, None)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "R1,a,1,vacation,,2026-07-06,2026-07-12,,,R9\n",
            "requests.csv:2: with 'R9' is not a resident or visitor of this program; "
            "correct it, or remove it if they have left",
        ),
        (
            "R1,a,1,vacation,,2026-07-06,2026-07-12,,,R1\n",
            "requests.csv:2: with 'R1' is the resident's own id; name the other one",
        ),
        (
            "R1,a,1,date,,2026-07-06,2026-07-12,,,R2\n",
            "requests.csv:2: with 'R2': a date is nobody else's; "
            "only vacation and holidays are shared; leave it blank",
        ),
    ],
)
def test_faults_of_shared_wishes(tmp_path: Path, line: str, said: str) -> None:
    """The other exists, is another, and the wish is for time off."""
    write_tiny(tmp_path)
    change(tmp_path, *WITH)
    change(tmp_path, R, FIRST, line)
    assert faults_of(tmp_path) == [said]


# -- some weeks of a rotation, some time between two dates ------------------------------------

WEEKS = (R, "status,comment\n", "status,comment,weeks\n")


def test_weeks_of_a_rotation_within_dates_and_within_the_year(tmp_path: Path) -> None:
    """The column ``weeks`` says how many of the weeks between the dates are wanted."""
    line = "R1,z,{},rotation,MICU,{},,,{}\n"
    autumn = line.format(1, "2026-09-07,2026-11-29", 2) + line.format(2, ",", 4)
    problem = load_tiny(tmp_path, WEEKS, (R, FIRST, autumn + FIRST)).problem
    dated, whenever = problem.choices[0].alternatives
    assert (dated.parts, dated.at_least, dated.days) == (tuple(range(10, 22)), 2, 11)
    assert (whenever.parts, whenever.at_least) == ((), 4)
    assert dated.asked == "rotation MICU, 2 weeks in 2026-09-07..2026-11-29"
    assert whenever.asked == "rotation MICU, 4 weeks"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "R1,a,1,vacation,,2026-07-06,2026-07-12,,,2\n",
            "requests.csv:2: weeks '2': a number of weeks goes with type rotation only; "
            "leave it blank",
        ),
        (
            "R1,z,1,rotation,MICU,2026-09-07,2026-09-13,,,2\n",
            "requests.csv:2: 2 weeks do not fit into 1 week; ask for fewer weeks, "
            "or give later dates",
        ),
        (
            "R1,z,1,rotation,MICU,,,,,0\n",
            "requests.csv:2: weeks '0' is not a whole number from 1 to 53; correct it",
        ),
    ],
)
def test_faults_of_a_number_of_weeks(tmp_path: Path, line: str, said: str) -> None:
    """It is for rotations, fits between the dates, and is a number."""
    write_tiny(tmp_path)
    change(tmp_path, *WEEKS)
    change(tmp_path, R, FIRST, line)
    assert faults_of(tmp_path) == [said]


# -- defaults --------------------------------------------------------------------------------


def test_defaults_are_for_those_who_ask_for_nothing_in_the_lane(tmp_path: Path) -> None:
    """R1 asked for time off, R2 has a holiday approved, R3 asked for a rotation."""
    problem = load_tiny(tmp_path, (P, RULES, DEFAULTS + RULES)).problem
    assert _choices(problem) == [
        ("R1", "a", False),
        ("R2", "b", False),
        ("R3", "c", False),
        ("R1", "icu", True),
        ("R2", "icu", True),
        ("R3", "holiday", True),
    ]
    assert [one.lane for one in problem.choices[3:]] == [*[Lane.ROTATIONS] * 2, Lane.TIME_OFF]
    dated, whenever, some = problem.choices[3].alternatives
    assert (dated.priority, dated.kind, dated.parts) == (1, WishKind.ROTATION, (10, 11))
    assert (whenever.priority, whenever.parts, whenever.asked) == (2, (), "rotation icu")
    assert (some.at_least, some.asked) == (2, "rotation icu, 2 weeks in 2026-09-01..2026-11-30")


def test_a_program_lays_its_defaults_over_a_policys(tmp_path: Path) -> None:
    """Defaults are merged by name, and ``off`` removes one."""
    problem = load_tiny(
        tmp_path,
        ("house.yaml", RULES, DEFAULTS + RULES),
        (
            P,
            RULES,
            f"default_requests: {{holiday: {{off: true}}, icu: {{who: {{pgy: 2}}}}}}\n{RULES}",
        ),
    ).problem
    assert [one for one in _choices(problem) if one[2]] == [("R2", "icu", True)]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("type: holiday", "type: holidays", "type: 'holidays' is not known here"),
        ("what: thanksgiving", "what: thanksgivin", "'thanksgivin' is not a holiday of this"),
        ("what: icu", "what: ico", "what 'ico' is not a rotation or tag"),
        ("to: 2026-09-20", "to: 2028-09-20", "2028-09-20 is outside the academic year"),
        ("pgy: [1, 2]", "track: x", "who.track: 'x' is not a track of this program"),
        ("    who: {pgy: [1, 2]}\n", "    whom: {}\n", "icu: unknown option 'whom'"),
        ("{type: rotation, what: icu}", "{type: date, from: 2026-09-07}", "mixes time off and"),
    ],
)
def test_faults_of_defaults(tmp_path: Path, old: str, new: str, said: str) -> None:
    """Each is one fault with its place in the YAML."""
    write_tiny(tmp_path)
    change(tmp_path, P, RULES, DEFAULTS.replace(old, new) + RULES)
    (fault,) = faults_of(tmp_path)
    assert fault.startswith("program.yaml:")
    assert said in fault


# -- impossible wishes -----------------------------------------------------------------------

ICU = "R3,c,1,rotation,icu,,,,\n"
EARLIER = "R3,c,2,rotation,WARD,,,,\n"


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        ("R3,d,1,rotation,WARD,,,,", "other rules do not allow it"),
        ("R3,d,1,vacation,,2026-07-06,2026-07-26,,", "longer than a vacation may be"),
        ("R3,d,1,vacation,,2026-08-10,2026-08-16,,", "no vacation is given then"),
        ("R2,d,1,vacation,,2027-01-04,2027-01-10,,", "away or on leave in part of it"),
        ("V1,d,1,holiday,thanksgiving,,,,", "away or on leave in part of it"),
        ("R2,d,1,rotation,icu,2027-01-04,2027-01-17,,", "away or on leave in part of it"),
        ("R2,d,1,rotation,icu,2026-12-21,2027-01-17,,", "other rules do not allow it"),
        ("R3,d,1,rotation,WARD CLINIC,,,,", ""),
        ("R3,d,1,vacation,,2026-07-06,2026-07-19,,", ""),
        ("R3,d,1,holiday,thanksgiving,,,,", ""),
        ("R3,d,1,avoid,WARD,,,,", ""),
        ("R3,d,1,avoid,WARD MICU CLINIC,,,,", ""),
        ("R3,d,1,date,,2026-07-11,,,", ""),
    ],
)
def test_impossible_wishes(tmp_path: Path, wish: str, why: str) -> None:
    """What hard rules rule out is taken out, told, and does not count; the rest stays."""
    rules = """\
rules:
  - {rule: eligibility, who: {pgy: 3}, never: WARD}
  - {rule: vacation, pieces: [1, 2]}
  - {rule: vacation, blackout: {weeks: "7-8"}}
"""
    loaded = load_tiny(tmp_path, (P, RULES, rules), (R, ICU, f"{ICU}{wish}\n"))
    assert [one.why for one in loaded.problem.left_out] == ([why] if why else [])
    assert ("d" in [one.name for one in loaded.problem.choices]) == (not why)
    assert len(loaded.warnings) == bool(why)
    assert all(f"requests.csv:6: {wish[:2]} can never be granted" in w for w in loaded.warnings)


def test_a_week_that_the_grid_gives_to_clinic(tmp_path: Path) -> None:
    """Where the grid leaves one rotation, which allows no vacation, the reason names it."""
    grid = "{cycle: [2, {weeks: 2, rotation: WARD}]}"
    wish = "R3,d,1,vacation,,2026-07-13,2026-07-19,,"
    loaded = load_tiny(tmp_path, (P, "{blocks: {weeks: 2}}", grid), (R, ICU, f"{ICU}{wish}\n"))
    (out,) = (one for one in loaded.problem.left_out if one.choice.name == "d")
    assert out.why == "it is WARD then, which allows no vacation"


def test_many_wishes_of_a_kind_are_told_in_one_line(tmp_path: Path) -> None:
    """Five wishes into a blackout are one line; one for another reason has its own, in order."""
    rules = 'rules:\n  - {rule: vacation, blackout: {weeks: "7-11"}}\n'
    rows = [f"R3,d{n},1,vacation,,2026-08-{10 + n},2026-08-{16 + n},," for n in (0, 7)]
    rows += [f"R1,d{n},1,vacation,,2026-08-{10 + n},2026-08-{16 + n},," for n in (0, 7, 14)]
    other = "R2,e,1,vacation,,2027-01-04,2027-01-10,,"
    wishes = ICU + "\n".join([*rows, other]) + "\n"
    loaded = load_tiny(tmp_path, (P, RULES, rules), (R, ICU, wishes))
    assert loaded.warnings == (
        "requests.csv: 5 wishes can never be granted (no vacation is given then), "
        "so they do not count: lines 6-10",
        "requests.csv:11: R2 can never be granted vacation 2027-01-04..2027-01-10 "
        "(away or on leave in part of it), so it does not count",
    )


def test_what_is_left_of_a_list_moves_up(tmp_path: Path) -> None:
    """An impossible first alternative makes the second one the first."""
    rules = f"{RULES}  - {{rule: eligibility, who: {{pgy: 3}}, never: icu}}\n"
    problem = load_tiny(tmp_path, (P, RULES, rules), (R, ICU, ICU + EARLIER)).problem
    (choice,) = (one for one in problem.choices if one.name == "c")
    assert [one.asked for one in choice.alternatives] == ["rotation WARD"]
    assert [one.choice.alternatives[0].asked for one in problem.left_out] == ["rotation icu"]


def test_approved_wishes_stay_even_where_impossible(tmp_path: Path) -> None:
    """A person approved it: that no schedule exists is for a person to hear."""
    rules = f"{RULES}  - {{rule: eligibility, who: {{pgy: 3}}, never: icu}}\n"
    approved = "R3,c,1,rotation,icu,,,approved,\n"
    loaded = load_tiny(tmp_path, (P, RULES, rules), (R, ICU, approved))
    assert "c" in [one.name for one in loaded.problem.choices]
    assert [w.split("), ")[1] for w in loaded.warnings] == ["although it is approved"]


def test_it_takes_two_to_be_possible(tmp_path: Path) -> None:
    """A shared week in which the other is on leave is possible for neither."""
    shared = "R1,a,1,vacation,,2027-01-04,2027-01-10,,,R2\n"
    loaded = load_tiny(tmp_path, WITH, (R, FIRST, shared))
    assert [one.why for one in loaded.problem.left_out] == ["not possible for both"]


@pytest.mark.parametrize(
    ("first", "again", "counts"),
    [
        ("rotation,icu,,", "rotation,MICU,2026-07-06,2026-07-19", False),
        ("rotation,WARD,,", "rotation,MICU,,", True),
        ("avoid,icu,,", "rotation,icu,,", True),
        ("vacation,,2026-07-06,2026-07-19", "vacation,,2026-07-13,2026-07-26", False),
        ("vacation,,2026-07-06,2026-07-19", "vacation,,2026-07-20,2026-07-26", True),
        ("holiday,thanksgiving,,", "holiday,thanksgiving,,", False),
        ("date,,2026-07-11,", "date,,2026-07-08,", False),
    ],
)
def test_the_same_thing_counts_once(tmp_path: Path, first: str, again: str, counts: bool) -> None:
    """Asked for in two choices, it counts in the first, whatever the order of the lines."""
    lines = f"R3,2,1,{again},,\nR3,1,1,{first},,\n"
    loaded = load_tiny(tmp_path, (R, ICU, lines))
    assert [one.why for one in loaded.problem.left_out] == (
        [] if counts else ["asked for in choice '1' already"]
    )
    assert len(loaded.warnings) == (not counts)


def test_what_was_impossible_before_may_be_asked_for_again(tmp_path: Path) -> None:
    """Only what counts in an earlier choice is asked for already."""
    lines = "R3,1,1,vacation,,2026-07-06,2026-07-26,,\nR3,2,1,vacation,,2026-07-06,2026-07-12,,\n"
    rules = f"{RULES}  - {{rule: vacation, pieces: [1, 2]}}\n"
    problem = load_tiny(tmp_path, (P, RULES, rules), (R, ICU, lines)).problem
    assert [(x.choice.name, x.why) for x in problem.left_out] == [
        ("1", "longer than a vacation may be")
    ]
    assert "2" in [choice.name for choice in problem.choices]
