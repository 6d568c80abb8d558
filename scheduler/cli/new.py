"""``scheduler new``: a commented, working program to edit."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import click

from scheduler.cli.exits import Exit, tell_bad_input
from scheduler.cli.session import typed

#: The folder of the schemas by which an editor completes keys and marks faults.
SCHEMAS = ".schema"
PROGRAM_SCHEMA, POLICY_SCHEMA = "program.schema.json", "policy.schema.json"


@click.command("new")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--template",
    default="tiny",
    show_default=True,
    metavar="NAME",
    help="Which program to start from: tiny, community, four-plus-one, med-peds, six-plus-two "
    "or mgh.",
)
def command(folder: Path, template: str) -> int:
    """Write a commented, working program into FOLDER, which must be new or empty."""
    from scheduler.input.installed import template_names, templates_folder

    if template not in template_names():
        known = ", ".join(template_names())
        return tell_bad_input(
            [f"there is no template '{template}'; there are: {known}"], "nothing was written."
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        return tell_bad_input(
            [f"{folder} is already there and not empty; name a new folder"], "nothing was written."
        )
    try:
        _copy(templates_folder() / template, folder)
        _write_schemas(folder / SCHEMAS)
    except OSError as error:
        return tell_bad_input(
            [f"{folder} cannot be written: {error.strerror}"], "nothing more was written."
        )
    click.echo(f"{folder} holds a working program. Next:")
    for words in (("validate", str(folder)), ("solve", str(folder), "-o", "schedule.xlsx")):
        click.echo(f"  {typed(('scheduler', *words))}")
    return Exit.DONE


def _copy(source: Path, folder: Path) -> None:
    """Copy what a program is made of; generators and generated files stay behind.

    Texts stay as they are: commands in them are for somebody who stands in the program's folder,
    and so are true of the example, of a copy, and of a copy that is moved or renamed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for file in sorted(source.iterdir()):
        if file.suffix in (".csv", ".md"):
            shutil.copyfile(file, folder / file.name)
        elif file.suffix == ".yaml":
            text = file.read_text(encoding="utf-8")
            text = _schema_line(text) + text
            (folder / file.name).write_text(text, encoding="utf-8", newline="\n")


def _schema_line(text: str) -> str:
    """The line by which an editor finds the schema of a YAML file that reads ``text``.

    A folder may hold several programs, so the name does not tell; only a program has a year.
    """
    schema = PROGRAM_SCHEMA if re.search("^year:", text, re.MULTILINE) else POLICY_SCHEMA
    return f"# yaml-language-server: $schema={SCHEMAS}/{schema}\n"


def _write_schemas(folder: Path) -> None:
    """Write the schemas of a program and of a policy, as this version reads them."""
    from scheduler.input.schema import policy_schema, program_schema

    folder.mkdir()
    for name, schema in ((PROGRAM_SCHEMA, program_schema()), (POLICY_SCHEMA, policy_schema())):
        text = json.dumps(schema, indent=1, ensure_ascii=False)
        (folder / name).write_text(f"{text}\n", encoding="utf-8", newline="\n")
