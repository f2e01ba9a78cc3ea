"""A YAML file as plain data that knows on which line everything stands, however hostile the file is."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from mailaudit.errors import Complaint, InputError, refused
from mailaudit.location import Location

Step = str | int
Steps = tuple[Step, ...]
MAX_BYTES = 4_000_000
_MAX_DEPTH = 12
_CORE = "tag:yaml.org,2002:"
_TAGS = frozenset({"map", "seq", "str", "int", "float", "bool", "null", "timestamp", "merge", "value"})


class YamlFile(Struct, frozen=True):
    """The mapping that a file holds; `root` is its tree with places, `mistakes` what is wrong with its form."""

    path: Path
    data: dict[str, Any]
    root: Any
    mistakes: tuple[Complaint, ...] = ()

    def where(self, steps: Steps) -> Location:
        """Return the place of an entry, or of its nearest parent that is written; a text step finds a list's row by `id`."""
        node, mark = self.root, self.root.start_mark
        for step in steps:
            child = _child(node, step)
            if child is None:
                break
            node, mark = child
        return Location(str(self.path), mark.line + 1, mark.column + 1)


def octets_of(path: Path) -> bytes:
    """Return the content of a knowledge file; raises `InputError` when it cannot be read or is far too large."""
    try:
        with path.open("rb") as file:
            octets = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise refused(
            f"cannot be read: {error.strerror}", Location(str(path)), "check the file's rights"
        ) from None
    if len(octets) > MAX_BYTES:
        raise refused("this knowledge file is larger than 4 MB", Location(str(path)), "split or shorten it")
    return octets


def read_yaml(path: Path, octets: bytes) -> YamlFile:
    """Return the mapping in a file; raises `InputError` when it holds none."""
    import yaml  # noqa: PLC0415 - our own files are compiled, so most runs need no YAML here

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        text = octets.decode("utf-8")
        _refuse_depth(yaml.parse(text, Loader=loader), path)
        root: Any = yaml.compose(text, Loader=loader)
        mistakes = tuple(
            Complaint(what, Location(str(path), mark.line + 1, mark.column + 1), todo)
            for what, mark, todo in _mistakes(root)
        )
        data = _constructed(root)
        if not isinstance(data, dict):
            raise InputError(*mistakes)
    except UnicodeDecodeError:
        raise refused("this file is not UTF-8 text", Location(str(path)), "save it as UTF-8") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = Location(str(path), mark.line + 1 if mark else None, mark.column + 1 if mark else None)
        raise refused(f"this is not YAML: {error.problem}", where, "correct the line") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise refused(f"this is not YAML: {error}", Location(str(path)), "correct the file") from None
    return YamlFile(path, data, root, mistakes)


def _constructed(node: Any) -> Any:
    """Return the value of a node; a day that no calendar has, and whatever else is no such thing, stays a text."""
    import yaml  # noqa: PLC0415 - as above

    if node is None:
        return None
    if node.id == "mapping":
        return {key.value: _constructed(value) for key, value in node.value if key.id == "scalar"}
    if node.id == "sequence":
        return [_constructed(item) for item in node.value]
    try:
        return yaml.constructor.SafeConstructor().construct_document(node)
    except (ValueError, yaml.constructor.ConstructorError):
        return node.value


def _refuse_depth(events: Iterator[Any], path: Path) -> None:
    # The C composer walks as deep as the file is nested, and falls off its stack.
    depth = 0
    for event in events:
        kind = type(event).__name__
        depth += kind.endswith("StartEvent") - kind.endswith("EndEvent")
        if depth > _MAX_DEPTH + 2:
            where = Location(str(path), event.start_mark.line + 1, event.start_mark.column + 1)
            raise refused("the file is nested too deeply", where, "see docs/knowledge.md for the format")
        if kind == "AliasEvent":
            where = Location(str(path), event.start_mark.line + 1, event.start_mark.column + 1)
            raise refused(f"`*{event.anchor}` refers to another place of the file", where, "write the value out")


def _mistakes(node: Any, *, top: bool = True) -> Iterator[tuple[str, Any, str]]:
    if node is None or (top and node.id != "mapping"):
        mark = node.start_mark if node else _START
        yield "this file holds no mapping of keys to values", mark, "see docs/knowledge.md for the format"
        return
    if node.tag.removeprefix(_CORE) not in _TAGS:
        yield f"this is not YAML of plain values: {node.tag[:80]}", node.start_mark, "leave the tag out"
        return
    if node.id == "sequence":
        for item in node.value:
            yield from _mistakes(item, top=False)
    if node.id != "mapping":
        return
    seen: set[str] = set()
    for key, value in node.value:
        name = key.value if key.id == "scalar" else ""
        if not name:
            yield "a key must be a word", key.start_mark, "write `key: value`"
        elif name in seen:
            yield f"`{name[:80]}` stands here twice", key.start_mark, "keep one of them"
        seen.add(name)
        yield from _mistakes(value, top=False)


class _Mark(Struct, frozen=True):
    line: int = 0
    column: int = 0


_START = _Mark()


def _child(node: Any, step: Step) -> tuple[Any, Any] | None:
    if node.id == "mapping":
        return next(((value, key.start_mark) for key, value in node.value if key.value == str(step)), None)
    if node.id != "sequence":
        return None
    if isinstance(step, int):
        return (node.value[step], node.value[step].start_mark) if step < len(node.value) else None
    for item in node.value:
        found = _child(item, "id") if item.id == "mapping" else None
        if found and found[0].value == step:
            return item, item.start_mark
    return None
