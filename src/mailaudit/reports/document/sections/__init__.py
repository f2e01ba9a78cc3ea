"""The sections of `facts` that the rooms write, each in the module of its name."""

from importlib import import_module
from typing import Any, cast

from pydantic import BaseModel, JsonValue

ROOMS = ("sender", "recipients", "volume", "message", "capture")


def section(room: str, observed: Any) -> dict[str, JsonValue] | None:
    """Return what a room says in the report; nothing when it observed nothing."""
    if observed is None:
        return None  # a room's types take long to define: they are not for campaigns without its input
    written = getattr(import_module(f"{__name__}.{room}"), f"{room}_section")(observed)
    return cast("dict[str, JsonValue]", written.model_dump(mode="json"))


def section_type(room: str) -> type[BaseModel]:
    """Return the type of a room's section."""
    return cast("type[BaseModel]", getattr(import_module(f"{__name__}.{room}"), f"{room.capitalize()}Section"))
