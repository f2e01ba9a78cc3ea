"""Parameters of MAIL and RCPT, as strict as servers are: SIZE, 8BITMIME, SMTPUTF8, DSN and AUTH, and no others."""

import re

from mailaudit.capture.limits import Bounds
from mailaudit.capture.smtp.replies import BAD_PARAMETER, NOT_ASCII, TOO_LARGE, UNKNOWN_PARAMETER

_XTEXT = r"(?:[!-*,-<>-~]|\+[0-9A-F]{2}){1,500}"
_NOTICE = r"(?:SUCCESS|FAILURE|DELAY)"
# What may stand behind `=`, nothing for a word that has no value: RFC 1870, 6152, 6531, 3461 and 4954.
_OF_MAIL: dict[str, str | None] = {
    "SIZE": r"\d{1,20}",
    "BODY": "7BIT|8BITMIME",
    "SMTPUTF8": None,
    "RET": "FULL|HDRS",
    "ENVID": _XTEXT,
    "AUTH": rf"<>|{_XTEXT}",
}
_OF_RCPT: dict[str, str | None] = {
    "NOTIFY": f"NEVER|{_NOTICE}(?:,{_NOTICE}){{0,2}}",
    "ORCPT": rf"[A-Za-z0-9-]{{1,50}};{_XTEXT}",
}


def fault_of_mail(path: str, written: str, bounds: Bounds, *, extended: bool) -> str | None:
    """Return the refusal that the parameters of MAIL deserve, if any; without EHLO there are none."""
    found = _read(written, _OF_MAIL if extended else {})
    if isinstance(found, str):
        return found
    if int(found.get("SIZE") or 0) > bounds.size:
        return TOO_LARGE
    return None if path.isascii() or "SMTPUTF8" in found else NOT_ASCII


def asks_utf8(written: str) -> bool:
    """Say whether the parameters of MAIL ask for addresses that are not ASCII."""
    return "SMTPUTF8" in written.upper().split()


def fault_of_recipient(path: str, written: str, *, extended: bool, utf8: bool) -> str | None:
    """Return the refusal that a recipient's parameters deserve, if any."""
    found = _read(written, _OF_RCPT if extended else {})
    if isinstance(found, str):
        return found
    return None if path.isascii() or utf8 else NOT_ASCII


def _read(written: str, known: dict[str, str | None]) -> dict[str, str] | str:
    """Return the values by name, or a refusal."""
    found: dict[str, str] = {}
    for word in written.split():
        name, equals, value = word.partition("=")
        name = name.upper()
        if name not in known:
            return UNKNOWN_PARAMETER
        pattern = known[name]
        fits = not equals if pattern is None else re.fullmatch(pattern, value, re.IGNORECASE)
        if not fits or name in found:
            # A kind of content that is not offered is no slip of the pen (RFC 6152, section 3).
            return UNKNOWN_PARAMETER if name == "BODY" and equals and name not in found else BAD_PARAMETER
        found[name] = value
    return found
