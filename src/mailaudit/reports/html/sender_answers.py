"""The DNS answers about the sender, without those about the recipients' domains."""

from collections.abc import Iterator
from typing import Any

from mailaudit.reports.document.dns import AnswerEntry
from mailaudit.reports.document.types import Document

# All that is asked of a recipient domain.
_OF_RECIPIENTS = frozenset({"MX", "A", "AAAA"})


def sender_answers(document: Document) -> tuple[AnswerEntry, ...]:
    """Return the answers about the sender's names, and about those to which these lead."""
    answers = document.facts.dns.answers
    known = {_bare(name) for name in _names(document.facts.sender)} | {_bare(document.campaign.from_domain)}
    known |= {_bare(term.domain) for term in document.facts.spf_tree}
    known.discard("")
    while True:
        kept = [answer for answer in answers if answer.type not in _OF_RECIPIENTS or _is_of(answer.name, known)]
        found = {_bare(word) for answer in kept for record in answer.records for word in record.split()} & {
            _bare(answer.name) for answer in answers
        }
        if found <= known:
            return tuple(kept)
        known |= found


def _names(value: Any) -> Iterator[str]:
    """Yield every text of the facts about the sender that may be a name."""
    if isinstance(value, str):
        if "." in value and " " not in value:
            yield value.rpartition("@")[2]
    elif isinstance(value, dict):
        for part in value.values():
            yield from _names(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _names(part)


def _is_of(name: str, known: set[str]) -> bool:
    labels = _bare(name).split(".")
    return any(".".join(labels[place:]) in known for place in range(len(labels) - 1))


def _bare(name: str) -> str:
    return name.strip('."').lower()
