"""What every mapping of the campaign file has in common."""

from collections.abc import Iterator, Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from mailaudit.reach.yaml.unusable import Unusable


class Part(BaseModel):
    """A mapping of the campaign file: immutable, and strict about its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    @classmethod
    def conflicts(cls, given: Mapping[str, object]) -> Iterator[Unusable]:
        """Yield what is wrong with the set of keys that are given, whatever their values are."""
        del given
        yield from ()

    @model_validator(mode="before")
    @classmethod
    def _drop_empty(cls, data: object) -> object:
        # `platform:` without a value says nothing, like a key that is left out.
        if not isinstance(data, dict):
            return data
        known = cls.key_names()
        return {name: value for name, value in data.items() if value is not None or name not in known}

    @model_validator(mode="after")
    def _without_conflicts(self) -> Self:
        given = {
            name: getattr(self, field)
            for name, field in self.key_names().items()
            if field in self.model_fields_set
        }
        for conflict in self.conflicts({name: value for name, value in given.items() if value is not None}):
            raise conflict
        return self

    @classmethod
    def key_names(cls) -> dict[str, str]:
        """Return the keys that the file may hold here, each with the name of its field."""
        return {info.alias or name: name for name, info in cls.model_fields.items()}


def key(description: str, *examples: Any, default: Any = None, **more: Any) -> Any:
    """Describe an optional key."""
    return Field(default=default, description=description, examples=list(examples), **more)


def required(description: str, *examples: Any, **more: Any) -> Any:
    """Describe a required key."""
    return Field(description=description, examples=list(examples), **more)
