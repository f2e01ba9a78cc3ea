"""What every mapping of the campaign file has in common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

from mailaudit.campaign.unusable import Unusable


class Part(BaseModel):
    """A mapping of the campaign file: immutable, and strict about its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    @classmethod
    def conflicts(cls, given: Mapping[str, object]) -> Iterator[Unusable]:
        """Yield what is wrong with the set of keys that are given, whatever their values are."""
        yield from ()

    @model_validator(mode="before")
    @classmethod
    def _drop_empty(cls, data: object) -> object:
        # `platform:` without a value says nothing, like a key that is left out.
        if not isinstance(data, dict):
            return data
        return {key: value for key, value in data.items() if value is not None or key not in cls.keys()}

    @model_validator(mode="after")
    def _without_conflicts(self) -> Self:
        given = {self.keys_by_field()[name]: getattr(self, name) for name in self.model_fields_set}
        for conflict in self.conflicts({key: value for key, value in given.items() if value is not None}):
            raise conflict
        return self

    @classmethod
    def keys_by_field(cls) -> dict[str, str]:
        """Return the key in the file of each field."""
        return {name: info.alias or name for name, info in cls.model_fields.items()}

    @classmethod
    def keys(cls) -> tuple[str, ...]:
        """Return the keys that the file may hold here."""
        return tuple(cls.keys_by_field().values())
