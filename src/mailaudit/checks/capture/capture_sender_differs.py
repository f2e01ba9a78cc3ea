"""Your software sends under other names than the campaign says.

## Why it matters
SPF, DKIM and DMARC of this report were judged for the names in the campaign file: From, and the domains of the envelope
sender (MAIL FROM) and of HELO. The dry run shows that the software uses others, so that the verdicts are about mail that is
never sent. The usual cause is an envelope sender that the program or the web server chooses by itself.

## How to fix
1. Set From, envelope sender and HELO in the program as the campaign file has them, or
2. write what the program does into the campaign file (`from`, `return_path`, `sending.helo`), and audit again.

## References
- [RFC 7208, section 2.4](https://www.rfc-editor.org/rfc/rfc7208#section-2.4): the identity that SPF checks is MAIL FROM
"""

from mailaudit.checks.capture._findings import recorded
from mailaudit.checks.rule import Facts, Fix, Owner, Problem, Problems, Severity, check
from mailaudit.wording import numbered


@check(Severity.WARNING, passed="The dry run used the names that the campaign gives.", needs=("capture",))
def capture_sender_differs(facts: Facts) -> Problems:
    """Report each kind of name that the dry run used otherwise than the campaign says."""
    capture, sender = recorded(facts), facts.sender
    helo = facts.campaign.sending.helo
    for what, key, planned, seen in (
        ("From", "from", facts.campaign.from_.address.domain, capture.from_domains),
        ("envelope sender (MAIL FROM)", "return_path", sender.mail_from_domain, capture.mail_from_domains),
        ("HELO name", "sending.helo", helo, capture.helo_names),
    ):
        others = [name for name in seen if planned and name != planned.lower()]
        if others:
            yield Problem(
                subject=planned or what,
                message=f"In the dry run the {what} was {', '.join(others[:3])}, not {planned} as the campaign says.",
                fix=Fix(
                    Owner.SENDER,
                    (
                        f"Set the {what} in the program, or write what the program uses under `{key}` and audit again.",
                    ),
                ),
                discriminator=key,
            )
    if capture.other_from:
        own = facts.campaign.from_.address
        yield Problem(
            subject=own.domain,
            message=f"In the dry run {numbered(capture.other_from, 'message')} came from another address at {own.domain} "
            f"than {own}: people answer and complain there, and the limits of that mailbox count.",
            fix=Fix(
                Owner.SENDER,
                (
                    "Set the address of From in the program, or write the program's own under `from` and audit again.",
                ),
            ),
            discriminator="address",
        )
