"""The list holds domains that cannot receive mail.

## Why it matters
A domain without mail servers, or one that does not exist any more, makes every message to it bounce. Providers read many
bounces as the mark of an old or bought list; above about 2 % they slow down or suspend the sender.

Each distinct domain is asked once, the most frequent first, but for those of well-known mailbox providers: MX records,
else the address (RFC 5321), null MX (RFC 7505), mail servers that do not exist or are not reachable from outside.
mailaudit never connects to the mail servers of recipients. A domain that gave no answer, or that a limit left out
(`--max-domains`, `--lookup-time`), is counted apart; when more than 5 % of the recipients are behind domains without an
answer, these are unverified. From 2 % of the recipients on, the finding is an error; below, a warning.

## How to fix
1. Remove the recipients. `mailaudit clean` does it by default.
2. Ask when these addresses were last confirmed: dead domains come with old lists.

## References
- [RFC 5321, section 5.1](https://www.rfc-editor.org/rfc/rfc5321#section-5.1): finding the mail servers of a domain
- [RFC 7505](https://www.rfc-editor.org/rfc/rfc7505): null MX
"""

from mailaudit.checks.recipients._findings import bounce_severity, hits, percent, those
from mailaudit.checks.recipients._lookups import left_open, not_asked, require_answers
from mailaudit.checks.rule import Facts, Problems, Severity, check
from mailaudit.facts.recipients.kinds import Kind
from mailaudit.wording import numbered


@check(
    Severity.ERROR,
    passed="Every domain of the list that answered, or is a well-known provider's, receives mail.",
    proviso=left_open,
    needs=("recipients", "dns"),
)
def domain_undeliverable(facts: Facts) -> Problems:
    """Report the recipients of each file whose domain cannot receive mail."""
    people = facts.recipients
    if people.undeliverable_domain is None:
        raise not_asked(facts)
    for count, problem in hits(facts, Kind.UNDELIVERABLE):
        yield problem(
            f"{numbered(count, 'recipient has', 'recipients have')} a domain that cannot receive mail "
            f"({percent(count, people.unique)}): every message to it bounces.",
            f"Remove {those(count, 'recipient', 'recipients')} from {problem.file.name} (`mailaudit clean`).",
            "Ask when these addresses were last confirmed: dead domains come with old lists.",
            severity=bounce_severity(count, people.unique),
        )
    require_answers(facts)
