"""Tells from its name what kind of machine or line an address is."""

from mailaudit.knowledge import load
from mailaudit.knowledge.names import MAX_NAME, normal
from mailaudit.knowledge.types.software import HeloPattern, ReversePattern


def reverse_name_kind(name: str, registrable: str = "") -> ReversePattern | None:
    """Return the shape of a reverse name, the most telling first; nothing for a name like any mail server's.

    A name of a mailbox service or a hosting company outranks a generic shape. A name that holds a word such as
    `static` or `mail` is no access line, unless it lies under a domain that is known for access lines. Words are
    looked for left of the `registrable` domain: in that one they belong to a company's name.
    """
    wanted = normal(name)[-MAX_NAME:]
    left = wanted.removesuffix(normal(registrable)) if registrable else wanted
    known = load.software()
    found = [
        pattern
        for pattern in known.reverse_patterns
        if pattern.pattern.search(wanted if _names_a_domain(pattern) else left)
    ]
    if known.lowering.search(left):
        found = [p for p in found if p.kind != "access-line" or _names_a_domain(p)]
    rank = {"mailbox": 0, "access-line": 1, "hosting": 2, "generic": 3}
    return min(found, key=lambda pattern: (rank[pattern.kind], -pattern.weight), default=None)


def _names_a_domain(pattern: ReversePattern) -> bool:
    return pattern.pattern.text.endswith("$")


def helo_shape(name: str) -> HeloPattern | None:
    """Return the distrusted shape of a HELO name, the worst first; nothing when the name is in order."""
    wanted = normal(name)[:MAX_NAME]
    found = [pattern for pattern in load.software().helo_patterns if pattern.pattern.search(wanted)]
    return max(found, key=lambda pattern: pattern.weight, default=None)
