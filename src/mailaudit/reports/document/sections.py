"""The sections of `facts` that the rooms write, each in the module of its name."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any, cast

from pydantic import BaseModel, JsonValue

ROOMS = ("sender", "recipients", "volume", "message", "capture")


def section(room: str, observed: Any) -> dict[str, JsonValue] | None:
    """Return what a room says in the report; nothing when it observed nothing."""
    if observed is None:
        return None  # a room's types take long to define: they are not for campaigns without its input
    module = _module(room)
    if module is None:
        return None
    written = getattr(module, f"{room}_section")(observed)
    return cast("dict[str, JsonValue]", written.model_dump(mode="json"))


def section_type(room: str) -> type[BaseModel] | None:
    """Return the type of a room's section."""
    module = _module(room)
    return cast("type[BaseModel]", getattr(module, f"{room.capitalize()}Section")) if module else None


@cache
def _module(room: str) -> ModuleType | None:
    name = f"{__package__}.{room}"
    return import_module(name) if find_spec(name) else None
