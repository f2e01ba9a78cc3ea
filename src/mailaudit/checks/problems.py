"""What one check finds: on each of its subjects, and in every sample of a dry run."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from mailaudit.checks.finding import Evidence, Problem, Unverified
from mailaudit.checks.registry import Check
from mailaudit.facts.facts import Facts
from mailaudit.facts.observed import CannotJudge, NotApplicable, NotGiven, Unavailable

_NAMED = 3
_FIGURES = re.compile(r"\d[\d.,]*")


def problems_of(declared: Check, facts: Any) -> tuple[list[Problem], tuple[Unverified, ...]]:
    """Return what a check finds, and what it could not verify; raises `CannotJudge` when there is nothing to judge.

    Checks of the message judge each sample of a dry run; what several samples have in common is told once. Their problems
    stand in the message's file, but for those that name a place.
    """
    if declared.family != "message":
        return _collect(declared, facts)
    seen = _views(facts)
    if len(seen) == 1:
        return _in_message(declared, facts)
    found: list[tuple[str, list[Problem]]] = []
    unverified: list[Unverified] = []
    not_judged: list[CannotJudge] = []
    for view in seen:
        name = view.message.path
        try:
            problems, unknown = _in_message(declared, view)
        except CannotJudge as honest:
            not_judged.append(honest)
            if isinstance(honest, Unavailable):
                unverified.append(Unverified(name, honest.reason))
            continue
        found.append((name, problems))
        unverified += unknown
    if not found:
        raise next((one for one in not_judged if isinstance(one, Unavailable)), not_judged[0])
    return told_once(found, len(seen)), tuple(unverified)


def _in_message(declared: Check, facts: Facts) -> tuple[list[Problem], tuple[Unverified, ...]]:
    problems, unverified = _collect(declared, facts)
    placed = [one if one.location else replace(one, location=facts.message.where()) for one in problems]
    return placed, unverified


def _collect(declared: Check, facts: Any) -> tuple[list[Problem], tuple[Unverified, ...]]:
    if declared.subjects is None:
        return _until_unavailable(declared.judge(facts))
    problems: list[Problem] = []
    unverified: list[Unverified] = []
    not_judged: list[NotApplicable | NotGiven] = []
    subjects = list(declared.subjects(facts))
    for subject in subjects:
        try:
            problems.extend(declared.judge(facts, subject))
        except Unavailable as unavailable:
            unverified.append(Unverified(str(subject), unavailable.reason))
        except (NotApplicable, NotGiven) as reason:
            not_judged.append(reason)
    if not subjects:
        raise NotApplicable("the campaign has nothing to which this check applies")
    if len(not_judged) == len(subjects):
        raise not_judged[0]
    return problems, tuple(unverified)


def _until_unavailable(problems: Iterable[Problem]) -> tuple[list[Problem], tuple[Unverified, ...]]:
    """Keep what was found before the first fact that is unavailable."""
    kept: list[Problem] = []
    iterator: Iterator[Problem] = iter(problems)
    try:
        kept.extend(iterator)  # a list keeps what it took before the iterator raised
    except Unavailable as unavailable:
        if not kept:
            raise
        return kept, (Unverified(None, unavailable.reason),)
    return kept, ()


def _views(facts: Facts) -> list[Facts]:
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
