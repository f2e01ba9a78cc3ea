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

from __future__ import annotations

from collections.abc import Iterator

from mailaudit.checks.finding import Problem, Severity
from mailaudit.checks.recipients._findings import (
    bounce_severity,
    clean_list,
    hits,
    list_problem,
    percent,
    plural,
    share,
    those,
)
from mailaudit.checks.registry import check
from mailaudit.facts.facts import Facts
from mailaudit.facts.observed import NotGiven, Unavailable
from mailaudit.facts.recipients.model import Kind

# So many recipients may be behind domains that did not answer.
SILENT_SHARE = 0.05


def left_open(facts: Facts) -> str | None:
    """Return how many domains were not verified, and why; nothing when all were."""
    people = facts.recipients
    found = people.lookups
    if found is None or not (found.silent or found.not_asked):
        return None
    told = []
    if found.silent:
        told.append(
            f"{plural(found.silent, 'domain', 'domains')} with "
            f"{plural(found.silent_recipients, 'recipient', 'recipients')} gave no answer ({found.why})"
        )
    if found.not_asked:
        told.append(
            f"{plural(found.not_asked, 'domain', 'domains')} with "
            f"{plural(found.not_asked_recipients, 'recipient', 'recipients')} "
            f"{'was' if found.not_asked == 1 else 'were'} not asked ({found.why_not_asked})"
        )
    return f"Not verified: {', and '.join(told)}."


@check(
    Severity.ERROR,
    passed="Every domain of the list that answered, or is a well-known provider's, receives mail.",
    proviso=left_open,
    needs=("recipients", "dns"),
)
def domain_undeliverable(facts: Facts) -> Iterator[Problem]:
    """Report the recipients of each file whose domain cannot receive mail."""
    people = facts.recipients
    if people.undeliverable_domain is None:
        limit = people.lookups.why_not_asked if people.lookups else None
        raise NotGiven(
            f"no recipient domain was asked: {limit or 'there is no network, and no zone file covers them'}"
        )
    for file, count in hits(facts, Kind.UNDELIVERABLE):
        yield list_problem(
            facts,
            file,
            Kind.UNDELIVERABLE,
            message=(
                f"{plural(count, 'recipient has', 'recipients have')} a domain that cannot receive mail "
                f"({percent(count, people.unique)}): every message to it bounces."
            ),
            severity=bounce_severity(count, people.unique),
            fix=clean_list(
                f"Remove {those(count, 'recipient', 'recipients')} from {file.name} (`mailaudit clean`).",
                "Ask when these addresses were last confirmed: dead domains come with old lists.",
            ),
        )
    if people.lookups and share(people.lookups.silent_recipients, people.unique) > SILENT_SHARE:
        raise Unavailable(
            f"{people.lookups.silent:,} of {people.lookups.asked:,} domains, with "
            f"{percent(people.lookups.silent_recipients, people.unique)} of the recipients, gave no answer "
            f"({people.lookups.why})"
        )
