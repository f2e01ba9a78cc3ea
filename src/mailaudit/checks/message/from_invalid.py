"""From is not exactly one address.

## Why it matters
With no From address, several, or a damaged one, receivers cannot tell whose DMARC policy counts: Gmail and Outlook.com
refuse such mail. The usual cause is a comma in a name without quotation marks.

## How to fix
Write one address, and the name in quotation marks when it holds a comma: `From: "ACME, Lyon" <news@acme.example>`.

## References
- [RFC 5322, section 3.6.2](https://www.rfc-editor.org/rfc/rfc5322#section-3.6.2)
- [RFC 9989, section 4](https://www.rfc-editor.org/rfc/rfc9989): DMARC and messages with several From addresses
- [Gmail: Email sender guidelines](https://support.google.com/a/answer/81126)
"""

from mailaudit.checks.message._message import as_sent, place_of, shown
from mailaudit.checks.rule import Evidence, Facts, Problem, Problems, Severity, check
from mailaudit.facts.message.reading.addresses import has_group, mailboxes

# No mailbox needs more octets; what has more holds several addresses, or none.
_LONGEST = 50_000


@check(Severity.ERROR, passed="From is exactly one address.")
def from_invalid(facts: Facts) -> Problems:
    """Yield a problem unless the first From field holds one valid address."""
    field = next(iter(as_sent(facts).header("From")), None)
    fault = _fault(field.raw[:_LONGEST]) if field else "The message has no From field."
    if fault:
        yield Problem.about(
            "From",
            f"{fault} Receivers then cannot tell whose policy counts, and refuse it.",
            "Send from one address.",
            'Put a name that holds a comma in quotation marks: "ACME, Lyon" <news@acme.example>.',
            location=place_of(facts, field),
            evidence=(Evidence("From", shown(field.value)),) if field else (),
        )


def _fault(raw: bytes) -> str | None:
    found = mailboxes(raw)
    valid = [one for one in found if one.is_valid]
    if len(valid) > 1:
        return f"From holds {len(valid)} addresses."
    if not valid:
        return "From holds no valid address."
    if len(found) > 1:
        return "From holds something beside its address: a comma in the name stands outside quotation marks."
    if not valid[0].is_whole:
        return "From holds something beside its address, or brackets that do not close."
    if has_group(raw):
        return "From holds a colon outside quotation marks, which makes a group of it."
    return None
