"""Lets the checks of the message judge every sample of a dry run, and tells once what several samples have in common."""

import re
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from mailaudit.checks.finding import Evidence, Problem
from mailaudit.facts.facts import Facts

_NAMED = 3
_FIGURES = re.compile(r"\d[\d.,]*")


def views(facts: Facts) -> list[Facts]:
    """Return the facts once for each sample, as if it were the only message; what was asked concerns the first."""
    first = facts.message_or_none
    if first is None or not first.others:
        return [facts]
    return [
        replace(facts, message_or_none=replace(first, others=())),
        *(replace(facts, message_or_none=one, probes_or_none=None) for one in first.others),
    ]


def told_once(seen: Iterable[tuple[str, Iterable[Problem]]], samples: int) -> list[Problem]:
    """Return the problems of samples, each told once with the names of those that have it.

    Problems are the same when they have one fingerprint, or concern their whole sample and say the same but for figures.
    """
    groups: dict[tuple[str, str, str], list[tuple[str, Problem]]] = {}
    for name, problems in seen:
        for one in problems:
            about, says = ("", _FIGURES.sub("0", one.message)) if one.subject == name else (one.subject, "")
            groups.setdefault((about, one.discriminator, says), []).append((name, one))
    return [_told(group, samples) for group in groups.values()]


def _told(group: Sequence[tuple[str, Problem]], samples: int) -> Problem:
    # Without a severity of its own a problem has that of its check, which is the worst that it can have.
    worst = max((one for _, one in group), key=lambda one: one.severity.rank if one.severity else 4)
    names = list(dict.fromkeys(name for name, _ in group))
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    told = f"In {len(names)} of {samples} samples of the dry run: {', '.join(names[:_NAMED])}{more}."
    return replace(
        worst, message=f"{worst.message} {told}", evidence=(*worst.evidence, Evidence("samples", ", ".join(names)))
    )
