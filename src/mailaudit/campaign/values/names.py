"""Domains, hosts, IP addresses and mail addresses, as the campaign file spells them."""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from mailaudit.campaign.values.types import Address, Mailbox, MailFrom
from mailaudit.reach.yaml.unusable import Unusable, shown

_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_SELECTOR = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,30}://")
# What email-validator accepts unchanged, beyond doubt; whatever else there is, it must judge.
_PLAIN_ADDRESS = re.compile(
    r"(?=[^@]{1,64}@)([A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*)@"
    r"((?:(?=[^.]{1,63}\.)[a-z0-9]+(?:-[a-z0-9]+)*\.)+(?!(?:arpa|invalid|local|localhost|onion|test)$)[a-z]{2,63})"
)
_MAX_ADDRESS = 254
_MAX_DOMAIN = 253
_MAX_TEXT = 320
_MAX_REASON = 160
_MAX_PORT = 65535


def parse_domain(text: str) -> str:
    """Return a domain name of at least two labels as lower-case A-labels (RFC 5890) without the final dot."""
    domain = parse_host_name(text)
    if "." not in domain:
        raise Unusable(f"{shown(text)} is not a whole domain name", "write it in full, such as www.acme.example")
    return domain


def parse_host_name(text: str) -> str:
    """Return a host name as lower-case A-labels (RFC 5890) without the final dot; one label is enough."""
    _refuse_what_is_no_domain(text)
    domain = _a_labels(text.removesuffix("."), text).lower()
    labels = domain.split(".")
    if len(domain) > _MAX_DOMAIN or not all(_LABEL.fullmatch(label) for label in labels):
        raise Unusable(f"{shown(text)} is not a domain name", "write for example mail.acme.example")
    if is_ip(domain) or labels[-1].isdigit():
        raise Unusable(f"{shown(text)} is an IP address, and a domain name is needed")
    return domain


def parse_helo(text: str) -> str:
    """Return the HELO name: a host name, or an address literal in brackets (RFC 5321, section 4.1.3)."""
    literal = re.fullmatch(r"\[(?:IPv6:)?([0-9A-Fa-f.:]{2,45})\]", text)
    if literal and is_ip(literal[1]):
        return text
    return parse_host_name(text)


def parse_host_port(text: str) -> str:
    """Return `host` or `host:port`; an IPv6 address with a port stands in brackets."""
    host, port = _split_port(text)
    name = _bracketed(host) if is_ip(host) else parse_host_name(host)
    return name if port is None else f"{name}:{port}"


def parse_dns_server(text: str) -> str:
    """Return `address` or `address:port` of a DNS server; an IPv6 address with a port stands in brackets."""
    host, port = _split_port(text)
    if not is_ip(host):
        raise Unusable(f"{shown(text)} is not the IP address of a DNS server", "write for example 192.0.2.53:5353")
    return host if port is None else f"{_bracketed(host)}:{port}"


def parse_ip(text: str) -> IPv4Address | IPv6Address:
    """Return an IP address; networks and scoped addresses are refused."""
    if "/" in text[:_MAX_TEXT]:
        try:
            network = ip_network(text, strict=False)
        except ValueError:
            pass
        else:
            todo = f"list each address that sends, such as {network.network_address}"
            raise Unusable(f"{shown(text)} is a network, not an address", todo)
    if not is_ip(text):
        raise Unusable(f"{shown(text)} is not an IP address", "write for example 203.0.113.25 or 2001:db8::25")
    return ip_address(text)


def parse_selector(text: str) -> str:
    """Return a DKIM selector (RFC 6376, section 3.1)."""
    if "._domainkey" in text:
        todo = f"write only {shown(text.partition('._domainkey')[0])}"
        raise Unusable(f"{shown(text)} holds more than the selector", todo)
    if len(text) > _MAX_DOMAIN or not all(_SELECTOR.fullmatch(label) for label in text.split(".")):
        raise Unusable(
            f"{shown(text)} is not a DKIM selector", "write the value of s= in the DKIM-Signature header"
        )
    return text


