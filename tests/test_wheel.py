"""The package as people install it: built as a wheel, used from an empty folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def _run(*command: str, cwd: Path, path: Path | None = None) -> str:
    """Run Python with ``command``; with ``path``, packages there come first. Its output."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    if path is not None:
        env["PYTHONPATH"] = str(path)
    done = subprocess.run(
        [sys.executable, *command], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the built wheel is installed, without its dependencies."""
    built, target = tmp_path_factory.mktemp("built"), tmp_path_factory.mktemp("installed")
    build = ("-m", "build", "--wheel", "--no-isolation", "--outdir", str(built), str(ROOT))
    _run(*build, cwd=built)
    (wheel,) = built.glob("*.whl")
    assert wheel.name.startswith("residency_scheduler-")
    pip = ("-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", str(target))
    _run(*pip, str(wheel), cwd=built)
    return target


def test_wheel_holds_policies_and_templates(installed: Path) -> None:
    """What a program builds on and starts from is in the package; tests are not."""
    package = installed / "scheduler"
    configs, templates = ROOT / "configs", ROOT / "examples"
    for source, inside in ((configs, "_configs"), (templates, "_templates")):
        kinds = ("*.yaml", "*.csv", "*.md")
        wanted = {file.relative_to(source) for kind in kinds for file in source.rglob(kind)}
        assert wanted
        assert all((package / inside / file).is_file() for file in wanted)
    assert not (installed / "tests").exists()


def test_policies_are_found_where_the_wheel_put_them(installed: Path, tmp_path: Path) -> None:
    """The path that is listed can be opened; the file printed is the repository's."""
    start = ("-m", "scheduler", "rules")
    path = installed / "scheduler" / "_configs" / "us-holidays.yaml"
    assert f"  file: {path}\n" in _run(*start, "--policies", cwd=tmp_path, path=installed)
    assert _run(*start, "us-holidays", cwd=tmp_path, path=installed) == path.read_text()


def test_wheel_works_from_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    """A new program is written, valid and solved with nothing but the installed package."""
    place = _run("-c", "import scheduler; print(scheduler.__file__)", cwd=tmp_path, path=installed)
    assert Path(place.strip()).is_relative_to(installed)
    start = ("-m", "scheduler")
    _run(*start, "new", "prog", cwd=tmp_path, path=installed)
    assert "10 residents" in _run(*start, "validate", "prog", cwd=tmp_path, path=installed)
    said = _run(
        *start, "solve", "prog", "-o", "s.xlsx", "--gap", "0.2", cwd=tmp_path, path=installed
    )
    assert "every hard rule holds" in said
    assert (tmp_path / "s.xlsx").is_file()
