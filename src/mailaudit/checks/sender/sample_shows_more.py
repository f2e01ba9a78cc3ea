"""The sample message shows what the campaign file leaves open.

## Why it matters
What the file does not say is detected from DNS or guessed: where bounces go, from which address the mail leaves, which keys
sign it. A delivered sample knows. With its lines in the file, the audit judges the true way of the mail.

## How to fix
Copy the lines into the campaign file, and read them first: a forwarded message shows the way of whoever forwarded it.
`mailaudit init --sample test.eml` writes the same lines into a new file.

## References
- [RFC 5321, section 4.4](https://www.rfc-editor.org/rfc/rfc5321#section-4.4): Return-Path and Received
- [RFC 6376, section 3.5](https://www.rfc-editor.org/rfc/rfc6376#section-3.5): the tags of a signature
"""

from mailaudit.campaign.draft import lines_shown
from mailaudit.checks.message._message import as_sent, is_delivered, place_of
from mailaudit.checks.rule import Confidence, Evidence, Facts, NotApplicable, Problem, Problems, Severity, check
from mailaudit.facts.sender.names import is_at_or_under
from mailaudit.facts.sender.witness import witness_of

_MOST = 5


@check(Severity.NOTE, passed="The campaign file says what the sample message shows.", needs=("message",))
def sample_shows_more(facts: Facts) -> Problems:
    """Yield one problem with the lines that a delivered sample adds to the campaign file."""
    message = as_sent(facts)
    if not is_delivered(message):
        raise NotApplicable("the sample was not delivered by a mail server, and shows nothing of the way")
    lines = _lines(facts)
    if lines:
        yield Problem.about(
            "campaign file",
            f"The sample message shows what the campaign file leaves open: {_keys(lines)}.",
            "Add the lines that the evidence shows to the campaign file.",
            location=place_of(facts),
            confidence=Confidence.MEDIUM,
            evidence=tuple(Evidence("line", line) for line in lines),
        )


def _lines(facts: Facts) -> tuple[str, ...]:
    campaign, sending = facts.campaign, facts.campaign.sending
    shown = witness_of(facts.message)
    if shown.from_domain != facts.sender.from_domain:
        return ()
    bounces = shown.mail_from_domain
    is_open = campaign.return_path is None and bounces not in {None, facts.sender.mail_from_domain}
    # A platform's addresses change from one message to the next.
    is_own = sending.platform in {None, "none"} and facts.sender.platform is None
    keys = [(selector, domain) for selector, domain in shown.selectors if _is_own(domain, facts)][:_MOST]
    return lines_shown(
        return_path=bounces if is_open and bounces and _is_own(bounces, facts) else None,
        ips=tuple(map(str, shown.addresses[:1])) if is_own and not sending.ips else (),
        software=shown.software if not (sending.software or sending.platform) else None,
        selectors=tuple(keys) if not sending.dkim else (),
    )


def _is_own(domain: str, facts: Facts) -> bool:
    return is_at_or_under(domain, facts.sender.organizational_domain)


def _keys(lines: tuple[str, ...]) -> str:
    names = [line.strip().partition(":")[0] for line in lines if not line.startswith(("sending", "    "))]
    return ", ".join(names)
