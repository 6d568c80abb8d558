"""Odd inputs that are right: text stays text, and everything lands where it belongs."""

from __future__ import annotations

import time
from datetime import date, timedelta
from pathlib import Path

import pytest

from scheduler.input.load import load_program
from scheduler.problem.wish import Lane, WishKind, WishStatus
from scheduler.rules.eligibility import Eligibility
from scheduler.rules.select import Who
from tests.input.tiny import change, load_tiny, write_tiny

P = "program.yaml"
R = "residents.csv"

#: Codes that other readers of YAML or CSV turn into something else.
ODD = ("ON", "OFF", "NO", "Y", "NA", "007", "1E2", "0x1F", "1_000", "12:30")


@pytest.mark.parametrize("code", [code for code in ODD if ":" not in code])
def test_code_stays_text(tmp_path: Path, code: str) -> None:
    """A code is the text that was written, in YAML and in a table."""
    loaded = load_tiny(
        tmp_path,
        (P, "  CLINIC: {", f"  {code}: {{}}\n  CLINIC: {{"),
        (P, "rotations: icu", f"rotations: [{code}]"),
        ("history.csv", "R2,icu,4", f"R2,{code},4"),
    )
    assert code in loaded.problem.rotations
    assert [code] in [list(bound.rule.rotation_names()) for bound in loaded.problem.rules]
    assert loaded.problem.residents[1].history == {code: 28}


@pytest.mark.parametrize("who", [*ODD, "=1+1", "R 2", "-", "é"])
def test_id_stays_text(tmp_path: Path, who: str) -> None:
    """An id is the text of its cell, whatever a spreadsheet would make of it."""
    write_tiny(tmp_path)
    for file in (R, "history.csv", "leave.csv", "requests.csv"):
        change(tmp_path, file, "R2,", f"{who},")
    problem = load_program(tmp_path).problem
    assert problem.residents[1].id == who
    assert problem.residents[1].leave
    assert problem.choices[1].resident == 1


@pytest.mark.parametrize("name", ["=SUM(A1:A9)", "+1", "@home", "Null, Nan", "O'Neil, Åsa", "NA"])
def test_name_stays_text(tmp_path: Path, name: str) -> None:
    """A name beginning with = is a name."""
    loaded = load_tiny(tmp_path, (R, "Bell, Bo", name))
    assert loaded.problem.residents[1].name == name


def test_resident_without_a_name_is_shown_by_id(tmp_path: Path) -> None:
    """In early spring interns have an id and no name yet."""
    loaded = load_tiny(tmp_path, (R, '"Adams, Ada"', ""))
    assert loaded.problem.residents[0].name == "R1"


def test_byte_order_mark_blank_lines_and_semicolons(tmp_path: Path) -> None:
    """A table as Excel saves it in Europe is read; line numbers count the blank lines."""
    write_tiny(tmp_path)
    text = (tmp_path / R).read_text().replace("\nR2", "\n\n;;;;\nR2").replace('"', "")
    rows = [
        line.replace(", ", "#").replace(",", ";").replace("#", ", ") for line in text.split("\n")
    ]
    (tmp_path / R).write_bytes(b"\xef\xbb\xbf" + "\r\n".join(rows).encode())
    loaded = load_program(tmp_path)
    assert [resident.name for resident in loaded.problem.residents][:2] == [
        "Adams, Ada",
        "Bell, Bo",
    ]


def test_headings_in_capitals_and_blanks_around_cells(tmp_path: Path) -> None:
    """Columns are known in any case, and blanks around a cell mean nothing."""
    loaded = load_tiny(tmp_path, (R, "id,name,pgy", "ID, Name ,PGY"), (R, "R2,", " R2 ,"))
    assert loaded.problem.residents[1].id == "R2"


def test_people_and_their_groups(tmp_path: Path) -> None:
    """Residents have track and groupings; a visitor's track is the department."""
    problem = load_tiny(tmp_path).problem
    assert problem.name == "Tiny Hospital"
    assert problem.residents[0].groups == {"firm": "north"}
    assert problem.residents[0].track == "categorical"
    visitor = problem.residents[3]
    assert (visitor.visitor, visitor.track) == (True, "psychiatry")
    assert visitor.groups == {"department": "psychiatry"}
    assert problem.tracks == {
        "categorical": "Categorical",
        "primary-care": "Primary care",
        "preliminary": "Preliminary",
        "psychiatry": "Psychiatry",
    }


def test_sources_are_hashed(tmp_path: Path) -> None:
    """Every file read stands in the sources with its hash."""
    sources = load_tiny(tmp_path).problem.sources
    assert set(sources) == {
        "house.yaml",
        "program.yaml",
        "residents.csv",
        "visitors.csv",
        "requests.csv",
        "history.csv",
        "leave.csv",
    }
    assert all(len(digest) == 64 for digest in sources.values())


def test_program_as_a_file(tmp_path: Path) -> None:
    """PROGRAM may be a YAML file of any name; tables lie beside it."""
    write_tiny(tmp_path)
    (tmp_path / P).rename(tmp_path / "next-year.yaml")
    assert load_program(tmp_path / "next-year.yaml").problem.name == "Tiny Hospital"


