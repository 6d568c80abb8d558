"""The README stays true: its commands run, and it names every verb, rule, column and sheet."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import click
import openpyxl
import pytest

from scheduler.cli.main import main
from scheduler.input import carry_over, history, leave, locks, requests
from scheduler.input.document import ProgramFile, Settings
from scheduler.input.load import load_program
from scheduler.input.people import person_columns
from scheduler.input.policy import installed_policy
from scheduler.input.tables import Columns
from scheduler.rules.registry import rule_kinds
from tests.benchmarks.__main__ import main as benchmark
from tests.cli.command import ROOT, scheduler

README = (ROOT / "README.md").read_text(encoding="utf-8")
_MARK = "<!-- tests -->\n"
#: Lines that stand for others left out.
_LEFT_OUT = "..."
#: The two commands on a bare machine are run by CI and by hand; here their options are read.
_SET_UP = "python3 -m venv"


@dataclass(frozen=True)
class Shown:
    """A command of the README and what it is said to print (None: not said)."""

    line: str
    output: tuple[str, ...] | None

    @property
    def words(self) -> list[str]:
        """The words after ``scheduler``."""
        return shlex.split(self.line)[1:]


def _blocks(kind: str) -> list[list[str]]:
    found = re.findall(rf"^```{kind}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    return [block.splitlines() for block in found]


def _shown() -> list[Shown]:
    """Every ``scheduler`` command to run, in the order of the README."""
    told = [(README.index(block[0]), block) for block in _blocks("console")]
    plain = [(README.index(block[0]), block) for block in _blocks("sh")]
    found = []
    for _, block in sorted(told + plain):
        if block[0].startswith("$ "):
            found.append(Shown(block[0].removeprefix("$ "), tuple(block[1:])))
        elif not block[0].startswith(_SET_UP):
            found += [Shown(line, None) for line in block]
    return found


def _table(heading: str) -> dict[str, list[str]]:
    """The rows of the table whose first column is headed ``heading``, by that column."""
    rows: dict[str, list[str]] = {}
    lines = iter(README.splitlines())
    for line in lines:
        if line.startswith(f"| {heading} |"):
            next(lines)
            for row in lines:
                if not row.startswith("|"):
                    return rows
                first, *rest = (cell.strip() for cell in row.strip("|").split("|"))
                rows[first.strip("`")] = rest
    raise AssertionError(f"no table headed {heading}")


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a copy of the examples, in which the commands are run one after the other."""
    folder = tmp_path_factory.mktemp("session")
    shutil.copytree(ROOT / "examples" / "tiny", folder / "examples" / "tiny")
    return folder


def test_commands_print_what_the_readme_shows(session: Path) -> None:
    """Every command on small programs runs, exits 0 and prints the lines shown, in order."""
    assert len(_shown()) >= 8
    for one in _shown():
        assert one.line.startswith("scheduler "), one.line
        done = scheduler(*one.words, cwd=session)
        assert done.returncode == 0, f"{one.line}\n{done.stdout}{done.stderr}"
        if one.output is None:
            continue
        printed = done.stdout.rstrip("\n").splitlines()
        if _LEFT_OUT not in one.output:
            assert printed == list(one.output), one.line
        rest = iter(printed)
        missing = [line for line in one.output if line != _LEFT_OUT and line not in rest]
        assert not missing, f"{one.line} no longer prints these"
    everywhere = {name for name, (shows,) in _table("sheet").items() if "(only " not in shows}
    assert everywhere <= set(_sheets(session / "tiny.xlsx")) <= set(_table("sheet"))
    assert (session / "my-report.json").is_file()


def _sheets(workbook: Path) -> list[str]:
    book = openpyxl.load_workbook(workbook)
    return [sheet.title for sheet in book if sheet.sheet_state == "visible"]


def _parsed(words: list[str]) -> click.Context:
    """The command line as click reads it; fails on an option that does not exist."""
    verb = main.get_command(click.Context(main), words[0])
    assert verb is not None, words[0]
    return verb.make_context(words[0], words[1:])


def test_set_up_commands_are_one_line_each() -> None:
    """Both set up an environment; the first ends with the main job, the second with the tests."""
    job, tests = (block for block in _blocks("sh") if block[0].startswith(_SET_UP))
    assert (len(job), len(tests)) == (1, 1)
    solve = shlex.split(job[0].split(" && ")[-1])
    assert solve[0] == "scheduler"
    context = _parsed(solve[1:])
    assert (ROOT / context.params["program"] / "program.yaml").is_file()
    assert context.params["time_limit"] > 0
    assert tests[0].split(" && ")[-1] == "pytest -n auto --dist worksteal"


