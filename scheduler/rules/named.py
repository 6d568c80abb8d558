"""What rules about named residents share: they say 'residents' where others say 'who'."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import Field, model_validator

from scheduler.rules.base import Rule
from scheduler.rules.select import Names


class NamedRule(Rule):
    """A rule about some residents together, by their ids."""

    residents: Names = Field(min_length=2, description="the ids of the residents it is about")

    @model_validator(mode="before")
    @classmethod
    def _selects(cls, data: Any) -> Any:
        """The residents named are those that ``who`` selects."""
        if not isinstance(data, dict) or "residents" not in data:
            return data
        if data.get("who"):
            raise ValueError("say 'residents' instead of 'who'")
        return {**data, "who": {"resident": data["residents"], "visitors": "also"}}

    @model_validator(mode="after")
    def _different(self) -> NamedRule:
        if len(set(self.residents)) < len(self.residents):
            raise ValueError("'residents' names somebody twice")
        return self

    def resident_ids(self) -> Iterable[str]:
        return self.residents
