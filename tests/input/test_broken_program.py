"""Broken programs: every fault is one located line, all of them at once, never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.input.installed import configs_folder, policy_names
from tests.input.tiny import PROGRAM, change, faults_of, write_tiny

P = "program.yaml"

#: (what is broken, old text, new text, the fault lines without the file's name).
BROKEN = [
    (
        "misspelt option of a rule",
        "maximum: 2",
        "maximim: 2",
        ["35:5: rules[2] coverage: unknown option 'maximim'; did you mean 'maximum'?"],
    ),
    (
        "misspelt needed option is one fault",
        "rotations: icu",
        "rotatons: icu",
        ["33:5: rules[2] coverage: unknown option 'rotatons'; did you mean 'rotations'?"],
    ),
    (
        "a list of allowed weeks beside a maximum, and an empty requirement",
        "  - rule: coverage\n    rotations: icu\n    who: {pgy: [1, 2], firm: north}\n"
        "    maximum: 2\n",
        "  - {rule: requirement, rotations: icu, allowed: [0, 2], maximum: 2}\n"
        "  - {rule: requirement, rotations: icu}\n"
        "  - {rule: requirement, rotations: icu, allowed: [-2]}\n",
        [
            "32:5: rules[2] requirement: "
            "say either 'allowed' or 'minimum', 'maximum' and 'exactly'",
            "33:5: rules[3] requirement: say 'minimum', 'maximum', 'exactly' or 'allowed'",
            "34:5: rules[4] requirement: allowed are numbers of weeks, 0 or more",
        ],
    ),
    (
        "needed option left out",
        "    rotations: icu\n",
        "",
        ["32:5: rules[2] coverage: 'rotations' is missing; add it"],
    ),
    (
        "words for a number",
        "maximum: 2",
        "maximum: two",
        ["35:14: rules[2] coverage: maximum: 'two' is not a whole number"],
    ),
    (
        "true for a number",
        "maximum: 2",
        "maximum: true",
        ["35:14: rules[2] coverage: maximum: true is not a whole number"],
    ),
    (
        "half a person",
        "maximum: 2",
        "maximum: 2.5",
        ["35:14: rules[2] coverage: maximum: 2.5 is not a whole number"],
    ),
    (
        "negative number",
        "maximum: 2",
        "maximum: -1",
        ["35:14: rules[2] coverage: maximum: -1 is too small; the least is 0"],
    ),
    (
        "rule that says nothing",
        "    maximum: 2\n",
        "",
        ["32:5: rules[2] coverage: say what is asked: 'minimum', 'exactly', 'allowed' ..."],
    ),
    (
        "unknown word of a choice of words",
        "maximum: 2",
        "maximum: 2\n    count: wored",
        ["36:12: rules[2] coverage: count: 'wored' is not known here; did you mean 'worked'?"],
    ),
    (
        "unknown tag",
        "rotations: icu",
        "rotations: ice",
        [
            "33:16: rules[2] coverage: rotations: 'ice' is not a rotation or tag of this program; "
            "did you mean 'icu'?"
        ],
    ),
    (
        "unknown code in a list",
        "rotations: icu",
        "rotations: [icu, WRAD]",
        [
            "33:22: rules[2] coverage: rotations[2]: 'WRAD' is not a rotation or tag of this "
            "program; did you mean 'WARD'?"
        ],
    ),
    (
        "number for a name",
        "rotations: icu",
        "rotations: 3",
        ["33:16: rules[2] coverage: rotations: 3 is not text; put it in quotes"],
    ),
    (
        "unknown group",
        "firm: north",
        "firm: noth",
        [
            "34:30: rules[2] coverage: who.firm: 'noth' is not a firm of this program; "
            "did you mean 'north'?"
        ],
    ),
    (
        "unknown grouping",
        "firm: north",
        "frim: north",
        [
            "34:24: rules[2] coverage: who: 'frim' is not a grouping of this program; "
            "did you mean 'firm'?"
        ],
    ),
    (
        "unknown track in who",
        "pgy: [1, 2]",
        "track: categorial",
        [
            "34:18: rules[2] coverage: who.track: 'categorial' is not a track of this program; "
            "did you mean 'categorical'?"
        ],
    ),
    (
        "unknown resident in who",
        "pgy: [1, 2]",
        "resident: R9",
        [
            "34:21: rules[2] coverage: who.resident: 'R9' is not an id of this program; "
            "correct it, or remove it if they have left"
        ],
    ),
    (
        "unknown rule",
        "  - rule: coverage\n    rotations",
        "  - rule: covrage\n    rotations",
        ["32:11: rules[2]: there is no rule 'covrage'; did you mean 'coverage'?"],
    ),
    (
        "rule that is no group of options",
        "rules:\n",
        "rules:\n  - coverage\n",
        ["28:5: rules[1]: 'coverage' is not a group of options; write 'key: value' lines below it"],
    ),
    (
        "override of a rule that no policy has",
        "rules:\n",
        "rules:\n  - {name: icu-rom, weight: 3}\n",
        [
            "28:5: rules[1]: 'rule' is missing, and no policy has a rule named 'icu-rom'; "
            "did you mean 'icu-room'?"
        ],
    ),
    (
        "override that changes the kind",
        "rules:\n",
        "rules:\n  - {name: icu-room, rule: stay}\n",
        [
            "28:28: rules[1]: 'icu-room' is a coverage rule (house.yaml:11), not 'stay'; "
            "switch that one off (off: true) and give this one another name"
        ],
    ),
    (
        "one name for two rules",
        "maximum: 2",
        "maximum: 2\n    name: ward",
        [
            "36:11: rules[2]: the name 'ward' is used twice (first in line 28); "
            "give each rule its own name"
        ],
    ),
    (
        "weeks that the year does not have",
        "maximum: 2",
        "maximum: 2\n    when: {weeks: 53}",
        [
            "36:11: rules[2] coverage: when: selects no day of the year; "
            "the year is 2026-06-29..2027-06-27"
        ],
    ),
    (
        "impossible date in a rule",
        "maximum: 2",
        "maximum: 2\n    when: {from: 2026-02-30}",
        ["36:18: rules[2] coverage: when.from: '2026-02-30' is not a date; write it as 2026-07-31"],
    ),
    (
        "number for a date",
        "maximum: 2",
        "maximum: 2\n    when: {from: 20260701}",
        ["36:18: rules[2] coverage: when.from: 20260701 is not a date; write it as 2026-07-31"],
    ),
    (
        "unknown value",
        "$ward_least",
        "$ward_lest",
        [
            "31:14: rules[1] coverage: minimum: there is no value '$ward_lest'; "
            "did you mean 'ward_least'?"
        ],
    ),
    (
        "value of the wrong type says where it came from",
        "ward_least: 0",
        "ward_least: many",
        [
            "31:14: rules[1] coverage: minimum ($ward_least from program.yaml:6 (program)): "
            "'many' is not a whole number"
        ],
    ),
    (
        "misspelt override of a value",
        "  categorical: {name: Categorical}",
        "  categorical: {name: Categorical, values: {icu_mots: 3}}",
        ["8:45: no rule uses the value 'icu_mots'; did you mean 'icu_most'?"],
    ),
    (
        "misspelt rules: what they use is not unused",
        "rules:\n",
        "rulez:\n",
        ["27:1: unknown option 'rulez'; did you mean 'rules'?"],
    ),
    (
        "rules in the wrong place: what they use is not unused",
        "rules:\n",
        "settings:\n rules:\n",
        [
            "28:2: settings: unknown option 'rules'; known: 'gap', 'leave_weekdays', 'time_limit', "
            "'vacation_weekends'"
        ],
    ),
    (
        "no rules at all: a value is unused",
        PROGRAM[PROGRAM.index("rules:") :],
        "",
        ["6:3: no rule uses the value 'ward_least'; known: 'icu_most'"],
    ),
    (
        "a rule that does not say what it is: what it uses is not unused",
        "  - rule: coverage\n    name: ward\n",
        "  - name: ward\n",
        [
            "28:5: rules[1]: 'rule' is missing, and no policy has a rule named 'ward'; "
            "known: 'icu-room', 'night-room'"
        ],
    ),
    (
        "a rule switched off where it stands: what it uses is not unused",
        "    name: ward\n",
        "    name: ward\n    off: true\n",
        [],
    ),
    (
        "misspelt option of a rotation",
        "hours: 70",
        "hour: 70",
        ["14:41: rotations.WARD: unknown option 'hour'; did you mean 'hours'?"],
    ),
    (
        "more hours than a week has",
        "hours: 70",
        "hours: 500",
        ["14:48: rotations.WARD.hours: 500 is too large; the most is 168"],
    ),
    (
        "colour in words",
        "C00000",
        "red",
        ["15:61: rotations.MICU.colour: a colour is six hexadecimal digits such as C00000"],
    ),
    (
        "neither true nor false",
        "vacation: true",
        "vacation: perhaps",
        ["16:56: rotations.CLINIC.vacation: 'perhaps' is neither true nor false"],
    ),
    (
        "reserved code",
        "groupings: [firm]\nrotations:\n",
        "groupings: [firm]\nrotations:\n  OPEN: {}\n",
        ["14:3: rotations: 'OPEN' is reserved and cannot be a rotation; choose another code"],
    ),
    (
        "codes that differ only in case",
        "groupings: [firm]\nrotations:\n",
        "groupings: [firm]\nrotations:\n  ward: {}\n",
        [
            "15:3: rotations: 'WARD' and 'ward' differ only in case; "
            "spreadsheets cannot tell them apart; choose another code"
        ],
    ),
    (
        "code with a blank",
        "groupings: [firm]\nrotations:\n",
        "groupings: [firm]\nrotations:\n  BIG WARD: {}\n",
        [
            "14:3: rotations: 'BIG WARD' cannot be a code; "
            "use letters, digits and - _ / . & +, without blanks"
        ],
    ),
    (
        "code that is a formula",
        "groupings: [firm]\nrotations:\n",
        "groupings: [firm]\nrotations:\n  =1+1: {}\n",
        [
            "14:3: rotations: '=1+1' cannot be a code; "
            "use letters, digits and - _ / . & +, without blanks"
        ],
    ),
    (
        "tag that is a code",
        "tags: [outpatient]",
        "tags: [WARD]",
        [
            "16:33: rotations.CLINIC: the tag 'WARD' is also the code of a rotation; "
            "rename one of them"
        ],
    ),
    (
        "rotation given twice",
        "groupings: [firm]\nrotations:\n",
        "groupings: [firm]\nrotations:\n  WARD: {}\n",
        ["15:3: 'WARD' is given twice (first in line 14); keep one of them"],
    ),
    (
        "rotation of an unknown firm",
        "hours: 70",
        "hours: 70, groups: {firm: noth}",
        [
            "14:67: rotations.WARD.groups.firm: 'noth' is not a firm of this program; "
            "did you mean 'north'?"
        ],
    ),
    (
        "rotation of an unknown grouping",
        "hours: 70",
        "hours: 70, groups: {frim: north}",
        [
            "14:61: rotations.WARD.groups: 'frim' is not a grouping of this program; "
            "did you mean 'firm'?"
        ],
    ),
    (
        "rule about an unknown grouping",
        "rules:\n",
        "rules:\n  - {rule: firm, grouping: frim, maximum: 0}\n",
        [
            "28:28: rules[1] firm: grouping: 'frim' is not a grouping of this program; "
            "did you mean 'firm'?"
        ],
    ),
    (
        "rule about firms that no rotation belongs to",
        "rules:\n",
        "rules:\n  - {rule: firm, grouping: firm, rotations: inpatient, maximum: 0}\n",
        [
            "28:5: rules[1] firm: no rotation of inpatient belongs to a firm; "
            "give some rotations 'groups: {firm: ...}'"
        ],
    ),
    (
        "open to an unknown track",
        "tags: [icu, inpatient]",
        "tags: [icu, inpatient], open_to: [{track: categorical}, {track: primary}]",
        [
            "15:53: rotations.MICU.open_to eligibility: who.but_not[2].track: 'primary' is not a "
            "track of this program; did you mean 'preliminary'?"
        ],
    ),
    (
        "year that starts on no day",
        "starts: 2026-06-29",
        "starts: 2026-06-31",
        ["4:16: year.starts: '2026-06-31' is not a date; write it as 2026-07-31"],
    ),
    (
        "year of another age",
        "starts: 2026-06-29",
        "starts: 0026-06-29",
        ["4:16: year.starts: '0026-06-29' is too small; the least is 1950-01-01"],
    ),
    (
        "year without an end",
        "weeks: 52, ",
        "",
        ["4:7: year: say either 'weeks' or 'ends'"],
    ),
    (
        "year that ends before it starts",
        "weeks: 52",
        "ends: 2025-06-27",
        ["4:7: year: ends 2025-06-27 is not 1 to 60 weeks after it starts"],
    ),
    (
        "unknown weekday",
        "week_starts: monday",
        "week_starts: munday",
        ["4:52: year.week_starts: 'munday' is not known here; did you mean 'monday' or 'sunday'?"],
    ),
    (
        "blocks that leave a week over",
        "{weeks: 2}",
        "{weeks: 3}",
        [
            "18:22: grids.two_week.blocks: the blocks fill 51 of 52 weeks; "
            "1 week remains: list the lengths one by one"
        ],
    ),
    (
        "blocks longer than the year",
        "{weeks: 2}",
        "[26, 27]",
        [
            "18:22: grids.two_week.blocks: the blocks have 53 weeks, the year has 52; "
            "take 1 week away"
        ],
    ),
    (
        "unknown shape of a grid",
        "{weeks: 2}",
        "fortnights",
        [
            "18:22: grids.two_week.blocks: say 'months', {weeks: 2} or a list of lengths "
            "such as [2, 2, 4]"
        ],
    ),
    (
        "unknown rotation in a cycle",
        "blocks: {weeks: 2}",
        "cycle: [4, {weeks: 1, rotation: CLINC}]",
        [
            "18:46: grids.two_week.cycle[2].rotation: 'CLINC' is not a rotation of this program; "
            "did you mean 'CLINIC'?"
        ],
    ),
    (
        "offset beyond the cycle",
        "blocks: {weeks: 2}",
        "cycle: [4, 1], offset: 5",
        ["18:13: grids.two_week: offset 5 is not inside the cycle"],
    ),
    (
        "table that is not there",
        "residents: residents.csv",
        "residents: resident.csv",
        ["20:14: tables.residents: there is no file 'resident.csv'; did you mean 'residents.csv'?"],
    ),
    (
        "table outside the folder",
        "history: history.csv",
        "history: ../../history.csv",
        [
            "23:12: tables.history: '../../history.csv' is not inside the program's folder; "
            "put the table beside the program"
        ],
    ),
    (
        "section misspelt",
        "tables:\n",
        "tabels:\n",
        ["19:1: unknown option 'tabels'; did you mean 'tables'?"],
    ),
    (
        "unknown policy",
        "policy: [house]",
        "policy: [hose]",
        ["3:10: policy: 'hose' is neither beside the program nor installed; did you mean 'house'?"],
    ),
    (
        "path for a policy",
        "policy: [house]",
        "policy: [house, ../house]",
        ["3:17: policy: '../house' is not a name of a policy; use letters, digits, '-' and '_'"],
    ),
    (
        "unknown format",
        "format: 1",
        "format: 2",
        [
            "1:9: format 2 is not known; this version reads format 1; "
            "get the version that wrote it, or rewrite the file as the README says"
        ],
    ),
    (
        "no format",
        "format: 1\n",
        "",
        ["1:1: 'format' is missing; write 'format: 1' first"],
    ),
    (
        "grouping with the name of a column",
        "groupings: [firm]",
        "groupings: [firm, pgy]",
        ["12:19: groupings: 'pgy' is a column of its own; choose another name"],
    ),
    (
        "department with the name of a track",
        "  psychiatry: {name: Psychiatry}",
        "  psychiatry: {name: Psychiatry}\n  categorical: {}",
        ["12:3: departments: 'categorical' is also a track; rename one of them"],
    ),
    (
        "values for nobody",
        "groupings: [firm]",
        "groupings: [firm]\npeople: {R9: {}}",
        [
            "13:10: people: 'R9' is not a resident or visitor of this program; "
            "correct it, or remove it if they have left"
        ],
    ),
    (
        "settings misspelt and out of range",
        "groupings: [firm]",
        "groupings: [firm]\nsettings: {gap: 3, time_limt: 60}",
        [
            "13:17: settings.gap: 3 is too large; the most is 1.0",
            "13:20: settings: unknown option 'time_limt'; did you mean 'time_limit'?",
        ],
    ),
    (
        "holiday backwards",
        "{from: 2026-11-26, to: 2026-11-29}",
        "{from: 2026-11-29, to: 2026-11-26}",
        ["26:46: holidays.thanksgiving.dates[1]: from 2026-11-29 is after to 2026-11-26"],
    ),
    (
        "holiday in another year",
        "{from: 2026-11-26, to: 2026-11-29}",
        "{from: 2025-11-26, to: 2025-11-29}",
        [
            "26:46: holidays.thanksgiving.dates[1]: 2025-11-26..2025-11-29 is outside the "
            "academic year; the year is 2026-06-29..2027-06-27"
        ],
    ),
    (
        "unknown day of a calendar",
        "dates: [{from: 2026-11-26, to: 2026-11-29}]",
        "calendar: US, day: Thanksgivin",
        [
            "26:57: holidays.thanksgiving.day: US has no day 'Thanksgivin'; "
            "did you mean 'Thanksgiving Day'?"
        ],
    ),
    (
        "unknown calendar",
        "dates: [{from: 2026-11-26, to: 2026-11-29}]",
        "calendar: ZZ, day: Thanksgiving Day",
        [
            "26:48: holidays.thanksgiving.calendar: there is no calendar 'ZZ'; "
            "name a country, such as US or IL"
        ],
    ),
    (
        "holiday of no date",
        "dates: [{from: 2026-11-26, to: 2026-11-29}]",
        "calendar: US",
        ["26:17: holidays.thanksgiving: say one of 'dates', 'day' (with 'calendar') or 'days'"],
    ),
]


@pytest.mark.parametrize(
    ("old", "new", "expected"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN]
)
def test_broken_program(tmp_path: Path, old: str, new: str, expected: list[str]) -> None:
    """One thing broken in program.yaml gives exactly the faults that say so."""
    change(write_tiny(tmp_path), P, old, new)
    assert faults_of(tmp_path) == [f"{P}:{line}" for line in expected]


#: (what is broken, the whole of program.yaml, the one fault line).
UNREADABLE = [
    (
        "empty",
        "",
        "program.yaml: is empty; `scheduler new FOLDER` writes a program to start from",
    ),
    (
        "only a comment",
        "# nothing here\n",
        "program.yaml: is empty; `scheduler new FOLDER` writes a program to start from",
    ),
    (
        "a list",
        "- a\n- b\n",
        "program.yaml:1:1: a list is not a group of options; write 'key: value' lines",
    ),
    (
        "prose",
        "A program for next year\n",
        "program.yaml:1:1: 'A program for next year' is not a group of options; "
        "write 'key: value' lines",
    ),
    (
        "tab",
        "format: 1\nyear:\n\tstarts: 2026-06-29\n",
        "program.yaml:3:1: a tab is used for indentation; use blanks",
    ),
    (
        "colon in text",
        "format: 1\nname: Tiny: Hospital\n",
        "program.yaml:2:11: cannot be read as YAML: a ':' is not expected here; "
        "check the indentation; text that holds ': ' needs quotes",
    ),
    (
        "bracket left open",
        "format: 1\npolicy: [house\n",
        "program.yaml:3:1: cannot be read as YAML: expected ',' or ']', but got '<stream end>'; "
        "check indentation, quotes and brackets above this line",
    ),
    (
        "text that begins with a sign",
        "format: 1\nname: @home\n",
        "program.yaml:2:7: cannot be read as YAML: found character '@' that cannot start any "
        "token; put the text in quotes",
    ),
    (
        "two documents",
        "format: 1\n---\nformat: 1\n",
        "program.yaml:2:1: holds a second document; remove '---' and what follows",
    ),
    (
        "control character",
        "format: 1\nname: \x07\n",
        "program.yaml:2: holds a character that YAML does not allow (0x07); delete it",
    ),
    (
        "deep nesting",
        "a: " + "[" * 5000 + "]" * 5000,
        "program.yaml:1:34: is nested deeper than 30 levels; write it flatter",
    ),
    (
        "alias of itself",
        "a: &a [*a]\n",
        "program.yaml:1:8: the alias '*a' holds itself; write it out",
    ),
    (
        "alias of nothing",
        "a: *b\n",
        "program.yaml:1:4: the alias '*b' stands for nothing; write it out",
    ),
    (
        "bomb of aliases",
        "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 10)),
        "program.yaml: holds more than 100,000 values once its aliases are written out; "
        "use fewer aliases",
    ),
]


@pytest.mark.parametrize(
    ("text", "expected"), [case[1:] for case in UNREADABLE], ids=[case[0] for case in UNREADABLE]
)
def test_unreadable_program(tmp_path: Path, text: str, expected: str) -> None:
    """A program.yaml that cannot be read at all gives one located fault."""
    change(write_tiny(tmp_path), P, "", text)
    assert faults_of(tmp_path) == [expected]


def test_code_in_yaml_is_refused(tmp_path: Path) -> None:
    """A tag that asks for an object is a fault, and nothing is built from it."""
    write_tiny(tmp_path)
    change(tmp_path, P, "name: Tiny Hospital", "name: !!python/object/apply:os.system [touch x]")
    assert faults_of(tmp_path) == [
        "program.yaml:2:7: the tag '!!python/object/apply:os.system' is not allowed; remove it",
        "program.yaml:2:7: name: a list is not text",
    ]


#: (what is wrong with the bytes of program.yaml, the bytes, the one fault line).
BYTES = [
    ("binary", bytes(range(256)), "program.yaml: is a binary file, not text; give a text file"),
    (
        "latin-1",
        b"format: 1\nname: Andr\xe9\n",
        "program.yaml:2: holds a character that is not UTF-8 (byte E9); "
        "save the file as UTF-8 (Excel: 'CSV UTF-8')",
    ),
    (
        "utf-16",
        "format: 1\n".encode("utf-16"),
        "program.yaml: is UTF-16 text; save it as UTF-8 (Excel: 'CSV UTF-8')",
    ),
    (
        "huge",
        b"# a comment\n" * 50_000,
        "program.yaml: is larger than 500,000 bytes; remove what is not used",
    ),
]


@pytest.mark.parametrize(
    ("content", "expected"), [case[1:] for case in BYTES], ids=[case[0] for case in BYTES]
)
def test_bytes_that_are_no_program(tmp_path: Path, content: bytes, expected: str) -> None:
    """Bytes that are no text, or too many, give one fault."""
    (write_tiny(tmp_path) / P).write_bytes(content)
    assert faults_of(tmp_path) == [expected]


def test_no_program(tmp_path: Path) -> None:
    """A folder without program.yaml, and a file that is not there, are faults."""
    missing = "there is no such file; check the name and the folder"
    assert faults_of(tmp_path) == [f"program.yaml: {missing}"]
    assert faults_of(tmp_path / "other.yaml") == [f"other.yaml: {missing}"]


def test_all_faults_at_once_in_file_order(tmp_path: Path) -> None:
    """Faults of every file come together: the program, its policy, then the tables."""
    write_tiny(tmp_path)
    change(tmp_path, P, "hours: 70", "hour: 70")
    change(tmp_path, P, "maximum: 2", "maximim: 2")
    change(tmp_path, "house.yaml", "maximum: $icu_most", "maximum: $icu_mots")
    change(tmp_path, "residents.csv", 'R2,"Bell, Bo",2', 'R2,"Bell, Bo",II')
    change(tmp_path, "requests.csv", "rotation,icu", "rotation,ice")
    places = [line.split(": ")[0] for line in faults_of(tmp_path)]
    assert places == [
        "program.yaml:14:41",
        "program.yaml:35:5",
        "house.yaml:14:14",
        "residents.csv:3",
        "requests.csv:5",
    ]


def test_a_policy_is_no_program(tmp_path: Path) -> None:
    """Neither one of the user's nor an installed one lacks five options: it is another thing."""
    said = "is a policy, not a program; name it under 'policy:' of a program, or give the program"
    write_tiny(tmp_path)
    assert faults_of(tmp_path / "house.yaml") == [f"house.yaml: {said} itself"]
    for name in policy_names():
        assert faults_of(configs_folder() / f"{name}.yaml") == [f"{name}.yaml: {said} itself"]


@pytest.mark.parametrize("policy", ["house", "[house]"])
def test_a_program_that_is_only_begun_is_none_the_less_a_program(
    tmp_path: Path, policy: str
) -> None:
    """What it must say is missing, whichever way it names its policy."""
    write_tiny(tmp_path)
    change(tmp_path, P, "", f"format: 1\npolicy: {policy}\n")
    assert f"{P}:1:1: 'year' is missing; add it" in faults_of(tmp_path)
