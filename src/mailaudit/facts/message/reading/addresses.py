"""Take an address field apart as receivers do: on the raw value, before anything is decoded (RFC 5322, section 3.4)."""

import re
from collections.abc import Iterator

from msgspec import Struct

_TOKEN = re.compile(
    r"\"(?:[^\"\\]|\\.)*\"?|\((?:[^()\\]|\\.)*\)?|=\?[^?\s]{1,60}\?[bBqQ]\?[^?]*\?=|<[^>]*>?|[,:;]|[^\s\",:;<>()]+|\s+|.",
    re.DOTALL,
)
# Compiled when it is first used, for a run without a message needs none.
_ADDRESS = (
    r"(?:(?!\.)(?:[^\s@<>\"(),:;\\.]|\.(?![.@])){1,64}|\"[^\"]{1,64}\")@"
    r"(?:(?:(?!-)[A-Za-z0-9\-\u0080-\U0010ffff]{1,63}\.)+[A-Za-z0-9\-\u0080-\U0010ffff]{2,63}\.?|\[[0-9A-Fa-f.:IPv]{3,50}\])"
)


class MailboxText(Struct, frozen=True):
    """One entry of an address field: the address as written; `is_whole` is false for brackets that are open or doubled."""

    address: str
    is_whole: bool = True

    @property
    def is_valid(self) -> bool:
        """Whether it has a local part and a domain, and nothing else."""
        return re.fullmatch(_ADDRESS, self.address) is not None


def mailboxes(raw: bytes) -> list[MailboxText]:
    """Return the entries of a raw field value, those of groups included; empty ones are left out."""
    return [found for tokens in _entries(raw.decode("utf-8", "replace")) if (found := _mailbox(tokens))]


def has_group(raw: bytes) -> bool:
    """Say whether a colon outside quotation marks and brackets makes a group of a raw field value."""
    return ":" in _TOKEN.findall(raw.decode("utf-8", "replace"))


def _entries(value: str) -> Iterator[list[str]]:
    entry: list[str] = []
    for token in _TOKEN.findall(value):
        if token in {",", ";"}:
            yield entry
            entry = []
        elif token[0] == ":":
            entry = []  # the name of a group is no mailbox
        elif not token.startswith("("):
            entry.append(token)
    yield entry


def _mailbox(tokens: list[str]) -> MailboxText | None:
    within = [token for token in tokens if token.startswith("<")]
    if within:
        rest = "".join(tokens[tokens.index(within[-1]) + 1 :]).strip()
        is_whole = len(within) == 1 and within[0].endswith(">") and not rest
        return MailboxText(within[-1].strip("<> \t\r\n"), is_whole=is_whole)
    text = "".join(tokens).strip()
    return MailboxText(text) if text else None
