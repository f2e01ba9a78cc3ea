"""The name servers of the domain do not agree on its records.

## Why it matters
Receivers ask any of the zone's servers. When one of them still holds an old zone, or belongs to a former host, some receivers
find your SPF, DKIM and DMARC records and others do not: mail then fails by chance, and every test from one place looks right.

Each server that the zone names is asked directly for the records of this campaign. That needs live DNS; with zone files or a
recording this check is skipped.

## How to fix
Have the zone transferred to the server that is behind, or remove it from the domain's name servers. After a change of host,
remove the old host's servers at the registrar.

## References
- [RFC 1034, section 4.3.5](https://www.rfc-editor.org/rfc/rfc1034#section-4.3.5)
- [RFC 1912, section 2.2](https://www.rfc-editor.org/rfc/rfc1912#section-2.2)
"""

from mailaudit.checks.rule import Evidence, Facts, NotGiven, Owner, Problem, Problems, Severity, Unavailable, check
from mailaudit.facts.sender.name_servers import NameServer, NameServers, Question

_SHOWN = 120
_MOST = 8


@check(
    Severity.WARNING,
    passed="The name servers of the domain agree on the sender's records.",
    needs=("dns", "network"),
    gate_when_unverified=False,
)
def name_servers_differ(facts: Facts) -> Problems:
    """Yield a problem for each record on which two authoritative servers differ."""
    found = facts.sender.name_servers
    if found is None:
        raise NotGiven("the authoritative servers are asked directly only with live DNS")
    compared = 0
    for question in found.questions[:-1]:
        heard = found.heard(question)
        compared = max(compared, len({server.name for server, _ in heard}))
        if len({shown for _, shown in heard}) > 1:
            yield _problem(found, question)
    if compared <= 1:
        raise Unavailable(f"fewer than two servers of {found.zone} answered when they were asked directly")


def _problem(found: NameServers, question: Question) -> Problem:
    name, rdtype = question
    heard = found.heard(question)
    serials = {server.address: shown[0].split()[2] for server, shown in found.heard(found.questions[-1]) if shown}
    return Problem.about(
        name,
        f"The name servers of {found.zone} do not agree on the {rdtype} records of {name}: what receivers"
        " find depends on chance.",
        f"Find out which of the answers is right, and correct the zone {found.zone} where it is kept.",
        "Have the server that is behind load the zone again, or take it off the domain's list of name servers.",
        owner=Owner.DNS_ADMIN,
        evidence=tuple(
            Evidence(_label(server, serials.get(server.address)), _text(shown)) for server, shown in heard[:_MOST]
        ),
        discriminator=rdtype,
    )


def _label(server: NameServer, serial: str | None) -> str:
    shown = f"{server.name} over IPv6" if ":" in server.address else server.name
    return f"{shown} (serial {serial})" if serial else shown


def _text(shown: tuple[str, ...]) -> str:
    text = "; ".join(shown) or "no such record"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
