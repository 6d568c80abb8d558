"""The benchmark's own parts: what it makes can be solved, and what it reports is so."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from scipy.sparse import csr_matrix

from scheduler.engine.outcome import Clock, Step
from scheduler.input.load import load_program
from scheduler.model.decode import decode
from scheduler.model.linear import Arrays
from tests.benchmarks.__main__ import main
from tests.benchmarks.bound import bound_by_years
from tests.benchmarks.cases import catalogue, chosen
from tests.benchmarks.distances import at, growth, programs, time_to
from tests.benchmarks.looseness import measured
from tests.benchmarks.program import make
from tests.benchmarks.run import digest, read
from tests.benchmarks.solvers import cp_sat, highs, relaxed_optimum
from tests.benchmarks.table import page
from tests.engine.tiny import best, tiny_problem
from tests.rules.variants import build_rule, examples_of, problem_of

SMALL = [case for case in catalogue() if case.residents <= 25]


@pytest.mark.parametrize("case", SMALL, ids=lambda case: case.name)
def test_generated_programs_can_be_solved(case: Any, tmp_path: Path) -> None:
    """The hidden roster keeps every hard rule (else making it fails), and people fit the name."""
    make(case, tmp_path / "program")
    problem = load_program(tmp_path / "program").problem
    assert sum(not resident.visitor for resident in problem.residents) == case.residents
    assert problem.choices


def test_a_campus_shares_services(tmp_path: Path) -> None:
    """Several programs with a grid each, services of their own and some for all."""
    make(chosen(["campus-200-tight"])[0], tmp_path / "program")
    problem = load_program(tmp_path / "program").problem
    assert {len(grid.blocks) for grid in problem.grids.values()} >= {26, 13, 12}
    assert {"WARDA", "WARDB", "WARDC", "WARDD", "ICU", "NITE"} <= set(problem.rotations)


def test_programs_are_the_same_each_time(tmp_path: Path) -> None:
    """One seed makes one program, another seed another."""
    (case,), (other,) = chosen(["months-12-tight"]), chosen(["months-12-tight-seed2"], seed=2)
    for name, one in (("a", case), ("b", case), ("c", other)):
        make(one, tmp_path / name)
    first, again, different = (digest([tmp_path / name]) for name in "abc")
    assert first == again != different


def test_an_unknown_program_is_refused() -> None:
    """The message names those there are."""
    done = CliRunner().invoke(main, ["list", "blokcs-*"])
    assert done.exit_code == 2
    assert "blocks-12-tight" in done.output


def _knapsack() -> Arrays:
    """Two of three things are needed; the relaxation makes do with one and a half."""
    return Arrays(
        cost=np.array([3.0, 4.0, 5.0]),
        lower=np.zeros(3),
        upper=np.ones(3),
        matrix=csr_matrix(np.array([[2.0, 2.0, 2.0]])),
        row_lower=np.array([3.0]),
        row_upper=np.array([np.inf]),
    )


def test_solvers_and_relaxation_agree_on_a_known_model() -> None:
    """Both solvers find 7 and prove it; the relaxation is 3 + 4 / 2."""
    heard: list[tuple[int | None, int | None]] = []
    for solver in (cp_sat, highs):
        found = solver(_knapsack(), 10, 1, 1, lambda *told: heard.append(told))
        assert (found.status, found.cost, found.bound) == ("optimal", 7, 7)
        assert found.values is not None and list(found.values) == [1, 1, 0]
    assert relaxed_optimum(_knapsack()) == pytest.approx(5.0)
    assert any(cost == 7 for cost, _ in heard)


def test_the_bound_by_whole_years_is_none_above_the_best_schedule() -> None:
    """It works at the bound until nothing lifts it; the schedule is the engine's."""
    steps: list[Step] = []
    year, found = bound_by_years(tiny_problem(), Clock(limit=75), 2, 1, steps.append)
    optimum = best().cost
    assert optimum is not None
    assert found.cost is not None
    assert found.bound is not None
    assert optimum - 1 <= found.bound <= optimum <= found.cost
    assert found.values is not None
    assert any(any(row) for row in decode(year, found.values.tolist()).cells)
    assert (steps[-1].cost, steps[-1].bound) == (found.cost, found.bound)


