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

from mailaudit.checks.rule import Evidence, Facts, NotGiven, Problem, Problems, Severity, check
from mailaudit.checks.sender._origin import public_addresses, requires_own_server, whole_list
from mailaudit.facts.sender.origin.addresses import SendingAddress
from mailaudit.facts.sender.origin.evidence import Clue

_STEPS = (
    "Send the campaign through a platform that is made for newsletters, not through the web site.",
    "Leave to the web site only the messages that a visitor has just asked for.",
    "If a plug-in of the site sends the campaign, connect it to the platform instead of the site's server.",
)


def _signs(facts: Facts) -> tuple[Clue | SendingAddress, ...]:
    scripts = tuple(clue for clue in facts.sender.origin.verdict.clues if clue.is_site)
    try:
        return (*scripts, *public_addresses(facts))
    except NotGiven:
        if scripts:
            return scripts
        raise


@check(Severity.WARNING, passed="The campaign does not leave from the web site's server.", each=_signs)
def sends_from_web_site(facts: Facts, sign: Clue | SendingAddress) -> Problems:
    """Yield a problem for a sending address at which the web site answers, or a sample that names the site's script."""
    requires_own_server(facts)
    if isinstance(sign, Clue):
        yield _problem(
            facts, facts.sender.from_domain, f"A script of your web site sends this campaign ({sign.seen})", "message",
            (Evidence("seen", sign.seen),),
        )  # fmt: skip
        return
    names = facts.sender.origin.web_sites_at(sign.ip)
    if names:
        what = f"{sign.ip} is the address of your web site ({' and '.join(names)})"
        evidence = tuple(Evidence("web site", name) for name in names)
        yield _problem(facts, str(sign.ip), what, f"sending.ips.{sign.place}", evidence)


def _problem(facts: Facts, subject: str, what: str, location: str, evidence: tuple[Evidence, ...]) -> Problem:
    return Problem.about(
        subject,
        f"{what}: if the campaign burns its reputation, the orders, forms and passwords that the site sends are"
        " refused as well.",
        *_STEPS,
        location=location,
        evidence=evidence,
        impact=whole_list(facts),
    )
