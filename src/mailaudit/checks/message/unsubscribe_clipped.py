"""The unsubscribe link stands behind what Gmail shows.

## Why it matters
Gmail shows the first 102,400 octets of a message's HTML and hides the rest behind "View entire message". An unsubscribe
link that comes later is not there for most people: they press "Spam" instead.

## How to fix
Shorten the HTML, or put the link near the top as well.

## References
- [email-bugs, issue 41](https://github.com/hteumeuleu/email-bugs/issues/41): where Gmail clips
- [CAN-SPAM Act, 15 USC 7704(a)(3)](https://www.law.cornell.edu/uscode/text/15/7704): a clear and conspicuous way to leave
"""

from mailaudit.checks.message._message import compiled, words_of_the_way_out
from mailaudit.checks.rule import Evidence, Facts, Impact, Problem, Problems, Severity, check
from mailaudit.facts.message.model import SHOWN_BY_GMAIL
from mailaudit.facts.message.unsubscribe import way_out

GMAIL = frozenset({"gmail", "google-workspace"})


@check(
    Severity.ERROR, passed="The unsubscribe link stands within what Gmail shows.", follows=("message-too-large",)
)
def unsubscribe_clipped(facts: Facts) -> Problems:
    """Yield a problem when only the part that Gmail hides holds the link, and the list has people at Gmail.

    Without a list nobody knows whether it has; the problem is then a warning.
    """
    words = words_of_the_way_out(facts)
    content = compiled(facts)
    if content.clipped is None or way_out(content.clipped, words) or not way_out(content.pages[0], words):
        return
    people = facts.recipients_or_none
    concerned = [share for share in people.providers if share.provider in GMAIL] if people else []
    if people is not None and not concerned:
        return
    count = sum(share.recipients for share in concerned)
    who = f"{count:,} {'person' if count == 1 else 'people'} of this list" if concerned else "People"
    yield Problem.about(
        facts.message.path,
        f"{who} at Gmail will not see the unsubscribe link: it stands behind the part that Gmail shows.",
        "Shorten the HTML below 102,400 octets: comments, unused styles.",
        "Or repeat the link near the top.",
        severity=None if concerned else Severity.WARNING,
        evidence=(Evidence("octets of HTML", f"{content.html_size or 0:,}, shown {SHOWN_BY_GMAIL:,}"),),
        impact=Impact(count, sum(share.share for share in concerned), tuple(s.provider for s in concerned))
        if concerned
        else None,
    )
