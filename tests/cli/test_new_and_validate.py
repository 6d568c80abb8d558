"""``new`` and ``validate``: a program to start from, and where its values come from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scheduler.input.installed import template_names, templates_folder
from scheduler.input.schema import policy_schema, program_schema
from tests.cli.command import TINY, change, copy_tiny, scheduler


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


VALUE = ("--value", "vacation_weeks")
MARIT = "did you mean 'Dravelka, Marit' (T05)?"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            ("--value", "vacation_wekks", "--resident", "T09"),
            ["--value: there is no value 'vacation_wekks'; did you mean 'vacation_weeks'?"],
        ),
        (
            ("--value", "zzzz", "--resident", "dravelka"),
            [
                "--value: there is no value 'zzzz'; "
                "`scheduler rules --policies` lists those of the policies",
                f"--resident: 'dravelka' is no resident's id or name; {MARIT}",
            ],
        ),
        (
            (*VALUE, "--resident", "T99"),
            [
                "--resident: 'T99' is no resident's id or name; "
                "give the id, or the whole name as in the table"
            ],
        ),
        (
            (*VALUE, "--resident", "t5"),
            [f"--resident: 't5' is no resident's id or name; {MARIT}"],
        ),
        (
            (*VALUE, "--resident", "Marit Dravelca"),
            [f"--resident: 'Marit Dravelca' is no resident's id or name; {MARIT}"],
        ),
        (VALUE, ["--resident: say whose value; give an id or a name"]),
    ],
)
def test_validate_value_needs_a_known_value_and_resident(
    tmp_path: Path, options: tuple[str, ...], said: list[str]
) -> None:
    """What is not known is suggested; nothing is wrong with the program, and it is not said."""
    done = scheduler("validate", TINY, *options, cwd=tmp_path)
    count = f"{len(said)} problem{'s' * (len(said) > 1)} found; nothing was shown."
    assert (done.returncode, done.stderr.splitlines()) == (2, [*said, count])


def test_validate_resident_alone_is_half_a_question(tmp_path: Path) -> None:
    """--resident without --value ends with exit code 2."""
    assert scheduler("validate", TINY, "--resident", "T09", cwd=tmp_path).returncode == 2


def test_validate_value_that_reaches_only_others(tmp_path: Path) -> None:
    """A value that some have is no unknown one; where it is set is said."""
    program = copy_tiny(tmp_path)
    change(program / "program.yaml", "  3: {values: {ward_most: 12}}\n", "")
    change(program / "program.yaml", "ward-weeks, ", "ward-weeks, who: {pgy: [1, 2]}, ")
    asked = ("--value", "ward_most", "--resident", "T09")
    done = scheduler("validate", program, *asked, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout == (
        "ward_most for Zahrelout, Petra (T09): no setting; "
        "it has some in program.yaml:23 (PGY1), program.yaml:24 (PGY2)\n"
    )
