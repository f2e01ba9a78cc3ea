"""Tells many problems with one cause as one, so that forty addresses of one pool are not forty findings."""

from collections.abc import Iterable

from msgspec.structs import replace

from mailaudit.checks.finding import Evidence, Problem

_FEW = 3
"""So many problems of one cause are told one by one."""

_NAMED = 3
_LISTED = 20


def merged(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems in their order, those of one cause and severity as one when they are more than three.

    A problem that proposes a change stays alone: the change is for its subject.
    """
    found = list(problems)
    groups: dict[tuple[object, ...], list[Problem]] = {}
    for place, one in enumerate(found):
        alone = not one.cause or one.fix.change is not None
        key = (place,) if alone else (one.cause, one.severity, one.confidence)
        groups.setdefault(key, []).append(one)
    return [told for group in groups.values() for told in (group if len(group) <= _FEW else [_one(group)])]


def _one(group: list[Problem]) -> Problem:
    first, others = group[0], [one.subject for one in group[1:]]
    named = ", ".join(others[:_NAMED])
    more = f" and {len(others) - _NAMED} more" if len(others) > _NAMED else ""
    return replace(
        first,
        message=f"{first.message} The same holds for {named}{more}.",
        evidence=(*first.evidence, Evidence("the same holds for", ", ".join(others[:_LISTED]))),
        discriminator=f"cause {first.cause}",
    )
