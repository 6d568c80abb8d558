"""``scheduler rules``: the manual of the rules, from the rules themselves."""

from __future__ import annotations

import click

from scheduler.cli.exits import Exit


@click.command("rules")
@click.argument("name", required=False)
def command(name: str | None) -> int:
    """List the rules, or show the manual page of the rule NAME."""
    from scheduler.rules.manual import one_line, page
    from scheduler.rules.registry import rule_kinds

    if name is None:
        for kind in rule_kinds():
            click.echo(f"{kind:<13} {one_line(kind)}")
        return Exit.DONE
    if name not in rule_kinds():
        from rapidfuzz import process

        close = process.extractOne(name, rule_kinds(), score_cutoff=60)
        hint = f"; did you mean '{close[0]}'?" if close else ""
        raise click.UsageError(f"there is no rule '{name}'{hint}")
    click.echo(page(name))
    return Exit.DONE
