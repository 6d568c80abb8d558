"""Wishes as examples of rules write them, in short."""

from __future__ import annotations

from dataclasses import replace

from scheduler.problem.wish import Alternative, Choice, Lane, WishKind, WishStatus


def asks(
    name: str,
    *alternatives: Alternative,
    who: int = 0,
    lane: Lane | None = None,
    status: WishStatus = WishStatus.SUBMITTED,
) -> Choice:
    """A choice of an example."""
    kinds = (WishKind.ROTATION, WishKind.AVOID)
    own = Lane.ROTATIONS if alternatives[0].kind in kinds else Lane.TIME_OFF
    return Choice(who, lane or own, name, status, alternatives)


def vacation(priority: int, *weeks: int) -> Alternative:
    """An alternative of an example: vacation in these weeks."""
    return Alternative(priority, WishKind.VACATION, weeks=weeks)


def date(priority: int, *freed_by: tuple[int, tuple[int, ...]]) -> Alternative:
    """An alternative of an example: days, each with the weeks whose vacation frees it."""
    parts = tuple(part for part, _ in freed_by)
    return Alternative(priority, WishKind.DATE, parts=parts, freed_by=freed_by)


def rotation(priority: int, code: str, *parts: int) -> Alternative:
    """An alternative of an example: a rotation, in these parts if any."""
    return Alternative(priority, WishKind.ROTATION, parts=parts, rotations=frozenset({code}))


def weeks_of(priority: int, weeks: int, code: str, *parts: int) -> Alternative:
    """An alternative of an example: so many weeks of a rotation, in these parts or the year."""
    return replace(rotation(priority, code, *parts), at_least=weeks)


def holiday(priority: int, name: str) -> Alternative:
    """An alternative of an example: a holiday off."""
    return Alternative(priority, WishKind.HOLIDAY, holiday=name)
