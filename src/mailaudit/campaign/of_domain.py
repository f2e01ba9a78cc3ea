"""A domain without a campaign file, audited as the sender of a campaign of which nothing else is known."""

import hashlib
import re
from pathlib import Path

from mailaudit.campaign.values.names import parse_mailbox
from mailaudit.campaign.yaml.source import Source
from mailaudit.errors import refused
from mailaudit.reach.yaml.document import Document, Plain
from mailaudit.reach.yaml.unusable import Unusable

# As people write it: also the address of a mailbox or of a web site.
_LOOKS_LIKE = re.compile(r"(?!-)(?:https?://|[^\s/\\@:]+@)?(?P<name>[^\s/\\@:.]+(?:\.[^\s/\\@:.]+)+)\.?/?")
_FILES = (".yml", ".yaml", ".json", ".txt", ".csv")


class Domain(str):
    """The name of a domain, where a campaign file is expected."""

    __slots__ = ()


def as_domain(given: str) -> Domain | None:
    """Return the domain that was given, also as an address or a URL; nothing when it looks like the name of a file."""
    found = None if given.lower().endswith(_FILES) else _LOOKS_LIKE.fullmatch(given)
    return Domain(found["name"]) if found else None


def read_domain(domain: Domain) -> tuple[Document, Source]:
    """Return the file of a campaign that is sent as an address of the domain; raises `InputError` for what is no domain."""
    author = f"News <news@{domain}>"
    try:
        parse_mailbox(author)
    except Unusable as error:
        raise refused(f"{domain}: {error.what}", todo="give a domain or a campaign file") from error
    digest = hashlib.sha256(author.encode()).hexdigest()
    data: Plain = {"name": str(domain), "from": author}
    return Document(data, {}, ()), Source(Path(domain).absolute(), str(domain), digest, {})
