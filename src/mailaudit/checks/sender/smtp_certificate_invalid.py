"""The certificate of the server that takes the campaign's mail cannot be trusted.

## Why it matters
Software that checks certificates refuses to hand over the mail, and software that does not can be listened to by
anybody in between. The campaign then stops in the middle, on the day when somebody updates the software.

## How to fix
Give the server a certificate for the name that the software uses, and renew it in time.

## References
- [RFC 8314, section 3.3](https://www.rfc-editor.org/rfc/rfc8314#section-3.3)
"""

from mailaudit.checks.rule import Evidence, Facts, Owner, Problem, Problems, Severity, check
from mailaudit.facts.observed import NotApplicable, NotGiven


@check(
    Severity.WARNING,
    passed="The certificate of the server that takes the mail is valid.",
    needs=("network",),
    gate_when_unverified=False,
)
def smtp_certificate_invalid(facts: Facts) -> Problems:
    """Yield a problem when the certificate does not fit the name, has expired or comes from nobody known."""
    if not facts.campaign.sending.smtp:
        raise NotGiven("the campaign names no SMTP server (sending.smtp)")
    session = facts.sender.origin.session.get()
    if not session.tls and not session.offers_starttls:
        raise NotApplicable("the server offers no encryption")
    if session.certificate_problem is None:
        return
    yield Problem.about(
        session.host,
        f"The certificate of {session.host}, port {session.port}, cannot be trusted"
        f" ({session.certificate_problem}): careful software will refuse to hand over the mail.",
        f"Install a certificate for {session.host} from a public authority, with its whole chain.",
        "Check that it is renewed by itself before it expires.",
        owner=Owner.SERVER_ADMIN,
        location="sending.smtp",
        evidence=(Evidence("problem", session.certificate_problem),),
    )
