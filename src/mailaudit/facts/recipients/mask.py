"""Addresses and cells in a form that names nobody, for everything that is printed or stored unasked."""

import re

# Compiled when it is first used, for most runs mask nothing.
_UNPRINTABLE = r"[^\x21-\x7e\u00a1-\u024f\u0370-\u1fff\u3040-\ud7ff]"
_NOT_IN_A_DOMAIN = re.compile(r"[\s\x00-\x2c/\x3a-\x40\x5b-\x60\x7b-\x7f]")
_MAX_SHOWN = 60


def mask(text: str) -> str:
    """Return a form of an address, or of what stands in its place, that names nobody: `j…@acme.example`."""
    text = text.strip()
    local, at, domain = text.rpartition("@")
    if not at:
        return f"{_shown(text[:1])}… ({len(text)} characters)" if text else "(empty)"
    # What follows a domain in a careless cell may be a name or a telephone number.
    end = _NOT_IN_A_DOMAIN.search(domain)
    return (
        f"{_shown(local[:1])}…@{_shown(domain[: end.start()])}…"
        if end
        else f"{_shown(local[:1])}…@{_shown(domain)}"
    )


def _shown(text: str) -> str:
    clean = re.sub(_UNPRINTABLE, "?", text[: _MAX_SHOWN + 1])
    return clean if len(text) <= _MAX_SHOWN else f"{clean[:_MAX_SHOWN]}…"
