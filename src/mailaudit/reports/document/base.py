"""What every part of the JSON report is made of."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict


def whole(value: Any) -> Any:
    """Replace lone surrogates, which no encoding can write, by U+FFFD; leave everything else as it is."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return value


Text = Annotated[str, BeforeValidator(whole)]
"""Text of any origin: whatever the world wrote becomes text that UTF-8 can carry."""


class Part(BaseModel):
    """An object of the report: immutable; keys of a later minor version are read over."""

    model_config = ConfigDict(frozen=True, extra="ignore")