def test_choices_with_ranked_alternatives(tmp_path: Path) -> None:
    """Lines of one choice are its alternatives, the most wanted first."""
    first, approved, rotation = load_tiny(tmp_path).problem.choices
    assert (first.resident, first.name, first.lane) == (0, "a", Lane.TIME_OFF)
    assert [one.weeks for one in first.alternatives] == [(1,), (5,)]
    assert first.alternatives[0].asked == "vacation 2026-07-06..2026-07-12"
    assert (approved.lane, approved.status) == (Lane.PROTECTED, WishStatus.APPROVED)
    assert approved.alternatives[0].holiday == "thanksgiving"
    assert rotation.alternatives[0].kind is WishKind.ROTATION
    assert rotation.alternatives[0].rotations == {"MICU"}
    assert rotation.alternatives[0].parts == ()


def test_alternatives_may_be_equally_wanted(tmp_path: Path) -> None:
    """Lines of one choice and one priority are alternatives that share a rank."""
    write_tiny(tmp_path)
    change(tmp_path, "requests.csv", "R1,a,2", "R1,a,1")
    first, *_ = load_program(tmp_path).problem.choices
    assert [(one.priority, one.weeks) for one in first.alternatives] == [(1, (1,)), (1, (5,))]


@pytest.mark.parametrize(
    ("dates", "weeks"),
    [
        ("2026-07-06,2026-07-10", (1,)),
        ("2026-07-04,2026-07-19", (1, 2)),
        ("2026-07-08,2026-07-21", (1, 2)),
        ("2026-07-09,2026-07-21", (2,)),
    ],
)
def test_vacation_dates_mean_weeks(tmp_path: Path, dates: str, weeks: tuple[int, ...]) -> None:
    """A wish means the weeks of which it holds at least three weekdays."""
    loaded = load_tiny(tmp_path, ("requests.csv", "2026-07-06,2026-07-12", dates))
    assert loaded.problem.choices[0].alternatives[0].weeks == weeks


@pytest.mark.parametrize(
    ("wish", "parts"),
    [
        ("rotation,icu,,", ()),
        ("rotation,icu,2026-07-04,2026-07-17", (1, 2)),
        ("avoid,icu,2026-07-04,2026-07-17", (0, 1, 2)),
        ("date,,2026-07-11,", (1,)),
    ],
)
def test_dates_of_a_wish_mean_parts(tmp_path: Path, wish: str, parts: tuple[int, ...]) -> None:
    """A rotation is wished for in the weeks it fills, a day off or a rotation avoided in all."""
    loaded = load_tiny(tmp_path, ("requests.csv", "rotation,icu,,", wish))
    assert loaded.problem.choices[2].alternatives[0].parts == parts


def test_declined_requests_are_kept_apart(tmp_path: Path) -> None:
    """A declined alternative does not count; the rest of its choice does."""
    loaded = load_tiny(tmp_path, ("requests.csv", "2026-07-12,,", "2026-07-12,declined,"))
    assert [one.priority for one in loaded.problem.choices[0].alternatives] == [2]
    assert [one.alternatives[0].priority for one in loaded.declined] == [1]
    assert loaded.declined[0].status is WishStatus.DECLINED


def test_approved_alternative_is_the_choice(tmp_path: Path) -> None:
    """Once a person approved one alternative, the others are moot and it is protected."""
    loaded = load_tiny(tmp_path, ("requests.csv", "2026-08-09,,", "2026-08-09,locked,"))
    choice = loaded.problem.choices[0]
    assert (choice.lane, choice.binding) == (Lane.PROTECTED, True)
    assert [one.weeks for one in choice.alternatives] == [(5,)]


def test_wish_in_a_time_of_absence_is_a_warning(tmp_path: Path) -> None:
    """A wish for a week of leave is allowed, said to be without hope, and does not count."""
    loaded = load_tiny(
        tmp_path,
        ("requests.csv", "R3,c,1,rotation,icu,,", "R2,c,1,vacation,,2027-01-11,2027-01-17"),
    )
    assert loaded.warnings == (
        "requests.csv:5: R2 can never be granted vacation 2027-01-11..2027-01-17 "
        "(away or on leave in part of it), so it does not count",
    )
    assert [one.choice.name for one in loaded.problem.left_out] == ["c"]
    assert "c" not in [choice.name for choice in loaded.problem.choices]


def test_history_adds_up_in_days(tmp_path: Path) -> None:
    """Weeks may be decimal; lines of one rotation are added."""
    loaded = load_tiny(
        tmp_path, ("history.csv", "R2,icu,4\n", "R2,icu,4.33\nR2,icu,1\nR1,WARD,2\n")
    )
    assert loaded.problem.residents[1].history == {"icu": 37}
    assert loaded.problem.residents[0].history == {"WARD": 14}


