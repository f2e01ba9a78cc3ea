"""Your software sends under other names than the campaign says.

## Why it matters
SPF, DKIM and DMARC of this report were judged for the names in the campaign file: From, and the domains of the envelope
sender (MAIL FROM) and of HELO. The dry run shows that the software uses others, so that the verdicts are about mail that is
never sent. The usual cause is an envelope sender that the program or the web server chooses by itself.

A program that says `localhost` says it to everybody. A mail server in between says its own name to receivers; where the
program delivers itself, many refuse it.

## How to fix
1. Set From, envelope sender and HELO in the program as the campaign file has them, or
2. write what the program does into the campaign file (`from`, `return_path`, `sending.helo`), and audit again.

## References
- [RFC 5321, section 4.1.1.1](https://www.rfc-editor.org/rfc/rfc5321#section-4.1.1.1): EHLO gives the host's full name
- [RFC 7208, section 2.4](https://www.rfc-editor.org/rfc/rfc7208#section-2.4): the identity that SPF checks is MAIL FROM
"""

import re

from mailaudit.checks.capture._findings import delivers_itself, recorded
from mailaudit.checks.rule import Facts, Problem, Problems, Severity, check
from mailaudit.wording import numbered

# What clients say that know no name of theirs; Debian gives a machine without one the address 127.0.1.1.
_OF_LOOPBACK = re.compile(r"localhost(?:\.localdomain)?|\[127\.[0-9.]+\]|\[ipv6:::1\]")


@check(Severity.WARNING, passed="The dry run used the names that the campaign gives.")
def capture_sender_differs(facts: Facts) -> Problems:
    """Report each kind of name that the dry run used otherwise than the campaign says."""
    capture, sender = recorded(facts), facts.sender
    helo = facts.campaign.sending.helo
    for what, key, planned, seen in (
        ("From", "from", facts.campaign.from_.address.domain, capture.from_domains),
        ("envelope sender (MAIL FROM)", "return_path", sender.mail_from_domain, capture.mail_from_domains),
        ("HELO name", "sending.helo", helo, capture.helo_names),
    ):
        # A name of loopback in HELO is told below: a mail server in between gives its own.
        others = [
            name
            for name in seen
            if planned
            and name != planned.lower()
            and not (seen is capture.helo_names and _OF_LOOPBACK.fullmatch(name))
        ]
        if others:
            yield Problem.about(
                planned or what,
                f"In the dry run the {what} was {', '.join(others[:3])}, not {planned} as the campaign says.",
                f"Set the {what} in the program, or write what the program uses under `{key}` and audit again.",
                discriminator=key,
            )
    if capture.other_from:
        own = facts.campaign.from_.address
        yield Problem.about(
            own.domain,
            f"In the dry run {numbered(capture.other_from, 'message')} came from another address at {own.domain} "
            f"than {own}: people answer and complain there, and the limits of that mailbox count.",
            "Set the address of From in the program, or write the program's own under `from` and audit again.",
            discriminator="address",
        )
    nameless = [name for name in capture.helo_names if _OF_LOOPBACK.fullmatch(name)]
    if nameless and delivers_itself(facts):
        yield Problem.about(
            nameless[0],
            f"In the dry run the HELO name was {nameless[0]}: where your software delivers to receivers itself, "
            f"it says that to them, and many refuse it.",
            f"Set the HELO name in the program to {helo or 'the full name of its server'}.",
            "Where the program hands its mail to a mail server, that one's name counts, and nothing is to be done.",
            severity=Severity.NOTE,
            discriminator="loopback",
        )
