"""What pydantic found becomes complaints with key, line and what to do."""

from collections.abc import Iterator
from typing import Any, get_args, get_origin

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from mailaudit.campaign.section import Part
from mailaudit.campaign.yaml.source import Source
from mailaudit.errors import Complaint
from mailaudit.reach.yaml.unusable import Unusable, spelled, suggestion

MAX_COMPLAINTS = 100
_SHAPES = {
    "model_type": "keys with values are expected here",
    "model_attributes_type": "keys with values are expected here",
    "tuple_type": "a list is expected here",
}

Loc = tuple[int | str, ...]


def complaints_of(error: ValidationError, model: type[Part], source: Source) -> Iterator[Complaint]:
    """Yield a complaint for each problem that pydantic found, in line order, and at most one too many."""
    in_order = sorted(
        _flat(error), key=lambda problem: source.places.get(_dotted(_written(problem[0], source)), (0, 0))
    )
    # One more than are shown, so that the reader learns that there are more.
    for loc, kind, cause in in_order[: MAX_COMPLAINTS + 1]:
        yield _complaint(loc, kind, cause, model, source)


def conflict_complaint(conflict: Unusable, part: str, source: Source) -> Complaint:
    """Return the complaint about keys of one part that do not go together."""
    loc: Loc = (part, conflict.key) if conflict.key else (part,)
    return Complaint(f"{spelled(loc)}: {conflict.what}", source.where(_dotted(loc)), conflict.todo)


def _flat(error: ValidationError) -> Iterator[tuple[Loc, str, object]]:
    for problem in error.errors(include_url=False, include_input=False):
        yield problem["loc"], problem["type"], problem.get("ctx", {}).get("error", problem["msg"])


def _complaint(loc: Loc, kind: str, cause: object, model: type[Part], source: Source) -> Complaint:
    if isinstance(cause, Unusable):
        loc = _written(loc, source)
        if cause.key:
            loc = (*loc, cause.key)
        what, todo = cause.what, cause.todo
    elif kind == "extra_forbidden":
        what, todo = "unknown key", _known_keys(loc, model)
    elif kind == "missing":
        empty = source.holds(_dotted(loc))
        what, todo = "has no value" if empty else "is missing", _example(loc, model)
    else:
        loc = _written(loc, source)
        what, todo = _SHAPES.get(kind, str(cause)), _example(loc, model)
    return Complaint(f"{spelled(loc)}: {what}", source.where(_dotted(loc)), todo)


def _written(loc: Loc, source: Source) -> Loc:
    """Cut what pydantic adds: the index of a single value that stands for a list, the `eml` of a message."""
    while loc and not source.holds(_dotted(loc)):
        loc = loc[:-1]
    return loc


def _dotted(loc: Loc) -> str:
    return ".".join(str(part) for part in loc)


def _known_keys(loc: Loc, model: type[Part]) -> str:
    part, name = _part_at(loc[:-1], model), str(loc[-1])
    keys = part.key_names() if part else {}
    if name.isdigit() and len(name) == len("000"):
        return "write a number without separators, such as 2000"
    return suggestion(name, keys) or _elsewhere(name, model) or f"known keys here: {', '.join(keys)}"


def _elsewhere(name: str, model: type[Part]) -> str | None:
    """Find a key that stands at the wrong level."""
    if name in model.key_names():
        return f"did you mean {name} at the top level?"
    for section in model.key_names():
        part = _part_at((section,), model)
        if part and name in part.key_names():
            return f"did you mean {section}.{name}?"
    return None


def _example(loc: Loc, model: type[Part]) -> str | None:
    part = _part_at(loc[:-1], model)
    info = _field(part, loc[-1]) if part and loc else None
    if info is None or not info.examples:
        return None
    key_name = loc[-1]
    return f"write for example {key_name}: {_yaml(info.examples[0])}"


def _yaml(example: Any) -> str:
    if isinstance(example, dict):
        return "{" + ", ".join(f"{key}: {_yaml(value)}" for key, value in example.items()) + "}"
    if isinstance(example, list):
        return "[" + ", ".join(_yaml(value) for value in example) + "]"
    return str(example)


def _part_at(loc: Loc, model: type[Part]) -> type[Part] | None:
    part: type[Part] | None = model
    for step in loc:
        if isinstance(step, str) and part is not None:
            info = _field(part, step)
            part = next(_parts(info.annotation), None) if info else None
    return part


def _field(part: type[Part], key: int | str) -> FieldInfo | None:
    name = part.key_names().get(str(key))
    return part.model_fields[name] if name else None


def _parts(annotation: Any) -> Iterator[type[Part]]:
    if isinstance(annotation, type) and issubclass(annotation, Part):
        yield annotation
    elif get_origin(annotation) is not None:
        for argument in get_args(annotation):
            yield from _parts(argument)
