"""The legend: every code a cell may hold, with its colour; the one source of all colours."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.problem.problem import Problem
from scheduler.problem.rotation import AWAY, LEAVE, VACATION, Rotation

#: What a rotation has that says no colour.
_NO_COLOUR = Rotation("", "").colour
#: For programs that say no colour at all: soft, easily told from one another.
_PALETTE = (
    "9DC3E6", "F4B183", "A9D18E", "FFD966", "C9A0DC", "8FD3D1", "F8A5A5", "B4C7A3",
    "D6B48C", "A7B8E8", "E6D28A", "C5E0B4", "F0B8D9", "9FBFBF", "D9C2B0", "B8B8E0",
)  # fmt: skip

OVERLAYS = {
    VACATION: ("Vacation", "FFF59D"),
    LEAVE: ("Leave", "D7CCC8"),
    AWAY: ("Not here (other department, before or after)", "EDEDED"),
}

#: What a public workbook shows instead of vacation and leave.
OFF = "OFF"
OFF_ENTRY = ("Off", "E0E0E0")


@dataclass(frozen=True, slots=True)
class Entry:
    """One code; ``colour`` is hex RRGGBB."""

    code: str
    name: str
    tags: tuple[str, ...]
    colour: str

    @property
    def font_colour(self) -> str:
        """Black or white, whichever reads better on the colour; pale where nobody is there."""
        if self.code == AWAY:
            return "A6A6A6"
        red, green, blue = (int(self.colour[i : i + 2], 16) for i in (0, 2, 4))
        return "000000" if 299 * red + 587 * green + 114 * blue > 135_000 else "FFFFFF"


def legend(problem: Problem) -> tuple[Entry, ...]:
    """Every rotation in the program's order, then VAC, LEAVE and AWAY."""
    rotations = list(problem.rotations.values())
    plain = all(rotation.colour == _NO_COLOUR for rotation in rotations)
    entries = [
        Entry(
            rotation.code,
            rotation.name,
            tuple(sorted(rotation.tags)),
            _PALETTE[number % len(_PALETTE)] if plain else rotation.colour.upper(),
        )
        for number, rotation in enumerate(rotations)
    ]
    overlays = [
        Entry(code, name, (), colour)
        for code, (name, colour) in OVERLAYS.items()
        if code not in problem.rotations
    ]
    return (*entries, *overlays)


def public_legend(problem: Problem) -> tuple[Entry, ...]:
    """The legend with OFF instead of VAC and LEAVE."""
    entries = [one for one in legend(problem) if one.code not in (VACATION, LEAVE)]
    if OFF not in problem.rotations:
        name, colour = OFF_ENTRY
        entries.append(Entry(OFF, name, (), colour))
    return tuple(entries)
