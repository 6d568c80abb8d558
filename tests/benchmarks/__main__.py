"""The benchmark's commands; ``python -m tests.benchmarks --help`` lists them."""

from __future__ import annotations

from pathlib import Path

import click

from tests.benchmarks.cases import Case, chosen


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Solve seeded programs by this engine, by plain CP-SAT and by HiGHS, and compare.

    PROGRAM is a name that `list` shows, or a pattern such as 'blocks-*-tight'; without
    one, all programs are meant.
    """


def _cases(patterns: tuple[str, ...], seed: int) -> list[Case]:
    try:
        return chosen(patterns, seed)
    except ValueError as error:
        raise click.UsageError(str(error)) from error


_patterns = click.argument("program", nargs=-1)
_seed = click.option("--seed", default=1, show_default=True, help="Seed of programs and solvers.")


@main.command("list")
@_patterns
@_seed
def list_(program: tuple[str, ...], seed: int) -> None:
    """Name the programs."""
    for case in _cases(program, seed):
        click.echo(case.name)


@main.command("make")
@click.argument("program")
@click.argument("folder", type=click.Path(path_type=Path))
@_seed
def make_(program: str, folder: Path, seed: int) -> None:
    """Write the files of one PROGRAM into FOLDER, which must not exist."""
    from tests.benchmarks.program import make

    if folder.exists():
        raise click.UsageError(f"{folder} exists")
    for case in _cases((program,), seed)[:1]:
        make(case, folder)


@main.command("run")
@_patterns
@click.option("--seconds", default=300.0, show_default=True, help="Limit of each solve.")
@click.option("--workers", default=2, show_default=True, help="Threads of each solve.")
@_seed
@click.option(
    "--methods",
    default="engine,cp-sat,highs",
    show_default=True,
    help="Which to run, in an order drawn for each program; 'bound' works at the bound alone.",
)
@click.option("--again", is_flag=True, help="Also what the results have already.")
@click.option(
    "--results",
    type=click.Path(path_type=Path),
    help="File the results are appended to.  [default: results.jsonl beside the benchmark]",
)
def run_(
    program: tuple[str, ...],
    seconds: float,
    workers: int,
    seed: int,
    methods: str,
    again: bool,
    results: Path | None,
) -> None:
    """Solve each PROGRAM by each method, smallest first, and write the table."""
    from tests.benchmarks.one import METHODS
    from tests.benchmarks.run import RESULTS, Run, run_all

    wanted = methods.split(",")
    for name in wanted:
        if name not in METHODS:
            raise click.UsageError(f"no method {name!r}; there are {', '.join(METHODS)}")
    file = results or RESULTS
    for record in run_all(_cases(program, seed), Run(wanted, seconds, workers, seed, again), file):
        cost, bound = (record["progress"] or [[0, None, None]])[-1][1:]
        words = f"cost {cost}, bound {bound}, {record['status']}, {record['peak_mib']} MiB"
        click.echo(f"{record['case']:28} {record['method']:8} {words}")
    _write_page(file)


@main.command("table")
@click.option("--results", type=click.Path(path_type=Path), help="File to read.")
def table_(results: Path | None) -> None:
    """Write the page of results anew."""
    from tests.benchmarks.run import RESULTS

    _write_page(results or RESULTS)


def _write_page(results: Path) -> None:
    from tests.benchmarks.run import read
    from tests.benchmarks.table import page

    target = results.with_name("RESULTS.md")
    target.write_text(page(read(results)), encoding="utf-8")
    click.echo(f"wrote {target.name}")


@main.command("looseness")
@click.argument("rule", nargs=-1)
@click.option(
    "--programs",
    default="blocks-12-tight,months-12-tight,four-plus-one-25-tight",
    show_default=True,
    help="Small programs to measure with one kind of soft rule at a time; '' for none.",
)
@click.option("--seconds", default=30.0, show_default=True, help="Limit of each such optimum.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="File to write.  [default: LOOSENESS.md beside the benchmark]",
)
def looseness_(rule: tuple[str, ...], programs: str, seconds: float, out: Path | None) -> None:
    """Compare each RULE's exact relaxation with proven optima; all rules without one."""
    import tempfile

    from scheduler.input.load import load_program
    from scheduler.rules.registry import rule_kinds
    from tests.benchmarks.looseness import looseness, of_program
    from tests.benchmarks.looseness_table import PAGE, page, program_line, rule_line
    from tests.benchmarks.program import make

    for kind in rule:
        if kind not in rule_kinds():
            raise click.UsageError(f"no rule {kind!r}; there are {', '.join(rule_kinds())}")
    rules = []
    for one in looseness(rule):
        rules.append(one)
        click.echo(rule_line(one))
    small = []
    for case in _cases(tuple(filter(None, programs.split(","))), 1) if programs else []:
        with tempfile.TemporaryDirectory() as scratch:
            make(case, Path(scratch) / "program")
            problem = load_program(Path(scratch) / "program").problem
        for found in of_program(case.name, problem, seconds):
            small.append(found)
            click.echo(program_line(found))
    (out or PAGE).write_text(page(rules, small), encoding="utf-8")
    click.echo(f"wrote {(out or PAGE).name}")


if __name__ == "__main__":
    main()
