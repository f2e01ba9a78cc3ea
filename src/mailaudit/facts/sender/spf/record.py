"""SPF records as text (RFC 7208, sections 4.5, 4.6 and 12): parsing never raises, errors are listed."""

import re
from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network

from msgspec import Struct

from mailaudit.facts.dns.answer import readable
from mailaudit.facts.sender.spf.macros import MacroError, validate, validate_domain_spec

VERSION = b"v=spf1"
DNS_MECHANISMS = frozenset({"include", "a", "mx", "ptr", "exists"})
MECHANISMS = DNS_MECHANISMS | {"all", "ip4", "ip6"}
KNOWN_MODIFIERS = frozenset({"redirect", "exp"})
REGISTERED_MODIFIERS = KNOWN_MODIFIERS | {"ra", "rp", "rr"}
"""With those of RFC 6652, which tell where reports go and decide nothing."""
_TERM = re.compile(r"([+\-~?]?)([a-z][a-z0-9._-]*)(.*)", re.IGNORECASE | re.DOTALL)
_DUAL_CIDR = re.compile(r"(?:/(0|[1-9]\d?))?(?://(0|[1-9]\d{0,2}))?")
_TRAILING_CIDR = re.compile(r"(.*?)((?:/\d+)?(?://\d+)?)", re.DOTALL)
_IP4 = re.compile(r"(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.|(?=/|$))){4}(?:/(?:0|[1-9]\d?))?")


class Qualifier(StrEnum):
    """What a match means (RFC 7208, section 4.6.2)."""

    PASS = "+"  # noqa: S105 - a qualifier of SPF
    FAIL = "-"
    SOFTFAIL = "~"
    NEUTRAL = "?"


class Mechanism(Struct, frozen=True):
    """One mechanism; `domain_spec` may hold macros, prefix lengths count bits."""

    text: str
    qualifier: Qualifier
    name: str
    domain_spec: str | None = None
    network: IPv4Network | IPv6Network | None = None
    prefix4: int = 32
    prefix6: int = 128


class Modifier(Struct, frozen=True):
    """One modifier: `redirect`, `exp`, or one that is unknown and therefore ignored."""

    text: str
    name: str
    value: str


class SpfError(Struct, frozen=True):
    """A term that the grammar does not allow, and why (a sentence fragment); the term is empty for the whole record."""

    term: str
    reason: str

    def __str__(self) -> str:
        """Return `term: reason`."""
        return f"{self.term}: {self.reason}" if self.term else self.reason


class SpfRecord(Struct, frozen=True):
    """A parsed record; any error, wherever it stands, makes receivers answer permerror."""

    text: str
    mechanisms: tuple[Mechanism, ...] = ()
    modifiers: tuple[Modifier, ...] = ()
    errors: tuple[SpfError, ...] = ()

    @property
    def redirect(self) -> str | None:
        """The target of `redirect=`, which counts only when no `all` stands in the record."""
        return self._modifier("redirect")

    @property
    def explanation(self) -> str | None:
        """The target of `exp=`."""
        return self._modifier("exp")

    @property
    def all_qualifier(self) -> Qualifier | None:
        """The qualifier of the first `all`."""
        return next((m.qualifier for m in self.mechanisms if m.name == "all"), None)

    @property
    def effective_mechanisms(self) -> tuple[Mechanism, ...]:
        """The mechanisms that receivers look at: those up to and with the first `all` (section 5.1)."""
        for place, mechanism in enumerate(self.mechanisms):
            if mechanism.name == "all":
                return self.mechanisms[: place + 1]
        return self.mechanisms

    def _modifier(self, name: str) -> str | None:
        return next((m.value for m in self.modifiers if m.name == name), None)


def select(texts: Iterable[bytes]) -> tuple[bytes, ...]:
    """Return the TXT records that are SPF records, whatever else stands beside them (section 4.5)."""
    return tuple(text for text in texts if text[:6].lower() == VERSION and text[6:7] in {b"", b" "})


