"""Policies and templates that come with the program; knows where they lie, not what they say."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
_REPOSITORY = _PACKAGE.parent


def _folder(packaged: str, source: str) -> Path:
    """The folder inside the installed package, or in a checkout the one at its top."""
    inside = _PACKAGE / packaged
    return inside if inside.is_dir() else _REPOSITORY / source


def configs_folder() -> Path:
    """Where the installed policies lie."""
    return _folder("_configs", "configs")


def templates_folder() -> Path:
    """Where the templates of ``scheduler new`` lie, each a folder with a program.yaml."""
    return _folder("_templates", "examples")


def policy_names() -> tuple[str, ...]:
    """The names of the installed policies."""
    return tuple(sorted(path.stem for path in configs_folder().glob("*.yaml")))


def policy_path(name: str) -> Path:
    """Where the installed policy ``name`` lies, or would lie."""
    return configs_folder() / f"{name}.yaml"


def template_names() -> tuple[str, ...]:
    """The names of the installed templates."""
    return tuple(sorted(path.parent.name for path in templates_folder().glob("*/program.yaml")))
