"""``new`` and ``validate``: a program to start from, and where its values come from."""

from __future__ import annotations

import json
from pathlib import Path

from scheduler.input.installed import template_names, templates_folder
from scheduler.input.schema import policy_schema, program_schema
from tests.cli.command import TINY, copy_tiny, scheduler


def test_new_program_validates(tmp_path: Path) -> None:
    """What ``new`` writes is a program without faults, with its policies found."""
    made = scheduler("new", "prog", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    assert "scheduler solve prog" in made.stdout
    done = scheduler("validate", "prog", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "10 residents, 1 visitor," in done.stdout


def test_new_program_is_known_to_editors(tmp_path: Path) -> None:
    """The first line names the schema, which lies beside the program and finds no fault in it."""
    assert scheduler("new", "prog", cwd=tmp_path).returncode == 0
    first, _, rest = (tmp_path / "prog" / "program.yaml").read_text().partition("\n")
    mark, _, name = first.partition("$schema=")
    assert mark == "# yaml-language-server: "
    assert rest == (TINY / "program.yaml").read_text()
    schema = json.loads((tmp_path / "prog" / name).read_text(encoding="utf-8"))
    assert schema == program_schema()
    policy = tmp_path / "prog" / ".schema" / "policy.schema.json"
    assert json.loads(policy.read_text(encoding="utf-8")) == policy_schema()


def test_new_refuses_a_folder_with_something_in_it(tmp_path: Path) -> None:
    """Nothing of the user's is overwritten."""
    (tmp_path / "prog").mkdir()
    (tmp_path / "prog" / "mine.txt").write_text("mine")
    done = scheduler("new", "prog", cwd=tmp_path)
    assert done.returncode == 2
    assert "not empty" in done.stderr
    assert [file.name for file in (tmp_path / "prog").iterdir()] == ["mine.txt"]


def test_new_refuses_what_it_cannot_write(tmp_path: Path) -> None:
    """A folder below a file is the user's slip, not our bug."""
    (tmp_path / "file").write_text("mine")
    done = scheduler("new", "file/prog", cwd=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_new_names_the_templates(tmp_path: Path) -> None:
    """An unknown template is answered with those that exist."""
    done = scheduler("new", "prog", "--template", "huge", cwd=tmp_path)
    assert done.returncode == 2
    assert "community, four-plus-one, med-peds, mgh, six-plus-two, tiny" in done.stderr


def test_new_says_which_templates_there_are(tmp_path: Path) -> None:
    """--help lists every template."""
    said = "".join(scheduler("new", "--help", cwd=tmp_path).stdout.split())  # lines break at "-"
    assert [name for name in template_names() if name not in said] == []


def test_validate_gives_no_room_while_vacation_is_closed(tmp_path: Path) -> None:
    """In July nobody may, then only seniors, and room for everyone comes with week 5."""
    done = scheduler("validate", templates_folder() / "community", cwd=tmp_path)
    weeks = [line.split() for line in done.stdout.splitlines() if line.startswith("  week ")]
    assert [" ".join(words[-2:]) for words in weeks[:5]] == [
        "0 may",
        "0 may",
        "4 may",
        "4 may",
        "7 may",
    ]


def test_validate_counts_people_and_time_off(tmp_path: Path) -> None:
    """Supply against demand, and one line of time off for each week."""
    done = scheduler("validate", TINY, cwd=tmp_path)
    assert done.returncode == 0
    assert "ICU, PGY1 residents" in done.stdout
    assert sum(line.startswith("  week ") for line in done.stdout.splitlines()) == 52
    assert "too many" in done.stdout


def test_validate_reports_all_faults(tmp_path: Path) -> None:
    """Faults of different files come together, in file order."""
    program = copy_tiny(tmp_path)
    with (program / "requests.csv").open("a", encoding="utf-8") as table:
        table.write("T99,summer,1,vacation,,2026-08-10,2026-08-23,submitted,\n")
    with (program / "leave.csv").open("a", encoding="utf-8") as table:
        table.write("T01,2026-13-01,2026-12-31,parental,,,\n")
    done = scheduler("validate", program, cwd=tmp_path)
    lines = done.stderr.splitlines()
    assert done.returncode == 2
    assert {line.split(":")[0] for line in lines[:-1]} == {"requests.csv", "leave.csv"}
    assert lines[-1].startswith("2 problems found;")


def test_validate_shows_where_a_value_comes_from(tmp_path: Path) -> None:
    """The nearest setting wins and is shown first, each with file and line; a name will do."""
    for who in ("T09", "zahrelout, petra"):
        done = scheduler(
            "validate", TINY, "--value", "vacation_weeks", "--resident", who, cwd=tmp_path
        )
        assert done.returncode == 0, done.stderr
        nearest, farthest = done.stdout.splitlines()[1:]
        assert nearest.startswith("  3  program.yaml:")
        assert nearest.endswith("(T09)")
        assert farthest.startswith("  4  configs/internal-medicine.yaml:")


def test_validate_value_needs_a_known_value_and_resident(tmp_path: Path) -> None:
    """Unknown values and residents, and half a question, end with exit code 2."""
    for options in (
        ("--value", "vacation_wekks", "--resident", "T09"),
        ("--value", "vacation_weeks", "--resident", "T99"),
        ("--value", "vacation_weeks"),
        ("--resident", "T09"),
    ):
        assert scheduler("validate", TINY, *options, cwd=tmp_path).returncode == 2