@lru_cache(maxsize=512)
def parse(text: bytes) -> SpfRecord:
    """Parse a record that `select` chose; whoever follows includes asks for the same few again."""
    shown = readable(text)
    if not all(0x20 <= octet <= 0x7E for octet in text):  # noqa: PLR2004 - printable ASCII
        return SpfRecord(shown, errors=(SpfError("", "it holds characters that are not printable ASCII"),))
    mechanisms: list[Mechanism] = []
    modifiers: list[Modifier] = []
    errors: list[SpfError] = []
    for word in shown[len(VERSION) :].split():
        try:
            term = _term(word)
        except (MacroError, ValueError) as problem:
            errors.append(SpfError(word, str(problem)))
            continue
        if isinstance(term, Mechanism):
            mechanisms.append(term)
        else:
            modifiers.append(term)
    names = [modifier.name for modifier in modifiers]
    errors.extend(
        SpfError("", f"{name}= stands in it twice") for name in ("redirect", "exp") if names.count(name) > 1
    )
    return SpfRecord(shown, tuple(mechanisms), tuple(modifiers), tuple(errors))


def _term(word: str) -> Mechanism | Modifier:
    match = _TERM.fullmatch(word)
    if not match:
        raise ValueError("not a term of SPF")
    sign, name, rest = match[1], match[2].lower(), match[3]
    if rest.startswith("="):
        if sign:
            raise ValueError("a modifier takes no qualifier")
        return _modifier(word, name, rest[1:])
    if name not in MECHANISMS:
        raise ValueError("SPF has no such mechanism")
    return _ARGUMENTS[name](word, Qualifier(sign or "+"), name, rest)


def _modifier(word: str, name: str, value: str) -> Modifier:
    if name in KNOWN_MODIFIERS:
        validate_domain_spec(value)
    else:
        validate(value)
    return Modifier(word, name, value)


def _all(word: str, qualifier: Qualifier, name: str, rest: str) -> Mechanism:
    if rest:
        raise ValueError("all takes nothing behind it")
    return Mechanism(word, qualifier, name)


def _named(word: str, qualifier: Qualifier, name: str, rest: str) -> Mechanism:
    if name == "ptr" and not rest:
        return Mechanism(word, qualifier, name)
    if not rest.startswith(":"):
        raise ValueError(f"{name} needs a colon and a domain name")
    validate_domain_spec(rest[1:])
    return Mechanism(word, qualifier, name, domain_spec=rest[1:])


def _host(word: str, qualifier: Qualifier, name: str, rest: str) -> Mechanism:
    split = _TRAILING_CIDR.fullmatch(rest)
    spec, lengths = (split[1], split[2]) if split else (rest, "")
    cidr = _DUAL_CIDR.fullmatch(lengths)
    if not cidr or int(cidr[1] or 0) > 32 or int(cidr[2] or 0) > 128:  # noqa: PLR2004 - bits of an address
        raise ValueError("the prefix length is not valid")
    if spec and not spec.startswith(":"):
        raise ValueError(f"{name} takes a colon and a domain name, or a prefix length")
    if spec:
        validate_domain_spec(spec[1:])
    return Mechanism(
        word,
        qualifier,
        name,
        domain_spec=spec[1:] or None,
        prefix4=int(cidr[1]) if cidr[1] else 32,
        prefix6=int(cidr[2]) if cidr[2] else 128,
    )


def _address(word: str, qualifier: Qualifier, name: str, rest: str) -> Mechanism:
    text = rest.removeprefix(":")
    version = 4 if name == "ip4" else 6
    prefix = text.partition("/")[2]
    if not rest.startswith(":") or (version == 4 and not _IP4.fullmatch(text)):  # noqa: PLR2004 - an IP version
        raise ValueError(f"{text or 'nothing'} is not an IPv{version} address or range")
    if "/" in text and (not prefix.isdecimal() or str(int(prefix[:4])) != prefix):
        raise ValueError("the prefix length is not valid")
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        network = None
    if network is None or network.version != version or "%" in text:
        raise ValueError(f"{text} is not an IPv{version} address or range")
    return Mechanism(word, qualifier, name, network=network)


_ARGUMENTS: dict[str, Callable[[str, Qualifier, str, str], Mechanism]] = {
    "all": _all,
    "include": _named,
    "exists": _named,
    "ptr": _named,
    "a": _host,
    "mx": _host,
    "ip4": _address,
    "ip6": _address,
}
