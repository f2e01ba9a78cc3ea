"""What the writer of a broken SPF term meant: a table of known slips, each with one plain meaning.

Sources: RFC 7208, sections 4.6, 5, 6 and 12, for what is right; what goes wrong is known from published records.
"""

import difflib
import re
from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network, summarize_address_range

from mailaudit.facts.dns.names import InvalidName, normalise
from mailaudit.facts.sender.spf.record import REGISTERED_MODIFIERS, parse
from mailaudit.knowledge.lookup import platforms_by
from mailaudit.knowledge.receivers import mailbox_service_by
from mailaudit.remedies.spf.networks import written

_MECHANISMS = ("include", "a", "mx", "ptr", "ip4", "ip6", "exists", "redirect", "exp")
_MEANT = {
    **{name: name for name in _MECHANISMS},
    **dict.fromkeys(("ip", "ipv4", "ip4v", "ipv", "i4", "ip-4", "ipv-4", "v4", "4"), "ip4"),
    **dict.fromkeys(("ipv6", "ip6v", "ip-6", "ipv-6", "v6"), "ip6"),
    **dict.fromkeys(("incl", "includes", "included", "including"), "include"),
    **dict.fromkeys(("exist", "exits"), "exists"),
}
_KEYWORD = re.compile(
    r"[+\-~?]?(?:include[:=]|ipv?[46][:=]|exists[:=]|redirect[:=]|exp=|mx[:=]|a[:=]|ptr:|v=spf1)|[\-~?]all(?![\w.-])",
    re.IGNORECASE,
)
_ALL = re.compile(r"([+\-~?_]*)(?:all|al|alll|aall|lal)([+\-~?_.:;,]*)", re.IGNORECASE)
_WORD = re.compile(r"([+\-~?]*)([a-z][a-z0-9-]*|[46])?([:=]*)(.*)", re.IGNORECASE | re.DOTALL)
_RANGE = re.compile(r"([0-9.]+)-([0-9.]+)")
_FOUR = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_MOST_NETWORKS = 16
_SHORTEST = 3
_BORDERS_OF_GROUPS = 7  # of a whole IPv6 address
_PUNCTUATION = "\"'`;,()[]<>{}|"
_VERSION = re.compile(r"\Av=[spf]{2,4}v?[0-9]?(?:\.0)?", re.IGNORECASE)
_BEHIND_ADDRESS = re.compile(r"(.*\d)(a|mx|ptr)", re.IGNORECASE)


def is_valid(term: str) -> bool:
    """Say whether the grammar allows a term."""
    return term.isascii() and not parse(f"v=spf1 {term}".encode("ascii")).errors


def is_plain(term: str) -> bool:
    """Say whether a term is valid and looks like what it says: no second term hides in its domain name."""
    if not is_valid(term):
        return False
    name, _, value = term.lower().lstrip("+-~?").partition("=")
    if value and name not in REGISTERED_MODIFIERS and (name in {*_MEANT, "all"} or _near(name)):
        return False  # a modifier that nobody knows, and that is the name of a mechanism
    _, _, spec = term.partition(":")
    if term.lower().lstrip("+-~?").startswith(("ip4:", "ip6:")) or "%{" in term:
        return True
    return not (re.search(r"[:@,;|]", spec) or any(match.start() for match in _KEYWORD.finditer(spec)))


def meant(term: str, *, is_glued: bool = True) -> tuple[str, ...] | None:
    """Return the terms that a broken one was meant to be (several for a range or for `is_glued` ones), or nothing."""
    term = _VERSION.sub("", term)
    if not term:
        return ()
    if is_plain(term):
        return (term,)
    word = term.strip(_PUNCTUATION)
    if not word.strip("+-~?_."):
        return () if not word.strip("_.") else None
    if ending := _ALL.fullmatch(word):
        return (f"{_sign(ending[1] + ending[2])}all",)
    return (_unglued(word) if is_glued else None) or _one(word)


def _unglued(word: str) -> tuple[str, ...] | None:
    if (glued := _BEHIND_ADDRESS.fullmatch(word)) and (address := _one(glued[1])):
        return (*address, glued[2])
    places = [match.start() for match in _KEYWORD.finditer(word)]
    borders = [place for place in places if place]
    if not borders:
        return None
    parts = [word[start:end] for start, end in zip([0, *borders], [*borders, len(word)], strict=True)]
    found = [meant(part, is_glued=False) for part in parts]
    if any(part is None for part in found):
        return None
    terms = tuple(term for part in found for term in part or ())
    return None if "all" in terms else terms  # to which of the two a sign belongs, nobody can tell