def test_tag_misspelt_by_one_letter_is_a_warning(tmp_path: Path) -> None:
    """A tag that no policy explains is allowed; one that looks like a slip is said."""
    loaded = load_tiny(tmp_path, (P, "tags: [inpatient]", "tags: [inpatent]"))
    assert loaded.warnings == (
        "program.yaml:14:28: the tag 'inpatent' is not explained in any 'tags'; "
        "did you mean 'inpatient'?",
    )


def test_rotations_without_hours_are_told_where_hours_are_averaged(tmp_path: Path) -> None:
    """A rule that leaves rotations out says which, so that nobody takes silence for safety."""
    loaded = load_tiny(
        tmp_path, (P, "rules:\n", "rules:\n  - {rule: hours, maximum: 80, in_any: 4}\n")
    )
    assert loaded.warnings == (
        "program.yaml:15:3: the rule 'hours' leaves out rotations without 'hours': MICU, CLINIC",
    )


def test_rotation_may_belong_to_groups(tmp_path: Path) -> None:
    """One group or several, of any grouping."""
    loaded = load_tiny(tmp_path, (P, "hours: 70", "groups: {firm: [south, north]}"))
    groups = loaded.problem.rotations["WARD"].groups
    assert groups == {"firm": frozenset({"north", "south"})}


def test_rule_about_firms_is_left_out_where_no_rotation_has_one(tmp_path: Path) -> None:
    """A policy may speak of firms that a program does not have."""
    entry = "  - {rule: firm, grouping: house, maximum: 0, if_used: true}\n"
    loaded = load_tiny(tmp_path, (P, "rules:\n", f"rules:\n{entry}"))
    assert all(bound.rule.rule != "firm" for bound in loaded.problem.rules)


def test_open_to_becomes_a_rule(tmp_path: Path) -> None:
    """A rotation open to some is never taken by the others, visitors included."""
    loaded = load_tiny(
        tmp_path, (P, "tags: [icu, inpatient]", "tags: [icu, inpatient], open_to: [{pgy: [2, 3]}]")
    )
    bound = next(one for one in loaded.problem.rules if one.rule.name == "open-to MICU")
    assert bound.rule.rule == "eligibility"
    assert bound.residents == (0, 3)
    assert bound.source == "program.yaml:15"
    assert bound.rule.sentence() == "Only PGY2/3 residents take MICU"


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ({"but_not": [{"pgy": [1], "but_not": [{"track": ["prelim"]}]}]},
         "Only PGY1 residents (but not prelim residents) take ICU"),
        ({"pgy": [1], "but_not": [{"track": ["prelim"]}]},
         "PGY1 residents and visitors (but not prelim residents) never take ICU"),
        ({"resident": ["R1"]}, "Residents with id R1 never take ICU"),
    ],
)  # fmt: skip
def test_who_is_told_without_knots(who: dict[str, object], words: str) -> None:
    """Whoever all but are kept off a rotation is named, and visitors only where they may be."""
    rule = Eligibility(never=["ICU"], who=Who.model_validate({"visitors": "also", **who}))
    assert rule.sentence() == words


def test_rule_about_nobody_is_kept_and_told(tmp_path: Path) -> None:
    """A service that nobody may staff is short all the same."""
    loaded = load_tiny(
        tmp_path,
        (P, "pgy: [1, 2]", "pgy: 3"),
        (R, "categorical,north\nR2", "categorical,south\nR2"),
        (R, "3,categorical,north", "2,categorical,north"),
    )
    assert loaded.problem.rules[-1].residents == ()
    assert loaded.warnings == ("program.yaml:32:5: rules[2] coverage: it selects nobody",)


def test_unnamed_rules_get_names_of_their_own(tmp_path: Path) -> None:
    """No two rules share a name, so that findings can be told apart."""
    loaded = load_tiny(
        tmp_path, (P, "maximum: 2", "maximum: 2\n  - {rule: coverage, rotations: icu, minimum: 0}")
    )
    names = [b.rule.name for b in loaded.problem.rules if b.rule.rule == "coverage"]
    assert names == ["icu-room", "ward", "coverage icu", "coverage icu (2)"]


def test_large_program_loads_in_time(tmp_path: Path) -> None:
    """200 residents with 1,500 requests load well within two seconds."""
    write_tiny(tmp_path)
    people = [f'P{i},"Person, {i}",{1 + i % 3},categorical,north' for i in range(197)]
    start = date(2026, 8, 3)
    monday = [start + timedelta(weeks=i) for i in range(40)]
    wishes = [
        f"P{i % 197},{i // 197},1,vacation,,{monday[i % 40]},{monday[i % 40] + timedelta(6)},,"
        for i in range(1500)
    ]
    for file, lines in ((R, people), ("requests.csv", wishes)):
        text = (tmp_path / file).read_text()
        (tmp_path / file).write_text(text + "\n".join(lines) + "\n")
    load_program(tmp_path)
    begun = time.perf_counter()
    loaded = load_program(tmp_path)
    seconds = time.perf_counter() - begun
    assert len(loaded.problem.residents) == 201
    assert len(loaded.problem.choices) == 1503
    assert seconds < 2
