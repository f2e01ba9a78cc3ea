"""Keys of the schedule are changed in a campaign file's own text; everything else, comments included, stays as it is."""

import re
from collections.abc import Iterable, Mapping

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode

from mailaudit.errors import refused
from mailaudit.location import Location

_KEY = "schedule"
_COMMENT = re.compile(r"(?<=\s)#.*")
_Pair = tuple[ScalarNode, Node]


def with_schedule(text: str, display: str, changes: Mapping[str, str | None]) -> str:
    """Return the text with other values under `schedule`; `None` takes a key away.

    `text` is a file that loads, its lines ended by line feeds, and the values are YAML. Raises `InputError` where the
    schedule is not written out in this file as a mapping (an alias, a merge).
    """
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(root, MappingNode):
        raise refused("the file holds no keys with values", Location(display))
    pairs: list[tuple[Node, Node]] = root.value
    name, found = next(((name, node) for name, node in pairs if name.value == _KEY), (None, None))
    wanted = {name: value for name, value in changes.items() if value is not None}
    if name is None or found is None:
        return _with_section(text, root, wanted)
    if not isinstance(found, MappingNode):
        begin, end = _span(found)
        return _replaced(text, [((begin, end), (" " if text[begin - 1] == ":" else "") + _flow(wanted))])
    if found.start_mark.index < name.end_mark.index or _is_shared(found):
        where = Location(display, found.start_mark.line + 1, found.start_mark.column + 1)
        raise refused("schedule: is written elsewhere in the file", where, "write it out under schedule")
    return _replaced(text, _edits(text, found, changes))


def _is_shared(section: MappingNode) -> bool:
    return any(name.value == "<<" for name, _ in section.value)


def _edits(
    text: str, section: MappingNode, changes: Mapping[str, str | None]
) -> Iterable[tuple[tuple[int, int], str]]:
    pairs: list[_Pair] = [(name, node) for name, node in section.value if isinstance(name, ScalarNode)]
    written = {name.value for name, _ in pairs}
    kept = [pair for pair in pairs if changes.get(pair[0].value, "") is not None]
    added = {name: value for name, value in changes.items() if value is not None and name not in written}
    for name, node in kept:
        value = changes.get(name.value)
        if value is not None and _plain(node) != value:
            yield _span(node), value
    gone = [pair for pair in pairs if pair not in kept]
    if section.flow_style:
        yield from _flow_edits(text, section, gone, kept, added)
    else:
        yield from _block_edits(text, pairs, gone, added)


def _flow_edits(
    text: str, section: MappingNode, gone: list[_Pair], kept: list[_Pair], added: Mapping[str, str]
) -> Iterable[tuple[tuple[int, int], str]]:
    """Put new keys in the places of those that go, so that commas stay right, and the rest at the end."""
    left = dict(added)
    for name, node in gone:
        if left:
            new = next(iter(left))
            yield (name.start_mark.index, node.end_mark.index), f"{new}: {left.pop(new)}"
        else:
            yield _with_comma(text, (name.start_mark.index, node.end_mark.index)), ""
    if left:
        last = max((node.end_mark.index for _, node in (*kept, *gone)), default=section.start_mark.index + 1)
        yield (last, last), (", " if kept or gone else "") + _pairs(left)


def _block_edits(
    text: str, pairs: list[_Pair], gone: list[_Pair], added: Mapping[str, str]
) -> Iterable[tuple[tuple[int, int], str]]:
    left = dict(added)
    for name, node in gone:
        begin, end = name.start_mark.index, _content_end(node)
        indent = " " * name.start_mark.column
        comments = [f"\n{indent}{comment}" for comment in _COMMENT.findall(text[begin:end])]
        new = next(iter(left), None)
        if new is not None:
            yield (begin, end), "".join((f"{new}: {left.pop(new)}", *comments))
            continue
        stop = text.find("\n", end)
        rest = text[end : len(text) if stop < 0 else stop].strip()
        if rest or comments:
            yield (begin, end + len(text[end:]) - len(text[end:].lstrip(" "))), "".join(comments).lstrip()
        else:
            yield (text.rfind("\n", 0, begin) + 1, len(text) if stop < 0 else stop + 1), ""
    if left:
        last, node = pairs[-1]
        indent = " " * last.start_mark.column
        stop = text.find("\n", _content_end(node))
        place = len(text) if stop < 0 else stop
        yield (place, place), "".join(f"\n{indent}{name}: {value}" for name, value in left.items())


def _content_end(node: Node) -> int:
    """Return where a value ends; the mark of a block mapping stands where the next thing begins."""
    if isinstance(node, MappingNode) and not node.flow_style and node.value:
        return _content_end(node.value[-1][1])
    return int(node.end_mark.index)


def _with_comma(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """Take the comma behind a pair along, or the one before it when the pair is the last."""
    begin, end = span
    after = end + len(text[end:]) - len(text[end:].lstrip(" "))
    if text[after : after + 1] == ",":
        rest = text[after + 1 :]
        return begin, after + 1 + len(rest) - len(rest.lstrip(" "))
    before = text[:begin].rstrip(" ")
    return (len(before) - 1 if before.endswith(",") else begin), end


def _with_section(text: str, root: MappingNode, wanted: Mapping[str, str]) -> str:
    if root.flow_style:
        place = root.end_mark.index - 1
        return f"{text[:place].rstrip()}, {_KEY}: {_flow(wanted)}{text[place:]}"
    end = "" if text.endswith("\n") or not text else "\n"
    return f"{text}{end}{_KEY}: {_flow(wanted)}\n"


def _flow(values: Mapping[str, str]) -> str:
    return "{" + _pairs(values) + "}"


def _pairs(values: Mapping[str, str]) -> str:
    return ", ".join(f"{name}: {value}" for name, value in values.items())


def _plain(node: Node) -> str | None:
    return str(node.value) if isinstance(node, ScalarNode) else None


def _span(node: Node) -> tuple[int, int]:
    return int(node.start_mark.index), int(node.end_mark.index)


def _replaced(text: str, edits: Iterable[tuple[tuple[int, int], str]]) -> str:
    for (begin, end), new in sorted(edits, reverse=True):
        text = text[:begin] + new + text[end:]
    return text
