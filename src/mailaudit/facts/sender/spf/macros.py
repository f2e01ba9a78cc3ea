"""SPF macros (RFC 7208, section 7)."""

import re
from ipaddress import IPv4Address
from urllib.parse import quote

from msgspec import Struct

from mailaudit.facts.dns.records import IpAddress

_TOKEN = re.compile(
    r"(?P<literal>[\x21-\x24\x26-\x7e]+)|(?P<space>\x20+)|(?P<escape>%[%_-])"
    r"|(?P<macro>%\{(?P<letter>[a-zA-Z])(?P<digits>\d*)(?P<reverse>[rR]?)(?P<delimiters>[.\-+,/_=]*)\})"
)
_ESCAPES = {"%%": "%", "%_": " ", "%-": "%20"}
_LETTERS = frozenset("slodiphv")
_EXPLANATION_LETTERS = _LETTERS | frozenset("crt")
_TOP_LABEL = re.compile(r"(?:[a-z0-9]*[a-z][a-z0-9]*|[a-z0-9]+-[a-z0-9-]*[a-z0-9])\.?", re.IGNORECASE)
_UNRESERVED = "-._~"
_MAX_EXPANDED = 253
_MAX_LABEL = 63
_COUNTABLE_DIGITS = 3  # a longer number keeps every part of a name anyway


class MacroError(ValueError):
    """A macro string that the grammar does not allow; evaluates to permerror."""


class MacroContext(Struct, frozen=True):
    """What the letters of a macro stand for, for one delivery attempt.

    `domain` is the domain whose record is being evaluated, `sender` the whole MAIL FROM address, `validated` the
    forward-confirmed name of the address (`%{p}`; `unknown` when there is none).
    """

    ip: IpAddress
    domain: str
    sender: str
    helo: str
    validated: str = "unknown"
    receiver: str = "unknown"
    timestamp: int = 0

    def value(self, letter: str) -> str:
        """Return the unmodified value of a macro letter."""
        local_part, _, sender_domain = self.sender.rpartition("@")
        values = {
            "s": self.sender,
            "l": local_part,
            "o": sender_domain,
            "d": self.domain,
            "i": _dotted(self.ip),
            "p": self.validated,
            "v": "in-addr" if self.ip.version == 4 else "ip6",  # noqa: PLR2004 - an IP version
            "h": self.helo,
            "c": str(self.ip),
            "r": self.receiver,
            "t": str(self.timestamp),
        }
        return values[letter]


def _dotted(ip: IpAddress) -> str:
    if isinstance(ip, IPv4Address):
        return str(ip)
    return ".".join(ip.exploded.replace(":", "").upper())


def letters(text: str) -> frozenset[str]:
    """Return the macro letters that a valid macro string uses, in lower case."""
    return frozenset(token["letter"].lower() for token in _tokens(text, explanation=True) if token["letter"])


def validate(text: str) -> None:
    """Raise `MacroError` unless the text is a macro-string."""
    _tokens(text, explanation=False)


def validate_domain_spec(text: str) -> None:
    """Raise `MacroError` unless the text is a domain-spec (RFC 7208, section 7.1)."""
    tokens = _tokens(text, explanation=False)
    if not tokens:
        raise MacroError("a domain name is missing")
    if tokens[-1].lastgroup != "literal":
        return
    before, dot, top = text.removesuffix(".").rpartition(".")
    if not (dot and before and _TOP_LABEL.fullmatch(top)):
        raise MacroError(f"{text} is not a full domain name")
    if len(tokens) == 1 and any(not 0 < len(label) <= _MAX_LABEL for label in before.split(".")):
        raise MacroError(f"{text} has an empty or overlong part")


def expand(text: str, context: MacroContext, *, explanation: bool = False) -> str:
    """Return the text with its macros replaced; raises `MacroError` when the grammar forbids it."""
    return "".join(_replacement(token, context) for token in _tokens(text, explanation=explanation))


def expand_domain(text: str, context: MacroContext) -> str:
    """Return an expanded domain-spec as a name: left labels dropped until it fits (RFC 7208, section 7.3)."""
    name = expand(text, context).removesuffix(".").lower()
    while len(name) > _MAX_EXPANDED and "." in name:
        name = name.partition(".")[2]
    return name


def _tokens(text: str, *, explanation: bool) -> list[re.Match[str]]:
    allowed = _EXPLANATION_LETTERS if explanation else _LETTERS
    tokens: list[re.Match[str]] = []
    place = 0
    while place < len(text):
        token = _TOKEN.match(text, place)
        if token is None or (token["space"] and not explanation):
            raise MacroError(f"the macro at {text[place : place + 12]!r} is not valid")
        _require_valid(token, allowed)
        tokens.append(token)
        place = token.end()
    return tokens


def _require_valid(token: re.Match[str], allowed: frozenset[str]) -> None:
    if token["letter"] and token["letter"].lower() not in allowed:
        raise MacroError(f"the macro {token[0]} is not allowed here")
    # Compared as text: a hostile record may hold more digits than int() accepts.
    if token["digits"] and not token["digits"].strip("0"):
        raise MacroError(f"the macro {token[0]} keeps zero parts")


def _replacement(token: re.Match[str], context: MacroContext) -> str:
    letter = token["letter"]
    if not letter:
        return _ESCAPES.get(token[0], token[0])
    parts = re.split(f"[{re.escape(token['delimiters'] or '.')}]", context.value(letter.lower()))
    if token["reverse"]:
        parts.reverse()
    digits = token["digits"].lstrip("0")
    if 0 < len(digits) <= _COUNTABLE_DIGITS:
        parts = parts[-int(digits) :]
    value = ".".join(parts)
    return quote(value, safe=_UNRESERVED) if letter.isupper() else value
