"""Rotations from the program's file: their codes and tags checked; knows no residents."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from scheduler.input.document import RotationEntry
from scheduler.input.faults import Faults, did_you_mean, quoted
from scheduler.input.policy import Documents
from scheduler.input.rule_entries import AtPlace, RuleEntry, made_rule
from scheduler.problem.rotation import OVERLAY_CODES, Rotation, Team
from scheduler.rules.base import BoundRule

#: Codes that mean something else in a schedule; OPEN heads the rows of unfilled places.
RESERVED = OVERLAY_CODES | {"OPEN"}

#: How alike (in percent) two tags are that differ by one letter.
_SAME_BUT_FOR_A_SLIP = 85

_FORM = re.compile(r"\w[\w\-/.&+]*\Z")
_FORM_WORDS = "use letters, digits and - _ / . & +, without blanks"


def read_rotations(documents: Documents, faults: Faults) -> dict[str, Rotation]:
    """The rotations by code; codes and tags that could be confused are faults."""
    content = documents.content
    found = {code: _rotation(code, entry) for code, entry in content.rotations.items()}
    for code in documents.program.raw_names("rotations"):
        found.setdefault(code, Rotation(code, code))  # faulty, but its code is known
    _check_codes(documents, found, faults)
    _check_tags(documents, faults)
    _check_teams(documents, faults)
    _check_forms(documents, faults)
    return found


def _rotation(code: str, entry: RotationEntry) -> Rotation:
    numbers = entry.model_dump(exclude={"name", "tags", "groups", "teams", "open_to"})
    return Rotation(
        code=code,
        name=entry.name or code,
        tags=frozenset(entry.tags),
        groups=_groups(entry.groups),
        teams=tuple(
            Team(name, _groups(team.groups), dict(team.size)) for name, team in entry.teams.items()
        ),
        **numbers,
    )


def _groups(listed: Mapping[str, list[str]]) -> dict[str, frozenset[str]]:
    return {grouping: frozenset(names) for grouping, names in listed.items()}


def _check_codes(documents: Documents, codes: Iterable[str], faults: Faults) -> None:
    spelt: dict[str, str] = {}
    for code in codes:
        place = documents.program.yaml.place(("rotations", code), key=True)
        if code.upper() in RESERVED:
            what = f"rotations: {quoted(code)} is reserved and cannot be a rotation"
            faults.add(place, what, "choose another code")
        elif not _FORM.match(code):
            faults.add(place, f"rotations: {quoted(code)} cannot be a code", _FORM_WORDS)
        elif code.casefold() in spelt:
            other = quoted(spelt[code.casefold()])
            what = f"rotations: {quoted(code)} and {other} differ only in case"
            faults.add(place, what, "spreadsheets cannot tell them apart; choose another code")
        spelt.setdefault(code.casefold(), code)


def _check_tags(documents: Documents, faults: Faults) -> None:
    content, yaml = documents.content, documents.program.yaml
    for code, entry in content.rotations.items():
        for index, tag in enumerate(entry.tags):
            place = yaml.place(("rotations", code, "tags", index))
            if tag in content.rotations:
                what = f"rotations.{code}: the tag {quoted(tag)} is also the code of a rotation"
                faults.add(place, what, "rename one of them")
            elif not _FORM.match(tag):
                faults.add(place, f"rotations.{code}: {quoted(tag)} cannot be a tag", _FORM_WORDS)


def _check_teams(documents: Documents, faults: Faults) -> None:
    """Names of teams that a cell could not tell apart."""
    for code, entry in documents.content.rotations.items():
        spelt: dict[str, str] = {}
        for name in entry.teams:
            plain = " ".join(name.split()).casefold()
            path = ("rotations", code, "teams", name)
            place = documents.program.yaml.place(path, key=True)
            if not plain or not name.isprintable() or not set(name).isdisjoint(",;"):
                what = f"rotations.{code}.teams: {quoted(name)} cannot be a name"
                faults.add(place, what, "use letters, digits and blanks")
            elif plain in spelt:
                what = f"rotations.{code}.teams: {quoted(name)} and {quoted(spelt[plain])}"
                faults.add(place, f"{what} differ only in case or blanks", "rename one of them")
            spelt.setdefault(plain, name)


def _check_forms(documents: Documents, faults: Faults) -> None:
    """Names that are listed in cells of tables cannot hold blanks or commas."""
    for layer in documents.layers:
        for section in ("grids", "holidays"):
            for name in layer.raw_names(section):
                if not _FORM.match(name):
                    place = layer.yaml.place((section, name), key=True)
                    faults.add(place, f"{section}: {quoted(name)} cannot be a name", _FORM_WORDS)


def lonely_tags(documents: Documents, rotations: Mapping[str, Rotation]) -> Iterator[str]:
    """Warnings for tags that no policy explains and that look like a misspelt one."""
    known = {tag for layer in documents.layers for tag in layer.content.tags}
    for code, rotation in rotations.items():
        for tag in sorted(rotation.tags - known):
            close = did_you_mean(tag, known, _SAME_BUT_FOR_A_SLIP)
            if close.startswith("did"):
                place = documents.program.yaml.place(("rotations", code, "tags"))
                yield f"{place}: the tag {quoted(tag)} is not explained in any 'tags'; {close}"


def without_hours(
    documents: Documents, rotations: Mapping[str, Rotation], rules: Iterable[BoundRule]
) -> Iterator[str]:
    """A warning where hours are averaged, but some rotations state none and are left out."""
    missing = [code for code, rotation in rotations.items() if not rotation.hours]
    named = next((bound.rule.name for bound in rules if bound.rule.rule == "hours"), None)
    if missing and named is not None:
        place = documents.program.yaml.place(("rotations", missing[0]), key=True)
        shown = ", ".join(missing)
        yield f"{place}: the rule {quoted(named)} leaves out rotations without 'hours': {shown}"


def open_to_rules(documents: Documents) -> Iterator[RuleEntry]:
    """For each rotation with ``open_to``, the eligibility rule it stands for."""
    yaml = documents.program.yaml
    for code, entry in documents.content.rotations.items():
        if entry.open_to is not None:
            path = ("rotations", code, "open_to")
            allowed = [who.model_dump(exclude_none=True) for who in entry.open_to]
            name = f"open-to {code}"
            options = {
                "name": name,
                "never": [code],
                "who": {"visitors": "also", "but_not": allowed},
            }
            origin = AtPlace(yaml.place(path, key=True), f"rotations.{code}.open_to")
            yield made_rule("eligibility", name, options, origin)
