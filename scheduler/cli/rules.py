"""``scheduler rules``: the manual of the rules, from the rules themselves, and the policies."""

from __future__ import annotations

import click

from scheduler.cli.exits import Exit, tell_bad_input


@click.command("rules")
@click.argument("name", required=False)
@click.option(
    "--policies",
    is_flag=True,
    help="List the policies that come with the scheduler: their values, and their rules by name.",
)
def command(name: str | None, policies: bool) -> int:
    """List the rules, or show the manual page of the rule NAME.

    NAME may also be a policy that comes with the scheduler; its file is printed as it is.
    """
    if name is None:
        return _list_policies() if policies else _list_rules()
    if policies:
        raise click.UsageError("--policies lists all of them; leave it out to print one by NAME")
    click.echo(_named(name), nl=False)
    return Exit.DONE


def _list_rules() -> int:
    from scheduler.rules.manual import one_line
    from scheduler.rules.registry import rule_kinds

    for kind in rule_kinds():
        click.echo(f"{kind:<13} {one_line(kind)}")
    return Exit.DONE


def _list_policies() -> int:
    from scheduler.cli.policies import policy_lines
    from scheduler.input.faults import BadInput

    try:
        for line in policy_lines():
            click.echo(line)
    except BadInput as error:
        return tell_bad_input(error.lines, "the policy cannot be used as it is.")
    return Exit.DONE


def _named(name: str) -> str:
    """The page of a rule, or the text of a policy, by name."""
    from scheduler.cli.policies import policy_text
    from scheduler.input.faults import did_you_mean, quoted
    from scheduler.input.installed import policy_names
    from scheduler.rules.manual import page
    from scheduler.rules.registry import rule_kinds

    if name in rule_kinds():
        return f"{page(name)}\n"
    if name in policy_names():
        return policy_text(name)
    todo = did_you_mean(name, [*rule_kinds(), *policy_names()])
    todo = todo or "`scheduler rules` lists the rules, and with --policies the policies"
    raise click.UsageError(f"there is no rule or policy {quoted(name)}; {todo}")
