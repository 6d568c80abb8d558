"""Help, the manual of the rules, and what is said about commands that do not exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from scheduler.cli.main import main
from scheduler.rules.registry import rule_kinds
from scheduler.workbook.earlier import CHANGED_WEEK
from tests.cli.command import VERBS, scheduler


def test_help_lists_the_built_verbs_and_no_other() -> None:
    """A verb that is not built yet is absent from help."""
    said = CliRunner().invoke(main, ["--help"])
    listed = re.findall(r"^  (\w+)  ", said.output.split("Commands:")[1], re.MULTILINE)
    assert (said.exit_code, tuple(listed)) == (0, VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(verb: str) -> None:
    """``VERB --help`` shows usage and what the verb does."""
    said = CliRunner().invoke(main, [verb, "--help"])
    assert said.exit_code == 0
    assert f" {verb} " in said.output.splitlines()[0]
    assert "Options:" in said.output


def test_defaults_stand_in_help() -> None:
    """What solve does unless told otherwise is said in its help."""
    said = " ".join(CliRunner().invoke(main, ["solve", "--help"]).output.split())
    for option in ("--time-limit", "--gap", "--seed", "--workers"):
        assert "[default:" in said.split(option)[1].split(" --")[0]


def test_the_price_of_a_change_stands_in_help() -> None:
    """What a changed week costs, where the program does not say, is no secret."""
    said = " ".join(CliRunner().invoke(main, ["solve", "--help"]).output.split())
    assert f"[default where none does: {CHANGED_WEEK} a week]" in said


@pytest.mark.parametrize("verb", ["publish", "slove"])
def test_unknown_verb_is_bad_input(tmp_path: Path, verb: str) -> None:
    """A verb that does not exist, or not yet, ends with exit code 2."""
    done = scheduler(verb, cwd=tmp_path)
    assert done.returncode == 2
    assert f"No such command '{verb}'" in done.stderr


def test_rules_lists_every_rule(tmp_path: Path) -> None:
    """The list has one line for each rule of the registry."""
    done = scheduler("rules", cwd=tmp_path)
    assert done.returncode == 0
    assert [line.split()[0] for line in done.stdout.splitlines()] == list(rule_kinds())


def test_page_of_a_rule_has_options_and_examples(tmp_path: Path) -> None:
    """A page shows options with their defaults, and examples with their messages."""
    done = scheduler("rules", "coverage", cwd=tmp_path)
    assert done.returncode == 0
    for expected in ("minimum", "Options", "Examples", "=> passes", "needs at least 1"):
        assert expected in done.stdout


def test_every_rule_has_a_page() -> None:
    """No rule's page fails to be made."""
    for kind in rule_kinds():
        assert CliRunner().invoke(main, ["rules", kind]).exit_code == 0


def test_unknown_rule_suggests_the_nearest(tmp_path: Path) -> None:
    """A misspelt rule ends with exit code 2 and a suggestion."""
    done = scheduler("rules", "coverge", cwd=tmp_path)
    assert done.returncode == 2
    assert "did you mean 'coverage'?" in done.stderr
