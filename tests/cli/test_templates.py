"""A copy that ``new`` makes of a template: what its texts say is true where the copy stands."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import click
import pytest
from jsonschema import Draft7Validator

from scheduler.cli import session
from scheduler.cli.main import main
from scheduler.input.faults import Faults
from scheduler.input.installed import template_names
from scheduler.input.text_file import Source
from scheduler.input.yaml_file import read_yaml
from tests.cli.command import ROOT, scheduler

#: A folder in a folder, and names that a shell would take apart.
COPY = Path("my programs") / "next year's"
#: A command in a comment or an indented line; what two spaces set apart says what it does.
_COMMAND = re.compile(r"^(?:#| {3}) +scheduler (.+?)(?:  .*)?$", re.MULTILINE)
#: A file that somebody can open now (workbooks are made by the commands).
_FILE = re.compile(r"[\w./-]+\.(?:csv|json|md|py|yaml)\b")


@pytest.fixture(scope="module", params=template_names())
def copied(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of each template; it is not to be changed."""
    place = tmp_path_factory.mktemp("place")
    done = scheduler("new", COPY, "--template", request.param, cwd=place)
    assert done.returncode == 0, done.stderr
    return place / COPY


def test_every_yaml_file_fits_the_schema_it_names(copied: Path) -> None:
    """An editor marks nothing in a fresh copy, in second programs and policies neither."""
    for file in copied.glob("*.yaml"):
        mark, _, name = file.read_text(encoding="utf-8").partition("\n")[0].partition("$schema=")
        assert mark == "# yaml-language-server: "
        schema = json.loads((copied / name).read_text(encoding="utf-8"))
        read = read_yaml(Source(file.name, file, file.read_bytes()), Faults())
        assert read is not None
        faults = [one.message for one in Draft7Validator(schema).iter_errors(read.data)]
        assert faults == [], file.name


def _texts(copied: Path) -> dict[str, str]:
    files = [*copied.glob("*.yaml"), *copied.glob("*.md")]
    return {file.name: file.read_text(encoding="utf-8") for file in files}


def test_commands_in_a_copy_are_for_its_folder(
    copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every command in a comment or README can be typed there, options and program included."""
    monkeypatch.chdir(copied)
    commands = [line for text in _texts(copied).values() for line in _COMMAND.findall(text)]
    assert any(line.startswith("solve ") for line in commands)
    for line in commands:
        verb, *words = shlex.split(line)
        command = main.get_command(click.Context(main), verb)
        assert command is not None, line
        program = command.make_context(verb, words).params.get("program", copied)
        assert (program / "program.yaml" if program.is_dir() else program).is_file(), line


def test_files_named_in_a_copy_are_there(copied: Path) -> None:
    """A name alone is a file of the copy; with a folder it is one of the scheduler's source."""
    for name, text in _texts(copied).items():
        for file in set(_FILE.findall(text)):
            assert (copied / file).is_file() or ("/" in file and (ROOT / file).is_file()), (
                f"{name} names {file}"
            )


def test_next_commands_can_be_typed_as_printed(tmp_path: Path) -> None:
    """The commands that ``new`` ends with name the folder in quotes where a shell needs them."""
    said = scheduler("new", COPY, cwd=tmp_path).stdout
    validate, solve = map(shlex.split, said.splitlines()[1:])
    assert validate == ["scheduler", "validate", str(COPY)]
    assert solve == ["scheduler", "solve", str(COPY), "-o", "schedule.xlsx"]
    assert scheduler(*validate[1:], cwd=tmp_path).returncode == 0


@pytest.mark.parametrize(
    ("folder", "windows", "typed"),
    [
        ("my-program", False, "my-program"),
        ("my program", False, "'my program'"),
        (r"sub\copy", False, r"'sub\copy'"),
        (r"sub\copy", True, r"sub\copy"),
        (r"C:\my programs\copy", True, r'"C:\my programs\copy"'),
    ],
)
def test_folders_are_quoted_as_the_shell_needs(folder: str, windows: bool, typed: str) -> None:
    """Backslashes part folders on Windows, and are characters to quote elsewhere."""
    assert (
        session.typed(["scheduler", "validate", folder], windows) == f"scheduler validate {typed}"
    )
