"""A copy that ``new`` makes of a template: what its texts say is true where the copy stands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from scheduler.input.faults import Faults
from scheduler.input.installed import template_names
from scheduler.input.text_file import Source
from scheduler.input.yaml_file import read_yaml
from tests.cli.command import scheduler

#: A folder in a folder, and names that a shell would take apart.
COPY = Path("my programs") / "next year's"


@pytest.fixture(scope="module", params=template_names())
def copied(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of each template; it is not to be changed."""
    place = tmp_path_factory.mktemp("place")
    done = scheduler("new", COPY, "--template", request.param, cwd=place)
    assert done.returncode == 0, done.stderr
    return place / COPY


def test_every_yaml_file_fits_the_schema_it_names(copied: Path) -> None:
    """An editor marks nothing in a fresh copy, in second programs and policies neither."""
    for file in copied.glob("*.yaml"):
        mark, _, name = file.read_text(encoding="utf-8").partition("\n")[0].partition("$schema=")
        assert mark == "# yaml-language-server: "
        schema = json.loads((copied / name).read_text(encoding="utf-8"))
        read = read_yaml(Source(file.name, file, file.read_bytes()), Faults())
        assert read is not None
        faults = [one.message for one in Draft7Validator(schema).iter_errors(read.data)]
        assert faults == [], file.name
