"""Teams of a rotation, rules about them and locks to them, as a program writes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.problem.rotation import Team
from scheduler.rules.team import TeamRule
from tests.input.tiny import change, faults_of, load_tiny, write_tiny

P = "program.yaml"
WARD = "WARD: {name: Ward, tags: [inpatient], hours: 70"
WITH_TEAMS = (
    P,
    WARD,
    WARD + ", teams: {Red A: {groups: {firm: north}, size: {1: 4, 2: 1}}, Blue: {}}",
)
WITH_LOCKS = (P, "  leave: leave.csv", "  leave: leave.csv\n  locks: locks.csv")


def test_teams_with_groups_and_places(tmp_path: Path) -> None:
    """A team has a name, and may belong to groups and have places by year."""
    problem = load_tiny(tmp_path, WITH_TEAMS).problem
    red, blue = problem.rotations["WARD"].teams
    assert red == Team("Red A", {"firm": frozenset({"north"})}, {1: 4, 2: 1})
    assert blue == Team("Blue")
    assert problem.teams == {"WARD": (red, blue)}


def test_a_list_of_names_is_enough(tmp_path: Path) -> None:
    """Teams that have nothing but a name are listed."""
    problem = load_tiny(tmp_path, (P, WARD, f"{WARD}, teams: [Red, Blue]")).problem
    assert problem.teams["WARD"] == (Team("Red"), Team("Blue"))


def _with_lock(folder: Path, line: str) -> None:
    for one in (WITH_TEAMS, WITH_LOCKS):
        change(folder, *one)
    (folder / "locks.csv").write_text(f"id,from,to,code,team\n{line}\n", encoding="utf-8")


def test_lock_to_a_team(tmp_path: Path) -> None:
    """A lock with a team keeps the rotation and the team, whatever the case it is typed in."""
    lines = [("locks.csv", "", "id,from,to,code,team\nR1,2026-06-29,2026-07-12,WARD,red a\n")]
    rules = load_tiny(tmp_path, WITH_TEAMS, WITH_LOCKS, *lines).problem.rules
    lock, team = (one for one in rules if one.source == "locks.csv:2")
    assert (lock.rule.rule, lock.residents, lock.parts) == ("lock", (0,), (0, 1))
    assert isinstance(team.rule, TeamRule)
    assert (team.rule.be, team.residents, team.parts) == (["Red A"], (0,), (0, 1))


#: (what is wrong, the line of locks.csv, the fault).
BROKEN_LOCKS = [
    (
        "unknown team",
        "R1,2026-06-29,2026-07-12,WARD,Rod A",
        "2: team 'Rod A' is no team of WARD; did you mean 'Red A'?",
    ),
    (
        "rotation without teams",
        "R1,2026-06-29,2026-07-12,MICU,Red A",
        "2: team 'Red A' needs the code of one rotation that has teams; "
        "correct the code, or leave the team blank",
    ),
]


@pytest.mark.parametrize(
    ("line", "expected"), [case[1:] for case in BROKEN_LOCKS], ids=[c[0] for c in BROKEN_LOCKS]
)
def test_broken_lock(tmp_path: Path, line: str, expected: str) -> None:
    """A lock to a team that does not exist is one fault."""
    _with_lock(write_tiny(tmp_path), line)
    assert faults_of(tmp_path) == [f"locks.csv:{expected}"]


#: (what is wrong, what WARD says of teams, a rule, the fault).
BROKEN = [
    (
        "group that nobody has",
        "{Red: {groups: {firm: noth}}}",
        "",
        "14:81: rotations.WARD.teams.Red.groups.firm: 'noth' is not a firm of this program; "
        "did you mean 'north'?",
    ),
    (
        "misspelt option",
        "{Red: {group: {firm: north}}}",
        "",
        "14:66: rotations.WARD.teams.Red: unknown option 'group'; did you mean 'groups'?",
    ),
    (
        "names that differ in case only",
        "{Red: {}, red: {}}",
        "",
        "14:69: rotations.WARD.teams: 'red' and 'Red' differ only in case or blanks; "
        "rename one of them",
    ),
    (
        "rule without teams",
        "{}",
        "{rule: team, even: true}",
        "28:5: rules[1] team: no rotation of the program lists teams; "
        "give it 'teams: {Red: {}, Blue: {}}'",
    ),
    (
        "rule about a firm that no team has",
        "[Red, Blue]",
        "{rule: team, own: firm}",
        "28:5: rules[1] team: no rotation of the program has a team that belongs to a firm; "
        "give some of them 'groups: {firm: ...}'",
    ),
    (
        "rule about an unknown team",
        "[Red, Blue]",
        "{rule: team, be: Rad}",
        "28:5: rules[1] team: no rotation of the program has a team Rad; its teams: Blue, Red",
    ),
    (
        "rule that says two things",
        "[Red, Blue]",
        "{rule: team, even: true, own: firm}",
        "28:5: rules[1] team: say one of 'minimum'/'maximum', 'exactly', 'even', 'own' or 'be'",
    ),
]


@pytest.mark.parametrize(
    ("teams", "rule", "expected"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN]
)
def test_broken_teams(tmp_path: Path, teams: str, rule: str, expected: str) -> None:
    """Each is one located fault."""
    write_tiny(tmp_path)
    change(tmp_path, P, WARD, f"{WARD}, teams: {teams}")
    if rule:
        change(tmp_path, P, "rules:\n", f"rules:\n  - {rule}\n")
    assert faults_of(tmp_path) == [f"{P}:{expected}"]
