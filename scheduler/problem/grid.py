"""Grids: how the year of one group of residents is cut into blocks; knows no residents."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Block:
    """A run of whole parts that takes one rotation.

    ``index`` counts from 0 within the grid.  ``assigned`` is the rotation's code
    where the grid itself fixes it (the clinic weeks of an X+Y pattern).
    """

    index: int
    parts: tuple[int, ...]
    assigned: str | None = None

    @property
    def number(self) -> int:
        return self.index + 1


@dataclass(frozen=True)
class Grid:
    """The blocks of one group; together they cover every part of the year in order."""

    name: str
    blocks: tuple[Block, ...]

    @cached_property
    def block_at(self) -> tuple[int, ...]:
        """For each part index, the index of its block."""
        return tuple(block.index for block in self.blocks for _ in block.parts)
