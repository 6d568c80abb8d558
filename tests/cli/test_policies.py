"""``rules`` shows the policies that come with the scheduler: what can be changed, by name."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scheduler.cli.main import main
from scheduler.input.installed import policy_names
from scheduler.input.policy import installed_policy
from scheduler.rules.registry import rule_kinds
from tests.cli.command import ROOT, scheduler


def _rules(*args: str) -> Result:
    return CliRunner().invoke(main, ["rules", *args])


def _listed() -> dict[str, list[str]]:
    """The lines that are shown of each policy, by its name."""
    said = _rules("--policies")
    assert said.exit_code == 0
    blocks = [block.splitlines() for block in said.output.split("\n\n")]
    return {first.partition(":")[0]: rest for first, *rest in blocks}


def test_every_policy_is_listed_with_its_file() -> None:
    """Wherever the package lies, the file can be opened."""
    listed = _listed()
    assert tuple(listed) == policy_names()
    for name, (file, *_) in listed.items():
        assert Path(file.removeprefix("  file: ")) == ROOT / "configs" / f"{name}.yaml"


@pytest.mark.parametrize("policy", policy_names())
def test_every_value_and_rule_of_a_policy_is_listed_by_name(policy: str) -> None:
    """No name is left out that a program could lay something over."""
    content = installed_policy(policy).content
    lines = _listed()[policy]
    values, rules = (lines.index(f"  {word}:") for word in ("values", "rules"))
    assert {line.split()[0] for line in lines[values + 1 : rules]} == set(content.values)
    shown = [line.split()[:2] for line in lines[rules + 1 :]]
    assert shown == [[rule["name"], rule["rule"]] for rule in content.rules]


def test_a_value_that_tracks_have_of_their_own_is_shown_with_theirs() -> None:
    """The default comes first; a rule's weight, or that it is hard, stands beside its kind."""
    lines = [" ".join(line.split()) for line in _listed()["internal-medicine"]]
    assert "clinic_gap 6; primary-care: 4" in lines
    assert "clinic-gap gap hard patients in clinic should not wait long for their own doctor" in (
        lines
    )
    assert "heavy-running window weight 3 rest between heavy services" in lines
    holidays = "holidays: high_holidays, thanksgiving, christmas, new_years"
    assert f"  {holidays}" in _listed()["us-holidays"]


@pytest.mark.parametrize("policy", policy_names())
def test_a_policy_is_printed_as_it_is(policy: str, tmp_path: Path) -> None:
    """Comments and all, so that a copy of it is the same policy."""
    done = scheduler("rules", policy, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout == (ROOT / "configs" / f"{policy}.yaml").read_text(encoding="utf-8")


def test_no_policy_has_the_name_of_a_rule() -> None:
    """`rules NAME` could not show both."""
    assert not set(policy_names()) & set(rule_kinds())


def test_a_misspelt_policy_and_half_a_question() -> None:
    """The nearest name is suggested; --policies takes no name."""
    said = _rules("duty-hour")
    assert said.exit_code == 2
    assert "no rule or policy 'duty-hour'; did you mean 'duty-hours'?" in said.output
    said = _rules("zzzzzz")
    assert "`scheduler rules` lists the rules, and with --policies the policies" in said.output
    assert _rules("duty-hours", "--policies").exit_code == 2
