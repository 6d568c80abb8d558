"""The command ``scheduler``; each verb is imported only when it is called."""

from __future__ import annotations

import gc
import os
import sys
import threading
import time
from contextlib import suppress
from importlib import import_module
from typing import Any, NoReturn

import click

from scheduler import __version__
from scheduler.cli.exits import Exit, tell_bug, tell_no_memory

#: When this command began (monotonic seconds); time limits count from here.
STARTED = time.monotonic()

#: New objects after which Python looks for garbage (by itself it does after 700 or 2000).  What
#: is loaded, and a workbook that is written, live to the end of the command: to look through them
#: again and again takes a tenth of all the time outside the search.
_NEW_OBJECTS = 20_000

#: Verbs in the order of help, each with its module under ``scheduler.cli`` and its one line.
_VERBS = {
    "new": ("new", "Write a commented, working program to edit."),
    "validate": ("validate", "Report every fault in the input, then supply against demand."),
    "solve": ("solve", "Make the year's schedule and write it as an Excel workbook."),
    "check": ("check", "Audit a schedule, hand edits included."),
    "diagnose": ("diagnose", "Say in numbers and names why no schedule exists."),
    "rules": ("rules", "The manual of the rules, and the policies that come with it."),
}


class _Verb(click.Command):
    """A verb known by name and line of help; its module is imported when it is called."""

    def __init__(self, name: str, module: str, line: str) -> None:
        super().__init__(name, help=line, short_help=line)
        self._module = module

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        command: click.Command = import_module(f"scheduler.cli.{self._module}").command
        return command.make_context(info_name, args, parent=parent, **extra)


class _Verbs(click.Group):
    """Lists verbs without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        return _Verb(cmd_name, *_VERBS[cmd_name]) if cmd_name in _VERBS else None


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="scheduler")
def main() -> None:
    """Make and keep a residency program's rotation schedule.

    PROGRAM is a YAML file, or a folder that holds program.yaml.
    Exit codes: 0 done, 1 the answer is no, 2 bad input, 3 our bug, 130 interrupted.
    """


def run() -> None:
    """Entry point: run the command and end as DESIGN 6 says."""
    gc.set_threshold(_NEW_OBJECTS)
    _end(exit_code())


def exit_code() -> int:
    """Run the command; its exit code."""
    try:
        code = main.main(standalone_mode=False)
        return int(code or Exit.DONE)
    except click.ClickException as error:
        error.show()
        return Exit.BAD_INPUT
    except (KeyboardInterrupt, click.Abort):
        click.echo("Interrupted; nothing was written.", err=True)
        return Exit.INTERRUPTED
    except MemoryError:
        return tell_no_memory()
    except Exception as error:  # the last resort: never a traceback for the user
        return tell_bug(error)


def _end(code: int) -> NoReturn:
    """End with ``code``, at once where a thread is left: it may be in a solver that cannot be
    stopped, and Python's own end would abort the process under it, all work done."""
    if threading.active_count() == 1:
        sys.exit(code)
    from multiprocessing import active_children  # only who ends like this waits for it

    for child in active_children():  # nobody else ends them now
        child.kill()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.flush()
    os._exit(code)
