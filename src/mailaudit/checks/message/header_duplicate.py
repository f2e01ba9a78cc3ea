"""A header field that may stand once stands several times.

## Why it matters
The standard allows From, Subject, Date, To and a few others once. Receivers cannot tell which one is meant: Gmail refuses
messages with several From fields, and spam filters take any duplicate as the mark of a home-made mailer.

## How to fix
Find what adds the second field; usually both a template and the sending program write it. Leave one.

## References
- [RFC 5322, section 3.6](https://www.rfc-editor.org/rfc/rfc5322#section-3.6): minimum and maximum number of each field
- [RFC 2369, section 3](https://www.rfc-editor.org/rfc/rfc2369#section-3): the List- fields stand once
- [RFC 2045, section 3](https://www.rfc-editor.org/rfc/rfc2045#section-3): the MIME fields stand once
"""

from collections import defaultdict

from mailaudit.checks.message._message import field_shown, with_header
from mailaudit.checks.rule import Evidence, Facts, Problem, Problems, Severity, check
from mailaudit.facts.message.model import HeaderField

SINGLE = frozenset(
    "from sender reply-to to cc bcc message-id in-reply-to references subject date mime-version content-type "
    "content-transfer-encoding content-id content-description list-id list-help list-subscribe list-unsubscribe "
    "list-unsubscribe-post list-post list-owner list-archive feedback-id".split()
)


@check(Severity.ERROR, passed="Every header field that may stand once stands once.")
def header_duplicate(facts: Facts) -> Problems:
    """Yield a problem for each single-instance field with several instances."""
    message = with_header(facts)
    fields: defaultdict[str, list[HeaderField]] = defaultdict(list)
    for item in message.headers or ():
        fields[item.name.lower()].append(item)
    for name in sorted(SINGLE & fields.keys()):
        several = fields[name]
        if len(several) > 1:
            shown = several[0].name
            yield Problem.about(
                shown,
                f"The message has {len(several)} {shown} fields; the standard allows one.",
                f"Find what adds the second {shown} field: the template, the sending program or a plug-in.",
                "Leave one and send a test message to yourself.",
                location=message.where(several[1].line),
                evidence=tuple(
                    Evidence(f"{message.path}:{item.line}", field_shown(item)) for item in several[:10]
                ),
            )
