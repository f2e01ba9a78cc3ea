"""The server that takes the campaign's mail offers no encryption.

## Why it matters
Password and messages travel readable over the network, and a server without TLS is an old one: Gmail and Orange
ask for TLS on the way to them as well.

## How to fix
Switch TLS on at the server (STARTTLS on port 587, or TLS on port 465), and in the software that sends.

## References
- [RFC 8314, section 3.3](https://www.rfc-editor.org/rfc/rfc8314#section-3.3)
"""

from mailaudit.checks.rule import Evidence, Facts, NotGiven, Owner, Problem, Problems, Severity, check


@check(
    Severity.WARNING,
    passed="The server that takes the mail offers encryption.",
    needs=("network",),
    gate_when_unverified=False,
)
def smtp_unencrypted(facts: Facts) -> Problems:
    """Yield a problem when the server neither speaks TLS at once nor offers STARTTLS."""
    if not facts.campaign.sending.smtp:
        raise NotGiven("the campaign names no SMTP server (sending.smtp)")
    session = facts.sender.origin.session.get()
    if session.tls or session.offers_starttls:
        return
    yield Problem.about(
        session.host,
        f"{session.host}, port {session.port}, offers no encryption: passwords and messages travel readable.",
        "Switch STARTTLS on at the server, with a valid certificate.",
        "Choose TLS in the sending software.",
        owner=Owner.SERVER_ADMIN,
        location="sending.smtp",
        evidence=(Evidence("greeting", session.greeting),),
    )