def _one(word: str) -> tuple[str, ...] | None:
    match = _WORD.fullmatch(word)
    if not match:
        return None
    sign, name, joint, rest = _sign(match[1]), (match[2] or "").lower(), match[3], match[4]
    if match[1] and not name:
        return None  # the end of a range, or an address that must not send
    for text in (word[len(match[1]) :], rest):
        networks = _networks(_value(text))
        if networks and (text is not rest or not name or joint or name in _MEANT):
            return tuple(f"{sign}ip{6 if ':' in network else 4}:{network}" for network in networks)
    if not joint and not sign and _is_known_service(_host(word)):
        return (f"include:{_host(word)}",)
    mechanism = _MEANT.get(name) or _near(name)
    value = _host(rest)
    if mechanism in {"ip4", "ip6"}:
        # A name where an address should be: `a` is the mechanism that looks one up.
        is_name = re.search(r"\.[a-z]", value, re.IGNORECASE) and not _FOUR.match(_value(rest))
        mechanism = "a" if is_name else None
    if mechanism is None or not (joint or not rest):
        return None
    written = (
        f"{mechanism}={value}"
        if mechanism in {"redirect", "exp"}
        else f"{sign}{mechanism}{':' if value else ''}{value}"
    )
    return (written,) if is_plain(written) else None


def _near(name: str) -> str | None:
    """Return the mechanism of which a word is a misspelling; the short ones have no near miss."""
    close = difflib.get_close_matches(name, _MECHANISMS, n=1, cutoff=0.7) if len(name) >= _SHORTEST else []
    return close[0] if close else None


def _sign(signs: str) -> str:
    return next((sign for sign in "-~?" if sign in signs), "")


def _value(text: str) -> str:
    return text.strip(_PUNCTUATION + ":= ")


def _host(text: str) -> str:
    """Return a name without scheme, user, path and stray signs, in A-labels; a prefix length stays."""
    value = re.sub(r"^[a-z][a-z0-9+.-]*://", "", _value(text), flags=re.IGNORECASE).rpartition("@")[2]
    host, slash, tail = value.partition("/")
    tail = tail if re.fullmatch(r"/?\d{1,3}(//\d{1,3})?", tail) else ""
    if "%{" in value:
        return value
    try:
        host = host if host.isascii() else normalise(host)
    except InvalidName:
        return ""
    return host.rstrip(".") + (slash + tail if tail else "")


def _is_known_service(host: str) -> bool:
    return bool("." in host and (platforms_by("spf-include", host) or mailbox_service_by("spf", host)))


def _networks(text: str) -> tuple[str, ...]:
    """Return the networks that a text means: an address, a range, a mask, a star in the last place."""
    if between := _RANGE.fullmatch(text):
        return _between(between[1], between[2])
    text = re.sub(r"\.\*$", ".0/24", text) if text.count(".") == 3 else text  # noqa: PLR2004 - four octets
    address, slash, length = text.rstrip("/").replace("//", "/").partition("/")
    if _FOUR.fullmatch(address):
        address = ".".join(str(int(octet)) for octet in address.split("."))
        length = length if "." in length else (length.lstrip("0") or length[:1])
    written = f"{address}{slash if length else ''}{length}"
    network = _network(written)
    if network is None:
        return ()
    return (f"{address}/{network.prefixlen}" if "." in length else written,)


def _network(text: str) -> IPv4Network | IPv6Network | None:
    is_whole = "." in text or "::" in text or text.count(":") == _BORDERS_OF_GROUPS
    try:
        return ip_network(text, strict=False) if is_whole and "%" not in text else None
    except ValueError:
        return None


def _between(first: str, last: str) -> tuple[str, ...]:
    try:
        low = ip_address(first)
        high = ip_address(last if "." in last else f"{first.rpartition('.')[0]}.{last}")
        found: Iterable[IPv4Network | IPv6Network] = summarize_address_range(low, high)
        networks = [written(network) for network in found]
    except (ValueError, TypeError):
        return ()
    return tuple(networks) if len(networks) <= _MOST_NETWORKS else ()
