"""The campaign leaves from the server of the web site.

## Why it matters
A web server sends confirmations and forms, not newsletters. Mass mail from it is refused or filed as spam because
its address has no reputation, and a listing then also stops the orders, invoices and passwords that the site
sends. Sites are hacked more often than mail servers, and on shared hosting other people's sites send from the same
address.

## How to fix
Send the campaign through a platform, and leave the web site its own few messages. Many site builders and shops
have a connection to a platform that needs no new software.

## References
- [M3AAWG Sender Best Common Practices](https://www.m3aawg.org/published-documents)
- [Gmail: email sender guidelines](https://support.google.com/a/answer/81126)
"""

from __future__ import annotations

from collections.abc import Iterator

from mailaudit.checks.finding import Evidence, Fix, Owner, Problem, Severity
from mailaudit.checks.registry import check
from mailaudit.checks.sender._origin import public_addresses, requires_own_server, whole_list
from mailaudit.facts.facts import Facts
from mailaudit.facts.sender.origin.addresses import SendingAddress


@check(
    Severity.WARNING,
    passed="The campaign does not leave from the web site's server.",
    needs=("dns",),
    each=public_addresses,
)
def sends_from_web_site(facts: Facts, address: SendingAddress) -> Iterator[Problem]:
    """Yield a problem for a sending address at which the web site answers."""
    requires_own_server(facts)
    names = facts.sender.origin.web_sites_at(address.ip)
    if not names:
        return
    site = " and ".join(names)
    yield Problem(
        subject=str(address.ip),
        message=f"{address.ip} is the address of your web site ({site}): if the campaign burns its reputation, the orders,"
        " forms and passwords that the site sends are refused as well.",
        location=f"sending.ips.{address.place}",
        evidence=tuple(Evidence("web site", name) for name in names),
        fix=Fix(
            Owner.SENDER,
            (
                "Send the campaign through a platform that is made for newsletters, not through the web site.",
                "Leave to the web site only the messages that a visitor has just asked for.",
                "If a plug-in of the site sends the campaign, connect it to the platform instead of the site's server.",
            ),
        ),
        impact=whole_list(facts),
    )
