"""Data flows one way, and the audit never learns what the model says."""

from __future__ import annotations

import subprocess
import sys


def _imported(code: str) -> set[str]:
    """Top names of all modules loaded after running ``code`` in a fresh interpreter."""
    script = f"import sys\n{code}\nprint('\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_audit_never_imports_the_solver() -> None:
    """Rules and audit load without OR-Tools."""
    loaded = _imported(
        "from scheduler.rules.registry import all_rules; all_rules(); import scheduler.audit.audit"
    )
    assert not any(name.split(".")[0] == "ortools" for name in loaded)


def test_help_loads_nothing_heavy() -> None:
    """``scheduler --help`` answers at once: no solver, no tables, no workbook library."""
    code = (
        "from click.testing import CliRunner\n"
        "from scheduler.cli.main import main\n"
        "assert CliRunner().invoke(main, ['--help']).exit_code == 0"
    )
    heavy = {"ortools", "numpy", "pandas", "openpyxl", "pydantic", "rich", "scipy", "xlsxwriter"}
    assert not heavy & {name.split(".")[0] for name in _imported(code)}