def test_the_log_of_highs_is_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines of its table are told with cost and bound, all others are passed over."""
    log = (
        "Src  Proc. InQueue |  Leaves   Expl. | BestBound       BestSol              Gap |",
        " J       0       0         0   0.00%   -inf            1140               Large        0",
        "         0       0         0   0.00%   -323.4          1140             128.33%        0",
        "       120      17        53  98.12%   12.00001        14                 14.29%     6881",
        "   6245 rows, 7121 cols, 42524 nonzeros  0s",
    )
    heard: list[tuple[int | None, int | None]] = []

    def told(model: Any, asked: Any, listener: Any) -> Any:
        listener(log)
        raise InterruptedError

    monkeypatch.setattr("tests.benchmarks.solvers.solve_by_highs", told)
    with pytest.raises(InterruptedError):
        highs(_knapsack(), 10, 1, 1, lambda *one: heard.append(one))
    assert heard == [(1140, None), (1140, -323), (14, 13)]


def test_looseness_sees_a_loose_phrasing() -> None:
    """A relaxation never lies above the optimum, and prices are the same for one seed."""
    example = examples_of("share")[0]
    problem = problem_of(example, build_rule(example.rule))
    first, again = (measured("x", problem, Random(7)) for _ in range(2))
    assert first == again
    assert first is None or first.relaxation <= first.optimum + 1e-6


def _record(method: str, size: int, progress: list[Any], **more: Any) -> dict[str, Any]:
    return {
        "case": f"blocks-{size}", "shape": "blocks", "size": size, "program": "p", "method": method,
        "limit": 60, "workers": 2, "at_stake": 1000, "status": "feasible", "ended": 60.2,
        "peak_mib": 300, "progress": progress, "machine": "m", "versions": {"ortools": "9"},
        "at": "2026-11-22T00:00:00", "code": "c", **more,
    }  # fmt: skip


def test_distances_are_against_the_best_bound_of_any_method() -> None:
    """One method's bound measures the other's schedules; the audited cost counts at the end."""
    (found,) = programs(
        [
            _record("engine", 100, [[5, None, 90], [10, 200, 100], [40, 120, 100]], audited=115),
            _record("highs", 100, [[20, None, 110], [50, 900, 112]]),
        ]
    )
    engine, other = found.records
    assert (found.bound, found.cost) == (112, 115)
    assert (at(engine, 30), at(engine, 60), at(engine, 300)) == ((200, 100), (120, 100), None)
    assert at(engine | {"ended": 59.0}, 60) == (115, 100)
    assert [time_to(engine, gap, found.bound) for gap in (0.1, 0.01, 0.002)] == [10, 40, None]
    assert time_to(other, 0.05, found.bound) is None


def test_of_a_method_the_longest_run_of_its_last_code_is_shown_and_every_bound_counts() -> None:
    """An older engine's longer run says nothing of today's, but what it proved is proven."""
    (found,) = programs(
        [
            _record("engine", 100, [[5, 200, 110]], limit=600, code="old"),
            _record("engine", 100, [[5, 150, 90]], limit=300),
            _record("engine", 100, [[5, 180, 90]]),
        ]
    )
    (shown,) = found.records
    assert (shown["limit"], shown["code"]) == (300, "c")
    assert (found.bound, found.cost) == (110, 150)


def test_growth_is_fitted_to_what_was_reached() -> None:
    """Seconds that grow with the square of the size have the power 2; the rest is counted."""
    records = [_record("engine", n, [[n * n / 1000, 100, 100]]) for n in (50, 100, 200)]
    records.append(_record("engine", 600, [[300, 900, 100]]))
    records.append(_record("bound", 600, [[2, 100, 100]], limit=900))
    (line,) = growth(programs(records), 0.05)
    assert (line.reached, line.tried) == (3, 4)
    assert (line.power, line.seconds) == (pytest.approx(2.0), pytest.approx(10.0))


def test_the_page_tells_what_went_wrong(tmp_path: Path) -> None:
    """A bound above a valid schedule and a failed solve are named; a cut line is not read."""
    records = [
        _record("engine", 50, [[5, 100, 90]], audited=100),
        _record("cp-sat", 50, [[5, None, 130]], status="failed"),
    ]
    file = tmp_path / "results.jsonl"
    file.write_text("\n".join(map(json.dumps, records)) + '\n{"case": "blo', encoding="utf-8")
    assert read(file) == records
    said = page(read(file))
    assert "a bound of 130 lies above a valid schedule" in said
    assert "cp-sat: failed" in said
    assert "100 / 90 (-3.00%)" in said
