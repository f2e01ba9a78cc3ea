"""TXT records that were meant as a record of ours and that no receiver takes for one: texts to repair.

What each standard demands at the start of a record: RFC 7208, section 4.5; RFC 9989, section 4.7; RFC 6376, section
3.6.1; RFC 8461, section 3.1; RFC 8460, section 3; draft-brand-indicators-for-message-identification.
"""

import re
from collections.abc import Callable, Iterable
from enum import Enum

from mailaudit.facts.dns.answer import Answer, readable

ZONE_LINE = (
    r"(?:[\s\"'\u201c-\u201e]*(?:[\w.@-]+[\s,;]+)?(?:\d+[\s,;]+)?(?:in[\s,;]+)?(?:txt|spf)"
    r"(?=[\s\"'\u201c-\u201e(,;]))?"
)
"""What stands in front of the text in a line of a zone file, which people paste as a whole."""
_HEAD = ZONE_LINE + r"[\W_]*(?:v[\W_]{0,4})?"
_TERM = r"(?:ip(?:v?[46])?|include|redirect|exists|exp|ptr|all|mx|a)"


def _written(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.DOTALL)


class Meant(Enum):
    """What a text looks like: patterns, one of which its beginning matches, whatever follows."""

    SPF = (
        # `spf2.0/` opens a record of Sender ID (RFC 4406), which nobody reads any more: what it names is SPF's (RFC 6686).
        _written(_HEAD + rf"spf2\.0/[a-z,]+\s(?:.*?\s)?[+?~-]?{_TERM}(?<!all)\b"),
        _written(
            _HEAD
            + rf"(?:spf|sfp|psf)[ =:_-]{{0,2}}v?[ =]?[0-9]?(?!\.0/)(?:\W*$|(?:[^\w/-].*?)?[+?~-]?\s?{_TERM}\b)"
        ),
        _written(rf"[\W_]*(?:[+?~-]?{_TERM}(?:[:=/]\S*)?\s+)+[+?~-]all\W*$"),
        _written(ZONE_LINE + r"\W*v=spf1"),
    )
    DMARC = (
        _written(_HEAD + r"d\W?marc\W?[0-9]?(?![a-z0-9-]*=)"),
        _written(r"(?:.*?[;,\s])?p\s*[=:]\s*(?:none|quarantine|reject)\b"),
    )
    DKIM = (
        _written(_HEAD + r"dkim[ _-]?[0-9]?(?![a-z0-9-]*=)"),
        _written(r"(?:.*?[;,\s])?p\s*=[\s\"\\]*[a-z0-9+/][a-z0-9+/=\s\"\\]{40}"),
        _written(r".*?-----BEGIN (?:RSA )?PUBLIC KEY"),
    )
    MTA_STS = (_written(_HEAD + r"sts[ _-]?v?[0-9]"),)
    TLS_RPT = (_written(_HEAD + r"(?:smtp)?tls[ _-]?rpt"),)
    BIMI = (_written(_HEAD + r"bimi[ _-]?[0-9]?(?![a-z0-9-]*=)"),)

    def is_meant_by(self, text: bytes) -> bool:
        """Say whether somebody who published this text meant such a record."""
        shown = re.sub(r"\\(?=\s)", "", text[:_MOST].decode("utf-8", "replace"))
        return any(pattern.match(shown) for pattern in self.value)


_HOST_ALONE = re.compile(
    rb"\W*(?:(?:in\s+)?cname\s+)?((?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)+[a-z]{2,})\W*", re.IGNORECASE
)

# What makes a text recognisable stands at its beginning; the rest of a hostile one need not be read.
_MOST = 1024


def lookalikes(
    texts: Iterable[bytes], meant: Meant, select: Callable[[Iterable[bytes]], tuple[bytes, ...]]
) -> tuple[str, ...]:
    """Return, sorted, the texts that were meant as such a record and that `select`, the receivers' rule, leaves out."""
    ignored = (text for text in texts if meant.is_meant_by(text) and not select([text]))
    return tuple(readable(text) for text in sorted(ignored))


def alias_target(text: bytes) -> str | None:
    """Return the host whose name alone stands in a TXT record, where an alias (CNAME) of it was meant."""
    match = _HOST_ALONE.fullmatch(text)
    return match[1].decode("ascii").lower() if match else None


def alias_as_text(answer: Answer) -> str | None:
    """Return the host of which a name was to be an alias, and whose name stands there in a TXT record."""
    targets = {alias_target(text) for text in answer.texts()} if answer.is_known else set()
    return targets.pop() if len(targets) == 1 else None


def is_sender_id(text: str) -> bool:
    """Say whether a text is a record of Sender ID (RFC 4406, section 3.1)."""
    return text.lower().startswith("spf2.0/")
