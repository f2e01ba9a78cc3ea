"""The few technical words that a report cannot do without, each explained once."""

import re

from mailaudit.reports.content import ranking
from mailaudit.reports.document.types import Document

_MEANINGS = {
    "SPF": "a DNS record that names the servers which may send for a domain",
    "DKIM": "a signature on every mail, checked with a key in the sender's DNS",
    "DMARC": "a DNS record that asks for SPF or DKIM in the name of the From address, and says what to do with the rest",
    "MAIL FROM": "the address that gets the bounces; readers do not see it",
    "HELO": "the name with which a sending server introduces itself",
    "PTR": "the name of an IP address (reverse DNS)",
    "reverse name": "the name of an IP address (reverse DNS)",
    "MX": "a DNS record that names the servers which receive a domain's mail",
}


def terms(document: Document) -> list[tuple[str, str]]:
    """Return the technical words of the findings that count, each with its meaning in a few words."""
    said = "\n".join(item.finding.message for item in ranking.items(document))
    found: dict[str, str] = {}
    for term, meaning in _MEANINGS.items():
        if meaning not in found.values() and re.search(rf"\b{term}\b", said):
            found[term] = meaning
    return list(found.items())
