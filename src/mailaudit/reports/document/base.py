"""What every part of the JSON report is made of."""

from datetime import date
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict


def whole(value: Any) -> Any:
    """Replace lone surrogates, which no encoding can write, by U+FFFD; leave everything else as it is."""
    if isinstance(value, str) and not value.isascii():
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return value


def instant(value: Any) -> Any:
    """Write an instant or a day as ISO 8601; leave everything else as it is."""
    return value.isoformat() if isinstance(value, date) else value


def share(value: Any) -> Any:
    """Round a fraction to six digits; leave everything else as it is."""
    return round(value, 6) if isinstance(value, float) else value


Text = Annotated[str, BeforeValidator(whole)]
"""Text of any origin: whatever the world wrote becomes text that UTF-8 can carry."""
Instant = Annotated[Text, BeforeValidator(instant)]
Share = Annotated[float, BeforeValidator(share)]


_ABSENT = object()


class Part(BaseModel):
    """An object of the report: immutable; keys of a later minor version are read over."""

    model_config = ConfigDict(frozen=True, extra="ignore", from_attributes=True)

    @classmethod
    def of(cls, observed: object, **told: Any) -> Self:
        """Return the part that tells of an observed value: each key is what is `told`, or the attribute of its name."""
        read = {
            name: value
            for name in cls.__pydantic_fields__
            if name not in told and (value := getattr(observed, name, _ABSENT)) is not _ABSENT
        }
        return cls.model_validate(read | told)