def parse_mailbox(text: str) -> Mailbox:
    """Return an address with its display name (RFC 5322, section 3.4): `ACME News <news@acme.example>`."""
    if len(text) > _MAX_TEXT or "\n" in text:
        raise Unusable("is not one address", "write it in one line, such as ACME News <news@acme.example>")
    stripped = text.strip()
    if not stripped.endswith(">"):
        if "<" in stripped:
            raise Unusable(f"{shown(text)} has no closing >", "write for example ACME News <news@acme.example>")
        return Mailbox(parse_address(stripped))
    name, bracket, spec = stripped[:-1].rpartition("<")
    if not bracket:
        raise Unusable(f"{shown(text)} has no opening <", "write for example ACME News <news@acme.example>")
    return Mailbox(parse_address(spec), _display_name(name.strip()))


def parse_address(text: str) -> Address:
    """Return an addr-spec; special-use domains such as `.example` are allowed, single-label domains are not."""
    plain = _PLAIN_ADDRESS.fullmatch(text) if len(text) <= _MAX_ADDRESS else None
    if plain:
        return Address(plain[1], parse_domain(plain[2]))
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415 - loads the idna tables

    if "," in text or ";" in text:
        raise Unusable(f"{shown(text)} holds several addresses", "name one address")
    try:
        valid = validate_email(
            text[:_MAX_TEXT], check_deliverability=False, globally_deliverable=False, strict=True
        )
    except EmailNotValidError as error:
        reason = " ".join(str(error).split())[:_MAX_REASON].removesuffix(".")
        what = f"{shown(text)} is not an e-mail address ({reason[:1].lower()}{reason[1:]})"
        raise Unusable(what, "write for example news@acme.example") from None
    # email-validator lower-cases the mailbox names of RFC 2142; receivers may tell them apart all the same.
    written = text.strip().rpartition("@")[0]
    local_part = written if written.lower() == valid.local_part else valid.local_part
    return Address(local_part, parse_domain(valid.ascii_domain))


def parse_mail_from(text: str) -> MailFrom:
    """Return MAIL FROM (RFC 5321, section 4.1.1.2), written as a domain or as an address."""
    if "@" in text:
        address = parse_address(text)
        return MailFrom(address.domain, address)
    return MailFrom(parse_domain(text))


def is_ip(text: str) -> bool:
    """Whether a text is an IP address without a zone identifier."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return "%" not in text


def _refuse_what_is_no_domain(text: str) -> None:
    if not text or len(text) > _MAX_TEXT:
        raise Unusable(
            "is empty" if not text else "is too long for a domain name", "write for example acme.example"
        )
    scheme = _SCHEME.match(text)
    bare = re.split(r"[/?#]", text[scheme.end() :] if scheme else text, maxsplit=1)[0]
    if scheme:
        host = bare.rpartition("@")[2]
        raise Unusable(f"{shown(text)} is a web address", f"drop {scheme[0]} and write {host or 'the domain'}")
    if bare != text:
        raise Unusable(f"{shown(text)} holds a path", f"write {bare or 'only the domain'}")
    if "@" in text:
        raise Unusable(
            f"{shown(text)} is an e-mail address", f"write only {text.rpartition('@')[2] or 'the domain'}"
        )


def _a_labels(text: str, written: str) -> str:
    if text.isascii() and "xn--" not in text.lower():
        return text
    import idna  # noqa: PLC0415 - its tables are large, and most domains are plain ASCII

    try:
        return idna.encode(text, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError) as error:
        raise Unusable(
            f"{shown(written)} is not an internationalised domain name ({str(error)[:_MAX_REASON]})",
            "write its xn-- form",
        ) from None


def _split_port(text: str) -> tuple[str, int | None]:
    bracketed = re.fullmatch(r"\[([^\]]*)\](?::([^:]*))?", text)
    if bracketed:
        host, port_text = bracketed[1], bracketed[2]
    elif text.count(":") == 1:
        host, _, port_text = text.partition(":")
    else:
        return text, None
    if port_text is None:
        return host, None
    if re.fullmatch(r"[0-9]{1,5}", port_text) and 0 < int(port_text) <= _MAX_PORT:
        return host, int(port_text)
    # Whoever leaves the host out writes user:password.
    told = shown(port_text) if port_text.isdecimal() else "what stands behind the colon"
    raise Unusable(f"{told} is not a port", "write a number from 1 to 65535, such as 587")


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _display_name(name: str) -> str | None:
    if len(name) > 1 and name.startswith('"') and name.endswith('"'):
        name = re.sub(r"\\(.)", r"\1", name[1:-1])
    elif any(char in name for char in '<>"') or ("," in name and "@" in name):
        raise Unusable(f"the name {shown(name)} cannot stand before an address", "put the name in double quotes")
    return name.strip() or None
