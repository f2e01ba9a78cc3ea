"""A line of the message ends in a bare carriage return or line feed.

## Why it matters
Mail ends its lines in CR and LF together. Servers refuse a message with bare ones (Postfix: `521 5.5.2 Error: bare <LF>
received`), since these were used to smuggle forged messages past filters; others repair it, and the DKIM signature fails.

## How to fix
Have the program that sends write CRLF at the end of each line, or encode the part in quoted-printable or base64. Look for
text that was pasted, or read from a file of another system.

## References
- [RFC 5321, section 2.3.8](https://www.rfc-editor.org/rfc/rfc5321#section-2.3.8): no CR and no LF alone
- [Postfix: SMTP smuggling](https://www.postfix.org/smtp-smuggling.html): why servers refuse it
"""

from mailaudit.checks.message._message import as_sent, is_delivered
from mailaudit.checks.rule import Confidence, Evidence, Magnitude, Problem, Problems, Severity, check
from mailaudit.facts.facts import Facts
from mailaudit.facts.observed import NotApplicable


@check(Severity.ERROR, passed="Every line ends in CRLF.")
def line_ending_bare(facts: Facts) -> Problems:
    """Yield a problem for line breaks of one character; what no server has carried yet is a warning."""
    message = as_sent(facts)
    bare = message.bare_ends
    if bare is None:
        raise NotApplicable(
            "the file was saved with the line ends of its system, and those of the message are not known"
        )
    if bare.count:
        many = "line ends" if bare.count == 1 else "lines end"
        yield Problem.about(
            message.path,
            f"{bare.count:,} {many} in a bare CR or LF: servers refuse it, or repair it and break the signature.",
            "Have the sending program end every line in CRLF, or encode the part in base64.",
            "Save the sample unchanged: an editor may have mixed the line ends.",
            severity=None if is_delivered(message) else Severity.WARNING,
            confidence=Confidence.MEDIUM,
            location=message.where(bare.first_line),
            evidence=(Evidence("first one", f"line {bare.first_line}"),),
            magnitude=Magnitude(bare.count, "lines"),
        )
