"""Lists of objects whose lines are `name: value` and may be folded: vCard and LDIF."""

from collections.abc import Iterable, Iterator

from mailaudit.facts.recipients.reading.text_file import MAX_LINE, Line


def unfolded(lines: Iterable[Line]) -> Iterator[tuple[int, str]]:
    """Yield each logical line with its number; one that begins with a blank goes on with the line before it.

    A line that is too long to be held is left out: in these formats it is a picture.
    """
    number, parts, length = 0, list[str](), 0
    for line in lines:
        text = line.text or ""
        if text[:1] in {" ", "\t"} and parts:
            length += len(text)
            if length < MAX_LINE:
                parts.append(text[1:])
            continue
        if parts:
            yield number, "".join(parts)
        number, parts, length = line.number, [text], len(text)
    if parts:
        yield number, "".join(parts)


def put(values: dict[str, str], name: str, value: str) -> None:
    """Add a value under its name, or under `name_2` and so on when there is one already."""
    key, number = name, 2
    while key in values:
        key = f"{name}_{number}"
        number += 1
    values[key] = value
