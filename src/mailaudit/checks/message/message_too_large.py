"""The message is too large.

## Why it matters
Gmail shows only about the first 102 KB of a message's HTML; the rest, with the unsubscribe link and the address that the
law asks for, is hidden behind a link. A whole message of more than 25 MB is refused by Gmail and most others, and one of
several megabytes is slow to send and fills mailboxes.

## How to fix
Link to pictures instead of attaching them, shorten the HTML, remove comments and styles that are not used.

## References
- [Gmail: attachment size limits](https://support.google.com/mail/answer/6584): 25 MB
- [RFC 1870](https://www.rfc-editor.org/rfc/rfc1870): a server announces the size that it takes
"""

from mailaudit.checks.finding import HTML_SIZE
from mailaudit.checks.message._message import compiled
from mailaudit.checks.rule import Confidence, Evidence, Facts, Magnitude, Problem, Problems, Severity, check
from mailaudit.facts.message.model import SHOWN_BY_GMAIL

REFUSED_AT = 25 * 1000 * 1000
HEAVY_AT = 5 * 1000 * 1000


@check(Severity.ERROR, passed="The message is small enough to be accepted and shown whole.")
def message_too_large(facts: Facts) -> Problems:
    """Yield a problem for a message that is refused for its size, heavy, or shown cut off."""
    message = facts.message
    size = message.size
    if size is not None and size > HEAVY_AT:
        refused = size > REFUSED_AT
        yield Problem.about(
            message.path,
            f"The message has {size / 1e6:.1f} MB. "
            + (
                "Gmail and most others refuse more than 25 MB." if refused else "That is heavy for a mass mailing."
            ),
            "Link to pictures and documents instead of attaching them.",
            "Make pictures smaller.",
            magnitude=Magnitude(size, "octets"),
            discriminator="message",
            severity=Severity.ERROR if refused else Severity.WARNING,
        )
    html_size = compiled(facts).html_size
    if html_size is not None and html_size > SHOWN_BY_GMAIL:
        yield Problem.about(
            message.path,
            f"The HTML has {html_size / 1024:.0f} KB; Gmail cuts it off at about 102 KB, and with it usually "
            "the unsubscribe link.",
            "Shorten the HTML: remove comments, styles that are not used and repeated inline styles.",
            "Move long articles to the web site and link to them.",
            magnitude=Magnitude(html_size, "octets"),
            discriminator="html",
            severity=Severity.WARNING,
            confidence=Confidence.MEDIUM,
            evidence=(Evidence(HTML_SIZE, f"{html_size:,}, shown {SHOWN_BY_GMAIL:,}"),),
        )
