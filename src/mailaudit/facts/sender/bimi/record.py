"""BIMI records as text (draft-brand-indicators-for-message-identification, section 4.2): errors are listed."""

import re

from mailaudit.facts.sender.tags import read_tags
from mailaudit.facts.sender.versioned import VersionedRecord

_LOGO_URI = re.compile(r"https://[^\s/;,]+\.[^\s/;,]+/\S*\.svg(?:\.?gz)?", re.IGNORECASE)
_CERTIFICATE_URI = re.compile(r"https://[^\s/;,]+\.[^\s/;,]+/\S+", re.IGNORECASE)


def bimi_errors(text: str) -> tuple[str, ...]:
    """Return what is wrong with a BIMI record; empty `l=` and `a=` decline to show a logo."""
    tags = read_tags(text, fold=True)
    errors = list(tags.faults)
    if tags.get("v") != "BIMI1":
        errors.append("v= must be BIMI1, in exactly these letters")
    logo, certificate = tags.values.get("l"), tags.get("a")
    if logo is None:
        errors.append("l=, the address of the logo, is missing")
    elif logo and not _LOGO_URI.fullmatch(logo):
        errors.append("l= must be the https: address of an SVG file")
    if certificate and not _CERTIFICATE_URI.fullmatch(certificate):
        errors.append("a= must be the https: address of a certificate")
    return tuple(errors)


def bimi_addresses(record: VersionedRecord) -> tuple[str | None, str | None]:
    """Return where the logo and its certificate lie; nothing where the record names none, or is broken."""
    if len(record.texts) != 1 or record.errors:
        return None, None
    tags = read_tags(record.texts[0], fold=True)
    return tags.get("l") or None, tags.get("a") or None
