"""Read the date of a header field by the grammar of e-mail (RFC 5322, sections 3.3 and 4.3)."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_DAY = (
    r"\s*(?:(?:mon|tue|wed|thu|fri|sat|sun)\s*,)?\s*\d{1,2}\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\s+"
    r"(?:\d{4}|\d{2,3})\s+"
)
_EXACT = re.compile(
    _DAY + r"\d{2}\s*:\s*\d{2}(?:\s*:\s*\d{2})?\s+(?:[+\-]\d{4}|(?![ap]m\b)[a-z]{1,5})\s*(?:\([^()]{0,60}\)\s*)?",
    re.IGNORECASE,
)
# What every mailbox reads all the same: an hour of one digit, a zone that is missing, a comment anywhere.
_LOOSE = re.compile(
    _DAY + r"\d{1,2}\s*:\s*\d{2}(?:\s*:\s*\d{2})?(?:\s+(?:[+\-]?\d{4}|(?![ap]m\b)[a-z]{1,5}))?\s*", re.IGNORECASE
)
_COMMENT = re.compile(r"\([^()]*\)")
_LONGEST = 200


def is_exact_date(value: str) -> bool:
    """Say whether a date is written to the letter of the grammar."""
    return len(value) <= _LONGEST and _EXACT.fullmatch(value) is not None


def read_date(value: str) -> datetime | None:
    """Return the moment that a Date field names, in UTC where it names no zone; nothing when it is no date of e-mail."""
    plain = _COMMENT.sub(" ", value) if len(value) <= _LONGEST else ""
    if not _LOOSE.fullmatch(plain):
        return None
    try:
        moment = parsedate_to_datetime(plain)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError):
        return None