def test_ci_runs_the_second_command() -> None:
    """The mark that CI looks for stands right before the block it runs."""
    assert README.count(_MARK) == 1
    assert README.split(_MARK)[1].startswith("```sh\n")
    text = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    script = re.search(r"awk '(.*?)'", text)
    assert script is not None
    done = subprocess.run(
        ["awk", script[1], "README.md"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == next(b for b in _blocks("sh") if "pytest" in b[0])


def test_every_verb_and_option_is_documented() -> None:
    """The table of verbs has each verb once; their options are named."""
    named = _table("verb")
    assert [name.split()[0] for name in named] == main.list_commands(click.Context(main))
    for verb in ("solve", "check", "validate", "new", "rules"):
        row = next(" ".join([n, *cells]) for n, cells in named.items() if n.startswith(verb))
        command = _command(verb)
        options = [p.opts[-1] for p in command.params if isinstance(p, click.Option)]
        for option in options:
            assert option in row or option == "--output", f"{verb} {option}"


def _command(verb: str) -> click.Command:
    from importlib import import_module

    command: click.Command = import_module(f"scheduler.cli.{verb}").command
    return command


def test_every_named_option_exists_or_is_said_to_be_missing() -> None:
    """No option is promised that the command line does not know."""
    text, later = README.split("## Limits, and what is not built yet")
    of_pytest = {"--dist"}
    of_benchmark = {
        opt for one in benchmark.commands.values() for p in one.params for opt in p.opts
    }
    known = {
        "--help",
        *of_pytest,
        *of_benchmark,
        *(opt for verb in _VERBS for p in _command(verb).params for opt in p.opts),
    }
    assert set(re.findall(r"(?<!\S)`?(--[a-z][a-z-]+)", text)) <= known
    assert not known & set(re.findall(r"--[a-z][a-z-]+", later))


_VERBS = main.list_commands(click.Context(main))


def test_every_rule_is_named() -> None:
    """The rules shown are those of the registry."""
    shown = next(one for one in _shown() if one.line == "scheduler rules")
    assert [line.split()[0] for line in shown.output or ()] == list(rule_kinds())


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("residents", person_columns((), visitor=False)),
        ("visitors", person_columns((), visitor=True)),
        ("requests", requests.COLUMNS),
        ("history", history.COLUMNS),
        ("leave", leave.COLUMNS),
        ("locks", locks.COLUMNS),
        ("carry_over", carry_over.COLUMNS),
    ],
)
def test_columns_are_those_the_input_accepts(table: str, columns: Columns) -> None:
    """The README's columns, needed and optional, are exactly those of the input layer."""
    needed, optional = (tuple(cell.split(", ")) for cell in _table("table")[table])
    assert (needed, optional) == (columns.needed, columns.optional)


def test_every_table_is_documented() -> None:
    """No table of a program is left out."""
    from scheduler.input.document import Tables

    assert set(_table("table")) == set(Tables.model_fields)


def test_size_of_the_large_example_is_told() -> None:
    """The first paragraphs say how large the program of the first command is."""
    said = " ".join(README.split("## A first session")[0].split())
    problem = load_program(ROOT / "examples" / "mgh").problem
    visitors = sum(resident.visitor for resident in problem.residents)
    lines = (ROOT / "examples" / "mgh" / "requests.csv").read_text(encoding="utf-8").count("\n") - 1
    assert (
        f"({len(problem.residents) - visitors} residents, {visitors} visitors, "
        f"{len(problem.rotations)} rotations, some {lines // 100 * 100:,} lines of wishes)"
    ) in said


def test_sections_that_the_tiny_example_lacks_are_shown_elsewhere() -> None:
    """What examples/tiny does not explain is named, with an example that has it."""
    said = " ".join(README.split()).split("explains its sections;")[1].split("A rotation may")[0]
    lacking = set(ProgramFile.model_fields) - _sections("tiny")
    named = set(re.findall(r"`(\w+)`", said))
    assert named == lacking
    shown = re.findall(r"((?:`\w+`[^`/]*)+)in `examples/([\w-]+)`", said)
    for words, example in shown:
        assert set(re.findall(r"`(\w+)`", words)) <= _sections(example), example
    assert {name for words, _ in shown for name in re.findall(r"`(\w+)`", words)} == (
        lacking - {"value_notes"}
    )


def _sections(example: str) -> set[str]:
    """The sections in the file of an example."""
    text = (ROOT / "examples" / example / "program.yaml").read_text(encoding="utf-8")
    return set(re.findall(r"^(\w+):", text, re.MULTILINE))


def test_every_setting_and_holiday_is_named() -> None:
    """What may stand under settings, and the keys by which wishes name a policy's holidays."""
    command = " ".join(p.name or "" for p in _command("solve").params)
    for name in Settings.model_fields:
        assert name in README or name in command, name
    for name in installed_policy("us-holidays").content.holidays:
        assert f"`{name}`" in README, name


def test_every_folder_is_named() -> None:
    """The list of folders has every package of the scheduler, and names none that is not there."""
    named = {name for row in _table("folder") for name in re.findall(r"[\w/]+", row)}
    packages = {f"scheduler/{p.parent.name}" for p in (ROOT / "scheduler").glob("*/__init__.py")}
    assert packages <= named
    assert all((ROOT / name).is_dir() for name in named)
