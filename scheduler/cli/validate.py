"""``scheduler validate``: every fault in the input, then supply against demand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from scheduler.cli.exits import Exit, tell_bad_input
from scheduler.cli.session import load, program_argument

if TYPE_CHECKING:
    from scheduler.diagnosis.counting import Counting
    from scheduler.input.faults import Fault
    from scheduler.input.loaded import Loaded
    from scheduler.problem.problem import Problem


@click.command("validate")
@program_argument
@click.option("--value", metavar="NAME", help="Show where this value comes from, nearest first.")
@click.option("--resident", metavar="WHO", help="With --value: for this resident (id or name).")
def command(program: Path, value: str | None, resident: str | None) -> int:
    """Report every fault in PROGRAM at once, then count supply against demand."""
    from scheduler.input.faults import BadInput

    if resident is not None and value is None:
        raise click.UsageError("--resident goes with --value NAME")
    try:
        loaded = load(program)
    except BadInput as error:
        return tell_bad_input(error.lines, "the program cannot be used as it is.")
    if value is not None:
        return _show_value(loaded, value, resident)
    _show_size(loaded.problem)
    _show_counts(loaded.problem)
    _show_time_off(loaded.problem)
    return Exit.DONE


def _show_size(problem: Problem) -> None:
    own = sum(not r.visitor for r in problem.residents)
    visitors = len(problem.residents) - own
    calendar = problem.calendar
    click.echo(
        f"{problem.name}: {own} residents, {visitors} visitor{'s' * (visitors != 1)}, "
        f"{len(problem.rotations)} rotations, {len(problem.rules)} rules, "
        f"{len(calendar.weeks)} weeks "
        f"({calendar.first} to {calendar.last})"
    )


def _show_counts(problem: Problem) -> None:
    from scheduler.diagnosis.counting import Counting

    counting = Counting(problem)
    click.echo("\nPerson-weeks over the year (needed / can be given at most):")
    for one in (*counting.services(), *counting.together()):
        spare = f"{one.can_give - one.needs} to spare"
        mark = f"SHORT by {one.short}{one.why}" if one.short else spare
        label = f"{one.service}, {one.who}"
        click.echo(f"  {label[:70]:<70} {one.needs:>6} / {one.can_give:>6}  {mark}")
    _show_crowded(problem)
    _show_unfilled(problem, counting)


def _show_crowded(problem: Problem) -> None:
    """Services, vacation and holidays with fewer places than are owed; usually none."""
    from scheduler.diagnosis.away import away_rooms
    from scheduler.diagnosis.holidays import holiday_rooms
    from scheduler.diagnosis.room import rooms

    crowded = [str(one) for one in rooms(problem) if one.short]
    crowded += [str(one) for one in away_rooms(problem) if one.short]
    if crowded:
        click.echo("\nMore weeks owed than there are places:")
    for one in crowded:
        click.echo(f"  {one}")
    holidays = [one for one in holiday_rooms(problem) if one.short]
    if holidays:
        click.echo("\nMore holidays off owed than can be given:")
    for room in holidays:
        click.echo(f"  {room}")


def _show_unfilled(problem: Problem, counting: Counting) -> None:
    """Residents who owe more weeks than they have, or have weeks for nothing; usually none."""
    from scheduler.diagnosis.owing import owing

    overfull = [one for one in owing(problem) if one.short]
    if overfull:
        click.echo("\nYears that are too short for what is owed:")
    for crowded in overfull:
        click.echo(f"  {crowded}")
    unfilled = counting.people()
    if unfilled:
        click.echo("\nYears that cannot be filled:")
    for one in unfilled:
        click.echo(f"  {one}")


def _show_time_off(problem: Problem) -> None:
    from scheduler.diagnosis.time_off import time_off

    click.echo("\nTime off asked for (first choices) against room, week by week:")
    for one in time_off(problem):
        week = problem.calendar.weeks[one.week]
        room = "no cap" if one.room is None else f"{one.room:>3} may"
        crowded = ", ".join(f"{more} of {who}" for who, more in one.crowded)
        mark = f"  too many: {crowded}" if crowded else ""
        click.echo(f"  week {week.number:>2} ({week.first})  {one.asked:>3} ask, {room}{mark}")


def _show_value(loaded: Loaded, name: str, who: str | None) -> int:
    """The settings of a value that reach a resident; what is wrong here is not the program."""
    from scheduler.cli.people import find_resident
    from scheduler.input.faults import BadInput

    faults = _unknown_value(loaded, name)
    try:
        resident = find_resident(loaded.problem, who)
    except BadInput as error:
        faults += error.faults
    if faults:
        return tell_bad_input(BadInput(faults).lines, "nothing was shown.")
    chain = loaded.value_chain(name, resident.id)
    whose = f"{name} for {resident.name} ({resident.id})"
    if not chain:
        where = ", ".join(setting.where for setting in loaded.values.nearer(name))
        click.echo(f"{whose}: no setting; it has some in {where}")
        return Exit.DONE
    click.echo(f"{whose}, the nearest wins:")
    for setting in chain:
        click.echo(f"  {setting.value}  {setting.where}")
    return Exit.DONE


def _unknown_value(loaded: Loaded, name: str) -> list[Fault]:
    """A fault where no document has a value of this name."""
    from scheduler.input.faults import Fault, did_you_mean, quoted

    known = loaded.values.names()
    if name in known:
        return []
    todo = did_you_mean(name, known) or "`scheduler rules --policies` lists those of the policies"
    return [Fault("--value", None, None, f"there is no value {quoted(name)}", todo)]
